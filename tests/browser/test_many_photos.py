"""A hundred thousand photos: only what is near the window is in the page."""

from __future__ import annotations

from typing import Any

import pytest

from tests.browser.conftest import Serve, Served, Visit, wait_ready
from tests.ui.fakes import ManyPhotos

COUNT = 100_000
ALL_SHOWN = """() => {
  const seen = [...document.querySelectorAll(".cell img")].filter((image) => {
    const box = image.getBoundingClientRect();
    return box.bottom > 0 && box.top < innerHeight;
  });
  return seen.length > 10 && seen.every((image) => image.naturalWidth > 0);
}"""


@pytest.fixture(scope="module")
def album(serve: Serve) -> Served:
    return serve(ManyPhotos(COUNT))


def nodes(page: Any) -> int:
    return int(page.evaluate("document.querySelectorAll('*').length"))


def test_few_nodes_and_any_place_is_near(album: Served, visit: Visit) -> None:
    page = visit.open(album.address)
    assert nodes(page) < 1000
    height = page.evaluate("document.documentElement.scrollHeight")
    assert height > 1_000_000
    for part in (0.5, 0.97, 0.1):
        page.evaluate(f"window.scrollTo(0, {height * part})")
        page.wait_for_function(ALL_SHOWN)
        index = int(page.locator(".cell").first.get_attribute("data-i"))
        assert index == pytest.approx(COUNT * part, rel=0.15, abs=3000)
        assert nodes(page) < 1000


def test_the_years_lead_to_any_month(album: Served, visit: Visit) -> None:
    page = visit.open(album.address)
    years = page.locator(".scrubber-years span").all_inner_texts()
    assert "2026" in years
    assert "2012" in years
    box = page.locator(".scrubber").bounding_box()
    page.mouse.click(box["x"] + box["width"] - 8, box["y"] + box["height"] / 2)
    page.wait_for_function(ALL_SHOWN)
    assert "2019" in page.locator(".scrubber-bubble").inner_text()
    page.keyboard.press("Home")
    wait_ready(page, "timeline")


def test_the_last_photo_can_be_opened(album: Served, visit: Visit) -> None:
    page = visit.open(f"{album.address}/?photo=1", ready=None)
    page.wait_for_selector("dialog.viewer[data-ready='1']")
    assert page.locator(".viewer-next").is_hidden()
    page.keyboard.press("ArrowLeft")
    page.wait_for_selector("dialog.viewer[data-ready='2']")
    page.keyboard.press("Escape")
    page.wait_for_selector("dialog.viewer", state="hidden")
    page.wait_for_selector("a[data-id='2']")  # visible, once the grid is there
