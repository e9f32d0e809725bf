"""Who may ask, for what, how much they may send, and what every answer carries."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.ui.conftest import Site
from ui.guard import HEADERS, MAX_BODY_BYTES, Guard

HOST = {"host": "127.0.0.1:7860"}


@pytest.mark.parametrize(
    "host",
    ["evil.example", "evil.example:7860", "127.0.0.1.evil.example", "", "[::1",
     "localhost.evil.example", "0.0.0.0", "a@127.0.0.1@evil.example"],
)  # fmt: skip
@pytest.mark.parametrize("path", ["/", "/api/timeline", "/t/1", "/config", "/health"])
def test_foreign_host_is_refused(client: TestClient, host: str, path: str) -> None:
    """A name that was rebound to 127.0.0.1 is still not ours."""
    answer = client.get(path, headers={"host": host})
    assert answer.status_code == 400


@pytest.mark.parametrize(
    "host",
    ["localhost", "localhost:9", "127.0.0.1", "[::1]:7860", "PHOTOS.home.example"],
)
def test_own_names_are_served(client: TestClient, host: str) -> None:
    assert client.get("/health", headers={"host": host}).status_code == 200


@pytest.mark.parametrize(
    "origin",
    ["https://evil.example", "http://localhost:3000", "http://127.0.0.1:7861", "null",
     "http://127.0.0.1:7860.evil.example", "file://", "http://[", "",
     "chrome-extension://abcdef"],
)  # fmt: skip
@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "/api/pause"), ("POST", "/api/upload?name=a.jpg"), ("GET", "/o/1"),
     ("GET", "/api/timeline"), ("POST", "/gradio_api/run/predict"), ("GET", "/config"),
     ("OPTIONS", "/api/pause")],
)  # fmt: skip
def test_foreign_origin_is_refused(
    client: TestClient, origin: str, method: str, path: str
) -> None:
    answer = client.request(method, path, headers=HOST | {"origin": origin})
    assert answer.status_code == 403
    assert "access-control-allow-origin" not in answer.headers


def test_own_origin_is_served(client: TestClient) -> None:
    for origin in ("http://127.0.0.1:7860", "https://127.0.0.1:7860"):
        answer = client.post("/api/resume", headers=HOST | {"origin": origin})
        assert answer.status_code == 200
        assert "access-control-allow-origin" not in answer.headers


@pytest.mark.parametrize("site_header", ["cross-site", "same-site"])
def test_other_sites_read_nothing(client: TestClient, site_header: str) -> None:
    """Not even as a picture or a script, where a browser sends no Origin."""
    for path in ("/t/1", "/o/1", "/api/search?q=lake", "/config", "/ui/x/main.js"):
        answer = client.get(path, headers={"sec-fetch-site": site_header})
        assert answer.status_code == 403, path


def test_a_link_from_elsewhere_opens_the_page(client: TestClient) -> None:
    headers = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"}
    assert client.get("/", headers=headers).status_code == 200
    assert client.get("/o/1", headers=headers).status_code == 403
    assert client.post("/", headers=headers).status_code == 403


@pytest.mark.parametrize(
    "path",
    ["/", "/health", "/t/1", "/t/999", "/api/photo/x", "/nothing", "/docs", "/config",
     "/assets/none.js", "/ui/x/main.js", "/api/upload"],
)  # fmt: skip
def test_every_answer_carries_the_headers(client: TestClient, path: str) -> None:
    answer = client.get(path)
    for name in HEADERS:
        assert name in answer.headers, (path, name)
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
    assert "set-cookie" not in answer.headers


FILE_DOORS = [
    "/gradio_api/file=/etc/passwd",
    "/gradio_api/file=../../etc/passwd",
    "/gradio_api/file=%2e%2e%2f%2e%2e%2fetc/passwd",
    "/gradio_api/file=//etc/passwd",
    "/gradio_api/file=/proc/self/environ",
    "/gradio_api/file=file:///etc/passwd",
    "/gradio_api/file=http://169.254.169.254/latest/meta-data",
    "/gradio_api/file=https://example.com/",
    "/gradio_api/FILE=/etc/passwd",
    "/gradio_api/%66ile=/etc/passwd",
    "/gradio_api/file/etc/passwd",
    "/file=/etc/passwd",
    "/file=http://127.0.0.1:22/",
    "/gradio_api/proxy=http://127.0.0.1:22/",
    "/proxy=https://example.com/",
    "/gradio_api/upload",
    "/gradio_api/upload_progress",
    "/gradio_api/queue/join", "/gradio_api/queue/data", "/gradio_api/heartbeat/x",
    "/gradio_api/call/search_view", "/gradio_api/run/search_view",
    "/gradio_api/component_server",
    "/gradio_api/info",
    "/gradio_api/openapi.json",
    "/gradio_api/runs",
    "/gradio_api/run-history/records",
    "/gradio_api/deep_link",
    "/gradio_api/mcp/sse",
    "/gradio_api/stream/x/1/2/playlist-file",
    "/monitoring", "/monitoring/summary", "/gradio_api/vibe-code",
    "/gradio_api/custom_component/1/client/x/style.css",
    "/openapi.json", "/docs", "/redoc", "/login", "/logout", "/.env", "/pwa_icon",
    "/static/../../../etc/passwd",
    "/static/%2e%2e/%2e%2e/%2e%2e/etc/passwd",
    "/static/..%5c..%5cetc/passwd",
    "/assets/%2e%2e/%2e%2e/__init__.py",
    "/ui/x/%2e%2e%2fserver.py",
    "/ui/x/..%2f..%2fserver.py",
    "/t/..%2f..%2fetc%2fpasswd",
    "/o/%2fetc%2fpasswd",
]  # fmt: skip


@pytest.mark.parametrize("path", FILE_DOORS)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_closed_doors(client: TestClient, method: str, path: str) -> None:
    """Gradio's own ways to files, proxies, schema and history answer nobody."""
    answer = client.request(method, path)
    assert answer.status_code in (400, 403, 404, 405)
    assert "root:" not in answer.text
    assert "def build_app" not in answer.text


