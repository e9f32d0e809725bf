"""What "not this" does to the photo that was meant: taken out, and its like lowered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from benchmarks.quality_subjects import subjects_in, subjects_shown
from benchmarks.table import Measurement
from index.feedback import GAMMA, turned_away
from index.parts import EncodedQuery

if TYPE_CHECKING:
    from benchmarks.quality import Gallery

FIRST = 10
LOOKED_AT = 20
"""Hits among which a person would meet a wrong one and reject it."""


class _After(NamedTuple):
    """The rank of the caption that was meant, from 1, and the share of the first ten
    that show the subject asked for: before, taken out only, its like lowered too."""

    ranks: tuple[int, int, int]
    subject: tuple[float, float, float]


def feedback_rows(
    gallery: Gallery,
    queries: Sequence[tuple[str, int, EncodedQuery]],
    gamma: float = GAMMA,
) -> list[Measurement]:
    """For (sentence, the caption that is meant, the sentence encoded): what rejecting
    the best hit does that lacks the subject, and the best hit that only is not meant.
    """
    shown = subjects_shown(gallery.data)
    wrong, near = [], []
    for sentence, owner, query in queries:
        order = [each.photo_id for each in gallery.ask(query)]
        asked = subjects_in(sentence)
        others = [n for n in order[:LOOKED_AT] if n != owner]
        lacking = [n for n in others if asked and not shown[n] & asked]
        if lacking:
            has = frozenset(n for n in order if shown[n] & asked)
            wrong.append(_rejecting(gallery, query, owner, lacking[0], has, gamma))
        if order[0] != owner:
            has = frozenset(order)
            near.append(_rejecting(gallery, query, owner, order[0], has, gamma))
    lack = f"not this, subject lacking: rank of the photo meant ({len(wrong)} queries)"
    late = f"not this, another was meant: rank of that one ({len(near)} queries)"
    return [
        _rank(lack, wrong, 1, "only taken out", "≤ 1"),
        _share("the same: first 10 that show the subject", wrong),
        _rank(late, near, 0, "before", "≤ 1"),
        _rank("the same", near, 1, "only taken out", "≤ 1"),
    ]


def _rejecting(
    gallery: Gallery,
    query: EncodedQuery,
    owner: int,
    rejected: int,
    having: frozenset[int],
    gamma: float,
) -> _After:
    vector = turned_away(query.vector, gallery.vectors[[rejected]], gamma)
    before = [each.photo_id for each in gallery.ask(query)]
    out = [n for n in before if n != rejected]
    turned = gallery.ask(replace(query, vector=vector))
    lowered = [each.photo_id for each in turned if each.photo_id != rejected]
    orders = before, out, lowered
    ranks = [o.index(owner) + 1 if owner in o else len(before) + 1 for o in orders]
    shares = [np.mean([n in having for n in o[:FIRST]]) for o in orders]
    return _After((ranks[0], ranks[1], ranks[2]), (shares[0], shares[1], shares[2]))


def _rank(
    name: str, cases: Sequence[_After], beside: int, baseline: str, limit: str
) -> Measurement:
    value = float(np.mean([case.ranks[2] for case in cases]))
    other = float(np.mean([case.ranks[beside] for case in cases]))
    return Measurement(name, value, "", baseline, other, value / other, limit)


def _share(name: str, cases: Sequence[_After]) -> Measurement:
    value = 100 * float(np.mean([case.subject[2] for case in cases]))
    other = 100 * float(np.mean([case.subject[1] for case in cases]))
    return Measurement(name, value, "%", "only taken out", other, value / other, "≥ 1")
