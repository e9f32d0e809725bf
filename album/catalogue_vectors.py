"""The vectors of captions: kept beside their captions, so that an index file is only a
cache of this table.

Several embedding models may have vectors side by side; each has its own answer to which
caption stands for a photo: the one shown, or until that is embedded the newest that is.
So the old model's index stays whole while a new one is at work.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from album.catalogue_rows import log_index_change
from album.catalogue_store import Store

_BATCH = 4096  # rows of 1.5 kB: 6 MB at a time
_MANY = 900  # SQLite's oldest limit on variables of one statement is 999
_NOT_REFUSED = (
    "NOT EXISTS (SELECT 1 FROM vector_failures x WHERE x.caption_id = p.caption_id "
    "AND x.embedder = ?1)"
)
# Nearly every photo is looked at, so in the order of the table: through an index on
# `missing` the count of 100,000 photos took 548 ms instead of 80.
_PHOTOS = "FROM photos p NOT INDEXED "
_SHOWN = "LEFT JOIN vectors s ON s.caption_id = p.caption_id AND s.embedder = ?1 "
_PENDING = (
    f"{_PHOTOS} {_SHOWN} WHERE p.missing = 0 AND p.caption_id IS NOT NULL "
    f"AND s.caption_id IS NULL AND {_NOT_REFUSED} "
)
_PENDING_PARTS = (
    f"{_PHOTOS} JOIN vectors s ON s.caption_id = p.caption_id AND s.embedder = ?1 "
    "LEFT JOIN vector_parts w ON w.caption_id = p.caption_id AND w.embedder = ?1 "
    f"WHERE p.missing = 0 AND w.caption_id IS NULL AND {_NOT_REFUSED} "
)
# The newest text that has a vector; one that was taken back comes last.
_LATEST = (
    "FROM captions c JOIN vectors x ON x.caption_id = c.id AND x.embedder = ?1 "
    "WHERE c.photo_id = p.id ORDER BY c.withdrawn_at IS NOT NULL, c.id DESC LIMIT 1"
)
_HELD = f"{_PHOTOS} {_SHOWN} WHERE p.missing = 0 "
_VECTOR = f"coalesce(s.vector, (SELECT x.vector {_LATEST}))"


@dataclass(frozen=True, slots=True)
class PendingText:
    """A caption that is shown for a photo and lacks its vector, or only its parts.

    `text` is what is embedded, whole and in parts: the caption's text.
    """

    caption_id: int
    photo_id: int
    text: str
    has_vector: bool = False


@dataclass(frozen=True, slots=True)
class VectorChanges:
    """What an index must do to reach change number `seq`: put `ids` int64 (n,) with
    `vectors` float32 (n, dim), replacing what was there; take out `removed` int64 (m,).
    """

    seq: int
    ids: NDArray[np.int64]
    vectors: NDArray[np.float32]
    removed: NDArray[np.int64]


class VectorTable:
    """Vectors, and the order in which an index must follow their changes."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def pending(
        self, embedder: str, limit: int, *, parts: bool = False
    ) -> list[PendingText]:
        """Shown captions without a vector: a person's first, then the newest. Then,
        with `parts`, the newest of those that have a vector and no parts."""
        reader = self._store.reader()
        rows = reader.execute(
            "SELECT c.id, c.photo_id, c.text FROM captions c WHERE c.id IN "
            f"(SELECT p.caption_id {_PENDING}) "
            "ORDER BY c.captioner = 'person' DESC, c.id DESC LIMIT ?2",
            (embedder, limit),
        )
        pending = [PendingText(*row) for row in rows]
        if parts and len(pending) < limit:
            rows = reader.execute(
                "SELECT c.id, c.photo_id, c.text FROM captions c WHERE c.id IN "
                f"(SELECT p.caption_id {_PENDING_PARTS} "
                "ORDER BY p.caption_id DESC LIMIT ?2) ORDER BY c.id DESC",
                (embedder, limit - len(pending)),
            )
            pending += [
                PendingText(key, photo, text, True) for key, photo, text in rows
            ]
        return pending

    def pending_count(self, embedder: str, *, parts: bool = False) -> int:
        """How many shown captions have no vector or, with `parts`, lack either."""
        reader = self._store.reader()
        count = 0
        for question in (_PENDING, _PENDING_PARTS)[: 2 if parts else 1]:
            rows = reader.execute(f"SELECT count(*) {question}", (embedder,))
            count += int(rows.fetchone()[0])
        return count

    def put(
        self, embedder: str, rows: Sequence[tuple[int, bytes, bytes | None]]
    ) -> None:
        """Keep (caption id, float32 little-endian bytes, parts as the embedder packed
        them) in one transaction. Without parts (None), older ones stay."""
        with self._store.write() as connection:
            for caption_id, vector, parts in rows:
                connection.execute(
                    "INSERT INTO vectors(caption_id, embedder, vector) VALUES (?, ?, ?)"
                    " ON CONFLICT(caption_id, embedder) DO UPDATE SET "
                    "vector = excluded.vector",
                    (caption_id, embedder, vector),
                )
                if parts is not None:
                    _put_parts(connection, embedder, caption_id, parts)
                [photo_id] = connection.execute(
                    "SELECT photo_id FROM captions WHERE id = ?", (caption_id,)
                ).fetchone()
                log_index_change(connection, photo_id)

    def put_parts(self, embedder: str, rows: Sequence[tuple[int, bytes]]) -> None:
        """Keep the parts of captions whose vectors are here, in one transaction; to an
        index nothing has changed."""
        with self._store.write() as connection:
            for caption_id, parts in rows:
                _put_parts(connection, embedder, caption_id, parts)

    def parts_of(
        self, photo_ids: Sequence[int], embedder: str
    ) -> dict[int, tuple[int, bytes]]:
        """By photo: the caption whose vector an index of this embedder holds, and its
        parts. Photos without are left out. The caption's id tells whether it is still
        the one that is shown."""
        found: dict[int, tuple[int, bytes]] = {}
        for start in range(0, len(photo_ids), _MANY):
            part = [int(key) for key in photo_ids[start : start + _MANY]]
            marks = ",".join("?" * len(part))
            rows = self._store.reader().execute(
                f"SELECT p.id, w.caption_id, w.parts {_PHOTOS} {_SHOWN} "
                "JOIN vector_parts w ON w.embedder = ?1 AND w.caption_id = "
                f"coalesce(s.caption_id, (SELECT x.caption_id {_LATEST})) "
                f"WHERE p.id IN ({marks})",
                (embedder, *part),
            )
            found.update((row[0], (row[1], row[2])) for row in rows)
        return found

    def refuse(self, embedder: str, caption_id: int, reason: str) -> None:
        """This caption cannot be embedded; it is not asked for again."""
        with self._store.write() as connection:
            connection.execute(
                "INSERT INTO vector_failures VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                (caption_id, embedder, reason),
            )

    def last_change(self) -> int:
        """The number of the newest change to what an index should hold; 0 at first."""
        row = self._store.reader().execute("SELECT max(seq) FROM index_changes")
        return int(row.fetchone()[0] or 0)

    def count(self, embedder: str) -> int:
        """How many photos an index of this embedder should hold."""
        row = self._store.reader().execute(
            f"SELECT count(*) {_HELD} AND (s.caption_id IS NOT NULL OR EXISTS "
            f"(SELECT 1 {_LATEST}))",
            (embedder,),
        )
        return int(row.fetchone()[0])

    def all(
        self, embedder: str
    ) -> Iterator[tuple[NDArray[np.int64], NDArray[np.float32]]]:
        """Everything an index should hold: ids int64 (m,), vectors float32 (m, dim)."""
        cursor = self._store.reader().execute(
            f"SELECT p.id, {_VECTOR} {_HELD} ORDER BY p.id", (embedder,)
        )
        while rows := cursor.fetchmany(_BATCH):
            ids, vectors = _arrays(rows)
            if len(ids):
                yield ids, vectors

    def vectors_of(
        self, photo_ids: NDArray[np.int64], embedder: str
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Of `photo_ids` int64 (n,) those that an index should hold, int64 (m,), and
        their vectors float32 (m, dim); m may be 0, and then dim is as well."""
        found: list[tuple[int, bytes | None]] = []
        for start in range(0, len(photo_ids), _BATCH):
            ids = ",".join(map(str, photo_ids[start : start + _BATCH].tolist()))
            found += self._store.reader().execute(
                f"SELECT p.id, {_VECTOR} {_HELD} AND p.id IN ({ids})", (embedder,)
            )
        return _arrays(found)

    def changed_since(self, seq: int, embedder: str) -> VectorChanges:
        """What has changed after change number `seq`."""
        reader = self._store.reader()
        reader.execute("BEGIN")  # one snapshot: the number and the rows belong together
        try:
            newest = self.last_change()
            changed = {
                row[0]
                for row in reader.execute(
                    "SELECT photo_id FROM index_changes WHERE seq > ?", (seq,)
                )
            }
            held = reader.execute(
                f"SELECT p.id, {_VECTOR} {_HELD} AND p.id IN "
                "(SELECT photo_id FROM index_changes WHERE seq > ?2)",
                (embedder, seq),
            ).fetchall()
        finally:
            reader.execute("COMMIT")
        ids, vectors = _arrays(held)
        gone = sorted(changed.difference(ids.tolist()))
        return VectorChanges(newest, ids, vectors, np.array(gone, dtype=np.int64))


def _put_parts(
    connection: sqlite3.Connection, embedder: str, caption_id: int, parts: bytes
) -> None:
    connection.execute(
        "INSERT INTO vector_parts(caption_id, embedder, parts) VALUES (?, ?, ?) "
        "ON CONFLICT(caption_id, embedder) DO UPDATE SET parts = excluded.parts",
        (caption_id, embedder, parts),
    )


def _arrays(
    read: Sequence[tuple[int, bytes | None]],
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    rows = [(key, vector) for key, vector in read if vector is not None]
    ids = np.array([row[0] for row in rows], dtype=np.int64)
    flat = np.frombuffer(b"".join(row[1] for row in rows), dtype="<f4")
    vectors = flat.reshape(len(rows), -1) if rows else flat.reshape(0, 0)
    return ids, vectors.astype(np.float32, copy=False)
