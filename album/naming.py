"""What people call places, cameras and folders, and whether a name is one of those."""

from __future__ import annotations

import os
import unicodedata

from album.wording import plain_words


def place_parts(place: str) -> list[str]:
    """Of "Cascais, Portugal": "Cascais", "Portugal"."""
    return _parts(place, ",")


def camera_names(camera: str) -> list[str]:
    """Its whole name, the maker, and the name without the maker."""
    maker, _, model = camera.partition(" ")
    return [name for name in (camera, maker, model) if name]


def folder_parts(folder: str) -> list[str]:
    """The names of a folder's path, outermost first."""
    return _parts(folder.replace(os.sep, "/"), "/")


def is_in_place(place: str, wanted: str) -> bool:
    """Whether a place is the one wanted, as a whole or in one of its parts."""
    return plain_words(wanted) in map(plain_words, [place, *place_parts(place)])


def is_camera(camera: str, wanted: str) -> bool:
    """Whether one of a camera's names is the one wanted."""
    words = plain_words(wanted)
    return bool(words) and words in map(plain_words, camera_names(camera))


def is_below(folder: str, wanted: str) -> bool:
    """Whether a folder is the one wanted, or lies below it."""
    inner = _path(wanted)
    return inner != "//" and inner in _path(folder)


def is_called(name: str, wanted: str) -> bool:
    """Whether two names have the same plain words."""
    words = plain_words(wanted)
    return bool(words) and words == plain_words(name)


def _path(folder: str) -> str:
    """Some systems keep names decomposed (e + ´); a keyboard writes them composed."""
    plain = unicodedata.normalize("NFC", folder).casefold()
    return f"/{'/'.join(folder_parts(plain))}/"


def _parts(text: str, separator: str) -> list[str]:
    return [part.strip() for part in text.split(separator) if part.strip()]
