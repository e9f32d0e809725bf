"""All that match, however many: more and more of an album is compared until none does.

The first page of an answer needs the 200 nearest photos; who counts "dog" in an album
with 5,000 dogs, orders them by date or scrolls through them needs them all.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.answer import Answered
from index.candidates import BY_WORDS
from index.ranking import Ranked

CHUNK = 2000
"""Captions compared at a time: their token vectors take 50 MB."""
FIRST_CHUNK = 150
"""At first; then twice as many each time, so that a page costs little more than what is
on it and a count little more than in large chunks."""
MOST = 20_000
"""Captions compared for one query; beyond them a count is a lower bound. To count 6,000
matches among 12,000 photos took 19 times as long as encoding the query, the first page
alone 6 times, the next pages a tenth of it."""
_FURTHEST = 4
"""As long as one in the furthest quarter of the compared photos matches, there may be
more of them behind it."""
_MANY_SAY_SO = BY_WORDS  # where all of those that may say the words match


@dataclass(frozen=True, slots=True, eq=False)
class Compared:
    """What came of comparing some photos: those that match and then the weaker ones.

    `seen` int64 (n,) are the photos that were compared, `around` how like they are in
    the middle, `more` whether there may be matches among those that were not.
    """

    answers: list[Answered]
    seen: NDArray[np.int64]
    around: float
    more: bool

    @property
    def matching(self) -> list[Answered]:
        """Those that match."""
        return [answer for answer in self.answers if answer.strength != "weak"]

    @property
    def weaker(self) -> list[Answered]:
        """Those that are only weakly like it."""
        return [answer for answer in self.answers if answer.strength == "weak"]


def compared(
    ranked: Sequence[Ranked], answers: list[Answered], count: int, around: float
) -> Compared:
    """`ranked` are the `count` photos nearest to a query, and some for their words."""
    seen = np.array([each.photo_id for each in ranked], dtype=np.int64)
    return Compared(answers, seen, around, _may_go_on(ranked, answers, count))


def widened(
    first: Compared,
    saying: NDArray[np.int64],
    nearest: NDArray[np.int64],
    enough: int,
    whole: bool,
    compare: Callable[[NDArray[np.int64], float], Compared],
) -> Compared:
    """`first`, with what else matches, until there are `enough`: of the photos `saying`
    the query's words, int64 (m,), all that are not compared yet, and of the `nearest`
    int64 (n,), best first, as many as it takes; `whole` says that these are all there
    are.

    What is found later stands behind what was found before, so that a page that was
    shown stays as it is. `more` is left where that was enough, and if `MOST` photos
    were compared and the last of them still match.
    """
    matching, seen, more = first.matching, first.seen, first.more
    size = FIRST_CHUNK
    for far, ids in ((False, saying), (True, nearest)):
        left = ids[~np.isin(ids, seen)]
        start = 0
        while start < len(left) and (more or not far):
            if len(seen) >= MOST or len(matching) >= enough:
                return Compared(matching + first.weaker, seen, first.around, True)
            chunk = left[start : start + size]
            start, size = start + size, min(2 * size, CHUNK)
            found = compare(chunk, first.around)
            matching += found.matching
            seen = np.union1d(seen, chunk)
            if far:
                more = found.more and (start < len(left) or not whole)
        if far and not len(left):
            more = more and not whole
    return Compared(matching + first.weaker, seen, first.around, more)


def _may_go_on(
    ranked: Sequence[Ranked], answers: Sequence[Answered], count: int
) -> bool:
    matching = {answer.photo_id for answer in answers if answer.strength != "weak"}
    if len(ranked) < count:
        return False  # all there are
    nearest = sorted(ranked, key=lambda each: -each.whole)[:count]
    furthest = nearest[-max(1, count // _FURTHEST) :]
    others = {each.photo_id for each in ranked} - {each.photo_id for each in nearest}
    return (
        any(each.photo_id in matching for each in furthest)
        or len(others & matching) >= _MANY_SAY_SO
    )
