"""Which of the candidates answers a query best, and by which of its words.

The vector of a whole caption says what a picture is about; its best sentence and the
words that answer the query's words one by one say whether it is the one meant.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from index.marks import Reasons
from index.parts import CaptionParts, EncodedQuery, TextSpan
from index.stacked import Stacked
from index.unwanted import penalties

# score = 0.6 whole + 0.4 best sentence + 0.5 late + 0.03 words. On the tuning half, 705
# sentences for 141 photos among 1,282 captions, late 0.3 to 0.7 and sentence 0.3 to 0.5
# differ little (R@1 62.8 to 65.2 %, R@5 89.1 to 90.2 %), and words above 0.05 cost R@5.
SENTENCE_SHARE = 0.4
LATE_WEIGHT = 0.5
WORDS_WEIGHT = 0.03
# Above all that likeness can differ by (0 to 1.5): the surely unwanted comes last.
NOT_WEIGHT = 2.0


@dataclass(frozen=True, slots=True)
class Candidate:
    """A photo that may answer: the cosine of its whole caption, that caption's text and
    parts, how well its words fit (BM25 from 0 to 1, the best of the search being 1),
    and whether it is a basic caption, which knows a subject and little else.
    """

    photo_id: int
    whole: float
    text: str
    parts: CaptionParts
    bm25: float = 0.0
    basic: bool = False


@dataclass(frozen=True, slots=True)
class Ranked:
    """A candidate in its place.

    `score` decides the order; `likeness` is its part that knows nothing of BM25 and
    NOT. `whole` and `nearest` are the cosines of the whole caption and of its best
    sentence, `coverage` how well the words that carry the query's meaning are answered:
    these compare across queries (index/strictness.py). `late` is how well each token
    of the query is answered, -1 to 1. `penalty` from 0 to 1 says how surely the caption
    means what is not wanted. `sentence` is the span of the sentence to show as the
    reason, `marks` the spans of the caption's words that answered the query's, in
    order: the `reasons` of the candidate that was number `place`.
    """

    photo_id: int
    score: float
    likeness: float
    whole: float
    nearest: float
    coverage: float
    late: tuple[float, ...]
    penalty: float
    basic: bool = False
    place: int = 0
    reasons: Reasons | None = field(default=None, compare=False, repr=False)

    @property
    def reason(self) -> tuple[TextSpan | None, tuple[TextSpan, ...]]:
        """`sentence` and `marks`, looked for each time they are asked for."""
        if self.reasons is None:
            return None, ()
        marks = self.reasons.marks(self.place)
        return (
            self.reasons.sentence(self.place, marks),
            tuple(sorted({mark.span for mark in marks})),
        )

    @property
    def sentence(self) -> TextSpan | None:
        """The span of the sentence to show."""
        return self.reason[0]

    @property
    def marks(self) -> tuple[TextSpan, ...]:
        """The spans of the words that answered."""
        return self.reason[1]


def rank(
    query: EncodedQuery,
    candidates: Sequence[Candidate],
    unwanted: Sequence[EncodedQuery] = (),
) -> list[Ranked]:
    """The candidates, best first; equals by their ids, so that the order is stable.

    A caption that surely means one of the `unwanted` phrases comes behind all that do
    not.
    """
    if not candidates:
        return []
    stacked = Stacked([candidate.parts for candidate in candidates])
    whole = np.array([candidate.whole for candidate in candidates], dtype=np.float32)
    words = np.array([candidate.bm25 for candidate in candidates], dtype=np.float32)
    cosines = stacked.sentence_cosines(query.vector)
    nearest = stacked.best_sentence(cosines)
    similar = stacked.similarities(query.token_vectors)
    late = stacked.best_token(similar)
    coverage = query.weights @ late
    likeness = (
        (1 - SENTENCE_SHARE) * whole
        + SENTENCE_SHARE * nearest
        + LATE_WEIGHT * (late.mean(axis=0) if len(late) else 0)
    )
    penalty = penalties(unwanted, stacked, [each.text for each in candidates])
    score = likeness + WORDS_WEIGHT * words - NOT_WEIGHT * penalty
    reasons = Reasons(query, similar, cosines, stacked)
    ids = np.array([candidate.photo_id for candidate in candidates], dtype=np.int64)
    order = _order(ids, score)
    keys, scores, likenesses, wholes, nearests, coverages, surely = (
        column[order].tolist()
        for column in (ids, score, likeness, whole, nearest, coverage, penalty)
    )
    return [
        Ranked(
            photo_id=keys[n],
            score=scores[n],
            likeness=likenesses[n],
            whole=wholes[n],
            nearest=nearests[n],
            coverage=coverages[n],
            late=tuple(late[:, place].tolist()),
            penalty=surely[n],
            basic=candidates[place].basic,
            place=place,
            reasons=reasons,
        )
        for n, place in enumerate(order.tolist())
    ]


def _order(ids: NDArray[np.int64], scores: NDArray[np.float32]) -> NDArray[np.intp]:
    """int64 (n,): the places from the best to the last, equals by their ids. Products
    of the same vectors differ by 1e-7, depending on the row that they are in."""
    return np.lexsort((ids, -np.round(scores, 5)))
