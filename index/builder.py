"""Making an index from the catalogue's vectors, and keeping it abreast of them."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import numpy as np

from index.embedder import Embedder
from index.errors import BuildStopped
from index.flat_index import FlatIndex
from index.index_kinds import FLAT_MOST, is_outgrown
from index.ivf_index import TRAINED_PER_LIST, IvfIndex, lists_for
from index.source import Source
from index.vectors import Ids, VectorIndex, Vectors

# Photos read for training, or put into an index that others search, at a time: at a
# million photos the searches wait for 30 ms (29 s of a busy core put in all of them).
_AT_ONCE = 1024
# One seed, so that the same catalogue gives the same index.
_SEED = 1


class IndexBuilder:
    """Builds for one catalogue and one embedder. Safe to use from several threads."""

    def __init__(
        self, catalogue: Source, embedder: Embedder, *, flat_most: int = FLAT_MOST
    ) -> None:
        """Up to `flat_most` photos every vector is compared."""
        self._catalogue = catalogue
        self._embedder = embedder
        self._flat_most = flat_most

    def exact(self, ids: Ids) -> tuple[Ids, Vectors]:
        """The catalogue's own vectors of `ids`, as index/vectors.py wants them."""
        return self._catalogue.vectors.vectors_of(ids, self._embedder.name)

    def is_outgrown(self, index: VectorIndex) -> bool:
        """Whether this album is better served by an index built anew."""
        return is_outgrown(index, self._flat_most)

    def build(self, stop: threading.Event | None = None) -> tuple[VectorIndex, int]:
        """An index of all that the catalogue holds, of the kind that suits it, and the
        number of the last change before: what is committed meanwhile is to be followed.

        Batch by batch, so that the vectors are never all in memory. Raises BuildStopped
        soon after `stop` is set.
        """
        seq = self._catalogue.vectors.last_change()
        index = self._empty(stop)
        for ids, vectors in self._catalogue.vectors.all(self._embedder.name):
            _check(stop)
            index.put(ids, vectors)
        if isinstance(index, IvfIndex):
            index.compact()
        return index, seq

    def follow(self, index: VectorIndex, seq: int) -> tuple[int, int]:
        """Bring an index that has seen change number `seq` up to date: (the number it
        has seen then, how many photos changed)."""
        changes = self._catalogue.vectors.changed_since(seq, self._embedder.name)
        if changes.seq != seq:
            index.remove(changes.removed)
            for start in range(0, len(changes.ids), _AT_ONCE):
                part = slice(start, start + _AT_ONCE)
                index.put(changes.ids[part], changes.vectors[part])
        return changes.seq, len(changes.ids) + len(changes.removed)

    def _empty(self, stop: threading.Event | None) -> VectorIndex:
        count = self._catalogue.vectors.count(self._embedder.name)
        if count <= self._flat_most:
            return FlatIndex(self._embedder.dim)
        lists = lists_for(count)
        sample = np.concatenate(list(self._sample(TRAINED_PER_LIST * lists, stop)))
        _check(stop)
        return IvfIndex.trained(sample, min(lists, len(sample)), self.exact)

    def _sample(self, wanted: int, stop: threading.Event | None) -> Iterator[Vectors]:
        """About `wanted` vectors of photos from all over the album, or all there are.
        Each part in rising order, as the photos lie on the disk."""
        ids = self._catalogue.filters.photo_ids()
        np.random.default_rng(_SEED).shuffle(ids)
        got = 0
        for start in range(0, len(ids), _AT_ONCE):
            _check(stop)
            part = np.sort(ids[start : start + min(_AT_ONCE, wanted - got)])
            _, vectors = self.exact(part)
            if len(vectors):
                yield vectors
            got += len(vectors)
            if got >= wanted:
                return


def _check(stop: threading.Event | None) -> None:
    if stop is not None and stop.is_set():
        raise BuildStopped("The index is not needed any more.")
