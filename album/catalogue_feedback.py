"""Photos that a person took out of a search: "not this"."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from album.catalogue_rows import now_text
from album.catalogue_store import Store


@dataclass(frozen=True, slots=True)
class RejectedPhotos:
    """A query as it was typed, the photos taken out of it (the latest first), and when
    (UTC) the latest of them was."""

    query: str
    photo_ids: tuple[int, ...]
    latest: datetime


class RejectionTable:
    """The photos that each query is not to find. A `key` stands for all ways to type
    the same query; index/feedback.py makes it."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def add(self, key: str, query: str, photo_id: int) -> None:
        """Take the photo out of the query; again, if it was before.

        Raises CatalogueError when there is no such photo.
        """
        with self._store.write() as connection:
            connection.execute(
                "INSERT INTO rejections(key, photo_id, query, rejected_at) "
                "VALUES (?, ?, ?, ?) ON CONFLICT(key, photo_id) DO UPDATE SET "
                "query = excluded.query, rejected_at = excluded.rejected_at",
                (key, photo_id, query, now_text()),
            )

    def remove(self, key: str, photo_id: int) -> bool:
        """Let the query find the photo again; whether it was taken out."""
        with self._store.write() as connection:
            gone = connection.execute(
                "DELETE FROM rejections WHERE key = ? AND photo_id = ?", (key, photo_id)
            ).rowcount
        return bool(gone)

    def clear(self, key: str | None = None) -> int:
        """Let one query, or every one, find all photos again; how many those were."""
        with self._store.write() as connection:
            return connection.execute(
                "DELETE FROM rejections WHERE ?1 IS NULL OR key = ?1", (key,)
            ).rowcount

    def photo_ids(self, key: str) -> frozenset[int]:
        """The photos taken out of the query."""
        rows = self._store.reader().execute(
            "SELECT photo_id FROM rejections WHERE key = ?", (key,)
        )
        return frozenset(row[0] for row in rows)

    def vectors(self, key: str, embedder: str) -> NDArray[np.float32]:
        """float32 (n, dim): what the shown captions of these photos are in this model;
        photos whose caption is not embedded yet are left out. (0, 0) without any."""
        rows = self._store.reader().execute(
            "SELECT v.vector FROM rejections x JOIN photos p ON p.id = x.photo_id "
            "JOIN vectors v ON v.caption_id = p.caption_id AND v.embedder = ?2 "
            "WHERE x.key = ?1 ORDER BY x.photo_id",
            (key, embedder),
        )
        found = [np.frombuffer(row[0], dtype="<f4") for row in rows]
        return np.array(found, dtype=np.float32).reshape(len(found), -1 if found else 0)

    def all(self) -> list[RejectedPhotos]:
        """Every query with its photos; that of the latest "not this" first."""
        rows = self._store.reader().execute(
            "SELECT key, photo_id, query, rejected_at FROM rejections "
            "ORDER BY rejected_at DESC, photo_id"
        )
        found: dict[str, RejectedPhotos] = {}
        for key, photo_id, query, at in rows:
            one = found.get(key) or RejectedPhotos(
                query, (), datetime.fromisoformat(at)
            )
            found[key] = RejectedPhotos(
                one.query, (*one.photo_ids, photo_id), one.latest
            )
        return list(found.values())
