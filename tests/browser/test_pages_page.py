"""The views "Indexing" and "Settings": one journey through each, wide and narrow."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from tests.browser.conftest import WAIT_MS, Serve, Served, Visit, hurdles, wait_ready
from tests.browser.test_page import (
    CONTRAST,
    PAYLOAD,
    STICKING_OUT,
    make_library,
    wait_photo,
)
from tests.ui.fakes import BUSY, FakeFailure, FakeIndexer
from tests.ui.fakes_pages import STANDING

SIZES = [(1440, 900, False), (390, 844, True)]
FAILURES = [
    FakeFailure("café.heic", "Holidays/2026"),
    FakeFailure(PAYLOAD, "Scans", "This is not a picture the album can read.", 2),
    FakeFailure(
        "IMG_0005.jpg", "Holidays", "The answer was empty.", 1, 5, captioner="qwen"
    ),
]


@pytest.fixture(scope="module")
def served(serve: Serve) -> Served:
    return serve(make_library(), FakeIndexer(), given={"workers": "2"})


@pytest.fixture
def album(served: Served) -> Served:
    """Busy, with three failures; nothing chosen yet, the disk not measured."""
    served.indexer.state = replace(BUSY, failed=len(FAILURES))
    served.indexer.failed = list(FAILURES)
    served.indexer.scans = 0
    served.survey.standing = replace(STANDING, disk=None)
    for choice in served.choices.all():
        if choice.chosen:
            served.choices.choose(choice.name, None)
    return served


def sees_all(page: Any) -> None:
    """Nothing sticks out, all text stands out, and axe finds nothing."""
    assert page.evaluate(STICKING_OUT) == []
    assert page.evaluate(CONTRAST) == []
    assert hurdles(page) == []


def until(page: Any, true: Callable[[], bool]) -> None:
    for _ in range(WAIT_MS // 50):  # the limit is only against a hang
        if true():
            return
        page.wait_for_timeout(50)
    raise AssertionError("it never came")


def soon(page: Any) -> None:
    """As when a person comes back to the tab: the progress is asked for at once."""
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")


@pytest.mark.parametrize(("width", "height", "dark"), SIZES)
def test_a_look_at_the_indexing(
    album: Served, visit: Visit, width: int, height: int, dark: bool
) -> None:
    """From the banner to what failed, through all cards, and back to the photos."""
    page = visit.open(album.address, width=width, height=height, dark=dark)
    page.get_by_role("link", name="3 could not be read or described").focus()
    page.keyboard.press("Enter")
    wait_ready(page, "indexing")
    assert page.title() == "Indexing – Smart Album"
    assert page.evaluate("document.activeElement.textContent").startswith("3 could")
    assert page.locator(".failures").evaluate(
        "n => n.getBoundingClientRect().top < innerHeight"
    )
    rows = page.locator(".failures li").all_inner_texts()
    assert "Holidays/2026 · could not be read · 2\N{NO-BREAK SPACE}tries" in rows[0]
    assert PAYLOAD in rows[1]
    assert "could not be described by Qwen3-VL · 1\N{NO-BREAK SPACE}try" in rows[2]
    assert page.evaluate("window.__x") is None

    shown = page.locator(".indexing-page").inner_text()
    for text in ("Describing photos", "61,684 of 100,000", "118 a minute",
                 "about 9 minutes left", "98,412", "1,240", "by Qwen3-VL",
                 "Qwen/Qwen3-VL-2B-Instruct", "INT4 (nf4, double)", "the processor",
                 "hybrid: 4-bit kernel", "22:00-07:00", "efficientnet_lite2",
                 "all-MiniLM-L6-v2", "/media/disk/Archive", "offline",
                 "Again every 15 minutes", "Being measured"):  # fmt: skip
        assert text in shown, text
    album.survey.standing = STANDING
    page.wait_for_selector("text=The album takes 6.8 GB")  # asked for again by itself
    sees_all(page)

    page.get_by_role("button", name="Look now").click()
    page.wait_for_selector(".sheet-status:has-text('being looked through')")
    assert album.indexer.scans == 1
    page.get_by_role("button", name="Pause").click()
    page.wait_for_selector(".notes:has-text('also after a restart')")
    assert album.indexer.state.paused
    page.get_by_role("button", name="Look now").click()
    page.wait_for_selector(".sheet-status:has-text('once you resume')")
    page.get_by_role("button", name="Resume").click()
    page.wait_for_selector(".work h2:has-text('Describing photos')")

    page.get_by_role("button", name="IMG_0005.jpg").click()
    wait_photo(page, 5)
    page.keyboard.press("Escape")
    page.wait_for_selector("dialog.viewer", state="hidden")
    assert page.evaluate("document.activeElement.textContent") == "IMG_0005.jpg"

    counts = replace(STANDING.counts, waiting=0, photos=99_740)
    album.survey.standing = replace(STANDING, counts=counts)
    soon(page)
    page.wait_for_selector(".counts:has-text('99,740')")
    page.get_by_role("button", name="Try again").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector(".sheet-status:has-text('3 are being tried again.')")
    assert album.indexer.failed == []
    page.wait_for_selector("h2:has-text('Everything could be read')")
    assert "Everything" in page.evaluate("document.activeElement.textContent")

    page.click("#views a[data-view='']")
    wait_ready(page, "timeline")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    with page.expect_response(re.compile("/api/progress")):
        soon(page)
    page.wait_for_selector(".banner .link:has-text('Details')")
    assert not [url for url in asked if "/api/indexing" in url], "it is out of sight"


@pytest.mark.parametrize(("width", "height", "dark"), SIZES)
def test_settings_are_saved_at_once(
    album: Served, visit: Visit, width: int, height: int, dark: bool
) -> None:
    """Each kind of control; what waits, is fixed, is refused; and a reload."""
    visit.expected = ("/api/choices",)

    def kept() -> dict[str, str]:
        return {c.name: c.value for c in album.choices.all() if c.chosen}

    page = visit.open(f"{album.address}/?view=settings", width=width, height=height,
                      dark=dark, ready="settings")  # fmt: skip

    def row(name: str) -> Any:
        return page.get_by_role("group", name=name, exact=True)

    page.click("#menu-button")
    assert page.locator("#menu [aria-current]").inner_text() == "Settings"
    page.keyboard.press("Escape")
    sees_all(page)
    row("Strictness").get_by_role("radio", name="Normal").focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_selector(".setting-status:has-text('Saved.')")
    assert row("Strictness").locator("[role=status]").inner_text() == "Saved."
    assert kept() == {"strictness": "lenient"}

    row("Language of captions").get_by_role("combobox").select_option("German")
    waits = "Saved. Used from the next start of the program."
    page.wait_for_selector(f".setting-status:has-text('{waits}')")
    row("Hours of captions").get_by_role("combobox").select_option(label="Only between")
    row("Hours of captions").get_by_label("Until").fill("06:30")
    row("Hours of captions").get_by_label("Until").press("Tab")
    until(page, lambda: kept().get("caption_hours") == "22:00-06:30")
    assert kept()["caption_language"] == "German"

    fixed = row("Photos read at a time")
    assert fixed.get_by_role("combobox").is_disabled()
    assert "--workers" in fixed.locator("[role=status]").inner_text()
    assert "outline" in row("Street map").inner_text()

    page.route("**/api/choices", lambda route: route.fulfill(
        status=422, json={"error": "The album is being closed."}
    ) if route.request.method == "POST" else route.fallback())  # fmt: skip
    row("Who writes captions").get_by_role("radio", name="Quick").click()
    page.wait_for_selector(".setting-status.bad:has-text('being closed')")
    assert (
        row("Who writes captions").get_by_role("radio", name="Automatic").is_checked()
    )
    page.unroute("**/api/choices")
    sees_all(page)

    row("Colours").get_by_role("radio", name="Light" if dark else "Dark").check()
    assert page.evaluate("document.body.classList.contains('dark')") is not dark
    row("Colours").get_by_role("radio", name="System").check()
    assert page.evaluate("document.body.classList.contains('dark')") is dark
    assert page.evaluate("localStorage.getItem('album-theme')") is None

    page.reload()
    wait_ready(page, "settings")
    assert row("Strictness").get_by_role("radio", name="Lenient").is_checked()
    told = row("Language of captions").locator("[role=status]").inner_text()
    assert told == "Used from the next start of the program."
    assert row("Hours of captions").get_by_label("Until").input_value() == "06:30"
    row("Language of this page").get_by_role("combobox").select_option("zh-CN")
    page.wait_for_selector("h1:has-text('设置')")
    page.get_by_role("group", name="本页语言").get_by_role("combobox").select_option("")
    page.wait_for_selector("h1:has-text('Settings')")
    page.get_by_role("link", name="See your folders").click()
    wait_ready(page, "indexing")
    page.go_back()
    wait_ready(page, "settings")
