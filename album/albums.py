"""The albums as the rest of the program asks for them: every name and id is checked."""

from __future__ import annotations

from collections.abc import Sequence

from album.catalogue import Catalogue
from album.catalogue_albums import Collection
from album.errors import AlbumError, NoSuchAlbum
from album.timeline import Timeline, timeline_of
from album.wording import typed

LONGEST_NAME = 100
"""Characters of an album's name."""


class Albums:
    """Albums of photos that a person chose, and smart ones: searches that are kept."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue

    def all(self) -> list[Collection]:
        """Every album, the newest first."""
        return self._catalogue.albums.all()

    def one(self, album_id: int) -> Collection:
        """The album with this id. Raises NoSuchAlbum."""
        found = self._catalogue.albums.one(album_id)
        if found is None:
            raise NoSuchAlbum("There is no such album any more.")
        return found

    def create(self, name: str, query: str | None = None) -> Collection:
        """A new album, with a `query` a smart one. Raises AlbumError for a name that is
        blank, too long or taken."""
        wanted = None if query is None else _line(query)
        if wanted == "":
            raise AlbumError("A smart album needs something to search for.")
        return self.one(self._catalogue.albums.create(_name(name), wanted))

    def rename(self, album_id: int, name: str) -> Collection:
        """Give an album another name. Raises NoSuchAlbum, and AlbumError as `create`
        does."""
        self.one(album_id)
        self._catalogue.albums.rename(album_id, _name(name))
        return self.one(album_id)

    def delete(self, album_id: int) -> None:
        """Delete an album; its photos stay. Raises NoSuchAlbum."""
        self.one(album_id)
        self._catalogue.albums.delete(album_id)

    def add(self, album_id: int, photo_ids: Sequence[int]) -> list[int]:
        """Put photos into an album; the ids of those that were not in it. Raises
        NoSuchAlbum, and AlbumError for a smart one."""
        self._own(album_id)
        return self._catalogue.albums.add(album_id, photo_ids)

    def remove(self, album_id: int, photo_ids: Sequence[int]) -> list[int]:
        """Take photos out of an album, not out of the catalogue; the ids of those that
        were in it. Raises as `add` does."""
        self._own(album_id)
        return self._catalogue.albums.remove(album_id, photo_ids)

    def set_cover(self, album_id: int, photo_id: int) -> Collection:
        """Let a photo of the album stand for it. Raises as `add` does, and AlbumError
        for a photo that is not in the album."""
        self._own(album_id)
        if not self._catalogue.albums.set_cover(album_id, photo_id):
            raise AlbumError("Only a photo of the album can be its cover.")
        return self.one(album_id)

    def timeline(self, album_id: int) -> Timeline:
        """The album's photos present, newest first. Raises as `add` does."""
        self._own(album_id)
        return timeline_of(self._catalogue.albums.timeline_rows(album_id))

    def favourites(self) -> Timeline:
        """The favourites present, newest first."""
        return timeline_of(self._catalogue.favourites.timeline_rows())

    def with_photo(self, photo_id: int) -> list[int]:
        """The ids of the albums a photo is in, the newest first."""
        return self._catalogue.albums.with_photo(photo_id)

    def _own(self, album_id: int) -> None:
        if self.one(album_id).smart:
            raise AlbumError(
                "A smart album holds whatever its search finds; photos cannot be put "
                "in or taken out by hand."
            )


def _name(text: str) -> str:
    name = _line(text)
    if not name:
        raise AlbumError("An album needs a name.")
    if len(name) > LONGEST_NAME:
        raise AlbumError(f"An album's name may have {LONGEST_NAME} characters.")
    return name


def _line(text: str) -> str:
    return " ".join(typed(text).split())
