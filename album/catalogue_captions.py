"""The captions: every text ever written of a photo, and who wrote it."""

from __future__ import annotations

from collections.abc import Sequence

from album.catalogue_caption_rows import (
    CAPTION_COLUMNS,
    caption_from_row,
    insert_caption,
)
from album.catalogue_rows import now_text, refresh_caption
from album.catalogue_store import Store
from album.photo import PERSON, Author, Caption, WrittenCaption

BY_PERSON = Author(PERSON)
# SQLite's oldest limit on the variables of one statement (before 3.32) is 999.
_MANY = 900


class CaptionTable:
    """Captions and their history. What is still to be captioned is CaptionQueue's."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def add_many(
        self, author: Author, written: Sequence[tuple[int, WrittenCaption]]
    ) -> None:
        """Keep one author's captions of several photos, in one transaction.

        A person's text that came meanwhile stays what is shown.
        """
        with self._store.write() as connection:
            for photo_id, caption in written:
                insert_caption(connection, photo_id, caption, author)
                refresh_caption(connection, photo_id)

    def add_of_person(self, photo_id: int, text: str, seen: int | None) -> bool:
        """Keep a person's text, if what is shown is still the caption they had `seen`
        (its id; 0: none), or whatever is shown if `seen` is None; whether it was kept.

        The look and the write are one transaction: of two people who correct the same
        caption at the same moment, the second is told.
        """
        with self._store.write() as connection:
            if seen is not None:
                row = connection.execute(
                    "SELECT coalesce(caption_id, 0) FROM photos WHERE id = ?",
                    (photo_id,),
                ).fetchone()
                if row is None or row[0] != seen:
                    return False
            insert_caption(connection, photo_id, WrittenCaption(text), BY_PERSON)
            refresh_caption(connection, photo_id)
        return True

    def texts_of(self, photo_ids: Sequence[int]) -> dict[int, tuple[int, str]]:
        """(caption id, text) of the caption each photo shows; those without are left
        out. Much cheaper than the whole photos."""
        texts: dict[int, tuple[int, str]] = {}
        for start in range(0, len(photo_ids), _MANY):
            part = [int(key) for key in photo_ids[start : start + _MANY]]
            rows = self._store.reader().execute(
                "SELECT p.id, c.id, c.text FROM photos p JOIN captions c "
                f"ON c.id = p.caption_id WHERE p.id IN ({','.join('?' * len(part))})",
                part,
            )
            texts.update((row[0], (row[1], row[2])) for row in rows)
        return texts

    def parts_of(
        self, photo_ids: Sequence[int], embedder: str
    ) -> dict[int, tuple[str, str, bytes | None]]:
        """(text, captioner, parts as the embedder packed them) of the caption each
        photo shows, in one look; no parts if that caption has none yet. Photos without
        a caption are left out."""
        found: dict[int, tuple[str, str, bytes | None]] = {}
        for start in range(0, len(photo_ids), _MANY):
            part = [int(key) for key in photo_ids[start : start + _MANY]]
            rows = self._store.reader().execute(
                "SELECT p.id, c.text, c.captioner, w.parts FROM photos p "
                "CROSS JOIN captions c ON c.id = p.caption_id LEFT JOIN vector_parts w "
                "ON w.caption_id = c.id AND w.embedder = ? "
                f"WHERE p.id IN ({','.join('?' * len(part))})",
                (embedder, *part),
            )
            found.update((row[0], tuple(row[1:])) for row in rows)
        return found

    def history(self, photo_id: int) -> list[Caption]:
        """Everything said of a photo that was not withdrawn, newest first."""
        rows = self._store.reader().execute(
            f"SELECT {CAPTION_COLUMNS} FROM captions c WHERE c.photo_id = ? AND "
            "c.withdrawn_at IS NULL ORDER BY c.id DESC",
            (photo_id,),
        )
        return [caption_from_row(row) for row in rows]

    def withdraw_newest_of_person(self, photo_id: int) -> bool:
        """Undo a person's newest caption; the row stays. False if there is none."""
        with self._store.write() as connection:
            done = connection.execute(
                "UPDATE captions SET withdrawn_at = ? WHERE id = (SELECT max(id) FROM "
                "captions WHERE photo_id = ? AND captioner = ? AND "
                "withdrawn_at IS NULL)",
                (now_text(), photo_id, PERSON),
            ).rowcount
            if done:
                refresh_caption(connection, photo_id)
        return bool(done)

    def by_captioner(self) -> dict[str, int]:
        """How many photos show a caption of each captioner."""
        rows = self._store.reader().execute(
            "SELECT c.captioner, count(*) FROM photos p JOIN captions c "
            "ON c.id = p.caption_id WHERE p.removed_at IS NULL "
            "GROUP BY c.captioner ORDER BY 2 DESC"
        )
        return dict(rows.fetchall())

    def by_model(self) -> dict[str, int]:
        """How many photos show a caption of each model (persons have none)."""
        rows = self._store.reader().execute(
            "SELECT c.model, count(*) FROM photos p JOIN captions c ON "
            "c.id = p.caption_id WHERE c.model <> '' AND p.removed_at IS NULL "
            "GROUP BY c.model ORDER BY 2 DESC"
        )
        return dict(rows.fetchall())
