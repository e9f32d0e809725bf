"""Times told from today: "two years ago", "the past 10 days", "last Friday", "'90s".

"Last year", "two years ago" and "last week" are calendar years and weeks; "the past
year" and "the last two weeks" end today. "Last Friday" is the latest before today, and
"last weekend" the one before this week's.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from dateutil.relativedelta import relativedelta

from index.query import calendar as calendar
from index.query.calendar import Stretch, day_label, month_label
from index.query.unit import Strength, Unit, full_year, whole

DAYS_OF_WEEK = (
    "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"
)  # fmt: skip
WEEKDAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day"

_COUNTS = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6,
    "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12,
    "twenty": 20, "couple": 2, "few": 3, "several": 5,
}  # fmt: skip
_VAGUE = {"few": (5, 2), "several": (8, 3)}  # at most, at least
_COUNT = (
    r"(?:[0-9]{1,3}|(?:a )?(?:couple(?: of)?|few)|several|a|an|one|two|three|four|five|"
    r"six|seven|eight|nine|ten|eleven|twelve|twenty)"
)
AGO = (
    rf"(?:about |around |roughly |some )?{_COUNT} "
    r"(?:day|week|month|year|decade)s? ago"
)
_PAST = (
    rf"(?:last|past|previous) {_COUNT} (?:day|week|weekend|month|year|decade)s?|"
    r"past (?:day|week|month|year|decade)"
)
_NAMED = (
    r"(?:the )?day before yesterday|yesterday|today|now|tonight|last night|"
    r"(?:last|this|previous) (?:week|weekend|month|year|decade)|past weekend|"
    r"the year before last"
)
_LAST_WEEKDAY = rf"(?:last|this|past|previous) {WEEKDAY}"
_DECADE = (
    r"(?:1[89][0-9]0'?s|20[0-9]0'?s|'?[0-9]0'?s|twenties|thirties|forties|fifties|"
    r"sixties|seventies|eighties|nineties|noughties)"
)
SPOKEN = rf"(?:{AGO}|{_PAST}|{_NAMED}|{_LAST_WEEKDAY}|{_DECADE})"

_DECADES = ("noughties", "", "twenties", "thirties", "forties", "fifties", "sixties",
            "seventies", "eighties", "nineties")  # fmt: skip
_IS_AGO, _IS_PAST, _IS_NAMED = map(whole, (AGO, _PAST, _NAMED))
_IS_LAST_WEEKDAY, _IS_DECADE = map(whole, (_LAST_WEEKDAY, _DECADE))
_DAY = timedelta(days=1)


def spoken(text: str, now: datetime) -> Unit | None:
    """What a plain text means as a whole, said at `now`; None if nothing here.

    Raises ValueError or OverflowError for times before the calendar's beginning.
    """
    if _IS_AGO.match(text):
        return _ago(text, now)
    if _IS_PAST.match(text):
        return _past(text, now)
    if _IS_NAMED.match(text):
        return _named(text.removeprefix("the "), now)
    if _IS_LAST_WEEKDAY.match(text):
        return _last_weekday(text, now)
    if _IS_DECADE.match(text):
        return _decade(text, now)
    return None


def _count(text: str) -> tuple[int, str]:
    """How many of which unit: "a couple of weeks" are (2, "week")."""
    found = re.search(rf"({_COUNT}) (day|weekend|week|month|year|decade)s?", text)
    if found is None:
        return 1, text.split()[-1]
    words = [word for word in found[1].split() if word != "of"]
    number = words[-1]
    return int(number) if number.isdecimal() else _COUNTS[number], found[2]


def _back(count: int, unit: str) -> relativedelta:
    if unit == "decade":
        return relativedelta(years=10 * count)
    names = {"day": "days", "week": "weeks", "month": "months", "year": "years"}
    return relativedelta(**{names[unit]: count})  # type: ignore[arg-type]


def _calendar_unit(unit: str, at: datetime) -> Unit:
    """The calendar's day, week, month, year or decade around a moment."""
    if unit == "day":
        return Unit(day_label(at), calendar.day(at.date()))
    if unit == "week":
        stretch = calendar.week(at.date())
        return Unit(f"week of {day_label(stretch[0])}", stretch)
    if unit == "weekend":
        stretch = calendar.weekend(at.date())
        return Unit(f"weekend of {day_label(stretch[0])}", stretch)
    if unit == "month":
        return Unit(month_label(at), calendar.months(at.year, at.month))
    if unit == "year":
        return Unit(str(at.year), calendar.years(at.year))
    first = at.year // 10 * 10
    return Unit(f"{first}s", calendar.years(first, 10))


def _ago(text: str, now: datetime) -> Unit:
    count, unit = _count(text)
    vague = next((word for word in _VAGUE if word in text), None)
    if vague is not None:
        most, least = _VAGUE[vague]
        begin, end = now - _back(most, unit), now - _back(least, unit)
        stretch = calendar.day(begin.date())[0], calendar.day(end.date())[1]
        return Unit(text, stretch)
    return _calendar_unit(unit, now - _back(count, unit))


def _past(text: str, now: datetime) -> Unit:
    count, unit = _count(text)
    end = calendar.day(now.date())[1]
    begin = end - (_back(count, "week" if unit == "weekend" else unit))
    return Unit(re.sub(r"^(last|previous)\b", "past", text), (begin, end))


def _named(text: str, now: datetime) -> Unit:
    if text == "now":
        text = "today"
    if text in ("today", "yesterday", "day before yesterday"):
        back = ("today", "yesterday", "day before yesterday").index(text)
        return Unit(text, calendar.day((now - back * _DAY).date()))
    if text in ("tonight", "last night"):
        return Unit(text, _night(now, back=int(text == "last night")))
    if text == "year before last":
        return Unit(str(now.year - 2), calendar.years(now.year - 2))
    which, unit = text.split()
    earlier = now if which == "this" else now - _back(1, unit.removesuffix("end"))
    return _calendar_unit(unit, earlier)


def _night(now: datetime, back: int) -> Stretch:
    """Six in the evening to six in the morning, begun `back` days ago."""
    evening = calendar.day(now.date())[0] - back * _DAY + timedelta(hours=18)
    return evening, evening + timedelta(hours=12)


def _last_weekday(text: str, now: datetime) -> Unit:
    which, name = text.split()
    number = DAYS_OF_WEEK.index(name.capitalize())
    if which == "this":
        at = calendar.week(now.date())[0] + number * _DAY
    else:
        at = now - ((now.weekday() - number - 1) % 7 + 1) * _DAY
    return Unit(day_label(at), calendar.day(at.date()))


def _decade(text: str, now: datetime) -> Unit | None:
    digits = "".join(char for char in text if char.isdecimal())
    if len(digits) == 4:
        first = int(digits)
    elif digits:
        first = full_year(int(digits), now)
    else:
        first = full_year(_DECADES.index(text) * 10, now)
    if first > now.year:
        return None
    strength: Strength = "year" if len(digits) == 4 else "weak"
    return Unit(f"{first}s", calendar.years(first, 10), strength=strength)
