"""Our addresses below /api for albums, and for the photos that a person selected."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response, StreamingResponse

from ui.body import json_body
from ui.files import disposition, with_etag
from ui.handlers_albums import AlbumHandlers
from ui.handlers_selection import MAX_REMOVED, Selecting

_BINARY = "application/octet-stream"
_ASK_AGAIN = "private, no-cache"
_FORMS = {"json": "application/json", "csv": "text/csv; charset=utf-8"}


def album_routes(albums: AlbumHandlers) -> APIRouter:
    """What is seen of albums, and what changes them."""
    router = APIRouter()
    _change_albums(router, albums)

    @router.get("/api/albums")
    def every() -> dict[str, Any]:
        return albums.all()

    @router.get("/api/albums/{album_id}")
    def one(album_id: str) -> dict[str, Any]:
        return albums.one(album_id)

    @router.get("/api/albums/{album_id}/timeline")
    def timeline(request: Request, album_id: str) -> Response:
        content = albums.timeline(album_id)
        return with_etag(request, content, _BINARY, _ASK_AGAIN)

    @router.get("/api/favourites/timeline")
    def favourites(request: Request) -> Response:
        return with_etag(request, albums.favourites(), _BINARY, _ASK_AGAIN)

    return router


def _change_albums(router: APIRouter, albums: AlbumHandlers) -> None:
    @router.post("/api/albums")
    async def create(request: Request) -> dict[str, Any]:
        body = await json_body(request, "name")
        return await run_in_threadpool(
            albums.create, body["name"], body.get("query"), body.get("ids")
        )

    @router.post("/api/albums/{album_id}/rename")
    async def rename(request: Request, album_id: str) -> dict[str, Any]:
        body = await json_body(request, "name")
        return await run_in_threadpool(albums.rename, album_id, body["name"])

    @router.post("/api/albums/{album_id}/delete", status_code=204)
    def delete(album_id: str) -> Response:
        albums.delete(album_id)
        return Response(status_code=204)

    @router.post("/api/albums/{album_id}/add")
    async def add(request: Request, album_id: str) -> dict[str, Any]:
        body = await json_body(request, "ids")
        return await run_in_threadpool(albums.add, album_id, body["ids"])

    @router.post("/api/albums/{album_id}/remove")
    async def remove(request: Request, album_id: str) -> dict[str, Any]:
        body = await json_body(request, "ids")
        return await run_in_threadpool(albums.remove, album_id, body["ids"])

    @router.post("/api/albums/{album_id}/cover")
    async def cover(request: Request, album_id: str) -> dict[str, Any]:
        body = await json_body(request, "photo")
        return await run_in_threadpool(albums.set_cover, album_id, body["photo"])


def selection_routes(selecting: Selecting) -> APIRouter:
    """What is done to many photos at once, and the photos that were taken out."""
    router = APIRouter()
    _send_files(router, selecting)

    @router.post("/api/photos/remove")
    async def remove(request: Request) -> dict[str, Any]:
        body = await json_body(request, "ids")
        return await run_in_threadpool(selecting.remove, body["ids"])

    @router.post("/api/photos/restore")
    async def restore(request: Request) -> dict[str, Any]:
        body = await json_body(request, "ids")
        return await run_in_threadpool(selecting.restore, body["ids"])

    @router.get("/api/removed")
    def removed(limit: str = str(MAX_REMOVED), offset: str = "0") -> dict[str, Any]:
        return selecting.removed(limit, offset)

    @router.get("/api/removed/{photo_id}/thumbnail")
    def thumbnail(request: Request, photo_id: str) -> Response:
        webp = selecting.removed_thumbnail(photo_id)
        return with_etag(request, webp, "image/webp", _ASK_AGAIN)

    @router.post("/api/photos/favourite")
    async def favourite(request: Request) -> dict[str, Any]:
        body = await json_body(request, "ids", "favourite")
        return await run_in_threadpool(
            selecting.set_favourite, body["ids"], body["favourite"]
        )

    @router.post("/api/photos/caption-again")
    async def caption_again(request: Request) -> dict[str, Any]:
        body = await json_body(request, "ids")
        return await run_in_threadpool(selecting.caption_again, body["ids"])

    return router


def _send_files(router: APIRouter, selecting: Selecting) -> None:
    @router.post("/api/photos/captions")
    async def captions(request: Request) -> Response:
        body = await json_body(request, "ids", "as")
        form = body["as"]
        content = await run_in_threadpool(selecting.captions, body["ids"], form)
        return _attached(content, f"captions.{form}", _FORMS[str(form)])

    @router.post("/api/photos/zip")
    async def pack(request: Request) -> dict[str, Any]:
        body = await json_body(request, "ids")
        return await run_in_threadpool(selecting.pack, body["ids"])

    @router.get("/api/photos/zip/{token}")
    def packed(token: str) -> Response:
        size, chunks = selecting.packed(token)
        headers = _saved("photos.zip") | {"content-length": str(size)}
        return StreamingResponse(chunks, media_type="application/zip", headers=headers)


def _attached(content: bytes, name: str, kind: str) -> Response:
    return Response(content, media_type=kind, headers=_saved(name))


def _saved(name: str) -> dict[str, str]:
    return {
        "content-disposition": disposition(name, attachment=True),
        "cache-control": "no-store",
    }
