"""A time that a query names: one stretch, or one of each year."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from index.asked import Span
from index.query import calendar as calendar
from index.query.calendar import Stretch

Strength = Literal["sure", "year", "month", "weak"]
"""How little else it can mean: a whole date nothing, a bare year a number, the name of
a month ("july") little, "may", "spring" or "christmas" a lot."""


@dataclass(frozen=True, slots=True)
class Unit:
    """Either `stretch`, or `in_year`: when it is in a given year. `months` tells which
    whole months those are, if they are."""

    label: str
    stretch: Stretch | None = None
    in_year: Callable[[int], Stretch] | None = None
    months: tuple[int, ...] = ()
    strength: Strength = "sure"

    def latest(self, now: datetime) -> Stretch:
        """The stretch itself, or of each year's the latest that has begun."""
        if self.stretch is not None or self.in_year is None:
            return self.stretch or (now, now)
        this_year = self.in_year(now.year)
        return this_year if this_year[0] <= now else self.in_year(now.year - 1)

    def spans(self, now: datetime) -> tuple[Span, ...]:
        """The stretch, or each year's; none where `months` says it."""
        if self.stretch is not None:
            return (Span(*self.stretch),)
        if self.months or self.in_year is None:
            return ()
        years = range(calendar.FIRST_RECURRING, now.year + 1)
        return tuple(Span(*self.in_year(year)) for year in years)


def whole(pattern: str) -> re.Pattern[str]:
    """A pattern that fits a text as a whole or not at all."""
    return re.compile(rf"(?:{pattern})\Z")


def full_year(two_digits: int, now: datetime) -> int:
    """The latest year ending so that is not in the future."""
    year = now.year // 100 * 100 + two_digits
    return year if year <= now.year else year - 100
