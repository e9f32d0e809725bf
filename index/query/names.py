"""Looks up the names of an album's vocabulary in a text, by whole plain words.

One look-up for each run of words of the query, however many names there are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from index.asked import Vocabulary
from index.query.text import CLAIMED, fold, words_of
from index.query.words import COUNTRY_NICKNAMES

_LONGEST_NAME = 6  # words: "Saint Vincent and the Grenadines" has five
_SHORTEST_PLACE = 3  # letters: "Y" in France and "Of" in Turkey have 1,000 people too

Words = tuple[str, ...]
Table = Mapping[Words, tuple[str, frozenset[str]]]
"""Plain words of a name to the name as the vocabulary writes it, and its values."""


@dataclass(frozen=True, slots=True)
class Known:
    """A vocabulary by the plain words of its names."""

    places: Table
    cameras: Table
    folders: Table
    albums: Table
    exact: Mapping[tuple[str, str], frozenset[str]]
    """By kind and `exact_key`: the values that are written so."""


@dataclass(frozen=True, slots=True)
class Named:
    """A name at `start` to `end` of a text, and the values that go by it."""

    start: int
    end: int
    words: Words
    name: str
    values: frozenset[str]


def known(vocabulary: Vocabulary) -> Known:
    """A vocabulary made ready for look-ups; worth keeping, as it reads every value."""
    return Known(
        _table((value, _place_names(value)) for value in vocabulary.places),
        _table((value, _runs(value)) for value in vocabulary.cameras),
        _table((value, _folder_names(value)) for value in vocabulary.folders),
        _table((value, [(plain_words(value), value)]) for value in vocabulary.albums),
        _exact(vocabulary),
    )


def exact_key(name: str) -> str:
    """A whole name without case and accents; quotes cannot stand in a quoted name."""
    return " ".join(fold(" ".join(name.split())).replace('"', " ").split())


def all_named(plain: str, table: Table) -> Iterator[Named]:
    """The longest name at each word, from left to right."""
    words = words_of(plain) if table else []
    at = 0
    while at < len(words):
        found = _longest(plain, words[at : at + _LONGEST_NAME], table)
        if found is not None:
            yield found
        at += len(found.words) if found else 1


def named_at(plain: str, table: Table, at: int) -> Named | None:
    """The longest name that begins at a place of the text."""
    words = [(word, start + at, end + at) for word, start, end in words_of(plain[at:])][
        :_LONGEST_NAME
    ]
    if not words or words[0][1] != at:
        return None
    return _longest(plain, words, table)


def plain_words(name: str) -> Words:
    """The words of a name in plain form."""
    return tuple(word for word, _, _ in words_of(fold(name)))


def _longest(
    plain: str, words: list[tuple[str, int, int]], table: Table
) -> Named | None:
    for count in range(len(words), 0, -1):
        key = tuple(word for word, _, _ in words[:count])
        start, end = words[0][1], words[count - 1][2]
        if key in table and CLAIMED not in plain[start:end]:
            return Named(start, end, key, *table[key])
    return None


def _table(named: Iterable[tuple[str, Iterable[tuple[Words, str]]]]) -> Table:
    names: dict[Words, str] = {}
    values: dict[Words, set[str]] = {}
    for value, aliases in named:
        for words, name in aliases:
            if words:
                names[words] = min(name, names.get(words, name))
                values.setdefault(words, set()).add(value)
    return {words: (names[words], frozenset(values[words])) for words in names}


def _exact(vocabulary: Vocabulary) -> dict[tuple[str, str], frozenset[str]]:
    values: dict[tuple[str, str], set[str]] = {}
    for kind, names in (
        ("place", vocabulary.places),
        ("camera", vocabulary.cameras),
        ("folder", vocabulary.folders),
    ):
        for name in names:
            values.setdefault((kind, exact_key(name)), set()).add(name)
    return {key: frozenset(found) for key, found in values.items()}


def _place_names(value: str) -> Iterator[tuple[Words, str]]:
    """Of "Lisbon, Portugal": itself, "Lisbon" and "Portugal"."""
    yield plain_words(value), value
    for part in value.split(","):
        name, words = part.strip(), plain_words(part)
        if sum(map(len, words)) >= _SHORTEST_PLACE:
            yield words, name
        for nickname in COUNTRY_NICKNAMES.get(" ".join(words), ()):
            yield tuple(nickname.split()), name
        if words[-1:] == ("city",):
            yield words[:-1], name


def _folder_names(value: str) -> Iterator[tuple[Words, str]]:
    """A folder's whole path, and each folder in it."""
    yield plain_words(value), value
    for name in re.split(r"[/\\]", value):
        yield plain_words(name), name


def _runs(value: str) -> Iterator[tuple[Words, str]]:
    """Each run of words in a camera's name."""
    words = words_of(fold(value))
    same_length = len(fold(value)) == len(value)
    for first in range(len(words)):
        for last in range(first, min(len(words), first + _LONGEST_NAME)):
            begin, end = words[first][1], words[last][2]
            source = value if same_length else fold(value)
            yield (
                tuple(word for word, _, _ in words[first : last + 1]),
                source[begin:end],
            )
