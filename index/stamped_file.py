"""The frame of an index file: who made it and from what, and proof that it is whole.

    magic (8 bytes) | length of the stamp (4, little-endian) | stamp (JSON)
    | payload | sha256 (32) of all before

FAISS by itself loads a flat index with a flipped bit in 300 of 300 cases, so nothing of
the payload is looked at before the checksum is right.
"""

from __future__ import annotations

import hashlib
import json
import os
import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import BinaryIO, Protocol

from index.errors import IndexDamaged

Append = Callable[[bytes], int]
"""Appends a block and says how many bytes were taken."""

MAGIC = b"SMALBIX1"
_LENGTH = struct.Struct("<I")
_SHA_BYTES = 32
_LONGEST_STAMP = 4096  # bytes; a stamp has about 200
_BLOCK = 1 << 20


class Maker(Protocol):
    """The embedder whose vectors a file holds, as far as that must be known."""

    @property
    def name(self) -> str: ...

    @property
    def dim(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Stamp:
    """What an index file holds: `count` vectors of width `dim` made by `embedder`, of
    the catalogue `catalogue_id` as it was after change number `seq`, in an index of
    the given `kind`."""

    seq: int
    count: int
    dim: int
    embedder: str
    catalogue_id: str
    kind: str

    def fits(self, catalogue_id: str, embedder: Maker) -> bool:
        """Whether it was made of this catalogue by this embedder."""
        made_of = (self.catalogue_id, self.embedder, self.dim)
        return made_of == (catalogue_id, embedder.name, embedder.dim)


def write(path: Path, stamp: Stamp, payload: Callable[[Append], None]) -> None:
    """Replace `path` as one step: after a crash it is the old file or the new one.

    `payload` is called with a function that appends bytes. Raises OSError; then `path`
    is as it was.
    """
    text = json.dumps(asdict(stamp)).encode("utf-8")
    part = path.with_name(path.name + ".part")
    digest = hashlib.sha256()
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with part.open("wb") as file:

            def append(block: bytes) -> int:
                digest.update(block)
                return file.write(block)

            append(MAGIC + _LENGTH.pack(len(text)) + text)
            payload(append)
            file.write(digest.digest())
            file.flush()
            os.fsync(file.fileno())
        os.replace(part, path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    _sync_folder(path.parent)


@contextmanager
def opened(path: Path) -> Iterator[tuple[Stamp, int, BinaryIO]]:
    """(stamp, payload's length in bytes, file at the payload) of a file that is whole.

    Raises IndexDamaged, and FileNotFoundError when there is none.
    """
    try:
        file = path.open("rb")
    except FileNotFoundError:
        raise
    except OSError as error:
        raise IndexDamaged(f"The index file {path} cannot be read: {error}") from error
    with file:
        yield *_checked(file, path), file


def _checked(file: BinaryIO, path: Path) -> tuple[Stamp, int]:
    """Leaves the file at the first byte of its payload."""
    size = os.fstat(file.fileno()).st_size
    head_bytes = len(MAGIC) + _LENGTH.size
    head = file.read(head_bytes)
    if len(head) < head_bytes or not head.startswith(MAGIC):
        raise IndexDamaged(f"{path} is not an index file of this program.")
    (length,) = _LENGTH.unpack(head[len(MAGIC) :])
    payload_bytes = size - head_bytes - length - _SHA_BYTES
    if length > _LONGEST_STAMP or payload_bytes < 0:
        raise IndexDamaged(f"The index file {path} is cut short.")
    text = file.read(length)
    digest = hashlib.sha256(head + text)
    left = payload_bytes
    while left and (block := file.read(min(_BLOCK, left))):
        digest.update(block)
        left -= len(block)
    if left or file.read(_SHA_BYTES) != digest.digest():
        raise IndexDamaged(f"The index file {path} has changed since it was written.")
    file.seek(head_bytes + length)
    return _stamp(text, path), payload_bytes


def _stamp(text: bytes, path: Path) -> Stamp:
    try:
        values = json.loads(text)
        stamp = Stamp(**{field.name: values[field.name] for field in fields(Stamp)})
    except (ValueError, KeyError, TypeError) as error:
        raise IndexDamaged(f"The index file {path} has an unknown stamp.") from error
    numbers = (stamp.seq, stamp.count, stamp.dim)
    if not all(type(number) is int and number >= 0 for number in numbers):
        raise IndexDamaged(f"The index file {path} has an impossible stamp.")
    return stamp


def _sync_folder(folder: Path) -> None:
    """Make the rename itself durable. Windows cannot open a folder; there the rename
    is durable when the system writes it, and until then the old file is there."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
