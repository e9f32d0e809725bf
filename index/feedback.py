"""What people say was not meant: "not this" on a hit of a search.

It takes the photo out of that query for good, and lowers what is like it: Rocchio's
feedback, of which only the negative half is used. The query's vector is turned a little
away from the captions of the photos taken out: however many they are, its cosine with
what was asked for stays above 0.998. No other query changes.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from album.catalogue_feedback import RejectedPhotos
from index.asked import normalised
from index.parts import EncodedQuery
from index.source import Source

# The largest that costs nothing on the tuning half (benchmarks/quality_feedback.py)
# beside only taking the photo out. Where a hit without the subject is rejected, the
# photo meant comes from rank 2.34 to 2.33, and the subject from 83.9 to 84.1 % of the
# first ten; where a nearly right one is, from 4.89 to 4.85. With 0.1 these are 84.4 %
# and 4.94, with 0.3 85.1 % and 5.71.
GAMMA = 0.05
"""How much of the mean of the rejected is taken off a query."""


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
    query: NDArray[np.float32], rejected: NDArray[np.float32], gamma: float = GAMMA
) -> NDArray[np.float32]:
    """float32 (d,), of unit length: `query` (d,) less `gamma` times the mean of the
    `rejected` (n, d), all of unit length; n is at least 1, and 0 ≤ gamma < 1.

    The mean is no longer than 1, so the cosine with `query` is at least √(1 - gamma²).
    """
    turned = query - gamma * rejected.mean(axis=0, dtype=np.float64)
    return np.asarray(turned / np.linalg.norm(turned), dtype=np.float32)


def key_of(query: str) -> str:
    """What all ways to type the same query have in common."""
    return normalised(query).casefold()
