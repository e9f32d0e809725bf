"""The guard in front of everything: who may ask, for what, and how much they may send.

Gradio by itself answers any website that a person in the same network opens: it
reflects every Origin with credentials on hosts other than localhost. So the album
decides before Gradio sees a request. Pure ASGI, because a response must not be buffered
and a body must be counted while it arrives.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

logger = logging.getLogger(__name__)

MAX_BODY_BYTES = 1_000_000
"""Of every body but a picture: the largest is a caption, 2,000 characters."""

BODY_TIMEOUT_S = 30.0
"""Longest silence while a body arrives; a half-open request is given up after it."""

UPLOAD_PATH = "/api/upload"
DESCRIBE_PATH = "/api/describe"

LOOPBACK = ("localhost", "127.0.0.1", "::1")

CONTENT_SECURITY_POLICY = (
    "default-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; "
    "font-src 'self' data:; style-src 'self' 'unsafe-inline'; "
    # Gradio's page has inline scripts, and gr.HTML makes its js_on_load a Function.
    "script-src 'self' 'unsafe-inline' 'unsafe-eval'; connect-src 'self'; "
    "object-src 'none'; frame-ancestors 'none'; base-uri 'self'; form-action 'self'"
)

HEADERS = {
    "content-security-policy": CONTENT_SECURITY_POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=()",
}

# What the page uses, found by watching a browser; everything else of Gradio is closed:
# its files, proxies, uploads, queue, run history, schema and monitoring.
_EXACT = frozenset(
    {
        "/", "/health", "/config", "/theme.css", "/favicon.ico", "/manifest.json",
        "/robots.txt", "/gradio_api/run/predict",
    }
)  # fmt: skip
_BELOW = ("/api/", "/t/", "/v/", "/o/", "/ui/", "/assets/", "/static/", "/svelte/")


class Guard:
    """ASGI middleware; see the module. Answers by itself whatever it refuses."""

    def __init__(
        self, app: ASGIApp, *, hosts: Iterable[str], max_upload_bytes: int
    ) -> None:
        """`hosts`: names this album is reached by, besides those of the loopback."""
        self._app = app
        self._hosts = frozenset(LOOPBACK) | {host.lower().strip("[]") for host in hosts}
        self._max_upload_bytes = max_upload_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse, or pass on with a counted body and with our headers on the answer."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1008})  # the page uses none
            return
        answer = _Answer(send)
        refusal = self._refusal(scope)
        if refusal is not None:
            status, reason = refusal
            await _refuse(status, reason)(scope, receive, answer)
            return
        body = _Body(receive, self._longest_body(scope))
        try:
            await self._app(scope, body, answer)
        except HTTPException as error:
            if not answer.started:
                refused = _refuse(error.status_code, error.detail)
                await refused(scope, receive, answer)
        except Exception:  # the last door: log it, tell the browser nothing of it
            logger.exception("no answer to %s %r", scope["method"], scope["path"])
            if not answer.started:
                reason = "Something went wrong; the log says what."
                await _refuse(500, reason)(scope, receive, answer)

    def _refusal(self, scope: Scope) -> tuple[int, str] | None:
        headers = Headers(scope=scope)
        host = headers.get("host", "")
        if _name_of(host) not in self._hosts:
            return 400, "This album is not known by that host name."
        if not _same_site(scope, headers, host):
            return 403, "Another website may not ask this album."
        path = scope["path"]
        if path not in _EXACT and not path.startswith(_BELOW):
            return 404, "There is nothing here."
        if ".." in path or "\\" in path or "\x00" in path:
            return 404, "There is nothing here."
        length = headers.get("content-length", "0")
        if not length.isascii() or not length.isdigit():
            return 400, "The length of the body is not a number."
        if int(length) > self._longest_body(scope):
            return 413, "That is larger than this album takes."
        return None

    def _longest_body(self, scope: Scope) -> int:
        upload = scope["path"] in (UPLOAD_PATH, DESCRIBE_PATH)
        return self._max_upload_bytes if upload else MAX_BODY_BYTES


class _Body:
    """Counts what arrives, and gives up on a body that is too long or falls silent."""

    def __init__(self, receive: Receive, longest: int) -> None:
        self._receive = receive
        self._left = longest
        self._complete = False

    async def __call__(self) -> Message:
        if self._complete:
            return await self._receive()  # now it waits for a disconnect: no hurry
        try:
            message = await asyncio.wait_for(self._receive(), BODY_TIMEOUT_S)
        except TimeoutError:
            raise HTTPException(408, "The rest of the body did not come.") from None
        self._left -= len(message.get("body", b""))
        if self._left < 0:
            raise HTTPException(413, "That is larger than this album takes.")
        self._complete = not message.get("more_body", False)
        return message


class _Answer:
    """Puts our headers on an answer, and knows whether it has begun."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.started = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.started = True
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
        await self._send(message)


def _refuse(status: int, reason: str) -> JSONResponse:
    return JSONResponse({"error": reason}, status, {"cache-control": "no-store"})


def _same_site(scope: Scope, headers: Headers, host: str) -> bool:
    """Whether a request comes from the album's own page, or from no page at all.

    A browser sends Origin with every POST and Sec-Fetch-Site with everything; other
    programs send neither, and no website can make a browser leave them out. "none" is
    an address typed or bookmarked. Only a link to the page itself may be followed from
    elsewhere: then the other site sees nothing of the answer.
    """
    origin = headers.get("origin")
    if origin is not None and not _is_same_origin(origin, host):
        return False
    site = headers.get("sec-fetch-site", "none")
    if site in ("same-origin", "none"):
        return True
    return (
        scope["path"] == "/"
        and scope["method"] in ("GET", "HEAD")
        and headers.get("sec-fetch-mode") == "navigate"
    )


def _is_same_origin(origin: str, host: str) -> bool:
    """Compares names and ports; the scheme may differ behind a proxy that adds TLS."""
    try:
        parts = urlsplit(origin)
    except ValueError:
        return False
    if parts.scheme not in ("http", "https"):
        return False  # "null" too: a sandboxed frame or a file
    default = ":80" if parts.scheme == "http" else ":443"
    return parts.netloc.lower().removesuffix(default) == host.lower().removesuffix(
        default
    )


def _name_of(host: str) -> str:
    """The name in a Host header, without port and brackets; "" if it is malformed."""
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""
