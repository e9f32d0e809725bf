"""What a picture says of itself: when, with what, where it was taken, and of what.

Pure functions over plain values; `album.pictures_embedded` fetches those from a file.
Tag numbers are those of the Exif 2.32 standard, IPTC numbers those of IIM 4.2.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from album.metadata_dates import (
    DatedValue,
    best_date,
    date_in_file_name,
    gps_date,
    iptc_date,
)
from album.metadata_text import as_text, clean_text, read_description, read_keywords
from album.metadata_xmp import parse_xmp

_LINE = 80  # characters of a camera's or a lens's name


@dataclass(frozen=True, slots=True)
class Embedded:
    """The tags of one file, undecoded; every part may be empty, or nonsense.

    `exif`, `exif_ifd` and `gps` are keyed by tag number, `iptc` by (record, dataset);
    `xmp` is the XML packet. Text of EXIF comes as str read as Latin-1, or as bytes.
    """

    exif: Mapping[int, object] = field(default_factory=dict)
    exif_ifd: Mapping[int, object] = field(default_factory=dict)
    gps: Mapping[int, object] = field(default_factory=dict)
    iptc: Mapping[tuple[int, int], list[bytes]] = field(default_factory=dict)
    xmp: bytes = b""


@dataclass(frozen=True, slots=True)
class Metadata:
    """What the tags mean. None or empty where a file says nothing that makes sense.

    `taken_at` is the wall clock where the picture was taken, aware only if the zone is
    known. A date without a time is given as midnight, 00:00:00. Degrees are WGS 84.
    """

    taken_at: datetime | None = None
    camera: str | None = None
    lens: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    description: str | None = None
    keywords: tuple[str, ...] = ()


def read_metadata(embedded: Embedded, file_name: str) -> Metadata:
    """Everything the tags say, and the date in the file's name if they name none."""
    xmp = parse_xmp(embedded.xmp)
    latitude, longitude = _position(embedded.gps, xmp)
    return Metadata(
        taken_at=_taken_at(embedded, xmp) or date_in_file_name(file_name),
        camera=_camera(embedded.exif, xmp),
        lens=_lens(embedded.exif_ifd, xmp),
        latitude=latitude,
        longitude=longitude,
        description=read_description(
            embedded.exif, embedded.exif_ifd, embedded.iptc, xmp
        ),
        keywords=read_keywords(embedded.exif, embedded.iptc, xmp),
    )


def _taken_at(embedded: Embedded, xmp: Mapping[str, list[str]]) -> datetime | None:
    """The first date that makes sense, from the surest tag to the least sure."""
    tags = embedded.exif_ifd
    zone = tags.get(0x9010)  # OffsetTime, written when only one zone is
    exif = [
        # DateTimeOriginal and DateTimeDigitized with their fractions and zones
        DatedValue(tags.get(0x9003), tags.get(0x9291), tags.get(0x9011) or zone),
        DatedValue(tags.get(0x9004), tags.get(0x9292), tags.get(0x9012) or zone),
    ]
    names = (
        "exif:DateTimeOriginal",
        "photoshop:DateCreated",
        "xmp:CreateDate",
        "exif:DateTimeDigitized",
    )
    from_xmp = [DatedValue(text) for name in names for text in xmp.get(name, ())]
    return (
        best_date(exif, zones_from=from_xmp)
        or best_date(from_xmp)
        or iptc_date(embedded.iptc)
        or gps_date(embedded.gps)
    )


# --- camera and lens -----------------------------------------------------------------

_COMPANY = re.compile(
    r"\b(corporation|corp|company|co|ltd|inc|gmbh|ag|imaging|optical|electronics|"
    r"electric|techwin|technologies|communications|mobile|international|film|photo|"
    r"digital|camera|computer)\b[.,]*",
    re.IGNORECASE,
)
_EVERYDAY_NAME = {
    "eastman kodak": "Kodak",
    "hewlett-packard": "HP",
    "hmd global": "Nokia",
    "research in motion": "BlackBerry",
}
_NO_LENS = re.compile(r"^[\W_0]*$|^(unknown|none|n/?a|manual)\b|^0(\.0)? ?mm", re.I)


