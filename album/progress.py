"""How far the indexing is, how fast it goes, and when it will be done."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass

WINDOW_S = 60.0
"""The rate is that of the last minute: long enough to be steady with a captioner that
needs seconds a picture, short enough to follow a change of stage."""


@dataclass(frozen=True, slots=True)
class Progress:
    """One look at the indexer, for people.

    `done` of `total` photos are through every stage. `per_minute` is how many were
    finished over the last minute, `eta_s` the seconds left at that rate; None when
    unknown.
    `busy` is false when there is nothing to do. `notice` is one sentence, or None.
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


class Rate:
    """How many photos a second are finished, over a moving window.

    Safe from any thread. It is shown how many are done from time to time.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._looks: deque[tuple[float, int]] = deque()

    def look(self, done: int) -> None:
        """So many photos are done by now. Fewer than before: the count begins anew."""
        with self._lock:
            if self._looks and done < self._looks[-1][1]:
                self._looks.clear()
            self._looks.append((self._clock(), done))
            # One look from before the window stays: the window's beginning.
            oldest = self._clock() - WINDOW_S
            while len(self._looks) > 2 and self._looks[1][0] <= oldest:
                self._looks.popleft()

    def pause(self) -> None:
        """Time that passes now is not working time."""
        with self._lock:
            self._looks.clear()

    def per_second(self) -> float | None:
        """Photos a second; None while nothing has been finished in the window."""
        with self._lock:
            if len(self._looks) < 2:
                return None
            (since, before), (now, done) = self._looks[0], self._looks[-1]
        if now <= since or done <= before:
            return None
        return (done - before) / (now - since)


def count_done(photos: int, pending: Mapping[str, int]) -> tuple[int, int]:
    """(done, total) photos, from those catalogued and what waits before each stage.

    A photo may wait before several stages; the longest queue is how many are not yet
    through. A file that is not read yet (stage "read") counts towards the total.
    """
    unread = pending.get("read", 0)
    waiting = max((n for name, n in pending.items() if name != "read"), default=0)
    return max(0, photos - waiting), photos + unread
