"""The catalogue: the only truth of the album, in one SQLite file.

    <data>/catalogue.sqlite    photos, files, captions, vectors
    <data>/catalogue.lock      held by the one process that writes

Each table has a class of its own (`roots`, `files`, `failures`, `photos`, …);
all SQL of the program is in album/catalogue*.py and album/migrations.py.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from types import TracebackType

from filelock import FileLock, Timeout

from album.catalogue_albums import AlbumTable
from album.catalogue_captions import CaptionTable
from album.catalogue_facets import FacetTable
from album.catalogue_facts import FactTable
from album.catalogue_failures import FailureTable
from album.catalogue_favourites import FavouriteTable
from album.catalogue_feedback import RejectionTable
from album.catalogue_files import FileTable
from album.catalogue_filters import FilterTable
from album.catalogue_photos import PhotoTable
from album.catalogue_positions import PositionTable
from album.catalogue_queue import CaptionQueue
from album.catalogue_removals import RemovalTable
from album.catalogue_roots import RootTable
from album.catalogue_staleness import StalenessTable
from album.catalogue_store import Store
from album.catalogue_text_models import TextModelTable
from album.catalogue_vectors import VectorTable
from album.catalogue_words import WordTable
from album.errors import CatalogueBusy

FILE_NAME = "catalogue.sqlite"


class Catalogue:
    """An open catalogue, and the lock on its folder when it was opened to write."""

    def __init__(self, folder: Path, *, writable: bool = True) -> None:
        """Open the catalogue in `folder`, creating both when `writable`.

        Raises CatalogueBusy when another process writes to it, CatalogueMissing when
        there is none to read, CatalogueTooNew and CatalogueError.
        """
        self.folder = folder
        self.writable = writable
        self._lock: FileLock | None = None
        if writable:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._lock = _take_lock(folder)
        try:
            self._store = Store(folder / FILE_NAME, writable=writable)
        except BaseException:
            self._release()
            raise
        self.roots = RootTable(self._store)
        self.files = FileTable(self._store)
        self.failures = FailureTable(self._store)
        self.photos = PhotoTable(self._store)
        self.positions = PositionTable(self._store)
        self.captions = CaptionTable(self._store)
        self.queue = CaptionQueue(self._store)
        self.staleness = StalenessTable(self._store)
        self.vectors = VectorTable(self._store)
        self.text_models = TextModelTable(self._store)
        self.words = WordTable(self._store)
        self.filters = FilterTable(self._store)
        self.facets = FacetTable(self._store)
        self.facts = FactTable(self._store)
        self.favourites = FavouriteTable(self._store)
        self.albums = AlbumTable(self._store)
        self.removals = RemovalTable(self._store)
        self.rejections = RejectionTable(self._store)
        self.id: str = self.facts.get("catalogue_id") or ""

    @property
    def changes(self) -> int:
        """Counts this process's commits: cheap to compare with an earlier look."""
        return self._store.changes

    def close(self) -> None:
        """Close the file and let the next process have the folder."""
        self._store.close()
        self._release()

    def _release(self) -> None:
        if self._lock is not None:
            self._lock.release()
            self._lock = None

    def __enter__(self) -> Catalogue:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def _take_lock(folder: Path) -> FileLock:
    """The kernel's lock on the folder: gone with its process, even by kill -9."""
    lock = FileLock(folder / "catalogue.lock", thread_local=False)
    holder = folder / "catalogue.holder"
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise CatalogueBusy(
            f"The album in {folder} is already in use by {_holder_text(holder)}. "
            "Only one process may write to it at a time; stop that one first, or "
            "choose another data folder with --data."
        ) from None
    holder.write_text(json.dumps({"pid": os.getpid()}))
    return lock


def _holder_text(holder: Path) -> str:
    try:
        return f"process {json.loads(holder.read_text())['pid']}"
    except (OSError, ValueError, KeyError, TypeError):
        return "another process"
