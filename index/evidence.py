"""How likely a caption answers a query, as log odds of what was measured of it."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

from index.ranking import Ranked

# A logistic model of "this answers the query" with four features, fitted on the tuning
# half: 705 sentences, their first three content words, and 200 single words and short
# phrases, each asked of galleries of 150, 500 and 1,255 captions with its subject and
# without (benchmarks/quality_subjects.py makes galleries). The features: cosine of the
# whole caption and of the best sentence, coverage, median likeness of the candidates.
_WHOLE, _NEAREST, _COVERAGE, _AROUND, _CONSTANT = 10.0, 8.6, 13.5, -9.9, -15.25
# Basic captions name one subject and know nothing of where it is, so that a sentence is
# never answered as a whole: what counts is how surely any of its words is. Fitted on
# every other kind of thing on 334 labelled photos (13 kinds; alone, and with a place):
# cosine of the whole caption, the best answered token of the query, median likeness. On
# the other kinds balanced accuracy went from 71 to 79 % with a place and stayed at 75 %
# alone. `python -m benchmarks.fit_strictness` fits 19.5, 17.8, -8.2, -23.1, which is
# right for 83 and 87 % but refuses "a bird in a tree" to an album of birds: better a
# few too many. It fits the model of sentences above, too.
_BASIC_WHOLE, _BASIC_TOKEN, _BASIC_AROUND, _BASIC_CONSTANT = 19.3, 16.2, -7.0, -21.2
# Median likeness of 100 candidates in the tuning half's galleries: 0.54 in the middle,
# above 0.65 for 6 % of the questions, for which it makes no difference if it counts
# in full. In an album where every photo shows a dog it is 0.97 for "a dog".
_USUAL_AROUND, _MOST_AROUND = 0.54, 0.65
_FEWEST_AROUND = 50  # candidates of which a median tells something


def evidence(ranked: Sequence[Ranked], around: float | None = None) -> float:
    """The log odds that any of `ranked` answers the query, before any background.

    `around` is the median likeness of all candidates, by default of these. Raises
    ValueError when there are none.
    """
    if around is None:
        around = likeness_around(ranked)
    return evidence_of(
        max(each.whole for each in ranked),
        max(each.nearest for each in ranked),
        max(each.coverage for each in ranked),
        around,
    )


def basic_evidence(hit: Ranked, around: float) -> float:
    """The log odds that a basic caption answers the query."""
    return (
        _BASIC_WHOLE * hit.whole
        + _BASIC_TOKEN * max(hit.late, default=0.0)
        + _BASIC_AROUND * around
        + _BASIC_CONSTANT
    )


def likeness_around(ranked: Sequence[Ranked]) -> float:
    """The median likeness of the candidates, as far as it tells anything: not of a few,
    and not where most of the album is what was asked for."""
    known = median(each.likeness for each in ranked)
    unknown = max(0, _FEWEST_AROUND - len(ranked)) / _FEWEST_AROUND
    return min(_MOST_AROUND, (1 - unknown) * known + unknown * _USUAL_AROUND)


def evidence_of(whole: float, nearest: float, coverage: float, around: float) -> float:
    """The log odds of one caption with these; see Ranked."""
    return (
        _WHOLE * whole
        + _NEAREST * nearest
        + _COVERAGE * coverage
        + _AROUND * around
        + _CONSTANT
    )
