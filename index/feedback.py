"""What people say was not meant: "not this" on a hit of a search.

It takes the photo out of that query for good, and lowers what is like it: Rocchio's
feedback, of which only the negative half is used. The query's vector is turned a little
away from the captions of the photos taken out, and no further than LEAST_COSINE allows,
so that what was asked for stays what was asked for. Nothing else changes: no other
query, and nothing that other people's programs or models would see.
"""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from album.catalogue_feedback import RejectedPhotos
from index.asked import normalised
from index.parts import EncodedQuery
from index.source import Source

GAMMA = 0.15
"""How much of the mean of the rejected is taken off a query. See LEAST_COSINE."""

LEAST_COSINE = 0.95
"""Between a query and what becomes of it, however much was rejected."""

_PARALLEL = 1e-6  # sine below which two unit vectors in float32 are one direction


class Feedback:
    """The photos that each query is not to find. Safe to use from several threads.

    Two queries are the same if they differ only in case, white space and Unicode form.
    """

    def __init__(self, catalogue: Source) -> None:
        self._catalogue = catalogue

    def reject(self, query: str, photo_id: int) -> None:
        """Take a photo out of a query. A blank query has no photos to take out.

        Raises CatalogueError when there is no such photo.
        """
        text = normalised(query)
        if text:
            self._catalogue.rejections.add(key_of(text), text, photo_id)

    def take_back(self, query: str, photo_id: int) -> bool:
        """Let a query find a photo again; whether it had been taken out."""
        return self._catalogue.rejections.remove(key_of(query), photo_id)

    def reset(self, query: str | None = None) -> int:
        """Let one query, or all of them, find everything again; how many photos were
        taken back."""
        return self._catalogue.rejections.clear(
            None if query is None else key_of(query)
        )

    def rejected(self, query: str) -> frozenset[int]:
        """The photos that were taken out of a query."""
        return self._catalogue.rejections.photo_ids(key_of(query))

    def all(self) -> list[RejectedPhotos]:
        """Every query that photos were taken out of, the latest first."""
        return self._catalogue.rejections.all()

    def lowered(self, query: str, encoded: EncodedQuery, embedder: str) -> EncodedQuery:
        """The encoded query, turned away from the captions that were taken out of it.

        Photos whose captions are not embedded yet by this embedder turn nothing.
        """
        vectors = self._catalogue.rejections.vectors(key_of(query), embedder)
        if not len(vectors) or vectors.shape[1:] != encoded.vector.shape:
            return encoded
        return replace(encoded, vector=turned_away(encoded.vector, vectors))


def turned_away(
    query: NDArray[np.float32],
    rejected: NDArray[np.float32],
    *,
    gamma: float = GAMMA,
    least_cosine: float = LEAST_COSINE,
) -> NDArray[np.float32]:
    """float32 (d,), of unit length: `query` (d,) less `gamma` times the mean of the
    `rejected` (n, d), all of unit length; n is at least 1.

    The cosine with `query` is at least `least_cosine`: only the part of the mean that
    is not the query's own direction turns it, so the angle is bounded by itself.
    """
    mean = rejected.mean(axis=0, dtype=np.float64)
    along = float(mean @ query)
    across = mean - along * query.astype(np.float64)
    size = float(np.linalg.norm(across))
    if size < _PARALLEL:
        return query
    angle = min(math.atan2(gamma * size, 1 - gamma * along), math.acos(least_cosine))
    turned = math.cos(angle) * query - math.sin(angle) / size * across
    return np.asarray(turned / np.linalg.norm(turned), dtype=np.float32)


def key_of(query: str) -> str:
    """What all ways to type the same query have in common."""
    return normalised(query).casefold()
