"""Any model of sentence-transformers as the album's text model."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from index.embedder import MiniLMEmbedder, load_model
from index.embedder_parts import (
    BegunQuery,
    ContentTokens,
    Passages,
    encoded_query,
    tokenizable,
    unit_length,
)
from index.errors import EmbedderUnavailable
from index.parts import CaptionParts, EncodedQuery
from index.sentence_folder import SentenceFolder, describe
from index.token_vectors import basis_for

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer


class SentenceModel(MiniLMEmbedder):
    """A model with a width, a length and prompts of its own; the rest is MiniLM's way.

    Its name holds the sha256 of its files: other weights are another model. Safe to use
    from several threads at once.
    """

    def __init__(
        self, name: str, folder: SentenceFolder, *, device: str = "cpu"
    ) -> None:
        """`name` is what people call it."""
        super().__init__(folder.path, device=device)
        self.name = f"{name}@{folder.digest[:12]}"
        self.dim = folder.dim
        self._described = folder

    def load(self) -> None:
        """Load the model now. Raises EmbedderUnavailable."""
        self._loaded()

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """float32 (n, dim), each row of unit length, in the order of `texts`.

        Raises EmbedderUnavailable and EmbeddingError.
        """
        return unit_length(self._pass(self._passages(texts))[0], self.dim)

    def embed_with_parts(
        self, texts: Sequence[str]
    ) -> tuple[NDArray[np.float32], list[CaptionParts]]:
        """As MiniLM's, with what the model wants before each text and sentence."""
        passages = Passages(tokenizable(texts))
        before = self._described.passage
        given = [before + text for text in passages.texts]
        vectors, found = self._pass(given, tokens_of=len(texts))
        vectors = unit_length(vectors, self.dim)
        tokens = {place: _behind(each, len(before)) for place, each in found.items()}
        widths = {each.hidden.shape[1] for each in tokens.values()} or {self.dim}
        parts = passages.parts(vectors, tokens, basis_for(*widths))
        return vectors[: len(texts)], parts

    def embed_query(self, text: str) -> EncodedQuery:
        """As MiniLM's, with what the model wants before a query."""
        before = self._described.query
        [asked] = tokenizable([text])
        vectors, tokens = self._pass([before + asked], tokens_of=1)
        vector = unit_length(vectors, self.dim)[0]
        own = _behind(tokens[0], len(before))
        return encoded_query(text, vector, own, basis_for(own.hidden.shape[1]))

    def begin_query(self, text: str) -> BegunQuery:
        """As MiniLM's, but at once: its words are known after the prompt is cut off."""
        query = self.embed_query(text)
        return BegunQuery(query.content, lambda: query)

    def content_tokens(self, texts: Sequence[str]) -> list[ContentTokens]:
        """The content words of each text. Raises EmbedderUnavailable."""
        given = self._passages(texts)
        found = self._pass(given, tokens_of=len(given))[1]
        before = len(self._described.passage)
        return [_behind(found[place], before) for place in range(len(given))]

    def _passages(self, texts: Sequence[str]) -> list[str]:
        return [self._described.passage + text for text in tokenizable(texts)]

    def _open(self) -> SentenceTransformer:
        """Raises EmbedderUnavailable: also when the files are others by now."""
        folder = self._described
        if describe(folder.path) != folder:
            raise EmbedderUnavailable(
                f"The text model in {folder.path} has changed since the program was "
                "started. Start it again."
            )
        model = load_model(folder.path, self._device)
        width = model.get_embedding_dimension()
        if width != self.dim or not getattr(model.tokenizer, "is_fast", False):
            raise EmbedderUnavailable(
                f"The text model in {folder.path} cannot be used: its vectors are "
                f"{width} wide instead of {self.dim}, or its tokenizer is an old one."
            )
        return model


def _behind(tokens: ContentTokens, start: int) -> ContentTokens:
    """Only what stands behind the prompt of `start` characters, counted from there."""
    if not start:
        return tokens
    kept = [n for n, (_, end) in enumerate(tokens.words) if end > start]
    words = tuple(
        (max(0, begin - start), end - start)
        for begin, end in (tokens.words[n] for n in kept)
    )
    return ContentTokens(words, tokens.hidden[kept])
