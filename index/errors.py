"""The errors of searching, below the album's own AlbumError.

SearchError              everything below; its text is fit to be read by a person
├── EmbedderUnavailable  the text model's files are not here, or are not the right ones
├── EmbeddingError       a vector that cannot be used: NaN, Inf, zero, wrong width
├── IndexDamaged         an index file that must be thrown away; nothing is lost by it
└── BuildStopped         an index that was being built is not needed any more
"""

from __future__ import annotations

from album.errors import AlbumError, ModelUnavailable


class SearchError(AlbumError):
    """Base of every error this room raises; its text is fit to be read by a person."""


class EmbedderUnavailable(SearchError, ModelUnavailable):
    """The text model cannot be used: its files are missing or altered."""


class EmbeddingError(SearchError):
    """A vector is not finite, has no direction, or has the wrong width."""


class IndexDamaged(SearchError):
    """An index file fails its checks. It is a cache: rebuild it from the catalogue."""


class BuildStopped(SearchError):
    """An index that was being built is not needed any more."""
