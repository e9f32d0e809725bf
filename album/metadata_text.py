"""Text out of tags: decoded, cleaned, and without what cameras write by themselves."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping

MAX_TEXT = 500
"""The most characters of a description that are kept."""

MAX_KEYWORDS = 50
"""The most keywords that are kept."""

_MAX_KEYWORD = 80
_MAX_RAW = 20_000  # characters looked at: the rest of a huge comment is never shown

_XP_TITLE, _XP_COMMENT, _XP_KEYWORDS, _XP_SUBJECT = 0x9C9B, 0x9C9C, 0x9C9E, 0x9C9F
_IMAGE_DESCRIPTION, _USER_COMMENT = 0x010E, 0x9286
_MAKE_AND_MODEL = (0x010F, 0x0110)
_IPTC_TITLE, _IPTC_KEYWORDS, _IPTC_CAPTION = (2, 5), (2, 25), (2, 120)

# What cameras, phones and programs write where a person's words should stand.
_JUNK = re.compile(
    r"""
      (?:(?:konica\ )?minolta|olympus|kodak|sony|samsung|nikon|canon|pentax|fujifilm
        |panasonic|ricoh|sanyo|casio|benq|vivitar|digital)?\W*
      (?:digital\ (?:still\ )?camera|dsc|camera|exif_jpeg(?:_picture)?)
      (?:\ ?[\dA-Z]{0,8})?
    | samsung | dcim\b.* | [0-9a-f]{16,} | lead\ technologies.* | jfif.*
    | exif.jpe?g.* | jpeg(?:\ encoder.*)?
    | (?:created|generated|made|edited|optimized)\ (?:with|by|using|in)\b.*
    | (?:default|untitled|no\ name|image|photo|picture|title|description|comment)
    | (?:img|dsc[fn]?|dscn?|pict?|p|cimg|mvimg|pxl|screenshot)[_-]?\d[\d_-]*(?:\.\w+)?
    | (?:oplus|cof|dav|edf|hdr|rhdr|sdr|btf|fbt|mde|nor|ptr|rbt|tpl|vhdr|oznor|qrf
        |rptn?r|burst|tmp|bty|mtx|smart|soft|fptr|ptn)(?:_[\w-]*)*
    | charset\s*=.* | (?:ascii|unicode|binary|user\ comments?)\W*
    | filter:.* | .*fileterintensity.* | \{.*\} | <\?xml.* | (?:https?://|file:)\S*
    """,
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)


def as_text(value: object) -> str:
    """A tag's value as text: UTF-8 if it is that, Latin-1 otherwise; "" for no text.

    It ends at the first NUL, behind which some cameras leave what was in memory.
    """
    if isinstance(value, str):
        text = value[:_MAX_RAW].lstrip("\x00").partition("\x00")[0]
        try:
            # EXIF text reaches us read as Latin-1, though most programs write UTF-8.
            return text.encode("latin-1").decode("utf-8")
        except UnicodeError:
            return text
    if isinstance(value, bytes):
        raw = value[:_MAX_RAW].lstrip(b"\x00").partition(b"\x00")[0]
        try:
            return raw.decode("utf-8")
        except UnicodeDecodeError:
            return raw.decode("cp1252", "replace")
    if isinstance(value, tuple | list) and len(value) == 1:
        return as_text(value[0])
    return ""


def clean_text(text: str, limit: int = MAX_TEXT) -> str:
    """NFC, one line, without control characters or half surrogates, bounded."""
    text = unicodedata.normalize("NFC", text[:_MAX_RAW])
    kept = (
        " "
        if character.isspace() or unicodedata.category(character) == "Cc"
        # Format characters (Cf) stay: they join emoji and guide right-to-left text.
        else character
        for character in text.replace("\x00", " ")
        if unicodedata.category(character) not in ("Cs", "Cn", "Co")
    )
    text = " ".join("".join(kept).split())
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def read_description(
    exif: Mapping[int, object],
    exif_ifd: Mapping[int, object],
    iptc: Mapping[tuple[int, int], list[bytes]],
    xmp: Mapping[str, list[str]],
) -> str | None:
    """Title and description that a person gave the picture, as one text."""
    # Some cameras write their own name into the description, too.
    own = {clean_text(as_text(exif.get(tag))).casefold() for tag in _MAKE_AND_MODEL}
    title = _first_meant(
        [
            *xmp.get("dc:title", ()),
            *map(as_text, iptc.get(_IPTC_TITLE, ())),
            _utf16(exif.get(_XP_TITLE)),
        ],
        own,
    )
    caption = _first_meant(
        [
            *xmp.get("dc:description", ()),
            *map(as_text, iptc.get(_IPTC_CAPTION, ())),
            as_text(exif.get(_IMAGE_DESCRIPTION)),
            _utf16(exif.get(_XP_COMMENT)),
            _utf16(exif.get(_XP_SUBJECT)),
            _user_comment(exif_ifd.get(_USER_COMMENT) or exif.get(_USER_COMMENT)),
        ],
        own,
    )
    if not title or title.casefold() in caption.casefold():
        return caption or None
    if not caption or caption.casefold() in title.casefold():
        return title
    joint = " " if title[-1] in ".!?…" else ". "
    return clean_text(title + joint + caption)


def read_keywords(
    exif: Mapping[int, object],
    iptc: Mapping[tuple[int, int], list[bytes]],
    xmp: Mapping[str, list[str]],
) -> tuple[str, ...]:
    """The keywords of all three places, each once, in their order."""
    found: dict[str, str] = {}
    for text in (
        *xmp.get("dc:subject", ()),
        *map(as_text, iptc.get(_IPTC_KEYWORDS, ())),
        *_utf16(exif.get(_XP_KEYWORDS)).split(";"),
    ):
        keyword = clean_text(text, _MAX_KEYWORD).strip(" ,;")
        if keyword:
            found.setdefault(keyword.casefold(), keyword)
    return tuple(found.values())[:MAX_KEYWORDS]


def _first_meant(texts: Iterable[str], own: Collection[str]) -> str:
    """The first text that a person may have written, and that is not among `own`."""
    for raw in texts:
        text = clean_text(raw)
        if _is_meant(text) and text.casefold() not in own:
            return text
    return ""


def _is_meant(text: str) -> bool:
    readable = sum(character.isalnum() or character.isspace() for character in text)
    # Binary settings that makers keep in comments are mostly signs, or unreadable.
    if readable < 0.6 * len(text) or "\ufffd" in text:
        return False
    if not re.search(r"[^\W\d_]{2}", text):  # no word in it: a number, a serial
        return False
    return not _JUNK.fullmatch(text)


def _utf16(value: object) -> str:
    """The text of the tags that Windows writes (XPTitle, …): UTF-16, little endian."""
    if isinstance(value, tuple | list) and all(
        isinstance(byte, int) and 0 <= byte < 256 for byte in value
    ):
        value = bytes(value)
    if not isinstance(value, bytes):
        return as_text(value)
    return value[:_MAX_RAW].decode("utf-16-le", "replace").split("\x00", 1)[0]


def _user_comment(value: object) -> str:
    """UserComment: eight bytes that name its character code, then the text."""
    if not isinstance(value, bytes):
        return as_text(value)
    code, text = value[:8], value[8:_MAX_RAW]
    if code.startswith(b"UNICODE"):
        return _either_utf16(text)
    if code.startswith(b"JIS"):
        for encoding in ("iso2022_jp", "shift_jis"):
            try:
                return text.decode(encoding)
            except UnicodeDecodeError:
                continue
        return ""
    known = code.startswith(b"ASCII") or not code.strip(b"\x00")
    return as_text((text if known else value).strip(b"\x00"))


def _either_utf16(text: bytes) -> str:
    """UTF-16 of unknown byte order, since programs write either."""
    if text[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return text.decode("utf-16", "replace").rstrip("\x00")
    little = text.decode("utf-16-le", "replace").rstrip("\x00")
    big = text.decode("utf-16-be", "replace").rstrip("\x00")

    def strangeness(candidate: str) -> tuple[int, int]:
        # The wrong order makes characters that do not exist, and of many scripts.
        no_text = sum(unicodedata.category(c) in ("Cn", "Co", "Cs") for c in candidate)
        return no_text, len({ord(character) >> 8 for character in candidate})

    return min(little, big, key=strangeness)
