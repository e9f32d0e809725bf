"""Which words of a caption answered which words of a query, to be shown to people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

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


@dataclass(frozen=True, slots=True)
class Mark:
    """A caption's word at `span` answers the query's word number `word`."""

    span: TextSpan
    word: int


def marks_of(
    query: EncodedQuery, similar: NDArray[np.float32], stacked: Stacked
) -> list[list[Mark]]:
    """The marks of each of the n captions in `stacked`.

    `similar` float32 (t, T) is how near each token of the query is to each of theirs.
    """
    marks: list[dict[Mark, None]] = [{} for _ in stacked.parts]
    owners = stacked.token_owners()
    for word, span in enumerate(dict.fromkeys(query.words)):
        pieces = [n for n, each in enumerate(query.words) if each == span]
        nearness = similar[pieces].mean(axis=0)
        best = stacked.best_token(nearness[None, :])[0]
        least = np.where(best >= _ANSWERS, _ANSWERS, np.maximum(best, _NEAREST))
        for place in np.nonzero(nearness >= least[owners])[0].tolist():
            owner = int(owners[place])
            first = int(stacked.token_starts[owner])
            found = stacked.parts[owner].words[place - first]
            marks[owner][Mark(found, word)] = None
    return [list(each) for each in marks]


def telling_sentence(
    sentences: Sequence[TextSpan], cosines: NDArray[np.float32], marks: Sequence[Mark]
) -> TextSpan | None:
    """The sentence to show as the reason; None when there is none.

    `cosines` float32 (s,) of the sentences with the query are not all: a sentence that
    answers another word of the query tells more.
    """
    best, most = None, -np.inf
    for (begin, end), cosine in zip(sentences, cosines.tolist(), strict=True):
        words = {m.word for m in marks if begin <= m.span[0] and m.span[1] <= end}
        worth = cosine + _WORTH_OF_A_WORD * len(words)
        if worth > most:
            best, most = (begin, end), worth
    return best
