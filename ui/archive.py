"""Originals as one zip, made while it is sent: never more than a piece in memory."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from zipstream import ZIP_STORED, ZipStream

from ui.needs import Album, OriginalFile

KEPT = 20
"""Downloads that are remembered; each is a list of paths."""
KEPT_S = 600.0
"""A download begins within ten minutes of being asked for."""

_MISSING = "missing.txt"
_LONGEST_STEM = 150


@dataclass(frozen=True, slots=True)
class Archive:
    """What a zip will hold: (path, name inside) of each original, and the names of
    photos whose original is not there. `asked_at` is in seconds of the clock."""

    token: str
    asked_at: float
    files: tuple[tuple[Path, str], ...]
    missing: tuple[str, ...]

    def open(self) -> tuple[int, Iterator[bytes]]:
        """How long the zip is in bytes, and the zip itself, piece by piece. Nothing is
        compressed (pictures are already), so its length is known before it is made.

        Raises OSError when an original has gone, and the pieces raise OSError or
        RuntimeError when one goes or changes meanwhile: what was sent is no whole zip.
        """
        stream = self._stream()
        return len(stream), iter(stream)

    def _stream(self) -> ZipStream:
        stream = ZipStream(compress_type=ZIP_STORED, sized=True)
        for path, name in self.files:
            stream.add_path(path, name, recurse=False)
        if self.missing:
            listed = "\n".join(("The originals of these photos are not there now:", "",
                                *self.missing, ""))  # fmt: skip
            stream.add(listed.encode(), _MISSING)
        return stream


class Archives:
    """The zips that were asked for lately. Safe from any thread."""

    def __init__(
        self, library: Album, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._library = library
        self._clock = clock
        self._lock = threading.Lock()
        self._kept: dict[str, Archive] = {}

    def make(self, photo_ids: Sequence[int]) -> Archive:
        """What a zip of these photos holds; those that are not in the album are passed
        over."""
        files: list[tuple[Path, str]] = []
        missing: list[str] = []
        names = _Names()
        for photo in self._library.many.photos(photo_ids):
            original = self._library.original(photo.id)
            if original is None or not _is_there(original):
                missing.append(f"{photo.folder}/{photo.name}")
            else:
                files.append((original.path, names.free(photo.name)))
        token = secrets.token_urlsafe(18)
        archive = Archive(token, self._clock(), tuple(files), tuple(missing))
        with self._lock:
            self._kept[token] = archive
            while len(self._kept) > KEPT:
                del self._kept[next(iter(self._kept))]
        return archive

    def find(self, token: str) -> Archive | None:
        """The zip with this token, unless it was asked for too long ago."""
        with self._lock:
            archive = self._kept.get(token)
        if archive is None or self._clock() - archive.asked_at > KEPT_S:
            return None
        return archive


class _Names:
    """Gives each file of a zip a name of its own, in either case, without any path."""

    def __init__(self) -> None:
        self._taken = {_MISSING}

    def free(self, name: str) -> str:
        bare = "".join(
            "_" if c in '/\\:*?"<>|' or not c.isprintable() else c for c in name
        ).strip(". ")
        stem, dot, ending = bare.rpartition(".")
        if not dot:
            stem, ending = bare, ""
        stem = stem[:_LONGEST_STEM] or "photo"
        wanted, number = f"{stem}{dot}{ending}", 1
        while wanted.casefold() in self._taken:
            number += 1
            wanted = f"{stem} ({number}){dot}{ending}"
        self._taken.add(wanted.casefold())
        return wanted


def _is_there(original: OriginalFile) -> bool:
    try:
        return original.path.is_file()
    except OSError:
        return False
