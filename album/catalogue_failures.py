"""Files that could not be read: counted, named, and tried again with a reason."""

from __future__ import annotations

from dataclasses import dataclass

from album.catalogue_rows import shown_path
from album.catalogue_store import Store

MAX_ATTEMPTS = 2
"""A file that fails this often is left alone until it changes or a person asks."""

RETRY = (
    "UPDATE files SET state = 'found', attempts = 0, reason = NULL "
    "WHERE state = 'failed'"
)


@dataclass(frozen=True, slots=True)
class Failure:
    """A file that could not be read, or a photo that could not be captioned: then
    `photo_id` says which and `captioner` by whom."""

    file_id: int
    folder: str
    name: str
    reason: str
    attempts: int
    photo_id: int | None = None
    captioner: str = ""


class FailureTable:
    """The failures among the files."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def record(self, file_id: int, reason: str) -> bool:
        """Count one failed try; True when the file has now been given up."""
        with self._store.write() as connection:
            connection.execute(
                "UPDATE files SET attempts = attempts + 1, reason = ?, state = "
                "CASE WHEN attempts + 1 >= ? THEN 'failed' ELSE 'found' END "
                "WHERE id = ?",
                (reason, MAX_ATTEMPTS, file_id),
            )
            row = connection.execute("SELECT state FROM files WHERE id = ?", (file_id,))
            return bool(row.fetchone()[0] == "failed")

    def all(self, limit: int = 1000) -> list[Failure]:
        """Files that were given up and are still there, by path."""
        rows = self._store.reader().execute(
            "SELECT f.id, r.path, f.path, f.given_name, f.reason, f.attempts FROM files"
            " f JOIN roots r ON r.id = f.root_id WHERE f.state = 'failed' AND "
            "f.missing_since IS NULL ORDER BY r.path, f.path LIMIT ?",
            (limit,),
        )
        failures = []
        for key, root, path, given, reason, attempts in rows:
            folder, name = shown_path(root, path, given)
            failures.append(Failure(key, folder, name, reason, attempts))
        return failures

    def retry_all(self) -> int:
        """Give every failed file fresh attempts; how many there were."""
        with self._store.write() as connection:
            return connection.execute(RETRY).rowcount

    def retry_root(self, root_id: int) -> None:
        """The same for one root: it was offline, and that may have been the reason."""
        with self._store.write() as connection:
            connection.execute(f"{RETRY} AND root_id = ?", (root_id,))
