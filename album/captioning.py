"""The captioning stages: ask the catalogue who is without a caption, and write it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import Literal

from album.absence import note_absence
from album.captioners.base import Captioner, Subject
from album.captioners.basic import FactsCaptioner
from album.captioners.facts import facts_caption
from album.catalogue import Catalogue
from album.errors import CaptionError, PictureError
from album.photo import Author, Photo, WrittenCaption
from album.pictures import open_thumbnail

logger = logging.getLogger(__name__)

_FACTS = FactsCaptioner.author

ThumbnailSize = Literal["thumbnail", "view"]
ReadThumbnail = Callable[[Photo, ThumbnailSize], bytes | None]
"""The WebP of a photo in one of the two sizes, made again if the cache lost it; None
when the original cannot be read either."""


class FactsStage:
    """Writes what the file itself says (name, date, place, colours): no model, at once,
    so that a picture can be found in the moment after it was read."""

    name = "facts"

    def __init__(self, catalogue: Catalogue, *, batch_size: int = 256) -> None:
        self._catalogue = catalogue
        self._batch_size = batch_size

    def pending(self) -> int:
        """How many photos have no such caption."""
        return self._catalogue.queue.count_wanted(_FACTS)

    def step(self) -> int:
        """Caption one batch; how many photos."""
        ids = self._catalogue.queue.wanted(_FACTS, self._batch_size)
        photos = self._catalogue.photos.many(ids)
        written = [(key, facts_caption(photos[key])) for key in ids if key in photos]
        if written:
            self._catalogue.captions.add_many(_FACTS, written)
        return len(written)


class CaptioningStage:
    """Lets one captioner write what it sees, a batch at a time."""

    def __init__(
        self,
        catalogue: Catalogue,
        captioner: Captioner,
        read_thumbnail: ReadThumbnail,
        *,
        size: ThumbnailSize,
        ready: Callable[[], bool] = lambda: True,
    ) -> None:
        """`ready` may say "not yet" while the captioner's weights are being fetched."""
        self.name = f"caption:{captioner.author.captioner}"
        self._catalogue = catalogue
        self._captioner = captioner
        self._read_thumbnail = read_thumbnail
        self._size: ThumbnailSize = size
        self._ready = ready
        self._ahead: list[int] = []
        self.current: str | None = None

    @property
    def author(self) -> Author:
        """Who writes here."""
        return self._captioner.author

    def pending(self) -> int:
        """How many photos this captioner has still to caption; 0 until it is ready."""
        if not self._ready():
            return 0
        return self._catalogue.queue.count_wanted(self.author)

    def step(self) -> int:
        """Caption one batch; how many photos were captioned or counted as failed.

        Raises ModelError when the captioner cannot be used at all.
        """
        if not self._ready():
            return 0
        batch = self._next_batch()
        subjects = [s for s in map(self._subject, batch) if s is not None]
        if subjects:
            self.current = subjects[0].photo.name
            self._keep(subjects, self._captioner.caption(subjects))
            self.current = None
        return len(batch)

    def _next_batch(self) -> list[Photo]:
        """The next photos. Asking the catalogue costs up to 0.1 s at 100,000 photos,
        so a quick captioner takes a few batches from one answer."""
        size = self._captioner.batch_size
        if not self._ahead:
            wanted = size * 4 if size >= 8 else size
            self._ahead = self._catalogue.queue.wanted(self.author, wanted)
        ids, self._ahead = self._ahead[:size], self._ahead[size:]
        photos = self._catalogue.photos.many(ids)
        return [photos[key] for key in ids if key in photos]

    def _subject(self, photo: Photo) -> Subject | None:
        thumbnail = self._read_thumbnail(photo, self._size)
        try:
            if thumbnail is None:
                if self._is_absent(photo):
                    return None
                raise PictureError("Its original cannot be read.")
            return Subject(photo, open_thumbnail(thumbnail))
        except PictureError as error:
            self._fail(photo, error.reason)
            return None

    def _is_absent(self, photo: Photo) -> bool:
        place = self._catalogue.files.place_of(photo.id)
        return place is not None and note_absence(self._catalogue, *place, photo.path)

    def _keep(
        self,
        subjects: Sequence[Subject],
        answers: Sequence[WrittenCaption | CaptionError],
    ) -> None:
        written = []
        for subject, answer in zip(subjects, answers, strict=True):
            if isinstance(answer, CaptionError):
                self._fail(subject.photo, answer.reason)
            else:
                written.append((subject.photo.id, answer))
        if written:
            self._catalogue.captions.add_many(self.author, written)

    def _fail(self, photo: Photo, reason: str) -> None:
        logger.info("No caption of %r by %s: %s", photo.name, self.name, reason)
        self._catalogue.queue.record_failure(photo.id, self.author, reason)
