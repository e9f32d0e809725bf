"""What a person does with many photos at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from album.catalogue import Catalogue
from album.catalogue_staleness import Selected
from album.photo import Photo
from album.selection import Condition


class ManyPhotos:
    """Takes photos out and brings them back, marks them, has them captioned again.

    Every method passes over ids that it does not know, and is one transaction.
    """

    def __init__(self, catalogue: Catalogue, changed: Callable[[], None]) -> None:
        """`changed` is called when there is something new to index."""
        self._catalogue = catalogue
        self._changed = changed

    def photos(self, photo_ids: Sequence[int]) -> list[Photo]:
        """Those of the photos that are in the album, in the order of their ids here."""
        known = self._catalogue.photos.many(photo_ids)
        found = (known.get(key) for key in dict.fromkeys(photo_ids))
        return [photo for photo in found if photo and not photo.removed_at]

    def remove(self, photo_ids: Sequence[int]) -> list[int]:
        """Take photos out of the album: they are shown and found nowhere, and no scan
        brings them back. Originals stay where they are; captions, favourites and albums
        wait. The ids of those that were in it."""
        gone = self._catalogue.removals.remove(photo_ids)
        self._changed()
        return gone

    def restore(self, photo_ids: Sequence[int]) -> list[int]:
        """Bring back photos that were taken out; the ids of those that had been."""
        back = self._catalogue.removals.restore(photo_ids)
        self._changed()
        return back

    def removed_count(self) -> int:
        """How many photos are out."""
        return self._catalogue.removals.count()

    def removed(self, limit: int, offset: int = 0) -> list[Photo]:
        """A page of the photos that are out, the latest first."""
        rows = self._catalogue.removals.all(limit, offset)
        known = self._catalogue.photos.many([row.photo_id for row in rows])
        return [known[row.photo_id] for row in rows if row.photo_id in known]

    def removed_one(self, photo_id: int) -> Photo | None:
        """The photo with this id if it is out."""
        photo = self._catalogue.photos.one(photo_id)
        return photo if photo is not None and photo.removed_at else None

    def set_favourite(self, photo_ids: Sequence[int], favourite: bool) -> list[int]:
        """Make photos favourites, or none any more; the ids of those that were not so
        before."""
        return self._catalogue.favourites.set_many(photo_ids, favourite)

    def caption_again(self, photo_ids: Sequence[int]) -> Selected:
        """Let models look at photos again; their captions stay until there are others.
        Those whose caption a person wrote, or whose original is away, are left alone.
        """
        selected = self._catalogue.staleness.mark(
            [Condition("photo", "=", tuple(photo_ids))]
        )
        if selected.photos:
            self._changed()
        return selected
