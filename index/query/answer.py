"""Gathers what was understood of a query into one Asked.

Several of a kind add up ("2015 and 2017", "Lisbon or Porto"), except where one narrows
the other: "since 2015, before 2018", "Lisbon, Portugal". What is not wanted is taken
off, or off everything where nothing is wanted.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from functools import reduce
from typing import TypeVar

from index.asked import Asked, Chip, Span
from index.query.calendar import merged, overlap, without
from index.query.names import plain_words
from index.query.text import Captioned, Favourite, Kind, Text, Values, When, Words

_Value = TypeVar("_Value")
_NEVER = Span(datetime.min, datetime.min)  # asked for nothing: "2019 but not 2019"
# No camera holds another: the iPhone 12 Pro is no part of the iPhone 12; nor an album.
_APART = ("camera", "album")


def gathered(text: Text, words: str, chips: tuple[Chip, ...]) -> Asked:
    """The answer of all parts, which are in the query's order."""
    wanted = [part.meaning for part in text.parts if not part.negated]
    denied = [part.meaning for part in text.parts if part.negated]
    when = _when(_of(When, wanted), _of(When, denied))
    loves = [
        part.meaning.is_one is not part.negated
        for part in text.parts
        if isinstance(part.meaning, Favourite)
    ]
    return Asked(
        query=text.query,
        words=words,
        unwanted=_once(one.text for one in _of(Words, denied)),
        phrases=_once(one.text for one in _of(Words, wanted)),
        spans=when.spans,
        hours=when.hours,
        weekdays=when.weekdays,
        months=when.months,
        places=_values(text, "place"),
        cameras=_values(text, "camera"),
        folders=_values(text, "folder"),
        albums=_values(text, "album"),
        kinds=_once(one.name for one in _of(Kind, wanted)),
        captioned=_once(one.who for one in _of(Captioned, wanted)),
        unwanted_places=_unwanted("place", denied),
        unwanted_cameras=_unwanted("camera", denied),
        unwanted_folders=_unwanted("folder", denied),
        unwanted_albums=_unwanted("album", denied),
        unwanted_kinds=_once(one.name for one in _of(Kind, denied)),
        unwanted_captioned=_once(one.who for one in _of(Captioned, denied)),
        favourite=loves[-1] if loves else None,
        chips=chips,
    )


def _when(wanted: list[When], denied: list[When]) -> When:
    """All times as one."""
    return When(
        spans=_spans(wanted, denied),
        hours=_hours(
            [one for time in wanted for one in time.hours],
            [one for time in denied for one in time.hours],
        ),
        weekdays=_numbers(
            [day for time in wanted for day in time.weekdays],
            [day for time in denied for day in time.weekdays],
            range(7),
        ),
        months=_numbers(
            [month for time in wanted for month in time.months],
            [month for time in denied for month in time.months],
            range(1, 13),
        ),
    )


def _spans(wanted: list[When], denied: list[When]) -> tuple[Span, ...]:
    closed = tuple(
        span for time in wanted if not time.open_ended for span in time.spans
    )
    open_ended = [time.spans for time in wanted if time.open_ended]
    spans: tuple[Span, ...] = closed
    if open_ended:
        both = reduce(overlap, [closed, *open_ended] if closed else open_ended)
        apart = closed + tuple(span for one in open_ended for span in one)
        spans = both or apart  # "before 2010 or after 2020"
    holes = [span for time in denied for span in time.spans]
    if holes:
        return without(spans or (Span(None, None),), holes) or (_NEVER,)
    return merged(spans)


def _of(kind: type[_Value], meanings: Iterable[object]) -> list[_Value]:
    return [meaning for meaning in meanings if isinstance(meaning, kind)]


def _hours(
    wanted: list[tuple[int, int]], denied: list[tuple[int, int]]
) -> tuple[tuple[int, int], ...]:
    """Stretches of hours less others, each as first and last."""
    if not denied:
        return tuple(dict.fromkeys(wanted))
    clock = _clock(wanted) if wanted else set(range(24))
    left = clock - _clock(denied) or clock
    firsts = sorted(hour for hour in left if (hour - 1) % 24 not in left)
    found = []
    for first in firsts:
        last = first
        while (last + 1) % 24 in left:
            last = (last + 1) % 24
        found.append((first, last))
    return tuple(found)


def _clock(stretches: list[tuple[int, int]]) -> set[int]:
    return {
        (first + step) % 24
        for first, last in stretches
        for step in range((last - first) % 24 + 1)
    }


def _numbers(wanted: list[int], denied: list[int], every: range) -> tuple[int, ...]:
    """Weekdays or months: those wanted, or all, less those denied."""
    left = (set(wanted) or set(every)) - set(denied) if denied else set(wanted)
    return tuple(sorted(left or wanted))


def _values(text: Text, kind: str) -> tuple[str, ...]:
    """The values asked for, of which one must hold."""
    chosen: list[frozenset[str]] = []
    end = 0
    for part in text.parts:
        meaning = part.meaning
        if not isinstance(meaning, Values) or meaning.kind != kind or part.negated:
            continue
        between = text.written(end, part.start)
        narrows = chosen and not re.search(r"\b(?:or|and)\b", between)
        if narrows and chosen[-1] & meaning.names:
            chosen[-1] &= meaning.names
        else:
            chosen.append(meaning.names)
        end = part.end
    names = frozenset[str]().union(*chosen)
    return tuple(sorted(names)) if kind in _APART else _widest(names)


def _unwanted(kind: str, denied: Iterable[object]) -> tuple[str, ...]:
    """The values of which none may hold: here nothing narrows, all add up."""
    named = [one.names for one in _of(Values, denied) if one.kind == kind]
    names = frozenset[str]().union(*named)
    return tuple(sorted(names)) if kind in _APART else _widest(names)


def _widest(names: frozenset[str]) -> tuple[str, ...]:
    """Without those that others of them hold: "Portugal" holds "Lisbon, Portugal"."""
    lines = {name: f" {' '.join(plain_words(name))} " for name in names}
    return tuple(
        name
        for name, line in sorted(lines.items())
        if not any(other != line and other in line for other in lines.values())
    )


def _once(values: Iterable[_Value]) -> tuple[_Value, ...]:
    return tuple(dict.fromkeys(values))
