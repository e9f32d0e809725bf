"""Which text models have vectors here, and forgetting one that is no longer used."""

from __future__ import annotations

from album.catalogue_store import Store


class TextModelTable:
    """The vectors by the embedder that made them."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def all(self) -> list[str]:
        """The names of all embedders that have vectors."""
        rows = self._store.reader().execute(
            "SELECT DISTINCT embedder FROM vectors UNION "
            "SELECT DISTINCT embedder FROM vector_failures ORDER BY 1"
        )
        return [row[0] for row in rows]

    def shown_texts(self) -> int:
        """How many captions are shown, and so are to be embedded."""
        row = self._store.reader().execute(
            "SELECT count(*) FROM photos NOT INDEXED "
            "WHERE missing = 0 AND caption_id IS NOT NULL"
        )
        return int(row.fetchone()[0])

    def forget(self, embedder: str, limit: int, after: int = 0) -> int | None:
        """Delete this embedder's vectors and parts of the next `limit` captions behind
        the caption `after`, in one transaction; the last of them, or None when none
        was left. What it refused goes with the last ones. No index need follow."""
        with self._store.write() as connection:
            # By the index on both columns alone: no vector is read to find it.
            rows = connection.execute(
                "SELECT caption_id FROM vectors WHERE caption_id > ? AND embedder = ? "
                "ORDER BY caption_id LIMIT ?",
                (after, embedder, limit),
            ).fetchall()
            for table in ("vector_parts", "vectors"):
                connection.executemany(
                    f"DELETE FROM {table} WHERE caption_id = ? AND embedder = ?",
                    [(row[0], embedder) for row in rows],
                )
            if rows:
                return int(rows[-1][0])
            connection.execute(
                "DELETE FROM vector_failures WHERE embedder = ?", (embedder,)
            )
            return None
