"""A copy of a picture that does not say where it was taken.

What would tell is blanked where it stands: the copy is as long as the original, every
byte of the pictures in it is the same, and whatever counts bytes from the beginning (a
maker's notes, a second picture) still finds what it looks for. The original is only
read. Blanked are the GPS part of the EXIF data, and positions and names of places in
XMP and IPTC; not places that a person wrote into a title or a keyword.

What follows the pictures in a file is left out, such as the short film of a motion
photo, which has a position of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

from album.errors import PictureError
from album.pictures_formats import HEAD_BYTES, detect_format
from album.pictures_location_heif import redact_heif
from album.pictures_location_jpeg import redact_jpeg
from album.pictures_location_parts import Plan, Source, redact_png, redact_webp

_PIECE = 1 << 20  # bytes sent at a time

_FORMATS: Mapping[str, Callable[[Source], Plan]] = MappingProxyType(
    {
        "JPEG": redact_jpeg,
        "PNG": redact_png,
        "WEBP": redact_webp,
        "HEIF": redact_heif,
        "AVIF": redact_heif,
    }
)


class Redacted:
    """A copy without its position, `size` bytes long, made while it is read."""

    def __init__(self, source: Source, plan: Plan) -> None:
        self._source = source
        self._edits = sorted(plan.edits)
        self.size = plan.length

    def pieces(self) -> Iterator[bytes]:
        """The bytes, about a megabyte at a time; once. Closes the file at the end.

        Raises PictureError if the file has become shorter meanwhile.
        """
        with self._source:
            for start in range(0, self.size, _PIECE):
                stop = min(start + _PIECE, self.size)
                piece = bytearray(self._source.at(start, stop - start))
                for at, new in self._edits:
                    begin, end = max(at, start), min(at + len(new), stop)
                    if begin < end:
                        piece[begin - start : end - start] = new[begin - at : end - at]
                yield bytes(piece)


def without_location(path: Path) -> Redacted:
    """How a file would be without its position.

    Raises PictureError if its format has no known place for positions, if it is
    damaged so that they could be anywhere, or if it cannot be read.
    """
    try:
        source = Source(path.open("rb"))
    except OSError:
        raise PictureError("The file cannot be read now.") from None
    try:
        kind = detect_format(source.upto(0, HEAD_BYTES)) or ""
        redact = _FORMATS.get(kind)
        if redact is None:
            named = f"{kind} files" if kind else "this kind of file"
            raise PictureError(f"The position cannot be taken out of {named}.")
        return Redacted(source, redact(source))
    except BaseException:
        source.close()
        raise
