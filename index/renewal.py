"""Building another index beside the one in use, once the album has outgrown that."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from album.errors import AlbumError
from album.memory import give_back
from index.builder import IndexBuilder
from index.errors import BuildStopped
from index.vectors import VectorIndex

_log = logging.getLogger(__name__)


class Renewal:
    """One thread at most at a time: searches and changes go to the old index until the
    new one is complete."""

    def __init__(
        self, builder: IndexBuilder, adopt: Callable[[VectorIndex, int], None]
    ) -> None:
        """`adopt` is given the new index and the number of the last change it has seen,
        brings it up to date and uses it; it is called in the thread."""
        self._builder = builder
        self._adopt = adopt
        self._stopping = threading.Event()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def start_if_outgrown(self, index: VectorIndex) -> None:
        """Begin, unless it has begun or `index` is good enough. A renewal that failed
        is tried again by the next process only."""
        with self._lock:
            if self._thread is not None or self._stopping.is_set():
                return
            if self._builder.is_outgrown(index):
                self._thread = threading.Thread(
                    target=self._run, name="index-renewal", daemon=True
                )
                self._thread.start()

    def wait(self) -> None:
        """Until nothing is being built."""
        with self._lock:
            thread = self._thread
        if thread is not None:
            thread.join()

    def stop(self) -> None:
        """Give up what is being built, for good; noticed at once while vectors are
        read, and after at most the training (some seconds) otherwise."""
        self._stopping.set()
        self.wait()

    def _run(self) -> None:
        try:
            index, seq = self._builder.build(self._stopping)
            changes = 1
            while changes:  # what came meanwhile, as long as nobody has to wait for it
                seq, changes = self._builder.follow(index, seq)
            self._adopt(index, seq)
        except BuildStopped:
            return
        except (AlbumError, RuntimeError, MemoryError) as error:
            _log.warning("the index could not be renewed: %s", error)
            return
        _log.info("%d photos are in an index of kind %s now", len(index), index.kind)
        give_back()
        with self._lock:
            self._thread = None
