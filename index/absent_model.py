"""A text model whose files are away, perhaps with their disk, until they return."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from index.embedder import PartsEmbedder
from index.embedder_parts import BegunQuery
from index.parts import CaptionParts, EncodedQuery
from index.text_model import TextModel, TextModels


class AbsentModel:
    """Looks for the files whenever it is asked something, and says what is wrong.

    Every method raises EmbedderUnavailable while they are away.
    """

    def __init__(self, model: TextModel, models: TextModels) -> None:
        self.name = model.name
        self.dim = model.dim
        self._model = model
        self._models = models
        self._found: PartsEmbedder | None = None

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """See Embedder."""
        return self._real().embed(texts)

    def embed_with_parts(
        self, texts: Sequence[str]
    ) -> tuple[NDArray[np.float32], list[CaptionParts]]:
        """See PartsEmbedder."""
        return self._real().embed_with_parts(texts)

    def embed_query(self, text: str) -> EncodedQuery:
        """See PartsEmbedder."""
        return self._real().embed_query(text)

    def begin_query(self, text: str) -> BegunQuery:
        """See PartsEmbedder."""
        return self._real().begin_query(text)

    def _real(self) -> PartsEmbedder:
        if self._found is None:
            self._found = self._models.open_again(self._model)
        return self._found
