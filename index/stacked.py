"""The parts of many captions as a few large arrays, so that ranking needs no loop."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from index.parts import CaptionParts
from index.token_vectors import STEP

NOWHERE = 0.0
"""The cosine of what is not there, in a caption without words or sentences: that of
unrelated texts."""


class Stacked:
    """The sentences and tokens of n captions; captions without any have a place too.

    `tokens` float32 (T, 64) are those of all captions, one caption after the other;
    those of caption i are `tokens[token_starts[i]:token_starts[i + 1]]`. Likewise for
    the `sentences` float32 (S, 384).
    """

    def __init__(self, parts: Sequence[CaptionParts]) -> None:
        self.parts = parts
        self.token_starts = _starts([len(each.token_codes) for each in parts])
        self.sentence_starts = _starts([len(each.sentence_vectors) for each in parts])
        codes = np.concatenate([each.token_codes for each in parts])
        self.tokens = codes.astype(np.float32) * np.float32(STEP)
        vectors = np.concatenate([each.sentence_vectors for each in parts])
        self.sentences = vectors.astype(np.float32)

    def sentence_cosines(self, vector: NDArray[np.float32]) -> NDArray[np.float32]:
        """float32 (S,): the cosine of every sentence with `vector` (384,)."""
        return np.asarray(self.sentences @ vector, dtype=np.float32)

    def best_sentence(self, cosines: NDArray[np.float32]) -> NDArray[np.float32]:
        """float32 (n,): the highest of `cosines` (S,) in each caption; 0 where a
        caption has no sentence."""
        best: NDArray[np.float32] = _highest(cosines[None, :], self.sentence_starts)[0]
        return best

    def similarities(self, token_vectors: NDArray[np.float32]) -> NDArray[np.float32]:
        """float32 (t, T): every token of a query, float32 (t, 64), with every token."""
        return np.asarray(token_vectors @ self.tokens.T, dtype=np.float32)

    def best_token(self, similar: NDArray[np.float32]) -> NDArray[np.float32]:
        """float32 (t, n): the highest of `similar` (t, T) in each caption; 0 where a
        caption has no tokens."""
        return _highest(similar, self.token_starts)

    def token_owners(self) -> NDArray[np.int64]:
        """int64 (T,): the caption that each token belongs to."""
        return _owners(self.token_starts)


def _starts(counts: Sequence[int]) -> NDArray[np.int64]:
    """int64 (n + 1,): where each caption's rows begin, and where the last one's end."""
    return np.concatenate([[0], np.cumsum(counts, dtype=np.int64)]).astype(np.int64)


def _owners(starts: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.repeat(np.arange(len(starts) - 1, dtype=np.int64), np.diff(starts))


def _highest(
    values: NDArray[np.float32], starts: NDArray[np.int64]
) -> NDArray[np.float32]:
    """float32 (rows, n): the highest of each row between two starts."""
    best = np.full((len(values), len(starts) - 1), NOWHERE, dtype=np.float32)
    held = np.diff(starts) > 0
    if held.any() and len(values):
        # reduceat takes an empty stretch for one element: only the others are asked.
        best[:, held] = np.maximum.reduceat(values, starts[:-1][held], axis=1)
    return best
