"""The files below the roots: what the scan saw, and what became of it."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from album.catalogue_failures import RETRY
from album.catalogue_rows import now_text, refresh_photos
from album.catalogue_store import Store


class Fingerprint(NamedTuple):
    """What `stat` says of a file; a difference means: look at the content again."""

    size: int
    mtime_ns: int
    ctime_ns: int
    inode: int


class KnownFile(NamedTuple):
    """A file as it was when last seen; `checked_ns` is the wall clock of that look.

    Flat and a tuple, because a re-scan makes one for each of 100,000 files.
    """

    path: bytes
    id: int
    size: int
    mtime_ns: int
    ctime_ns: int
    inode: int
    checked_ns: int
    missing: bool

    @property
    def fingerprint(self) -> Fingerprint:
        """What `stat` said of it."""
        return Fingerprint(self.size, self.mtime_ns, self.ctime_ns, self.inode)


@dataclass(frozen=True, slots=True)
class FileToRead:
    """A file whose content is to be read.

    `hash_first`: it may well be known already, so its hash alone may be enough;
    `had_photo`: another content was read from it before.
    """

    id: int
    root_id: int
    path: Path
    name: str
    mtime_ns: int
    hash_first: bool
    had_photo: bool


class FileTable:
    """Files: where each photo lies, and what is still to be read."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def known(self, root_id: int) -> dict[bytes, KnownFile]:
        """Every file of a root by its path below the root."""
        rows = self._store.reader().execute(
            "SELECT path, id, size, mtime_ns, ctime_ns, inode, checked_ns, "
            "missing_since IS NOT NULL FROM files WHERE root_id = ?",
            (root_id,),
        )
        return {row[0]: KnownFile._make(row) for row in rows}

    def add(
        self,
        root_id: int,
        found: Iterable[tuple[bytes, Fingerprint]],
        checked_ns: int,
        given_name: str | None = None,
    ) -> None:
        """New files, in state `found`; a path that is known already is left alone."""
        with self._store.write() as connection:
            connection.executemany(
                "INSERT INTO files(root_id, path, given_name, size, mtime_ns, ctime_ns,"
                " inode, checked_ns, state) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'found') "
                "ON CONFLICT(root_id, path) DO NOTHING",
                (
                    (
                        root_id,
                        path,
                        given_name,
                        f.size,
                        f.mtime_ns,
                        f.ctime_ns,
                        f.inode,
                        checked_ns,
                    )
                    for path, f in found
                ),
            )

    def mark_changed(
        self, changed: Iterable[tuple[int, Fingerprint]], checked_ns: int
    ) -> None:
        """These files' content is to be looked at again, with fresh attempts."""
        with self._store.write() as connection:
            connection.executemany(
                "UPDATE files SET size = ?, mtime_ns = ?, ctime_ns = ?, inode = ?, "
                "checked_ns = ?, state = 'found', attempts = 0, reason = NULL "
                "WHERE id = ?",
                (
                    (f.size, f.mtime_ns, f.ctime_ns, f.inode, checked_ns, key)
                    for key, f in changed
                ),
            )

    def set_missing(self, file_ids: Sequence[int], missing: bool) -> None:
        """Mark files as not there, or as there again, with fresh attempts. No row is
        ever removed here."""
        with self._store.write() as connection:
            connection.executemany(
                "UPDATE files SET missing_since = CASE WHEN ? THEN "
                "coalesce(missing_since, ?) END WHERE id = ?",
                ((missing, now_text(), key) for key in file_ids),
            )
            if not missing:
                connection.executemany(
                    f"{RETRY} AND id = ?", ((key,) for key in file_ids)
                )
            refresh_photos(connection, _photo_ids(connection, file_ids))

    def to_read(self, limit: int, skip: Iterable[int] = ()) -> list[FileToRead]:
        """Files in state `found`: uploads first, then the newest; without `skip`."""
        rows = self._store.reader().execute(
            "SELECT f.id, r.id, r.path, f.path, f.given_name, f.mtime_ns, "
            "f.photo_id IS NOT NULL OR EXISTS (SELECT 1 FROM files m WHERE "
            "m.size = f.size AND m.mtime_ns = f.mtime_ns AND m.id <> f.id "
            "AND m.photo_id IS NOT NULL), f.photo_id IS NOT NULL "
            "FROM files f JOIN roots r ON r.id = f.root_id "
            "WHERE f.state = 'found' AND f.missing_since IS NULL "
            "AND r.offline_since IS NULL "
            "ORDER BY r.kind = 'uploads' DESC, f.attempts, f.mtime_ns DESC LIMIT ?",
            (limit,),
        )
        busy = set(skip)
        return [_file_to_read(row) for row in rows if row[0] not in busy]

    def count_to_read(self) -> int:
        """How many files wait to be read."""
        row = self._store.reader().execute(
            "SELECT count(*) FROM files f JOIN roots r ON r.id = f.root_id WHERE "
            "f.state = 'found' AND f.missing_since IS NULL AND r.offline_since IS NULL"
        )
        return int(row.fetchone()[0])

    def unlink_photo(self, file_id: int) -> None:
        """What lies under this path now is no picture: it no longer stands for one."""
        with self._store.write() as connection:
            photos = _photo_ids(connection, [file_id])
            connection.execute(
                "UPDATE files SET photo_id = NULL WHERE id = ?", (file_id,)
            )
            refresh_photos(connection, photos)

    def state_of(self, file_id: int) -> tuple[str, int | None, str | None] | None:
        """(state, photo id, reason) of one file, or None."""
        row = self._store.reader().execute(
            "SELECT state, photo_id, reason FROM files WHERE id = ?", (file_id,)
        )
        found = row.fetchone()
        return None if found is None else (found[0], found[1], found[2])

    def place_of(self, photo_id: int) -> tuple[int, int] | None:
        """(file id, root id) of the file that stands for a photo, or None."""
        row = self._store.reader().execute(
            "SELECT f.id, f.root_id FROM photos p JOIN files f ON f.id = p.file_id "
            "WHERE p.id = ?",
            (photo_id,),
        )
        found: tuple[int, int] | None = row.fetchone()
        return found

    def id_at(self, root_id: int, path: bytes) -> int | None:
        """The id of the file at `path` below a root, or None."""
        row = self._store.reader().execute(
            "SELECT id FROM files WHERE root_id = ? AND path = ?", (root_id, path)
        )
        found = row.fetchone()
        return None if found is None else int(found[0])

    def counts(self) -> dict[str, int]:
        """Files per state (`found`, `read`, `failed`) among those present, and
        `missing`."""
        rows = self._store.reader().execute(
            "SELECT CASE WHEN missing_since IS NULL THEN state ELSE 'missing' END AS s,"
            " count(*) FROM files GROUP BY s"
        )
        counts = {"found": 0, "read": 0, "failed": 0, "missing": 0}
        counts.update(dict(rows.fetchall()))
        return counts


def _file_to_read(
    row: tuple[int, int, bytes, bytes, str | None, int, int, int],
) -> FileToRead:
    key, root_id, root, path, given_name, mtime_ns, hash_first, had_photo = row
    name = given_name or os.path.basename(path).decode("utf-8", "backslashreplace")
    full = Path(os.fsdecode(os.path.join(root, path)))
    return FileToRead(
        key, root_id, full, name, mtime_ns, bool(hash_first), bool(had_photo)
    )


def _photo_ids(connection: sqlite3.Connection, file_ids: Sequence[int]) -> set[int]:
    ids: set[int] = set()
    for key in file_ids:
        row = connection.execute("SELECT photo_id FROM files WHERE id = ?", (key,))
        found = row.fetchone()
        if found is not None and found[0] is not None:
            ids.add(found[0])
    return ids
