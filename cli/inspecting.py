"""`inspect`: what the album would read from one file, and say of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from album.captioners.base import Subject
from album.captioners.basic import BasicCaptioner
from album.errors import CaptionError, PictureError
from album.photo import Photo, Reading
from album.pictures import open_thumbnail
from album.places import Places
from cli.building import decoder_of
from cli.reading import shown
from settings import Settings


def inspect_file(settings: Settings, file: Path) -> dict[str, Any]:
    """Everything read from one file, with its basic caption. Raises PictureError."""
    path = file.absolute()
    with decoder_of(replace(settings, workers=1)) as decoder:
        decoded = decoder.read(path)
    if decoded.reading is None or decoded.content_hash is None:
        raise decoded.error or PictureError("It cannot be read.")
    reading = decoded.reading
    place = None
    if reading.latitude is not None and reading.longitude is not None:
        place = Places().name_at(reading.latitude, reading.longitude)
    photo = _photo(path, decoded.content_hash, decoded.size, reading, place)
    picture = open_thumbnail(reading.thumbnail)
    [caption] = BasicCaptioner().caption([Subject(photo, picture)])
    gps = None
    if reading.latitude is not None:
        gps = {"latitude": reading.latitude, "longitude": reading.longitude}
    return {
        "path": shown(path),
        "size_bytes": decoded.size,
        "content_hash": decoded.content_hash,
        "format": reading.format,
        "width": reading.width,
        "height": reading.height,
        "orientation": reading.orientation,
        "taken_at": reading.taken_at.isoformat() if reading.taken_at else None,
        "camera": reading.camera,
        "lens": reading.lens,
        "gps": gps,
        "place": place,
        "description": reading.description,
        "keywords": list(reading.keywords),
        "colours": list(reading.colours),
        "brightness": round(reading.brightness, 3),
        "basic_caption": None if isinstance(caption, CaptionError) else caption.text,
    }


def inspection_text(read: dict[str, Any]) -> str:
    """The same for a terminal, without what the file does not say."""
    width = max(map(len, read)) + 2
    return "\n".join(
        f"{name.replace('_', ' '):<{width}}{_plain(value)}"
        for name, value in read.items()
        if value not in (None, [], "")
    )


def _plain(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value))
    if isinstance(value, dict):
        return ", ".join(f"{name} {part}" for name, part in value.items())
    return str(value)


def _photo(
    path: Path, content_hash: str, size: int, reading: Reading, place: str | None
) -> Photo:
    now = datetime.now(UTC)
    return Photo(
        id=0,
        content_hash=content_hash,
        path=path,
        folder=shown(path.parent),
        name=shown(Path(path.name)),
        size_bytes=size,
        format=reading.format,
        width=reading.width,
        height=reading.height,
        orientation=reading.orientation,
        taken_at=reading.taken_at,
        sort_at=reading.taken_at or now,
        added_at=now,
        camera=reading.camera,
        lens=reading.lens,
        latitude=reading.latitude,
        longitude=reading.longitude,
        place=place,
        description=reading.description,
        keywords=reading.keywords,
        colour=reading.colour,
        colours=reading.colours,
        brightness=reading.brightness,
        missing=False,
        caption=None,
    )
