"""What a picture file carries besides its pixels, as plain values."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import TypeVar

from PIL import ExifTags, Image, ImageFile, IptcImagePlugin

from album.metadata import Embedded

_log = logging.getLogger(__name__)

_MAX_XMP_BYTES = 4 * 1024**2  # written by programs: a few kB; by edit histories: 1 MB

T = TypeVar("T")


def read_embedded(image: ImageFile.ImageFile) -> Embedded:
    """The EXIF, IPTC and XMP of an opened picture; what is broken is left out."""
    exif = _attempt("EXIF", image.getexif, Image.Exif())
    return Embedded(
        exif=_attempt("EXIF", lambda: dict(exif), {}),
        exif_ifd=_attempt("EXIF", lambda: dict(exif.get_ifd(ExifTags.IFD.Exif)), {}),
        gps=_attempt("GPS", lambda: dict(exif.get_ifd(ExifTags.IFD.GPSInfo)), {}),
        iptc=_attempt("IPTC", lambda: _iptc(image), {}),
        xmp=_attempt("XMP", lambda: _xmp(image, exif), b""),
    )


def _attempt(what: str, read: Callable[[], T], otherwise: T) -> T:
    try:
        return read()
    except Exception as error:  # noqa: BLE001
        # Fuzzed and merely odd files make Pillow's tag readers raise nearly anything
        # (struct.error, TypeError, ValueError, SyntaxError, …). The picture itself may
        # be perfect, so a broken tag must never cost it.
        _log.debug("broken %s left out: %r", what, error)
        return otherwise


def _iptc(image: ImageFile.ImageFile) -> Mapping[tuple[int, int], list[bytes]]:
    records = IptcImagePlugin.getiptcinfo(image) or {}
    return {
        key: value if isinstance(value, list) else [value]
        for key, value in records.items()
    }


def _xmp(image: Image.Image, exif: Image.Exif) -> bytes:
    xmp = (
        image.info.get("xmp")
        or image.info.get("XML:com.adobe.xmp")
        or exif.get(ExifTags.Base.XMLPacket)
        or b""
    )
    if isinstance(xmp, str):
        xmp = xmp.encode("utf-8", "surrogateescape")
    if isinstance(xmp, tuple):
        xmp = bytes(xmp)
    return xmp if isinstance(xmp, bytes) and len(xmp) <= _MAX_XMP_BYTES else b""
