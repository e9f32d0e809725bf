"""The step of the catalogue's shape that brings albums, and photos that a person took
out. Like every released step, it stays as it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3


def albums_and_removals(connection: sqlite3.Connection) -> None:
    """Albums with their photos, and since when a photo is taken out of the catalogue's
    answers."""
    for statement in _ALBUMS:
        connection.execute(statement)


_ALBUMS = (
    # Of the photo, that is of its content: no scan that meets it again brings it back.
    "ALTER TABLE photos ADD COLUMN removed_at TEXT",
    "CREATE INDEX photos_by_removal ON photos(removed_at) WHERE removed_at IS NOT NULL",
    # AUTOINCREMENT, because an address that named one album must never name another.
    # With a `query` the album is a search that is kept, and has no photos of its own.
    """CREATE TABLE albums(
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        name TEXT NOT NULL CHECK (length(name) > 0),
        created_at TEXT NOT NULL,
        query TEXT,
        cover_photo_id INTEGER REFERENCES photos(id) ON DELETE SET NULL)""",
    """CREATE TABLE album_photos(
        album_id INTEGER NOT NULL REFERENCES albums(id) ON DELETE CASCADE,
        photo_id INTEGER NOT NULL REFERENCES photos(id) ON DELETE CASCADE,
        added_at TEXT NOT NULL,
        PRIMARY KEY (album_id, photo_id)) WITHOUT ROWID""",
    "CREATE INDEX album_photos_by_photo ON album_photos(photo_id)",
)
