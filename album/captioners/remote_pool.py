"""Several caption servers: who is asked next, and who is left alone for a while."""

from __future__ import annotations

import logging
import random
import threading
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from album.captioners.remote_server import Server
from album.captioners.remote_trouble import Kind, Trouble
from album.errors import ModelUnavailable

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Pace:
    """How long a server in trouble is left alone, in seconds.

    After each failure `first_s`, doubled up to `longest_s`, and up to half as much
    again by chance, so that several albums do not come back in step. After `failures`
    in a row the server is out for `rest_s`, doubled up to `longest_rest_s`. They are
    one more than the tries of a picture, so that no picture alone puts a server out.
    One that says it is busy gets `busy` of them: over a minute, to load a model in.
    """

    first_s: float = 0.5
    longest_s: float = 30.0
    rest_s: float = 30.0
    longest_rest_s: float = 300.0
    failures: int = 4
    busy: int = 8


@dataclass(eq=False, slots=True)
class _State:
    """What is known of one server. Times are the pool's clock, in seconds."""

    server: Server
    in_flight: int = 0
    failures: int = 0
    rests: int = 0
    not_before: float = 0.0
    out: bool = False
    failed_at: float = float("-inf")
    reason: str = ""

    def rests_at(self, now: float) -> bool:
        """Whether it is out, not only asked to wait a moment."""
        return self.out and now < self.not_before


class Pool:
    """Lends servers to threads, at most `in_flight` times each at once.

    A server that just failed is tried by one picture at a time until it answers.
    """

    def __init__(
        self,
        servers: Sequence[Server],
        in_flight: int,
        *,
        pace: Pace | None = None,
        clock: Callable[[], float] = time.monotonic,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._states = [_State(server) for server in servers]
        self._in_flight = in_flight
        self._pace = pace or Pace()
        self._clock = clock
        self._chance = chance
        self._changed = threading.Condition()
        self._closed = False
        self.answered = 0

    @contextmanager
    def lend(self, failed_at: Collection[Server] = ()) -> Iterator[Server]:
        """A server to ask; a Trouble raised inside is remembered, and goes on up.

        Waits for a free place. A server of `failed_at` (where this picture failed
        before) comes only when there is no other. Raises ModelUnavailable, naming the
        addresses, when all are out.
        """
        state, started = self._take(failed_at)
        trouble: Trouble | None = None
        try:
            yield state.server
        except Trouble as error:
            trouble = error
            raise
        finally:
            self._give_back(state, started, trouble)

    def revive(self) -> None:
        """If all are out, let each be tried once more: whoever asks now wants to know
        how things are now."""
        with self._changed:
            now = self._clock()
            if all(state.rests_at(now) for state in self._states):
                for state in self._states:
                    state.not_before = now

    def close(self) -> None:
        """Lend nothing more; whoever waits gets ModelUnavailable."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    @property
    def helpless(self) -> bool:
        """Whether pictures were sent and no server ever gave an answer."""
        return not self.answered and any(state.reason for state in self._states)

    def trouble(self) -> str:
        """One sentence that names every address that last failed, and why."""
        with self._changed:
            said = [f"{s.server.address} {s.reason}" for s in self._states if s.reason]
        return f"No caption server can be used: {'; '.join(said)}."

    def _take(self, failed_at: Collection[Server]) -> tuple[_State, float]:
        with self._changed:
            while True:
                now = self._clock()
                living = [s for s in self._states if not s.rests_at(now)]
                if self._closed or not living:
                    break
                wanted = [s for s in living if s.server not in failed_at] or living
                ready = [s for s in wanted if s.not_before <= now and self._room(s)]
                if ready:
                    chosen = min(ready, key=lambda s: s.in_flight)
                    chosen.in_flight += 1
                    return chosen, now
                waits = [t for s in self._states if (t := s.not_before - now) > 0]
                self._changed.wait(min(waits, default=None))
        raise ModelUnavailable(self.trouble())

    def _room(self, state: _State) -> bool:
        return state.in_flight < (1 if state.failures else self._in_flight)

    def _give_back(
        self, state: _State, started: float, trouble: Trouble | None
    ) -> None:
        with self._changed:
            state.in_flight -= 1
            if trouble is None:
                self._praise(state)
            else:
                state.reason = trouble.reason
                if trouble.kind is not Kind.REFUSED:
                    self._blame(state, started, trouble)
            self._changed.notify_all()

    def _praise(self, state: _State) -> None:
        self.answered += 1
        state.failures = state.rests = 0
        state.not_before = 0.0
        state.out = False
        state.reason = ""

    def _blame(self, state: _State, started: float, trouble: Trouble) -> None:
        now, pace = self._clock(), self._pace
        asked = now + min(trouble.retry_after_s, pace.longest_rest_s)
        state.not_before = max(state.not_before, asked)
        if started < state.failed_at and trouble.kind is not Kind.SLOW:
            # It was under way when another failed: one breakdown, counted once. But
            # four pictures that waited two minutes each are four signs of a dead one.
            return
        state.failures += 1
        state.failed_at = now
        limit = pace.busy if trouble.kind is Kind.BUSY else pace.failures
        wait = min(pace.first_s * 2 ** (state.failures - 1), pace.longest_s)
        wait *= 1 + self._chance() / 2
        if trouble.kind is Kind.UNFIT or state.failures >= limit:
            if state.rests_at(now):
                return
            state.out = True
            wait = min(pace.rest_s * 2**state.rests, pace.longest_rest_s)
            state.rests += 1
        state.not_before = max(state.not_before, now + wait)
        log = logger.warning if state.out else logger.info
        log("%s %s; again in %.1f s", state.server.address, trouble.reason, wait)
