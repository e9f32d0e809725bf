"""A value that is costly to make, made again only when it may have changed."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Generic, TypeVar

Value = TypeVar("Value")

SHARE = 20
"""At most one part in so many of the time is spent on making the value."""


class Costly(Generic[Value]):
    """Keeps a value until `changes` differs, and then for 20 times what it cost.

    So a small album is always exact to some milliseconds, and at 100,000 photos, where
    counting takes 0.2 s, a page that asks every second does not slow the indexer down.
    Not locked: the caller sees to that where several threads ask.
    """

    def __init__(
        self, make: Callable[[], Value], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._make = make
        self._clock = clock
        self._held: tuple[int, Value] | None = None
        self._good_until = 0.0

    def get(self, changes: int) -> Value:
        """The value; `changes` is a number that grows when it may have changed."""
        if self._held is not None and (
            self._held[0] == changes or self._clock() < self._good_until
        ):
            return self._held[1]
        started = self._clock()
        value = self._make()
        ended = self._clock()
        self._held = (changes, value)
        self._good_until = ended + SHARE * (ended - started)
        return value

    def drop(self) -> None:
        """Make it anew the next time, whatever it costs."""
        self._held = None
