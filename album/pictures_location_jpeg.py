"""JPEG files (ITU-T T.81), also several in one: segments until the scan, scans until
the end, and the next picture behind that."""

from __future__ import annotations

import re

from album.pictures_location_parts import MAX_PARTS, Plan, Source, damaged
from album.pictures_location_tags import TIFF_HEADS, redact_exif, redact_photoshop
from album.pictures_location_xmp import redact_xmp

_MAX_PICTURES = 64
_BEGIN = b"\xff\xd8\xff"
_MARKER = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")  # that ends a scan
_NOT_ZERO = re.compile(rb"[^\x00]")
_APP1, _APP3, _APP13, _APP14, _APP15 = 0xE1, 0xE3, 0xED, 0xEE, 0xEF
_END, _SCAN = 0xD9, 0xDA

_EXIF, _EXIF_HEAD = b"Exif\0", 6
_XMP = b"http://ns.adobe.com/xap/1.0/\0"
_EXTENDED = b"http://ns.adobe.com/xmp/extension/\0"
_EXTENDED_HEAD = len(_EXTENDED) + 40  # an MD5 sum, the whole length, the offset
_PHOTOSHOP = b"Photoshop 3.0\0"


def redact_jpeg(source: Source) -> Plan:
    """Raises PictureError for a damaged file."""
    plan, start = Plan(), 0
    for _ in range(_MAX_PICTURES):
        plan.length = _picture(source, start, plan)
        following = source.search(_NOT_ZERO, plan.length, 1)
        if following is None or source.upto(following, 3) != _BEGIN:
            break
        start = following
    return plan


def _picture(source: Source, start: int, plan: Plan) -> int:
    """Plan one picture; where it ends. One whose end is missing ends with the file."""
    at = start + 2
    exif: list[tuple[int, bytes]] = []
    for _ in range(MAX_PARTS):
        lead, code = source.at(at, 2)
        if lead != 0xFF or code in (0x00, 0xD8):
            raise damaged()
        if code == 0xFF:  # padding
            at += 1
            continue
        if code == _END:
            _plan_exif(plan, exif)
            return at + 2
        if code == 0x01 or 0xD0 <= code <= 0xD7:  # these stand alone
            at += 2
            continue
        length = source.number(at + 2, 2)
        if length < 2:
            raise damaged()
        if _APP1 <= code <= _APP15:
            body = source.at(at + 4, length - 2)
            if code == _APP1 and body.startswith(_EXIF):
                exif.append((at + 4 + _EXIF_HEAD, body[_EXIF_HEAD:]))
            else:
                plan.replace(at + 4, body, _segment(code, body))
        at += 2 + length
        if code == _SCAN:
            found = source.search(_MARKER, at, 2)
            if found is None:
                _plan_exif(plan, exif)
                return source.size
            at = found
    raise damaged()


def _plan_exif(plan: Plan, parts: list[tuple[int, bytes]]) -> None:
    """A block of EXIF data that is too long for one segment goes on in the next."""
    while parts:
        first = [parts.pop(0)]
        while parts and parts[0][1][:4] not in TIFF_HEADS:
            first.append(parts.pop(0))
        new = redact_exif(b"".join(body for _, body in first))
        for at, body in first:
            plan.replace(at, body, new[: len(body)])
            new = new[len(body) :]


def _segment(code: int, body: bytes) -> bytes:
    """An application's segment without places."""
    if code == _APP1:
        if body.startswith(_XMP):
            return _XMP + redact_xmp(body[len(_XMP) :])
        if body.startswith(_EXTENDED):
            # Whole pictures and depth maps, with metadata of their own.
            return body[:_EXTENDED_HEAD].ljust(len(body))
    elif code == _APP13 and body.startswith(_PHOTOSHOP):
        return _PHOTOSHOP + redact_photoshop(body[len(_PHOTOSHOP) :])
    elif code >= _APP3 and code not in (_APP13, _APP14) and b"gps" in body.lower():
        return bytes(len(body))  # such as the file's signed history, C2PA
    return body
