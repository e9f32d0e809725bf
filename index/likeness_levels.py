"""From which cosine on two captions are alike: above what unrelated ones have.

Pairs of captions of 282 photos, of which people had named the subjects in three of five
sentences each (median cosine of pairs without a common subject; of pairs with one):
of 100 to 200 words 0.33 and 0.68, their first two sentences 0.24 and 0.59, one sentence
of a person 0.08 and 0.47. No fixed cutoff fits all three, so that a caption is compared
with what it has in common with the album at large. `python -m benchmarks likeness`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.found import Strength
from index.strictness import Strictness

SAMPLED = 1000
"""Photos of an album that stand for it at large."""

# In spreads above the median. On the half of the photos that it was not chosen on, 2.5
# let through 78, 83 and 79 % of the pairs with a common subject (two sentences, long,
# one sentence) and 2.2, 2.0 and 2.1 % of the others; 3.5 let through 57, 75 and 59 %
# and 0.5, 0.7 and 0.7 %; 2.0 let through 84, 89 and 84 % and 4.4, 4.1 and 3.1 %.
_LEAST: dict[Strictness, float] = {"strict": 3.5, "normal": 2.5, "lenient": 2.0}
_STRONG = 3.5
# An album of one subject must not hide what is like it, nor one of short captions show
# all: at 0.62 are 0.6 % of the unrelated long captions, at 0.30 are 4 % of the
# unrelated sentences of people. Where most of an album is nearer than that (basic
# captions have their folder and colours in common), the nearest sixth still is like it.
_LOWEST, _HIGHEST, _NEARLY_THE_SAME = 0.30, 0.62, 0.85
_STRONGER = 0.08  # strong is at most so much above that
_WEAKER = 0.10  # how far below the cutoff weaker matches are worth a click
# "Like this, but with snow": the words say what shall be different, so that what is
# meant is less like it than a photo of the same thing.
_LOOSER = 0.10
# A few photos tell little: up to 20 of them the figures of captions of two sentences
# stand in for theirs, and up to 50 in part.
_USUAL_MEDIAN, _USUAL_SPREAD = 0.24, 0.096
_FEWEST, _ENOUGH = 20, 50
_QUARTILE = 0.674  # of a normal distribution, in standard deviations


@dataclass(frozen=True, slots=True)
class Levels:
    """The cosines from which on photos are like one caption."""

    least: float
    strong: float

    @property
    def weakest(self) -> float:
        """Below this nothing is like it at all."""
        return self.least - _WEAKER

    def loosened(self) -> Levels:
        """For what must answer words as well."""
        return Levels(self.least - _LOOSER, self.strong - _LOOSER)

    def strength_of(self, cosine: float) -> Strength:
        """How like it a photo is."""
        if cosine < self.least:
            return "weak"
        return "strong" if cosine >= self.strong else "good"


def levels_of(cosines: NDArray[np.float32], strictness: Strictness) -> Levels:
    """The levels of a caption that has these `cosines` float32 (n,) with an album.

    The spread is that of the lower half: what is like it lies in the upper one.
    """
    known = min(max((len(cosines) - _FEWEST) / (_ENOUGH - _FEWEST), 0.0), 1.0)
    median, spread = _USUAL_MEDIAN, _USUAL_SPREAD
    if known:
        low, middle = np.percentile(cosines, [25, 50]).tolist()
        median += known * (middle - median)
        spread += known * ((middle - low) / _QUARTILE - spread)
    highest = min(max(_HIGHEST, median + spread), _NEARLY_THE_SAME)
    least = _clipped(median + _LEAST[strictness] * spread, highest)
    strong = _clipped(median + _STRONG * spread, highest + _STRONGER)
    return Levels(least, max(least, strong))


def _clipped(value: float, highest: float) -> float:
    return min(max(value, _LOWEST), highest)
