"""The vectors of captions: kept beside their captions, so that an index file is only a
cache of this table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from album.catalogue_rows import use_vector
from album.catalogue_store import Store

_BATCH = 4096  # rows of 1.5 kB: 6 MB at a time
_NOT_REFUSED = (
    "NOT EXISTS (SELECT 1 FROM vector_failures x WHERE x.caption_id = p.caption_id "
    "AND x.embedder = ?1)"
)
_HELD = (
    "FROM photos p JOIN vectors v ON v.caption_id = p.vector_caption_id "
    "AND v.embedder = ? WHERE p.missing = 0 "
)


@dataclass(frozen=True, slots=True)
class PendingText:
    """A caption that is shown for a photo and has no vector yet."""

    caption_id: int
    photo_id: int
    text: str


@dataclass(frozen=True, slots=True)
class VectorChanges:
    """What an index must do to reach change number `seq`.

    `ids` int64 (n,) with `vectors` float32 (n, dim) are to be put (replacing what was
    there), `removed` int64 (m,) to be taken out.
    """

    seq: int
    ids: NDArray[np.int64]
    vectors: NDArray[np.float32]
    removed: NDArray[np.int64]


class VectorTable:
    """Vectors, and the order in which an index must follow their changes."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def pending(self, embedder: str, limit: int) -> list[PendingText]:
        """Shown captions without a vector: a person's first, then the newest."""
        rows = self._store.reader().execute(
            "SELECT c.id, c.photo_id, c.text FROM photos p JOIN captions c "
            "ON c.id = p.caption_id LEFT JOIN vectors v ON v.caption_id = c.id AND "
            "v.embedder = ?1 WHERE v.caption_id IS NULL AND p.missing = 0 "
            f"AND {_NOT_REFUSED} "
            "ORDER BY c.captioner = 'person' DESC, c.id DESC LIMIT ?2",
            (embedder, limit),
        )
        return [PendingText(*row) for row in rows]

    def pending_count(self, embedder: str) -> int:
        """How many shown captions have no vector."""
        row = self._store.reader().execute(
            "SELECT count(*) FROM photos p LEFT JOIN vectors v ON "
            "v.caption_id = p.caption_id AND v.embedder = ?1 WHERE p.missing = 0 "
            "AND p.caption_id IS NOT NULL AND v.caption_id IS NULL "
            f"AND {_NOT_REFUSED}",
            (embedder,),
        )
        return int(row.fetchone()[0])

    def put(self, embedder: str, rows: Sequence[tuple[int, bytes]]) -> None:
        """Keep (caption id, float32 little-endian bytes) pairs, in one transaction."""
        with self._store.write() as connection:
            for caption_id, vector in rows:
                connection.execute(
                    "INSERT INTO vectors(caption_id, embedder, vector) VALUES (?, ?, ?)"
                    " ON CONFLICT(caption_id, embedder) DO UPDATE SET "
                    "vector = excluded.vector",
                    (caption_id, embedder, vector),
                )
                [photo_id] = connection.execute(
                    "SELECT photo_id FROM captions WHERE id = ?", (caption_id,)
                ).fetchone()
                use_vector(connection, caption_id, photo_id)

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
        row = self._store.reader().execute(f"SELECT count(*) {_HELD}", (embedder,))
        return int(row.fetchone()[0])

    def all(
        self, embedder: str
    ) -> Iterator[tuple[NDArray[np.int64], NDArray[np.float32]]]:
        """Everything an index should hold: ids int64 (m,), vectors float32 (m, dim)."""
        cursor = self._store.reader().execute(
            f"SELECT p.id, v.vector {_HELD} ORDER BY p.id", (embedder,)
        )
        while rows := cursor.fetchmany(_BATCH):
            yield _arrays(rows)

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
                f"SELECT p.id, v.vector {_HELD} AND p.id IN "
                "(SELECT photo_id FROM index_changes WHERE seq > ?)",
                (embedder, seq),
            ).fetchall()
        finally:
            reader.execute("COMMIT")
        ids, vectors = _arrays(held)
        gone = sorted(changed.difference(ids.tolist()))
        return VectorChanges(newest, ids, vectors, np.array(gone, dtype=np.int64))


def _arrays(
    rows: Sequence[tuple[int, bytes]],
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    ids = np.array([row[0] for row in rows], dtype=np.int64)
    flat = np.frombuffer(b"".join(row[1] for row in rows), dtype="<f4")
    vectors = flat.reshape(len(rows), -1) if rows else flat.reshape(0, 0)
    return ids, vectors.astype(np.float32, copy=False)