def _camera(exif: Mapping[int, object], xmp: Mapping[str, list[str]]) -> str | None:
    """Make and model as one name: "Canon EOS R6", not "Canon Canon EOS R6"."""
    make = _line(exif.get(0x010F)) or _line(*xmp.get("tiff:Make", ()))
    model = _line(exif.get(0x0110)) or _line(*xmp.get("tiff:Model", ()))
    brand = _brand(make)
    if not model:
        return brand or None
    first, _, rest = model.partition(" ")
    makers = {word.strip(".,").lower() for word in make.split()}
    makers.add(brand.lower())
    if first.lower() in makers:
        return clean_text(f"{_brand(first)} {rest}", _LINE) or None
    if brand and model.lower().startswith(brand.lower()):
        return model
    return clean_text(f"{brand} {model}", _LINE) or None


def _brand(make: str) -> str:
    """A maker's everyday name: "NIKON CORPORATION" is Nikon."""
    short = clean_text(_COMPANY.sub(" ", make), _LINE).strip(" .,") or make
    if short.lower() in _EVERYDAY_NAME:
        return _EVERYDAY_NAME[short.lower()]
    shouted = short.isupper() and len(short) > 3
    return short.title() if shouted or short.islower() else short


def _lens(tags: Mapping[int, object], xmp: Mapping[str, list[str]]) -> str | None:
    named = [
        tags.get(0xA434),
        *xmp.get("exifEX:LensModel", ()),
        *xmp.get("aux:Lens", ()),
    ]
    for value in named:
        lens = _line(value)
        if lens and not _NO_LENS.search(lens):
            return lens
    return None


def _line(*values: object) -> str:
    return clean_text(as_text(values[0]), _LINE) if values else ""


# --- place ---------------------------------------------------------------------------


def _position(
    gps: Mapping[int, object], xmp: Mapping[str, list[str]]
) -> tuple[float, float] | tuple[None, None]:
    """Latitude and longitude in degrees, both or neither."""
    pairs = (
        (
            _degrees(gps.get(2), gps.get(1), "NS", 90),
            _degrees(gps.get(4), gps.get(3), "EW", 180),
        ),
        (
            _xmp_degrees(xmp.get("exif:GPSLatitude", ()), "NS", 90),
            _xmp_degrees(xmp.get("exif:GPSLongitude", ()), "EW", 180),
        ),
    )
    for latitude, longitude in pairs:
        # 0° N 0° E lies in the open sea: cameras without a fix write it.
        if latitude is not None and longitude is not None and (latitude or longitude):
            return latitude, longitude
    return None, None


def _degrees(value: object, ref: object, signs: str, limit: int) -> float | None:
    """Degrees, minutes, seconds (each a ratio, perhaps 1/0) with N/S or E/W."""
    parts = value if isinstance(value, tuple) else (value,)
    side = as_text(ref).strip()[:1].upper()
    if not side or side not in signs or not 1 <= len(parts) <= 3:
        return None
    degrees = 0.0
    for part, unit in zip(parts, (1, 60, 3600), strict=False):
        try:
            degrees += float(part) / unit
        except (TypeError, ValueError, ZeroDivisionError, OverflowError):
            return None
    return _signed(degrees, side == signs[1], limit)


def _xmp_degrees(values: object, signs: str, limit: int) -> float | None:
    """XMP writes "48,51.5N", "48,51,30N", or plain decimal degrees."""
    text = values[0].strip().upper() if isinstance(values, list) and values else ""
    try:
        if text[-1:] and text[-1] in signs:
            parts = [float(part) for part in text[:-1].split(",")]
            degrees = sum(
                p / unit for p, unit in zip(parts, (1, 60, 3600), strict=False)
            )
            return _signed(degrees, text[-1] == signs[1], limit)
        return _signed(float(text), False, limit)
    except ValueError:
        return None


def _signed(degrees: float, negative: bool, limit: int) -> float | None:
    if not math.isfinite(degrees) or abs(degrees) > limit:
        return None
    return round(-degrees if negative else degrees, 7)  # 7 places are about 1 cm
