"""From a sentence to photos, each with its reason."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from index.answer import Answered, answered
from index.asked import Asked, Vocabulary, normalised
from index.calibration import Calibration
from index.candidates import Candidates
from index.embedder import PartsEmbedder
from index.evidence import likeness_around
from index.exemplar import Like
from index.feedback import Feedback
from index.filters import allowed_ids, vocabulary_of
from index.found import Found, Order
from index.likeness import Likes
from index.pages import ANYWHERE, KeptAnswers, Matched, Page, Where, found_on, within
from index.parts import EncodedQuery
from index.query import QueryParser
from index.question import Question, explained
from index.ranking import rank
from index.source import Source
from index.strictness import HowStrict, judge, judge_further
from index.sync import Sync
from index.widening import MOST, Compared, compared, widened

RERANKED = 100
"""Photos whose captions are compared word by word at first, and up to 50 that say the
words: as many as `python -m benchmarks quality` measures the recall with, and so many
more than a page that most pages are full at once."""
UNWANTED = 2000
"""Photos that are looked at for what is not wanted, where nothing else is asked for."""
PAGE = 60
"""Hits of one page, unless another number is asked for."""
_NEAREST_A_HIT = 4  # so many photos are looked at for each hit that is still wanted


class Search:
    """Finds photos by a sentence. Safe to use from several threads."""

    def __init__(
        self,
        catalogue: Source,
        embedder: PartsEmbedder,
        sync: Sync,
        parser: QueryParser,
        *,
        strictness: HowStrict | None = None,
    ) -> None:
        self._catalogue = catalogue
        self._embedder = embedder
        self._sync = sync
        self._parser = parser
        self._strictness = strictness or HowStrict()
        self.feedback = Feedback(catalogue)
        self._candidates = Candidates(catalogue, embedder, sync)
        self._calibration = Calibration(catalogue, embedder, self._candidates)
        self._likes = Likes(
            catalogue, embedder, sync, self._candidates, self._strictness
        )
        self._kept = KeptAnswers()
        self._lock = threading.Lock()
        self._vocabulary: tuple[int, Vocabulary] | None = None

    def find(
        self,
        query: str,
        limit: int = PAGE,
        /,
        *,
        order: Order = "relevance",
        weak: bool = False,
        offset: int = 0,
        like: Like | None = None,
        folder: str | None = None,
        album: int | None = None,
        counted: bool = False,
    ) -> Found:
        """The photos that answer `query`, at most `limit` of them from `offset` on.

        With `weak` also those that are only weakly like it, after the others; with
        `like` those that are like it as well, with `folder` only those in that folder,
        with `album` those in the album with that id. The first page of very many comes
        with a lower bound of their number, unless they are to be `counted`. A blank
        query alone finds nothing. Raises SearchError when the text model cannot be
        used.
        """
        text = normalised(query)
        where = Where(folder, album)
        if limit < 1 or not (text or like or where != ANYWHERE):
            return Found(text, 0, [])
        self._sync.refresh()
        asked = self._parser.parse(text, self._names())
        page = Page(limit, max(0, offset), order, weak)
        # The next pages, an order by date and the weaker ones behind all need them all.
        every = counted or weak or page.offset > 0 or order != "relevance"
        enough = MOST if every else limit
        rejected = self.feedback.rejected(text) if like is None else frozenset()
        key = (asked, like, where, enough, rejected, self._catalogue.changes,
               self._catalogue.vectors.last_change(),
               self._strictness.value)  # fmt: skip
        matched = self._kept.get(
            key, lambda: self._matched(asked, like, where, enough, rejected)
        )
        found = found_on(page, self._catalogue, text, asked, matched)
        return replace(found, rejected=len(rejected))

    def _matched(
        self,
        asked: Asked,
        like: Like | None,
        where: Where,
        enough: int,
        rejected: frozenset[int],
    ) -> Matched:
        if asked.words and like is None:
            return self._answering(asked, where, enough, rejected)
        allowed = self._allowed(asked, where)
        if like is not None:
            return self._likes.matched(asked, like, allowed)
        if asked.filtered or asked.phrases or asked.unwanted or where != ANYWHERE:
            listed = self._listed(asked, allowed)
            kept = [each for each in listed if each.photo_id not in rejected]
            return Matched(kept, by_date=True)
        return Matched([])

    def _allowed(self, asked: Asked, where: Where) -> NDArray[np.int64] | None:
        return within(where, allowed_ids(asked, self._catalogue), self._catalogue)

    def _answering(
        self, asked: Asked, where: Where, enough: int, rejected: frozenset[int]
    ) -> Matched:
        """The photos that answer the words."""
        # Words and filters are looked up while the network is at work: 6 ms of work
        # beside its 10 at 100,000 photos.
        begun = self._embedder.begin_query(asked.words)
        unwanted = [self._embedder.begin_query(text) for text in asked.unwanted]
        mentions = self._candidates.mentions(begun.content)
        allowed = self._allowed(asked, where)
        encoded = begun.encoded()
        if rejected:
            encoded = self.feedback.lowered(asked.query, encoded, self._embedder.name)
        question = Question(
            asked, encoded, [each.encoded() for each in unwanted], mentions, rejected
        )
        compare = partial(self._ranked, question)
        first = compare(allowed, RERANKED)
        # Where few of them match, the page says how many there are at least.
        many = len(first.matching) > RERANKED // 2 or enough == MOST
        if first.more and many and len(first.matching) < enough:
            first = self._widened(encoded, allowed, first, enough, compare)
        explain = partial(explained, self._candidates, encoded)
        return Matched(first.answers, first.more, explain=explain)

    def _widened(
        self,
        encoded: EncodedQuery,
        allowed: NDArray[np.int64] | None,
        first: Compared,
        enough: int,
        compare: Callable[[NDArray[np.int64], int, float], Compared],
    ) -> Compared:
        """`first`, with as many more as match, or until there are `enough`."""
        said = self._catalogue.words.all_saying(encoded.content)
        saying = np.array(sorted(said), np.int64)
        if allowed is not None:
            saying = np.intersect1d(saying, allowed)
        most = min(MOST, _NEAREST_A_HIT * enough) + len(first.seen)
        nearest, _ = self._sync.index.nearest(encoded.vector, most, allowed)
        return widened(
            first,
            saying,
            nearest,
            enough,
            len(nearest) < most,
            lambda ids, around: compare(ids, len(ids), around),
        )

    def tidy_up(self) -> None:
        """When nothing else is to do: look how this album answers unrelated queries, if
        it has grown since the last time (some tenths of a second), and keep the index.
        For the process that writes."""
        self._calibration.refresh()
        self._sync.save()

    def _ranked(
        self,
        question: Question,
        allowed: NDArray[np.int64] | None,
        count: int,
        around: float | None = None,
    ) -> Compared:
        """The `count` nearest, and those that say the words; with `around`, these are
        more of a query's candidates, whose first had such a likeness around them."""
        encoded, rejected = question.encoded, question.rejected
        # Left out here and not by a filter, which would name all the other photos.
        near = self._candidates.of(
            encoded, count + len(rejected), allowed, question.mentions
        )
        candidates = [each for each in near if each.photo_id not in rejected]
        ranked = rank(encoded, candidates, question.unwanted)
        album = self._calibration.background()
        if around is None:
            strengths = judge(ranked, self._strictness.value, album).strengths
        else:
            strengths = judge_further(ranked, around, self._strictness.value, album)
        # Whoever asks for a dog is right to expect every photo that says so, however
        # many others of the album say so too; and a name or a sign word for word.
        among = [candidate.photo_id for candidate in candidates]
        said = question.saying(self._catalogue.words, among)
        texts = {candidate.photo_id: candidate.text for candidate in candidates}
        answers = answered(question.asked, ranked, strengths, texts, said)
        if count > RERANKED or around is not None:
            # What is known of a caption takes 30 kB: of the few shown it is read again.
            answers = [replace(each, ranked=None) for each in answers]
        if around is None:
            around = likeness_around(ranked) if ranked else 0.0
        return compared(ranked, answers, count, around)

    def _listed(
        self, asked: Asked, allowed: NDArray[np.int64] | None
    ) -> list[Answered]:
        """Nothing is left to compare: all that the filters let through."""
        ids = self._candidates.everything() if allowed is None else allowed
        gone: set[int] = set()
        for text in asked.unwanted:
            encoded = self._embedder.embed_query(text)
            near = self._candidates.of(encoded, UNWANTED, allowed)
            ranked = rank(encoded, near, [encoded])
            gone |= {each.photo_id for each in ranked if each.penalty >= 0.5}
        return [Answered(key, 0.0, "good") for key in ids.tolist() if key not in gone]

    def _names(self) -> Vocabulary:
        """Its places, cameras, folders and albums, read again after a change."""
        with self._lock:
            changes = self._catalogue.changes
            if self._vocabulary is None or self._vocabulary[0] != changes:
                self._vocabulary = (changes, vocabulary_of(self._catalogue))
            return self._vocabulary[1]
