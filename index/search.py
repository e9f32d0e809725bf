"""From a sentence to photos, each with its reason."""

from __future__ import annotations

import threading
import unicodedata
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from album.photo import Photo
from index.answer import Answered, answered
from index.asked import Asked, Vocabulary
from index.calibration import Calibration
from index.candidates import Candidates
from index.embedder import PartsEmbedder
from index.filters import allowed_ids, vocabulary_of
from index.found import Found, Hit, Order
from index.parts import EncodedQuery
from index.query import QueryParser
from index.ranking import rank
from index.source import Source
from index.strictness import Strictness, judge
from index.sync import Sync

LONGEST_QUERY = 500
"""Characters; MiniLM itself reads no more than 256 word pieces."""

RERANKED = 200
"""Photos whose captions are compared word by word: 4 ms for each hundred."""
RERANKED_MORE = 2000
"""As many where half of the first ones match: "dog" in an album full of dogs."""


class Search:
    """Finds photos by a sentence. Safe to use from several threads."""

    def __init__(
        self,
        catalogue: Source,
        embedder: PartsEmbedder,
        sync: Sync,
        parser: QueryParser,
        *,
        strictness: Strictness = "normal",
    ) -> None:
        self._catalogue = catalogue
        self._embedder = embedder
        self._sync = sync
        self._parser = parser
        self._strictness: Strictness = strictness
        self._candidates = Candidates(catalogue, embedder, sync)
        self._calibration = Calibration(catalogue, embedder, self._candidates)
        self._lock = threading.Lock()
        self._vocabulary: tuple[int, Vocabulary] | None = None

    def find(
        self,
        query: str,
        limit: int = 200,
        /,
        *,
        order: Order = "relevance",
        weak: bool = False,
    ) -> Found:
        """The photos that answer `query`, at most `limit` of them.

        With `weak` also those that are only weakly like it, after the others. A blank
        query finds nothing. Raises SearchError when the text model cannot be used.
        """
        text = normalised(query)
        if not text or limit < 1:
            return Found(text, 0, [])
        self._sync.refresh()
        asked = self._parser.parse(text, self._names())
        allowed = allowed_ids(asked, self._catalogue)
        if asked.favourite:
            # No photo can be made one yet; to show all of them would be untrue.
            allowed = np.zeros(0, dtype=np.int64)
        if asked.words:
            encoded = self._embedder.embed_query(asked.words)
            answers = self._ranked(asked, encoded, allowed, RERANKED)
            matching = sum(answer.strength != "weak" for answer in answers)
            if matching > RERANKED // 2:
                answers = self._ranked(asked, encoded, allowed, RERANKED_MORE)
        elif asked.filtered or asked.phrases or asked.unwanted:
            answers = self._listed(asked, allowed)
        else:
            answers = []
        return self._found(text, asked, answers, limit, order, weak)

    def tidy_up(self) -> None:
        """When nothing else is to do: look how this album answers unrelated queries, if
        it has grown since the last time (some tenths of a second), and keep the index.
        For the process that writes."""
        self._calibration.refresh()
        self._sync.save()

    def _ranked(
        self,
        asked: Asked,
        encoded: EncodedQuery,
        allowed: NDArray[np.int64] | None,
        count: int,
    ) -> list[Answered]:
        unwanted = [self._embedder.embed_query(text) for text in asked.unwanted]
        candidates = self._candidates.of(encoded, count, allowed)
        ranked = rank(encoded, candidates, unwanted)
        verdict = judge(ranked, self._strictness, self._calibration.background())
        # Whoever asks for a dog is right to expect every photo that says so, however
        # many others of the album say so too; and a name or a sign word for word.
        content = " ".join(encoded.text[begin:end] for begin, end in encoded.words)
        said = self._catalogue.words.all_of(content, [c.photo_id for c in candidates])
        texts = {candidate.photo_id: candidate.text for candidate in candidates}
        return answered(asked, ranked, verdict.strengths, texts, said)

    def _listed(
        self, asked: Asked, allowed: NDArray[np.int64] | None
    ) -> list[Answered]:
        """Nothing is left to compare: all that the filters let through."""
        ids = self._candidates.everything() if allowed is None else allowed
        gone: set[int] = set()
        for text in asked.unwanted:
            encoded = self._embedder.embed_query(text)
            near = self._candidates.of(encoded, RERANKED_MORE, allowed)
            ranked = rank(encoded, near, [encoded])
            gone |= {each.photo_id for each in ranked if each.penalty >= 0.5}
        return [Answered(key, 0.0, "good") for key in ids.tolist() if key not in gone]

    def _found(
        self,
        text: str,
        asked: Asked,
        answers: Sequence[Answered],
        limit: int,
        order: Order,
        weak: bool,
    ) -> Found:
        matching = [answer for answer in answers if answer.strength != "weak"]
        weaker = [answer for answer in answers if answer.strength == "weak"]
        photos: dict[int, Photo] = {}
        if order != "relevance" or not asked.words:
            photos = self._catalogue.photos.many([each.photo_id for each in matching])
            matching = [each for each in matching if each.photo_id in photos]
            matching.sort(
                key=lambda each: (photos[each.photo_id].sort_at, each.photo_id),
                reverse=order != "oldest",
            )
        shown = (matching + weaker if weak else matching)[:limit]
        missing = [each.photo_id for each in shown if each.photo_id not in photos]
        photos |= self._catalogue.photos.many(missing)
        hits: list[Hit] = [
            each.hit(photos[each.photo_id]) for each in shown if each.photo_id in photos
        ]
        return Found(text, len(matching), hits, len(weaker), asked)

    def _names(self) -> Vocabulary:
        """The album's places, cameras and folders, read again after a change."""
        with self._lock:
            changes = self._catalogue.changes
            if self._vocabulary is None or self._vocabulary[0] != changes:
                self._vocabulary = (changes, vocabulary_of(self._catalogue))
            return self._vocabulary[1]


def normalised(query: str) -> str:
    """The query as one line in Unicode's composed form, at most 500 characters."""
    line = " ".join(unicodedata.normalize("NFC", query[: 4 * LONGEST_QUERY]).split())
    return line[:LONGEST_QUERY].rstrip()
