"""The catalogue's shape over time: numbered steps that only ever get appended.

A step that has been released is never edited; a new need is a new step. Each runs in
one transaction together with the version number, so that a crash leaves the old shape
or the new one, never something between.
"""

from __future__ import annotations

import sqlite3
import uuid
from collections.abc import Callable

from album.catalogue_rows import describe_all
from album.errors import CatalogueTooNew
from album.migrations_albums import albums_and_removals
from album.migrations_marks import favourites_and_rejections

APPLICATION_ID = 0x534D4142  # "SMAB": tells our file from any other SQLite file


def m001_photos_captions_vectors(connection: sqlite3.Connection) -> None:
    """The first shape: roots, files, photos, captions, vectors, index changes."""
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    for statement in _FIRST_SHAPE:
        connection.execute(statement)
    connection.execute(
        "INSERT INTO facts(key, value) VALUES ('catalogue_id', ?)", (uuid.uuid4().hex,)
    )


_FIRST_SHAPE = (
    "CREATE TABLE facts(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
    # Paths are BLOBs: a file name on Linux is bytes, and need not be UTF-8.
    """CREATE TABLE roots(
        id INTEGER PRIMARY KEY,
        path BLOB NOT NULL UNIQUE,
        kind TEXT NOT NULL CHECK (kind IN ('folder', 'uploads')),
        added_at TEXT NOT NULL,
        offline_since TEXT)""",
    # One row for each different content; AUTOINCREMENT because an id that named
    # another photo yesterday must never come back in a bookmark or an index file.
    """CREATE TABLE photos(
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        content_hash TEXT NOT NULL UNIQUE,
        file_id INTEGER REFERENCES files(id) ON DELETE SET NULL,
        missing INTEGER NOT NULL DEFAULT 0,
        size_bytes INTEGER NOT NULL,
        format TEXT NOT NULL,
        width INTEGER NOT NULL,
        height INTEGER NOT NULL,
        orientation INTEGER NOT NULL,
        taken_at TEXT,
        sort_at TEXT NOT NULL,
        added_at TEXT NOT NULL,
        camera TEXT, lens TEXT, latitude REAL, longitude REAL, place TEXT,
        description TEXT,
        keywords TEXT NOT NULL,
        colour INTEGER NOT NULL,
        colours TEXT NOT NULL,
        brightness REAL NOT NULL,
        caption_id INTEGER REFERENCES captions(id),
        vector_caption_id INTEGER REFERENCES captions(id))""",
    "CREATE INDEX photos_by_time ON photos(missing, sort_at DESC, id DESC)",
    # Without it every deleted file row looks through all photos: 19 ms at 100,000.
    "CREATE INDEX photos_by_file ON photos(file_id)",
    """CREATE TABLE files(
        id INTEGER PRIMARY KEY,
        root_id INTEGER NOT NULL REFERENCES roots(id),
        path BLOB NOT NULL,
        given_name TEXT,
        size INTEGER NOT NULL,
        mtime_ns INTEGER NOT NULL,
        ctime_ns INTEGER NOT NULL,
        inode INTEGER NOT NULL,
        checked_ns INTEGER NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('found', 'read', 'failed')),
        attempts INTEGER NOT NULL DEFAULT 0,
        reason TEXT,
        photo_id INTEGER REFERENCES photos(id),
        missing_since TEXT,
        UNIQUE (root_id, path))""",
    "CREATE INDEX files_by_photo ON files(photo_id)",
    "CREATE INDEX files_by_state ON files(state, missing_since)",
    "CREATE INDEX files_by_size ON files(size, mtime_ns)",
    """CREATE TABLE captions(
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        photo_id INTEGER NOT NULL REFERENCES photos(id),
        text TEXT NOT NULL CHECK (length(text) > 0),
        tags TEXT NOT NULL,
        read_text TEXT NOT NULL,
        captioner TEXT NOT NULL,
        model TEXT NOT NULL,
        prompt_version INTEGER NOT NULL,
        written_at TEXT NOT NULL,
        withdrawn_at TEXT)""",
    # Covers "who is still without a caption by …": 273 ms → 70 ms at 100,000 photos.
    "CREATE INDEX captions_live ON captions(photo_id, captioner, model, "
    "prompt_version) WHERE withdrawn_at IS NULL",
    "CREATE INDEX captions_by_photo ON captions(photo_id)",
    """CREATE TABLE caption_failures(
        photo_id INTEGER NOT NULL REFERENCES photos(id),
        captioner TEXT NOT NULL,
        model TEXT NOT NULL,
        prompt_version INTEGER NOT NULL,
        attempts INTEGER NOT NULL,
        reason TEXT NOT NULL,
        PRIMARY KEY (photo_id, captioner, model, prompt_version)) WITHOUT ROWID""",
    """CREATE TABLE vectors(
        caption_id INTEGER NOT NULL REFERENCES captions(id),
        embedder TEXT NOT NULL,
        vector BLOB NOT NULL,
        UNIQUE (caption_id, embedder))""",
    """CREATE TABLE vector_failures(
        caption_id INTEGER NOT NULL REFERENCES captions(id),
        embedder TEXT NOT NULL,
        reason TEXT NOT NULL,
        PRIMARY KEY (caption_id, embedder)) WITHOUT ROWID""",
    # One row a change to what the vector index should hold. The index file carries the
    # number it has seen, and catches up from here.
    """CREATE TABLE index_changes(
        seq INTEGER PRIMARY KEY AUTOINCREMENT,
        photo_id INTEGER NOT NULL)""",
    "CREATE INDEX index_changes_by_photo ON index_changes(photo_id)",
)


