"""From what the model gives to the parts of captions; knows no model itself."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from index.content_words import is_content
from index.errors import EmbeddingError
from index.parts import CaptionParts, EncodedQuery, TextSpan
from index.sentences import sentence_spans
from index.token_vectors import basis, encode, reduce

MOST_SENTENCES = 64
"""Of one caption; what follows is found by the whole caption's vector alone."""

# About 8 captions of 125 word pieces (the median of GPT-4o captions). encode() of
# sentence-transformers was quickest with 8 captions at a time on two cores (58/s,
# against 43 with 32 and 39 with 64; one run each). Short texts want more at a time (375
# a second with 8, 500 with 64), so the bound is on word pieces, not on texts.
_PIECES_PER_BATCH = 1024
# How sharply the weights of a query's words follow their nearness to the whole query:
# of 3, 5, 10 and 20 the one that told best whether a query's subject was there.
_SHARPNESS = 10.0
# The least length of a vector before it is made unit length. MiniLM's own are about 1.
_LEAST_NORM = 1e-6


class Encoding(Protocol):
    """One text as a fast tokenizer cut it; of tokenizers.Encoding what is used here."""

    @property
    def word_ids(self) -> list[int | None]: ...

    def word_to_chars(self, word_index: int) -> tuple[int, int] | None: ...


@dataclass(frozen=True, slots=True)
class ContentTokens:
    """The word pieces of a text that are no stop words: the spans of their words, and
    the model's last hidden states float32 (t, width)."""

    words: tuple[TextSpan, ...]
    hidden: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class BegunQuery:
    """A query of which `content`, its content words, is known, and the vectors are
    being computed: `encoded` waits for them. Raises what `embed_query` does."""

    content: str
    encoded: Callable[[], EncodedQuery]


def tokenizable(texts: Sequence[str]) -> list[str]:
    """A lone surrogate (half of a broken emoji) cannot be tokenized; "?" is as long."""
    return [text.encode("utf-8", "replace").decode("utf-8") for text in texts]


def content_tokens(
    text: str, encoding: Encoding, hidden: NDArray[np.float32]
) -> ContentTokens:
    """The content words of `text` among its tokens, or all if there are no others.

    `hidden` float32 (n, width) belongs to all n tokens, the padding included.
    """
    words, kept = content_words(text, encoding)
    return ContentTokens(words, hidden[kept])


def content_words(
    text: str, encoding: Encoding
) -> tuple[tuple[TextSpan, ...], list[int]]:
    """The spans of these words, and the places of their tokens: known before a model
    has seen any."""
    spans: list[TextSpan] = []
    for word in encoding.word_ids:
        found = None if word is None else encoding.word_to_chars(word)
        spans.append((0, 0) if found is None else _bare(text, *found))
    words = [n for n, word in enumerate(encoding.word_ids) if word is not None]
    kept = [n for n in words if is_content(text[slice(*spans[n])])] or words
    return tuple(spans[n] for n in kept), kept


def _bare(text: str, begin: int, end: int) -> TextSpan:
    """The word without the space before it and the dot behind it, which tokenizers
    that cut at white space count to it; a word of signs alone as it is."""
    found = re.search(r"\w(.*\w)?", text[begin:end], flags=re.DOTALL)
    return (begin + found.start(), begin + found.end()) if found else (begin, end)


def encoded_query(
    text: str,
    vector: NDArray[np.float32],
    tokens: ContentTokens,
    directions: NDArray[np.float32] | None = None,
) -> EncodedQuery:
    """The query of which `vector` float32 (dim,), of unit length, is the whole.

    `directions` is the basis of its model's tokens, MiniLM's if left out."""
    lengths = np.maximum(np.linalg.norm(tokens.hidden, axis=1), 1e-6)
    whole = vector
    if tokens.hidden.shape[1] != len(vector) and len(lengths):
        # A model that gives its vectors another width: the mean of the tokens then.
        whole = (tokens.hidden / lengths[:, None]).mean(axis=0)
        whole = whole / max(float(np.linalg.norm(whole)), 1e-6)
    elif not len(lengths):
        whole = np.zeros(tokens.hidden.shape[1], dtype=np.float32)
    nearness = tokens.hidden @ whole / lengths
    weights = np.exp(_SHARPNESS * (nearness - nearness.max(initial=-1)))
    weights /= max(float(weights.sum()), 1e-6)
    reduced = reduce(tokens.hidden, basis() if directions is None else directions)
    return EncodedQuery(text, vector, tokens.words, reduced, weights.astype(np.float32))


def unit_length(vectors: NDArray[np.float32], dim: int) -> NDArray[np.float32]:
    """`vectors` (n, dim) with each row scaled to length 1, in float32.

    Raises EmbeddingError for NaN, Inf, a row without direction, or another width.
    """
    if vectors.ndim != 2 or vectors.shape[1] != dim:
        raise EmbeddingError(
            f"The text model gave vectors of shape {vectors.shape}, not (n, {dim})."
        )
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    if not np.isfinite(vectors).all() or not (norms > _LEAST_NORM).all():
        raise EmbeddingError(
            "The text model gave a vector that has no direction (NaN, Inf or zero); "
            "nothing of this batch was kept."
        )
    return np.asarray(vectors / norms, dtype=np.float32)


def batches(texts: Sequence[str], longest: int) -> Iterator[list[int]]:
    """Places in `texts`, texts of like length together, so that little is padded.

    Four characters count as a word piece, of which `longest` are read of each text: a
    guess that can cost speed only.
    """
    pieces = [min(2 + len(text) // 4, longest) for text in texts]
    order = sorted(range(len(texts)), key=pieces.__getitem__, reverse=True)
    start = 0
    while start < len(order):
        size = max(1, _PIECES_PER_BATCH // pieces[order[start]])
        yield order[start : start + size]
        start += size


class Passages:
    """Captions and their sentences as one list of texts, to go through the model."""

    def __init__(self, captions: Sequence[str]) -> None:
        self._spans = [sentence_spans(text)[:MOST_SENTENCES] for text in captions]
        self.texts = list(captions)
        self._first: list[int] = []
        for place, (text, spans) in enumerate(zip(captions, self._spans, strict=True)):
            # A caption of one sentence is that sentence: nothing more to embed.
            alone = len(spans) <= 1
            self._first.append(place if alone else len(self.texts))
            if not alone:
                self.texts += [text[begin:end] for begin, end in spans]

    def parts(
        self,
        vectors: NDArray[np.float32],
        tokens: Mapping[int, ContentTokens],
        directions: NDArray[np.float32] | None = None,
    ) -> list[CaptionParts]:
        """The parts of each caption. `vectors` float32 (n, dim), of unit length, belong
        to `texts`; `tokens` has the caption's place as its key. `directions` is the
        basis of the model's tokens, MiniLM's if left out."""
        directions, made = basis() if directions is None else directions, []
        for place, (first, spans) in enumerate(
            zip(self._first, self._spans, strict=True)
        ):
            rows = vectors[first : first + len(spans)].astype(np.float16)
            found = tokens[place]
            codes = encode(reduce(found.hidden, directions))
            made.append(CaptionParts(tuple(spans), rows, found.words, codes))
        return made
