"""Reading one picture: its pixels, what it carries with it, and how it looks small.

Meant to run in a child process (see `album.decoder`), since the decoders below are
large C libraries fed with files from anywhere.
"""

from __future__ import annotations

import io
from dataclasses import astuple
from pathlib import Path
from typing import BinaryIO

from PIL import Image

from album.errors import PictureError
from album.metadata import read_metadata
from album.photo import Reading
from album.pictures_colours import read_colours
from album.pictures_decode import Decoded, decode, fit
from album.pictures_file import (
    DecodedFile,
    check_unchanged,
    hash_file,
    hash_open_file,
    open_picture_file,
    picture_error,
)
from album.pictures_formats import (
    EXTENSION,
    HEAD_BYTES,
    MIME,
    SUFFIXES,
    describe_content,
    detect_format,
)

__all__ = [
    "EXTENSION",
    "MIME",
    "SUFFIXES",
    "THUMBNAIL_EDGE",
    "VIEW_EDGE",
    "decode_file",
    "detect_format",
    "hash_file",
    "hash_only",
    "open_thumbnail",
    "read_picture",
]

THUMBNAIL_EDGE = 480
"""The longest side of a thumbnail, in pixels."""

VIEW_EDGE = 1600
"""The longest side of the picture that the viewer shows, in pixels."""

# Six photos of 1600 px at quality 80 on one core: method 2 took 54 ms and 219 kB each,
# method 4 (the default) 124 ms and 211 kB, method 6 280 ms and 204 kB.
_WEBP_QUALITY = 80
_WEBP_METHOD = 2


def read_picture(path: Path) -> Reading:
    """Decode one file to a Reading (without `place`, which is looked up elsewhere).

    Raises PictureError with one plain sentence.
    """
    with open_picture_file(path) as (file, _):
        return _read(file, path)


def decode_file(path: Path) -> DecodedFile:
    """Hash and decode one file from the same open file; every failure is an answer."""
    return _look(path, decoding=True)


def hash_only(path: Path) -> DecodedFile:
    """Only hash one file: enough to know again a picture that was moved."""
    return _look(path, decoding=False)


def open_thumbnail(webp: bytes) -> Image.Image:
    """A thumbnail or view as the caption models want it: RGB, upright, in memory.

    Raises PictureError if the bytes are not such a picture.
    """
    try:
        with Image.open(io.BytesIO(webp), formats=["WEBP"]) as image:
            return image.convert("RGB")
    except (OSError, SyntaxError, ValueError) as error:
        raise PictureError("The thumbnail is damaged.") from error


def _look(path: Path, decoding: bool) -> DecodedFile:
    reading, problem = None, None
    try:
        with open_picture_file(path) as (file, stamp):
            content_hash = hash_open_file(file)
            if decoding:
                try:
                    reading = _read(file, path)
                except PictureError as error:
                    problem = error
            check_unchanged(file, stamp)
    except PictureError as error:
        return DecodedFile(path, error=error)
    except OSError as error:
        return DecodedFile(path, error=picture_error(error))
    return DecodedFile(path, content_hash, reading, problem, *astuple(stamp))


def _read(file: BinaryIO, path: Path) -> Reading:
    head = file.read(HEAD_BYTES)
    file.seek(0)
    name = detect_format(head)
    if name is None:
        kind = describe_content(head)
        looks = f" (it looks like {kind})" if kind else ""
        raise PictureError(f"This is not a picture the album can read{looks}.")
    return _reading(decode(file, name, VIEW_EDGE), name, path)


def _reading(decoded: Decoded, name: str, path: Path) -> Reading:
    view = decoded.picture
    thumbnail = view.resize(fit(view.size, THUMBNAIL_EDGE), Image.Resampling.LANCZOS)
    colours = read_colours(thumbnail)
    metadata = read_metadata(decoded.embedded, path.name)
    return Reading(
        format=name,
        width=decoded.width,
        height=decoded.height,
        orientation=decoded.orientation,
        taken_at=metadata.taken_at,
        camera=metadata.camera,
        lens=metadata.lens,
        latitude=metadata.latitude,
        longitude=metadata.longitude,
        description=metadata.description,
        keywords=metadata.keywords,
        colour=colours.average,
        colours=colours.names,
        brightness=colours.brightness,
        thumbnail=_webp(thumbnail),
        view=_webp(view),
    )


def _webp(picture: Image.Image) -> bytes:
    """A picture as WebP bytes, its pixels and nothing else."""
    bare = picture.copy()
    bare.info = {}  # Pillow would write EXIF, XMP and the profile from here
    written = io.BytesIO()
    bare.save(written, "WEBP", quality=_WEBP_QUALITY, method=_WEBP_METHOD)
    return written.getvalue()
