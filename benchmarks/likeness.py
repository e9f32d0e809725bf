"""Whether photos of a common subject are called alike, and others not, by captions of
three lengths: a person's sentence, two sentences of a model, and a whole long caption.

Two photos have a subject in common when three of five people named it for both.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.quality_data import Captions, read, reported
from benchmarks.quality_subjects import subjects_of
from benchmarks.table import Measurement
from index.embedder import MiniLMEmbedder
from index.likeness_levels import levels_of
from index.sentences import sentence_spans

FIXED = 0.5  # the cutoff that fits captions of two sentences


def measure(shared: Path | None) -> list[Measurement]:
    """Percent of the pairs that are called alike, of the half that nothing was chosen
    on; beside one fixed cutoff."""
    if shared is None:
        return []
    data = read(shared)
    common, known = _pairs(data)
    rows = []
    for name, texts in _lengths(data).items():
        vectors = MiniLMEmbedder().embed(texts)
        cosines = vectors @ vectors.T
        least = np.array(
            [
                levels_of(np.delete(row, place), "normal").least
                for place, row in enumerate(cosines)
            ]
        )
        alike, fixed = cosines >= least[:, None], cosines >= FIXED
        for what, pairs in (("with", common), ("without", known & ~common)):
            ours, theirs = 100 * alike[pairs].mean(), 100 * fixed[pairs].mean()
            rows.append(
                Measurement(
                    f"{name}: pairs {what} a common subject called alike", ours, "%",
                    f"cutoff {FIXED}", theirs, ours / theirs, "none",
                )
            )  # fmt: skip
    return rows


def _lengths(data: Captions) -> dict[str, list[str]]:
    """Texts of three lengths for each photo that people described."""
    long = data.captions[: data.described]
    first = [data.sentences[data.owners.index(n)] for n in range(data.described)]
    two = []
    for text in long:
        spans = sentence_spans(text)[:2]
        two.append(text[spans[0][0] : spans[-1][1]])
    return {"a sentence": first, "two sentences": two, "a long caption": long}


def _pairs(data: Captions) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Which photos have a subject in common with those of the reported half, and of
    which pairs both have any: bool (n, n) each."""
    about = [subjects_of(data, place) for place in range(data.described)]
    common = np.array([[bool(one & other) for other in about] for one in about])
    known = np.array([[bool(one) and bool(other) for other in about] for one in about])
    for pairs in (common, known):
        np.fill_diagonal(pairs, False)
        pairs[[n for n in range(data.described) if not reported(n)]] = False
    return common, known
