"""When months, seasons and holidays are: arithmetic on the calendar, no language."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from dateutil.easter import easter
from dateutil.relativedelta import MO, SU, TH, relativedelta

from index.asked import Span

Stretch = tuple[datetime, datetime]
"""From the first (included) to the second (not), wall clock."""

FIRST_PHOTOGRAPH = 1826
"""Niépce's view from his window; an earlier number is no year of a photo."""

FIRST_RECURRING = 1970
"""What recurs each year without a year being said ("Christmas") is looked for from
here on: each year costs the filter one span."""

MONTH_NAMES = (
    "January", "February", "March", "April", "May", "June", "July", "August",
    "September", "October", "November", "December",
)  # fmt: skip

SEASONS: dict[str, int] = {"spring": 3, "summer": 6, "autumn": 9, "winter": 12}
"""First month in the north, by the meteorological convention of whole months."""

_DAY = timedelta(days=1)
_LONG_DAYS = 80  # days; a season or more is divided by months, not by days


def day(first: date, days: int = 1) -> Stretch:
    """Whole days from midnight to midnight."""
    begin = datetime.combine(first, time())
    return begin, begin + days * _DAY


def months(year: int, month: int, count: int = 1) -> Stretch:
    """Whole months."""
    begin = datetime(year, month, 1)
    return begin, begin + relativedelta(months=count)


def years(year: int, count: int = 1) -> Stretch:
    """Whole years."""
    return datetime(year, 1, 1), datetime(year + count, 1, 1)


def week(day_of_it: date) -> Stretch:
    """The week, Monday to Sunday."""
    return day(day_of_it - day_of_it.weekday() * _DAY, 7)


def weekend(day_of_it: date) -> Stretch:
    """Saturday and Sunday of the week of a day."""
    return day(day_of_it + (5 - day_of_it.weekday()) * _DAY, 2)


def month_label(at: datetime) -> str:
    """July 2019, in English wherever the program runs."""
    return f"{MONTH_NAMES[at.month - 1]} {at.year}"


def day_label(at: datetime) -> str:
    """3 July 2019."""
    return f"{at.day} {month_label(at)}"


def season_months(name: str, hemisphere: str) -> tuple[int, int, int]:
    """The three months of a season, as numbers."""
    shift = 0 if hemisphere == "north" else 6
    first = SEASONS[name] + shift - 1
    return first % 12 + 1, (first + 1) % 12 + 1, (first + 2) % 12 + 1


def season(name: str, year: int, hemisphere: str) -> Stretch:
    """The season that begins in a year: winter 2019 in the north ends in 2020."""
    return months(year, season_months(name, hemisphere)[0], 3)


