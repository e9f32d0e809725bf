"""Albums: photos that a person put together under a name, or a search that was kept."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from album.catalogue_rows import now_text
from album.catalogue_store import Store
from album.errors import AlbumError

# The cover is the one that was chosen, as long as it is in the album and can be shown;
# else the newest. A smart album's photos are not known here.
_SHOWN = (
    "SELECT m.photo_id FROM album_photos m JOIN photos p ON p.id = m.photo_id "
    "WHERE m.album_id = a.id AND p.missing = 0 "
)
_ALBUM = (
    "SELECT a.id, a.name, a.created_at, a.query, "
    "(SELECT count(*) FROM album_photos m JOIN photos p ON p.id = m.photo_id "
    "WHERE m.album_id = a.id AND p.missing = 0), "
    f"coalesce(({_SHOWN} AND m.photo_id = a.cover_photo_id), "
    f"({_SHOWN} ORDER BY p.sort_at DESC, p.id DESC LIMIT 1)) FROM albums a "
)


@dataclass(frozen=True, slots=True)
class Collection:
    """An album: `photos` counts those of it that are present, `cover` is the id of the
    one that stands for it. A smart album has a `query` instead, and no count."""

    id: int
    name: str
    created_at: datetime
    query: str | None
    photos: int
    cover: int | None

    @property
    def smart(self) -> bool:
        """Whether it is a search that was kept."""
        return self.query is not None


class AlbumTable:
    """The albums and what is in them. Photos that are taken out or missing stay in
    their albums, and are not counted or shown meanwhile."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def all(self) -> list[Collection]:
        """Every album, the newest first."""
        rows = self._store.reader().execute(f"{_ALBUM} ORDER BY a.id DESC")
        return [_collection(row) for row in rows]

    def one(self, album_id: int) -> Collection | None:
        """The album with this id, or None."""
        row = self._store.reader().execute(f"{_ALBUM} WHERE a.id = ?", (album_id,))
        found = row.fetchone()
        return None if found is None else _collection(found)

    def create(self, name: str, query: str | None = None) -> int:
        """A new album; its id. Raises AlbumError when another has that name."""
        with self._store.write() as connection:
            _check_free(connection.execute("SELECT id, name FROM albums"), name)
            made = connection.execute(
                "INSERT INTO albums(name, created_at, query) VALUES (?, ?, ?)",
                (name, now_text(), query),
            )
            assert made.lastrowid is not None
            return made.lastrowid

    def rename(self, album_id: int, name: str) -> bool:
        """Give an album another name; whether there is such an album. Raises AlbumError
        when another has that name."""
        with self._store.write() as connection:
            known = connection.execute("SELECT id, name FROM albums")
            _check_free((row for row in known if row[0] != album_id), name)
            return bool(
                connection.execute(
                    "UPDATE albums SET name = ? WHERE id = ?", (name, album_id)
                ).rowcount
            )

    def delete(self, album_id: int) -> bool:
        """Delete an album, and none of its photos; whether there was one."""
        with self._store.write() as connection:
            return bool(
                connection.execute(
                    "DELETE FROM albums WHERE id = ?", (album_id,)
                ).rowcount
            )

    def add(self, album_id: int, photo_ids: Sequence[int]) -> list[int]:
        """Put photos into an album, in one transaction; those that were not in it.
        Unknown photos are passed over."""
        with self._store.write() as connection:
            rows = connection.execute(
                "SELECT p.id FROM photos p WHERE p.id IN "
                "(SELECT value FROM json_each(?1)) AND NOT EXISTS (SELECT 1 FROM "
                "album_photos m WHERE m.album_id = ?2 AND m.photo_id = p.id) "
                "ORDER BY p.id",
                (_listed(photo_ids), album_id),
            )
            added, now = [row[0] for row in rows], now_text()
            connection.executemany(
                "INSERT INTO album_photos(album_id, photo_id, added_at) "
                "VALUES (?, ?, ?)",
                ((album_id, key, now) for key in added),
            )
        return added

    def remove(self, album_id: int, photo_ids: Sequence[int]) -> list[int]:
        """Take photos out of an album, in one transaction; those that were in it."""
        with self._store.write() as connection:
            rows = connection.execute(
                "SELECT photo_id FROM album_photos WHERE album_id = ?2 AND photo_id IN "
                "(SELECT value FROM json_each(?1)) ORDER BY photo_id",
                (_listed(photo_ids), album_id),
            )
            gone = [row[0] for row in rows]
            connection.executemany(
                "DELETE FROM album_photos WHERE album_id = ? AND photo_id = ?",
                ((album_id, key) for key in gone),
            )
        return gone

    def set_cover(self, album_id: int, photo_id: int) -> bool:
        """Let a photo of the album stand for it; whether it is one of the album."""
        with self._store.write() as connection:
            return bool(
                connection.execute(
                    "UPDATE albums SET cover_photo_id = ?2 WHERE id = ?1 AND EXISTS "
                    "(SELECT 1 FROM album_photos m WHERE m.album_id = ?1 "
                    "AND m.photo_id = ?2)",
                    (album_id, photo_id),
                ).rowcount
            )

    def timeline_rows(self, album_id: int) -> Iterator[tuple[int, int, int, int, str]]:
        """(id, width, height, colour, sort_at) of its photos present, newest first."""
        return self._store.reader().execute(
            "SELECT id, width, height, colour, sort_at FROM photos WHERE missing = 0 "
            "AND id IN (SELECT photo_id FROM album_photos WHERE album_id = ?) "
            "ORDER BY sort_at DESC, id DESC",
            (album_id,),
        )

    def with_photo(self, photo_id: int) -> list[int]:
        """The ids of the albums a photo is in, the newest first."""
        rows = self._store.reader().execute(
            "SELECT album_id FROM album_photos WHERE photo_id = ? ORDER BY 1 DESC",
            (photo_id,),
        )
        return [row[0] for row in rows]


def _check_free(known: Any, name: str) -> None:
    """SQLite knows no letters beyond ASCII in either case, so Python compares."""
    if any(other.casefold() == name.casefold() for _, other in known):
        raise AlbumError(f"There is an album “{name}” already.")


def _listed(photo_ids: Sequence[int]) -> str:
    return json.dumps([int(key) for key in photo_ids])


def _collection(row: Sequence[Any]) -> Collection:
    key, name, created_at, query, photos, cover = row
    return Collection(
        key, name, datetime.fromisoformat(created_at), query, photos, cover
    )
