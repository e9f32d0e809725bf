"""The reading stage: from a file that was found to a photo that can be browsed.

Each picture is decoded in a child process. What comes back is kept in this order, so
that a crash at any point costs at most doing it again: the thumbnails (named by their
content), then the photo's row.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from album.absence import note_absence
from album.catalogue import Catalogue
from album.catalogue_files import FileToRead
from album.decoder import Decoder
from album.photo import Reading
from album.pictures_file import DecodedFile
from album.places import Places
from album.thumbnails import Thumbnails

logger = logging.getLogger(__name__)


@dataclass(slots=True)
class ReadSummary:
    """What became of the files read so far. `failed` holds (path, reason)."""

    added: int = 0
    changed: int = 0
    moved: int = 0
    duplicates: int = 0
    unchanged: int = 0
    failed: list[tuple[Path, str]] = field(default_factory=list)


class ReadingStage:
    """Reads found files, a batch at a time."""

    name = "read"

    def __init__(
        self,
        catalogue: Catalogue,
        decoder: Decoder,
        thumbnails: Thumbnails,
        places: Places,
        *,
        batch_size: int = 32,
    ) -> None:
        self._catalogue = catalogue
        self._decoder = decoder
        self._thumbnails = thumbnails
        self._places = places
        self._batch_size = batch_size
        self.summary = ReadSummary()
        self.current: str | None = None

    def pending(self) -> int:
        """How many files wait to be read."""
        return self._catalogue.files.count_to_read()

    def step(self) -> int:
        """Read one batch; how many files were looked at."""
        waiting = self._catalogue.files.to_read(self._batch_size)
        to_decode = [file for file in waiting if not file.hash_first]
        to_hash = [file for file in waiting if file.hash_first]
        for file, hashed in _pair(to_hash, self._decoder.hash_many(_paths(to_hash))):
            photo_id = self._known(hashed)
            if photo_id is None:
                to_decode.append(file)
            else:
                self._link(file, photo_id)
        decoding = self._decoder.read_many(_paths(to_decode))
        for file, decoded in _pair(to_decode, decoding):
            self.current = file.name
            self._settle(file, decoded)
        self.current = None
        return len(waiting)

    def _known(self, decoded: DecodedFile) -> int | None:
        if decoded.content_hash is None or decoded.error is not None:
            return None
        return self._catalogue.photos.id_of(decoded.content_hash)

    def _settle(self, file: FileToRead, decoded: DecodedFile) -> None:
        if decoded.reading is None or decoded.content_hash is None:
            self._fail(file, decoded)
            return
        photo_id = self._known(decoded)
        if photo_id is not None:
            self._link(file, photo_id)
            return
        reading = self._placed(decoded.reading)
        self._thumbnails.put(decoded.content_hash, reading.thumbnail, reading.view)
        self._catalogue.photos.add(
            file.id,
            decoded.content_hash,
            decoded.size,
            reading,
            _sort_at(file, reading),
        )
        if file.had_photo:
            self.summary.changed += 1
        else:
            self.summary.added += 1

    def _fail(self, file: FileToRead, decoded: DecodedFile) -> None:
        if note_absence(self._catalogue, file.id, file.root_id, file.path):
            return
        reason = decoded.error.reason if decoded.error else "It cannot be read."
        if not self._catalogue.failures.record(file.id, reason):
            return
        self.summary.failed.append((file.path, reason))
        logger.info("Given up %r: %s", str(file.path), reason)
        if file.had_photo and decoded.content_hash is not None:
            self._catalogue.files.unlink_photo(file.id)

    def _link(self, file: FileToRead, photo_id: int) -> None:
        """The file's content is a photo that the album knows already."""
        link = self._catalogue.photos.link(file.id, photo_id)
        if link == "moved":
            self.summary.moved += 1
        elif link == "same":
            self.summary.unchanged += 1
        else:
            self.summary.duplicates += 1

    def _placed(self, reading: Reading) -> Reading:
        """The reading with the name of the place its GPS position lies in."""
        if reading.latitude is None or reading.longitude is None:
            return reading
        place = self._places.name_at(reading.latitude, reading.longitude)
        return replace(reading, place=place)


def _sort_at(file: FileToRead, reading: Reading) -> datetime:
    """Where in the timeline: when taken, else the file's own time, as local wall time.

    A file time that no calendar holds (a broken clock) puts the photo at the very end.
    """
    if reading.taken_at is not None:
        return reading.taken_at.replace(tzinfo=None)
    try:
        return datetime.fromtimestamp(file.mtime_ns / 1e9)
    except (ValueError, OverflowError, OSError):
        return datetime(1970, 1, 1)


def _paths(files: Sequence[FileToRead]) -> list[Path]:
    return [file.path for file in files]


def _pair(
    files: Sequence[FileToRead], decoded: Iterator[DecodedFile]
) -> Iterator[tuple[FileToRead, DecodedFile]]:
    """Answers come as they are ready; each goes back to the file it is of."""
    by_path = {file.path: file for file in files}
    for one in decoded:
        yield by_path[one.path], one