def m002_provenance_of_captions(connection: sqlite3.Connection) -> None:
    """How each caption came to be, the wording of its question, and staleness."""
    for statement in _PROVENANCE:
        connection.execute(statement)


_PROVENANCE = (
    "ALTER TABLE captions ADD COLUMN prompt_variant TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE captions ADD COLUMN revision TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE captions ADD COLUMN quantisation TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE captions ADD COLUMN tokens INTEGER",
    "ALTER TABLE captions ADD COLUMN seconds REAL",
    "ALTER TABLE captions ADD COLUMN stale_since TEXT",
    "DROP INDEX captions_live",
    "CREATE INDEX captions_live ON captions(photo_id, captioner, model, "
    "prompt_version, prompt_variant, stale_since) WHERE withdrawn_at IS NULL",
    "ALTER TABLE caption_failures RENAME TO old_failures",
    """CREATE TABLE caption_failures(
        photo_id INTEGER NOT NULL REFERENCES photos(id),
        captioner TEXT NOT NULL,
        model TEXT NOT NULL,
        prompt_version INTEGER NOT NULL,
        prompt_variant TEXT NOT NULL,
        attempts INTEGER NOT NULL,
        reason TEXT NOT NULL,
        PRIMARY KEY (photo_id, captioner, model, prompt_version, prompt_variant)
        ) WITHOUT ROWID""",
    "INSERT INTO caption_failures SELECT photo_id, captioner, model, prompt_version, "
    "'', attempts, reason FROM old_failures",
    "DROP TABLE old_failures",
)


def m003_words_kinds_and_parts(connection: sqlite3.Connection) -> None:
    """What searching needs beside vectors: words, folders, kinds, parts of captions.

    Which vector of a photo is used is asked now, for each embedding model by itself;
    the column that remembered it for all of them goes. 100,000 photos took 6 s on one
    core. The filling is the one that keeps the rows later on: a step that changes what
    it writes fills again, and takes over from this one.
    """
    for statement in _SEARCHING:
        connection.execute(statement)
    describe_all(connection)
    connection.execute("INSERT INTO photo_words(photo_words) VALUES ('optimize')")
    for column in ("place", "camera", "folder", "kind"):
        connection.execute(_PHOTOS_BY.format(column))


_WAITING = "(SELECT id FROM photos WHERE caption_id IS NOT vector_caption_id)"
_SEARCHING = (
    # A table of its own: as a column of 5 kB beside a vector of 1.5 kB, 100,000 of
    # them took 825 MB for 727, and reading all vectors 0.17 s for 0.10.
    """CREATE TABLE vector_parts(
        caption_id INTEGER NOT NULL REFERENCES captions(id),
        embedder TEXT NOT NULL,
        parts BLOB NOT NULL,
        UNIQUE (caption_id, embedder))""",
    # Of these the index may hold another vector from now on.
    f"DELETE FROM index_changes WHERE photo_id IN {_WAITING}",
    f"INSERT INTO index_changes(photo_id) SELECT id FROM {_WAITING}",
    "ALTER TABLE photos DROP COLUMN vector_caption_id",
    # Both derived, see album/catalogue_rows.py.
    "ALTER TABLE photos ADD COLUMN folder TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE photos ADD COLUMN kind TEXT NOT NULL DEFAULT 'photo'",
    # Plain words already (album/wording.py); the table keeps them, since exact phrases
    # are compared with what stands there and a row must be replaceable.
    """CREATE VIRTUAL TABLE photo_words USING fts5(
        caption, tags, read_text, name, folder, place, description,
        tokenize = 'porter unicode61 remove_diacritics 2')""",
)
# Among 100,000 photos one place's are found in 1 ms; in the table itself in 480.
_PHOTOS_BY = "CREATE INDEX photos_by_{0} ON photos(missing, {0})"

MIGRATIONS: tuple[Callable[[sqlite3.Connection], None], ...] = (
    m001_photos_captions_vectors,
    m002_provenance_of_captions,
    m003_words_kinds_and_parts,
    favourites_and_rejections,
    albums_and_removals,
)


def version_of(connection: sqlite3.Connection) -> int:
    """How many steps the catalogue has taken."""
    row = connection.execute("PRAGMA user_version").fetchone()
    return int(row[0])


def check_version(connection: sqlite3.Connection) -> None:
    """Raise CatalogueTooNew when a newer program wrote this catalogue."""
    version = version_of(connection)
    if version > len(MIGRATIONS):
        raise CatalogueTooNew(
            f"This album was written by a newer version of the program (catalogue "
            f"version {version}, known here: {len(MIGRATIONS)}). Update the program; "
            "the album was left as it is."
        )


def migrate(connection: sqlite3.Connection) -> None:
    """Take every step that is missing, each in a transaction of its own.

    `connection` must be in autocommit mode. Raises CatalogueTooNew.
    """
    check_version(connection)
    for number in range(version_of(connection), len(MIGRATIONS)):
        connection.execute("BEGIN IMMEDIATE")
        try:
            MIGRATIONS[number](connection)
            connection.execute(f"PRAGMA user_version = {number + 1}")
        except BaseException:
            connection.execute("ROLLBACK")
            raise
        connection.execute("COMMIT")
