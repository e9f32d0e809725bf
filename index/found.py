"""What a search found, and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from album.photo import Photo
from index.asked import Asked

Strength = Literal["strong", "good", "weak"]
Order = Literal["relevance", "newest", "oldest"]


@dataclass(frozen=True, slots=True)
class Hit:
    """One photo that answers a query.

    `score` is comparable within one search only; `strength` is what a person reads.
    `reason` is the sentence that matched best, `marks` the parts of it (first
    character, behind the last) that answered words of the query, `source` where the
    sentence comes from: "caption", "text" (read in the picture), "name", "date",
    "place", "same" (it is the very picture that was asked with).
    """

    photo: Photo
    score: float
    reason: str
    strength: Strength = "good"
    marks: tuple[tuple[int, int], ...] = ()
    source: str = "caption"


@dataclass(frozen=True, slots=True)
class Found:
    """The answer to a query, in the order that was asked for.

    `total` counts all that match, of which `hits` are a page; `weaker` how many more
    are only weakly like it and are left out unless asked for; `rejected` how many a
    person took out of this query (index/feedback.py), which count in neither. With
    `at_least` there may be more than `total`: not all of the album was compared.
    """

    query: str
    total: int
    hits: list[Hit]
    weaker: int = 0
    asked: Asked | None = None
    rejected: int = 0
    at_least: bool = False
