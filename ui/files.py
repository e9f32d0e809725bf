"""Addresses of bytes: thumbnails, views, originals, and the page's own scripts.

Pictures are reached by their number alone. The browser may keep a picture for ever when
its address carries the version; whatever has no version is asked for again.
"""

from __future__ import annotations

import hashlib
import posixpath
import re
from pathlib import Path
from typing import Literal
from urllib.parse import quote

from fastapi import APIRouter, Request
from starlette.responses import FileResponse, Response, StreamingResponse

from album.pictures_location import without_location
from ui import checks
from ui.errors import NotFound
from ui.handlers import Handlers
from ui.styles import STYLES

SHEET = "page.css"
"""All sheets in one: 24 of them took 24 requests, and as many nodes of the page."""

_ASSETS = Path(__file__).parent / "assets"
_KINDS = {
    ".js": "text/javascript",
    ".css": "text/css",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".bin": "application/octet-stream",
    ".webmanifest": "application/manifest+json",
}

_IMPORT = re.compile(r'^(?:import|\}) [^"]*from "([^"]+)";$', re.MULTILINE)

_FOR_EVER = "private, max-age=31536000, immutable"
_ASK_AGAIN = "private, no-cache"

INLINE = frozenset(
    {"image/jpeg", "image/png", "image/webp", "image/gif", "image/bmp", "image/tiff",
     "image/heic", "image/heif", "image/avif"}
)  # fmt: skip
"""Types of originals a browser may show; anything else is only ever saved."""

_ORIGINAL_POLICY = (
    "default-src 'none'; sandbox; frame-ancestors 'none'; "
    # What a browser's own view of a single picture needs.
    "img-src 'self'; style-src 'unsafe-inline'"
)


class Assets:
    """The page's scripts and style, read once. `version` changes with any of them.

    They are named by their path below assets/, such as "map/view.js".
    """

    def __init__(self) -> None:
        paths = sorted(p for p in _ASSETS.rglob("*") if p.suffix in _KINDS)
        self.files = {
            path.relative_to(_ASSETS).as_posix(): path.read_bytes() for path in paths
        }
        self.files[SHEET] = b"\n".join(self.files[name] for name in STYLES)
        digest = hashlib.sha256()
        for name, content in self.files.items():
            digest.update(f"{name}\0{len(content)}\0".encode() + content)
        self.version = digest.hexdigest()[:12]

    def address(self, name: str) -> str:
        """Where the page finds a file. Scripts import each other below it."""
        return f"/ui/{self.version}/{name}"

    def needed_by(self, name: str) -> list[str]:
        """A script and all that it imports at once, by name; not what it imports only
        when a view is first shown."""
        needed, open_ends = set[str](), [name]
        while open_ends:
            script = open_ends.pop()
            if script in needed:
                continue
            needed.add(script)
            for found in _IMPORT.findall(self.files[script].decode()):
                open_ends.append(
                    posixpath.normpath(posixpath.join(posixpath.dirname(script), found))
                )
        return sorted(needed)


def asset_routes(assets: Assets) -> APIRouter:
    """GET /ui/{version}/{name}, where a name may hold folders."""
    router = APIRouter()

    @router.get("/ui/{version}/{name:path}")
    def asset(request: Request, version: str, name: str) -> Response:
        content = assets.files.get(name)
        if content is None:
            raise NotFound("There is nothing here.")
        caching = _FOR_EVER if version == assets.version else _ASK_AGAIN
        kind = _KINDS[Path(name).suffix]
        return with_etag(request, content, kind, caching)

    return router


def picture_routes(handlers: Handlers) -> APIRouter:
    """GET /t/{id}, /v/{id} (WebP) and /o/{id} (the original)"""
    router = APIRouter()

    def picture(
        request: Request, photo_id: str, size: Literal["thumbnail", "view"]
    ) -> Response:
        version = request.query_params.get("v")
        webp = handlers.picture(photo_id, size, version)
        caching = _ASK_AGAIN if version is None else _FOR_EVER
        return with_etag(request, webp, "image/webp", caching)

    @router.get("/t/{photo_id}")
    def thumbnail(request: Request, photo_id: str) -> Response:
        return picture(request, photo_id, "thumbnail")

    @router.get("/v/{photo_id}")
    def view(request: Request, photo_id: str) -> Response:
        return picture(request, photo_id, "view")

    @router.get("/o/{photo_id}")
    def original(photo_id: str, download: str = "", location: str = "1") -> Response:
        """The file as it is; with location=0, without its position."""
        whole = checks.flag(location, "location")
        found = handlers.original(photo_id)
        inline = found.mime in INLINE
        kind = found.mime if inline else "application/octet-stream"
        attachment = bool(download) or not inline
        headers = {
            "content-disposition": disposition(found.name, attachment=attachment),
            "content-security-policy": _ORIGINAL_POLICY,
            "cache-control": _ASK_AGAIN,
        }
        if whole:
            return FileResponse(found.path, media_type=kind, headers=headers)
        copy = without_location(found.path)
        headers["content-length"] = str(copy.size)
        return StreamingResponse(copy.pieces(), media_type=kind, headers=headers)

    return router


def with_etag(request: Request, content: bytes, kind: str, caching: str) -> Response:
    """The content, or 304 when the browser has it already."""
    etag = f'"{hashlib.sha256(content).hexdigest()[:24]}"'
    headers = {"etag": etag, "cache-control": caching}
    if etag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(content, media_type=kind, headers=headers)


def disposition(name: str, *, attachment: bool) -> str:
    """A Content-Disposition for any file name (RFC 6266): plain ASCII, and the exact
    name in UTF-8 beside it. Never a line break, a quote or a path in it."""
    exact = "".join(c for c in name if c.isprintable() and c not in "/\\") or "photo"
    plain = "".join(c if c.isascii() and c not in '"%;' else "_" for c in exact)
    encoded = quote(exact.encode("utf-8", "replace"), safe="")
    kind = "attachment" if attachment else "inline"
    return f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{encoded}"
