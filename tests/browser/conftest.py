"""A real Chromium against a real server on a free loopback port.

The `visit` fixture opens pages. At its end it fails the test if a page wrote an error,
asked another machine for anything, or got an answer ≥ 400 that was not announced.
"""

from __future__ import annotations

import os
import shutil
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import uvicorn

from cli.choosing import SettingChoices
from tests.ui.fake_facets import FakeFacets
from tests.ui.fakes import FakeIndexer, FakeLibrary, FakeSearch, FakeSettings
from tests.ui.fakes_pages import FakeFacts, FakeSurvey, make_choices
from ui import build_app

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
AXE = {
    "resultTypes": ["violations"],
    "runOnly": [
        "wcag2a",
        "wcag2aa",
        "wcag21a",
        "wcag21aa",
        "wcag22aa",
        "best-practice",
    ],
}
FORGET = "try { localStorage.clear() } catch {}"
"""Another album may be served on this port next; a sandboxed document has none."""
WAIT_MS = 20_000  # for our own markers; long, because the machine may be busy


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/browser" in item.path.as_posix():
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """One browser for all tests. Absent: skipped, but a failure where CI is set."""
    if CHROMIUM is None:
        reason = "Chromium is not installed: apt-get install chromium"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@dataclass
class Served:
    """A running album and what is behind it."""

    address: str
    library: FakeLibrary
    search: FakeSearch
    indexer: FakeIndexer
    edits: list[str]
    survey: FakeSurvey
    choices: SettingChoices


Serve = Callable[..., Served]


@pytest.fixture(scope="session")
def free_ports() -> list[int]:
    """Ports that were served on before, and are free again.

    The browser keeps Gradio's own files for each port: a first visit takes it 3 s here,
    another one 1.5.
    """
    return []


def _listen(free_ports: list[int]) -> socket.socket:
    listening = socket.socket()
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listening.bind(("127.0.0.1", free_ports.pop() if free_ports else 0))
    return listening


@pytest.fixture(scope="module")
def serve(free_ports: list[int]) -> Iterator[Serve]:
    """Serve a library, as if started with the `given` flags; stops at the end of the
    module."""
    running: list[tuple[uvicorn.Server, threading.Thread, int]] = []

    def start(
        library: FakeLibrary,
        indexer: FakeIndexer | None = None,
        map_tiles: Path | None = None,
        given: dict[str, str] | None = None,
        search: FakeSearch | None = None,
    ) -> Served:
        indexer = indexer or FakeIndexer()
        search, edits = search or FakeSearch(library), list[str]()
        survey, choices = FakeSurvey(), make_choices(FakeFacts(), given)
        listening = _listen(free_ports)
        port = listening.getsockname()[1]
        app = build_app(
            library,
            search,
            indexer,
            lambda: edits.append("edit"),
            FakeSettings(port=port, map_tiles=map_tiles),
            survey=survey,
            choices=choices,
            facets=FakeFacets(library),
        )
        config = uvicorn.Config(app, log_level="warning", lifespan="on")
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, args=([listening],), daemon=True)
        thread.start()
        running.append((server, thread, port))
        address = f"http://127.0.0.1:{port}"
        return Served(address, library, search, indexer, edits, survey, choices)

    yield start
    for server, thread, port in running:
        server.should_exit = True
        thread.join(10)
        if not thread.is_alive():
            free_ports.append(port)


@dataclass
class Visit:
    """Opens pages, and remembers everything that should not have happened."""

    contexts: dict[bool, Any]
    troubles: list[str] = field(default_factory=list)
    expected: tuple[str, ...] = ()
    """Parts of addresses that may answer ≥ 400; say so before they are asked for."""
    pages: list[Any] = field(default_factory=list)

    def open(self, address: str, *, width: int = 1440, height: int = 900,
             dark: bool = False, ready: str | None = "timeline") -> Any:  # fmt: skip
        """A page with nothing stored, once the album says that it is ready."""
        page = self.contexts[dark].new_page()
        self.pages.append(page)
        page.set_viewport_size({"width": width, "height": height})
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.troubles.append(f"page error: {error}"))
        page.on("request", lambda request: self._request(request, address))
        page.on("response", self._response)
        page.goto(address)
        if ready is not None:
            wait_ready(page, ready)
        return page

    def _console(self, message: Any) -> None:
        refused = "Failed to load resource" in message.text and self.expected
        if message.type == "error" and not refused:
            self.troubles.append(f"console: {message.text}")

    def _request(self, request: Any, address: str) -> None:
        origin = "/".join(address.split("/")[:3])
        if not request.url.startswith((origin, "data:", "blob:")):
            self.troubles.append(f"outside request: {request.url}")

    def _response(self, response: Any) -> None:
        wanted = any(part in response.url for part in self.expected)
        if response.status >= 400 and not wanted:
            self.troubles.append(f"{response.status}: {response.url}")


def hurdles(page: Any) -> list[str]:
    """What axe-core finds serious or worse in a page as it is now: WCAG 2 A and AA.

    Animations are let run out first, because a colour half way is nobody's colour.
    """
    from axe_playwright_python.sync_playwright import Axe

    page.evaluate(
        "Promise.all(document.getAnimations().filter((one) => "
        "one.effect.getTiming().iterations !== Infinity).map((one) => one.finished))"
    )
    found = Axe().run(page, options=AXE).response["violations"]
    return [
        f"{violation['id']}: {node['target']} {node['html'][:160]}"
        for violation in found
        if violation["impact"] in ("serious", "critical")
        for node in violation["nodes"]
    ]


def wait_ready(page: Any, view: str) -> None:
    """Until everything to be seen of a view is there."""
    page.wait_for_selector(f'.album[data-ready="{view}"]')


@pytest.fixture(scope="session")
def contexts(chromium: Any) -> dict[bool, Any]:
    """A light and a dark profile; Gradio's own files are fetched once an album."""
    made = {}
    for dark in (False, True):
        scheme = "dark" if dark else "light"
        made[dark] = chromium.new_context(color_scheme=scheme, locale="en-GB")
        made[dark].set_default_timeout(WAIT_MS)
    return made


@pytest.fixture
def visit(contexts: dict[bool, Any]) -> Iterator[Visit]:
    """Opens pages; see Visit."""
    visit = Visit(contexts)
    yield visit
    for page in visit.pages:
        if not page.is_closed() and page.url.startswith("http"):
            page.evaluate(FORGET)
        page.close()
    assert visit.troubles == []
