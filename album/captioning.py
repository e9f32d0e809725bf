"""The captioning stages: ask the catalogue who is without a caption, and write it."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from datetime import datetime

from album.absence import note_absence
from album.captioners.base import Captioner, Subject
from album.captioners.basic import FactsCaptioner
from album.captioners.facts import facts_caption
from album.captioning_ahead import PicturesAhead
from album.catalogue import Catalogue
from album.errors import CaptionError, ModelUnavailable, PictureError
from album.hours import Hours
from album.photo import Author, Photo, WrittenCaption

logger = logging.getLogger(__name__)

_FACTS = FactsCaptioner.author
_ASKING_SHARE = 20
"""Asking the catalogue who is next (0.1 s at 100,000 photos) takes one part in so many
of the time; in between the answer before is used up."""


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
        pictures: PicturesAhead,
        *,
        ready: Callable[[], bool] = lambda: True,
        first: Callable[[], Sequence[int]] = tuple,
        hours: Hours | None = None,
        now: Callable[[], datetime] = datetime.now,
    ) -> None:
        """`ready` may say "not yet" while the captioner's weights are being fetched;
        `first` names photos that go before all others; outside of `hours` nothing is
        captioned."""
        self.name = f"caption:{captioner.author.captioner}"
        self.current: str | None = None
        self._catalogue = catalogue
        self._captioner = captioner
        self._pictures = pictures
        self._ready = ready
        self._first = first
        self._hours = hours
        self._now = now
        self._ahead: list[int] = []
        self._ahead_first: Sequence[int] = ()
        self._ahead_until = 0.0

    @property
    def author(self) -> Author:
        """Who writes here."""
        return self._captioner.author

    def pending(self) -> int:
        """How many photos this captioner has still to caption; 0 until it is ready."""
        if not self._ready():
            return 0
        return self._catalogue.queue.count_wanted(self.author)

    def keep_hours(self, hours: Hours | None) -> None:
        """From now on caption within these only; None: at any hour."""
        self._hours = hours

    def waits_s(self) -> float:
        """How many seconds it has to wait for its hours; 0 within them."""
        hours = self._hours
        return 0.0 if hours is None else hours.seconds_to_open(self._now())

    def waits(self) -> str | None:
        """One sentence that says what it waits for, or None."""
        hours = self._hours
        if hours is None or hours.open_at(self._now()):
            return None
        return (
            f"Captions are written between {hours.begin:%H:%M} and {hours.end:%H:%M}."
        )

    def step(self) -> int:
        """Caption one batch; how many photos were captioned or counted as failed.

        Raises ModelError when the captioner cannot be used at all.
        """
        if not self._ready() or self.waits_s() > 0:
            return 0
        batch, upcoming = self._next_batches()
        self._pictures.prepare(batch, waiting=True)  # what is not ready yet
        subjects = [s for s in map(self._subject, batch) if s is not None]
        self._pictures.prepare(upcoming, waiting=False)
        if subjects:
            self.current = subjects[0].photo.name
            try:
                self._keep(subjects, self._captioner.caption(subjects))
            except ModelUnavailable as error:
                # What was finished before the last server went away is not lost.
                for number, written in error.finished.items():
                    self._keep([subjects[number]], [written])
                raise
            finally:
                self.current = None
        return len(batch)

    def rest(self) -> None:
        """Give the model's memory back until the next step."""
        self._captioner.unload()

    def close(self) -> None:
        """End the model at once, for good; a step under way raises ModelError."""
        self._captioner.close()
        self._pictures.close()

    def _next_batches(self) -> tuple[list[Photo], list[Photo]]:
        """The photos of this batch, and those that come after it as it looks now."""
        size = self._captioner.batch_size
        first = self._first()
        if (
            len(self._ahead) < size
            or first != self._ahead_first
            or time.monotonic() > self._ahead_until
        ):
            began = time.monotonic()
            self._ahead = self._catalogue.queue.wanted(self.author, size * 8, first)
            self._ahead_first = first
            self._ahead_until = began + _ASKING_SHARE * (time.monotonic() - began)
        ids, self._ahead = self._ahead[:size], self._ahead[size:]
        photos = self._catalogue.photos.many([*ids, *self._ahead[:size]])
        known = [photos[key] for key in ids if key in photos]
        return known, [photos[key] for key in self._ahead[:size] if key in photos]

    def _subject(self, photo: Photo) -> Subject | None:
        try:
            picture = self._pictures.take(photo)
            if picture is None:
                if self._is_absent(photo):
                    return None
                raise PictureError("Its original cannot be read.")
            return Subject(photo, picture)
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
