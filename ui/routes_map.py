"""The addresses of the map."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from ui.files import with_etag
from ui.handlers_map import MapHandlers

_ASK_AGAIN = "private, no-cache"
_FOR_EVER = "private, max-age=31536000, immutable"


def map_routes(handlers: MapHandlers) -> APIRouter:
    """GET /api/map, /api/map/tiles and /api/map/tiles/{z}/{x}/{y}"""
    router = APIRouter()

    @router.get("/api/map")
    def positions(request: Request) -> Response:
        content = handlers.positions()
        return with_etag(request, content, "application/octet-stream", _ASK_AGAIN)

    @router.get("/api/map/tiles")
    def tile_facts() -> dict[str, Any]:
        return handlers.tile_facts()

    @router.get("/api/map/tiles/{zoom}/{x}/{y}")
    def tile(request: Request, zoom: str, x: str, y: str, v: str = "") -> Response:
        """The version in the address makes a tile good for ever."""
        content, mime = handlers.tile(zoom, x, y)
        caching = _FOR_EVER if v else _ASK_AGAIN
        if content is None:  # the sea, say
            return Response(status_code=204, headers={"cache-control": caching})
        return with_etag(request, content, mime, caching)

    return router
