"""What searching needs of the catalogue, and nothing more."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from album.catalogue_vectors import PendingText, VectorChanges
from album.photo import Photo


class VectorSource(Protocol):
    """The vectors as the catalogue keeps them; see album/catalogue_vectors.py."""

    def pending(self, embedder: str, limit: int) -> list[PendingText]: ...

    def pending_count(self, embedder: str) -> int: ...

    def put(self, embedder: str, rows: Sequence[tuple[int, bytes]]) -> None: ...

    def refuse(self, embedder: str, caption_id: int, reason: str) -> None: ...
    def last_change(self) -> int: ...

    def all(
        self, embedder: str
    ) -> Iterator[tuple[NDArray[np.int64], NDArray[np.float32]]]: ...

    def changed_since(self, seq: int, embedder: str) -> VectorChanges: ...

    def count(self, embedder: str) -> int: ...


class PhotoSource(Protocol):
    """The photos by their ids; see album/catalogue_photos.py."""

    def many(self, photo_ids: Sequence[int]) -> dict[int, Photo]: ...


class Source(Protocol):
    """An open catalogue."""

    @property
    def id(self) -> str: ...

    @property
    def vectors(self) -> VectorSource: ...

    @property
    def photos(self) -> PhotoSource: ...
