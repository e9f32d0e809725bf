"""The favourites: photos that a person has marked, each with the time it was."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from album.catalogue_rows import now_text
from album.catalogue_store import Store


class FavouriteTable:
    """Sets the mark; `Photo.favourite_since` shows it and FilterTable finds by it.

    It is a column of the photos and so belongs to the content of a picture: it stays
    when the file is moved, renamed, gone or back.
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    def set(self, photo_id: int, favourite: bool) -> bool:
        """Mark the photo, or take its mark away; whether there is such a photo.

        One that is a favourite already keeps its time.
        """
        since = now_text() if favourite else None
        with self._store.write() as connection:
            changed = connection.execute(
                "UPDATE photos SET favourite_since = CASE WHEN ?1 IS NULL THEN NULL "
                "ELSE coalesce(favourite_since, ?1) END WHERE id = ?2",
                (since, photo_id),
            ).rowcount
        return bool(changed)

    def set_many(self, photo_ids: Sequence[int], favourite: bool) -> list[int]:
        """The same for many photos in one transaction; those that were not so before.
        Unknown ids are passed over."""
        since = now_text() if favourite else None
        with self._store.write() as connection:
            rows = connection.execute(
                "SELECT id FROM photos WHERE (favourite_since IS NULL) = ?1 AND "
                "id IN (SELECT value FROM json_each(?2)) ORDER BY id",
                (favourite, json.dumps([int(key) for key in photo_ids])),
            )
            changed = [row[0] for row in rows]
            connection.executemany(
                "UPDATE photos SET favourite_since = ? WHERE id = ?",
                ((since, key) for key in changed),
            )
        return changed

    def timeline_rows(self) -> Iterator[tuple[int, int, int, int, str]]:
        """(id, width, height, colour, sort_at) of those present, newest first."""
        return self._store.reader().execute(
            "SELECT id, width, height, colour, sort_at FROM photos WHERE missing = 0 "
            "AND favourite_since IS NOT NULL ORDER BY sort_at DESC, id DESC"
        )
