"""The errors of the album, as one small tree.

AlbumError                   everything below; its text is fit to be read by a person
├── CatalogueError           the SQLite file cannot be used
│   ├── CatalogueBusy        another process holds the data folder
│   ├── CatalogueTooNew      written by a newer version of the program
│   └── CatalogueMissing     a reader was asked for, but there is no catalogue yet
├── PictureError             one file cannot be read as a picture; has .reason
├── CaptionError             one picture could not be captioned; has .reason
├── NoSuchAlbum              the album of that id was deleted, or never was
├── CaptionChanged           a caption was to be corrected that is not shown any more
├── ModelError               a model cannot be used at all
│   └── ModelUnavailable     no weights, no server; has .finished
└── UploadError              an uploaded file was refused; has .reason
    └── UploadNotStored      … through no fault of its own: a full disk
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from album.photo import WrittenCaption


class AlbumError(Exception):
    """Base of every error this room raises; its text is fit to be read by a person."""


class CatalogueError(AlbumError):
    """The catalogue cannot be used."""


class CatalogueBusy(CatalogueError):
    """Another process holds the data folder for writing."""


class CatalogueTooNew(CatalogueError):
    """The catalogue was written by a newer version of the program."""


class CatalogueMissing(CatalogueError):
    """A catalogue was to be read, but the data folder has none yet."""


class PictureError(AlbumError):
    """One file cannot be read as a picture. `reason` is one plain sentence."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class CaptionError(AlbumError):
    """One picture could not be captioned. `reason` is one plain sentence."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class CaptionChanged(AlbumError):
    """A person corrected a caption that had been replaced meanwhile."""


class NoSuchAlbum(AlbumError):
    """The album of that id was deleted, or never was."""


class ModelError(AlbumError):
    """A model cannot be used."""


class ModelUnavailable(ModelError):
    """A model cannot be used now: its weights could not be fetched, no server answers.

    `finished` holds the captions of the same batch that were done before, each under
    the place of its subject in the batch. They are to be kept; the other pictures went
    without an answer through no fault of theirs, and are to be tried again.
    """

    def __init__(
        self, reason: str = "", *, finished: Mapping[int, WrittenCaption] | None = None
    ) -> None:
        super().__init__(reason)
        self.finished: dict[int, WrittenCaption] = dict(finished or {})


class UploadError(AlbumError):
    """An uploaded file was refused. `reason` is one plain sentence."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class UploadNotStored(UploadError):
    """An upload could not be kept, as on a full disk; it may be sent again."""

    def __init__(self, why: str | None) -> None:
        super().__init__(f"It could not be stored: {why}.")
