"""What searching needs of the catalogue, and nothing more."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from album.catalogue_conditions import TimeSpan
from album.catalogue_feedback import RejectedPhotos
from album.catalogue_filters import Names
from album.catalogue_vectors import PendingText, VectorChanges
from album.catalogue_words import Mentions
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

    def vectors_of(
        self, photo_ids: NDArray[np.int64], embedder: str
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]: ...

    def changed_since(self, seq: int, embedder: str) -> VectorChanges: ...

    def count(self, embedder: str) -> int: ...


class TextModelSource(Protocol):
    """Whose vectors there are; see album/catalogue_text_models.py."""

    def all(self) -> list[str]: ...

    def shown_texts(self) -> int: ...

    def forget(self, embedder: str, limit: int, after: int = 0) -> int | None: ...


class PhotoSource(Protocol):
    """The photos by their ids; see album/catalogue_photos.py."""

    def many(self, photo_ids: Sequence[int]) -> dict[int, Photo]: ...

    def sort_keys(self, photo_ids: Sequence[int]) -> dict[int, str]: ...


class WordSource(Protocol):
    """The words photos can be found by; see album/catalogue_words.py."""

    def find(
        self, words: str, limit: int, allowed: NDArray[np.int64] | None = None
    ) -> list[tuple[int, float]]: ...

    def mentions(self, words: str, limit: int) -> Mentions: ...

    def best(
        self,
        mentions: Mentions,
        limit: int,
        allowed: NDArray[np.int64] | None = None,
    ) -> list[tuple[int, float]]: ...

    def all_of(self, words: str, among: Sequence[int]) -> set[int]: ...

    def all_saying(self, words: str) -> set[int]: ...

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
        captioned: Sequence[str] = (),
        unwanted_places: Sequence[str] = (),
        unwanted_cameras: Sequence[str] = (),
        unwanted_folders: Sequence[str] = (),
        unwanted_kinds: Sequence[str] = (),
        unwanted_captioned: Sequence[str] = (),
        albums: Sequence[str] = (),
        unwanted_albums: Sequence[str] = (),
        favourite: bool | None = None,
    ) -> NDArray[np.int64]: ...

    def in_folder(self, folder: str) -> NDArray[np.int64]: ...

    def in_album(self, album_id: int) -> NDArray[np.int64]: ...

    def vocabulary(self) -> Names: ...


class CaptionSource(Protocol):
    """The captions that photos show; see album/catalogue_captions.py."""

    def texts_of(self, photo_ids: Sequence[int]) -> dict[int, tuple[int, str]]: ...

    def parts_of(
        self, photo_ids: Sequence[int], embedder: str
    ) -> dict[int, tuple[str, str, bytes | None]]: ...


class FactSource(Protocol):
    """Single facts about the album; see album/catalogue_facts.py."""

    def get(self, name: str) -> str | None: ...

    def set(self, name: str, value: str | None) -> None: ...


class RejectionSource(Protocol):
    """What people took out of their searches; see album/catalogue_feedback.py."""

    def add(self, key: str, query: str, photo_id: int) -> None: ...

    def remove(self, key: str, photo_id: int) -> bool: ...

    def clear(self, key: str | None = None) -> int: ...

    def photo_ids(self, key: str) -> frozenset[int]: ...

    def vectors(self, key: str, embedder: str) -> NDArray[np.float32]: ...

    def all(self) -> list[RejectedPhotos]: ...


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
    def text_models(self) -> TextModelSource: ...

    @property
    def photos(self) -> PhotoSource: ...

    @property
    def words(self) -> WordSource: ...

    @property
    def filters(self) -> FilterSource: ...

    @property
    def rejections(self) -> RejectionSource: ...
