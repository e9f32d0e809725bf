"""A query as all steps of one search need it: read, encoded and looked up once."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import numpy as np

from album.catalogue_words import NOBODY, Mentions
from index.answer import Answered
from index.asked import Asked
from index.candidates import Candidates
from index.parts import EncodedQuery
from index.ranking import rank
from index.source import WordSource


@dataclass(frozen=True, slots=True, eq=False)
class Question:
    """What was `asked`, its words `encoded` and those of each phrase that is not
    wanted; the photos that say the words, and those taken out of this search."""

    asked: Asked
    encoded: EncodedQuery
    unwanted: Sequence[EncodedQuery]
    mentions: Mentions
    rejected: frozenset[int]

    def saying(self, words: WordSource, among: Sequence[int]) -> Collection[int]:
        """The photos that say each of the words; of very many, only those `among`."""
        if self.mentions.each is None:
            return words.all_of(self.encoded.content, among)
        return frozenset(self.mentions.each)


def explained(
    candidates: Candidates, encoded: EncodedQuery, shown: Sequence[Answered]
) -> list[Answered]:
    """With the reasons of those that have none at hand."""
    lacking = sorted(each.photo_id for each in shown if each.ranked is None)
    if not lacking:
        return list(shown)
    ids = np.array(lacking, dtype=np.int64)
    # No reason depends on how well the words fit, so they are not looked up.
    found = candidates.of(encoded, len(ids), ids, NOBODY)
    ranked = {
        each.photo_id: each
        for each in rank(encoded, [one for one in found if one.text])
    }
    return [
        replace(each, ranked=each.ranked or ranked.get(each.photo_id)) for each in shown
    ]
