"""What an album answers to queries that have nothing to do with it, kept with it."""

from __future__ import annotations

import json
import re

from index.candidates import Candidates
from index.content_words import is_content
from index.embedder import MiniLMEmbedder, PartsEmbedder
from index.ranking import Ranked, rank
from index.source import FactSource, Source
from index.strictness import UNRELATED_QUERIES, Background, background

_FACT = "search_background"
GROWTH = 0.2
"""The album must have grown or shrunk by a fifth to be asked again."""
_CANDIDATES = 100
_OWN_QUERIES = 32
_OWN_WORDS = 3  # as people type them


class Calibration:
    """The background of one album and one embedder, as a fact of the catalogue: so the
    command line and the page judge alike. Each embedder has its own."""

    def __init__(
        self, catalogue: Source, embedder: PartsEmbedder, candidates: Candidates
    ) -> None:
        self._catalogue = catalogue
        self._embedder = embedder
        self._candidates = candidates
        self._seen: tuple[str | None, Background] = (None, Background())

    def background(self) -> Background:
        """The one last measured; none for an album that was never measured."""
        kept = self._catalogue.facts.get(_fact(self._embedder.name))
        if kept != self._seen[0]:
            self._seen = (kept, _read(kept, self._embedder.name))
        return self._seen[1]

    def refresh(self) -> None:
        """Measure it if the album has changed much; needs a catalogue to write to."""
        count = self._catalogue.vectors.count(self._embedder.name)
        name = self._embedder.name
        before = _photos(self._catalogue.facts.get(_fact(name)), name)
        if before is not None and abs(count - before) <= GROWTH * before:
            return
        answers = [self._answer(text) for text in UNRELATED_QUERIES]
        fitted = name == MiniLMEmbedder.name
        own = [] if fitted else [self._answer(text) for text in self._own_words()]
        found = background(answers, count, own)
        kept = {"embedder": name, "photos": count, "level": found.level}
        kept |= {} if fitted else {"own": found.own}
        self._catalogue.facts.set(_fact(name), json.dumps(kept))

    def _answer(self, text: str) -> list[Ranked]:
        query = self._embedder.embed_query(text)
        return rank(query, self._candidates.of(query, _CANDIDATES, None))

    def _own_words(self) -> list[str]:
        """The first content words of some captions, evenly over the album: such
        questions have an answer here."""
        ids = self._candidates.everything()
        chosen = ids[:: max(1, len(ids) // _OWN_QUERIES)].tolist()
        texts = self._catalogue.captions.texts_of(chosen).values()
        return [_first_words(text) for _, text in texts]


def _first_words(text: str) -> str:
    words = [word for word in re.findall(r"\w+", text) if is_content(word)]
    return " ".join(words[:_OWN_WORDS])


def forget_background(facts: FactSource, embedder: str) -> None:
    """This embedder is not used any more."""
    facts.set(_fact(embedder), None)


def _fact(embedder: str) -> str:
    return f"{_FACT} {embedder}"


def _read(kept: str | None, embedder: str) -> Background:
    if _photos(kept, embedder) is None:
        return Background()
    told = json.loads(kept or "{}")
    return Background(told.get("level"), told.get("own"))


def _photos(kept: str | None, embedder: str) -> int | None:
    """How many photos it was measured with; None if not with this embedder."""
    try:
        fact = json.loads(kept or "{}")
        return int(fact["photos"]) if fact["embedder"] == embedder else None
    except (ValueError, KeyError, TypeError):
        return None
