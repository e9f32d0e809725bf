"""The page as a person uses it: look, search, open, edit, upload, pause, go back."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.browser.conftest import Serve, Served, Visit, wait_ready
from tests.ui.fakes import (
    BUSY,
    START,
    FakeFailure,
    FakeIndexer,
    FakeLibrary,
    draw,
    make_caption,
    make_photo,
)

PAYLOAD = '<img src=x onerror="window.__x=1"><script>window.__x=1</script>'

WORDS = ["dog on the beach", "red kite in the sky", "pizza on a plate", "old castle"]


def make_library(count: int = 60) -> FakeLibrary:
    """Photos of several shapes, two a day."""
    shapes = [(1200, 800), (800, 1200), (1600, 900), (1000, 1000)]
    return FakeLibrary(
        make_photo(
            number,
            width=shapes[number % 4][0],
            height=shapes[number % 4][1],
            taken_at=START - number * timedelta(hours=12),
            sort_at=START - number * timedelta(hours=12),
            caption=make_caption(
                number, f"{WORDS[number % 4]} number {number}", "qwen"
            ),
        )
        for number in range(1, count + 1)
    )


@pytest.fixture(scope="module")
def album(serve: Serve) -> Served:
    return serve(make_library())


def ask(page: Any, words: str) -> None:
    """Type into the search box and press Enter."""
    page.fill("#query input", words)
    page.press("#query input", "Enter")
    wait_ready(page, "search")


def wait_photo(page: Any, photo_id: int) -> None:
    page.wait_for_selector(f'dialog.viewer[data-ready="{photo_id}"]')


def test_timeline(album: Served, visit: Visit) -> None:
    """Newest first, by month, every thumbnail there and described by its caption."""
    page = visit.open(album.address)
    assert page.locator(".month").first.inner_text().startswith("November 2026")
    first = page.locator("[data-i='0'] img")
    assert first.get_attribute("alt") == "red kite in the sky number 1"
    widths = page.eval_on_selector_all(
        ".photo-row",
        "rows => rows.map(row => [...row.querySelectorAll('a')].at(-1)"
        ".getBoundingClientRect().right)",
    )
    edge = page.evaluate(
        "document.querySelector('.stage').getBoundingClientRect().right"
    )
    assert max(widths) == pytest.approx(edge, abs=1), "a full row fills the width"
    assert page.title() == "Smart Album"
    assert page.locator("footer:visible").count() == 0


def test_the_scrubbers_label_hides_nothing(album: Served, visit: Visit) -> None:
    """It lies over the banner's button, so it shows only while one scrolls."""
    page = visit.open(album.address)
    awake = "document.querySelector('.scrubber').matches('.awake')"
    page.wait_for_function(f"!{awake}")
    drawn_again = "window.dispatchEvent(new Event('resize'))"
    assert page.evaluate(f"{drawn_again}, {awake}") is False
    page.evaluate("window.scrollTo(0, 700)")
    page.wait_for_function(awake)


def test_search_and_back(album: Served, visit: Visit) -> None:
    page = visit.open(album.address)
    ask(page, "castle old")
    assert "q=castle+old" in page.url
    assert page.locator(".found").inner_text().startswith("15 photos")
    reason = page.locator("[data-i='0'] .reason")
    assert "old castle number" in reason.inner_text()
    assert reason.locator("mark").all_inner_texts() == ["old", "castle"]
    assert page.locator("[data-i='0'] .source").inner_text() == "Qwen3-VL caption"
    ask(page, "pizza")
    page.go_back()
    page.wait_for_function(
        "document.querySelector('#query input').value === 'castle old'"
    )
    wait_ready(page, "search")
    page.go_back()
    wait_ready(page, "timeline")
    assert page.input_value("#query input") == ""
    assert page.locator(".found").is_hidden()


