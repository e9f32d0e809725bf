"""What several tables need: times and paths as text, and the derived columns.

`photos.file_id`, `photos.missing` and `photos.caption_id` are derived from the files
and captions tables; the two `refresh_…` functions are the only ones that set them. They
write down each change that the vector index must follow, and keep what is derived from
the chosen file and caption: a photo's words, its folder and its kind.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from album.kinds import kind_of
from album.wording import name_words, plain_words

_DESCRIBED = (
    "SELECT p.id, r.path, f.path, f.given_name, p.width, p.height, p.camera, p.lens, "
    "p.place, p.description, p.keywords, c.text, c.tags, c.read_text FROM photos p "
    "LEFT JOIN files f ON f.id = p.file_id LEFT JOIN roots r ON r.id = f.root_id "
    "LEFT JOIN captions c ON c.id = p.caption_id "
)
_FILL_BATCH = 1000  # photos described at a time; about 1 MB


def now_text() -> str:
    """This moment in UTC, to the microsecond, as ISO 8601."""
    return datetime.now(UTC).isoformat()


def moment(text: str | None) -> datetime | None:
    """A moment that was kept as text, if there is one."""
    return None if text is None else datetime.fromisoformat(text)


def log_index_change(connection: sqlite3.Connection, photo_id: int) -> None:
    """The index must look at this photo again; older notes of it are dropped."""
    connection.execute("DELETE FROM index_changes WHERE photo_id = ?", (photo_id,))
    connection.execute("INSERT INTO index_changes(photo_id) VALUES (?)", (photo_id,))


def refresh_photos(connection: sqlite3.Connection, photo_ids: Iterable[int]) -> None:
    """Choose each photo's file again: the oldest one present on a disk that can be
    seen, else on any disk, else the oldest at all.

    A photo that is `missing` is shown and found nowhere: 1, none of its files is
    present; 2, a person took it out, whatever its files do.
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
            "UPDATE photos SET missing = iif(removed_at IS NULL, ?1, 2) WHERE id = ?2 "
            "AND missing <> iif(removed_at IS NULL, ?1, 2)",
            (missing, photo_id),
        ).rowcount
        renamed = connection.execute(
            "UPDATE photos SET file_id = ? WHERE id = ? AND file_id IS NOT ?",
            (file_id, photo_id, file_id),
        ).rowcount
        if renamed:
            _describe(connection, photo_id)
        if changed:
            log_index_change(connection, photo_id)


def refresh_caption(connection: sqlite3.Connection, photo_id: int) -> None:
    """Choose the photo's caption again: a person's before any model's, a model's
    before the basic one, and the newest among equals.

    If the photo has vectors already, the index looks which of them is used now.
    """
    row = connection.execute(
        "SELECT id FROM captions WHERE photo_id = ? AND withdrawn_at IS NULL ORDER BY "
        "CASE captioner WHEN 'person' THEN 0 WHEN 'basic' THEN 2 ELSE 1 END, id DESC "
        "LIMIT 1",
        (photo_id,),
    ).fetchone()
    caption_id = None if row is None else row[0]
    changed = connection.execute(
        "UPDATE photos SET caption_id = ? WHERE id = ? AND caption_id IS NOT ?",
        (caption_id, photo_id, caption_id),
    ).rowcount
    if not changed:
        return
    _describe(connection, photo_id)
    has_vectors = connection.execute(
        "SELECT 1 FROM captions c JOIN vectors v ON v.caption_id = c.id "
        "WHERE c.photo_id = ? LIMIT 1",
        (photo_id,),
    ).fetchone()
    if has_vectors:
        log_index_change(connection, photo_id)


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


def describe_all(connection: sqlite3.Connection) -> None:
    """Derive every photo's words, folder and kind, a thousand photos at a time."""
    last = 0
    while rows := connection.execute(
        f"{_DESCRIBED} WHERE p.id > ? ORDER BY p.id LIMIT ?", (last, _FILL_BATCH)
    ).fetchall():
        for row in rows:
            _keep_description(connection, row)
        last = rows[-1][0]


def _describe(connection: sqlite3.Connection, photo_id: int) -> None:
    row = connection.execute(f"{_DESCRIBED} WHERE p.id = ?", (photo_id,)).fetchone()
    if row is not None:
        _keep_description(connection, row)


def _keep_description(connection: sqlite3.Connection, row: Sequence[Any]) -> None:
    """Each tag and keyword stands on a line of its own, so that no phrase spans two."""
    (key, root, path, given, width, height, camera, lens, place, description,
     keywords, text, tags, read_text) = row  # fmt: skip
    folder, name = ("", "") if path is None else shown_path(root, path, given)
    kind = kind_of(
        name=name,
        folder=folder,
        width=width,
        height=height,
        camera=camera,
        lens=lens,
        description=description,
    )
    connection.execute(
        "UPDATE photos SET folder = ?1, kind = ?2 WHERE id = ?3 "
        "AND (folder <> ?1 OR kind <> ?2)",
        (folder, kind, key),
    )
    connection.execute(
        "INSERT OR REPLACE INTO photo_words(rowid, caption, tags, read_text, name, "
        "folder, place, description) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            key,
            plain_words(text or ""),
            _lines(json.loads(tags or "[]")),
            plain_words(read_text or ""),
            name_words(name),
            _lines(folder.replace(os.sep, "/").split("/")),
            plain_words(place or ""),
            _lines([description or "", *json.loads(keywords)]),
        ),
    )


def _lines(texts: Iterable[str]) -> str:
    return " \n ".join(filter(None, map(plain_words, texts)))


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
