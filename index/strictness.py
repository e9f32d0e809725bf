"""Which hits are strong, good or weak, and whether nothing matches at all.

A fixed cutoff on a score fails: a long sentence is never answered word for word, and
a common subject is near to everything. So a query's best hits are compared with what
the same query gets from the photos around them, and the album with what unrelated
queries get from it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Literal

from index.evidence import basic_evidence, evidence, evidence_of, likeness_around
from index.found import Strength
from index.ranking import Ranked

Strictness = Literal["strict", "normal", "lenient"]


@dataclass(slots=True)
class HowStrict:
    """How strict a search is now; whoever holds it may change that while it answers."""

    value: Strictness = "normal"


UNRELATED_QUERIES = (
    "quarterly tax declaration",
    "proof of a theorem about prime numbers",
    "chemical formula of a painkiller",
    "interest rate of a central bank",
    "source code of a compiler",
    "minutes of a parliamentary committee",
    "grammar of an ancient language",
    "terms and conditions of an insurance contract",
    "black hole emitting radiation",
    "blood test results",
    "stock exchange prices",
    "philosophy of consciousness",
    "circuit diagram of an amplifier",
    "patent for a turbine blade",
    "census of the population",
    "encryption key exchange",
)
"""Subjects that photos hardly have; what an album answers to them is its background."""

# From how much evidence (log odds) on a hit is shown.
_LEAST: dict[Strictness, float] = {"strict": 1.0, "normal": 0.2, "lenient": -1.5}
# Above this a hit is strong: 98 % of the tuning sentences without their subject
# stay below it, and 21 % of those with.
_STRONG = 1.5
# The median evidence that the gallery of 1,282 captions gives to UNRELATED_QUERIES. One
# of short captions (a person's sentence, or the first of a long caption) gave 1.0 less
# and had its best cutoff 0.5 lower; galleries of 100 and 300 long captions gave 1.2
# less and had theirs 0 to 0.6 lower. So a part of the difference is taken off, and
# never so much that a few odd captions could silence an album.
_USUAL_LEVEL = -6.6
_SHARE_OF_LEVEL = 0.3
_LARGEST_SHIFT = 1.0
# For another text model than MiniLM the same model of evidence is stretched between two
# answers of the album itself: to UNRELATED_QUERIES, and to a few words of its own
# captions. With MiniLM these are -6.9 and 0.8, so 7.7 apart, and a cutoff after 70 % of
# the way was right for 89.8 % of the reported half's questions; with MiniLM made narrow
# (all vectors moved by 0.7 in one direction) for 88.5 %, and by 1.5 for 89.0 %
# (where MiniLM's own way refused nothing at all). The 70 % were chosen on them.
_USUAL_SPREAD = 7.7
_SHARE_OF_WAY = 0.7
_LEAST_SPREAD = 0.5  # below it the model tells nothing apart, or knows nothing
# An album of a few photos says little of its level: it is trusted from this many on.
_FEWEST_PHOTOS = 50


@dataclass(frozen=True, slots=True)
class Background:
    """What an album answers to queries that have nothing to do with it.

    `level` is the median evidence (log odds) of the UNRELATED_QUERIES; None when the
    album is too small to tell. `own` is that of words from the album's own captions,
    for a text model that the evidence was not fitted to; None for MiniLM.
    """

    level: float | None = None
    own: float | None = None

    def seen(self, odds: float) -> float:
        """Evidence as it would be in a usual album with MiniLM."""
        if self.level is None or self.own is None:
            return odds - self.shift
        spread = self.own - self.level
        if spread < _LEAST_SPREAD:
            return _LEAST["normal"]  # better to show too much than nothing ever
        way = (odds - self.level) / spread - _SHARE_OF_WAY
        return _LEAST["normal"] + way * _USUAL_SPREAD

    @property
    def shift(self) -> float:
        """What to take off the evidence of this album's hits."""
        if self.level is None:
            return 0.0
        shift = _SHARE_OF_LEVEL * (self.level - _USUAL_LEVEL)
        return min(max(shift, -_LARGEST_SHIFT), _LARGEST_SHIFT)


@dataclass(frozen=True, slots=True)
class Verdict:
    """`nothing`: no hit is likely enough to be shown unasked. `evidence` are the log
    odds that the album has an answer, `strengths` belong to the hits in their order;
    those that are not "weak" are to be shown."""

    nothing: bool
    evidence: float
    strengths: tuple[Strength, ...]


def background(
    answers: Sequence[Sequence[Ranked]],
    photos: int,
    own: Sequence[Sequence[Ranked]] = (),
) -> Background:
    """The background of an album of `photos` photos; `answers` are the candidates of
    each of the UNRELATED_QUERIES, ranked. To be made again when the album has grown.
    `own` are those of words from its own captions, for another model than MiniLM."""
    if photos < _FEWEST_PHOTOS or not any(answers):
        return Background()
    level = median(evidence(ranked) for ranked in answers if ranked)
    if not any(own):
        return Background(level)
    return Background(level, median(evidence(ranked) for ranked in own if ranked))


def judge(
    ranked: Sequence[Ranked],
    strictness: Strictness = "normal",
    album: Background | None = None,
) -> Verdict:
    """What to show of the candidates of one query, ranked; 100 of them are enough.

    A hit that means what is not wanted is weak, however near it is. With candidates
    from a filter `album` is that of the whole album.
    """
    wanted = [each for each in ranked if each.penalty < 0.5]
    if not wanted:
        return Verdict(True, float("-inf"), _weak(len(ranked)))
    album = album or Background()
    around = likeness_around(ranked)
    total = _of_all(wanted, around, album)
    least = _LEAST[strictness]
    nothing = total < least
    first = wanted[0]
    strengths: list[Strength] = []
    for each in ranked:
        own = _of_hit(each, around, album)
        if nothing or each.penalty >= 0.5:
            strengths.append("weak")
        elif own >= max(_STRONG, least):
            strengths.append("strong")
        elif own >= least or each is first:
            # The evidence of all together may pass where no single hit's does: then
            # the first stands for it.
            strengths.append("good")
        else:
            strengths.append("weak")
    return Verdict(nothing, total, tuple(strengths))


def judge_further(
    ranked: Sequence[Ranked],
    around: float,
    strictness: Strictness = "normal",
    album: Background | None = None,
) -> tuple[Strength, ...]:
    """The strengths of more candidates of a query that has an answer already, each by
    its own evidence; `around` is the likeness around the first ones."""
    album = album or Background()
    least = _LEAST[strictness]
    strengths: list[Strength] = []
    for each in ranked:
        own = _of_hit(each, around, album)
        if each.penalty >= 0.5 or own < least:
            strengths.append("weak")
        else:
            strengths.append("strong" if own >= max(_STRONG, least) else "good")
    return tuple(strengths)


def _weak(count: int) -> tuple[Strength, ...]:
    weak: Strength = "weak"
    return (weak,) * count


def _of_all(ranked: Sequence[Ranked], around: float, album: Background) -> float:
    """The evidence of all together, the basic captions among them for themselves."""
    if album.own is not None:
        return album.seen(evidence(ranked, around))
    basic = [each for each in ranked if each.basic]
    others = [each for each in ranked if not each.basic]
    found = [album.seen(evidence(others, around))] if others else []
    return max([*found, *(basic_evidence(each, around) for each in basic)])


def _of_hit(hit: Ranked, around: float, album: Background) -> float:
    """A basic caption's needs no background: it was fitted to basic captions alone."""
    if hit.basic and album.own is None:
        return basic_evidence(hit, around)
    return album.seen(evidence_of(hit.whole, hit.nearest, hit.coverage, around))