def test_the_same_search_again_and_cleared(album: Served, visit: Visit) -> None:
    page = visit.open(f"{album.address}/?q=kite", ready="search")
    assert page.input_value("#query input") == "kite"
    ask(page, "kite")
    ask(page, "kite")
    page.click("#query-clear")
    wait_ready(page, "timeline")
    assert page.url == f"{album.address}/"
    page.keyboard.press("/")
    assert page.evaluate(
        "document.activeElement === document.querySelector('#query input')"
    )


def test_nothing_matches(album: Served, visit: Visit) -> None:
    page = visit.open(album.address)
    ask(page, "zebra")
    message = page.locator(".message")
    assert "Nothing matches “zebra”" in message.inner_text()
    message.get_by_role("button", name="Show all photos").click()
    wait_ready(page, "timeline")
    assert message.is_hidden()


def test_a_search_that_fails_says_why(album: Served, visit: Visit) -> None:
    page = visit.open(album.address)
    ask(page, "broken index")
    assert "being rebuilt" in page.locator(".message").inner_text()


def test_photo_view(album: Served, visit: Visit) -> None:
    """Open, walk by arrows, close by Esc, and Back and Forward do the same."""
    page = visit.open(album.address)
    page.click("[data-i='1']")
    wait_photo(page, 2)
    assert page.url.endswith("?photo=2")
    panel = page.locator(".panel")
    for text in ("pizza on a plate number 2", "Qwen3-VL caption", "Cascais, Portugal",
                 "Canon EOS R6", "IMG_0002.jpg", "3.4 MB", "1,600 × 900"):  # fmt: skip
        assert text in panel.inner_text()
    shown = "document.querySelector('.viewer-image').naturalWidth"
    assert page.evaluate(shown) > 900, "the large picture, not the thumbnail"
    page.keyboard.press("ArrowRight")
    wait_photo(page, 3)
    page.keyboard.press("ArrowLeft")
    wait_photo(page, 2)
    page.keyboard.press("ArrowLeft")
    wait_photo(page, 1)
    assert page.locator(".viewer-previous").is_hidden()
    page.keyboard.press("Escape")
    page.wait_for_selector("dialog.viewer", state="hidden")
    assert page.url == f"{album.address}/"
    page.go_forward()
    page.wait_for_selector("dialog.viewer[data-ready]")
    page.go_back()
    page.wait_for_selector("dialog.viewer", state="hidden")


def test_a_bookmarked_photo(album: Served, visit: Visit) -> None:
    page = visit.open(f"{album.address}/?q=pizza&photo=6", ready=None)
    wait_photo(page, 6)
    page.click("[aria-label='Close (Esc)']")
    page.wait_for_selector("dialog.viewer", state="hidden")
    wait_ready(page, "search")
    assert page.url.endswith("?q=pizza")


def test_an_unknown_photo_is_named(album: Served, visit: Visit) -> None:
    visit.expected = ("/api/photo/777",)
    page = visit.open(f"{album.address}/?photo=777", ready=None)
    wait_photo(page, 777)
    assert "no such photo" in page.locator(".viewer-trouble").inner_text()


def test_the_place_is_kept(album: Served, visit: Visit) -> None:
    page = visit.open(album.address)
    page.evaluate("window.scrollTo(0, 900)")
    page.wait_for_selector("[data-i='25'] img.shown")
    page.click("[data-i='25']")
    wait_photo(page, 26)
    before = page.evaluate("window.scrollY")
    assert before > 0
    page.keyboard.press("Escape")
    page.wait_for_selector("dialog.viewer", state="hidden")
    assert page.evaluate("window.scrollY") == before


