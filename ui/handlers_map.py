"""What the map asks for: where the photos are, and the tiles of a street map."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from ui import checks, wire
from ui.errors import BadRequest, NotFound
from ui.map_tiles import DEEPEST, TileFile
from ui.needs import Album


class MapHandlers:
    """The map's doors. Each value that comes in is checked."""

    def __init__(self, library: Album, tiles: TileFile | None) -> None:
        self._library = library
        self._tiles = tiles

    def positions(self) -> bytes:
        """Every position; see `wire.pack_positions`."""
        return wire.pack_positions(self._library.positions())

    def tile_facts(self) -> dict[str, Any]:
        """`mime` is null where there is no street map."""
        return {"mime": None} if self._tiles is None else asdict(self._tiles.facts)

    def tile(self, zoom: object, x: object, y: object) -> tuple[bytes | None, str]:
        """One tile, or None where the map has none, and its MIME type."""
        level = checks.number(zoom, "A zoom level")
        column, row = checks.number(x, "A column"), checks.number(y, "A row")
        if not 0 <= level <= DEEPEST:
            raise BadRequest(f"A zoom level is a number from 0 to {DEEPEST}.")
        if not (0 <= column < 2**level and 0 <= row < 2**level):
            raise BadRequest("There is no such tile at this zoom level.")
        if self._tiles is None:
            raise NotFound("There is no street map; --map-tiles names one.")
        return self._tiles.tile(level, column, row), self._tiles.facts.mime
