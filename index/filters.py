"""From what was asked to the photos among which it is searched."""

from __future__ import annotations

from functools import reduce

import numpy as np
from numpy.typing import NDArray

from album.wording import plain_words
from index.asked import Asked, Vocabulary
from index.source import Source


def allowed_ids(asked: Asked, catalogue: Source) -> NDArray[np.int64] | None:
    """The photos that meet every filter and say every phrase: int64 (n,), rising. None:
    all of them, since nothing narrows the search.

    A phrase without a word in it ("!?") narrows nothing.
    """
    narrowed = []
    if asked.filtered:
        narrowed.append(
            catalogue.filters.photo_ids(
                spans=[(span.begin, span.end) for span in asked.spans],
                hours=asked.hours,
                weekdays=asked.weekdays,
                months=asked.months,
                places=asked.places,
                cameras=asked.cameras,
                folders=asked.folders,
                albums=asked.albums,
                kinds=asked.kinds,
                captioned=asked.captioned,
                unwanted_places=asked.unwanted_places,
                unwanted_cameras=asked.unwanted_cameras,
                unwanted_folders=asked.unwanted_folders,
                unwanted_albums=asked.unwanted_albums,
                unwanted_kinds=asked.unwanted_kinds,
                unwanted_captioned=asked.unwanted_captioned,
                favourite=asked.favourite,
            )
        )
    for phrase in filter(plain_words, asked.phrases):
        narrowed.append(
            np.array(sorted(catalogue.words.phrase(phrase)), dtype=np.int64)
        )
    return reduce(_common, narrowed) if narrowed else None


def vocabulary_of(catalogue: Source) -> Vocabulary:
    """The places, cameras, folders and albums this album's photos have.

    Costs milliseconds; ask again when `catalogue.changes` is another.
    """
    names = catalogue.filters.vocabulary()
    return Vocabulary(*map(frozenset, names))


def _common(one: NDArray[np.int64], other: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.intersect1d(one, other, assume_unique=True)