def test_edit_a_caption(album: Served, visit: Visit) -> None:
    """The edit is kept, found by the search at once, and can be undone."""
    page = visit.open(f"{album.address}/?photo=9")
    wait_photo(page, 9)
    page.click("[aria-label='Edit the caption']")
    page.fill(".panel textarea", "Grandma's sailing boat")
    page.click(".panel button[type=submit]")
    page.wait_for_selector(".caption-status:has-text('Saved')")
    assert "written by you" in page.locator(".caption").inner_text()
    assert album.edits
    assert (
        page.locator("a[data-id='9'] img").get_attribute("alt")
        == "Grandma's sailing boat"
    )
    page.keyboard.press("Escape")
    ask(page, "sailing")
    assert page.locator(".cell").count() == 1
    assert page.locator("[data-i='0'] .source").inner_text() == "you"
    page.click("[data-i='0']")
    wait_photo(page, 9)
    page.get_by_role("button", name="Undo my edit").click()
    page.wait_for_selector(".caption-status:has-text('Undone')")
    assert "red kite in the sky number 9" in page.locator(".caption-text").inner_text()


def test_a_refused_edit_loses_nothing(album: Served, visit: Visit) -> None:
    visit.expected = ("/caption",)
    page = visit.open(f"{album.address}/?photo=10")
    wait_photo(page, 10)
    page.keyboard.press("e")
    page.fill(".panel textarea", "please refuse this")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector(".caption-status:has-text('refused')")
    assert page.input_value(".panel textarea") == "please refuse this"
    page.keyboard.press("ArrowRight")  # moves the cursor, not the photo
    assert page.url.endswith("?photo=10")
    page.keyboard.press("Escape")
    page.wait_for_selector(".panel textarea", state="detached")
    assert page.locator("dialog.viewer").is_visible()


def test_upload(serve: Serve, visit: Visit, tmp_path: Path) -> None:
    """Two pictures, one of them twice, and one file that is none."""
    album = serve(make_library(4))
    page = visit.open(album.address)
    visit.expected = ("/api/upload?",)
    files = [
        tmp_path / name for name in ("new.jpg", "other.jpg", "copy.jpg", "bad.jpg")
    ]
    for seed, file in enumerate(files):
        file.write_bytes(draw(70 + seed, kind="JPEG"))
    files[2].write_bytes(files[0].read_bytes())
    files[3].write_bytes(b"not a picture")
    page.set_input_files("#upload-input", [str(file) for file in files])
    page.wait_for_selector(".tray[data-ready=done]")
    title = page.locator(".tray h2").inner_text()
    assert title == "2 added, 1 already here, 1 unreadable"
    assert "not a picture the album can read" in page.locator(".tray").text_content()
    page.wait_for_selector("a.cell img[alt*='a new picture called other.jpg']")
    assert page.locator(".cell").count() == 6
    page.click(".tray [aria-label=Close]")
    assert page.locator(".tray").is_hidden()


def test_a_file_too_large_is_not_sent(
    serve: Serve, visit: Visit, tmp_path: Path
) -> None:
    album = serve(FakeLibrary())
    page = visit.open(album.address, ready="empty")
    file = tmp_path / "large.jpg"
    file.write_bytes(b"x" * 5_000_001)
    page.set_input_files("#upload-input", str(file))
    page.wait_for_selector(".tray[data-ready=done]")
    assert "the limit is 5 MB" in page.locator(".tray").text_content()
    assert album.library.received == {}


def test_first_run(serve: Serve, visit: Visit) -> None:
    album = serve(FakeLibrary())
    page = visit.open(album.address, ready="empty")
    assert "python app.py ~/Pictures" in page.locator(".message").inner_text()


