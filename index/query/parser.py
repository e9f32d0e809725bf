"""Takes a query apart: what is a date, a place, a camera, a NOT, and what is words.

Rules run from the surest to the least sure and each claims its characters, so that none
reads what another has understood: exact names, captioners, albums and folders that are
called so, quotes, names of several words, dates that can be nothing else, cameras,
places, dates by their context, kinds, NOT. What no rule claims stays words, and nothing
is ever an error.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import Literal

from index.asked import Asked, Chip, Vocabulary
from index.query.answer import gathered
from index.query.captioned import find_captioned
from index.query.dates import DateFinder
from index.query.exact import find_exact
from index.query.hours import HourFinder
from index.query.kinds import find_kinds
from index.query.names import Known, known
from index.query.negation import find_unwanted
from index.query.rest import rest_of
from index.query.text import CLAIMED, Part, Text, Words, read
from index.query.units import UnitReader
from index.query.values import find_albums, find_cameras, find_folders, find_places

_PHRASE = re.compile(r'"([^"]*)"')


class QueryParser:
    """Reads English queries. Safe to use from several threads."""

    def __init__(
        self, hemisphere: Literal["north", "south"], now: Callable[[], datetime]
    ) -> None:
        if hemisphere not in ("north", "south"):
            raise ValueError(f"The hemisphere is north or south, not {hemisphere!r}.")
        self._hemisphere = hemisphere
        self._now = now
        self._known: tuple[Vocabulary, Known] | None = None

    def parse(self, query: str, vocabulary: Vocabulary) -> Asked:
        """What a query asks for, of an album with these values.

        Reads at most `text.LONGEST_QUERY` characters. Raises nothing: what is not
        understood is in `words`. Chips are in the query's order and do not overlap.
        """
        text = read(query)
        self._find(text, self._names(vocabulary))
        text.parts.sort(key=lambda part: part.start)
        return gathered(text, rest_of(text), _chips(text))

    def _names(self, vocabulary: Vocabulary) -> Known:
        kept = self._known
        if kept is None or (kept[0] is not vocabulary and kept[0] != vocabulary):
            kept = (vocabulary, known(vocabulary))
            self._known = kept
        return kept[1]

    def _find(self, text: Text, names: Known) -> None:
        now = self._now().replace(tzinfo=None)
        dates = DateFinder(UnitReader(now, self._hemisphere))
        hours = HourFinder(now)
        find_exact(text, names)
        find_captioned(text)
        find_albums(text, names.albums)
        find_folders(text, names.folders)
        _find_phrases(text)
        find_places(text, names.places, several_words=True)
        hours.find_sure(text)
        dates.find_sure(text)
        find_cameras(text, names.cameras)
        find_places(text, names.places, several_words=False)
        dates.find_unsure(text)
        hours.find(text)
        find_kinds(text)
        find_unwanted(text)


def _find_phrases(text: Text) -> None:
    for match in _PHRASE.finditer(text.plain):
        phrase = text.written(*match.span(1)).strip()
        if phrase and CLAIMED not in match[1]:
            text.claim(Part(*match.span(), "phrase", f'"{phrase}"', Words(phrase)))


def _chips(text: Text) -> tuple[Chip, ...]:
    """A chip for each part; what one NOT speaks of is one chip, since "or cars" without
    its "no people" would be wanted."""
    chips: list[Chip] = []
    for part in text.parts:
        start, end = text.origin(part.start, part.end)
        if part.joined and chips:
            first = chips.pop()
            label = f"{first.label}, {part.label.removeprefix('not ')}"
            chips.append(Chip("not", label, first.start, end))
        else:
            chips.append(Chip(part.kind, part.label, start, end))
    return tuple(chips)