def test_websockets_are_refused(client: TestClient) -> None:
    from starlette.websockets import WebSocketDisconnect

    with pytest.raises(WebSocketDisconnect), client.websocket_connect("/ws"):
        pass  # the page uses none


def test_long_bodies_are_refused(client: TestClient) -> None:
    """By their announced length, and by what comes when nothing was announced."""
    big = b"x" * (MAX_BODY_BYTES + 1)
    for path in ("/api/photo/1/caption", "/gradio_api/run/predict", "/api/pause"):
        assert client.post(path, content=big).status_code == 413

    def chunks() -> Any:
        yield from (b"x" * 200_000 for _ in range(6))

    kind = {"content-type": "application/json"}
    answer = client.post("/api/photo/1/caption", content=chunks(), headers=kind)
    assert answer.status_code == 413
    answer = client.post("/gradio_api/run/predict", content=chunks(), headers=kind)
    assert answer.status_code == 413
    answer = client.post("/api/pause", headers={"content-length": "x"})
    assert answer.status_code == 400


def test_uploads_have_their_own_bound(site: Site) -> None:
    assert (
        site.client.post("/api/upload?name=a", content=b"x" * 5_000_001).status_code
        == 413
    )
    answer = site.client.post("/api/upload?name=a", content=b"x" * 4_000_000)
    assert answer.status_code == 422  # it arrived, and was no picture
    assert len(site.library.received["a"]) == 4_000_000


def test_a_silent_body_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """A client that sends half a body and then nothing does not hold us for ever."""
    monkeypatch.setattr("ui.guard.BODY_TIMEOUT_S", 0.01)
    sent: list[Any] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        while True:
            await receive()

    first = [{"type": "http.request", "body": b"{", "more_body": True}]

    async def receive() -> Any:
        if first:
            return first.pop()
        await asyncio.Event().wait()
        raise AssertionError("nothing more ever comes")

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {
        "type": "http", "method": "POST", "path": "/api/pause",
        "headers": [(b"host", b"localhost")], "query_string": b"",
    }  # fmt: skip
    guard = Guard(app, hosts=(), max_upload_bytes=9)
    with ThreadPoolExecutor() as thread:  # this one may have a browser's loop running
        thread.submit(asyncio.run, guard(scope, receive, send)).result()
    assert sent[0]["status"] == 408


def test_an_unforeseen_error_tells_nothing(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> None:
        raise RuntimeError("secret path /home/me")

    monkeypatch.setattr(site.library, "timeline", broken)
    answer = site.client.get("/api/timeline")
    assert answer.status_code == 500
    assert "secret" not in answer.text
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_every_route_is_one_we_know(site: Site) -> None:
    """A route that a new Gradio version brings is closed until somebody opens it."""
    paths = set[str]()
    app: Any = site.client.app
    pending = list(app.routes)
    while pending:
        route = pending.pop()
        within = getattr(route, "original_router", route)
        pending.extend(getattr(within, "routes", None) or [])
        if path := getattr(route, "path", ""):
            paths.add(path)
    assert len(paths) > 40, "the walk must reach Gradio's own routes"
    answered = set()
    for path in sorted(paths):
        address = path.replace("{", "").replace("}", "").replace(":path", "")
        if site.client.get(address).status_code < 300:
            answered.add(address)
    assert answered <= {
        "/", "/health", "/api/timeline", "/api/cells", "/api/progress", "/api/failures",
        "/api/uploads", "/api/captioners", "/api/feedback", "/config", "/theme.css",
        "/robots.txt", "/favicon.ico", "/manifest.json", "/api/indexing",
        "/api/choices", "/api/facets", "/api/map", "/api/map/tiles", "/api/albums",
        "/api/removed", "/api/favourites/timeline",
    }  # fmt: skip
