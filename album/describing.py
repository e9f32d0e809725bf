"""Describing a picture that is not in the album, to search by it: nothing is kept."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from queue import Empty, SimpleQueue

from album.captioners.base import Captioner, Subject
from album.captioning_ahead import fitted
from album.catalogue import Catalogue
from album.decoder import Decoder
from album.errors import AlbumError, CaptionError, PictureError
from album.photo import Author, Photo, Reading, WrittenCaption
from album.pictures import open_thumbnail

logger = logging.getLogger(__name__)

WAIT_S = 20.0
"""How long whoever drops a picture waits for a large model, which may be busy with a
batch; then the quick captioner answers, in a tenth of a second."""


@dataclass(frozen=True, slots=True)
class Described:
    """What a picture shows, and who says so. `photo` is the same picture in the album,
    if it is there: then the words are its caption."""

    text: str
    tags: tuple[str, ...]
    author: Author
    photo: Photo | None = None


class Describer:
    """Has a picture described as its captioners would. Safe from several threads."""

    def __init__(
        self,
        catalogue: Catalogue,
        decoder: Decoder,
        quick: Captioner,
        best: Captioner | None = None,
        *,
        ready: Callable[[], bool] = lambda: True,
        max_pixels: int | None = None,
        wait_s: float = WAIT_S,
    ) -> None:
        """`best` is asked when it is `ready`, with at most `max_pixels` (width ×
        height), and has `wait_s` seconds; else, and when it fails, `quick` is."""
        self._catalogue = catalogue
        self._decoder = decoder
        self._quick = quick
        self._best = best
        self._ready = ready
        self._max_pixels = max_pixels
        self._wait_s = wait_s
        self._asking = threading.Lock()  # one at a time waits for the best one

    def describe(self, path: Path) -> Described:
        """What one file shows. Raises PictureError for one that cannot be read, and
        CaptionError or ModelError when nobody can describe it."""
        decoded = self._decoder.read(path)
        if decoded.reading is None or decoded.content_hash is None:
            raise decoded.error or PictureError("It cannot be read.")
        known = self._known(decoded.content_hash)
        if known is not None and known.caption is not None:
            said = known.caption
            return Described(said.text, said.tags, said.author, known)
        written, author = self._written(decoded.reading)
        return Described(written.text, written.tags, author, known)

    def _known(self, content_hash: str) -> Photo | None:
        photo_id = self._catalogue.photos.id_of(content_hash)
        photo = None if photo_id is None else self._catalogue.photos.one(photo_id)
        return None if photo is None or photo.missing else photo

    def _written(self, reading: Reading) -> tuple[WrittenCaption, Author]:
        subject = Subject(_photo_of(reading), open_thumbnail(reading.view))
        if self._best is not None:
            written = self._in_time(self._best, subject)
            if written is not None:
                return written, self._best.author
        (answer,) = self._quick.caption([subject])
        if isinstance(answer, CaptionError):
            raise answer
        return answer, self._quick.author

    def _in_time(self, captioner: Captioner, subject: Subject) -> WrittenCaption | None:
        """None when it is not ready, is busy for too long or fails."""
        if not self._ready() or not self._asking.acquire(blocking=False):
            return None
        answers: SimpleQueue[WrittenCaption | CaptionError] = SimpleQueue()

        def ask() -> None:
            try:
                picture = subject.picture
                if self._max_pixels is not None:
                    picture = fitted(picture, self._max_pixels)
                answers.put(captioner.caption([Subject(subject.photo, picture)])[0])
            except AlbumError as error:
                answers.put(CaptionError(str(error)))
            finally:
                self._asking.release()

        threading.Thread(target=ask, name="describing", daemon=True).start()
        try:
            answer = answers.get(timeout=self._wait_s)
        except Empty:
            logger.info("%s was busy for too long", captioner.author.model)
            return None
        return None if isinstance(answer, CaptionError) else answer


def _photo_of(reading: Reading) -> Photo:
    """Only what is to be seen: name, date and place of a picture say nothing of what
    others shall be like."""
    now = datetime.now(UTC)
    return Photo(
        id=0,
        content_hash="",
        path=Path(),
        folder="",
        name="",
        size_bytes=0,
        format=reading.format,
        width=reading.width,
        height=reading.height,
        orientation=reading.orientation,
        taken_at=None,
        sort_at=now,
        added_at=now,
        camera=None,
        lens=None,
        latitude=None,
        longitude=None,
        place=None,
        description=None,
        keywords=(),
        colour=reading.colour,
        colours=reading.colours,
        brightness=reading.brightness,
        missing=False,
        caption=None,
    )
