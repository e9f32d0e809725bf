"""The addresses behind the views "Indexing" and "Settings"."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool

from ui.body import json_body
from ui.handlers_pages import IndexingPage, SettingsPage


def indexing_routes(page: IndexingPage) -> APIRouter:
    """How the album stands."""
    router = APIRouter()

    @router.get("/api/indexing")
    def indexing() -> dict[str, Any]:
        return page.look()

    @router.post("/api/scan")
    def scan() -> dict[str, Any]:
        return page.scan()

    return router


def settings_routes(page: SettingsPage) -> APIRouter:
    """What can be chosen."""
    router = APIRouter()

    @router.get("/api/choices")
    def choices() -> dict[str, Any]:
        return page.all()

    @router.post("/api/choices")
    async def choose(request: Request) -> dict[str, Any]:
        body = await json_body(request, "name", "value")
        return await run_in_threadpool(page.choose, body["name"], body["value"])

    return router
