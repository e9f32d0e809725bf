"""What several tables need: times and paths as text, and the derived columns.

`photos.file_id`, `photos.missing` and `photos.caption_id` are derived from the files
and captions tables; the two `refresh_…` functions are the only ones that set them, and
write down each change that the vector index must follow.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable
from datetime import UTC, datetime


def now_text() -> str:
    """This moment in UTC, to the microsecond, as ISO 8601."""
    return datetime.now(UTC).isoformat()


def log_index_change(connection: sqlite3.Connection, photo_id: int) -> None:
    """The index must look at this photo again; older notes of it are dropped."""
    connection.execute("DELETE FROM index_changes WHERE photo_id = ?", (photo_id,))
    connection.execute("INSERT INTO index_changes(photo_id) VALUES (?)", (photo_id,))


def refresh_photos(connection: sqlite3.Connection, photo_ids: Iterable[int]) -> None:
    """Choose each photo's file again: the oldest one present on a disk that can be
    seen, else on any disk, else the oldest at all.

    A photo none of whose files is present is missing, and leaves the search.
    """
    for photo_id in photo_ids:
        best = connection.execute(
            "SELECT f.id, f.missing_since IS NOT NULL AS gone FROM files f "
            "JOIN roots r ON r.id = f.root_id WHERE f.photo_id = ? "
            "ORDER BY gone, r.offline_since IS NOT NULL, f.id LIMIT 1",
            (photo_id,),
        ).fetchone()
        file_id, missing = best if best is not None else (None, 1)
        changed = connection.execute(
            "UPDATE photos SET missing = ? WHERE id = ? AND missing <> ?",
            (missing, photo_id, missing),
        ).rowcount
        connection.execute(
            "UPDATE photos SET file_id = ? WHERE id = ? AND file_id IS NOT ?",
            (file_id, photo_id, file_id),
        )
        if changed:
            log_index_change(connection, photo_id)


def refresh_caption(connection: sqlite3.Connection, photo_id: int) -> None:
    """Choose the photo's caption again: a person's before any model's, a model's
    before the basic one, and the newest among equals.

    If the chosen caption has a vector already (an undone edit), the index follows.
    """
    row = connection.execute(
        "SELECT id FROM captions WHERE photo_id = ? AND withdrawn_at IS NULL ORDER BY "
        "CASE captioner WHEN 'person' THEN 0 WHEN 'basic' THEN 2 ELSE 1 END, id DESC "
        "LIMIT 1",
        (photo_id,),
    ).fetchone()
    caption_id = None if row is None else row[0]
    connection.execute(
        "UPDATE photos SET caption_id = ? WHERE id = ? AND caption_id IS NOT ?",
        (caption_id, photo_id, caption_id),
    )
    use_vector(connection, caption_id, photo_id)


def withdraw_basic_if_shown(connection: sqlite3.Connection, photo_id: int) -> None:
    """A basic caption names the file and its folder; after a rename it is written anew.

    Only where it is what is shown: other captions do not depend on names.
    """
    withdrawn = connection.execute(
        "UPDATE captions SET withdrawn_at = ?1 WHERE photo_id = ?2 AND captioner = "
        "'basic' AND withdrawn_at IS NULL AND EXISTS (SELECT 1 FROM photos p JOIN "
        "captions c ON c.id = p.caption_id WHERE p.id = ?2 AND c.captioner = 'basic')",
        (now_text(), photo_id),
    ).rowcount
    if withdrawn:
        refresh_caption(connection, photo_id)


def use_vector(
    connection: sqlite3.Connection, caption_id: int | None, photo_id: int
) -> None:
    """Let the index use this caption's vector, if it has one and is not used yet."""
    changed = connection.execute(
        "UPDATE photos SET vector_caption_id = ?1 WHERE id = ?2 AND caption_id = ?1 "
        "AND EXISTS (SELECT 1 FROM vectors WHERE caption_id = ?1)",
        (caption_id, photo_id),
    ).rowcount
    if changed:
        log_index_change(connection, photo_id)


def shown_path(root: bytes, path: bytes, given_name: str | None) -> tuple[str, str]:
    """(folder, name) for people: undecodable bytes as \\xNN, the root's last part kept.

    An upload is shown under the name it came with, in the folder "Uploads".
    """
    if given_name is not None:
        return "Uploads", given_name
    full = os.path.join(os.path.basename(root.rstrip(b"/\\")), path)
    folder, name = os.path.split(full)
    return (
        folder.decode("utf-8", "backslashreplace"),
        name.decode("utf-8", "backslashreplace"),
    )
