"""What the page can do with albums. Like those of ui/handlers.py, each method is a
public door: it checks all it is given."""

from __future__ import annotations

from typing import Any

from album.catalogue_albums import Collection
from ui import checks, wire
from ui.handlers_search import MAX_QUERY_CHARS
from ui.needs import Album

MAX_NAME_CHARS = 100


class AlbumHandlers:
    """Albums: seen, made, changed."""

    def __init__(self, library: Album) -> None:
        self._library = library
        self._albums = library.albums

    def all(self) -> dict[str, Any]:
        """Every album, the newest first; and the two that are always there: how many
        favourites there are (`cover` is the newest), how many photos were taken out."""
        favourites = self._albums.favourites().ids
        newest = int(favourites[0]) if len(favourites) else None
        return {
            "albums": [self._card(album) for album in self._albums.all()],
            "favourites": {"photos": len(favourites), "cover": self._cover(newest)},
            "removed": {"photos": self._library.many.removed_count()},
        }

    def one(self, album_id: object) -> dict[str, Any]:
        """One album."""
        return self._card(self._albums.one(checks.album_id(album_id)))

    def timeline(self, album_id: object) -> bytes:
        """Its photos, newest first; see `wire.pack_timeline`."""
        return wire.pack_timeline(self._albums.timeline(checks.album_id(album_id)))

    def favourites(self) -> bytes:
        """The favourites likewise."""
        return wire.pack_timeline(self._albums.favourites())

    def create(
        self, name: object, query: object = None, ids: object = None
    ) -> dict[str, Any]:
        """A new album, empty or with some photos; a smart one with a `query`."""
        wanted = None
        if query is not None:
            wanted = checks.text(query, MAX_QUERY_CHARS, "The search")
        photos = [] if ids is None or wanted else checks.photo_ids(ids)
        album = self._albums.create(_name(name), wanted)
        if photos:
            self._albums.add(album.id, photos)
        return self._card(self._albums.one(album.id))

    def rename(self, album_id: object, name: object) -> dict[str, Any]:
        """The album under its other name."""
        number = checks.album_id(album_id)
        return self._card(self._albums.rename(number, _name(name)))

    def delete(self, album_id: object) -> None:
        """The album goes, its photos stay."""
        self._albums.delete(checks.album_id(album_id))

    def add(self, album_id: object, ids: object) -> dict[str, Any]:
        """Put photos in. `ids` are those that were not in it: what an undo takes out
        again."""
        number = checks.album_id(album_id)
        added = self._albums.add(number, checks.photo_ids(ids))
        return {"ids": added, "album": self.one(number)}

    def remove(self, album_id: object, ids: object) -> dict[str, Any]:
        """Take photos out of the album. `ids` are those that were in it."""
        number = checks.album_id(album_id)
        gone = self._albums.remove(number, checks.photo_ids(ids))
        return {"ids": gone, "album": self.one(number)}

    def set_cover(self, album_id: object, photo_id: object) -> dict[str, Any]:
        """Let a photo of the album stand for it."""
        number, photo = checks.album_id(album_id), checks.photo_id(photo_id)
        return self._card(self._albums.set_cover(number, photo))

    def _card(self, album: Collection) -> dict[str, Any]:
        return wire.album_card(album) | {"cover": self._cover(album.cover)}

    def _cover(self, photo_id: int | None) -> dict[str, Any] | None:
        photo = None if photo_id is None else self._library.photo(photo_id)
        return None if photo is None else wire.cell(photo) | {"colour": photo.colour}


def _name(value: object) -> str:
    return checks.text(value, MAX_NAME_CHARS, "An album's name")
