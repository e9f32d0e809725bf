"""The photos that may answer a query: near to it by meaning, or saying its words."""

from __future__ import annotations

import logging
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from album.catalogue_words import Mentions
from album.photo import BASIC
from index.embedder import PartsEmbedder
from index.errors import IndexDamaged
from index.parts import CaptionParts, EncodedQuery
from index.ranking import Candidate
from index.source import Source
from index.sync import Sync

_log = logging.getLogger(__name__)

BY_WORDS = 50
"""Photos that are candidates because they say the query's words: names, numbers and
exact words that a vector misses."""


class Shown(NamedTuple):
    """The caption that a photo shows, its parts, and whether it is a basic one."""

    text: str
    parts: CaptionParts
    basic: bool

    def candidate(self, photo_id: int, whole: float, bm25: float = 0.0) -> Candidate:
        """Its photo, with the cosine of the whole caption; see Candidate."""
        return Candidate(photo_id, whole, self.text, self.parts, bm25, self.basic)


class Candidates:
    """Gathers them from the vectors and from the words of the catalogue."""

    def __init__(self, catalogue: Source, embedder: PartsEmbedder, sync: Sync) -> None:
        self._catalogue = catalogue
        self._embedder = embedder
        self._sync = sync

    def of(
        self,
        query: EncodedQuery,
        count: int,
        allowed: NDArray[np.int64] | None,
        mentions: Mentions | None = None,
    ) -> list[Candidate]:
        """The `count` photos nearest to the query, and up to 50 that say its words;
        only `allowed` ones (None: any), each with its caption's parts. `mentions` are
        those of the query's content, if they were looked for before."""
        index = self._sync.index
        ids, cosines = index.nearest(query.vector, count, allowed)
        whole = dict(zip(ids.tolist(), cosines.tolist(), strict=True))
        if mentions is None:
            mentions = self.mentions(query.content)
        said = dict(self._catalogue.words.best(mentions, BY_WORDS, allowed))
        others = np.array(sorted(said.keys() - whole.keys()), dtype=np.int64)
        if len(others):
            ids, cosines = index.nearest(query.vector, len(others), others)
            whole |= dict(zip(ids.tolist(), cosines.tolist(), strict=True))
        best = max(said.values(), default=1.0) or 1.0
        captions = self.captions(list(whole))
        return [
            captions[key].candidate(key, cosine, max(0.0, said.get(key, 0) / best))
            for key, cosine in whole.items()
            if key in captions
        ]

    def mentions(self, content: str) -> Mentions:
        """The photos that say these words of a query."""
        return self._catalogue.words.mentions(content, BY_WORDS)

    def everything(self) -> NDArray[np.int64]:
        """Every photo that is present: int64 (n,)."""
        return self._catalogue.filters.photo_ids()

    def captions(self, ids: list[int]) -> dict[int, Shown]:
        """The caption of each of these photos; those without are left out. One whose
        parts are not made yet is compared as a whole only."""
        found = self._catalogue.captions.parts_of(ids, self._embedder.name)
        return {
            key: Shown(text, _unpacked(packed, self._embedder.dim), captioner == BASIC)
            for key, (text, captioner, packed) in found.items()
        }


def _unpacked(content: bytes | None, dim: int) -> CaptionParts:
    if content is None:
        return CaptionParts.none(dim)
    try:
        return CaptionParts.unpack(content, dim)
    except IndexDamaged as error:
        _log.warning("a caption is searched as a whole only: %s", error)
        return CaptionParts.none(dim)
