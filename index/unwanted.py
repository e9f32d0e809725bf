"""How surely a caption means what the query does not want: "beach without people"."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from index.kinds import members, only_counts
from index.parts import EncodedQuery, TextSpan
from index.stacked import Stacked

# Token cosines of the unwanted word that begin to count, and that are certain. Measured
# on 1,282 captions: "dog" is at 0.93 with "dog", 0.77 with "puppy", 0.67 with "cat";
# "car" at 0.87 with "vehicle" and 0.69 with "truck".
_BEGINS, _CERTAIN = 0.65, 0.80
# "No people are visible" means the contrary; up to four words may stand between.
_NEGATED = re.compile(
    r"\b(?:no|not|without|never|nobody|neither|nor|lacks?|lacking|devoid of|free of|"
    r"absence of|empty of|absent of|\w+n['’]t)"
    r"\s+(?:[^\s.,;:!?]+\s+){0,4}$",
    re.IGNORECASE,
)
_LOOKED_BACK = 80  # characters before a word that are searched for a negation


def penalties(
    unwanted: Sequence[EncodedQuery], stacked: Stacked, texts: Sequence[str]
) -> NDArray[np.float32]:
    """float32 (n,), 0 to 1: how surely each caption means one of the phrases.

    `texts` are the n captions that `stacked` holds the parts of.
    """
    found = np.zeros(len(texts), dtype=np.float32)
    for phrase in unwanted:
        found = np.maximum(found, _evidence(phrase, stacked, texts))
    return found


def _evidence(
    phrase: EncodedQuery, stacked: Stacked, texts: Sequence[str]
) -> NDArray[np.float32]:
    """float32 (n,): every word of the phrase must be meant, so the least counts."""
    if not phrase.words:
        return np.zeros(len(texts), dtype=np.float32)
    similar = stacked.similarities(phrase.token_vectors)
    certain = np.clip((similar - _BEGINS) / (_CERTAIN - _BEGINS), 0, 1)
    rows = []
    for span in dict.fromkeys(phrase.words):
        pieces = [n for n, each in enumerate(phrase.words) if each == span]
        tokens = certain[pieces].mean(axis=0)  # of one word the pieces count together
        _add_members(tokens, members(phrase.text[slice(*span)]), stacked, texts)
        _take_out_negated(tokens, stacked, texts)
        rows.append(stacked.best_token(tokens[None, :])[0])
    least: NDArray[np.float32] = np.min(rows, axis=0)
    return least


def _add_members(
    tokens: NDArray[np.float32],
    kind: frozenset[str],
    stacked: Stacked,
    texts: Sequence[str],
) -> None:
    """Make certain the tokens (T,) whose word is one of the kind."""
    if not kind:
        return
    place = 0
    for parts, text in zip(stacked.parts, texts, strict=True):
        for begin, end in parts.words:
            word, after = text[begin:end], text[end : end + 4]
            if word.casefold() in kind and not only_counts(word, after):
                tokens[place] = 1
            place += 1


def _take_out_negated(
    tokens: NDArray[np.float32], stacked: Stacked, texts: Sequence[str]
) -> None:
    """Set to 0 the tokens (T,) that the caption says are not there."""
    owners = stacked.token_owners()
    for place in np.nonzero(tokens)[0].tolist():
        owner = int(owners[place])
        first = int(stacked.token_starts[owner])
        if is_negated(texts[owner], stacked.parts[owner].words[place - first]):
            tokens[place] = 0


def is_negated(text: str, span: TextSpan) -> bool:
    """Whether the words before `span` say that what it names is not there."""
    before = text[max(0, span[0] - _LOOKED_BACK) : span[0]]
    return _NEGATED.search(before) is not None
