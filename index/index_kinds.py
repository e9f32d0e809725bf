"""Which kind of index an album of a given size wants, and the file of either kind."""

from __future__ import annotations

from pathlib import Path

from index import stamped_file
from index.errors import IndexDamaged
from index.faiss_index import FaissIndex
from index.flat_index import FlatIndex
from index.ivf_index import IvfIndex, lists_for
from index.stamped_file import Stamp
from index.vectors import ExactVectors, VectorIndex

FLAT_MOST = 20_000
"""Photos up to which every vector is compared."""

# Back to the exact kind only far below, so that an album at the edge does not change
# to and fro; and new lists only when twice as many are wanted: four times the photos.
_FLAT_AGAIN = 0.5
_LISTS_GROWTH = 2

_KINDS: dict[str, type[FaissIndex]] = {
    FlatIndex.kind: FlatIndex,
    IvfIndex.kind: IvfIndex,
}


def is_outgrown(index: VectorIndex, flat_most: int = FLAT_MOST) -> bool:
    """Whether the album would be better served by an index built anew: it has passed
    the size for comparing every vector, or has four times the photos that the lists
    were made for, or has shrunk to less than half of what lists are worth."""
    if not isinstance(index, IvfIndex):
        return len(index) > flat_most
    if len(index) < _FLAT_AGAIN * flat_most:
        return True
    return lists_for(len(index)) >= _LISTS_GROWTH * index.lists


def load(path: Path, exact: ExactVectors) -> tuple[VectorIndex, Stamp]:
    """The index in `path`, and what it was made from; `exact` as in index/ivf_index.py.

    Raises IndexDamaged, and FileNotFoundError when there is none.
    """
    with stamped_file.opened(path) as (stamp, payload_bytes, file):
        kind = _KINDS.get(stamp.kind)
        if kind is None:
            raise IndexDamaged(f"The index file {path} is of an unknown kind.")
        index = kind.read(file, stamp, payload_bytes)
    if isinstance(index, IvfIndex):
        index.exact = exact
    return index, stamp