def third(stretch: Stretch, which: str) -> Stretch:
    """Its early, mid or late third: of a year four months, of a month about ten days,
    of a decade its years 0 to 3, 4 to 6 and 7 to 9."""
    begin, end = stretch
    gap = relativedelta(end, begin)
    count = gap.years * 12 + gap.months
    if count >= 120:
        cuts = [begin + relativedelta(years=step) for step in (0, 4, 7)]
    elif (end - begin).days > _LONG_DAYS:
        cuts = [begin + relativedelta(months=count * step // 3) for step in (0, 1, 2)]
    else:
        days = (end - begin).days
        cuts = [begin + days * step // 3 * _DAY for step in (0, 1, 2)]
    place = ("early", "mid", "late").index(which)
    return cuts[place], [*cuts, end][place + 1]


def merged(spans: Iterable[Span]) -> tuple[Span, ...]:
    """The same times as few spans in order, none touching the next."""
    found: list[Stretch] = []
    for begin, end in sorted(map(_closed, spans)):
        if found and begin <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((begin, end))
    return tuple(map(_opened, found))


def overlap(first: Iterable[Span], second: Iterable[Span]) -> tuple[Span, ...]:
    """What lies in a span of both, in one walk along the two."""
    one, other = list(map(_closed, merged(first))), list(map(_closed, merged(second)))
    cuts: list[Stretch] = []
    i = k = 0
    while i < len(one) and k < len(other):
        begin, end = max(one[i][0], other[k][0]), min(one[i][1], other[k][1])
        if begin < end:
            cuts.append((begin, end))
        if one[i][1] <= other[k][1]:
            i += 1
        else:
            k += 1
    return tuple(map(_opened, cuts))


def without(spans: Iterable[Span], holes: Iterable[Span]) -> tuple[Span, ...]:
    """The spans less others."""
    at, gaps = datetime.min, list[Stretch]()
    for begin, end in map(_closed, merged(holes)):
        gaps.append((at, begin))
        at = end
    gaps.append((at, datetime.max))
    return overlap(spans, (_opened(gap) for gap in gaps if gap[0] < gap[1]))


def _closed(span: Span) -> Stretch:
    return span.begin or datetime.min, span.end or datetime.max


def _opened(stretch: Stretch) -> Span:
    begin, end = stretch
    return Span(
        None if begin == datetime.min else begin, None if end == datetime.max else end
    )


@dataclass(frozen=True, slots=True)
class Holiday:
    """A day, or few, of each year. `named_day`: its name says that a day is meant,
    while "Christmas" may as well tell what is on the picture."""

    label: str
    pattern: str
    first: Callable[[int], date]
    days: int = 1
    named_day: bool = True

    def in_year(self, year: int) -> Stretch:
        """When it is in a year."""
        return day(self.first(year), self.days)


def _on(month: int, number: int) -> Callable[[int], date]:
    return lambda year: date(year, month, number)


def _by(month: int, rule: relativedelta) -> Callable[[int], date]:
    return lambda year: date(year, month, 1) + rule


def _easter(shift: int) -> Callable[[int], date]:
    return lambda year: easter(year) + shift * _DAY


HOLIDAYS: tuple[Holiday, ...] = (
    Holiday("Christmas Eve", r"(?:christmas|xmas) eve", _on(12, 24)),
    Holiday("Christmas Day", r"(?:christmas|xmas) day", _on(12, 25)),
    Holiday("Christmas", r"(?:christmas|xmas)", _on(12, 24), 3, named_day=False),
    Holiday("Boxing Day", r"boxing day", _on(12, 26)),
    Holiday("New Year's Eve", r"(?:new year'?s? eve|nye)", _on(12, 31)),
    Holiday("New Year's Day", r"new year'?s? day", _on(1, 1)),
    Holiday("New Year", r"new year'?s?", _on(1, 1), named_day=False),
    Holiday("Halloween", r"hallowe'?en", _on(10, 31), named_day=False),
    Holiday("Valentine's Day", r"(?:st\.? )?valentine'?s'? day", _on(2, 14)),
    Holiday("Valentine's Day", r"valentine'?s", _on(2, 14), named_day=False),
    Holiday("St Patrick's Day", r"(?:st\.?|saint) patrick'?s day", _on(3, 17)),
    Holiday("April Fools' Day", r"april fool'?s?'?(?: day)?", _on(4, 1)),
    Holiday("4 July", r"fourth of july", _on(7, 4)),
    Holiday("Bastille Day", r"bastille day", _on(7, 14)),
    Holiday("May Day", r"may day", _on(5, 1)),
    Holiday("Women's Day", r"(?:international )?women'?s'? day", _on(3, 8)),
    Holiday("Earth Day", r"earth day", _on(4, 22)),
    Holiday("Groundhog Day", r"groundhog day", _on(2, 2)),
    Holiday("Cinco de Mayo", r"cinco de mayo", _on(5, 5)),
    Holiday("Bonfire Night", r"bonfire night|guy fawkes(?: night)?", _on(11, 5)),
    Holiday("Armistice Day", r"(?:veterans'?|armistice) day", _on(11, 11)),
    Holiday("St Nicholas' Day", r"(?:st\.?|saint) nicholas'?s? day", _on(12, 6)),
    Holiday("Epiphany", r"epiphany|three kings'? day", _on(1, 6), named_day=False),
    Holiday("Juneteenth", r"juneteenth", _on(6, 19)),
    Holiday("Canada Day", r"canada day", _on(7, 1)),
    Holiday("Australia Day", r"australia day", _on(1, 26)),
    Holiday("Anzac Day", r"anzac day", _on(4, 25)),
    Holiday("Good Friday", r"good friday", _easter(-2)),
    Holiday("Easter Sunday", r"easter sunday", _easter(0)),
    Holiday("Easter Monday", r"easter monday", _easter(1)),
    Holiday("Easter", r"easter", _easter(-2), 4, named_day=False),
    Holiday("Thanksgiving", r"thanksgiving(?: day)?",
            _by(11, relativedelta(weekday=TH(4))), named_day=False),
    Holiday("Mother's Day", r"mother'?s'? day", _by(5, relativedelta(weekday=SU(2)))),
    Holiday("Father's Day", r"father'?s'? day", _by(6, relativedelta(weekday=SU(3)))),
    Holiday("Labor Day", r"labou?r day", _by(9, relativedelta(weekday=MO(1)))),
)  # fmt: skip
"""By fixed dates, and the movable ones most asked for; the first whose pattern fits.

Mother's, Father's and Labor Day are those of the United States, where several countries
follow; others keep other days.
"""
