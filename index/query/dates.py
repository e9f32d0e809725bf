"""Finds the dates in a query and decides which of them are meant as dates.

What can only be a date ("3 July 2019", "last summer", "Christmas 2018") always counts.
What may be something else needs context:

- a year: not behind "a" ("a 2015 calendar"), not before a unit ("2000 metres") or a
  thing that carries one ("2015 calendar"), not in the future;
- "july" always, "may", "march", "spring", "christmas", "90s" only behind a word such
  as "in" or "during", or where they stand alone: "christmas tree", "march of penguins",
  "summer dress" and "80s hair" are what is on the picture.
"""

from __future__ import annotations

import re

from index.asked import Span
from index.query.ranges import RANGES, RangeReader
from index.query.text import (
    Part,
    Text,
    When,
    closed_left,
    closed_right,
    every,
    last_said,
)
from index.query.unit import Unit
from index.query.units import UNIT, UnitReader

_TAKEN = r"(?:(?:taken|shot|made|captured|photographed|dated|all|back) ){0,2}"
_LEAD = (
    rf"(?P<taken>{_TAKEN})(?:(?P<lead>in|on|at|during|from|of|for|over|throughout|"
    r"within|around|circa|every|each) )?(?P<the>the )?"
    r"(?:years? (?=[0-9]))?"
)
_SINGLE = re.compile(
    rf"(?<![\w'$€£#@%.,:/&])(?<![\w-]-){_LEAD}(?P<unit>{UNIT})(?:'s(?= |\Z))?"
    r"(?!'?\w|[%€$£]|[-./:,][0-9])"
)
_RANGE = re.compile(RANGES)

_FIRM_LEADS = (
    "in", "on", "at", "during", "from", "over", "throughout", "within", "every", "each"
)  # fmt: skip
_A_MARCH = re.compile(r"(?:march|may) [0-9]")  # "women's march 2017"
_HOLIDAY_THINGS = re.compile(
    r" (?:cards?|signs?|cakes?|gifts?|costumes?|decorations?|presents?)\b"
)
_NO_MONTH_AFTER_THE = re.compile(r"(?:march|may)\b")
_MEASURES = re.compile(
    r"(?:[.,:x/][0-9]| ?(?:m|km|cm|mm|ft|feet|foot|met(?:er|re)s?|miles?|k|kg|g|grams?|"
    r"pixels?|px|mp|euros?|dollars?|pounds?|eur|usd|piece|pieces|"
    r"hours?|steps|calories|kcal|rpm|watts?|w|volts?|hp|years?|calendars?|diary|"
    r"diaries|editions?|vintage|wine|wines|model|coins?|stamps?|posters?|banners?|"
    r"(?<=00 )people|stickers?|balloons?|glasses|numbers?|x [0-9]+)\b)"
)
_NUMBERED = re.compile(
    r"(?:\b(?:rooms?|no(?=\.)|nr|number|route|highway|flight|bus|gate|house|apollo|windows|"
    r"model|size|page|flat|unit|track|tram|train|line|office|iso|class|type|mark|"
    r"series|iphone|cyberpunk|an?)\.?|[#$€£])\Z"
)
_ROLLING = ("last week", "last month", "last year", "last decade")
_OWNED = re.compile(r"\b(?:his|her|their|my|your|our|its)\Z")


class DateFinder:
    """Claims the dates in a text, as they are said at one moment."""

    def __init__(self, reader: UnitReader) -> None:
        self._reader = reader
        self._ranges = RangeReader(reader)
        self._spans: dict[str, tuple[Span, ...]] = {}

    def find_sure(self, text: Text) -> None:
        """Claim ranges, and what can only be a date."""

        def in_range(match: re.Match[str]) -> Part | None:
            asked = self._ranges.asked(match)
            if text.plain[: match.start()].endswith("day "):
                return None  # the day before yesterday
            if asked is None or not self._fits(text.plain, match, asked.weak):
                return None
            return Part(match.start(), match.end(), "date", asked.label, asked.when)

        every(_RANGE, text, in_range)
        every(_SINGLE, text, lambda match: self._single(text.plain, match, True))

    def find_unsure(self, text: Text) -> None:
        """Claim what is a date by its context, when places are claimed already."""
        every(_SINGLE, text, lambda match: self._single(text.plain, match, False))

    def _fits(self, plain: str, match: re.Match[str], weak: bool) -> bool:
        if _MEASURES.match(plain, match.end()) or _NUMBERED.search(
            plain[: match.start()].rstrip()
        ):
            return False
        return not weak or closed_right(plain, match.end())

    def _single(self, plain: str, match: re.Match[str], sure: bool) -> Part | None:
        said = match["unit"]
        if said == "now":  # a time only in "until now"
            return None
        if match["the"] and said in _ROLLING:
            said = said.replace("last", "past")  # "in the last year"
        unit = self._reader.unit(said)
        if unit is None or (unit.strength == "sure") is not sure:
            return None
        if not self._meant(plain, match, unit):
            return None
        lead = match["lead"]
        if lead in ("circa", "around") and unit.strength == "year":
            return self._circa(match, unit)
        label = f"every {unit.label}" if lead in ("every", "each") else unit.label
        when = When(
            spans=self._when(said, unit), months=() if unit.stretch else unit.months
        )
        return Part(match.start(), match.end(), "date", label, when)

    def _meant(self, plain: str, match: re.Match[str], unit: Unit) -> bool:
        before = plain[: match.start()].rstrip(" ")
        if unit.strength == "sure":
            if _HOLIDAY_THINGS.match(plain, match.end()):
                return unit.stretch is not None
            return not (_A_MARCH.match(match[0]) and before.endswith("'s"))
        firm = match["lead"] in _FIRM_LEADS or bool(match["taken"])
        if unit.strength == "year":
            year = unit.latest(self._reader.now)[0].year
            return (
                not _MEASURES.match(plain, match.end())
                and not _NUMBERED.search(before)
                and (firm or year <= self._reader.now.year)
                and (firm or unit.label.isdecimal() or closed_right(plain, match.end()))
            )
        if unit.strength == "month":
            return not _OWNED.search(before)
        if match["the"] and _NO_MONTH_AFTER_THE.match(match["unit"]):
            return False
        if _OWNED.search(plain[: match.start("unit")].rstrip(" ")):
            return False
        if len(unit.months) == 1:
            return firm or (
                closed_left(plain, match.start()) and last_said(plain, match.end())
            )
        return closed_right(plain, match.end()) and (
            firm or closed_left(plain, match.start())
        )

    def _when(self, said: str, unit: Unit) -> tuple[Span, ...]:
        """Reckoned once a query: each year's are many."""
        if said not in self._spans:
            self._spans[said] = unit.spans(self._reader.now)
        return self._spans[said]

    def _circa(self, match: re.Match[str], unit: Unit) -> Part:
        begin, end = unit.latest(self._reader.now)
        wider = begin.replace(year=begin.year - 2), end.replace(year=end.year + 2)
        label = f"around {unit.label}"
        meaning = When(spans=(Span(*wider),))
        return Part(match.start(), match.end(), "date", label, meaning)
