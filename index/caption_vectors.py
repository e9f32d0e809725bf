"""The vectors and parts of captions: made from their texts, kept in the catalogue."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from album.catalogue_vectors import PendingText
from index.embedder import Embedder
from index.embedder_parts import unit_length
from index.errors import EmbeddingError
from index.source import Source

_log = logging.getLogger(__name__)


class Parts(Protocol):
    """What ranking needs of one caption; see index/parts.py."""

    def pack(self) -> bytes:
        """All of it as bytes. Raises ValueError when it cannot be kept."""
        ...


@runtime_checkable
class EmbedsParts(Protocol):
    """An embedder that gives, in the same pass, the parts of each text as well."""

    def embed_with_parts(
        self, texts: Sequence[str]
    ) -> tuple[NDArray[np.float32], Sequence[Parts]]:
        """Vectors as of `embed`, and the parts, both in the order of `texts`."""
        ...


class CaptionVectors:
    """Embeds what is shown and not embedded yet; then adds the parts that captions of
    an older album lack, if the embedder gives any."""

    def __init__(self, catalogue: Source, embedder: Embedder) -> None:
        self._table = catalogue.vectors
        self._embedder = embedder
        self._parts_from = embedder if isinstance(embedder, EmbedsParts) else None

    def pending(self) -> int:
        """How many captions lack their vector, or their parts."""
        return self._table.pending_count(self._embedder.name, parts=self._with_parts)

    def embed(self, limit: int) -> int:
        """Embed up to `limit` captions and keep what comes of it; how many there were.

        Raises EmbedderUnavailable. A caption that cannot be embedded is refused, and
        counted as one that was dealt with.
        """
        pending = self._table.pending(
            self._embedder.name, limit, parts=self._with_parts
        )
        if pending:
            self._embed(pending)
        return len(pending)

    @property
    def _with_parts(self) -> bool:
        return self._parts_from is not None

    def _embed(self, pending: list[PendingText]) -> None:
        """One bad text must not keep 63 good ones from being found: it is refused."""
        try:
            self._keep(pending, *self._made_of([one.text for one in pending]))
        except EmbeddingError as error:
            if len(pending) > 1:
                for one in pending:
                    self._embed([one])
                return
            _log.warning("caption %d: %s", pending[0].caption_id, error)
            self._table.refuse(self._embedder.name, pending[0].caption_id, str(error))

    def _made_of(
        self, texts: list[str]
    ) -> tuple[NDArray[np.float32], Sequence[bytes | None]]:
        """float32 (n, dim), and each text's packed parts if the embedder gives any."""
        if self._parts_from is None:
            return self._embedder.embed(texts), [None] * len(texts)
        vectors, parts = self._parts_from.embed_with_parts(texts)
        try:
            return vectors, [one.pack() for one in parts]
        except ValueError as error:
            raise EmbeddingError(f"The parts cannot be kept: {error}.") from error

    def _keep(
        self,
        pending: list[PendingText],
        vectors: NDArray[np.float32],
        parts: Sequence[bytes | None],
    ) -> None:
        """A vector that is there already stays as it is: no index has to follow.

        Raises EmbeddingError before the catalogue sees what no index could hold.
        """
        new: list[tuple[int, bytes, bytes | None]] = []
        older: list[tuple[int, bytes]] = []
        rows = unit_length(vectors, self._embedder.dim).astype("<f4")
        for one, row, packed in zip(pending, rows, parts, strict=True):
            if not one.has_vector:
                new.append((one.caption_id, row.tobytes(), packed))
            elif packed is not None:
                older.append((one.caption_id, packed))
        if new:
            self._table.put(self._embedder.name, new)
        if older:
            self._table.put_parts(self._embedder.name, older)
