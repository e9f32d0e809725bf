"""The large photo as it is used: zoom, keys, slideshow and what is below the facts at a
desk; fingers and the sheet on a phone."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from tests.browser.conftest import Serve, Served, Visit, hurdles, wait_ready
from tests.ui.fakes import FakeLibrary, draw, make_caption, make_photo

WIDTH, HEIGHT = 3000, 2000
COUNT = 12
BMP = 7  # the number of a photo in a format whose position stays in it

# Where the picture itself lies in the stage, in pixels, without the black around it.
PICTURE = """() => {
  const image = document.querySelector('.viewer-image');
  const stage = document.querySelector('.viewer-stage').getBoundingClientRect();
  const box = image.getBoundingClientRect();
  const fit = Math.min(box.width / 3000, box.height / 2000);
  const [width, height] = [3000 * fit, 2000 * fit];
  const left = box.left + (box.width - width) / 2 - stage.left;
  const top = box.top + (box.height - height) / 2 - stage.top;
  return {left, top, width, height, right: left + width, stage: stage.width};
}"""
RESTS = """() => !document.querySelector('.viewer-stage')
  .getAnimations({subtree: true}).length"""


@pytest.fixture(scope="module")
def album(serve: Serve, tmp_path_factory: pytest.TempPathFactory) -> Served:
    """Large files with a position, and small views of them."""
    folder = tmp_path_factory.mktemp("originals")
    exif = Image.Exif()
    exif[0x8825] = {1: "N", 2: (38.0, 43.0, 5.5), 3: "W", 4: (9.0, 28.0, 20.0)}
    photos, pictures = [], {}
    for number in range(1, COUNT + 1):
        drawn = Image.open(io.BytesIO(draw(number, 600, 400)))
        kind = "BMP" if number == BMP else "JPEG"
        file = folder / f"{number}.{kind}"
        large = drawn.resize((WIDTH, HEIGHT)) if kind == "JPEG" else drawn
        large.save(file, kind, **({"exif": exif} if kind == "JPEG" else {}))
        view = draw(number, 600, 400)
        pictures[number] = (view, view)
        caption = make_caption(number, f"photo number {number} at the lake", "qwen")
        tagged = replace(caption, tags=("lake", "evening light"))
        facts = {"path": file, "format": kind, "width": WIDTH, "height": HEIGHT}
        photos.append(make_photo(number, caption=tagged, **facts))
    return serve(FakeLibrary(photos, pictures))


def wait_photo(page: Any, photo_id: int) -> None:
    page.wait_for_selector(f'dialog.viewer[data-ready="{photo_id}"]')


def picture(page: Any) -> dict[str, float]:
    page.wait_for_function(RESTS)
    return dict(page.evaluate(PICTURE))


def test_zoom_and_pan(album: Served, visit: Visit) -> None:
    page = visit.open(f"{album.address}/?photo=3")
    wait_photo(page, 3)
    fits = picture(page)
    page.mouse.move(700, 300)
    page.mouse.wheel(0, -500)
    near = picture(page)
    assert near["width"] > 2 * fits["width"]
    for axis, at in (("left", 700), ("top", 300)):
        side = "width" if axis == "left" else "height"
        before = (at - fits[axis]) / fits[side]
        after = (at - near[axis]) / near[side]
        assert after == pytest.approx(before, abs=0.002), "what was pointed at stays"
    page.wait_for_selector("dialog.viewer[data-detail=original]")
    assert page.evaluate("document.querySelector('.viewer-image').naturalWidth") == 3000

    page.mouse.down()
    page.mouse.move(740, 320, steps=3)
    assert picture(page)["left"] == pytest.approx(near["left"] + 40, abs=1)
    page.mouse.move(700 + 4000, 300, steps=3)
    page.mouse.up()
    assert picture(page)["left"] == pytest.approx(0, abs=1), "no gap at the side"
    page.keyboard.press("Shift+ArrowRight")
    assert picture(page)["left"] == pytest.approx(-80, abs=1)

    page.mouse.move(500, 400)
    page.mouse.dblclick(500, 400)
    assert picture(page)["width"] == pytest.approx(fits["width"], abs=1)
    page.mouse.dblclick(500, 400)
    assert picture(page)["width"] == pytest.approx(WIDTH, abs=2), "its own pixels"
    assert page.locator(".viewer-note").inner_text() == "100 %"
    page.keyboard.press("-")
    assert fits["width"] < picture(page)["width"] < WIDTH
    page.keyboard.press("0")
    assert picture(page)["width"] == pytest.approx(fits["width"], abs=1)
    for _ in range(12):
        page.keyboard.press("+")
    assert picture(page)["width"] <= 3 * WIDTH + 2
    page.keyboard.press("ArrowRight")
    wait_photo(page, 4)
    assert picture(page)["width"] == pytest.approx(fits["width"], abs=1)
    assert page.locator("dialog.viewer").get_attribute("data-detail") == "view"
    alt = page.locator(".viewer-image").first.get_attribute("alt")
    assert alt == "photo number 4 at the lake"


def test_what_is_known_and_taken_along(
    album: Served, visit: Visit, tmp_path: Path
) -> None:
    """The copy of a path, both downloads, the strip, a tag; the focus stays inside."""
    page = visit.open(f"{album.address}/?photo=2")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    wait_photo(page, 2)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy the folder and name").click()
    page.wait_for_selector(".caption-status:text-is('Copied: Holidays/IMG_0002.jpg')")
    assert page.evaluate("navigator.clipboard.readText()") == "Holidays/IMG_0002.jpg"

    with page.expect_download() as whole:
        page.keyboard.press("d")
    assert whole.value.suggested_filename == "IMG_0002.jpg"
    assert 0x8825 in Image.open(whole.value.path()).getexif()
    with page.expect_download() as without:
        page.get_by_role("button", name="Download without its location").click()
    assert without.value.suggested_filename == "IMG_0002.jpg"
    assert 0x8825 not in Image.open(without.value.path()).getexif()

    asked.clear()
    page.locator(".similar").scroll_into_view_if_needed()
    for number in (3, 4, 5):  # quickly by: only where one stays is anything asked for
        page.keyboard.press("ArrowRight")
        wait_photo(page, number)
    page.wait_for_selector(".similar[data-ready='5']")
    like = [url for url in asked if "like=" in url]
    assert "like=5&" in like[-1] + "&"
    assert len(like) <= 2
    thumbnails = page.locator(".similar-photos button")
    assert thumbnails.count() == 8
    name = thumbnails.nth(7).locator("img").get_attribute("alt")
    thumbnails.nth(7).click()
    page.wait_for_function(
        "(name) => document.querySelector('.viewer-image').alt === name", arg=name
    )
    assert "?photo=5" not in page.url
    for _ in range(40):
        page.keyboard.press("Tab")
        assert page.evaluate(
            "document.activeElement === document.body"
            " || Boolean(document.activeElement.closest('dialog.viewer'))"
        )
    page.go_back()
    wait_photo(page, 5)

    visit.expected = ("location=0",)
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    wait_photo(page, BMP)
    page.get_by_role("button", name="Download without its location").click()
    page.wait_for_selector(".caption-status:has-text('cannot be taken out of BMP')")
    unplaced = replace(album.library.photos[8], latitude=None, longitude=None)
    album.library.photos[8] = unplaced
    page.keyboard.press("ArrowRight")
    wait_photo(page, 8)
    assert page.get_by_text("Download without its location").count() == 0

    page.get_by_role("button", name="evening light").click()
    page.wait_for_selector("dialog.viewer", state="hidden")
    wait_ready(page, "search")
    assert page.input_value("#query input") == "evening light"
    assert page.url.endswith("?q=evening+light")


def test_slideshow(album: Served, visit: Visit) -> None:
    page = visit.open(f"{album.address}/?photo={COUNT - 2}")
    wait_photo(page, COUNT - 2)
    page.emulate_media(reduced_motion="reduce")
    page.clock.install()
    page.keyboard.press("s")
    page.wait_for_selector("dialog.viewer[data-show=playing]")
    page.wait_for_function("document.fullscreenElement?.matches('.viewer-stage')")
    page.clock.fast_forward(5100)
    wait_photo(page, COUNT - 1)
    assert page.url.endswith(f"?photo={COUNT - 1}")
    assert page.locator(".viewer-before").count() == 0, "nothing fades"
    page.keyboard.press("ArrowRight")  # any key only pauses
    page.wait_for_selector("dialog.viewer[data-show=paused]")
    assert "Press s" in page.locator(".viewer-note").inner_text()
    page.clock.fast_forward(20_000)
    assert page.url.endswith(f"?photo={COUNT - 1}")
    page.keyboard.press("s")
    page.wait_for_selector("dialog.viewer[data-show=playing]")
    page.mouse.click(300, 300)
    page.wait_for_selector("dialog.viewer[data-show=paused]")
    page.get_by_role("button", name="Slideshow").click()
    page.wait_for_selector("dialog.viewer[data-show=playing]")
    page.clock.fast_forward(5100)
    wait_photo(page, COUNT)
    page.clock.fast_forward(5100)
    page.wait_for_selector("dialog.viewer[data-show=off]")
    assert "last photo" in page.locator(".viewer-note").inner_text()
    page.wait_for_function("document.fullscreenElement === null")
    page.keyboard.press("Escape")
    page.wait_for_selector("dialog.viewer", state="hidden")


class Fingers:
    """Touches the screen as a hand does."""

    def __init__(self, page: Any) -> None:
        self.cdp = page.context.new_cdp_session(page)
        self.cdp.send("Emulation.setTouchEmulationEnabled", {"enabled": True})

    def draw(self, *paths: tuple[tuple[float, float], tuple[float, float]]) -> None:
        """Each finger from one place to another, all at the same time."""
        for step in range(6):
            points = [
                {"x": a[0] + (b[0] - a[0]) * step / 5,
                 "y": a[1] + (b[1] - a[1]) * step / 5, "id": number}
                for number, (a, b) in enumerate(paths)
            ]  # fmt: skip
            self._send("touchMove" if step else "touchStart", points)
        self._send("touchEnd", [])

    def _send(self, kind: str, points: list[dict[str, float]]) -> None:
        event = {"type": kind, "touchPoints": points}
        self.cdp.send("Input.dispatchTouchEvent", event)


@pytest.fixture
def phone(album: Served, visit: Visit) -> Iterator[tuple[Any, Fingers]]:
    page = visit.open(f"{album.address}/?photo=3", width=390, height=844, dark=True)
    wait_photo(page, 3)
    fingers = Fingers(page)
    yield page, fingers
    fingers.cdp.detach()


def test_fingers_and_the_sheet(phone: tuple[Any, Fingers]) -> None:
    page, fingers = phone
    sheet = "dialog.viewer[data-sheet={}]"
    fingers.draw(((300, 300), (120, 310)))
    wait_photo(page, 4)
    fingers.draw(((120, 300), (300, 290)))
    wait_photo(page, 3)
    fits = picture(page)

    fingers.draw(((180, 360), (80, 360)), ((210, 360), (310, 360)))
    near = picture(page)
    assert near["width"] > 3 * fits["width"]
    fingers.draw(((300, 300), (200, 300)))
    assert picture(page)["left"] == pytest.approx(near["left"] - 100, abs=2)
    assert page.url.endswith("?photo=3"), "a large photo is moved, not turned"
    for _ in range(2):  # a double tap
        fingers.draw(((195, 300), (195, 300)))
    assert picture(page)["width"] == pytest.approx(fits["width"], abs=1)

    page.wait_for_selector(sheet.format("peek"))
    assert page.locator(".caption-text").is_visible()
    fingers.draw(((195, 730), (195, 500)))
    page.wait_for_selector(sheet.format("open"))
    assert hurdles(page) == []
    page.wait_for_function("document.querySelector('.panel').offsetHeight > 700")
    fingers.draw(((195, 700), (195, 300)))  # scrolls what is in it
    page.wait_for_function("document.querySelector('.panel').scrollTop > 100")
    small = page.eval_on_selector_all(
        ".panel button, .panel a, .viewer-stage button, .panel summary",
        """nodes => nodes.filter((node) => node.checkVisibility())
          .filter((node) => node.getBoundingClientRect().height < 39.5)
          .map((node) => node.outerHTML)""",
    )
    assert small == []
    page.locator(".panel").evaluate("panel => { panel.scrollTop = 0; }")
    fingers.draw(((195, 300), (195, 500)))
    page.wait_for_selector(sheet.format("peek"))
    page.wait_for_function("document.querySelector('.panel').offsetHeight < 140")
    fingers.draw(((195, 730), (195, 830)))
    page.wait_for_selector(sheet.format("closed"))
    fingers.draw(((195, 600), (195, 400)))
    page.wait_for_selector(sheet.format("peek"))
    page.locator(".sheet-handle").press("Enter")
    page.wait_for_selector(sheet.format("open"))
    page.locator(".sheet-handle").press("Enter")
    page.wait_for_selector(sheet.format("peek"))
    page.wait_for_function("document.querySelector('.panel').offsetHeight < 140")
    fingers.draw(((195, 200), (200, 420)))
    page.wait_for_selector("dialog.viewer", state="hidden")
