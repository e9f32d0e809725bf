"""Which kinds of picture the album reads, told by a file's first bytes.

Imports nothing heavy, so that a scan, an upload check and a download may use it.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from types import MappingProxyType
from typing import BinaryIO

SUFFIXES = frozenset(
    (
        *(".jpg", ".jpeg", ".jpe", ".jfif", ".mpo"),
        *(".png", ".webp", ".gif", ".bmp", ".tif", ".tiff"),
        *(".heic", ".heif", ".hif", ".avif"),
    )
)
"""Lower-case suffixes of the files that a scan looks at; compare `suffix.lower()`."""

MIME: Mapping[str, str] = MappingProxyType(
    {
        "JPEG": "image/jpeg",
        "PNG": "image/png",
        "WEBP": "image/webp",
        "GIF": "image/gif",
        "BMP": "image/bmp",
        "TIFF": "image/tiff",
        "HEIF": "image/heic",
        "AVIF": "image/avif",
    }
)
"""The media type of every format the album reads."""

EXTENSION: Mapping[str, str] = MappingProxyType(
    {
        "JPEG": ".jpg",
        "PNG": ".png",
        "WEBP": ".webp",
        "GIF": ".gif",
        "BMP": ".bmp",
        "TIFF": ".tif",
        "HEIF": ".heic",
        "AVIF": ".avif",
    }
)
"""The usual suffix of every format, for files the album names itself."""

HEAD_BYTES = 64
"""How many first bytes `detect_format` and `describe_content` want to see."""

_MAGIC = (
    (b"\xff\xd8\xff", "JPEG"),
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"GIF87a", "GIF"),
    (b"GIF89a", "GIF"),
    (b"BM", "BMP"),
    (b"II*\x00", "TIFF"),
    (b"MM\x00*", "TIFF"),
    (b"II+\x00", "TIFF"),
    (b"MM\x00+", "TIFF"),
)

# ISO/IEC 23008-12 (HEIF) and the AV1 image file format: brands of still pictures.
_HEIF_BRANDS = frozenset(
    (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs")
)
_AVIF_BRANDS = frozenset((b"avif", b"avis"))
_GENERAL_BRANDS = frozenset((b"mif1", b"mif2", b"msf1", b"miaf"))

_MAX_META_BYTES = 4 * 1024**2  # a phone's table of HEIF items takes some 4 kB

_OTHER_KINDS = (
    (b"%PDF", "a PDF"),
    (b"PK\x03\x04", "a ZIP archive or an office document"),
    (b"\x1f\x8b", "a compressed archive"),
    (b"7z\xbc\xaf", "a compressed archive"),
    (b"Rar!", "a compressed archive"),
    (b"\xd0\xcf\x11\xe0", "an office document"),
    (b"\x1aE\xdf\xa3", "a video"),
    (b"\x00\x00\x01\xba", "a video"),
    (b"FLV", "a video"),
    (b"ID3", "a sound file"),
    (b"fLaC", "a sound file"),
    (b"OggS", "a sound file"),
    (b"8BPS", "a Photoshop file"),
    (b"%!PS", "a PostScript file"),
    (b"\xff\x0a", "a JPEG XL picture"),
    (b"\x00\x00\x00\x0cJXL ", "a JPEG XL picture"),
    (b"\x00\x00\x00\x0cjP  ", "a JPEG 2000 picture"),
    (b"\xff\x4f\xff\x51", "a JPEG 2000 picture"),
    (b"FUJIFILMCCD-RAW", "a camera's raw file"),
    (b"IIU\x00", "a camera's raw file"),
    (b"IIRO", "a camera's raw file"),
    (b"\x7fELF", "a program"),
    (b"MZ", "a program"),
    (b"#!", "a script"),
)


def detect_format(head: bytes) -> str | None:
    """The format that these first bytes announce ("JPEG", …), or None.

    Only what the bytes say counts, never the file's name. An MPO file (several JPEGs
    in one) is a JPEG here.
    """
    for magic, name in _MAGIC:
        if head.startswith(magic):
            return name
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "WEBP"
    brands = _brands(head)
    if not brands:
        return None
    if brands[0] in _AVIF_BRANDS:
        return "AVIF"
    if brands[0] in _HEIF_BRANDS:
        return "HEIF"
    if brands[0] in _GENERAL_BRANDS:
        return "AVIF" if _AVIF_BRANDS.intersection(brands) else "HEIF"
    return None


def describe_content(head: bytes) -> str | None:
    """What a file that is no picture looks like ("a PDF"), in everyday words."""
    for magic, kind in _OTHER_KINDS:
        if head.startswith(magic):
            return kind
    if head[:4] == b"RIFF":
        return "a sound file" if head[8:12] == b"WAVE" else "a video"
    if head[4:8] in (b"ftyp", b"moov", b"mdat", b"wide", b"free"):
        return "a camera's raw file" if head[8:11] == b"crx" else "a video"
    if head and not head.strip(b"\x00"):
        return "nothing but zeros"
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<!doctype html", b"<html")):
        return "a web page"
    if start.startswith(b"<svg"):
        return "an SVG drawing"
    if head and all(byte >= 0x20 or byte in b"\t\r\n" for byte in head):
        return "a text"
    return None


def _brands(head: bytes) -> list[bytes]:
    """The brands of an ISO media file: the major one first; empty for other files."""
    if len(head) < 16 or head[4:8] != b"ftyp":
        return []
    end = min(int.from_bytes(head[:4], "big"), len(head))
    return [head[8:12]] + [head[i : i + 4] for i in range(16, end - 3, 4)]


def heif_says_how_to_turn(file: BinaryIO) -> bool:
    """Whether a HEIF file has a rotation or a mirroring of its own (irot, imir).

    libheif obeys those, and by the standard they alone count. Early iPhones wrote none
    and left the turning to EXIF, as in a JPEG. Leaves the file rewound.
    """
    file.seek(0)
    answer = False
    while len(header := file.read(8)) == 8:
        size = int.from_bytes(header[:4], "big")
        if header[4:] == b"meta" or size < 8:
            properties = file.read(min(size - 8, _MAX_META_BYTES)) if size > 8 else b""
            answer = b"irot" in properties or b"imir" in properties
            break
        file.seek(size - 8, os.SEEK_CUR)
    file.seek(0)
    return answer
