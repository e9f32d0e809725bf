"""A re-scan of 100,000 unchanged files, beside a bare walk that only calls `stat`."""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from pathlib import Path

from album.catalogue import Catalogue
from album.scanner import Scanner
from benchmarks.table import Measurement

FILES = 100_000
PER_FOLDER = 1_000
LONG_AGO = 1_500_000_000


def measure(shared: Path | None) -> list[Measurement]:
    """The re-scan's seconds against the bare walk's, medians of 5, in turns."""
    del shared
    with tempfile.TemporaryDirectory() as temporary:
        pictures = Path(temporary) / "pictures"
        _make_files(pictures)
        with Catalogue(Path(temporary) / "data") as catalogue:
            root = catalogue.roots.add(pictures)
            scanner = Scanner(catalogue)
            started = time.perf_counter()
            scanner.scan(root)
            first = time.perf_counter() - started
            bare, again = [], []
            for _ in range(5):
                started = time.perf_counter()
                count = _bare_walk(os.fsencode(pictures))
                bare.append(time.perf_counter() - started)
                started = time.perf_counter()
                summary = scanner.scan(root)
                again.append(time.perf_counter() - started)
                assert (count, summary.seen, summary.changed) == (FILES, FILES, 0)
    walk, rescan = statistics.median(bare), statistics.median(again)
    base = "scandir + stat"
    return [
        Measurement(
            f"re-scan of {FILES:,} unchanged files", rescan, "s", base, walk,
            rescan / walk, "≤ 3",
        ),
        Measurement(
            f"first scan of {FILES:,} files", first, "s", base, walk, first / walk, "–"
        ),
    ]  # fmt: skip


def _make_files(folder: Path) -> None:
    for number in range(FILES):
        if number % PER_FOLDER == 0:
            below = folder / f"{number // PER_FOLDER:03}"
            below.mkdir(parents=True)
        path = below / f"IMG_{number:06}.jpg"
        path.touch()
        os.utime(path, (LONG_AGO, LONG_AGO))


def _bare_walk(top: bytes) -> int:
    count, folders = 0, [top]
    while folders:
        with os.scandir(folders.pop()) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    folders.append(entry.path)
                else:
                    entry.stat(follow_symlinks=False)
                    count += 1
    return count
