"""Which captions are meant: conditions such as `captioner=qwen` or `prompt<2`.

Pure: a condition is parsed and explained here; the catalogue asks its tables for it.
"""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeAlias

from album.captioners.prompt import ENGLISH, Prompt
from album.errors import AlbumError

Op: TypeAlias = Literal["=", "<", ">"]
Value: TypeAlias = str | int | date | tuple[str, ...] | tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Condition:
    """One thing that must be true of the caption a photo shows, or of the photo.

    `value` is an int for `prompt`, a date for `written`, a tuple of photo ids for
    `photo`, the variants of the question in that language for `language`, else text.
    """

    key: str
    op: Op
    value: Value


@dataclass(frozen=True, slots=True)
class _Key:
    """What may stand after a key: how it is read, and whether < and > make sense."""

    parse: Callable[[str], Value]
    ordered: bool = False


def parse_condition(text: str) -> Condition:
    """The condition that a person wrote as KEY=VALUE, KEY<VALUE or KEY>VALUE.

    Raises AlbumError, with the keys or what the value must be.
    """
    plain = _printable(text)
    match = _CONDITION.fullmatch(plain)
    name = match["key"].lower() if match else ""
    key = _KEYS.get(name)
    if match is None or key is None:
        raise AlbumError(
            f"“{plain}” is no condition. Write KEY=VALUE with one of the keys "
            f"{', '.join(_KEYS)}; prompt and written also take < and >."
        )
    op = _op(match["op"])
    if op != "=" and not key.ordered:
        raise AlbumError(f"“{plain}” is no condition: {name} takes only =.")
    try:
        return Condition(name, op, key.parse(match["value"].strip()))
    except ValueError as error:
        raise AlbumError(f"“{plain}” is no condition: {error}.") from error


def says(words: str) -> Callable[[str], bool]:
    """Whether a caption contains these words, as they stand, one after the other.

    Case and the kind of white space do not matter. "cat" is not found in "catalogue":
    where a script has capitals it also has spaces between words; in the others
    (Chinese, Thai) any part of the text counts.
    """
    folded = _folded(words).split()
    pattern = r"\s+".join(map(re.escape, folded))
    if folded and folded[0][0].islower():
        pattern = rf"(?<!\w){pattern}"
    if folded and folded[-1][-1].islower():
        pattern = rf"{pattern}(?!\w)"
    search = re.compile(pattern).search
    return lambda text: search(_folded(text)) is not None


def lies_in(folder: str) -> Callable[[str], bool]:
    """Whether a photo's folder, as people see it, is this one or one inside it."""
    whole = _as_path(folder)
    inside = whole + "/"

    def check(shown: str) -> bool:
        path = _as_path(shown)
        return path == whole or path.startswith(inside)

    return check


_CONDITION = re.compile(r"\s*(?P<key>\w+)\s*(?P<op>[=<>])(?P<value>.*)", re.DOTALL)


def _printable(text: str) -> str:
    """Bytes of the command line that are not UTF-8 as \\xNN, as folders show them."""
    try:
        raw = text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError as error:
        raise AlbumError("A condition holds something that is not text.") from error
    return raw.decode("utf-8", "backslashreplace")


def _op(text: str) -> Op:
    return "<" if text == "<" else ">" if text == ">" else "="


def _any(value: str) -> str:
    return value


def _some(value: str) -> str:
    if not value:
        raise ValueError("it needs a value")
    return value


def _folder(value: str) -> str:
    return _some(value.rstrip("/" + os.sep))


def _variants(value: str) -> tuple[str, ...]:
    """How the catalogue names the question in this language, without and with what the
    file says."""
    language = ENGLISH if value.lower() == ENGLISH.lower() else _some(value)
    return tuple(Prompt(language, context).variant for context in (False, True))


def _number(value: str) -> int:
    # Nine digits: more would not fit into a column of the catalogue at some point.
    if not (value.isascii() and value.isdigit() and len(value) <= 9):
        raise ValueError("the version of a prompt is a whole number, such as 2")
    return int(value)


def _day(value: str) -> date:
    try:
        day = date.fromisoformat(value)
    except ValueError:
        day = date.min
    if not 2000 <= day.year < 3000:  # outside, other time zones have no such day
        raise ValueError("a day is written like 2026-05-31")
    return day


def _photo_ids(value: str) -> tuple[int, ...]:
    parts = [part.strip() for part in value.split(",")]
    if not all(p.isascii() and p.isdigit() and len(p) <= 18 for p in parts):
        raise ValueError("photos are named by their ids, such as 7 or 7,12,31")
    return tuple(map(int, parts))


def _folded(text: str) -> str:
    return unicodedata.normalize("NFC", text).casefold()


def _as_path(folder: str) -> str:
    # Some systems keep names decomposed (e + ´); a keyboard writes them composed.
    return unicodedata.normalize("NFC", folder).replace(os.sep, "/")


_KEYS = {
    "captioner": _Key(_some),
    "model": _Key(_any),
    "revision": _Key(_any),
    "quantisation": _Key(_any),
    "language": _Key(_variants),
    "variant": _Key(_any),
    "prompt": _Key(_number, ordered=True),
    "written": _Key(_day, ordered=True),
    "folder": _Key(_folder),
    "text": _Key(_some),
    "photo": _Key(_photo_ids),
}
KEYS = tuple(_KEYS)
"""The keys of conditions, in the order people are told them."""
