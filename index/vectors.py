"""An index of vectors: photo ids, each with its vector, and the nearest to another."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from index.errors import EmbeddingError

Ids = NDArray[np.int64]
Vectors = NDArray[np.float32]

ExactVectors = Callable[[Ids], tuple[Ids, Vectors]]
"""Reads the true vectors of ids int64 (m,) where they are kept: those that have one,
int64 (n,) in any order, and float32 (n, dim)."""


class VectorIndex(Protocol):
    """Photo ids with one unit vector each, compared by cosine. Safe from any thread."""

    @property
    def kind(self) -> str:
        """Which of the kinds it is; a file keeps it."""
        ...

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
        float32 (m,), best first. `allowed` int64 limits the search to those ids; it
        finds `k` of them if as many are held."""
        ...

    def save(self, path: Path, *, seq: int, embedder: str, catalogue_id: str) -> None:
        """Write all to `path` as one step, with what it was made from."""
        ...

    def __len__(self) -> int: ...


def checked(ids: Ids, vectors: Vectors, dim: int) -> tuple[Ids, Vectors]:
    """Both as an index takes them: int64 (n,), float32 (n, dim), contiguous.

    Raises EmbeddingError for another width or a vector that is not of unit length, and
    ValueError for an id below 0 or given twice.
    """
    ids = np.ascontiguousarray(ids, dtype=np.int64)
    vectors = np.ascontiguousarray(vectors, dtype=np.float32)
    if not len(ids):
        return ids, vectors
    if vectors.shape != (len(ids), dim):
        raise EmbeddingError(
            f"Vectors of shape {vectors.shape} do not fit {len(ids)} photos and an "
            f"index of width {dim}."
        )
    norms = np.linalg.norm(vectors, axis=1)
    if not (np.abs(norms - 1) < 1e-3).all():  # false for NaN too
        raise EmbeddingError("A vector is not of unit length; none was indexed.")
    if len(np.unique(ids)) != len(ids) or ids.min() < 0:
        raise ValueError("each id must be given once and be 0 or more")
    return ids, vectors


def best_first(ids: Ids, cosines: Vectors, k: int) -> tuple[Ids, Vectors]:
    """The first `k` by cosine, and by id among equals, so that the order is the same
    every time."""
    order = np.lexsort((ids, -cosines))[:k]
    return ids[order].astype(np.int64), cosines[order].astype(np.float32)


def nothing() -> tuple[Ids, Vectors]:
    """The answer of an index that holds nothing that is allowed."""
    return np.empty(0, np.int64), np.empty(0, np.float32)
