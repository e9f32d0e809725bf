"""A lock that many readers share, or one writer has alone."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class SharedLock:
    """What FAISS asks of its callers. A writer that waits lets no new reader in: eight
    threads that search without a pause would keep it out for ever."""

    def __init__(self) -> None:
        self._readers = 0
        self._door = threading.Lock()  # closed by a writer that waits
        self._counting = threading.Lock()
        self._room = threading.Lock()  # taken by the first reader, freed by the last

    @contextmanager
    def shared(self) -> Iterator[None]:
        """Together with other readers. Not to be taken twice by one thread."""
        with self._door, self._counting:
            if not self._readers:
                self._room.acquire()
            self._readers += 1
        try:
            yield
        finally:
            with self._counting:
                self._readers -= 1
                if not self._readers:
                    self._room.release()

    @contextmanager
    def alone(self) -> Iterator[None]:
        """With no reader and no other writer."""
        with self._door, self._room:
            yield
