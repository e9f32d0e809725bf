"""A query as the parser reads it: plain small letters that know where they came from.

Accents, case, kinds of quotes and dashes, and runs of spaces make no difference to
what a query means, so they are taken out once, here. Every rule reads the plain text
and claims the part it understood; what is claimed is hidden from the rules after it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from index.asked import ChipKind, PhotoKind, Span
from index.query.words import (
    CARRIERS,
    CONJUNCTIONS,
    DENIALS,
    PREPOSITIONS,
    THINGS_IN_ING,
)

LONGEST_QUERY = 500
"""Characters that are read; MiniLM itself takes no more than 256 word pieces."""

CLAIMED = "\x00"
"""Stands for a claimed character. No query holds it: `fold` drops control characters.
"""

BEGIN = r"(?<![\w'])(?<![\w-]-)"
"""Where a word may begin: not within one, but behind the dash of "-screenshots"."""

_QUOTES = str.maketrans("’‘‛′`´“”„«»‟〝〞＂", "''''''" + '"' * 9)
_DASHES = str.maketrans("‐‑‒–—−﹣－", "-" * 8)
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")


@dataclass(frozen=True, slots=True)
class When:
    """A time that was asked for: within `spans`, and each other field that is set.

    `open_ended`: a span like "since 2015", that narrows others instead of adding.
    `content`: its words also say what is on the picture ("at night"), so they stay.
    """

    spans: tuple[Span, ...] = ()
    hours: tuple[tuple[int, int], ...] = ()
    weekdays: tuple[int, ...] = ()
    months: tuple[int, ...] = ()
    open_ended: bool = False
    content: bool = False


@dataclass(frozen=True, slots=True)
class Values:
    """Values of the album's vocabulary, of which one must hold."""

    kind: Literal["place", "camera", "folder", "album"]
    names: frozenset[str]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of picture."""

    name: PhotoKind


@dataclass(frozen=True, slots=True)
class Captioned:
    """Whose caption is shown; see album/catalogue_captioned.py."""

    who: str


@dataclass(frozen=True, slots=True)
class Favourite:
    """Favourites, or what is none."""

    is_one: bool = True


@dataclass(frozen=True, slots=True)
class Words:
    """Words in quotes, or unwanted ones."""

    text: str


@dataclass(frozen=True, slots=True)
class Part:
    """What characters `start` to `end` of the plain text were understood as."""

    start: int
    end: int
    kind: ChipKind
    label: str
    meaning: When | Values | Kind | Captioned | Favourite | Words
    negated: bool = False
    joined: bool = False
    """Goes on with the negation before it, "or cars": both are taken away together."""


@dataclass(slots=True)
class Text:
    """A query while it is read. `plain` has CLAIMED for what is understood already;
    `origins` int per character of `plain`: where in the query it came from."""

    query: str
    plain: str
    origins: list[int]
    parts: list[Part] = field(default_factory=list)

    def claim(self, part: Part) -> None:
        """Keep a part and hide its characters from the rules that follow."""
        self.parts.append(part)
        self.hide(part.start, part.end)

    def hide(self, start: int, end: int) -> None:
        """Hide characters of the plain text from the rules that follow."""
        blank = CLAIMED * (end - start)
        self.plain = self.plain[:start] + blank + self.plain[end:]

    def origin(self, start: int, end: int) -> tuple[int, int]:
        """Where a stretch of the plain text begins and ends in the query."""
        last = self.origins[end - 1] + 1
        while last < len(self.query) and unicodedata.combining(self.query[last]):
            last += 1
        return self.origins[start], last

    def written(self, start: int, end: int) -> str:
        """A stretch of the plain text as the person wrote it."""
        if start >= end:
            return ""
        first, last = self.origin(start, end)
        return " ".join(self.query[first:last].split())


def read(query: str) -> Text:
    """The plain form of a query's first `LONGEST_QUERY` characters."""
    plain: list[str] = []
    origins: list[int] = []
    for index, char in enumerate(query[:LONGEST_QUERY]):
        for letter in " " if char.isspace() else _fold_char(char):
            if letter == " " and (not plain or plain[-1] == " "):
                continue
            plain.append(letter)
            origins.append(index)
    return Text(query, "".join(plain), origins)


def fold(text: str) -> str:
    """The same plain form of a short text, such as a place's name."""
    return "".join(_fold_char(char) for char in text)


def words_of(text: str) -> list[tuple[str, int, int]]:
    """(word, start, end) of each word of a plain text, apostrophes inside."""
    return [(m[0], m.start(), m.end()) for m in _WORD.finditer(text)]


def every(
    pattern: re.Pattern[str],
    text: Text,
    meaning: Callable[[re.Match[str]], Part | None],
) -> None:
    """Claim each match that `meaning` accepts; after one it refuses, go on one word
    later, so that a wrong long match does not hide a right short one."""
    at = 0
    while match := pattern.search(text.plain, at):
        part = meaning(match)
        if part is not None:
            text.claim(part)
            at = match.end()
        else:
            at = match.start() + 1


def closed_left(plain: str, start: int) -> bool:
    """Whether nothing that is said before belongs to what begins at `start`."""
    before = plain[:start].rstrip(" ")
    if not before or not (before[-1].isalnum() or before[-1] in "'-_&#@$%"):
        return True
    last = before[max(map(before.rfind, (" ", CLAIMED))) + 1 :]
    return last in CONJUNCTIONS or last in CARRIERS


def last_said(plain: str, end: int) -> bool:
    """Whether no word follows at `end` before punctuation or a claimed part."""
    after = plain[end:].lstrip(" ")
    return not after or not (after[0].isalnum() or after[0] in "'-_&#@$%")


def closed_right(plain: str, end: int) -> bool:
    """Whether nothing that is said after belongs to what ends at `end`."""
    if last_said(plain, end):
        return True
    after = plain[end:].lstrip(" ")
    if after[0] == "-":  # "summer -people"
        return plain[end : end + 1] == " "
    following = _WORD.match(after)
    word = following[0] if following else ""
    return (
        word in PREPOSITIONS - {"of"}
        or word in CONJUNCTIONS
        or word in DENIALS
        or word in CARRIERS
        or is_doing(word)
    )


def is_doing(word: str) -> bool:
    """Whether a word tells of a doing ("playing"), by its ending."""
    return len(word) > 4 and word.endswith("ing") and word not in THINGS_IN_ING


def _fold_char(char: str) -> str:
    char = char.translate(_QUOTES).translate(_DASHES)
    if char.isascii():
        return char.lower() if char.isprintable() else ""
    if unicodedata.category(char) in ("Cc", "Cf", "Cs", "Mn", "Me"):
        return ""
    plain = "".join(
        letter
        for letter in unicodedata.normalize("NFKD", char).casefold()
        if not unicodedata.combining(letter)
    )
    # "½" would become "1⁄2", with a border of words inside one character.
    return plain if plain and plain.isalnum() else char
