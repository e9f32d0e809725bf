"""What an album answers to queries that have nothing to do with it, kept with it."""

from __future__ import annotations

import json

from index.candidates import Candidates
from index.embedder import PartsEmbedder
from index.ranking import rank
from index.source import Source
from index.strictness import UNRELATED_QUERIES, Background, background

FACT = "search_background"
GROWTH = 0.2
"""The album must have grown or shrunk by a fifth to be asked again."""
_CANDIDATES = 100


class Calibration:
    """The background of one album and one embedder, as a fact of the catalogue: so the
    command line and the page judge alike."""

    def __init__(
        self, catalogue: Source, embedder: PartsEmbedder, candidates: Candidates
    ) -> None:
        self._catalogue = catalogue
        self._embedder = embedder
        self._candidates = candidates
        self._seen: tuple[str | None, Background] = (None, Background())

    def background(self) -> Background:
        """The one last measured; none for an album that was never measured."""
        kept = self._catalogue.facts.get(FACT)
        if kept != self._seen[0]:
            self._seen = (kept, _read(kept, self._embedder.name))
        return self._seen[1]

    def refresh(self) -> None:
        """Measure it if the album has changed much; needs a catalogue to write to."""
        count = self._catalogue.vectors.count(self._embedder.name)
        before = _photos(self._catalogue.facts.get(FACT), self._embedder.name)
        if before is not None and abs(count - before) <= GROWTH * before:
            return
        answers = []
        for text in UNRELATED_QUERIES:
            query = self._embedder.embed_query(text)
            candidates = self._candidates.of(query, _CANDIDATES, None)
            answers.append(rank(query, candidates))
        level = background(answers, count).level
        kept = {"embedder": self._embedder.name, "photos": count, "level": level}
        self._catalogue.facts.set(FACT, json.dumps(kept))


def _read(kept: str | None, embedder: str) -> Background:
    if _photos(kept, embedder) is None:
        return Background()
    return Background(json.loads(kept or "{}").get("level"))


def _photos(kept: str | None, embedder: str) -> int | None:
    """How many photos it was measured with; None if not with this embedder."""
    try:
        fact = json.loads(kept or "{}")
        return int(fact["photos"]) if fact["embedder"] == embedder else None
    except (ValueError, KeyError, TypeError):
        return None
