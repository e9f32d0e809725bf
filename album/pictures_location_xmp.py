"""Blanks places in an XMP packet (ISO 16684-1): every element and attribute with the
name of one, whatever its prefix, is overwritten with spaces."""

from __future__ import annotations

import re
from xml.parsers import expat

# exif:GPSLatitude, drone-dji:GpsLongtitude, photoshop:City, Iptc4xmpExt:LocationShown …
_PLACE = re.compile(
    r"gps|location|latitude|longt?itude|\A(lat|lon|long)\Z"
    r"|city|\Astate\Z|provincestate|country|worldregion|geotag",
    re.IGNORECASE,
)
_NOT_PLACES = frozenset(("opacity", "velocity", "capacity"))
_TAG = re.compile(rb"""<[^<>"']*(?:"[^"]*"[^<>"']*|'[^']*'[^<>"']*)*>""")
_ATTRIBUTE = re.compile(rb"""\s([^\s=<>"']+)\s*=\s*(?:"[^"]*"|'[^']*')""")
_EMPTY = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"/>'


def redact_xmp(packet: bytes) -> bytes:
    """The packet without places, of the same length. One that is broken, or declares a
    DTD, or is not in UTF-8, is replaced by an empty one."""
    start, end = packet.find(b"<"), packet.rfind(b">") + 1
    if start < 0 or end <= start:
        return b" " * len(packet)
    try:
        body = _Blanking(packet[start:end]).result()
    except (expat.ExpatError, ValueError):
        return _EMPTY.ljust(len(packet)) if len(packet) >= 40 else b" " * len(packet)
    return packet[:start] + body + packet[end:]


class _Blanking:
    """Walks through the packet once, and remembers what to overwrite."""

    def __init__(self, body: bytes) -> None:
        self.body = bytearray(body)
        self.original = body
        self.parser = expat.ParserCreate("utf-8")
        self.parser.StartElementHandler = self.begin
        self.parser.EndElementHandler = self.end
        self.parser.StartDoctypeDeclHandler = self.declares
        self.depth = 0
        self.opened = -1  # where the element of a place begins that is open now
        self.until = 0  # its depth

    def result(self) -> bytes:
        """Raises ExpatError or ValueError for what is no packet."""
        self.parser.Parse(self.original, True)
        return bytes(self.body)

    def declares(self, *_declared: object) -> None:
        raise ValueError("an XMP packet has no document type")

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        if self.opened >= 0:
            return
        at = self.parser.CurrentByteIndex
        if _is_place(name):
            tag = self.tag(at)
            if tag[0].endswith(b"/>"):
                self.blank(at, tag.end())
            else:
                self.opened, self.until = at, self.depth
        elif any(map(_is_place, attributes)):
            self.attributes(at)

    def end(self, _name: str) -> None:
        if self.opened >= 0 and self.depth == self.until:
            self.blank(self.opened, self.tag(self.parser.CurrentByteIndex).end())
            self.opened = -1
        self.depth -= 1

    def attributes(self, at: int) -> None:
        tag = self.tag(at)
        for found in _ATTRIBUTE.finditer(self.original, at, tag.end()):
            if _is_place(found[1].decode("utf-8", "replace")):
                self.blank(found.start(), found.end())

    def tag(self, at: int) -> re.Match[bytes]:
        found = _TAG.match(self.original, at)
        if found is None:
            raise ValueError("a tag without an end")
        return found

    def blank(self, start: int, end: int) -> None:
        self.body[start:end] = b" " * (end - start)


def _is_place(name: str) -> bool:
    local = name.rpartition(":")[2]
    if name.startswith("xmlns") or local.lower() in _NOT_PLACES:
        return False
    return _PLACE.search(local) is not None
