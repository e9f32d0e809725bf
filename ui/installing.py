"""What lets the page be installed like an app: its name, its icons, its colours.

There is no service worker: it would keep copies of a private album's pages in a cache.
"""

from __future__ import annotations

import json

from fastapi import APIRouter, Request
from starlette.responses import Response

from ui.files import Assets, with_etag

_MANIFEST = "app.webmanifest"
_FAVICON = "icons/favicon-48.png"
_ASK_AGAIN = "private, no-cache"
_PAGE_COLOUR = "#ffffff"
"""--page of tokens.css in the light; theme.js follows what is shown."""


def installing_routes(assets: Assets) -> APIRouter:
    """GET /manifest.json and /favicon.ico: Gradio's page asks for them by these names,
    and would get Gradio's own."""
    router = APIRouter()
    manifest = json.loads(assets.files[_MANIFEST])
    for icon in manifest["icons"]:
        icon["src"] = assets.address(icon["src"])
    content = json.dumps(manifest).encode()

    @router.get("/manifest.json")
    def app_manifest(request: Request) -> Response:
        return with_etag(request, content, "application/manifest+json", _ASK_AGAIN)

    @router.get("/favicon.ico")
    def favicon(request: Request) -> Response:
        return with_etag(request, assets.files[_FAVICON], "image/png", _ASK_AGAIN)

    return router


def installing_head(assets: Assets) -> list[str]:
    """The lines in the page's head."""
    icon = assets.address("icons/icon.svg")
    touch = assets.address("icons/apple-touch-icon.png")
    return [
        f'<link rel="manifest" href="{assets.address(_MANIFEST)}">',
        f'<link rel="icon" type="image/svg+xml" href="{icon}">',
        f'<link rel="apple-touch-icon" href="{touch}">',
        '<meta name="apple-mobile-web-app-title" content="Smart Album">',
        f'<meta name="theme-color" content="{_PAGE_COLOUR}">',
    ]
