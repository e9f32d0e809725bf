"""The library: what the rest of the program asks of the album."""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from album.albums import Albums
from album.catalogue import Catalogue
from album.costly import Costly
from album.decoder import Decoder
from album.describing import Described, Describer
from album.errors import AlbumError, CaptionChanged
from album.many import ManyPhotos
from album.photo import Caption, Photo
from album.pictures_formats import MIME
from album.positions import Positions, PositionsKept
from album.selection import Condition
from album.thumbnails import Thumbnails
from album.timeline import Timeline, timeline_of
from album.uploads import Uploaded, Uploads, UploadState
from album.wording import typed

logger = logging.getLogger(__name__)

MAX_CAPTION_CHARS = 2000


@dataclass(frozen=True, slots=True)
class Original:
    """An original that may be sent: where it lies, its MIME type, its name."""

    path: Path
    mime: str
    name: str


class Library:
    """Photos, their captions, thumbnails and originals; and the way in for uploads."""

    def __init__(
        self,
        catalogue: Catalogue,
        thumbnails: Thumbnails,
        decoder: Decoder,
        uploads: Uploads,
        *,
        changed: Callable[[], None] = lambda: None,
    ) -> None:
        """`changed` is called when there is something new to index."""
        self._catalogue = catalogue
        self._thumbnails = thumbnails
        self._decoder = decoder
        self._uploads = uploads
        self._changed = changed
        self._timeline = Costly(self._read_timeline)
        self._timeline_lock = threading.Lock()
        self._positions = PositionsKept(catalogue)
        self._describer: Describer | None = None
        self.albums = Albums(catalogue)
        self.many = ManyPhotos(catalogue, self._taken_out_or_back)

    def on_change(self, changed: Callable[[], None]) -> None:
        """Call this when there is something new to index."""
        self._changed = changed

    def describe_with(self, describer: Describer) -> None:
        """Let pictures that are not in the album be described by this one."""
        self._describer = describer

    def photo(self, photo_id: int) -> Photo | None:
        """The photo with this id, or None: also if a person took it out."""
        photo = self._catalogue.photos.one(photo_id)
        return None if photo is None or photo.removed_at else photo

    def timeline(self) -> Timeline:
        """Every photo present, newest first. Made again after a change, but not more
        often than a twentieth of the time (it takes 0.12 s for 100,000 photos)."""
        with self._timeline_lock:
            return self._timeline.get(self._catalogue.changes)

    def _taken_out_or_back(self) -> None:
        """Whoever did it looks at the timeline next."""
        with self._timeline_lock:
            self._timeline.drop()
        self._changed()

    def _read_timeline(self) -> Timeline:
        return timeline_of(self._catalogue.photos.timeline_rows())

    def positions(self) -> Positions:
        """Where the photos present were taken, of those that say it."""
        return self._positions.get()

    def by_captioner(self) -> dict[str, int]:
        """How many photos show a caption of each captioner."""
        return self._catalogue.captions.by_captioner()

    def history(self, photo_id: int) -> list[Caption]:
        """Everything said of a photo, newest first."""
        return self._catalogue.captions.history(photo_id)

    def set_caption(self, photo_id: int, text: str, seen: int | None = None) -> Caption:
        """A person's caption: shown at once, and no model ever replaces it.

        `seen` is the id of the caption they corrected (0: there was none); when another
        is shown by now, nothing is kept and CaptionChanged is raised. None: never mind.
        Raises AlbumError when there is no such photo or the text is blank or too long.
        """
        cleaned = typed(text)
        if not cleaned:
            raise AlbumError("A caption needs at least one word.")
        if len(cleaned) > MAX_CAPTION_CHARS:
            raise AlbumError(
                f"A caption may have {MAX_CAPTION_CHARS:,} characters; this one has "
                f"{len(cleaned):,}."
            )
        self._existing(photo_id)
        if not self._catalogue.captions.add_of_person(photo_id, cleaned, seen):
            raise CaptionChanged(
                "This caption was changed meanwhile; look at the new one first."
            )
        caption = self._existing(photo_id).caption
        assert caption is not None
        self._changed()
        return caption

    def undo_caption(self, photo_id: int) -> Caption | None:
        """Take back a person's newest caption; the caption shown after that.

        Raises AlbumError when there is no such photo.
        """
        self._existing(photo_id)
        self._catalogue.captions.withdraw_newest_of_person(photo_id)
        self._changed()
        return self._existing(photo_id).caption

    def caption_again(self, photo_id: int) -> Photo:
        """Let models look at a photo again; its caption stays until there is another.

        Raises AlbumError when there is no such photo, when its original is not there,
        or when a person wrote the caption that is shown.
        """
        self._existing(photo_id)
        selected = self._catalogue.staleness.mark(
            [Condition("photo", "=", (photo_id,))]
        )
        if selected.by_person:
            raise AlbumError(
                "You wrote this caption; undo it first to let a model write one."
            )
        if not selected.photos:
            raise AlbumError("Its original is not there, so no model can look at it.")
        self._changed()
        return self._existing(photo_id)

    def set_favourite(self, photo_id: int, favourite: bool) -> Photo:
        """Make a photo a favourite, or none any more; the photo as it is now.

        Raises AlbumError when there is no such photo.
        """
        self._catalogue.favourites.set(photo_id, favourite)
        return self._existing(photo_id)

    def thumbnail(
        self, photo_id: int, size: Literal["thumbnail", "view"]
    ) -> bytes | None:
        """A photo's WebP in one of two sizes, or None if there is no way to make it."""
        photo = self.photo(photo_id)
        return None if photo is None else self.thumbnail_of(photo, size)

    def thumbnail_of(
        self, photo: Photo, size: Literal["thumbnail", "view"]
    ) -> bytes | None:
        """The same, for a photo at hand. Made again when the cache has lost it."""
        found = self._thumbnails.get(photo.content_hash, size)
        if found is not None or photo.missing:
            return found
        decoded = self._decoder.read(photo.path)
        if decoded.reading is None or decoded.content_hash != photo.content_hash:
            return None
        reading = decoded.reading
        try:
            self._thumbnails.put(photo.content_hash, reading.thumbnail, reading.view)
        except OSError as error:  # a full disk: it is shown, though not kept
            logger.warning("A thumbnail could not be kept: %s", error)
        return reading.thumbnail if size == "thumbnail" else reading.view

    def original(self, photo_id: int) -> Original | None:
        """The photo's original, if it can be sent now.

        The path is checked once more to be a plain file inside one of the roots: a
        folder in between may have become a link since the scan.
        """
        photo = self.photo(photo_id)
        if photo is None or photo.missing:
            return None
        real = Path(os.path.realpath(photo.path))
        roots = [Path(os.path.realpath(r.path)) for r in self._catalogue.roots.all()]
        if not any(real.is_relative_to(root) for root in roots) or not real.is_file():
            return None
        mime = MIME.get(photo.format, "application/octet-stream")
        return Original(real, mime, photo.name)

    def upload(self, name: str, chunks: Iterable[bytes]) -> Uploaded:
        """Take in a file. When this returns, it is safely on disk and catalogued.

        Raises UploadError.
        """
        uploaded = self._uploads.take(name, chunks)
        self._changed()
        return uploaded

    def known_uploads(self, content_hashes: Sequence[str]) -> dict[str, int]:
        """Which contents (sha256 in hex) need not be sent: their photos, by content."""
        return self._uploads.known(content_hashes)

    def describe(self, chunks: Iterable[bytes]) -> Described:
        """What a picture shows, to search by it; it is not added, and nothing is kept.

        Raises UploadError, PictureError, CaptionError and ModelError.
        """
        if self._describer is None:
            raise AlbumError("No captioner is there to describe a picture.")
        with self._uploads.held(chunks) as path:
            return self._describer.describe(path)

    def upload_state(self, file_id: int) -> UploadState | None:
        """How far an uploaded file is, or None if there is no such file."""
        return self._uploads.state(file_id)

    def _existing(self, photo_id: int) -> Photo:
        photo = self.photo(photo_id)
        if photo is None:
            raise AlbumError("There is no such photo in this album.")
        return photo
