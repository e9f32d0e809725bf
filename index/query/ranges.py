"""Ranges of time: "between May and July 2019", "2015-2018", "before 2015".

A year said once holds for both ends ("from May to July 2019"); months without any year
are those months of every year. "Before" ends where its unit begins, "until" where its
unit ends, "since" begins with its unit, "after" behind it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from index.asked import Span
from index.query.calendar import FIRST_RECURRING, Stretch
from index.query.text import When
from index.query.unit import Unit
from index.query.units import DAY, EACH_YEAR, MONTH, UNIT, YEAR, UnitReader

_BEFORE = r"before|prior to|earlier than|older than|until|till|up to|up until"
_AFTER = r"after|since|later than|newer than"
_EDGE = r"(?<![\w'$€£#@%.,:/&])(?<![\w-]-)"
_END = r"(?!'?\w|[%€$£]|[-./:,][0-9])"
_TO = r" ?- ?| (?:to|until|till|through|thru|up to) (?:the )?"
RANGES = (
    rf"{_EDGE}(?:"
    rf"(?:(?:in|at|on|during) )?(?P<what>{EACH_YEAR}) (?:of |in )?"
    rf"(?P<years>{YEAR}(?:(?:,? and |,? or |, ){YEAR})+)|"
    rf"(?P<first_day>(?:from |between )?(?:the )?)(?P<d1>{DAY})(?: ?- ?| to | and )"
    rf"(?P<d2>{DAY})(?: of)? (?P<dm>{MONTH})(?P<dy>,? {YEAR})?|"
    rf"(?P<mm>{MONTH}) (?P<m1>{DAY})(?: ?- ?| to )(?P<m2>{DAY})(?P<my>,? {YEAR})?|"
    rf"(?P<y1>{YEAR}) ?- ?(?P<y2>[0-9]{{2}})|"
    rf"(?P<verb>(?:taken |shot )?(?:between |from ))?(?:the )?(?P<from>{UNIT})"
    rf"(?P<to>{_TO}| and (?:the )?)(?P<until>{UNIT})|"
    rf"(?:taken |shot )?(?:from )(?:the )?(?P<onward>{UNIT}) (?:on\b(?! the)|onwards?)|"
    rf"(?:taken |shot |from )?(?:any ?time )?(?:(?P<before>{_BEFORE})|"
    rf"(?P<after>{_AFTER})) (?:the )?(?P<edge>{UNIT})"
    rf"){_END}"
)


@dataclass(frozen=True, slots=True)
class Range:
    """A range as it was asked for. `weak`: its words may also say what is seen."""

    label: str
    when: When
    weak: bool = False


class RangeReader:
    """Reads what `RANGES` matched."""

    def __init__(self, reader: UnitReader) -> None:
        self._reader = reader

    def asked(self, match: re.Match[str]) -> Range | None:
        """What a match of `RANGES` asks for; None where it is no range after all."""
        if match["what"]:
            return self._in_years(match["what"], match["years"])
        if match["d1"]:
            year = match["dy"] or ""
            first, last = (f"{match[d]} {match['dm']}{year}" for d in ("d1", "d2"))
            return self._between(first, last, named=True)
        if match["m1"]:
            year = match["my"] or ""
            first, last = (f"{match['mm']} {match[d]}{year}" for d in ("m1", "m2"))
            return self._between(first, last, named=True)
        if match["y1"]:
            last = match["y1"][:2] + match["y2"]
            return self._between(match["y1"], last, named=False)
        if match["from"]:
            is_and = match["to"].startswith(" and")
            verb = match["verb"] or ""
            if is_and and "between" not in verb:
                return None
            return self._between(match["from"], match["until"], named=bool(verb))
        if match["onward"]:
            return self._open("since", match["onward"])
        return self._open(match["before"] or match["after"], match["edge"])

    def _in_years(self, what: str, years: str) -> Range | None:
        """ "Christmas 2017 and 2018": of each of these years."""
        numbers = re.findall(YEAR, years)
        units = [self._reader.unit(f"{what} {number}") for number in numbers]
        stretches = [unit.stretch for unit in units if unit and unit.stretch]
        if len(stretches) < len(numbers) or units[0] is None:
            return None
        label = ", ".join([units[0].label, *numbers[1:]])
        return Range(label, When(spans=tuple(Span(*one) for one in stretches)))

    def _open(self, word: str, text: str) -> Range | None:
        unit = self._reader.unit(text)
        if unit is None:
            return None
        begin, end = unit.latest(self._reader.now)
        told = unit.label
        if unit.stretch is None:
            told = f"{unit.label} {begin.year}"
        if word in ("until", "till", "up to", "up until"):
            label, span = f"until {told}", Span(None, end)
        elif word in ("before", "prior to", "earlier than", "older than"):
            label, span = f"before {told}", Span(None, begin)
        elif word == "since":
            label, span = f"since {told}", Span(begin, None)
        else:
            label, span = f"after {told}", Span(end, None)
        weak = unit.strength == "weak"
        return Range(label, When(spans=(span,), open_ended=True), weak)

    def _between(self, first: str, last: str, *, named: bool) -> Range | None:
        one, other = self._reader.unit(first), self._reader.unit(last)
        if one is None or other is None:
            return None
        weak = other.strength == "weak"
        both_recur = one.stretch is None and other.stretch is None
        if both_recur and not named:
            return None
        label = f"{one.label} – {other.label}"
        if both_recur and one.months and other.months:
            return Range(label, When(months=_round(one, other)), weak)
        if both_recur:
            return Range(label, When(spans=self._each_year(one, other)), weak)
        stretch = self._ends(one, other)
        if stretch is None or stretch[0] >= stretch[1]:
            return None
        return Range(label, When(spans=(Span(*stretch),)), weak)

    def _ends(self, one: Unit, other: Unit) -> Stretch | None:
        """From the beginning of the one to the end of the other, with a year that is
        said or understood."""
        if one.stretch is None and other.stretch is not None:
            year = other.stretch[0].year
            return _before(one, other.stretch, year)
        if other.stretch is None and one.stretch is not None and other.in_year:
            begin, year = one.stretch[0], one.stretch[0].year
            end = other.in_year(year)[1]
            return begin, end if end > begin else other.in_year(year + 1)[1]
        if one.stretch is None or other.stretch is None:
            return None
        return one.stretch[0], other.stretch[1]

    def _each_year(self, one: Unit, other: Unit) -> tuple[Span, ...]:
        """From the one to the other of each year, over New Year if need be."""
        in_year = other.in_year
        if in_year is None:
            return ()
        stretches = (
            _before(one, in_year(year), year)
            for year in range(FIRST_RECURRING, self._reader.now.year + 1)
        )
        return tuple(Span(*stretch) for stretch in stretches if stretch)


def _before(one: Unit, last: Stretch, year: int) -> Stretch | None:
    if one.in_year is None:
        return None
    begin = one.in_year(year)[0]
    return (begin if begin < last[1] else one.in_year(year - 1)[0]), last[1]


def _round(one: Unit, other: Unit) -> tuple[int, ...]:
    """The months from the one's first to the other's last, over New Year if need be."""
    first, last = one.months[0], other.months[-1]
    count = (last - first) % 12 + 1
    return tuple(sorted((first + step - 1) % 12 + 1 for step in range(count)))
