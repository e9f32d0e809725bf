"""Parts of the day and days of the week.

Only forms that ask when a photo was taken count: "in the morning", "at night", "on
Sunday afternoons", "at 3 pm". "Morning coffee", "evening dress", "night sky", "sunset"
and "sunday roast" are what is on the picture. "At night" does both: it narrows to the
night's hours, and stays in the words, because the dark can be seen.

Hours are whole ones, both ends counted: (5, 11) is from 5:00 to 11:59. "On Friday" is
the latest Friday, "on Fridays", "on a Friday" and "every Friday" are all of them.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from index.asked import Span
from index.query import calendar as calendar
from index.query.spoken import DAYS_OF_WEEK, WEEKDAY
from index.query.text import (
    BEGIN,
    CLAIMED,
    Part,
    Text,
    When,
    closed_left,
    closed_right,
    every,
)

Hours = tuple[int, int]

PARTS_OF_DAY: dict[str, Hours] = {
    "early morning": (4, 7), "late morning": (10, 11), "morning": (5, 11),
    "early afternoon": (12, 14), "late afternoon": (15, 17), "afternoon": (12, 17),
    "early evening": (17, 19), "late evening": (20, 23), "evening": (17, 22),
    "night": (19, 5), "noon": (11, 13), "midday": (11, 13), "midnight": (23, 1),
}  # fmt: skip
"""Wide rather than narrow: who misses a photo of 18:30 does not learn why. Night begins
at 19, when it is dark for most of the year in most of the world."""

_DAYTIME = r"(?:(?:early|late)[ -])?(?:morning|afternoon|evening)"
_SOME_DAYS = r"weekends?|weekdays?"
_PART = re.compile(
    rf"{BEGIN}(?:"
    rf"(?P<in>(?:early |late )?(?:in|during) the (?P<in_part>{_DAYTIME}))|"
    r"(?P<at>(?:late )?at (?P<at_part>night|noon|midday|midnight)(?:time)?)|"
    rf"(?P<plural>in the (?P<p1>{_DAYTIME})s|(?P<p2>{_DAYTIME})s))(?![\w'-])"
)
_AFTER_DAY = re.compile(
    rf"(?<={CLAIMED}),? ?(?:in the |at )?(?P<part>{_DAYTIME}|night)(?![\w'-])"
)
_BEFORE_DAY = re.compile(
    rf"{BEGIN}(?:in|on|during) the (?P<part>{_DAYTIME}|night)(?= ?{CLAIMED})"
)
_THIS_PART = re.compile(
    rf"{BEGIN}(?:(?P<this>this)|yesterday) (?P<part>morning|afternoon|evening)"
    r"(?![\w'-])"
)
_WEEK = re.compile(
    rf"{BEGIN}(?:(?:taken |shot )?(?P<lead>on (?:an? |the )?|at (?:the )?|every |"
    rf"each |in the |over the |during the )?)(?P<day>{WEEKDAY}|{_SOME_DAYS})"
    r"(?P<s>'?s)?(?: ?(?P<part>morning|afternoon|evening|night)(?P<parts>s)?)?"
    r"(?![\w'-])"
)
_CLOCK = re.compile(
    rf"{BEGIN}(?:(?P<between>between |from )(?P<h1>1[0-2]|0?[1-9])"
    r"(?: ?(?P<m1>[ap])\.?m\.?)?(?: and | to | ?- ?)"
    r"(?P<h2>1[0-2]|0?[1-9]) ?(?P<m2>[ap])\.?m\b\.?|"
    r"(?P<word>at|around|about|before|after) (?P<h>1[0-2]|0?[1-9])(?::[0-5][0-9])? ?"
    r"(?P<m>[ap])\.?m\b\.?|"
    r"(?P<word24>at|around|before|after) (?P<h24>[01]?[0-9]|2[0-3]):[0-5][0-9])"
    r"(?![\w:])"
)


class HourFinder:
    """Claims parts of the day and days of the week, as said at one moment."""

    def __init__(self, now: datetime) -> None:
        self._now = now

    def find_sure(self, text: Text) -> None:
        """Claim what names its day too: "yesterday evening"."""
        every(_THIS_PART, text, self._of_day)

    def find(self, text: Text) -> None:
        """Claim parts of the day, times of the clock and days of the week."""
        every(_WEEK, text, lambda match: self._week(text.plain, match))
        every(_BEFORE_DAY, text, lambda match: _by_date(text.plain, match))
        every(_AFTER_DAY, text, lambda match: _by_date(text.plain, match))
        every(_PART, text, lambda match: _part_of_day(text.plain, match))
        every(_CLOCK, text, _clock)

    def _of_day(self, match: re.Match[str]) -> Part:
        back = 0 if match["this"] else 1
        midnight = calendar.day(self._now.date())[0] - timedelta(days=back)
        first, last = PARTS_OF_DAY[match["part"]]
        span = Span(
            midnight + timedelta(hours=first), midnight + timedelta(hours=last + 1)
        )
        return Part(match.start(), match.end(), "date", match[0], When(spans=(span,)))

    def _week(self, plain: str, match: re.Match[str]) -> Part | None:
        day, lead = match["day"], (match["lead"] or "").strip()
        part = match["part"]
        hours: tuple[Hours, ...] = (PARTS_OF_DAY[part],) if part else ()
        if part == "night":
            hours = ((19, 23),)  # behind midnight it is the next day's night
        free = closed_left(plain, match.start()) and closed_right(plain, match.end())
        if day.startswith("week"):
            if not free and not (lead and closed_right(plain, match.end())):
                return None
            days: tuple[int, ...] = (
                (5, 6) if day.startswith("weekend") else (0, 1, 2, 3, 4)
            )
            label = "weekends" if len(days) == 2 else "weekdays"
        else:
            number = [name.lower() for name in DAYS_OF_WEEK].index(day)
            label, days = f"{DAYS_OF_WEEK[number]}s", (number,)
            all_of_them = bool(match["s"] or match["parts"]) or lead in _EVERY
            if not (all_of_them or lead or free) or (
                not match["s"] and not closed_right(plain, match.end())
            ):
                return None
            if lead in ("on", "on the") and not all_of_them:
                return self._latest(match, number, hours)
        if part:
            label = f"{label}, {part}"
        when = When(weekdays=days, hours=hours)
        return Part(match.start(), match.end(), "date", label, when)

    def _latest(
        self, match: re.Match[str], number: int, hours: tuple[Hours, ...]
    ) -> Part:
        back = (self._now.weekday() - number) % 7
        at = self._now - timedelta(days=back)
        label = calendar.day_label(at)
        if match["part"]:
            label = f"{label}, {match['part']}"
        when = When(spans=(Span(*calendar.day(at.date())),), hours=hours)
        return Part(match.start(), match.end(), "date", label, when)


_EVERY = ("every", "each", "on a", "on an")


def _part_of_day(plain: str, match: re.Match[str]) -> Part | None:
    if match["plural"]:
        name = match["p1"] or match["p2"]
        if not closed_left(plain, match.start()):
            return None
    else:
        name = match["in_part"] or match["at_part"]
    if not closed_right(plain, match.end()):
        return None
    words = match[0].split()
    name = name.replace("-", " ")
    if words[0] in ("early", "late") and f"{words[0]} {name}" in PARTS_OF_DAY:
        name = f"{words[0]} {name}"
    hours = (22, 4) if match[0].startswith("late at night") else PARTS_OF_DAY[name]
    when = When(hours=(hours,), content=name == "night")
    label = "late at night" if hours == (22, 4) else name
    return Part(match.start(), match.end(), "date", label, when)


def _by_date(plain: str, match: re.Match[str]) -> Part | None:
    if not closed_right(plain, match.end()):
        return None
    start = match.end() - len(match[0].lstrip(" ,"))
    name = match["part"].replace("-", " ")
    return Part(start, match.end(), "date", name, When(hours=(PARTS_OF_DAY[name],)))


def _clock(match: re.Match[str]) -> Part | None:
    if match["between"]:
        last = _hour(match["h2"], match["m2"])
        first = _hour(match["h1"], match["m1"] or match["m2"])
        hours = (first, (last - 1) % 24)
    else:
        at = int(match["h24"]) if match["h24"] else _hour(match["h"], match["m"])
        word = match["word"] or match["word24"]
        hours = {
            "at": (at, at),
            "before": (0, (at - 1) % 24),
            "after": (at, 23),
        }.get(word, ((at - 1) % 24, (at + 1) % 24))
    return Part(match.start(), match.end(), "date", match[0], When(hours=(hours,)))


def _hour(text: str, half: str) -> int:
    return int(text) % 12 + (12 if half == "p" else 0)
