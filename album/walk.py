"""The walk over a root: every picture file once, whatever lies in between."""

from __future__ import annotations

import logging
import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from album.pictures_formats import SUFFIXES

logger = logging.getLogger(__name__)

# What desktop programs and NAS boxes leave beside the pictures: their own thumbnails
# and their bins. Folders whose name begins with a dot are passed over as well.
SKIPPED_FOLDERS = frozenset({b"@eadir", b"#recycle", b"$recycle.bin", b"lost+found"})

_SUFFIXES = tuple(os.fsencode(suffix) for suffix in SUFFIXES)


class Walk:
    """One walk. `unreadable` names what could not be looked at, and why;
    `passed_over` counts the files that are no pictures, by suffix."""

    def __init__(self, root: Path, never: frozenset[bytes] = frozenset()) -> None:
        """`never`: real paths of folders that are not to be entered."""
        self._root = os.fsencode(root)
        self._never = never
        self._visited: set[tuple[int, int]] = set()
        self.unreadable: list[tuple[str, str]] = []
        self.passed_over: Counter[str] = Counter()

    def __iter__(self) -> Iterator[tuple[bytes, os.stat_result]]:
        """(path below the root, stat) of every file whose suffix is a picture's.

        Links are not followed: a link to a folder may lead in a circle, and what a link
        inside the album points to is met under its own name.
        """
        folders = [b""]
        while folders:
            below = folders.pop()
            folder = os.path.join(self._root, below) if below else self._root
            try:
                if self._enter(folder):
                    yield from self._look(folder, os.path.join(below, b""), folders)
            except OSError as error:
                self._note(folder, error)

    def _look(
        self, folder: bytes, prefix: bytes, folders: list[bytes]
    ) -> Iterator[tuple[bytes, os.stat_result]]:
        with os.scandir(folder) as entries:
            for entry in entries:
                name = entry.name
                if name.lower().endswith(_SUFFIXES):
                    stat = self._stat_of_file(entry)
                    if stat is not None:
                        yield prefix + name, stat
                        continue
                if not entry.is_dir(follow_symlinks=False):
                    self.passed_over[_suffix(name)] += 1
                elif not _is_skipped(name):
                    folders.append(prefix + name)

    def _stat_of_file(self, entry: os.DirEntry[bytes]) -> os.stat_result | None:
        """The `stat` of a plain file, and None of anything else."""
        try:
            if entry.is_file(follow_symlinks=False) and not entry.name.startswith(
                b"._"
            ):
                return entry.stat(follow_symlinks=False)
        except FileNotFoundError:
            pass  # gone between the listing and the look: the next scan knows
        except OSError as error:
            self._note(entry.path, error)
        return None

    def _note(self, path: bytes, error: OSError) -> None:
        shown = path.decode("utf-8", "backslashreplace")
        self.unreadable.append((shown, error.strerror or str(error)))
        logger.warning("Cannot look at %r: %s", shown, error)

    def _enter(self, folder: bytes) -> bool:
        """False for a folder that is not ours to look at or was met before."""
        if self._never and os.path.realpath(folder) in self._never:
            return False
        stat = os.stat(folder)
        place = (stat.st_dev, stat.st_ino)
        if place in self._visited:
            return False  # the same folder mounted twice, or in a circle
        self._visited.add(place)
        return True


def _is_skipped(folder_name: bytes) -> bool:
    return folder_name.startswith(b".") or folder_name.lower() in SKIPPED_FOLDERS


def _suffix(name: bytes) -> str:
    """The suffix in lower case, for counting; "" when there is none."""
    shown = os.path.splitext(name)[1].lower()[:12]
    return shown.decode("utf-8", "backslashreplace")
