"""What the page needs from the rest of the program, and nothing more.

`album.Library`, `album.Indexer` and `index.Search` fit these as they are; so do the
small stand-ins of the tests. Read-only properties, because frozen objects must fit.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Literal, Protocol

from album.catalogue_feedback import RejectedPhotos
from album.choices import Choice
from album.describing import Described
from album.photo import Caption, Photo
from album.positions import Positions
from album.progress import Progress
from album.standing import Standing
from album.timeline import Timeline
from album.uploads import Uploaded, UploadState
from index.exemplar import Like
from index.found import Found, Order
from ui.needs_albums import Collections, ManyPhotos

Size = Literal["thumbnail", "view"]


class PageSettings(Protocol):
    """The settings that the page reads."""

    @property
    def host(self) -> str: ...
    @property
    def port(self) -> int: ...
    @property
    def max_upload_mb(self) -> int: ...
    @property
    def map_tiles(self) -> Path | None: ...
    @property
    def allowed_hosts(self) -> tuple[str, ...]: ...


class OriginalFile(Protocol):
    """An original that may be sent now."""

    @property
    def path(self) -> Path: ...
    @property
    def mime(self) -> str: ...
    @property
    def name(self) -> str: ...


class Album(Protocol):
    """The photos, their captions and files, and the way in for uploads."""

    @property
    def albums(self) -> Collections: ...
    @property
    def many(self) -> ManyPhotos: ...

    def photo(self, photo_id: int, /) -> Photo | None: ...
    def timeline(self) -> Timeline: ...
    def positions(self) -> Positions: ...
    def history(self, photo_id: int, /) -> list[Caption]: ...
    def set_caption(
        self, photo_id: int, text: str, seen: int | None = None, /
    ) -> Caption: ...
    def undo_caption(self, photo_id: int, /) -> Caption | None: ...
    def caption_again(self, photo_id: int, /) -> Photo: ...
    def by_captioner(self) -> dict[str, int]: ...
    def set_favourite(self, photo_id: int, favourite: bool, /) -> Photo: ...
    def thumbnail_of(self, photo: Photo, size: Size, /) -> bytes | None: ...
    def original(self, photo_id: int, /) -> OriginalFile | None: ...
    def upload(self, name: str, chunks: Iterable[bytes], /) -> Uploaded: ...
    def known_uploads(self, content_hashes: Sequence[str], /) -> dict[str, int]: ...
    def describe(self, chunks: Iterable[bytes], /) -> Described: ...
    def upload_state(self, file_id: int, /) -> UploadState | None: ...


class AlbumFacets(Protocol):
    """What the album holds, with counts."""

    def all(self) -> dict[str, list[tuple[str, int]]]: ...


class SearchFeedback(Protocol):
    """The photos that people took out of their searches."""

    def reject(self, query: str, photo_id: int, /) -> None: ...
    def take_back(self, query: str, photo_id: int, /) -> bool: ...
    def reset(self) -> int: ...
    def all(self) -> list[RejectedPhotos]: ...


class SearchEngine(Protocol):
    """Finds photos by a sentence. `text_model` is whose vectors it compares, unless
    that is the built-in one."""

    @property
    def text_model(self) -> str | None: ...

    @property
    def feedback(self) -> SearchFeedback: ...

    def find(
        self,
        query: str,
        limit: int,
        /,
        *,
        order: Order = ...,
        weak: bool = ...,
        offset: int = ...,
        like: Like | None = ...,
        folder: str | None = ...,
        album: int | None = ...,
        counted: bool = ...,
    ) -> Found:
        """`weak`: also those that are only weakly like it, behind all others. `offset`:
        so many are left out in front. `counted`: the total is no lower bound."""
        ...


class FailedFile(Protocol):
    """A file that could not be read, or a photo that could not be captioned: then
    `photo_id` says which and `captioner` by whom."""

    @property
    def name(self) -> str: ...
    @property
    def folder(self) -> str: ...
    @property
    def reason(self) -> str: ...
    @property
    def attempts(self) -> int: ...
    @property
    def photo_id(self) -> int | None: ...
    @property
    def captioner(self) -> str: ...


class BackgroundIndexer(Protocol):
    """The work in the background."""

    def progress(self) -> Progress: ...
    def pause(self) -> None: ...
    def resume(self) -> None: ...
    def failures(self) -> Sequence[FailedFile]: ...
    def retry_failures(self) -> int: ...
    def look_at(self, photo_ids: Sequence[int], /) -> None: ...
    def request_scan(self) -> None: ...


class AlbumSurvey(Protocol):
    """One look at how the album stands."""

    def look(self) -> Standing: ...


class PageChoices(Protocol):
    """What a person may choose on the page; `choose` raises AlbumError."""

    def all(self) -> Sequence[Choice]: ...
    def choose(self, name: str, value: str | None, /) -> Choice: ...
