"""HEIF and AVIF files (ISO/IEC 23008-12): a table says where each item lies, and EXIF
and XMP are items beside the pictures."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from album.errors import PictureError
from album.pictures_location_parts import MAX_PART_BYTES, Plan, Source, damaged
from album.pictures_location_tags import redact_exif
from album.pictures_location_xmp import redact_xmp

_PLAIN_BOXES = frozenset((b"ftyp", b"meta", b"mdat", b"free", b"skip"))
_MAX_BOXES = 1000
_MAX_ITEMS = 20_000  # a large picture is a grid of some hundred


@dataclass(frozen=True, slots=True)
class _Box:
    kind: bytes
    start: int  # of what is in it, in bytes from the beginning of the file
    end: int


def redact_heif(source: Source) -> Plan:
    """Films behind the pictures are left out. Raises PictureError."""
    plan, metas = Plan(), []
    films = False
    for box in _boxes(source, 0, source.size):
        if box.kind not in _PLAIN_BOXES:
            films = True
            continue
        if films:
            raise PictureError("The position cannot be taken out of a moving picture.")
        plan.length = box.end
        if box.kind == b"meta":
            metas.append(box)
    if not metas:
        raise damaged()
    for meta in metas:
        _Meta(source, meta, plan).redact()
    return plan


def _boxes(source: Source, start: int, end: int) -> Iterator[_Box]:
    for _ in range(_MAX_BOXES):
        if start + 8 > end:
            return
        size, kind, head = source.number(start, 4), source.at(start + 4, 4), 8
        if size == 1:
            size, head = source.number(start + 8, 8), 16
        elif size == 0:
            size = end - start
        if size < head or start + size > end:
            raise damaged()
        yield _Box(kind, start + head, start + size)
        start += size
    raise damaged()


class _Meta:
    """The table of items."""

    def __init__(self, source: Source, meta: _Box, plan: Plan) -> None:
        self.source = source
        self.plan = plan
        inside = _boxes(source, meta.start + 4, meta.end)
        self.boxes = {box.kind: box for box in inside}

    def redact(self) -> None:
        """Plan all items that are metadata."""
        wanted = dict(self.metadata())
        if not wanted:
            return
        for item, extents in self.places():
            if item in wanted:
                self.replace(wanted[item], extents)

    def metadata(self) -> Iterator[tuple[int, bytes]]:
        """Number and kind of the items that may tell of places."""
        table = self.boxes.get(b"iinf")
        if table is None:
            return
        wide = self.source.number(table.start, 1) > 0
        for box in _boxes(self.source, table.start + (8 if wide else 6), table.end):
            version = self.source.number(box.start, 1)
            if box.kind != b"infe" or version < 2:
                continue
            width = 4 if version > 2 else 2
            number = self.source.number(box.start + 4, width)
            rest = box.start + 4 + width + 2
            kind = self.source.at(rest, 4)
            if kind == b"Exif":
                yield number, kind
            elif kind == b"mime":
                named = self.source.part(rest + 4, box.end - rest - 4).lower()
                yield number, b"XMP " if b"rdf+xml" in named else b"else"

    def places(self) -> Iterator[tuple[int, list[tuple[int, int]]]]:
        """Number of every item, and where its parts lie: (offset, length) in bytes."""
        table = self.boxes.get(b"iloc")
        if table is None:
            raise damaged()
        read = _Reader(self.source.part(table.start, table.end - table.start))
        version = read.number(4) >> 24
        widths = read.number(2)
        indexed = widths & 15 if version in (1, 2) else 0
        wide = 4 if version == 2 else 2
        for _ in range(min(read.number(wide), _MAX_ITEMS)):
            number = read.number(wide)
            method = read.number(2) & 15 if version in (1, 2) else 0
            read.number(2)
            base = read.number(widths >> 4 & 15) + self.origin(method)
            parts = []
            for _ in range(read.number(2)):
                read.number(indexed)
                offset = base + read.number(widths >> 12)
                parts.append((offset, read.number(widths >> 8 & 15)))
            yield number, parts

    def origin(self, method: int) -> int:
        """What offsets count from: the file's beginning, or that of a box."""
        box = self.boxes.get(b"idat")
        if method == 0:
            return 0
        if method != 1 or box is None:
            raise damaged()
        return box.start

    def replace(self, kind: bytes, extents: list[tuple[int, int]]) -> None:
        total = sum(length for _, length in extents)
        if total > MAX_PART_BYTES or not all(length for _, length in extents):
            raise damaged()
        if any(at + length > self.plan.length for at, length in extents):
            raise damaged()
        old = b"".join(self.source.at(at, length) for at, length in extents)
        new = _redact(kind, old)
        for at, length in extents:
            self.plan.replace(at, old[:length], new[:length])
            old, new = old[length:], new[length:]


def _redact(kind: bytes, old: bytes) -> bytes:
    if kind == b"XMP ":
        return redact_xmp(old)
    if kind == b"Exif":
        start = 4 + int.from_bytes(old[:4], "big")
        if len(old) < 4 or start > len(old):
            return bytes(len(old))
        return old[:start] + redact_exif(old[start:])
    return bytes(len(old)) if b"gps" in old.lower() else old


class _Reader:
    """Whole numbers one after the other, highest byte first."""

    def __init__(self, block: bytes) -> None:
        self.block = block
        self.at = 0

    def number(self, width: int) -> int:
        """0 for no width. Raises PictureError at the end."""
        end = self.at + width
        if end > len(self.block):
            raise damaged()
        value = int.from_bytes(self.block[self.at : end], "big")
        self.at = end
        return value
