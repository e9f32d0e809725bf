"""What the album holds, for the page's suggestions and filters."""

from __future__ import annotations

import json

from fastapi import APIRouter, Request
from starlette.responses import Response

from ui import checks
from ui.files import with_etag
from ui.needs import AlbumFacets


def facet_routes(facets: AlbumFacets | None) -> APIRouter:
    """`GET /api/facets`: {"places": [["Lisbon, Portugal", 12], …], …}."""
    router = APIRouter()

    @router.get("/api/facets")
    def all_facets(request: Request) -> Response:
        held = {} if facets is None else facets.all()
        content = checks.showable(
            json.dumps(held, ensure_ascii=False, separators=(",", ":"))
        )
        return with_etag(
            request, content.encode(), "application/json", "private, no-cache"
        )

    return router
