"""The words in a file's or folder's name, without what a camera or an app put there."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

_UNDECODABLE = re.compile(r"\\x[0-9a-fA-F]{2}")
_IDENTIFIER = re.compile(
    r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"  # UUID
    r"|\b(?=[0-9a-f]*\d)[0-9a-f]{8,}\b",  # the hash of something
    re.IGNORECASE,
)
_CAMEL = re.compile(r"(?<=[^\W\d_A-Z])(?=[A-Z][^\W\d_A-Z])")
_TOKEN = re.compile(r"[^\W_]+(?:['’][^\W\d_]+)*")
_SCREENSHOT = re.compile(r"\b(screen ?shots?|bildschirmfoto|screen capture)\b", re.I)
_YEAR = re.compile(r"(?:19|20)\d\d")
_LONGEST_WITH_DIGITS = 4  # "4th" and "B52" are words, "WA0012" and "P1010" are not

# What cameras, phones and chat programs begin names with (DCF and common practice).
_CAMERA_WORDS = """
    img dsc dscn dscf sam pict pic pxl mvimg vid mov gopr gp dji cimg imgp kif
    mg fb wa whatsapp whats app received signal telegram snapchat burst crop cover raw
    mp hdr inshot resized copy edited edit untitled unnamed download image images photo
    photos picture pictures jpg jpeg png heic tmp temp dcim canon nikon
    apple olymp panasonic media camera roll uploads upload albums album
"""
_MADE_BY_MACHINE = frozenset(_CAMERA_WORDS.split())
_SAY_NOTHING_ALONE = frozenset({"a", "am", "at", "i", "of", "pm"})
# Folders that only say that there are pictures in them.
_PLAIN_FOLDERS = frozenset({"", ".", "/", "desktop", "downloads", "documents", "home"})


def name_words(name: str) -> str:
    """What a person called the file: "my_old-dog.jpg" → "my old dog".

    What a camera or an app called it is no word: "IMG_1234.JPG" → "". A screenshot's
    name becomes "screenshot".
    """
    stem = PurePosixPath(name).stem if "." in name.lstrip(".") else name
    return _words(stem)


def folder_words(folder: str) -> str:
    """The words of the innermost folder: "2023/Summer in Italy" → "Summer in Italy"."""
    last = PurePosixPath(folder.replace("\\", "/")).name
    return "" if last.lower() in _PLAIN_FOLDERS else _words(last)


def _words(text: str) -> str:
    text = _IDENTIFIER.sub(" ", _UNDECODABLE.sub(" ", text))
    shot = _SCREENSHOT.search(text.replace("_", " "))
    if shot:
        return "screenshot"
    tokens = _TOKEN.findall(_CAMEL.sub(" ", text))
    # A year or a number tells something beside words, and nothing alone.
    kept = [token for token in tokens if _is_word(token)]
    telling = (t for t in kept if t.lower() not in _SAY_NOTHING_ALONE)
    if not any(any(c.isalpha() for c in token) for token in telling):
        return ""
    return " ".join(kept)


def _is_word(token: str) -> bool:
    letters = "".join(c for c in token.lower() if c.isalpha())
    if not letters:
        return _YEAR.fullmatch(token) is not None
    if letters in _MADE_BY_MACHINE:
        return False
    if any(c.isdigit() for c in token):
        return len(token) <= _LONGEST_WITH_DIGITS
    # One Latin letter is no word; one Chinese character is.
    return len(token) > 1 or not token.isascii() or token.lower() in ("a", "i")
