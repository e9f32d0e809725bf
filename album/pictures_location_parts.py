"""Files made of chunks (PNG, WebP), and what all formats share: bounded reading of a
file that may be hostile, and the list of what is to be overwritten in it."""

from __future__ import annotations

import os
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from album.errors import PictureError
from album.pictures_location_tags import redact_exif
from album.pictures_location_xmp import redact_xmp

MAX_PART_BYTES = 16 * 1024**2
"""Of one block of metadata; what is longer is no metadata that anybody wrote."""
MAX_PARTS = 200_000
"""Of a file, so that one of tiny parts does not keep the program busy."""

_MAX_CHANGED_BYTES = 64 * 1024**2  # kept in memory until the copy is sent
_WINDOW = 1 << 20
_PLACES = re.compile(rb"gps|location|raw profile type", re.IGNORECASE)
_XMP_KEYWORD = b"XML:com.adobe.xmp"


def damaged() -> PictureError:
    """The file is not built as its format says."""
    return PictureError(
        "The file is damaged, so its position cannot be found to be taken out."
    )


@dataclass(slots=True)
class Plan:
    """The copy ends after `length` bytes; `edits` are (offset in bytes, new bytes)."""

    length: int = 0
    edits: list[tuple[int, bytes]] = field(default_factory=list)
    changed: int = 0  # bytes

    def replace(self, at: int, old: bytes, new: bytes) -> None:
        """Overwrite `old`, which stands `at`, with as many bytes. Raises PictureError
        if so much metadata is no file that anybody made."""
        assert len(old) == len(new)
        if old != new:
            self.edits.append((at, new))
            self.changed += len(new)
        if self.changed > _MAX_CHANGED_BYTES:
            raise damaged()


class Source:
    """An open file, read by offset, in bytes; never beyond its end.

    Not mapped into memory: a file that shrinks meanwhile would end the program.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.size = os.fstat(file.fileno()).st_size

    def __enter__(self) -> Source:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()

    def close(self) -> None:
        """Give the file back."""
        self._file.close()

    def upto(self, at: int, length: int) -> bytes:
        """So many bytes, or fewer at the end. Raises PictureError if reading fails."""
        try:
            self._file.seek(at)
            return self._file.read(length)
        except OSError:
            raise PictureError("The file cannot be read now.") from None

    def at(self, at: int, length: int) -> bytes:
        """Exactly so many bytes. Raises PictureError if there are not so many."""
        found = self.upto(at, length)
        if len(found) != length:
            raise damaged()
        return found

    def number(self, at: int, length: int) -> int:
        """A whole number, its highest byte first. Raises PictureError."""
        return int.from_bytes(self.at(at, length), "big")

    def part(self, at: int, length: int) -> bytes:
        """A block of metadata. Raises PictureError if it is beyond all reason."""
        if length > MAX_PART_BYTES:
            raise damaged()
        return self.at(at, length)

    def search(self, pattern: re.Pattern[bytes], at: int, width: int) -> int | None:
        """Where the pattern, of at most `width` bytes, is first found from `at` on."""
        while at < self.size:
            window = self.upto(at, _WINDOW + width - 1)
            found = pattern.search(window)
            if found:
                return at + found.start()
            if len(window) < width:
                return None
            at += len(window) - width + 1
        return None


# --- PNG -----------------------------------------------------------------------------


def redact_png(source: Source) -> Plan:
    """Raises PictureError for a damaged file."""
    plan = Plan()
    at = 8
    for _ in range(MAX_PARTS):
        length, kind = source.number(at, 4), source.at(at + 4, 4)
        if kind in (b"eXIf", b"tEXt", b"zTXt", b"iTXt", b"caBX"):
            old = kind + source.part(at + 8, length)
            new = _png_chunk(kind, old[4:])
            if new != old:
                checked = new + zlib.crc32(new).to_bytes(4, "big")
                plan.replace(at + 4, source.at(at + 4, length + 8), checked)
        at += length + 12
        if kind == b"IEND":
            source.at(at - 1, 1)
            plan.length = at
            return plan
    raise damaged()


def _png_chunk(kind: bytes, body: bytes) -> bytes:
    """A chunk's type and content without places; of no other length."""
    if kind == b"eXIf":
        return kind + redact_exif(body)
    blank = b"tEXt" + b"c\0".ljust(len(body))
    if kind == b"caBX":  # the file's own history, which tells of an unedited one
        return blank if len(body) > 1 else kind + body
    keyword, _, rest = body.partition(b"\0")
    if keyword == _XMP_KEYWORD:
        if kind == b"tEXt":
            return kind + keyword + b"\0" + redact_xmp(rest)
        head, text = _split_itxt(rest) if kind == b"iTXt" else (b"", b"")
        return kind + keyword + b"\0" + head + redact_xmp(text) if text else blank
    return blank if _PLACES.search(keyword) else kind + body


def _split_itxt(rest: bytes) -> tuple[bytes, bytes]:
    """Flags, language and translated keyword; and the text, or nothing if packed."""
    parts = rest[2:].split(b"\0", 2)
    if rest[:1] != b"\0" or len(parts) != 3:
        return rest, b""
    return rest[: len(rest) - len(parts[2])], parts[2]


# --- WebP ----------------------------------------------------------------------------


def redact_webp(source: Source) -> Plan:
    """Raises PictureError for a damaged file."""
    plan = Plan(min(source.size, 8 + int.from_bytes(source.at(4, 4), "little")))
    for kind, at, length in _riff_chunks(source, plan.length):
        if kind == b"EXIF":
            old = source.part(at, length)
            plan.replace(at, old, redact_exif(old))
        elif kind == b"XMP ":
            old = source.part(at, length)
            plan.replace(at, old, redact_xmp(old))
        elif kind == b"C2PA":
            plan.replace(at, source.part(at, length), bytes(length))
    return plan


def _riff_chunks(source: Source, end: int) -> Iterator[tuple[bytes, int, int]]:
    """Type, offset and length of each chunk."""
    at = 12
    for _ in range(MAX_PARTS):
        if at + 8 > end:
            return
        head = source.at(at, 8)
        length = int.from_bytes(head[4:], "little")
        yield head[:4], at + 8, length
        at += 8 + length + length % 2
    raise damaged()
