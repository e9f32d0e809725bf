"""How much of the disk the parts of an album take."""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path

logger = logging.getLogger(__name__)

FRESH_S = 300.0
"""What was measured is good for so long: 200,000 thumbnails take some seconds."""


class DiskUse:
    """Measures in the background when somebody asks. Safe from any thread."""

    def __init__(
        self,
        parts: Mapping[str, Callable[[], int]],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`parts`: what tells the bytes of each, which may take its time."""
        self._parts = parts
        self._clock = clock
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._measured: dict[str, int] | None = None
        self._measured_at = 0.0

    def look(self) -> dict[str, int] | None:
        """Bytes of each part as last measured; None until they first are. What is old
        is measured again, for the next who asks. Never waits."""
        with self._lock:
            old = self._clock() - self._measured_at > FRESH_S
            if self._thread is None and (self._measured is None or old):
                self._thread = threading.Thread(
                    target=self._measure, name="disk-use", daemon=True
                )
                self._thread.start()
            return self._measured

    def wait(self) -> None:
        """Until what is being measured, if anything, is known."""
        thread = self._thread
        if thread is not None:
            thread.join()

    def _measure(self) -> None:
        measured: dict[str, int] | None = None
        try:
            measured = {name: measure() for name, measure in self._parts.items()}
        except OSError as error:
            logger.info("The disk use could not be measured: %s", error)
        with self._lock:
            self._measured = measured or self._measured
            self._measured_at = self._clock()
            self._thread = None


def file_bytes(path: Path) -> int:
    """Bytes of one file; 0 if there is none."""
    try:
        return path.stat().st_size if path.is_file() else 0
    except OSError:
        return 0


def tree_bytes(folder: Path) -> int:
    """Bytes of all files below a folder; what goes meanwhile counts as nothing."""
    total = 0
    waiting = [os.fspath(folder)]
    while waiting:
        try:
            with os.scandir(waiting.pop()) as entries:
                for entry in entries:
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append(entry.path)
                    elif entry.is_file(follow_symlinks=False):
                        total += entry.stat(follow_symlinks=False).st_size
        except OSError:
            continue
    return total
