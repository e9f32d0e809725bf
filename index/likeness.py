"""More like this: the photos whose captions say nearly the same as one caption does.

Two long captions are alike on another scale than a short query and a caption, so that
what is strong, good and weak here has cutoffs of its own (index/likeness_levels.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from index.answer import Answered
from index.asked import Asked
from index.candidates import Candidates, Shown
from index.embedder import PartsEmbedder
from index.exemplar import Exemplar, Like
from index.found import Strength
from index.likeness_levels import SAMPLED, Levels, levels_of
from index.pages import Matched
from index.ranking import Ranked, rank
from index.source import Source
from index.stacked import Stacked
from index.strictness import HowStrict, judge
from index.sync import Sync
from index.unwanted import penalties
from index.widening import MOST

COMPARED = 200
"""Photos whose sentences are compared; those behind are in the order of the whole."""
COMPARED_MORE = 2000
"""As many where words or a NOT come with it: these need the words of each caption."""
# Mean average precision of "has a subject in common" among the 282 photos of
# `python -m benchmarks likeness`, three sentences each: 80.5 % by the whole captions,
# 80.9 % with a share of 0.2, 80.1 % with 1.2 (half 1; 78.4, 78.8, 78.4 % in half 0).
SENTENCES_SHARE = 0.2
# Not measured, for lack of tags: less than the difference of two captions as a rule.
TAG_WORTH = 0.01
_MOST_TAGS = 3
MOST_WEAK = 60

_STRENGTHS: tuple[Strength, ...] = ("weak", "good", "strong")


class Likes:
    """Finds what is like a caption. Safe to use from several threads."""

    def __init__(
        self,
        catalogue: Source,
        embedder: PartsEmbedder,
        sync: Sync,
        candidates: Candidates,
        strictness: HowStrict,
    ) -> None:
        self._catalogue = catalogue
        self._embedder = embedder
        self._sync = sync
        self._candidates = candidates
        self._strictness = strictness

    def matched(
        self, asked: Asked, like: Like, allowed: NDArray[np.int64] | None
    ) -> Matched:
        """Every photo among `allowed` int64 (n,) (None: any) that is like it and, where
        something was `asked` as well, answers that too. The count is exact unless
        20,000 photos are like it, or 2,000 and words came with it."""
        if not like.text.strip():
            return Matched(self._same(like, allowed))
        vectors, parts = self._embedder.embed_with_parts([like.text])
        model = Exemplar(like, vectors[0], parts[0])
        levels = self._levels(model.vector)
        if asked.words:
            levels = levels.loosened()
        ids, cosines, more = self._above(model.vector, levels.weakest, allowed)
        others = ids != (like.photo_id or 0)
        ids, cosines = ids[others], cosines[others]
        if asked.words:
            answers, left = self._with_words(asked, model, levels, ids, cosines)
        else:
            answers, left = self._alike(asked, model, levels, ids, cosines)
        matching = [each for each in answers if each.strength != "weak"]
        weaker = [each for each in answers if each.strength == "weak"][:MOST_WEAK]
        return Matched(
            [*self._same(like, allowed), *matching, *weaker],
            at_least=more or left,
            explain=lambda shown: self._explained(model, shown),
        )

    def _above(
        self,
        vector: NDArray[np.float32],
        least: float,
        allowed: NDArray[np.int64] | None,
    ) -> tuple[NDArray[np.int64], NDArray[np.float32], bool]:
        """The photos with at least this cosine, and whether there may be more."""
        count = COMPARED_MORE
        while True:
            ids, cosines = self._sync.index.nearest(vector, count, allowed)
            found = int((cosines >= least).sum())
            if found < count or count >= MOST:
                return ids[:found], cosines[:found], found == count
            count = MOST

    def _same(self, like: Like, allowed: NDArray[np.int64] | None) -> list[Answered]:
        if not like.same or like.photo_id is None:
            return []
        if allowed is not None and like.photo_id not in allowed:
            return []
        return [Answered(like.photo_id, 2.0, "strong", same=True)]

    def _alike(
        self, asked: Asked, model: Exemplar, levels: Levels, ids: NDArray[np.int64],
        cosines: NDArray[np.float32],
    ) -> tuple[list[Answered], bool]:  # fmt: skip
        """The nearest ones by their sentences and tags as well, then all others."""
        count = COMPARED_MORE if asked.unwanted else COMPARED
        near = ids[:count].tolist()
        captions = self._candidates.captions(near)
        held = [key for key in near if key in captions]
        whole = dict(zip(ids.tolist(), cosines.tolist(), strict=True))
        scores = {key: whole[key] for key in ids.tolist()}
        gone: set[int] = set()
        if held:
            stacked = Stacked([captions[key].parts for key in held])
            nearer = SENTENCES_SHARE * model.sentences_in(stacked)
            tags = self._tags_in_common(model.like, held[:COMPARED])
            for key, more in zip(held, nearer.tolist(), strict=True):
                scores[key] += more + TAG_WORTH * tags.get(key, 0)
            unwanted = [self._embedder.embed_query(text) for text in asked.unwanted]
            texts = [captions[key].text for key in held]
            surely = penalties(unwanted, stacked, texts) >= 0.5
            gone = {key for key, each in zip(held, surely, strict=True) if each}
        front = sorted(held, key=lambda key: (-scores[key], key))
        behind = [] if asked.unwanted else ids[count:].tolist()
        answers = [
            Answered(key, scores[key], levels.strength_of(whole[key]))
            for key in [*front, *behind]
            if key not in gone
        ]
        return answers, bool(asked.unwanted) and len(ids) > count

    def _with_words(
        self, asked: Asked, model: Exemplar, levels: Levels, ids: NDArray[np.int64],
        cosines: NDArray[np.float32],
    ) -> tuple[list[Answered], bool]:  # fmt: skip
        """Like it and an answer to the words: the weaker of the two decides."""
        words = self._embedder.embed_query(asked.words)
        both = model.vector + words.vector
        both /= np.linalg.norm(both)
        near, _ = self._sync.index.nearest(both, COMPARED_MORE, ids)
        if not len(near):
            return [], False
        alike = dict(zip(ids.tolist(), cosines.tolist(), strict=True))
        near, wholes = self._sync.index.nearest(words.vector, len(near), near)
        captions = self._candidates.captions(near.tolist())
        ranked = rank(
            words,
            [
                captions[key].candidate(key, whole)
                for key, whole in zip(near.tolist(), wholes.tolist(), strict=True)
                if key in captions
            ],
            [self._embedder.embed_query(text) for text in asked.unwanted],
        )
        strengths = judge(ranked, self._strictness.value).strengths
        said = self._catalogue.words.all_of(words.content, list(captions))
        answers = []
        for each, strength in zip(ranked, strengths, strict=True):
            if each.penalty >= 0.5:
                continue
            cosine = alike[each.photo_id]
            if strength == "weak" and each.photo_id in said:
                strength = "good"
            answers.append(_both(each, strength, cosine, levels.strength_of(cosine)))
        answers.sort(key=lambda each: (-each.score, each.photo_id))
        return _with_reasons(answers), len(ids) > COMPARED_MORE

    def _levels(self, vector: NDArray[np.float32]) -> Levels:
        """What a caption has in common with this album's photos at large."""
        ids = self._candidates.everything()
        sample = ids[:: max(1, len(ids) // SAMPLED)]
        _, cosines = self._sync.index.nearest(vector, len(sample), sample)
        return levels_of(cosines, self._strictness.value)

    def _tags_in_common(self, like: Like, ids: Sequence[int]) -> dict[int, int]:
        """How many of the tags each of the photos has, at most 3 of them."""
        mine = set(like.tags)
        if not mine:
            return {}
        photos = self._catalogue.photos.many(ids)
        return {
            key: min(_MOST_TAGS, len(mine.intersection(photo.caption.tags)))
            for key, photo in photos.items()
            if photo.caption is not None
        }

    def _explained(
        self, model: Exemplar, shown: Sequence[Answered]
    ) -> Sequence[Answered]:
        """With the sentence of each that is nearest, and the words in common."""
        captions = self._candidates.captions([each.photo_id for each in shown])
        if not captions:
            return shown
        usual = model.usual_in(Stacked([each.parts for each in captions.values()]))
        return [
            _told(model, each, captions[each.photo_id], usual)
            if each.photo_id in captions and not each.marks and not each.same
            else each
            for each in shown
        ]


def _both(ranked: Ranked, words: Strength, cosine: float, like: Strength) -> Answered:
    """How well it answers both: no better than the worse of the two."""
    return Answered(
        ranked.photo_id,
        ranked.likeness + cosine,
        min(words, like, key=_STRENGTHS.index),
        ranked,
    )


def _told(
    model: Exemplar, answer: Answered, shown: Shown, usual: NDArray[np.float32]
) -> Answered:
    return model.explained(answer, shown.text, shown.parts, usual)


def _with_reasons(answers: Sequence[Answered]) -> list[Answered]:
    """The first ones keep how they answer the words, without what that is read from
    (30 kB each); those behind are explained by what they have in common."""
    kept = []
    for place, each in enumerate(answers):
        ranked = each.ranked if place < COMPARED else None
        sentence, marks = ranked.reason if ranked else (None, ())
        kept.append(replace(each, ranked=None, sentence=sentence, marks=marks))
    return kept
