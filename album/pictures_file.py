"""Opening a file of the album without ever hanging on it, and hashing its bytes."""

from __future__ import annotations

import errno
import hashlib
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from album.errors import PictureError
from album.photo import Reading

MAX_FILE_BYTES = 2 * 1024**3
"""Larger files are not read: no photo is that large, but a sparse file may be 1 TB."""

CHANGED = "The file changed while it was read."
"""The reason of a failure that is worth another try once the file is quiet."""

_CHUNK_BYTES = 1024**2

# A FIFO would block `open` until somebody writes to it, a terminal could become ours,
# a link could lead out of the album between the scan and now. Windows has none of
# these flags, but needs to be told that the file is binary.
_FLAGS = os.O_RDONLY
for _name in ("O_NONBLOCK", "O_NOFOLLOW", "O_NOCTTY", "O_CLOEXEC", "O_BINARY"):
    _FLAGS |= getattr(os, _name, 0)

_OS_REASONS = {
    errno.ENOENT: "The file is no longer there.",
    errno.EACCES: "The album is not allowed to read this file.",
    errno.EPERM: "The album is not allowed to read this file.",
    errno.ELOOP: "This is a link to a file, not a file.",
    errno.EIO: "The disk reports an error while reading this file.",
    errno.ENXIO: "This is not a file but a pipe or a device.",
    errno.EISDIR: "This is a folder, not a picture.",
}


@dataclass(frozen=True, slots=True)
class FileStamp:
    """What tells whether a file is still the same. Times are in ns since 1970."""

    size_bytes: int
    mtime_ns: int
    ctime_ns: int
    inode: int

    @classmethod
    def of(cls, status: os.stat_result) -> FileStamp:
        """The stamp within what `os.stat` or `os.fstat` said."""
        return cls(
            status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino
        )


@dataclass(frozen=True, slots=True)
class DecodedFile:
    """What one look at one file gave: always its path, and as much else as possible.

    `content_hash` is the sha256 of its bytes in hex; None if they could not be read.
    `reading` is None if the file was only hashed, or if `error` says why it is no
    picture. The last four are the file's state (bytes; ns since 1970), the same before
    the first byte was read and after the last; all 0 where `content_hash` is None, as
    it is when the file changed meanwhile (`error.reason` is then `CHANGED`).
    """

    path: Path
    content_hash: str | None = None
    reading: Reading | None = None
    error: PictureError | None = None
    size: int = 0
    mtime_ns: int = 0
    ctime_ns: int = 0
    inode: int = 0


@contextmanager
def open_picture_file(path: Path) -> Iterator[tuple[BinaryIO, FileStamp]]:
    """Open a regular file of bearable size for reading, with its stamp.

    Raises PictureError for everything that is not such a file. Never blocks on a FIFO,
    a socket or a device, and follows no link.
    """
    try:
        descriptor = os.open(path, _FLAGS)
    except (OSError, ValueError) as error:
        raise picture_error(error) from error
    try:
        stamp = FileStamp.of(_check_regular(os.fstat(descriptor)))
        file = os.fdopen(descriptor, "rb")  # refuses folders, and would leak them
    except BaseException:
        os.close(descriptor)
        raise
    with file:
        yield file, stamp


def hash_open_file(file: BinaryIO) -> str:
    """The sha256 (hex) of an open file's bytes from its start; leaves it rewound."""
    digest = hashlib.sha256()
    file.seek(0)
    while chunk := file.read(_CHUNK_BYTES):
        digest.update(chunk)
    file.seek(0)
    return digest.hexdigest()


def hash_file(path: Path) -> str:
    """The sha256 (hex) of a file's bytes. Raises PictureError if it cannot be read."""
    with open_picture_file(path) as (file, stamp):
        try:
            content_hash = hash_open_file(file)
        except OSError as error:
            raise picture_error(error) from error
        check_unchanged(file, stamp)
    return content_hash


def check_unchanged(file: BinaryIO, stamp: FileStamp) -> None:
    """Raise PictureError(CHANGED) unless the open file still has this stamp."""
    if FileStamp.of(os.fstat(file.fileno())) != stamp:
        raise PictureError(CHANGED)


def picture_error(error: OSError | ValueError) -> PictureError:
    """The system's complaint about a file, as one sentence for a person."""
    if isinstance(error, OSError):
        code = error.errno or 0
        why = f"The file cannot be read ({error.strerror or error})."
        return PictureError(_OS_REASONS.get(code, why))
    return PictureError("The file's name cannot be used on this computer.")


def _check_regular(status: os.stat_result) -> os.stat_result:
    if stat.S_ISDIR(status.st_mode):
        raise PictureError(_OS_REASONS[errno.EISDIR])
    if not stat.S_ISREG(status.st_mode):
        raise PictureError(_OS_REASONS[errno.ENXIO])
    if status.st_size == 0:
        raise PictureError("The file is empty.")
    if status.st_size > MAX_FILE_BYTES:
        gigabytes = status.st_size / 1024**3
        raise PictureError(
            f"The file is too large: {gigabytes:,.1f} GB, the limit is"
            f" {MAX_FILE_BYTES // 1024**3}."
        )
    return status
