"""From a sentence to photos."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from album.photo import Photo
from index.embedder import Embedder
from index.source import Source
from index.sync import Sync

LONGEST_QUERY = 500
"""Characters; MiniLM itself reads no more than 256 word pieces."""

FLOOR = 0.25
"""Cosines at or below it are no hits.

Measured with 282 GPT-4o captions of COCO photos and 564 people's short sentences for
them: 0.2 % of the right captions lie below 0.25 (1 % below 0.34), and so do the best
answers to 14 of 20 queries that have nothing to do with any of the photos. So it
silences most nonsense and not all; telling near misses from hits needs each album's
own distribution.
"""

_WORD = re.compile(r"\w+")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")
# Words this short ("a", "in", "on") say nothing of what a sentence is about.
_SHORTEST_WORD = 3
# Words that share this many first letters count as one: beach and beaches.
_STEM = 5


@dataclass(frozen=True, slots=True)
class Hit:
    """A photo that was found; its cosine, -1 to 1; and the sentence that says why."""

    photo: Photo
    score: float
    reason: str


@dataclass(frozen=True, slots=True)
class Found:
    """What a query found: `total` photos above the floor, the best of them in `hits`,
    best first."""

    query: str
    total: int
    hits: list[Hit]


class Search:
    """Finds photos by a sentence. Safe to use from several threads."""

    def __init__(
        self,
        catalogue: Source,
        embedder: Embedder,
        sync: Sync,
        *,
        floor: float = FLOOR,
    ) -> None:
        self._catalogue = catalogue
        self._embedder = embedder
        self._sync = sync
        self._floor = floor

    def find(
        self, query: str, limit: int = 200, allowed: NDArray[np.int64] | None = None
    ) -> Found:
        """The photos whose captions are nearest to `query`, at most `limit`.

        `allowed` int64 (m,) limits the search to those photo ids. A blank query finds
        nothing. Raises SearchError when the text model cannot be used.
        """
        text = normalised(query)
        if not text or limit < 1:
            return Found(text, 0, [])
        vector = self._embedder.embed([text])[0]
        self._sync.refresh()
        ids, scores = self._sync.index.above(vector, self._floor, allowed)
        best = ids[:limit].tolist()
        photos = self._catalogue.photos.many(best)
        wanted = _stems(text)
        hits = [
            Hit(photos[key], score, _reason(photos[key], wanted))
            for key, score in zip(best, scores[:limit].tolist(), strict=True)
            if key in photos
        ]
        return Found(text, len(ids), hits)


def normalised(query: str) -> str:
    """The query as one line in Unicode's composed form, at most 500 characters."""
    line = " ".join(unicodedata.normalize("NFC", query[: 4 * LONGEST_QUERY]).split())
    return line[:LONGEST_QUERY].rstrip()


def _reason(photo: Photo, wanted: set[str]) -> str:
    """The sentence of the caption with most of the query's words, else the first.

    By words, not by vectors: at the 500 short texts a second that MiniLM managed on
    two cores, the 250 sentences of 50 captions would take half a second.
    """
    text = photo.caption.text if photo.caption is not None else ""
    sentences = [part for part in _SENTENCE_END.split(text.strip()) if part]
    if not sentences:
        return ""
    return max(sentences, key=lambda sentence: len(wanted & _stems(sentence)))


def _stems(text: str) -> set[str]:
    words = _WORD.findall(text.casefold())
    return {word[:_STEM] for word in words if len(word) >= _SHORTEST_WORD}
