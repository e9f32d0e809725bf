"""Blanks places in blocks of metadata: EXIF (TIFF), IPTC (IIM) and Photoshop's.

Every function takes a block and gives one of the same length. They are lenient with
what is broken, as those who read it are: what cannot be understood at all is blanked.
"""

from __future__ import annotations

from typing import Literal

from album.pictures_location_xmp import redact_xmp

_GPS, _EXIF, _XMP, _IPTC, _PHOTOSHOP = 0x8825, 0x8769, 0x02BC, 0x83BB, 0x8649
TIFF_HEADS = (b"II*\0", b"MM\0*")
_TYPE_BYTES = (0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4)  # of the TIFF types 0 to 13
_MAX_DIRECTORIES = 32  # a camera's file has three or four

# IIM record 2: content location code and name, city, sublocation, state, country.
_IPTC_PLACES = frozenset((26, 27, 90, 92, 95, 100, 101))
_SIGNATURE = b"8BIM"


def redact_exif(block: bytes) -> bytes:
    """EXIF data without its GPS directory, with or without "Exif" in front."""
    start = 6 if block[:4] == b"Exif" else 0
    tiff = _Tiff(block[start:])
    return block[:start] + tiff.redacted()


class _Tiff:
    """Directories of tags that point at each other; offsets are in bytes."""

    def __init__(self, block: bytes) -> None:
        self.block = bytearray(block)
        self.order: Literal["little", "big"] = "little" if block[:2] == b"II" else "big"
        self.known: set[int] = set()
        self.positions: list[int] = []

    def redacted(self) -> bytes:
        """The block without places; wholly blank if it is none of TIFF."""
        if bytes(self.block[:4]) not in TIFF_HEADS or len(self.block) < 8:
            return bytes(len(self.block))
        waiting = [self.number(4, 4)]
        while waiting and len(self.known) < _MAX_DIRECTORIES:
            at = waiting.pop()
            if at not in self.known:
                self.known.add(at)
                waiting += self.directory(at)
        if waiting or len(self.positions) > _MAX_DIRECTORIES:
            return bytes(len(self.block))
        for at in self.positions:
            self.wipe(at)
        return bytes(self.block)

    def number(self, at: int, length: int) -> int:
        """0 beyond the end."""
        return int.from_bytes(self.block[at : at + length], self.order)

    def entries(self, at: int) -> list[bytes]:
        """Those that are wholly there, as they are."""
        count = min(self.number(at, 2), max(0, len(self.block) - at - 2) // 12)
        return [bytes(self.block[at + 2 + 12 * i :][:12]) for i in range(count)]

    def directory(self, at: int) -> list[int]:
        """Take places out of a directory; the offsets of those that follow from it."""
        entries = self.entries(at)
        end = at + 2 + 12 * len(entries)
        following = [self.number(end, 4)]
        kept = []
        for entry in entries:
            tag, value = self.field(entry, 0, 2), self.field(entry, 8, 4)
            if tag == _GPS:
                self.positions.append(value)
                continue
            kept.append(entry)
            if tag == _EXIF:
                following.append(value)
            elif tag in (_XMP, _IPTC, _PHOTOSHOP):
                self.text(tag, *self.extent(entry))
        if len(kept) < len(entries) and at + 2 <= len(self.block):
            after = bytes(self.block[end : end + 4])
            written = len(kept).to_bytes(2, self.order) + b"".join(kept) + after
            length = 2 + 12 * len(entries) + len(after)
            self.block[at : at + length] = written.ljust(length, b"\0")
        return [each for each in following if 8 <= each < len(self.block)]

    def field(self, entry: bytes, at: int, length: int) -> int:
        return int.from_bytes(entry[at : at + length], self.order)

    def extent(self, entry: bytes) -> tuple[int, int]:
        """Where an entry's value begins and ends, if it is outside the entry."""
        kind = self.field(entry, 2, 2)
        each = _TYPE_BYTES[kind] if kind < len(_TYPE_BYTES) else 1
        length = each * self.field(entry, 4, 4)
        start = self.field(entry, 8, 4)
        return (start, min(start + length, len(self.block))) if length > 4 else (0, 0)

    def wipe(self, at: int) -> None:
        """A directory of positions and all that it points at; but there are files
        that call their EXIF directory so."""
        entries = self.entries(at)
        if at in self.known or at < 8 or not entries:
            return
        for entry in entries:
            start, end = self.extent(entry)
            if 8 <= start < end:
                self.block[start:end] = bytes(end - start)
        length = 2 + 12 * len(entries)
        self.block[at : at + length] = bytes(length)

    def text(self, tag: int, start: int, end: int) -> None:
        """Other kinds of metadata within this one."""
        if not 8 <= start < end:
            return
        old = bytes(self.block[start:end])
        redact = {_XMP: redact_xmp, _IPTC: redact_iptc}.get(tag, redact_photoshop)
        self.block[start:end] = redact(old)


def redact_iptc(block: bytes) -> bytes:
    """IPTC datasets without names of places; zeros at the end fill the length."""
    kept, at = [], 0
    while at + 5 <= len(block) and block[at] == 0x1C:
        length = int.from_bytes(block[at + 3 : at + 5], "big")
        if length & 0x8000:  # a length of its own length; nobody writes those
            break
        end = at + 5 + length
        if block[at + 1] != 2 or block[at + 2] not in _IPTC_PLACES:
            kept.append(block[at:end])
        at = end
    kept.append(block[at:])
    return b"".join(kept).ljust(len(block), b"\0")


def redact_photoshop(block: bytes) -> bytes:
    """Photoshop's resources, among them IPTC, EXIF and XMP; those that begin in one
    block and end in another are blanked from there on."""
    new, at = bytearray(block), 0
    while at + 12 <= len(block) and block[at : at + 4] == _SIGNATURE:
        number = int.from_bytes(block[at + 4 : at + 6], "big")
        size_at = at + 6 + (block[at + 6] // 2 + 1) * 2  # a name, of even length
        start = size_at + 4
        end = start + int.from_bytes(block[size_at:start], "big")
        if end > len(block):
            break
        redact = {
            0x0404: redact_iptc,
            0x0422: redact_exif,
            0x0423: redact_exif,
            0x0424: redact_xmp,
        }.get(number)
        if redact is not None:
            new[start:end] = redact(block[start:end])
        at = end + (end - start) % 2
    new[at:] = bytes(len(new) - min(at, len(new)))
    return bytes(new[: len(block)])