def test_banner(serve: Serve, visit: Visit) -> None:
    """Progress, notice, failures with reasons; Pause and Resume reach the indexer."""
    indexer = FakeIndexer(BUSY, [FakeFailure("café.heic"), FakeFailure(PAYLOAD)])
    album = serve(make_library(8), indexer)
    page = visit.open(album.address)
    banner = page.locator(".banner")
    page.wait_for_selector(".banner-text:has-text('Describing photos')")
    for text in (
        "61,684 of 100,000",
        "118 a minute",
        "about 9 minutes left",
        "Qwen3-VL is being fetched",
        "3 could not be read or described",
    ):
        assert text in banner.inner_text()
    banner.get_by_role("button", name="Pause").click()
    page.wait_for_selector(".banner-text:has-text('Paused')")
    assert indexer.state.paused
    banner.get_by_role("button", name="Resume").click()
    page.wait_for_selector(".banner-text:has-text('Describing photos')")
    banner.get_by_role("link", name=re.compile("could not be read")).click()
    page.wait_for_selector(".failures li:has-text('café.heic')")
    assert "The picture ends too early." in page.locator(".failures").inner_text()
    assert PAYLOAD in page.locator(".failures").inner_text()
    assert page.evaluate("window.__x") is None


def test_new_photos_move_nothing(serve: Serve, visit: Visit) -> None:
    """What is looked at stays where it is while photos come in above it."""
    album = serve(make_library(60), FakeIndexer(replace(BUSY, done=1, failed=0)))
    page = visit.open(album.address)
    page.evaluate("window.scrollTo(0, 800)")
    page.wait_for_selector("a[data-id='24'] img.shown")
    place = "document.querySelector(\"a[data-id='24']\").getBoundingClientRect().top"
    before = page.evaluate(place)
    for number in range(101, 131):
        newest = make_photo(0)
        album.library.photos[number] = replace(newest, id=number)
    album.indexer.state = replace(album.indexer.state, done=2, busy=False)
    page.wait_for_function("document.documentElement.scrollHeight > 2600")
    wait_ready(page, "timeline")
    assert page.evaluate(place) == pytest.approx(before, abs=1.5)


def test_hostile_texts_are_only_text(serve: Serve, visit: Visit) -> None:
    """In captions, names, places, tags, notices and the query itself."""
    caption = replace(
        make_caption(1, f"castle {PAYLOAD}"), tags=(PAYLOAD,), read_text=PAYLOAD
    )
    photo = make_photo(
        1, caption=caption, name=PAYLOAD, folder=PAYLOAD, place=PAYLOAD, camera=PAYLOAD,
        lens=PAYLOAD, description=PAYLOAD, keywords=(PAYLOAD,),
    )  # fmt: skip
    state = replace(BUSY, notice=PAYLOAD, current=PAYLOAD, stage=PAYLOAD)
    album = serve(FakeLibrary([photo]), FakeIndexer(state))
    page = visit.open(album.address)
    ask(page, f"castle {PAYLOAD}")
    assert PAYLOAD in page.locator("[data-i='0'] .reason").inner_text()
    page.click("[data-i='0']")
    wait_photo(page, 1)
    assert page.locator(".panel").inner_text().count(PAYLOAD) >= 8
    page.goto(f"{album.address}/?q={PAYLOAD}nothing")
    wait_ready(page, "search")
    assert page.evaluate("window.__x") is None
    assert page.locator("img[src=x]").count() == 0


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", [390, 768, 1440])
def test_every_width_and_theme(
    album: Served, visit: Visit, width: int, dark: bool
) -> None:
    """Nothing sticks out sideways, and text stands out from its ground (WCAG AA)."""
    page = visit.open(album.address, width=width, height=844, dark=dark)
    for view in ("", "?q=castle", "?q=zebra", "?photo=3"):
        page.goto(f"{album.address}/{view}")
        if "photo" in view:
            wait_photo(page, 3)
        else:
            wait_ready(page, "search" if view else "timeline")
        over = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert over <= 0, view
        weak = page.evaluate(CONTRAST)
        assert weak == [], view
        stuck_out = page.evaluate(STICKING_OUT)
        assert stuck_out == [], view


