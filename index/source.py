"""What searching needs of the catalogue, and nothing more."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from album.catalogue_filters import Names, TimeSpan
from album.catalogue_vectors import PendingText, VectorChanges
from album.photo import Photo


class VectorSource(Protocol):
    """The vectors as the catalogue keeps them; see album/catalogue_vectors.py."""

    def pending(
        self, embedder: str, limit: int, *, parts: bool = False
    ) -> list[PendingText]: ...

    def pending_count(self, embedder: str, *, parts: bool = False) -> int: ...

    def put(
        self, embedder: str, rows: Sequence[tuple[int, bytes, bytes | None]]
    ) -> None: ...

    def put_parts(self, embedder: str, rows: Sequence[tuple[int, bytes]]) -> None: ...

    def parts_of(
        self, photo_ids: Sequence[int], embedder: str
    ) -> dict[int, tuple[int, bytes]]: ...

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


class WordSource(Protocol):
    """The words photos can be found by; see album/catalogue_words.py."""

    def find(
        self, words: str, limit: int, allowed: NDArray[np.int64] | None = None
    ) -> list[tuple[int, float]]: ...

    def all_of(self, words: str, among: Sequence[int]) -> set[int]: ...

    def phrase(self, text: str) -> set[int]: ...


class FilterSource(Protocol):
    """The photos by what else is known of them; see album/catalogue_filters.py."""

    def photo_ids(
        self,
        *,
        spans: Sequence[TimeSpan] = (),
        hours: Sequence[tuple[int, int]] = (),
        weekdays: Sequence[int] = (),
        months: Sequence[int] = (),
        places: Sequence[str] = (),
        cameras: Sequence[str] = (),
        folders: Sequence[str] = (),
        kinds: Sequence[str] = (),
        unwanted_kinds: Sequence[str] = (),
    ) -> NDArray[np.int64]: ...

    def vocabulary(self) -> Names: ...


class CaptionSource(Protocol):
    """The captions that photos show; see album/catalogue_captions.py."""

    def texts_of(self, photo_ids: Sequence[int]) -> dict[int, tuple[int, str]]: ...

    def parts_of(
        self, photo_ids: Sequence[int], embedder: str
    ) -> dict[int, tuple[str, bytes | None]]: ...


class FactSource(Protocol):
    """Single facts about the album; see album/catalogue_facts.py."""

    def get(self, name: str) -> str | None: ...

    def set(self, name: str, value: str | None) -> None: ...


class Source(Protocol):
    """An open catalogue."""

    @property
    def changes(self) -> int: ...

    @property
    def facts(self) -> FactSource: ...

    @property
    def captions(self) -> CaptionSource: ...

    @property
    def id(self) -> str: ...

    @property
    def vectors(self) -> VectorSource: ...

    @property
    def photos(self) -> PhotoSource: ...

    @property
    def words(self) -> WordSource: ...

    @property
    def filters(self) -> FilterSource: ...
