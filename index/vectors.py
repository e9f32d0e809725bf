"""The vectors in memory, and the photos nearest to a query; the home of FAISS."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from index import stamped_file
from index.errors import EmbeddingError, IndexDamaged
from index.stamped_file import Stamp

# What FAISS writes around the vectors and ids of a flat index: 90 bytes in 1.15.1.
_MOST_FRAME = 1024
_BLOCK = 1 << 20

Ids = NDArray[np.int64]
Vectors = NDArray[np.float32]


class VectorIndex(Protocol):
    """Photo ids with one unit vector each, compared by cosine. Safe from any thread."""

    def put(self, ids: Ids, vectors: Vectors) -> None:
        """Hold `vectors` float32 (n, dim) for `ids` int64 (n,), replacing older ones.

        Raises EmbeddingError, and then nothing has changed.
        """
        ...

    def remove(self, ids: Ids) -> None:
        """Forget `ids` int64 (m,); those not held are ignored."""
        ...

    def nearest(
        self, query: Vectors, k: int, allowed: Ids | None = None
    ) -> tuple[Ids, Vectors]:
        """The at most `k` ids nearest to `query` (dim,): ids int64 (m,) and cosines
        float32 (m,), best first. `allowed` int64 limits the answer to those ids."""
        ...

    def above(
        self, query: Vectors, floor: float, allowed: Ids | None = None
    ) -> tuple[Ids, Vectors]:
        """Every id with a cosine above `floor`: as `nearest`, without a limit."""
        ...

    def save(self, path: Path, *, seq: int, embedder: str, catalogue_id: str) -> None:
        """Write all to `path` as one step, with what it was made from."""
        ...

    def __len__(self) -> int: ...


class FaissIndex:
    """Exact search in memory: 13 ms a query at 100,000 photos on one core.

    Flat inside IDMap2, because there adding, replacing and removing keep every id with
    its own vector (IDMap2 around IVF loses them, and HNSW cannot remove).
    """

    def __init__(self, dim: int) -> None:
        self.dim = dim
        faiss = _faiss()
        self._index = faiss.IndexIDMap2(faiss.IndexFlatIP(dim))
        self._lock = _SharedLock()

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def put(self, ids: Ids, vectors: Vectors) -> None:
        """See VectorIndex. Raises ValueError when an id is given twice."""
        ids, vectors = self._checked(ids, vectors)
        if not len(ids):
            return
        with self._lock.alone():
            self._remove(ids)  # FAISS keeps both when an id is added twice
            self._index.add_with_ids(vectors, ids)

    def remove(self, ids: Ids) -> None:
        """See VectorIndex."""
        with self._lock.alone():
            self._remove(np.ascontiguousarray(ids, dtype=np.int64))

    def nearest(
        self, query: Vectors, k: int, allowed: Ids | None = None
    ) -> tuple[Ids, Vectors]:
        """See VectorIndex."""
        row = self._query(query)
        with self._lock.shared():
            k = min(k, len(self))
            if k < 1 or (allowed is not None and not len(allowed)):
                return _nothing()
            chosen = _selection(allowed)
            scores, ids = self._index.search(row, k, params=chosen)
        held = ids[0] >= 0  # FAISS fills up with -1 when there are fewer than k
        return _best_first(ids[0][held], scores[0][held])

    def above(
        self, query: Vectors, floor: float, allowed: Ids | None = None
    ) -> tuple[Ids, Vectors]:
        """See VectorIndex."""
        row = self._query(query)
        with self._lock.shared():
            if not len(self) or (allowed is not None and not len(allowed)):
                return _nothing()
            chosen = _selection(allowed)
            _, scores, ids = self._index.range_search(row, floor, params=chosen)
        return _best_first(ids, scores)

    def save(self, path: Path, *, seq: int, embedder: str, catalogue_id: str) -> None:
        """See VectorIndex. Searches go on meanwhile. Raises OSError."""
        with self._lock.shared():
            stamp = Stamp(seq, len(self), self.dim, embedder, catalogue_id)
            stamped_file.write(path, stamp, self._write_payload)

    @classmethod
    def load(cls, path: Path) -> tuple[FaissIndex, Stamp]:
        """The index in `path`, and what it was made from.

        Raises IndexDamaged, and FileNotFoundError when there is none.
        """
        faiss = _faiss()
        with stamped_file.opened(path) as (stamp, payload_bytes, file):
            expected = stamp.count * (4 * stamp.dim + 8)
            if not 0 <= payload_bytes - expected <= _MOST_FRAME or not stamp.dim:
                raise IndexDamaged(f"The index file {path} has an unlikely length.")
            try:
                loaded = faiss.read_index(faiss.PyCallbackIOReader(file.read, _BLOCK))
            except RuntimeError as error:
                raise IndexDamaged(f"FAISS cannot read {path}: {error}") from error
        flat = isinstance(loaded, faiss.IndexIDMap2) and isinstance(
            faiss.downcast_index(loaded.index), faiss.IndexFlatIP
        )
        if not flat or (loaded.ntotal, loaded.d) != (stamp.count, stamp.dim):
            raise IndexDamaged(f"The index file {path} is not what its stamp says.")
        index = cls(stamp.dim)
        index._index = loaded
        return index, stamp

    def _write_payload(self, append: stamped_file.Append) -> None:
        faiss = _faiss()
        faiss.write_index(self._index, faiss.PyCallbackIOWriter(append, _BLOCK))

    def _remove(self, ids: Ids) -> None:
        """Removing goes through all vectors, so it is left out when none is held."""
        held = _faiss().vector_to_array(self._index.id_map)
        if np.isin(ids, held).any():
            self._index.remove_ids(ids)

    def _query(self, query: Vectors) -> Vectors:
        return self._checked(np.zeros(1, np.int64), np.reshape(query, (1, -1)))[1]

    def _checked(self, ids: Ids, vectors: Vectors) -> tuple[Ids, Vectors]:
        ids = np.ascontiguousarray(ids, dtype=np.int64)
        vectors = np.ascontiguousarray(vectors, dtype=np.float32)
        if not len(ids):
            return ids, vectors
        if vectors.shape != (len(ids), self.dim):
            raise EmbeddingError(
                f"Vectors of shape {vectors.shape} do not fit {len(ids)} photos and an "
                f"index of width {self.dim}."
            )
        norms = np.linalg.norm(vectors, axis=1)
        if not (np.abs(norms - 1) < 1e-3).all():  # false for NaN too
            raise EmbeddingError("A vector is not of unit length; none was indexed.")
        if len(np.unique(ids)) != len(ids) or ids.min() < 0:
            raise ValueError("each id must be given once and be 0 or more")
        return ids, vectors


class _SharedLock:
    """Many may read at a time, or one may write: what FAISS asks of its callers."""

    def __init__(self) -> None:
        self._readers = 0
        self._counting = threading.Lock()
        self._writing = threading.Lock()  # taken by the first reader, freed by the last

    @contextmanager
    def shared(self) -> Iterator[None]:
        with self._counting:
            if not self._readers:
                self._writing.acquire()
            self._readers += 1
        try:
            yield
        finally:
            with self._counting:
                self._readers -= 1
                if not self._readers:
                    self._writing.release()

    @contextmanager
    def alone(self) -> Iterator[None]:
        with self._writing:
            yield


def _faiss() -> Any:
    """The library, loaded when first needed; one thread for each search, so
    that several searches at once do not fight over the cores."""
    import faiss

    faiss.omp_set_num_threads(1)
    return faiss


def _selection(allowed: Ids | None) -> Any:
    if allowed is None:
        return None
    chosen = np.ascontiguousarray(allowed, dtype=np.int64)
    faiss = _faiss()
    return faiss.SearchParameters(sel=faiss.IDSelectorBatch(chosen))


def _best_first(ids: Ids, scores: Vectors) -> tuple[Ids, Vectors]:
    """By score, and by id among equals, so that the order is the same every time."""
    order = np.lexsort((ids, -scores))
    return ids[order].astype(np.int64), scores[order].astype(np.float32)


def _nothing() -> tuple[Ids, Vectors]:
    return np.empty(0, np.int64), np.empty(0, np.float32)