CONTRAST = """() => {
  const canvas = new OffscreenCanvas(1, 1).getContext("2d", {willReadFrequently: true});
  const rgba = (colour) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const light = ([r, g, b]) => [r, g, b].map((v) => v / 255)
    .map((v) => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const ground = (node) => {
    for (let at = node; at; at = at.parentElement) {
      const colour = rgba(getComputedStyle(at).backgroundColor);
      if (colour[3] > 240) return colour;
    }
    return [255, 255, 255, 255];
  };
  const weak = [];
  const open = document.querySelector("dialog[open]");
  const looked = "#bar *, .album *, .panel *, .sheet *";
  for (const node of (open ?? document).querySelectorAll(looked)) {
    const own = [...node.childNodes].some((n) => n.nodeType === 3 && n.data.trim());
    if (!own || !node.checkVisibility({opacityProperty: true})) continue;
    const [a, b] = [light(rgba(getComputedStyle(node).color)), light(ground(node))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5) weak.push([node.className || node.tagName, ratio.toFixed(2)]);
  }
  return weak;
}"""

STICKING_OUT = """() => [...document.querySelectorAll("button, a, input, h2, p")]
  .filter((node) => node.checkVisibility())
  .filter((node) => { const r = node.getBoundingClientRect();
    return r.width && (r.left < -1 || r.right > innerWidth + 1); })
  .map((node) => node.outerHTML.slice(0, 80))"""


def test_theme_button_is_remembered(album: Served, visit: Visit) -> None:
    page = visit.open(album.address, dark=True)
    ground = "getComputedStyle(document.body).backgroundColor"
    assert page.evaluate(ground) == "rgb(16, 18, 22)"
    page.click("#theme-button")
    page.wait_for_function(f"{ground} === 'rgb(255, 255, 255)'")
    page.reload()
    wait_ready(page, "timeline")
    assert page.evaluate(ground) == "rgb(255, 255, 255)"
    page.evaluate("localStorage.clear()")


def test_arrows_walk_through_the_grid(album: Served, visit: Visit) -> None:
    page = visit.open(album.address)
    page.focus("[data-i='0']")
    focused = "document.activeElement.dataset.i"
    page.keyboard.press("ArrowRight")
    assert page.evaluate(focused) == "1"
    page.keyboard.press("ArrowDown")
    assert int(page.evaluate(focused)) > 2
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    page.wait_for_selector("dialog.viewer[data-ready]")


def test_only_recent_searches_are_left_in_the_browser(
    album: Served, visit: Visit
) -> None:
    """Gradio's history of what was searched is off; ours is one list, and can be."""
    everything = "JSON.stringify({...localStorage, ...sessionStorage})"
    page = visit.open(album.address)
    ask(page, "my secret query")
    kept = json.loads(page.evaluate(everything))
    holders = [key for key, value in kept.items() if "secret" in value]
    assert holders == ["album-recent-searches"]
    assert page.context.cookies() == []
    page.click("#menu-button")
    page.click('#menu a[data-view="settings"]')
    page.locator(".setting", has_text="Recent searches").get_by_label("Forget").check()
    assert "secret" not in page.evaluate(everything)
    ask(page, "another secret query")
    assert "secret" not in page.evaluate(everything)
    page.evaluate("localStorage.removeItem('album-recent')")


def test_a_document_in_the_album_does_not_run(
    serve: Serve, visit: Visit, tmp_path: Path
) -> None:
    file = tmp_path / "photo.jpg"
    file.write_text("<html><title>run</title><script>document.title='ran'</script>")
    album = serve(FakeLibrary([make_photo(1, path=file)]))
    page = visit.open(album.address)
    visit.expected = ("/o/1",)
    page.goto(f"{album.address}/o/1")
    assert page.title() not in ("run", "ran")


def test_eight_tabs(album: Served, visit: Visit) -> None:
    """No tab holds a connection, so none waits for another (six a host in HTTP/1.1)."""
    first = visit.open(album.address)
    for _ in range(7):
        page = first.context.new_page()
        page.goto(album.address)
        wait_ready(page, "timeline")
