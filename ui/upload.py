"""POST /api/upload: one file a request, its bytes as the body, streamed to the library.
POST /api/upload/known: which of up to 500 contents need not be sent.
POST /api/describe: the same way for a picture that is only searched by, and not kept.

Nothing is held in memory or in a temporary file of the web server: the library's thread
asks for the next chunk, and the event loop hands it over.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Any

import anyio.from_thread
import anyio.to_thread
from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse, Response

from album.errors import UploadError, UploadNotStored
from ui.body import json_body
from ui.guard import DESCRIBE_PATH, UPLOAD_PATH
from ui.handlers import Handlers
from ui.handlers_upload import Uploading

MAX_AT_ONCE = 6
"""Uploads taken in at the same time by the whole server; others wait for their turn.
A page sends three at a time."""
DESCRIBED_AT_ONCE = 2


def upload_routes(uploading: Uploading) -> APIRouter:
    """POST /api/upload?name=…, POST /api/upload/known, GET /api/uploads?ids=…"""
    router = APIRouter()
    threads = anyio.CapacityLimiter(MAX_AT_ONCE)

    @router.post(UPLOAD_PATH)
    async def upload(request: Request, name: str = "") -> Response:
        """Answers once the file is safely stored; 422 with the reason if refused, 507
        if there is no room for it."""
        chunks = request.stream()

        def take() -> dict[str, Any]:
            uploaded = uploading.upload(name, _arriving(chunks))
            return {
                "file_id": uploaded.file_id,
                "photo_id": uploaded.photo_id,
                "duplicate": uploaded.duplicate,
            }

        try:
            return JSONResponse(await anyio.to_thread.run_sync(take, limiter=threads))
        except UploadNotStored as error:
            return JSONResponse({"error": error.reason}, 507)
        except UploadError as error:
            return JSONResponse({"error": error.reason}, 422)
        except ClientDisconnect:
            return Response(status_code=400)  # nobody is there to read it

    @router.get("/api/uploads")
    def states(ids: str = "") -> list[dict[str, Any]]:
        return uploading.states(ids)

    @router.post(f"{UPLOAD_PATH}/known")
    async def known(request: Request) -> dict[str, Any]:
        body = await json_body(request, "hashes")
        return await run_in_threadpool(uploading.known, body["hashes"])

    return router


def describing_routes(handlers: Handlers) -> APIRouter:
    """POST /api/describe"""
    router = APIRouter()
    # Apart from uploads: waiting for a large model must not hold those up.
    threads = anyio.CapacityLimiter(DESCRIBED_AT_ONCE)

    @router.post(DESCRIBE_PATH)
    async def describe(request: Request) -> Response:
        """What the picture shows; 422 with the reason if it cannot be read."""
        chunks = request.stream()

        def take() -> dict[str, Any]:
            return handlers.describe(_arriving(chunks))

        try:
            return JSONResponse(await anyio.to_thread.run_sync(take, limiter=threads))
        except ClientDisconnect:
            return Response(status_code=400)

    return router


def _arriving(chunks: AsyncIterator[bytes]) -> Iterator[bytes]:
    """The chunks of a body, in the thread that stores them, as they come."""

    async def arrives() -> bytes | None:
        return await anext(chunks, None)

    while (chunk := anyio.from_thread.run(arrives)) is not None:
        yield chunk
