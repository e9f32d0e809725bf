"""How far the indexing is, how fast it goes, and when it will be done."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass

WINDOW_S = 60.0
"""The rate is that of the last minute: long enough to be steady, short enough to follow
a change of stage."""
MIN_STEPS = 4
"""A slow captioner finishes a batch in two minutes; the rate then is that of its latest
steps, however long ago they were."""


@dataclass(frozen=True, slots=True)
class Progress:
    """One look at the indexer, for people.

    `done` of `total` photos are through every stage. `per_minute` is how many were
    finished over the last minute, `eta_s` the seconds left at that rate; None when
    unknown.
    `busy` is false when there is nothing to do. `notice` is one sentence, or None;
    `waits` is one that says what the work waits for, such as the night.
    """

    stage: str
    done: int
    total: int
    per_minute: float | None
    eta_s: float | None
    current: str | None
    failed: int
    paused: bool
    busy: bool
    notice: str | None
    waits: str | None = None


class Rate:
    """How many photos a second are finished, over the latest steps.

    Only the moments at which some were finished count: between two batches of a slow
    model nothing is known, and the time spent there is neither work nor a halt. Safe
    from any thread.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        # (moment, done by then); the first is where the counting began.
        self._steps: deque[tuple[float, int]] = deque()
        self._begun_here = True

    def look(self, done: int) -> None:
        """So many photos are done by now. Fewer than before: the count begins anew."""
        with self._lock:
            if self._steps and done < self._steps[-1][1]:
                self._steps.clear()
            if not self._steps:
                self._begun_here = True
            elif done == self._steps[-1][1]:
                return
            self._steps.append((self._clock(), done))
            self._forget()

    def _forget(self) -> None:
        """Drop what is too old, and the beginning as soon as there are two steps after
        it: loading the model belongs to the first of them."""
        if self._begun_here and len(self._steps) > 2:
            self._steps.popleft()
            self._begun_here = False
        oldest = self._clock() - WINDOW_S
        while len(self._steps) > MIN_STEPS + 1 and self._steps[1][0] <= oldest:
            self._steps.popleft()

    def pause(self) -> None:
        """Time that passes now is not working time."""
        with self._lock:
            self._steps.clear()

    def per_second(self) -> float | None:
        """Photos a second; None before anything has been finished."""
        with self._lock:
            if len(self._steps) < 2:
                return None
            (since, before), (until, done) = self._steps[0], self._steps[-1]
        return None if until <= since else (done - before) / (until - since)

    def seconds_left(self, remaining: int) -> float | None:
        """Until so many more are finished, less the time since the latest step."""
        rate = self.per_second()
        if rate is None:
            return None
        with self._lock:
            since_step = self._clock() - self._steps[-1][0] if self._steps else 0.0
        return max(0.0, remaining / rate - since_step)


def count_done(photos: int, pending: Mapping[str, int]) -> tuple[int, int]:
    """(done, total) photos, from those catalogued and what waits before each stage.

    A photo may wait before several stages; the longest queue is how many are not yet
    through. A file that is not read yet (stage "read") counts towards the total.
    """
    unread = pending.get("read", 0)
    waiting = max((n for name, n in pending.items() if name != "read"), default=0)
    return max(0, photos - waiting), photos + unread
