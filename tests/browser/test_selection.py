"""Selecting photos with mouse, keys and fingers, and what can be done with them."""

from __future__ import annotations

import json
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

from tests.browser.conftest import Serve, Visit, hurdles, wait_ready
from tests.ui.fakes import FakeLibrary, ManyPhotos, make_photo

UNDO = ".toast button:text-is('Undo')"
PRESS = """(index) => {
  const cell = document.querySelector(`a.cell[data-i="${index}"]`);
  const { x, y } = cell.getBoundingClientRect();
  cell.dispatchEvent(new PointerEvent("pointerdown", {
    bubbles: true, pointerType: "touch", isPrimary: true,
    clientX: x + 9, clientY: y + 9,
  }));
}"""


def selected(page: Any) -> list[int]:
    """The photos that are shown as selected, by their place."""
    picked = page.query_selector_all(".selected")
    return sorted(int(one.get_attribute("data-i")) for one in picked)


def says(page: Any, text: str) -> None:
    """The bar says how many are selected; the page shows as many."""
    page.wait_for_selector(f".pick-bar .pick-count:text-is('{text}')")


def told(page: Any, text: str) -> None:
    page.wait_for_selector(f".toast:has-text('{text}')")


def cell(index: int) -> str:
    return f'a.cell[data-i="{index}"]'


def test_many_ways_to_select(serve: Serve, visit: Visit) -> None:
    served = serve(FakeLibrary([make_photo(number) for number in range(1, 140)]))
    page = visit.open(served.address)
    first = page.locator(".pick").first
    assert first.evaluate("(pick) => getComputedStyle(pick).opacity") == "0"
    page.hover(cell(0))
    page.wait_for_function(
        "getComputedStyle(document.querySelector('.pick')).opacity == 1"
    )
    first.click()
    says(page, "1 selected")
    assert first.get_attribute("aria-checked") == "true"
    assert not page.is_visible("#query")  # the bar is where the header was
    page.click(cell(4), modifiers=["Shift"])
    says(page, "5 selected")
    page.click(cell(2), modifiers=["Control"])
    page.click(cell(7))  # while something is selected, a click selects
    says(page, "5 selected")
    assert selected(page) == [0, 1, 3, 4, 7]
    assert not page.is_visible(".viewer")
    assert hurdles(page) == []
    page.keyboard.press("Escape")
    assert selected(page) == []
    assert page.is_visible("#query")

    page.focus(cell(1))
    page.keyboard.press("x")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+X")
    assert selected(page) == [1, 2, 3]
    page.keyboard.press("Control+a")
    says(page, "139 selected")
    page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
    page.wait_for_selector(
        f"{cell(138)}.selected"
    )  # a row that came later shows it too
    page.evaluate("window.scrollTo(0, 0)")
    page.wait_for_selector(cell(0))
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    page.keyboard.type("ax")  # letters of a search select nothing
    assert selected(page) == []
    page.fill("#query :is(input, textarea)", "")

    boxes = [page.locator(cell(index)).bounding_box() for index in range(2)]
    title = page.locator("h2.month").first.bounding_box()
    page.mouse.move(title["x"] + title["width"] + 300, title["y"] + 4)
    page.mouse.down()
    page.mouse.move(boxes[1]["x"] + 20, boxes[1]["y"] + 40, steps=4)
    page.wait_for_selector(f"{cell(1)}.selected")
    inside = selected(page)
    assert 0 not in inside
    assert inside[0] == 1
    page.mouse.move(boxes[0]["x"] + 20, boxes[0]["y"] + 40, steps=2)
    page.wait_for_selector(f"{cell(0)}.selected")
    page.mouse.up()
    assert selected(page) == [0, *inside]


