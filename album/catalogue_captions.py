"""The captions: every text ever written of a photo, and who wrote it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from album.catalogue_rows import now_text, refresh_caption
from album.catalogue_store import Store
from album.photo import PERSON, Caption, WrittenCaption

MAX_ATTEMPTS = 2
"""A photo whose captioning fails this often is left alone by that captioner."""

_COLUMNS = (
    "id, photo_id, text, tags, read_text, captioner, model, prompt_version, written_at"
)
# What a captioner still has to do: present, not described by a person, without a
# caption by this very captioner, model and prompt, and not given up.
_WANTED = (
    "FROM photos p WHERE p.missing = 0 AND NOT EXISTS (SELECT 1 FROM captions c WHERE "
    "c.photo_id = p.id AND c.withdrawn_at IS NULL AND (c.captioner = 'person' OR "
    "(c.captioner = ?1 AND c.model = ?2 AND c.prompt_version = ?3))) "
    "AND NOT EXISTS (SELECT 1 FROM caption_failures x WHERE x.photo_id = p.id AND "
    "x.captioner = ?1 AND x.model = ?2 AND x.prompt_version = ?3 AND x.attempts >= ?4) "
    # Nothing of a disk that is away; asked as a list, which is nearly always empty.
    "AND NOT EXISTS (SELECT 1 FROM roots r JOIN files f ON f.root_id = r.id "
    "WHERE r.offline_since IS NOT NULL AND f.id = p.file_id) "
)


class CaptionTable:
    """Captions, their history, and what is still to be captioned."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def wanted(
        self, captioner: str, model: str, prompt_version: int, limit: int
    ) -> list[int]:
        """Ids of photos this captioner has still to caption: uploads first, then the
        newest."""
        values = (captioner, model, prompt_version, MAX_ATTEMPTS, limit)
        reader = self._store.reader()
        uploads = reader.execute(
            f"SELECT p.id {_WANTED} AND p.file_id IN (SELECT f.id FROM files f JOIN "
            "roots r ON r.id = f.root_id WHERE r.kind = 'uploads') "
            "ORDER BY p.id DESC LIMIT ?5",
            values,
        )
        wanted = [row[0] for row in uploads]
        # A query of its own, because this order is the index's: nothing is sorted.
        others = reader.execute(
            f"SELECT p.id {_WANTED} ORDER BY p.sort_at DESC, p.id DESC LIMIT ?5", values
        )
        first = set(wanted)
        wanted.extend(row[0] for row in others if row[0] not in first)
        return wanted[:limit]

    def count_wanted(self, captioner: str, model: str, prompt_version: int) -> int:
        """How many photos this captioner has still to caption."""
        row = self._store.reader().execute(
            f"SELECT count(*) {_WANTED}",
            (captioner, model, prompt_version, MAX_ATTEMPTS),
        )
        return int(row.fetchone()[0])

    def add_many(
        self,
        captioner: str,
        model: str,
        prompt_version: int,
        written: Sequence[tuple[int, WrittenCaption]],
    ) -> None:
        """Keep one captioner's captions of several photos, in one transaction."""
        with self._store.write() as connection:
            for photo_id, caption in written:
                insert_caption(
                    connection, photo_id, caption, captioner, model, prompt_version
                )
                refresh_caption(connection, photo_id)

    def record_failure(
        self,
        photo_id: int,
        captioner: str,
        model: str,
        prompt_version: int,
        reason: str,
    ) -> None:
        """Count one failed try of a captioner at a photo."""
        with self._store.write() as connection:
            connection.execute(
                "INSERT INTO caption_failures VALUES (?, ?, ?, ?, 1, ?) ON CONFLICT DO "
                "UPDATE SET attempts = attempts + 1, reason = excluded.reason",
                (photo_id, captioner, model, prompt_version, reason),
            )

    def retry_failures(self) -> int:
        """Let every captioner try again what it gave up; how many there were."""
        with self._store.write() as connection:
            return connection.execute("DELETE FROM caption_failures").rowcount

    def count_failed(self) -> int:
        """How many photos some captioner has given up."""
        row = self._store.reader().execute(
            "SELECT count(DISTINCT photo_id) FROM caption_failures WHERE attempts >= ?",
            (MAX_ATTEMPTS,),
        )
        return int(row.fetchone()[0])

    def history(self, photo_id: int) -> list[Caption]:
        """Everything said of a photo that was not withdrawn, newest first."""
        rows = self._store.reader().execute(
            f"SELECT {_COLUMNS} FROM captions WHERE photo_id = ? AND "
            "withdrawn_at IS NULL ORDER BY id DESC",
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
            "ON c.id = p.caption_id GROUP BY c.captioner ORDER BY 2 DESC"
        )
        return dict(rows.fetchall())

    def by_model(self) -> dict[str, int]:
        """How many photos show a caption of each model (persons have none)."""
        rows = self._store.reader().execute(
            "SELECT c.model, count(*) FROM photos p JOIN captions c ON "
            "c.id = p.caption_id WHERE c.model <> '' GROUP BY c.model ORDER BY 2 DESC"
        )
        return dict(rows.fetchall())


def insert_caption(
    connection: sqlite3.Connection,
    photo_id: int,
    written: WrittenCaption,
    captioner: str,
    model: str,
    prompt_version: int,
) -> int:
    """Add the row; the caller chooses the photo's caption again. The new id."""
    cursor = connection.execute(
        "INSERT INTO captions(photo_id, text, tags, read_text, captioner, model, "
        "prompt_version, written_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            photo_id,
            written.text,
            json.dumps(written.tags, ensure_ascii=False),
            written.read_text,
            captioner,
            model,
            prompt_version,
            now_text(),
        ),
    )
    assert cursor.lastrowid is not None
    return cursor.lastrowid


def caption_from_row(row: Sequence[Any]) -> Caption:
    """A Caption from the nine columns of `_COLUMNS`."""
    return Caption(
        id=row[0],
        photo_id=row[1],
        text=row[2],
        tags=tuple(json.loads(row[3])),
        read_text=row[4],
        captioner=row[5],
        model=row[6],
        prompt_version=row[7],
        written_at=datetime.fromisoformat(row[8]),
    )
