"""One time in words ("3 July 2019", "last summer", "Christmas 2018") as a Unit.

`UNIT` is the alternation of all patterns, from which the rules for ranges are built. A
written day is read by dateutil; what people say of seasons, decades and holidays is no
day, and is reckoned here.

Conventions: 3.7.2019 is the 3rd of July unless only the other order is a date. "Last
summer" is the latest that has ended, "this summer" the latest that has begun.
"""

from __future__ import annotations

import re
from datetime import datetime
from functools import partial

from dateutil.parser import parse

from index.query import calendar as calendar
from index.query.calendar import (
    FIRST_PHOTOGRAPH,
    HOLIDAYS,
    MONTH_NAMES,
    Stretch,
    day_label,
)
from index.query.spoken import AGO, SPOKEN, spoken
from index.query.unit import Strength, Unit, full_year, whole

_MONTHS_ONLY = frozenset(
    (
        "january",
        "february",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    )
)
"""Names that mean little else; a march, may, April and June may be no months."""

MONTH = (
    r"(?:january|february|march|april|may|june|july|august|september|october|november|"
    r"december|(?:jan|feb|mar|apr|jun|jul|aug|sept|sep|oct|nov|dec)\b\.?)"
)
DAY = r"(?:[12][0-9]|3[01]|0?[1-9])(?:st|nd|rd|th)?"
YEAR = r"(?:1[89][0-9]{2}|20[0-9]{2})"
_SEASON = r"(?:spring|summers?|autumns?|fall|winters?)"
_HOLIDAY = "|".join(holiday.pattern for holiday in HOLIDAYS)
_DAY_MONTH = rf"(?:{DAY}(?: of)? {MONTH}|{MONTH} (?:the )?{DAY})"
EACH_YEAR = rf"(?:{_HOLIDAY}|{_DAY_MONTH}|{MONTH}|{_SEASON})"
_SAID_YEAR = (
    rf"(?:{YEAR}(?:[/-](?:[0-9]{{4}}|[0-9]{{2}}))?|'[0-9]{{2}}|last year|this year|"
    rf"the year before last|{AGO})"
)
_SEP = r"[-/.]"
_NUMERIC = (
    rf"(?:{YEAR}{_SEP}(?:1[0-2]|0?[1-9]){_SEP}(?:[12][0-9]|3[01]|0?[1-9])|"
    rf"[0-9]{{1,2}}{_SEP}[0-9]{{1,2}}{_SEP}(?:[0-9]{{4}}|[0-9]{{2}})|"
    r"(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01]))"
)
_YEAR_MONTH = rf"(?:{YEAR}[-/](?:1[0-2]|0[1-9])|(?:1[0-2]|0?[1-9])/{YEAR})"
_WRITTEN = rf"(?:{_DAY_MONTH}(?:, ?| of | ){YEAR}|{YEAR},? {_DAY_MONTH})"
_LINK = r",? (?:of |in )?(?:the year )?"
_OF_YEAR = (
    rf"(?:{EACH_YEAR}{_LINK}{_SAID_YEAR}|"
    rf"(?:{YEAR}|last year's|this year's) {EACH_YEAR})"
)
_LATEST = rf"(?:last|this|past|previous) {EACH_YEAR}"
_THIRD = (
    r"(?:early|mid|late|the (?:beginning|start|middle|end) of)[ -](?:in )?(?:the )?"
)

_PLAIN_UNIT = (
    rf"(?:{_WRITTEN}|{_NUMERIC}|{_OF_YEAR}|{_YEAR_MONTH}|{_LATEST}|{SPOKEN}|"
    rf"{EACH_YEAR}|{YEAR})"
)
UNIT = rf"(?:(?:{_THIRD})?{_PLAIN_UNIT})"

_IS_THIRD = whole(rf"(?P<which>{_THIRD})(?P<unit>{_PLAIN_UNIT})")
_IS_WRITTEN, _IS_NUMERIC, _IS_YEAR_MONTH, _IS_YEAR = map(
    whole, (_WRITTEN, _NUMERIC, _YEAR_MONTH, YEAR)
)
_IS_OF_YEAR = whole(rf"(?P<what>{EACH_YEAR}){_LINK}(?P<year>{_SAID_YEAR})")
_IS_YEAR_FIRST = whole(
    rf"(?P<year>{YEAR}|last year's|this year's) (?P<what>{EACH_YEAR})"
)
_IS_LATEST = whole(rf"(?P<which>last|this|past|previous) (?P<what>{EACH_YEAR})")
_IS_DAY_MONTH, _IS_MONTH, _IS_SEASON = map(whole, (_DAY_MONTH, MONTH, _SEASON))
_ARE_HOLIDAYS = tuple((whole(one.pattern), one) for one in HOLIDAYS)
_LEAP_YEAR = datetime(2000, 1, 1)  # so that the 29th of February is a day of a year


