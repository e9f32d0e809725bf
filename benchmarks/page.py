"""The page in a real Chromium: 100,000 photos beside 100, and beside an empty album.

Every time is the median of five. It runs from the act (a reload, Enter, a press on the
scrubber) to the frame in which every thumbnail in the window is decoded, taken by the
page's own clock.
"""

from __future__ import annotations

import io
import shutil
import statistics
import tempfile
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from PIL import Image

from benchmarks.page_album import Albums, draw, served
from benchmarks.quality_data import read
from benchmarks.table import Measurement

SIZES = (100, 100_000)
ROUNDS = 5
TABS = 8
WINDOW = {"width": 1440, "height": 900}
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--enable-precise-memory-info",
]  # fmt: skip
BUSY_PICTURES = 200  # of 12 megapixels, for the indexer to be busy with

WATCH = """
window.shown = (view) => new Promise((done) => {
  const look = () => {
    const album = document.querySelector(".album");
    const seen = [...document.querySelectorAll(".stage img")].filter((image) => {
      const box = image.getBoundingClientRect();
      return box.bottom > 0 && box.top < innerHeight;
    });
    const whole = seen.length > 0 && seen.every((image) => image.naturalWidth > 0);
    const told = album?.querySelector(".message")?.hidden === false; // nothing matches
    const here = album?.dataset.ready === view && (whole || told);
    if (here) requestAnimationFrame(() => done(performance.now()));
    else requestAnimationFrame(look);
  };
  look();
});
"""
BEGIN = """(kind) => {
  window.begun = 0;
  addEventListener(kind, () => { window.begun = performance.now(); },
    { once: true, capture: true });
}"""
END = "async (view) => await window.shown(view) - window.begun"
BOX = "#query :is(input, textarea)"
SCROLL = """() => new Promise((done) => {
  const frames = [];
  let last = performance.now();
  const end = last + 4000;
  const step = (now) => {
    frames.push(now - last);
    last = now;
    window.scrollBy(0, 40);
    if (now < end) requestAnimationFrame(step);
    else done(frames.slice(1));
  };
  requestAnimationFrame(step);
})"""
PAINT = "performance.getEntriesByName('first-contentful-paint')"


