"""A page of an answer: the order, the part of it that is shown, and the count."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.answer import Answered
from index.asked import Asked
from index.found import Found, Order
from index.source import Source

KEPT = 2
"""Answers that are kept, so that the next page of one need not be searched for again:
6.5 MB for one of 6,000 photos."""


def _as_it_is(answers: Sequence[Answered]) -> Sequence[Answered]:
    return answers


@dataclass(frozen=True, slots=True)
class Matched:
    """Every answer to a query: those that match in their order, then the weaker ones.

    `at_least`: there may be more. `by_date`: nothing tells one from another but when it
    was taken. `explain` adds the reasons to those that are shown.
    """

    answers: Sequence[Answered]
    at_least: bool = False
    by_date: bool = False
    explain: Callable[[Sequence[Answered]], Sequence[Answered]] = _as_it_is


@dataclass(frozen=True, slots=True)
class Page:
    """Which part of an answer is wanted, from `offset`, and in which order."""

    limit: int
    offset: int
    order: Order
    weak: bool


class KeptAnswers:
    """The last answers under what they are the answer to. Safe from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: dict[Hashable, Matched] = {}

    def get(self, key: Hashable, find: Callable[[], Matched]) -> Matched:
        """The answer for this key; `find` is asked where it is not known."""
        with self._lock:
            known = self._kept.get(key)
        if known is None:
            known = find()
            with self._lock:
                self._kept[key] = known
                while len(self._kept) > KEPT:
                    del self._kept[next(iter(self._kept))]
        return known


class Where(NamedTuple):
    """In exactly this folder, and in the album with this id; None: anywhere."""

    folder: str | None
    album: int | None


ANYWHERE = Where(None, None)


def found_on(
    page: Page, catalogue: Source, text: str, asked: Asked, matched: Matched
) -> Found:
    """The photos of one page. The order is the same every time, equals by their ids, so
    that pages of one answer neither repeat a photo nor leave one out."""
    matching = [answer for answer in matched.answers if answer.strength != "weak"]
    weaker = [answer for answer in matched.answers if answer.strength == "weak"]
    if page.order != "relevance" or matched.by_date:
        keys = catalogue.photos.sort_keys([each.photo_id for each in matching])
        matching = [each for each in matching if each.photo_id in keys]
        matching.sort(
            key=lambda each: (keys[each.photo_id], each.photo_id),
            reverse=page.order != "oldest",
        )
    wanted = matching + weaker if page.weak else matching
    shown = matched.explain(wanted[page.offset : page.offset + page.limit])
    photos = catalogue.photos.many([each.photo_id for each in shown])
    hits = [
        each.hit(photos[each.photo_id]) for each in shown if each.photo_id in photos
    ]
    return Found(
        text, len(matching), hits, len(weaker), asked, at_least=matched.at_least
    )


def within(
    where: Where, allowed: NDArray[np.int64] | None, catalogue: Source
) -> NDArray[np.int64] | None:
    """Those of `allowed` int64 (n,) (None: all) that lie there."""
    folder, album = where
    inside = [] if allowed is None else [allowed]
    if folder is not None:
        inside.append(catalogue.filters.in_folder(folder))
    if album is not None:
        inside.append(catalogue.filters.in_album(album))
    return reduce(_common, inside) if inside else None


def _common(one: NDArray[np.int64], other: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.intersect1d(one, other, assume_unique=True)