def test_what_is_done_with_them(serve: Serve, visit: Visit, tmp_path: Path) -> None:
    photos = [make_photo(number) for number in range(1, 40)]
    (tmp_path / "a.jpg").write_bytes(b"original")
    photos[0] = replace(photos[0], path=tmp_path / "a.jpg")
    served = serve(FakeLibrary(photos))
    library = served.library
    page = visit.open(served.address)
    page.click(".pick >> nth=0")
    page.click(cell(1))
    page.click("[data-action=favourite]")
    told(page, "2 photos added to your favourites.")
    assert [library.photos[key].favourite_since is not None for key in (1, 2, 3)] == [
        *(True, True, False)
    ]
    page.wait_for_selector(f"{cell(1)} .starred")
    page.click(UNDO)
    page.wait_for_selector(f"{cell(1)} .starred", state="detached")
    assert library.photos[2].favourite_since is None

    page.click("[data-action=add]")
    page.click("text=New album")
    page.fill(".name-field", "Lakes")
    assert hurdles(page) == []
    page.keyboard.press("Enter")
    told(page, "Added 2 photos to Lakes.")
    assert library.albums.members == {1: [1, 2]}
    assert selected(page) == []
    page.click(UNDO)
    page.wait_for_function("document.querySelector('.toast').hidden")
    page.click(".pick >> nth=0")
    page.click("[data-action=add]")
    page.click(".choices button:has-text('Lakes')")
    told(page, "Added 1 photo to Lakes.")
    assert library.albums.members == {1: [1]}

    page.click(".pick >> nth=0")
    page.click(cell(1))
    page.click("[data-action=again]")
    told(page, "2 photos will be described again.")
    assert served.indexer.looked_at[-1] == [1, 2]

    page.click(".pick >> nth=0")
    page.click(cell(1))
    page.click("[data-action=export]")
    with page.expect_download() as waiting:
        page.click("[role=menuitem]:has-text('JSON')")
    rows = json.loads(Path(waiting.value.path()).read_text("utf-8"))
    assert [row["id"] for row in rows] == [1, 2]
    with page.expect_download() as waiting:
        page.click("[data-action=download]")
    told(page, "Downloading 1 photo")
    with zipfile.ZipFile(waiting.value.path()) as archive:
        assert archive.namelist() == ["IMG_0001.jpg", "missing.txt"]

    page.click("[data-action=remove]")
    told(
        page, "Removed 2 photos from the album. The original files stay where they are."
    )
    page.wait_for_selector('a[data-id="1"]', state="detached")
    assert sorted(library.many.out) == [1, 2]
    assert not page.is_visible(".pick-bar")
    page.click(UNDO)
    page.wait_for_selector('a[data-id="1"]')
    assert library.many.out == {}

    page.fill("#query :is(input, textarea)", "number 7")
    page.press("#query :is(input, textarea)", "Enter")
    wait_ready(page, "search")
    page.click(".pick >> nth=0")
    page.click("[data-action=remove]")
    page.wait_for_selector('a[data-id="7"]', state="detached")
    assert list(library.many.out) == [7]


def test_fingers_on_a_phone(serve: Serve, visit: Visit) -> None:
    served = serve(FakeLibrary([make_photo(number) for number in range(1, 60)]))
    page = visit.open(served.address, width=390, height=844, dark=True)
    page.evaluate(PRESS, 1)
    says(page, "1 selected")
    page.evaluate("document.querySelector('a.cell[data-i=\"1\"]').click()")  # it lifts
    assert selected(page) == [1]
    page.click(cell(2))
    page.click(cell(1))
    assert selected(page) == [2]
    assert hurdles(page) == []
    sizes = page.eval_on_selector_all(
        ".pick-bar button:not([hidden])",
        "(all) => all.map((one) => Math.min(one.clientWidth, one.clientHeight))",
    )
    assert min(sizes) >= 40
    assert page.is_visible("#views")
    assert page.evaluate("document.documentElement.scrollWidth") == 390


def test_a_range_over_very_many(serve: Serve, visit: Visit) -> None:
    page = visit.open(serve(ManyPhotos(100_000)).address)
    page.click(".pick >> nth=0")
    page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
    page.wait_for_selector(cell(99_999))
    page.click(cell(99_999), modifiers=["Shift"])
    says(page, "100,000 selected")
    page.click("[data-action=download]")
    told(page, "At most 5,000 photos at a time.")
    page.keyboard.press("Escape")
    assert selected(page) == []
