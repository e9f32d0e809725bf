"""What the page can do with the photos that a person selected. Like those of
ui/handlers.py, each method is a public door: it checks all it is given."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from ui import checks, wire
from ui.archive import Archives
from ui.captions_file import captions_csv, captions_json
from ui.errors import BadRequest, NotFound
from ui.needs import Album

MAX_REMOVED = 200
"""Photos on a page of those that were taken out."""
_MOST_TOLD = 200  # photos the indexer is told somebody waits for


class Selecting:
    """Bulk actions; each passes over photos that are not in the album."""

    def __init__(
        self, library: Album, look_at: Callable[[Sequence[int]], None]
    ) -> None:
        """`look_at` lets the indexer do these photos first."""
        self._library = library
        self._many = library.many
        self._look_at = look_at
        self._archives = Archives(library)

    def remove(self, ids: object) -> dict[str, Any]:
        """Take photos out of the album; originals stay. `ids` are those that were in
        it: what an undo restores."""
        return {"ids": self._many.remove(checks.photo_ids(ids))}

    def restore(self, ids: object) -> dict[str, Any]:
        """Bring photos back that were taken out."""
        return {"ids": self._many.restore(checks.photo_ids(ids))}

    def removed(self, limit: object, offset: object) -> dict[str, Any]:
        """A page of the photos that were taken out, the latest first."""
        most, first = checks.number(limit, "limit"), checks.number(offset, "offset")
        if not 1 <= most <= MAX_REMOVED or first < 0:
            raise BadRequest(f"limit is a number from 1 to {MAX_REMOVED}.")
        photos = [wire.removed_card(one) for one in self._many.removed(most, first)]
        return {"total": self._many.removed_count(), "photos": photos}

    def removed_thumbnail(self, photo_id: object) -> bytes:
        """The thumbnail of a photo that was taken out, as long as there is one."""
        photo = self._many.removed_one(checks.photo_id(photo_id))
        webp = None if photo is None else self._library.thumbnail_of(photo, "thumbnail")
        if webp is None:
            raise NotFound("There is no picture of it any more.")
        return webp

    def set_favourite(self, ids: object, favourite: object) -> dict[str, Any]:
        """Make photos favourites, or none any more. `ids` are those that were not."""
        numbers, wished = checks.photo_ids(ids), checks.flag(favourite, "favourite")
        return {"ids": self._many.set_favourite(numbers, wished)}

    def caption_again(self, ids: object) -> dict[str, Any]:
        """Ask for others. `photos` will get one; those `by_person` keep theirs."""
        numbers = checks.photo_ids(ids)
        selected = self._many.caption_again(numbers)
        if selected.photos:
            self._look_at(numbers[:_MOST_TOLD])
        return {"photos": selected.photos, "by_person": selected.by_person}

    def captions(self, ids: object, form: object) -> bytes:
        """The captions of photos as a file, in JSON or CSV."""
        photos = self._many.photos(checks.photo_ids(ids))
        if form == "json":
            return captions_json(photos)
        if form == "csv":
            return captions_csv(photos)
        raise BadRequest("as is json or csv.")

    def pack(self, ids: object) -> dict[str, Any]:
        """Make originals ready to go as one zip: `token` is part of its address."""
        archive = self._archives.make(checks.photo_ids(ids))
        return {
            "token": archive.token,
            "files": len(archive.files),
            "missing": len(archive.missing),
            "bytes": archive.open()[0],
        }

    def packed(self, token: str) -> tuple[int, Iterator[bytes]]:
        """The length of the zip in bytes, and the zip, a piece at a time. Raises
        NotFound when it was not asked for lately, or an original has gone since."""
        archive = self._archives.find(token)
        if archive is None:
            raise NotFound("This download is not there any more; ask for it again.")
        try:
            return archive.open()
        except OSError:
            raise NotFound("A photo has gone meanwhile; ask for it again.") from None
