"""Photos that a person took out of the album. Their originals stay where they are, and
everything that was said of them waits for the day they are wanted again."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from album.catalogue_rows import now_text, refresh_photos
from album.catalogue_store import Store


class RemovedPhoto(NamedTuple):
    """A photo that was taken out, and when (UTC)."""

    photo_id: int
    removed_at: datetime


class RemovalTable:
    """Takes photos out, and brings them back.

    It is a column of the photos and so belongs to the content of a picture: a scan that
    meets the file again, renamed or copied, leaves it out. What a photo is hidden by
    everywhere else is `photos.missing`, which `refresh_photos` derives from it.
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    def remove(self, photo_ids: Sequence[int]) -> list[int]:
        """Take these photos out, in one transaction; those that were not out before.
        Unknown ids are passed over."""
        return self._set(photo_ids, "removed_at IS NULL", now_text())

    def restore(self, photo_ids: Sequence[int]) -> list[int]:
        """Bring these photos back, in one transaction; those that had been out."""
        return self._set(photo_ids, "removed_at IS NOT NULL", None)

    def _set(
        self, photo_ids: Sequence[int], before: str, removed_at: str | None
    ) -> list[int]:
        listed = json.dumps([int(key) for key in photo_ids])
        with self._store.write() as connection:
            rows = connection.execute(
                "SELECT id FROM photos WHERE id IN (SELECT value FROM json_each(?)) "
                f"AND {before} ORDER BY id",
                (listed,),
            )
            changed = [row[0] for row in rows]
            connection.executemany(
                "UPDATE photos SET removed_at = ? WHERE id = ?",
                ((removed_at, key) for key in changed),
            )
            refresh_photos(connection, changed)
        return changed

    def count(self) -> int:
        """How many photos are out."""
        row = self._store.reader().execute(
            "SELECT count(*) FROM photos WHERE removed_at IS NOT NULL"
        )
        return int(row.fetchone()[0])

    def all(self, limit: int, offset: int = 0) -> list[RemovedPhoto]:
        """The photos that are out, the latest first."""
        rows = self._store.reader().execute(
            "SELECT id, removed_at FROM photos WHERE removed_at IS NOT NULL "
            "ORDER BY removed_at DESC, id DESC LIMIT ? OFFSET ?",
            (limit, offset),
        )
        return [RemovedPhoto(row[0], datetime.fromisoformat(row[1])) for row in rows]
