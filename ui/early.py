"""Puts what is to be fetched early into the page itself.

Gradio sends its page as a frame that scripts fill, and what it is told to add to the
head is only added by those. So a few lines are put into the frame on its way out.
"""

from __future__ import annotations

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_HEAD = b"<head>"


class EarlyHead:
    """ASGI middleware: `lines` of HTML stand first in the head of the page at "/"."""

    def __init__(self, app: ASGIApp, *, lines: str) -> None:
        self._app = app
        self._lines = lines.encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on but the page, whose body (31 kB) is held until whole."""
        if scope["type"] != "http" or scope["path"] != "/" or scope["method"] != "GET":
            await self._app(scope, receive, send)
            return
        start: Message = {}
        body = b""

        async def insert(message: Message) -> None:
            nonlocal start, body
            if message["type"] == "http.response.start":
                start = message
                return
            if message["type"] != "http.response.body":
                await send(message)  # what a test's client is told beside it
                return
            body += message.get("body", b"")
            if message.get("more_body"):
                return
            headers = Headers(raw=start["headers"])
            plain = "content-encoding" not in headers
            if plain and headers.get("content-type", "").startswith("text/html"):
                body = body.replace(_HEAD, _HEAD + self._lines, 1)
                changed = MutableHeaders(raw=list(start["headers"]))
                changed["content-length"] = str(len(body))
                start["headers"] = changed.raw
            await send(start)
            await send({"type": "http.response.body", "body": body})

        await self._app(scope, receive, insert)