class UnitReader:
    """Reads units as they are said at one moment in one hemisphere."""

    def __init__(self, now: datetime, hemisphere: str) -> None:
        self.now = now
        self._hemisphere = hemisphere
        self._read: dict[str, Unit | None] = {}

    def unit(self, text: str) -> Unit | None:
        """The unit that a plain text is as a whole; None for none and for no date of
        the calendar, such as the 31st of February."""
        if text not in self._read:
            self._read[text] = self._unit(text)
        return self._read[text]

    def _unit(self, text: str) -> Unit | None:
        try:
            return (
                self._third(text)
                or self._written(text)
                or self._of_year(text)
                or self._latest(text)
                or spoken(text, self.now)
                or self._each_year(text)
                or self._year(text)
            )
        except (ValueError, OverflowError):
            return None

    def _third(self, text: str) -> Unit | None:
        match = _IS_THIRD.match(text)
        unit = self.unit(match["unit"]) if match else None
        if match is None or unit is None:
            return None
        last = match["which"].removesuffix("the ").removesuffix("of ").split("-")[0]
        said = last.split()[-1 if last.startswith("the ") else 0]
        spoken_as = {"beginning": "early", "start": "early", "middle": "mid",
                     "end": "late"}  # fmt: skip
        which = spoken_as.get(said, said)
        label, each = f"{which} {unit.label}", unit.in_year
        if each is None:
            stretch = calendar.third(unit.latest(self.now), which)
            return Unit(label, stretch, strength=unit.strength)
        if len(unit.months) == 3:
            month = unit.months[("early", "mid", "late").index(which)]
            return Unit(label, None, lambda year: calendar.third(each(year), which),
                        (month,), "weak")  # fmt: skip
        return Unit(label, None, lambda year: calendar.third(each(year), which))

    def _written(self, text: str) -> Unit | None:
        if month := _IS_YEAR_MONTH.match(text):
            year, number = sorted(map(int, re.split("[-/]", month[0])), reverse=True)
            stretch = calendar.months(year, number)
            return Unit(f"{MONTH_NAMES[number - 1]} {year}", stretch)
        if _IS_NUMERIC.match(text):
            text = self._with_century(text)
        elif not _IS_WRITTEN.match(text):
            return None
        year_first = bool(re.match(r"[0-9]{4}", text))
        at = parse(text.replace(" the ", " ").replace(" of", ""),
                   dayfirst=not year_first, default=_LEAP_YEAR)  # fmt: skip
        return Unit(day_label(at), calendar.day(at.date()))

    def _with_century(self, text: str) -> str:
        """3.7.19 as 3.7.2019: dateutil would ask the system's clock which century."""
        parts = re.split(_SEP, text)
        if len(parts) == 3 and len(parts[2]) == 2 and len(parts[0]) < 4:
            parts[2] = str(full_year(int(parts[2]), self.now))
        return "-".join(parts)

    def _of_year(self, text: str) -> Unit | None:
        match = _IS_OF_YEAR.match(text) or _IS_YEAR_FIRST.match(text)
        unit = self._each_year(match["what"]) if match else None
        if match is None or unit is None or unit.in_year is None:
            return None
        said = match["year"].removesuffix("'s")
        if said.startswith("'"):
            year = full_year(int(said[1:]), self.now)
        elif said[0].isdigit() and not said.endswith("ago"):
            year = int(said[:4])
        else:
            told = spoken(said, self.now)
            if told is None or told.stretch is None:
                return None
            year = told.stretch[0].year
        return _in_year(unit, year)

    def _latest(self, text: str) -> Unit | None:
        match = _IS_LATEST.match(text)
        unit = self._each_year(match["what"]) if match else None
        if match is None or unit is None or unit.in_year is None:
            return None
        year = self.now.year
        if match["which"] == "this" and unit.in_year(year)[0] > self.now:
            # "This Christmas" said in November is still to come; last year's was meant.
            return _in_year(unit, year - 1)
        if match["which"] == "this":
            return _in_year(unit, year)
        ended = (y for y in (year, year - 1, year - 2)
                 if unit.in_year(y)[1] <= self.now)  # fmt: skip
        return _in_year(unit, next(ended))

    def _each_year(self, text: str) -> Unit | None:
        for pattern, holiday in _ARE_HOLIDAYS:
            if pattern.match(text):
                strength: Strength = "sure" if holiday.named_day else "weak"
                return Unit(holiday.label, None, holiday.in_year, (), strength)
        if _IS_MONTH.match(text):
            number = _month_number(text)
            sure: Strength = "month" if text in _MONTHS_ONLY else "weak"
            in_year = partial(calendar.months, month=number)
            return Unit(MONTH_NAMES[number - 1], None, in_year, (number,), sure)
        if _IS_SEASON.match(text):
            name = text.replace("fall", "autumn").removesuffix("s")
            months = calendar.season_months(name, self._hemisphere)
            return Unit(name, None, partial(_season, name, self._hemisphere), months,
                        "weak")  # fmt: skip
        if _IS_DAY_MONTH.match(text):
            bare = text.replace(" the ", " ").replace(" of", "")
            at = parse(bare, dayfirst=True, default=_LEAP_YEAR)
            label = f"{at.day} {MONTH_NAMES[at.month - 1]}"
            in_year = partial(_day_of_year, at.month, at.day)
            unsure = re.fullmatch(r"(?:may|march|mar|april|june) [0-9]+", text)
            return Unit(label, None, in_year, (), "weak" if unsure else "sure")
        return None

    def _year(self, text: str) -> Unit | None:
        if not _IS_YEAR.match(text) or int(text) < FIRST_PHOTOGRAPH:
            return None
        return Unit(text, calendar.years(int(text)), strength="year")


def _in_year(unit: Unit, year: int) -> Unit | None:
    if unit.in_year is None:
        return None
    begin, end = unit.in_year(year)
    crosses = unit.months and begin.year != (end.replace(day=1)).year and end.month > 1
    label = f"{unit.label} {year}/{end:%y}" if crosses else f"{unit.label} {year}"
    return Unit(label, (begin, end))


def _month_number(text: str) -> int:
    names = [name.lower()[:3] for name in MONTH_NAMES]
    return names.index(text[:3]) + 1


def _season(name: str, hemisphere: str, year: int) -> Stretch:
    return calendar.season(name, year, hemisphere)


def _day_of_year(month: int, day: int, year: int) -> Stretch:
    """A day of a year; in most years the 29th of February is the 28th."""
    number = 28 if (month, day) == (2, 29) and year % 4 else day
    return calendar.day(datetime(year, month, number).date())
