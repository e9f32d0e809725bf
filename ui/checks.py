"""Checks of what comes from outside. Each returns the value in its own type, or raises
BadRequest with a sentence that says what is wanted."""

from __future__ import annotations

from typing import get_args

from index.found import Order
from ui.errors import BadRequest

MAX_IDS = 5000
"""Photos that one request may name; a page with more of them asks several times."""
_MAX_ID = 2**31 - 1  # the timeline sends ids as uint32; SQLite counts them up from 1
_MAX_CAPTION_ID = 2**53  # the largest whole number that a browser's JSON carries
_ORDERS: tuple[Order, ...] = get_args(Order)


def number(value: object, what: str) -> int:
    """A whole number, also as digits. `bool` is an int in Python, but not here."""
    if isinstance(value, str) and value.isascii() and value.isdigit():
        if len(value) <= len(str(_MAX_ID)):
            return int(value)
    elif isinstance(value, int) and not isinstance(value, bool):
        return value
    raise BadRequest(f"{what} must be a whole number.")


def photo_id(value: object) -> int:
    """A photo's id, from 1."""
    checked = number(value, "A photo's id")
    if not 0 < checked <= _MAX_ID:
        raise BadRequest("A photo's id must be a positive number.")
    return checked


def photo_ids(value: object) -> list[int]:
    """From 1 to 5,000 ids of photos, each once, in their order."""
    if not isinstance(value, list) or not 0 < len(value) <= MAX_IDS:
        raise BadRequest(f"ids is a list of 1 to {MAX_IDS:,} numbers.")
    if not all(isinstance(one, int) for one in value):
        raise BadRequest("ids is a list of whole numbers.")
    return list(dict.fromkeys(map(photo_id, value)))


def album_id(value: object) -> int:
    """An album's id, from 1."""
    checked = number(value, "An album's id")
    if not 0 < checked <= _MAX_ID:
        raise BadRequest("An album's id must be a positive number.")
    return checked


def caption_id(value: object) -> int | None:
    """The id of a caption that a person has seen; 0: there was none; None: not said."""
    if value is None:
        return None
    checked = number(value, "seen")
    if not 0 <= checked <= _MAX_CAPTION_ID:
        raise BadRequest("seen is the id of a caption, or 0.")
    return checked


def text(value: object, longest: int, what: str) -> str:
    """Text with at least one visible character."""
    if not isinstance(value, str):
        raise BadRequest(f"{what} must be text.")
    if not value.strip():
        raise BadRequest(f"{what} needs at least one word.")
    if len(value) > longest:
        raise BadRequest(f"{what} may have at most {longest:,} characters.")
    if showable(value) != value:
        raise BadRequest(f"{what} holds half a character.")
    return value.strip()


def showable(value: str) -> str:
    """The text with a question mark for each lone surrogate: JSON can spell those, but
    no answer in UTF-8 can carry them back."""
    return value.encode("utf-8", "replace").decode("utf-8")


def order(value: object) -> Order:
    """The order of what a search finds."""
    for known in _ORDERS:
        if value == known:
            return known
    raise BadRequest(f"order is one of {', '.join(_ORDERS)}.")


def flag(value: object, what: str) -> bool:
    """Yes or no; over HTTP, 1 or 0."""
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value in ("0", "1"):
        return value == "1"
    raise BadRequest(f"{what} is 0 or 1.")
