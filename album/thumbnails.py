"""The thumbnails of the album: a cache of WebP files named by their original's hash.

Deleting it loses nothing; whatever is missing or damaged is made again by the caller.
"""

from __future__ import annotations

import hashlib
import logging
import os
import re
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Literal

Size = Literal["thumbnail", "view"]

_log = logging.getLogger(__name__)

_DIGEST_BYTES = 16  # of BLAKE2b, behind the WebP bytes: tells any flipped bit
_KEY = re.compile(r"[0-9a-f]{64}")
_RIFF_HEADER_BYTES = 12


class Thumbnails:
    """Two sizes of every picture, under `folder`/ab/cd/abcd…-thumbnail.

    Safe to use from several threads and processes: a file appears under its name only
    when it is whole, and two writers of one name write the same.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, content_hash: str, thumbnail: bytes, view: bytes) -> None:
        """Keep both sizes of one picture. Raises OSError if the disk is full."""
        sizes: tuple[tuple[Size, bytes], ...] = (
            ("thumbnail", thumbnail),
            ("view", view),
        )
        for size, webp in sizes:
            self._write(self._path(content_hash, size), webp)

    def get(self, content_hash: str, size: Size) -> bytes | None:
        """The WebP bytes, or None if they are missing or damaged: make them again."""
        try:
            stored = self._path(content_hash, size).read_bytes()
        except OSError:
            return None
        webp, digest = stored[:-_DIGEST_BYTES], stored[-_DIGEST_BYTES:]
        if _is_whole_webp(webp) and _digest(webp) == digest:
            return webp
        _log.warning("damaged %s of %s left out", size, content_hash)
        return None

    def bytes_used(self) -> int:
        """How much disk space the cache takes, in bytes."""
        total = 0
        for parent, _, names in os.walk(self.folder):
            for name in names:
                with suppress(OSError):  # deleted meanwhile
                    total += os.stat(os.path.join(parent, name)).st_size
        return total

    def _path(self, content_hash: str, size: Size) -> Path:
        """Two levels of 256 folders, so that none holds more than a few files."""
        if not _KEY.fullmatch(content_hash):
            raise ValueError(f"not a sha256 in hex: {content_hash!r}")
        shard = self.folder / content_hash[:2] / content_hash[2:4]
        return shard / f"{content_hash}-{size}"

    def _write(self, path: Path, webp: bytes) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=".new-")
        try:
            with os.fdopen(descriptor, "wb") as file:
                # No fsync: after a power cut the checksum finds what was lost, and a
                # thumbnail is cheap to make again.
                file.write(webp + _digest(webp))
            os.replace(temporary, path)
        except BaseException:
            with suppress(OSError):
                os.unlink(temporary)
            raise


def _digest(webp: bytes) -> bytes:
    return hashlib.blake2b(webp, digest_size=_DIGEST_BYTES).digest()


def _is_whole_webp(webp: bytes) -> bool:
    """A RIFF file of kind WEBP whose length is the one it announces."""
    announced = int.from_bytes(webp[4:8], "little") + 8
    return (
        len(webp) > _RIFF_HEADER_BYTES
        and webp[:4] == b"RIFF"
        and webp[8:12] == b"WEBP"
        and len(webp) == announced
    )
