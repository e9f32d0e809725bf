"""Stand-ins for albums and for what is done to many photos, over a dict of photos."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from album.catalogue_albums import Collection
from album.catalogue_staleness import Selected
from album.errors import AlbumError, NoSuchAlbum
from album.photo import PERSON, Photo
from album.timeline import Timeline, timeline_of

NOW = datetime(2026, 11, 21, tzinfo=UTC)


class FakeAlbums:
    """Albums in memory; `members` are their photos by album."""

    def __init__(self, photos: dict[int, Photo]) -> None:
        self.photos = photos
        self.members: dict[int, list[int]] = {}
        self.names: dict[int, str] = {}
        self.queries: dict[int, str | None] = {}
        self.covers: dict[int, int] = {}
        self.numbers = itertools.count(1)

    def all(self) -> list[Collection]:
        return [self.one(key) for key in sorted(self.names, reverse=True)]

    def one(self, album_id: int) -> Collection:
        if album_id not in self.names:
            raise NoSuchAlbum("There is no such album any more.")
        present = self.present(album_id)
        cover = self.covers.get(album_id)
        if cover not in [photo.id for photo in present]:
            cover = present[0].id if present else None
        return Collection(
            album_id, self.names[album_id], NOW, self.queries[album_id],
            len(present), cover,
        )  # fmt: skip

    def create(self, name: str, query: str | None = None) -> Collection:
        self.check(name)
        key = next(self.numbers)
        self.names[key], self.queries[key], self.members[key] = name, query, []
        return self.one(key)

    def rename(self, album_id: int, name: str) -> Collection:
        self.one(album_id)
        self.check(name, album_id)
        self.names[album_id] = name
        return self.one(album_id)

    def delete(self, album_id: int) -> None:
        self.one(album_id)
        for kept in (self.names, self.queries, self.members):
            del kept[album_id]

    def add(self, album_id: int, photo_ids: Sequence[int]) -> list[int]:
        members = self.own(album_id)
        added = [k for k in photo_ids if k in self.photos and k not in members]
        members += added
        return added

    def remove(self, album_id: int, photo_ids: Sequence[int]) -> list[int]:
        members = self.own(album_id)
        gone = [key for key in photo_ids if key in members]
        members[:] = [key for key in members if key not in gone]
        return gone

    def set_cover(self, album_id: int, photo_id: int) -> Collection:
        if photo_id not in self.own(album_id):
            raise AlbumError("Only a photo of the album can be its cover.")
        self.covers[album_id] = photo_id
        return self.one(album_id)

    def timeline(self, album_id: int) -> Timeline:
        self.own(album_id)
        return timeline(self.present(album_id))

    def favourites(self) -> Timeline:
        loved = [p for p in self.photos.values() if p.favourite_since is not None]
        return timeline(sorted(loved, key=lambda p: p.sort_at, reverse=True))

    def own(self, album_id: int) -> list[int]:
        if self.one(album_id).smart:
            raise AlbumError("A smart album holds whatever its search finds.")
        return self.members[album_id]

    def present(self, album_id: int) -> list[Photo]:
        found = [self.photos[k] for k in self.members[album_id] if k in self.photos]
        return sorted(found, key=lambda photo: photo.sort_at, reverse=True)

    def check(self, name: str, album_id: int = 0) -> None:
        taken = [n.casefold() for key, n in self.names.items() if key != album_id]
        if name.casefold() in taken:
            raise AlbumError(f"There is an album “{name}” already.")


class FakeMany:
    """Many photos of an album in memory; those taken out wait in `out`."""

    def __init__(self, known: dict[int, Photo]) -> None:
        self.known = known
        self.out: dict[int, Photo] = {}

    def photos(self, photo_ids: Sequence[int]) -> list[Photo]:
        return [self.known[key] for key in photo_ids if key in self.known]

    def remove(self, photo_ids: Sequence[int]) -> list[int]:
        gone = [key for key in photo_ids if key in self.known]
        for key in gone:
            self.out[key] = replace(self.known.pop(key), removed_at=NOW)
        return gone

    def restore(self, photo_ids: Sequence[int]) -> list[int]:
        back = [key for key in photo_ids if key in self.out]
        for key in back:
            self.known[key] = replace(self.out.pop(key), removed_at=None)
        return back

    def removed_count(self) -> int:
        return len(self.out)

    def removed(self, limit: int, offset: int = 0) -> list[Photo]:
        return list(reversed(self.out.values()))[offset : offset + limit]

    def removed_one(self, photo_id: int) -> Photo | None:
        return self.out.get(photo_id)

    def set_favourite(self, photo_ids: Sequence[int], favourite: bool) -> list[int]:
        changed = [
            photo.id
            for photo in self.photos(photo_ids)
            if (photo.favourite_since is not None) is not favourite
        ]
        since = NOW if favourite else None
        for key in changed:
            self.known[key] = replace(self.known[key], favourite_since=since)
        return changed

    def caption_again(self, photo_ids: Sequence[int]) -> Selected:
        photos = self.photos(photo_ids)
        person = sum(p.caption is not None and p.caption.captioner == PERSON
                     for p in photos)  # fmt: skip
        return Selected(len(photos) - person, person)


def timeline(photos: Sequence[Photo]) -> Timeline:
    """Photos in this order as a timeline."""
    return timeline_of(
        (p.id, p.width, p.height, p.colour, p.sort_at.isoformat()) for p in photos
    )
