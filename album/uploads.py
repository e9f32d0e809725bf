"""Uploads: a file is on disk under the name of its content before it is acknowledged.

<data>/uploads/ab/ab34…ef.jpg    write-once, never renamed
<data>/uploads/incoming/         what is still arriving; swept at every start
"""

from __future__ import annotations

import hashlib
import os
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from album.catalogue import Catalogue
from album.errors import UploadError, UploadNotStored
from album.photo import Photo
from album.pictures_formats import EXTENSION, describe_content, detect_format
from album.scanner import fingerprint

_HEAD_BYTES = 64  # enough for every signature that detect_format knows
_NAME_CHARS = 200


@dataclass(frozen=True, slots=True)
class Uploaded:
    """An upload that was taken in. `duplicate`: the album had the same picture."""

    file_id: int
    photo_id: int | None
    duplicate: bool


@dataclass(frozen=True, slots=True)
class UploadState:
    """How far an uploaded file is: "found", "read" or "failed" (with the reason)."""

    state: str
    photo_id: int | None
    reason: str | None


class Uploads:
    """The album's own folder for what people bring in through the page."""

    def __init__(self, catalogue: Catalogue, folder: Path, *, max_bytes: int) -> None:
        self._catalogue = catalogue
        self._folder = folder
        self._max_bytes = max_bytes
        self._incoming = folder / "incoming"
        self._incoming.mkdir(parents=True, exist_ok=True, mode=0o700)
        for left in self._incoming.iterdir():
            if left.is_file():  # aborted by a crash: it was never acknowledged
                left.unlink()
        self._root = catalogue.roots.add(folder.resolve(), "uploads")

    @contextmanager
    def held(self, chunks: Iterable[bytes]) -> Iterator[Path]:
        """One file, on disk only as long as it is held, and in no catalogue.

        Raises UploadError for what is too large, empty or no picture; what a crash
        leaves is swept at the next start.
        """
        try:
            descriptor, temporary = tempfile.mkstemp(dir=self._incoming)
        except OSError as error:
            raise UploadNotStored(error.strerror) from error
        try:
            with os.fdopen(descriptor, "wb") as file:
                digest, head = self._receive(file, chunks)
            self._below(digest, head)
            yield Path(temporary)
        finally:
            Path(temporary).unlink(missing_ok=True)

    def take(self, name: str, chunks: Iterable[bytes]) -> Uploaded:
        """Store one file and catalogue it. Raises UploadError; then nothing is kept.

        Order: bytes to a temporary file, fsync, rename to the content's name, fsync of
        the folder, row in the catalogue. Only then is the upload acknowledged.
        """
        try:
            descriptor, temporary = tempfile.mkstemp(dir=self._incoming)
            try:
                with os.fdopen(descriptor, "wb") as file:
                    digest, head = self._receive(file, chunks)
                below = self._below(digest, head)
                known = self._catalogue.photos.id_of(digest)
                if known is not None:  # brought again on purpose: it is wanted again
                    self._catalogue.removals.restore([known])
                if known is not None and self._present(known):
                    return Uploaded(0, known, True)
                self._move(Path(temporary), self._folder / below)
            finally:
                Path(temporary).unlink(missing_ok=True)
        except ConnectionError:
            raise  # the sender went away: there is nobody to tell
        except OSError as error:
            raise UploadNotStored(error.strerror) from error
        return self._catalogue_file(below, clean_name(name))

    def known(self, content_hashes: Sequence[str]) -> dict[str, int]:
        """Which of these contents (sha256 in hex) need not be sent: the photos that
        have them, by content. One whose file is not there would bring it back."""
        found = self._catalogue.photos.ids_of(content_hashes)
        photos = self._catalogue.photos.many(list(found.values()))
        return {
            content: photo_id
            for content, photo_id in found.items()
            if _is_here(photos.get(photo_id))
        }

    def state(self, file_id: int) -> UploadState | None:
        """How far a file is, or None if there is no such file."""
        found = self._catalogue.files.state_of(file_id)
        return None if found is None else UploadState(*found)

    def _receive(self, file: BinaryIO, chunks: Iterable[bytes]) -> tuple[str, bytes]:
        digest, head, size = hashlib.sha256(), b"", 0
        for chunk in chunks:
            size += len(chunk)
            if size > self._max_bytes:
                megabytes = self._max_bytes // 1_000_000
                raise UploadError(f"It is too large: the limit is {megabytes} MB.")
            if len(head) < _HEAD_BYTES:
                head += chunk[: _HEAD_BYTES - len(head)]
            digest.update(chunk)
            file.write(chunk)
        if size == 0:
            raise UploadError("It is empty.")
        file.flush()
        os.fsync(file.fileno())
        return digest.hexdigest(), head

    def _below(self, digest: str, head: bytes) -> Path:
        """Where it will lie. Raises UploadError for what is no picture."""
        form = detect_format(head)
        if form is None:
            what = describe_content(head)
            raise UploadError(
                "This is not a picture the album can read"
                + (f" (it looks like {what})." if what else ".")
            )
        return Path(digest[:2]) / f"{digest}{EXTENSION[form]}"

    def _present(self, photo_id: int) -> bool:
        return _is_here(self._catalogue.photos.one(photo_id))

    def _move(self, temporary: Path, target: Path) -> None:
        target.parent.mkdir(mode=0o700, exist_ok=True)
        os.replace(temporary, target)
        fsync_folder(target.parent)
        fsync_folder(self._folder)

    def _catalogue_file(self, below: Path, name: str) -> Uploaded:
        raw = os.fsencode(below)
        stat = os.stat(self._folder / below)
        found = [(raw, fingerprint(stat))]
        files = self._catalogue.files
        files.add(self._root.id, found, time.time_ns(), given_name=name)
        file_id = files.id_at(self._root.id, raw)
        assert file_id is not None
        # The row may be an old one, of a file that had gone missing or had failed.
        files.mark_changed([(file_id, found[0][1])], time.time_ns())
        files.set_missing([file_id], False)
        self._catalogue.roots.set_offline(self._root.id, False)
        state = files.state_of(file_id)
        return Uploaded(file_id, state[1] if state else None, False)


def _is_here(photo: Photo | None) -> bool:
    # Looked at on the disk: the album may not know yet that it has gone offline.
    return photo is not None and not photo.missing and photo.path.is_file()


def fsync_folder(folder: Path) -> None:
    """Make a rename in `folder` last through a power cut, where the platform can."""
    if os.name == "nt":
        return  # Windows has no fsync of folders; NTFS journals its renames
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def clean_name(name: str) -> str:
    """A name to show: the last part of whatever path was sent, without control
    characters, bounded. It never names a file on disk."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    shown = "".join(c for c in last if c.isprintable()).strip()
    return shown[:_NAME_CHARS] or "upload"
