"""What the page needs from the rest of the program, and nothing more.

`album.Library`, `album.Indexer` and `index.Search` fit these as they are; so do the
small stand-ins of the tests. Read-only properties, because frozen objects must fit.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Literal, Protocol

from album.photo import Caption, Photo
from album.progress import Progress
from album.timeline import Timeline
from album.uploads import Uploaded, UploadState

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

    def photo(self, photo_id: int, /) -> Photo | None: ...
    def timeline(self) -> Timeline: ...
    def history(self, photo_id: int, /) -> list[Caption]: ...
    def set_caption(self, photo_id: int, text: str, /) -> Caption: ...
    def undo_caption(self, photo_id: int, /) -> Caption | None: ...
    def thumbnail_of(self, photo: Photo, size: Size, /) -> bytes | None: ...
    def original(self, photo_id: int, /) -> OriginalFile | None: ...
    def upload(self, name: str, chunks: Iterable[bytes], /) -> Uploaded: ...
    def upload_state(self, file_id: int, /) -> UploadState | None: ...


class SearchHit(Protocol):
    """One photo that answers a query, and why."""

    @property
    def photo(self) -> Photo: ...
    @property
    def score(self) -> float: ...
    @property
    def reason(self) -> str: ...


class SearchFound(Protocol):
    """The answer to a query: the best hits, and how many match in all."""

    @property
    def query(self) -> str: ...
    @property
    def total(self) -> int: ...
    @property
    def hits(self) -> Sequence[SearchHit]: ...


class SearchEngine(Protocol):
    """Finds photos by a sentence."""

    def find(self, query: str, limit: int, /) -> SearchFound: ...


class FailedFile(Protocol):
    """A file that could not be read or captioned."""

    @property
    def name(self) -> str: ...
    @property
    def folder(self) -> str: ...
    @property
    def reason(self) -> str: ...
    @property
    def attempts(self) -> int: ...


class BackgroundIndexer(Protocol):
    """The work in the background."""

    def progress(self) -> Progress: ...
    def pause(self) -> None: ...
    def resume(self) -> None: ...
    def failures(self) -> Sequence[FailedFile]: ...
