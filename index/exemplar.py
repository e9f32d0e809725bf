"""The caption that others are to be like: its sentences and words, to be compared."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from album.photo import Photo
from index.answer import Answered
from index.parts import CaptionParts, TextSpan
from index.stacked import Stacked
from index.token_vectors import STEP

# Token cosines from which a word is marked as one that both captions have.
_IN_COMMON = 0.80
# Captions speak of themselves: that both do says nothing.
_OF_CAPTIONS = frozenset(
    {
        "image", "photo", "photograph", "picture", "scene", "view", "shows", "showing",
        "features", "featuring", "depicts", "captures", "appears", "mostly",
        "background", "foreground",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Like:
    """What photos shall be like: a caption's text and tags.

    `photo_id` is the photo they are of, if the album has it. It is left out, or comes
    first if `same` says that it was asked with as a picture.
    """

    text: str
    tags: tuple[str, ...] = ()
    photo_id: int | None = None
    same: bool = False

    @classmethod
    def of(cls, photo: Photo, *, same: bool = False) -> Like:
        """Like a photo of the album; one without a caption is like nothing."""
        caption = photo.caption
        text, tags = ("", ()) if caption is None else (caption.text, caption.tags)
        return cls(text, tags, photo.id, same)


_FEW = 3  # captions of which a mean tells nothing


class Exemplar:
    """The caption that others are compared with, embedded."""

    def __init__(
        self, like: Like, vector: NDArray[np.float32], parts: CaptionParts
    ) -> None:
        self.like = like
        self.vector = vector
        self._sentences = parts.sentence_vectors.astype(np.float32)
        spans = parts.words
        kept = [
            n
            for n, (begin, end) in enumerate(spans)
            if like.text[begin:end].casefold() not in _OF_CAPTIONS
        ]
        self._tokens = parts.token_codes[kept].astype(np.float32) * np.float32(STEP)

    def sentences_in(self, stacked: Stacked) -> NDArray[np.float32]:
        """float32 (n,): how near the caption's sentences are to the nearest one of each
        of the others, in the mean."""
        if not len(self._sentences):
            return np.zeros(len(stacked.parts), dtype=np.float32)
        nearness: NDArray[np.float32] = self._rows(stacked).mean(axis=0)
        return nearness

    def usual_in(self, stacked: Stacked) -> NDArray[np.float32]:
        """float32 (s,): how near each of the caption's s sentences is to the others in
        the mean: a folder or a date that all have in common explains nothing."""
        if len(stacked.parts) < _FEW or not len(self._sentences):
            return np.zeros(len(self._sentences), dtype=np.float32)
        usual: NDArray[np.float32] = self._rows(stacked).mean(axis=1)
        return usual

    def _rows(self, stacked: Stacked) -> NDArray[np.float32]:
        """float32 (s, n): the nearest sentence of each caption to each of these."""
        rows = [
            stacked.best_sentence(stacked.sentence_cosines(each))
            for each in self._sentences
        ]
        return np.stack(rows).astype(np.float32)

    def explained(
        self,
        answer: Answered,
        text: str,
        parts: CaptionParts,
        usual: NDArray[np.float32],
    ) -> Answered:
        """The answer with its reason: the sentence that is nearest to one of this
        caption's, beyond what is `usual` for that one; see `usual_in`."""
        if not parts.sentences or not len(self._sentences):
            return answer
        nearness = parts.sentence_vectors.astype(np.float32) @ self._sentences.T
        sentence = parts.sentences[int((nearness - usual).max(axis=1).argmax())]
        return replace(answer, sentence=sentence, marks=self._marks(text, parts))

    def _marks(self, text: str, parts: CaptionParts) -> tuple[TextSpan, ...]:
        if not len(self._tokens) or not len(parts.token_codes):
            return ()
        tokens = parts.token_codes.astype(np.float32) * np.float32(STEP)
        common = (tokens @ self._tokens.T).max(axis=1) >= _IN_COMMON
        spans = {
            span
            for span, is_common in zip(parts.words, common.tolist(), strict=True)
            if is_common and text[slice(*span)].casefold() not in _OF_CAPTIONS
        }
        return tuple(sorted(spans))
