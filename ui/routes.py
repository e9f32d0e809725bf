"""Our own addresses below /api, and /health. Each one calls one handler."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from ui.body import json_body
from ui.files import with_etag
from ui.handlers import Handlers
from ui.handlers_marks import Marks
from ui.handlers_search import DEFAULT_HITS

_WISHES = ("limit", "order", "weak", "offset", "folder", "album", "counted")


def looking_routes(handlers: Handlers) -> APIRouter:
    """What only reads."""
    router = APIRouter()

    @router.get("/health")
    def health() -> dict[str, str]:
        return {"status": "ok"}

    @router.get("/api/timeline")
    def timeline(request: Request) -> Response:
        content = handlers.timeline()
        return with_etag(
            request, content, "application/octet-stream", "private, no-cache"
        )

    @router.get("/api/cells")
    def cells(ids: str = "") -> list[dict[str, Any]]:
        return handlers.cells(ids)

    @router.get("/api/photo/{photo_id}")
    def photo(photo_id: str) -> dict[str, Any]:
        return handlers.photo(photo_id)

    @router.get("/api/progress")
    def progress() -> dict[str, Any]:
        return handlers.progress()

    @router.get("/api/failures")
    def failures() -> dict[str, Any]:
        return handlers.failures()

    @router.get("/api/captioners")
    def captioners() -> dict[str, Any]:
        return handlers.captioners()

    return router


def searching_routes(handlers: Handlers) -> APIRouter:
    """What finds photos."""
    router = APIRouter()

    @router.get("/api/search")
    def search(
        q: str = "",
        limit: str = str(DEFAULT_HITS),
        order: str = "relevance",
        weak: str = "0",
        offset: str = "0",
        like: str | None = None,
        folder: str | None = None,
        album: str | None = None,
        counted: str = "0",
    ) -> dict[str, Any]:
        return handlers.search(
            q, limit, order, weak,
            offset=offset, like=like, folder=folder, album=album, counted=counted,
        )  # fmt: skip

    @router.post("/api/search")
    async def search_by_picture(request: Request) -> dict[str, Any]:
        """Like a picture that was described; no address could hold the description."""
        body = await json_body(request, "picture")
        wish = {name: body[name] for name in _WISHES if name in body}
        return await run_in_threadpool(
            handlers.search, body.get("q", ""), **wish, picture=body["picture"] or {}
        )

    return router


def changing_routes(handlers: Handlers) -> APIRouter:
    """What changes something: POST only, and JSON where there is a body."""
    router = APIRouter()

    @router.post("/api/photo/{photo_id}/caption")
    async def set_caption(request: Request, photo_id: str) -> dict[str, Any]:
        body = await json_body(request, "text")
        return await run_in_threadpool(
            handlers.set_caption, photo_id, body["text"], body.get("seen")
        )

    @router.post("/api/photo/{photo_id}/caption/undo")
    def undo_caption(photo_id: str) -> dict[str, Any]:
        return handlers.undo_caption(photo_id)

    @router.post("/api/photo/{photo_id}/caption/again")
    def caption_again(photo_id: str) -> dict[str, Any]:
        return handlers.caption_again(photo_id)

    @router.post("/api/failures/retry")
    def retry_failures() -> dict[str, Any]:
        return handlers.retry_failures()

    @router.post("/api/looking", status_code=204)
    async def looking(request: Request) -> Response:
        body = await json_body(request, "ids")
        await run_in_threadpool(handlers.look_at, body["ids"])
        return Response(status_code=204)

    @router.post("/api/pause")
    def pause() -> dict[str, Any]:
        return handlers.pause()

    @router.post("/api/resume")
    def resume() -> dict[str, Any]:
        return handlers.resume()

    return router


def marking_routes(marks: Marks) -> APIRouter:
    """What a person says of photos."""
    router = APIRouter()

    @router.post("/api/photo/{photo_id}/favourite")
    async def favourite(request: Request, photo_id: str) -> dict[str, Any]:
        body = await json_body(request, "favourite")
        return await run_in_threadpool(marks.set_favourite, photo_id, body["favourite"])

    @router.get("/api/feedback")
    def taken_out() -> dict[str, Any]:
        return marks.taken_out()

    @router.post("/api/feedback/reject", status_code=204)
    async def reject(request: Request) -> Response:
        body = await json_body(request, "query", "photo")
        await run_in_threadpool(marks.reject, body["query"], body["photo"])
        return Response(status_code=204)

    @router.post("/api/feedback/take-back")
    async def take_back(request: Request) -> dict[str, Any]:
        body = await json_body(request, "query", "photo")
        return await run_in_threadpool(marks.take_back, body["query"], body["photo"])

    @router.post("/api/feedback/reset")
    def reset() -> dict[str, Any]:
        return marks.reset()

    return router
