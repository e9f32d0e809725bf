"""A street map from a PMTiles file of one's own: the tiles, and whose data they are.

The file is read where it lies; nothing of it is fetched from anywhere.
"""

from __future__ import annotations

import hashlib
import json
import mmap
import re
import zlib
from dataclasses import dataclass
from functools import lru_cache
from gzip import BadGzipFile
from html import unescape
from pathlib import Path
from typing import Any

from pmtiles.tile import (
    Compression,
    Entry,
    MagicNumberNotFound,
    SpecVersionUnsupported,
    TileType,
    deserialize_directory,
    deserialize_header,
    find_tile,
    zxy_to_tileid,
)

from album.errors import AlbumError

DEEPEST = 22  # zoom levels; beyond it nobody makes tiles
_KINDS = {
    TileType.PNG: "image/png",
    TileType.JPEG: "image/jpeg",
    TileType.WEBP: "image/webp",
    TileType.AVIF: "image/avif",
    TileType.MVT: "application/vnd.mapbox-vector-tile",
}
_HEADER_BYTES = 127
_MOST_TILE_BYTES = 8_000_000
_MOST_METADATA_BYTES = 4_000_000
_DIRECTORIES = 64  # kept as read; one may lead to some thousand tiles
_MAX_DEPTH = 4
_ATTRIBUTION_CHARS = 200
_UNREADABLE = (
    OSError, EOFError, ValueError, KeyError, TypeError, IndexError, zlib.error,
    BadGzipFile, MagicNumberNotFound, SpecVersionUnsupported,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class TileFacts:
    """What a page needs to know of the tiles. `mime` of every tile, zoom levels there
    are, whose data it is (plain text), and a version that changes with the file."""

    mime: str
    min_zoom: int
    max_zoom: int
    attribution: str
    version: str


class TileFile:
    """An open PMTiles file. Any thread may ask for tiles."""

    def __init__(self, path: Path) -> None:
        """Raises AlbumError: not there, not PMTiles 3, or packed in a way not known."""
        try:
            with path.open("rb") as file:
                self._bytes = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
            self._header = deserialize_header(self._read(0, _HEADER_BYTES))
            self._directory = lru_cache(_DIRECTORIES)(self._directory_at)
            self._directory(self._header["root_offset"], self._header["root_length"])
            self.facts = self._facts(path)
        except _UNREADABLE as error:
            raise AlbumError(
                f"{path} cannot be read as a PMTiles file (version 3)."
            ) from error
        if self._header["tile_compression"] not in (Compression.NONE, Compression.GZIP):
            raise AlbumError(f"{path}: its tiles are packed in a way not known here.")
        if not self.facts.mime:
            raise AlbumError(
                f"{path}: its tiles are neither pictures (PNG, JPEG, WebP, AVIF) nor "
                "Mapbox vector tiles."
            )

    def tile(self, zoom: int, x: int, y: int) -> bytes | None:
        """One tile, unpacked, or None where there is none. x and y from the upper left,
        below 2**zoom. Raises AlbumError where the file is damaged."""
        try:
            found = self._find(zxy_to_tileid(zoom, x, y))
            if found is None:
                return None
            offset = self._header["tile_data_offset"] + found.offset
            return self._unpacked(self._read(offset, found.length))
        except _UNREADABLE as error:
            raise AlbumError("The map file is damaged at this place.") from error

    def _read(self, offset: int, length: int) -> bytes:
        return self._bytes[offset : offset + length]

    def _find(self, tile_id: int) -> Entry | None:
        offset, length = self._header["root_offset"], self._header["root_length"]
        for _ in range(_MAX_DEPTH):
            found = find_tile(self._directory(offset, length), tile_id)
            if found is None or found.run_length:
                return found
            offset = self._header["leaf_directory_offset"] + found.offset
            length = found.length
        return None

    def _directory_at(self, offset: int, length: int) -> list[Entry]:
        return deserialize_directory(self._read(offset, length))

    def _unpacked(self, content: bytes) -> bytes:
        if self._header["tile_compression"] is not Compression.GZIP:
            return content
        return _gunzip(content, _MOST_TILE_BYTES)

    def _facts(self, path: Path) -> TileFacts:
        header, status = self._header, path.stat()
        stamp = f"{status.st_size} {status.st_mtime_ns}".encode()
        return TileFacts(
            mime=_KINDS.get(header["tile_type"], ""),
            min_zoom=min(header["min_zoom"], DEEPEST),
            max_zoom=min(header["max_zoom"], DEEPEST),
            attribution=plain_text(self._metadata().get("attribution")),
            version=hashlib.sha256(stamp).hexdigest()[:12],
        )

    def _metadata(self) -> dict[str, Any]:
        header = self._header
        content = self._read(header["metadata_offset"], header["metadata_length"])
        if header["internal_compression"] is Compression.GZIP and content:
            content = _gunzip(content, _MOST_METADATA_BYTES)
        found = json.loads(content or b"{}")
        return found if isinstance(found, dict) else {}


def plain_text(markup: object) -> str:
    """An attribution as plain text; such files write it with links, in HTML."""
    if not isinstance(markup, str):
        return ""
    text = unescape(re.sub(r"<[^<>]*>", " ", markup[: 10 * _ATTRIBUTION_CHARS]))
    return " ".join(text.split())[:_ATTRIBUTION_CHARS]


def _gunzip(content: bytes, most: int) -> bytes:
    """Unpacked. Raises ValueError where that would be more than `most` bytes."""
    unpacker = zlib.decompressobj(wbits=31)
    unpacked = unpacker.decompress(content, most)
    if unpacker.unconsumed_tail:
        raise ValueError("a packed piece of the file is far too large")
    return unpacked
