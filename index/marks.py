"""Which words of a caption answered which words of a query, to be shown to people."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.parts import EncodedQuery, TextSpan
from index.stacked import Stacked

# Token cosines from which a word is shown as an answer: "puppy" has 0.77 with "dog",
# "cat" 0.67 (means over 1,282 captions).
_ANSWERS = 0.70
# The best word for a query word that nothing answers is marked down to this.
_NEAREST = 0.58
# In cosine: between a caption's best and second sentence lie 0.1 as a rule.
_WORTH_OF_A_WORD = 0.1


class Mark(NamedTuple):
    """A caption's word at `span` answers the query's word number `word`."""

    span: TextSpan
    word: int


class Reasons:
    """Why each of n ranked captions answers a query: found when one is shown, since of
    some thousand candidates few are."""

    def __init__(
        self,
        query: EncodedQuery,
        similar: NDArray[np.float32],
        cosines: NDArray[np.float32],
        stacked: Stacked,
    ) -> None:
        """`similar` float32 (t, T) is how near each token of the query is to each of
        the captions', `cosines` float32 (S,) how near the query is to each sentence."""
        self._nearness = _of_words(query, similar)
        self._cosines = cosines
        self._stacked = stacked

    def marks(self, caption: int) -> list[Mark]:
        """The words of caption number `caption` that answer words of the query."""
        words, places, starts = self._answers
        begin, end = starts[caption], starts[caption + 1]
        if begin == end:
            return []
        spans = self._stacked.parts[caption].words
        found = zip(words[begin:end], places[begin:end], strict=True)
        return list(dict.fromkeys(Mark(spans[place], word) for word, place in found))

    @cached_property
    def _answers(self) -> tuple[list[int], list[int], list[int]]:
        """Every word of the query that a token answers, and the token's place in its
        caption; and from where to where these belong to each caption. For all captions
        at once: one by one, those of a page took a millisecond."""
        best = self._stacked.best_token(self._nearness)
        least = np.where(best >= _ANSWERS, _ANSWERS, np.maximum(best, _NEAREST))
        owners = self._stacked.token_owners()
        words, tokens = np.nonzero(
            self._nearness >= least.astype(np.float32)[:, owners]
        )
        order = np.argsort(owners[tokens], kind="stable")
        words, tokens = words[order], tokens[order]
        starts = np.searchsorted(owners[tokens], np.arange(best.shape[1] + 1))
        places = tokens - self._stacked.token_starts[owners[tokens]]
        return words.tolist(), places.tolist(), starts.tolist()

    def sentence(self, caption: int, marks: Sequence[Mark]) -> TextSpan | None:
        """The sentence of caption number `caption` to show, of which these are the
        marks; None if it has no sentence."""
        begin, end = self._stacked.sentence_starts[caption : caption + 2].tolist()
        sentences = self._stacked.parts[caption].sentences
        own = self._cosines[begin:end]
        return telling_sentence(sentences, own, marks)


def _of_words(query: EncodedQuery, similar: NDArray[np.float32]) -> NDArray[np.float32]:
    """float32 (w, T): how near each of the query's w different words is to each token,
    the pieces of one word together; once for all captions, since looking at each word
    of each caption took 5 ms for 100 of them."""
    rows = [
        similar[[n for n, each in enumerate(query.words) if each == span]].mean(axis=0)
        for span in dict.fromkeys(query.words)
    ]
    if not rows:
        return np.zeros((0, similar.shape[1]), dtype=np.float32)
    return np.stack(rows).astype(np.float32)


def telling_sentence(
    sentences: Sequence[TextSpan], cosines: NDArray[np.float32], marks: Sequence[Mark]
) -> TextSpan | None:
    """The sentence to show as the reason; None when there is none.

    `cosines` float32 (s,) of the sentences with the query are not all: a sentence that
    answers another word of the query tells more.
    """
    best, most = None, -np.inf
    all_words = _WORTH_OF_A_WORD * len({mark.word for mark in marks})
    for (begin, end), cosine in zip(sentences, cosines.tolist(), strict=True):
        if cosine + all_words <= most:
            continue  # not even with all of them
        words = {
            word for (first, last), word in marks if begin <= first and last <= end
        }
        worth = cosine + _WORTH_OF_A_WORD * len(words)
        if worth > most:
            best, most = (begin, end), worth
    return best
