"""The step of the catalogue's shape that brings what people say of photos: favourites,
and hits that were not what a query meant. Like every released step, it stays as it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3


def favourites_and_rejections(connection: sqlite3.Connection) -> None:
    """Since when a photo is a favourite, and which photos a query is not to find."""
    for statement in _MARKS:
        connection.execute(statement)


_MARKS = (
    # Of the photo, that is of its content: it survives moves, renames and absence.
    "ALTER TABLE photos ADD COLUMN favourite_since TEXT",
    # Only the favourites are in it, so that an album without any pays nothing.
    "CREATE INDEX photos_by_favourite ON photos(missing, favourite_since) "
    "WHERE favourite_since IS NOT NULL",
    # `key` is the query without case; `query` as it was typed, for people.
    """CREATE TABLE rejections(
        key TEXT NOT NULL,
        photo_id INTEGER NOT NULL REFERENCES photos(id),
        query TEXT NOT NULL,
        rejected_at TEXT NOT NULL,
        PRIMARY KEY (key, photo_id)) WITHOUT ROWID""",
)
