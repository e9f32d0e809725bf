"""The SQLite file itself: one write connection, read-only ones for everybody else.

Two rules hold the data:

* `synchronous=FULL`. In 838 simulated power cuts WAL with NORMAL lost an acknowledged
  write in 524; with FULL none was lost in 960.
* One process writes, through one connection behind one lock; every other connection is
  opened `mode=ro`. That also removes what SQLite's WAL-reset fault (3.7.0 to 3.51.2)
  needs: two connections that write or checkpoint at the same time.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from album.errors import CatalogueError, CatalogueMissing
from album.migrations import MIGRATIONS, check_version, migrate, version_of


class _Reader(sqlite3.Connection):
    """A connection whose queries raise our errors."""

    def execute(self, sql: str, parameters: Any = (), /) -> sqlite3.Cursor:
        try:
            return super().execute(sql, parameters)
        except sqlite3.Error as error:
            raise CatalogueError(f"The catalogue cannot be read: {error}.") from error


class Store:
    """An open catalogue file. Safe to use from any thread; close it once."""

    def __init__(self, path: Path, *, writable: bool) -> None:
        """Open `path`, creating or migrating it when `writable`.

        Raises CatalogueMissing, CatalogueTooNew, or CatalogueError when the file is
        damaged or is not a catalogue.
        """
        self._path = path
        self._writable = writable
        self._lock = threading.RLock()
        self._local = threading.local()
        self._readers: list[tuple[threading.Thread, sqlite3.Connection]] = []
        self._readers_lock = threading.Lock()
        self._writer: sqlite3.Connection | None = None
        self._changes = 0
        if not writable and not path.exists():
            raise CatalogueMissing(
                f"There is no album in {path.parent} yet. Index a folder first."
            )
        with _translated(path):
            if writable:
                self._writer = self._open_writer()
            else:
                check_version(self.reader())
                if version_of(self.reader()) < len(MIGRATIONS):
                    raise CatalogueError(
                        f"The album in {path.parent} was last used by an earlier "
                        "version of the program: serve or index it once, which brings "
                        "its catalogue up to date."
                    )

    def _open_writer(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self._path, timeout=30, isolation_level=None, check_same_thread=False
        )
        try:
            check_version(connection)  # before anything is written to the file
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA foreign_keys = ON")
            migrate(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    def reader(self) -> sqlite3.Connection:
        """This thread's read-only connection."""
        connection: sqlite3.Connection | None = getattr(self._local, "reader", None)
        if connection is None:
            uri = self._path.absolute().as_uri() + "?mode=ro"
            connection = sqlite3.connect(
                uri,
                uri=True,
                timeout=30,
                isolation_level=None,
                check_same_thread=False,
                factory=_Reader,
            )
            self._local.reader = connection
            self._remember(connection)
        return connection

    def _remember(self, connection: sqlite3.Connection) -> None:
        """A web server's threads come and go; a gone one's connection is closed, or a
        few bursts of requests would use up the process's file descriptors."""
        with self._readers_lock:
            gone = [one for thread, one in self._readers if not thread.is_alive()]
            self._readers = [pair for pair in self._readers if pair[0].is_alive()]
            self._readers.append((threading.current_thread(), connection))
        for one in gone:
            one.close()

    @contextmanager
    def write(self) -> Iterator[sqlite3.Connection]:
        """A transaction: committed (and on disk) at the end, undone on any error."""
        if self._writer is None:
            raise CatalogueError("This album was opened for reading only.")
        with self._lock, _translated(self._path):
            self._writer.execute("BEGIN IMMEDIATE")
            try:
                yield self._writer
            except BaseException:
                self._writer.execute("ROLLBACK")
                raise
            self._writer.execute("COMMIT")
            self._changes += 1

    @property
    def changes(self) -> int:
        """How many transactions this process has committed: cheap to compare."""
        return self._changes

    def close(self) -> None:
        """Close every connection. The last writer folds the WAL into the file."""
        with self._readers_lock:
            readers, self._readers = self._readers, []
        for _, connection in readers:
            connection.close()
        with self._lock:
            if self._writer is not None:
                self._writer.close()
                self._writer = None


@contextmanager
def _translated(path: Path) -> Iterator[None]:
    """SQLite's errors become ours, with the file named."""
    try:
        yield
    except sqlite3.Error as error:
        raise CatalogueError(
            f"The catalogue {path} cannot be used: {error}."
        ) from error