def measure(shared: Path | None) -> list[Measurement]:
    """Rows of the table; none without the captions or without Chromium."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if shared is None or chromium is None:
        return []
    from playwright.sync_api import sync_playwright

    data = read(shared)
    albums = Albums(data)
    step = len(data.sentences) // ROUNDS
    sentences = data.sentences[::step][:ROUNDS]
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        with served(Path(folder) / "empty") as address:
            empty = _reloads(_page(browser, address), "empty")
        visits = {}
        for size in SIZES:
            with served(albums.make(Path(folder) / str(size), size)) as address:
                visits[size] = _Visit(browser, address, sentences)
        rows = _rows(empty, *(visits[size] for size in SIZES))
        rows += _busy(browser, Path(folder))
        browser.close()
    return rows


class _Visit:
    """What was measured in one album, in milliseconds unless its name says else."""

    def __init__(self, browser: Any, address: str, sentences: Sequence[str]) -> None:
        page = _page(browser, address)
        self.reload = _reloads(page, "timeline")
        self.nodes = int(page.evaluate("document.querySelectorAll('*').length"))
        self.heap_mb = _heap(page)
        self.frames = [float(each) for each in page.evaluate(SCROLL)]
        self.jump = _median(lambda n: _jump(page, 0.1 + 0.19 * n))
        self.search = _median(lambda n: _search(page, sentences[n]))
        self.nodes = max(
            self.nodes, int(page.evaluate("document.querySelectorAll('*').length"))
        )
        page.context.close()
        self.tab, self.tabs = _tabs(browser, address)


def _rows(empty: float, few: _Visit, many: _Visit) -> list[Measurement]:
    frame = statistics.median(many.frames)
    pairs = (
        ("reload to all visible thumbnails", many.reload, few.reload, "≤ 2"),
        ("search to the first screen", many.search, few.search, "≤ 1.5"),
        ("jump to a year", many.jump, few.jump, "≤ 1.5"),
    )
    rows = [
        Measurement(
            f"{what}, 100,000 photos", here, "ms", "100 photos", there, here / there,
            limit,
        )
        for what, here, there, limit in pairs
    ]  # fmt: skip
    rows += [
        Measurement(
            f"{what}, {size} photos", value, "ms", "an empty album's page", empty,
            value / empty, "–",
        )
        for what, value, size in (
            ("reload", many.reload, "100,000"), ("reload", few.reload, "100"),
            ("search", many.search, "100,000"), ("jump", many.jump, "100,000"),
        )
    ]  # fmt: skip
    return [
        *rows,
        Measurement(
            "frames a second while scrolling, median", 1000 / frame, "", "45", 45,
            1000 / frame / 45, "≥ 1",
        ),
        Measurement(
            "longest frame while scrolling", max(many.frames), "ms", "150", 150,
            max(many.frames) / 150, "≤ 1",
        ),
        Measurement(
            "nodes in the page, 100,000 photos", many.nodes, "", "600", 600,
            many.nodes / 600, "≤ 1",
        ),
        Measurement(
            "JavaScript heap, 100,000 photos", many.heap_mb, "MB", "40", 40,
            many.heap_mb / 40, "≤ 1",
        ),
        Measurement(
            f"the slowest of {TABS} tabs opened at once", many.tabs, "ms",
            "one tab", many.tab, many.tabs / many.tab, f"≤ {TABS}, all load",
        ),
    ]  # fmt: skip


def _page(browser: Any, address: str) -> Any:
    context = browser.new_context(viewport=WINDOW)
    context.add_init_script(WATCH)
    page = context.new_page()
    page.goto(address)
    page.wait_for_selector('.album:not([data-ready=""])')
    return page


def _reloads(page: Any, view: str) -> float:
    def once(_: int) -> float:
        page.reload(wait_until="commit")
        return float(page.evaluate("(view) => window.shown(view)", view))

    return _median(once)


def _jump(page: Any, part: float) -> float:
    """From the press on the scrubber, at a part of its height."""
    rail = page.locator(".scrubber").bounding_box()
    page.evaluate(BEGIN, "pointerdown")
    page.mouse.click(rail["x"] + rail["width"] - 8, rail["y"] + part * rail["height"])
    return float(page.evaluate(END, "timeline"))


def _search(page: Any, sentence: str) -> float:
    """From the Enter key."""
    page.fill(BOX, sentence)
    page.evaluate(BEGIN, "keydown")
    page.press(BOX, "Enter")
    return float(page.evaluate(END, "search"))


def _tabs(browser: Any, address: str) -> tuple[float, float]:
    """Milliseconds until one tab is whole, and until the last of several is."""
    context = browser.new_context(viewport=WINDOW)
    context.add_init_script(WATCH)

    def all_of(count: int) -> float:
        pages = [context.new_page() for _ in range(count)]
        for page in pages:  # `goto` would wait for each before the next
            page.evaluate("(to) => { setTimeout(() => location.assign(to)); }", address)
        times = []
        for page in pages:
            page.wait_for_url(f"{address}/**", wait_until="commit")
            times.append(float(page.evaluate("window.shown('timeline')")))
        for page in pages:
            page.close()
        return max(times)

    all_of(1)  # Gradio's own files are in the browser's cache then
    one, several = all_of(1), all_of(TABS)
    context.close()
    return one, several


def _heap(page: Any) -> float:
    session = page.context.new_cdp_session(page)
    session.send("HeapProfiler.collectGarbage")
    return float(page.evaluate("performance.memory.usedJSHeapSize")) / 1e6


def _busy(browser: Any, folder: Path) -> list[Measurement]:
    """First paint while the indexer reads photos as fast as it can."""
    pictures = folder / "pictures"
    pictures.mkdir()
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda n: _write_photo(pictures, n), range(BUSY_PICTURES)))
    with served(folder / "idle") as address:
        idle = _paints(browser, address)
    with served(folder / "busy", pictures, paused=False) as address:
        busy = _paints(browser, address)
    return [
        Measurement(
            "first paint while photos are being indexed", busy, "ms", "idle", idle,
            busy / idle, "≤ 1.5",
        )
    ]  # fmt: skip


def _write_photo(folder: Path, number: int) -> None:
    with Image.open(io.BytesIO(draw(number))) as small:
        small.resize((4000, 3000)).save(folder / f"{number}.jpg", quality=88)


def _paints(browser: Any, address: str) -> float:
    page = _page(browser, address)

    def once(_: int) -> float:
        page.reload()
        page.wait_for_function(f"{PAINT}.length")
        return float(page.evaluate(f"{PAINT}[0].startTime"))

    found = _median(once)
    page.context.close()
    return found


def _median(once: Callable[[int], float]) -> float:
    return statistics.median(float(once(number)) for number in range(ROUNDS))
