"""What the page does while captions are written: it says who wrote what and how, asks
for another, keeps what a person typed, and tells what is looked at."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest

from album.photo import PERSON, Author, Provenance
from tests.browser.conftest import WAIT_MS, Serve, Served, Visit, wait_ready
from tests.browser.test_page import (
    CONTRAST,
    PAYLOAD,
    STICKING_OUT,
    make_library,
    wait_photo,
)
from tests.ui.fakes import BUSY, IDLE, FakeFailure, FakeIndexer, make_caption

AGAIN = "Caption again"
FAILURES = [
    FakeFailure("café.heic", "Holidays/2026"),
    FakeFailure(PAYLOAD, "Scans", "This is not a picture the album can read.", 2),
    FakeFailure(
        "IMG_0005.jpg", "Holidays", "The answer was empty.", 1, 5, captioner="qwen"
    ),
]
QUIET = replace(BUSY, notice=None, failed=0)


@pytest.fixture(scope="module")
def served(serve: Serve) -> Served:
    """One address for all tests, so that Gradio's own files are fetched once."""
    return serve(make_library(), FakeIndexer(IDLE))


@pytest.fixture
def album(served: Served) -> Served:
    """Sixty photos as they were at first, and an indexer that has nothing to do."""
    served.library.photos = make_library().photos
    served.indexer.state = IDLE
    served.indexer.failed = []
    served.indexer.looked_at = []
    return served


@pytest.fixture
def failing(album: Served) -> Served:
    """The same, busy, with two files that it could not read and one photo that it could
    not describe."""
    album.indexer.state = replace(BUSY, failed=len(FAILURES))
    album.indexer.failed = list(FAILURES)
    return album


def open_photo(visit: Visit, album: Served, photo_id: int, **how: Any) -> Any:
    page = visit.open(f"{album.address}/?photo={photo_id}", **how)
    wait_photo(page, photo_id)
    return page


def look_again(page: Any) -> None:
    """As when a person comes back to the tab: the progress is asked for at once."""
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")


def test_how_a_caption_was_made(album: Served, visit: Visit) -> None:
    """Behind one line, and nothing of what is not known."""
    caption = make_caption(
        3, "An old castle on a hill.", "qwen", tags=("castle", "hill"),
        read_text="CASTELLO\n1453",
        author=Author("qwen", "Qwen/Qwen3-VL-2B-Instruct", 2),
        provenance=Provenance("8964489", "INT4 (nf4, double)", 86, 3.21),
    )  # fmt: skip
    album.library.photos[3] = replace(album.library.photos[3], caption=caption)
    page = open_photo(visit, album, 3)
    shown = page.locator(".caption")
    assert shown.locator(".tags li").all_inner_texts() == ["castle", "hill"]
    assert "CASTELLO\n1453" in shown.inner_text()
    assert page.locator(".made dl").is_hidden()
    page.locator(".made summary").focus()
    page.keyboard.press("Enter")
    names = page.locator(".made dt").all_inner_texts()
    assert names == ["Model", "Revision", "Weights", "Written", "Length", "Time",
                     "Question"]  # fmt: skip
    made = page.locator(".made").inner_text()
    for text in ("Written by Qwen3-VL.", "Qwen/Qwen3-VL-2B-Instruct", "8964489",
                 "INT4 (nf4, double)", "86 tokens", "3.2 s",
                 "version 2, in English", "21 November 2026"):  # fmt: skip
        assert text in made
    page.keyboard.press("ArrowRight")  # to a caption that keeps less
    wait_photo(page, 4)
    assert page.locator(".made dl").is_visible(), "it stays open"
    assert page.locator(".made dt").all_inner_texts() == ["Model", "Written",
                                                          "Question"]  # fmt: skip
    assert page.locator(".tags").count() == 0
    assert page.locator(".read-text").count() == 0


def test_caption_again(album: Served, visit: Visit) -> None:
    """Asked for, announced, waited for, and shown when it is there."""
    page = open_photo(visit, album, 7)
    page.get_by_role("button", name=AGAIN).focus()
    page.keyboard.press("Enter")
    page.wait_for_selector(".coming:has-text('A new caption is on its way.')")
    caption = album.library.photos[7].caption
    assert caption is not None
    assert caption.stale
    assert "number 7" in page.locator(".caption-text").inner_text(), "the old one stays"
    assert page.get_by_role("button", name=AGAIN).count() == 0
    focused = "document.activeElement.getAttribute('aria-label')"
    assert page.evaluate(focused) == "Edit the caption"
    album.library.write(7, "A kite with a long tail.")
    page.wait_for_selector(".caption-text:has-text('A kite with a long tail.')")
    assert page.locator(".coming").inner_text() == ""
    alt = page.locator("a[data-id='7'] img").get_attribute("alt")
    assert alt == "A kite with a long tail."
    assert page.get_by_role("button", name=AGAIN).count() == 1


def test_a_new_caption_that_has_to_wait(album: Served, visit: Visit) -> None:
    album.library.caption_again(8)
    album.indexer.state = replace(QUIET, paused=True)
    page = open_photo(visit, album, 8)
    page.wait_for_selector(".coming:has-text('Indexing is paused')")
    at_night = "Captions are written between 22:00 and 07:00."
    album.indexer.state = replace(QUIET, stage="", waits=at_night)
    look_again(page)
    page.wait_for_selector(f".coming:has-text('{at_night}')")
    assert at_night in page.locator(".banner").text_content()
    assert page.locator(".banner-text").text_content() == "Waiting"


def test_a_persons_caption_is_not_asked_for_again(album: Served, visit: Visit) -> None:
    album.library.write(9, "My own words", PERSON)
    page = open_photo(visit, album, 9)
    assert "written by you" in page.locator(".caption").inner_text()
    assert page.get_by_role("button", name=AGAIN).count() == 0


def test_a_first_caption_comes_while_looking(album: Served, visit: Visit) -> None:
    """A photo without caption gets it before the eyes of who looks."""
    album.library.photos[11] = replace(album.library.photos[11], caption=None)
    album.indexer.state = QUIET
    page = open_photo(visit, album, 11)
    assert "No caption yet" in page.locator(".caption").inner_text()
    album.library.write(11, "A pizza with olives.")
    page.wait_for_selector(".caption-text:has-text('A pizza with olives.')")


def begin_conflict(page: Any, album: Served, photo_id: int) -> None:
    """Type, while somebody else changes the same caption, and save."""
    page.keyboard.press("e")
    page.fill(".panel textarea", "Grandma's boat")
    album.library.write(photo_id, "A boat, by a model")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector(".newer-text:has-text('A boat, by a model')")


def test_two_captions_and_mine_is_saved(album: Served, visit: Visit) -> None:
    visit.expected = ("/caption",)
    page = open_photo(visit, album, 12)
    begin_conflict(page, album, 12)
    assert page.input_value(".panel textarea") == "Grandma's boat"
    assert "Qwen3-VL caption" in page.locator(".newer").inner_text()
    page.get_by_role("button", name="Save mine").click()
    page.wait_for_selector(".caption-status:has-text('Saved')")
    caption = album.library.photos[12].caption
    assert caption is not None
    assert (caption.text, caption.captioner) == ("Grandma's boat", PERSON)


def test_two_captions_and_mine_is_dropped(album: Served, visit: Visit) -> None:
    visit.expected = ("/caption",)
    page = open_photo(visit, album, 13)
    begin_conflict(page, album, 13)
    page.get_by_role("button", name="Drop mine").click()
    assert page.locator(".caption-text").inner_text() == "A boat, by a model"
    page.keyboard.press("e")
    assert page.input_value(".panel textarea") == "A boat, by a model"


@pytest.mark.parametrize("way", ["Escape", "another photo", "close"])
def test_what_was_typed_outlives_going_away(
    album: Served, visit: Visit, way: str
) -> None:
    visit.expected = ("/caption",)
    page = open_photo(visit, album, 14)
    begin_conflict(page, album, 14)
    if way == "Escape":
        page.keyboard.press("Escape")
        assert "What you wrote is kept" in page.locator(".caption-status").inner_text()
    elif way == "another photo":
        page.click("[aria-label='Next photo']")
        wait_photo(page, 15)
        assert page.locator(".panel textarea").count() == 0
        page.click("[aria-label='Previous photo']")
        wait_photo(page, 14)
    else:
        page.click("[aria-label='Close (Esc)']")
        page.wait_for_selector("dialog.viewer", state="hidden")
        page.click("a[data-id='14']")
        wait_photo(page, 14)
    page.click("[aria-label='Edit the caption']")
    assert page.input_value(".panel textarea") == "Grandma's boat"
    page.get_by_role("button", name="Save", exact=False).click()
    page.wait_for_selector(".caption-status:has-text('Saved')")


def test_two_people_at_once(album: Served, visit: Visit) -> None:
    """The second is shown the first one's words, again if need be."""
    visit.expected = ("/caption",)
    page = open_photo(visit, album, 16)
    begin_conflict(page, album, 16)
    album.library.write(16, PAYLOAD, PERSON)
    page.get_by_role("button", name="Save mine").click()
    page.wait_for_selector(".newer:has-text('written by a person')")
    assert page.locator(".newer-text").inner_text() == PAYLOAD
    assert page.input_value(".panel textarea") == "Grandma's boat"
    assert page.evaluate("window.__x") is None


TIMERS_OVER = "new Promise((over) => setTimeout(over, 800))"
"""The page's own timers, of 150 and 600 ms, are over when a later one of it is."""


def told(page: Any, album: Served, times: int) -> list[int]:
    """What the page told of what is looked at, once it did so that many times."""
    for _ in range(WAIT_MS // 50):  # the limit is only against a hang
        if len(album.indexer.looked_at) >= times:
            break
        page.wait_for_timeout(50)
    assert len(album.indexer.looked_at) == times
    return album.indexer.looked_at[-1]


def test_what_is_looked_at_goes_first(album: Served, visit: Visit) -> None:
    """The window's photos, then the one that is opened before its neighbours."""
    album.indexer.state = QUIET
    page = visit.open(album.address)
    first = told(page, album, 1)
    assert first[:3] == [1, 2, 3]
    assert 10 < len(first) < 60, "the window's, not the whole album's"
    page.click("[data-i='8']")
    assert told(page, album, 2)[:5] == [9, 10, 8, 11, 7]
    wait_photo(page, 9)
    page.keyboard.press("ArrowRight")
    assert told(page, album, 3)[:3] == [10, 11, 9]
    page.keyboard.press("Escape")
    assert told(page, album, 4) == first
    for _ in range(2):  # two looks at the progress, in which nothing is new
        with page.expect_response(lambda answer: "/api/progress" in answer.url):
            look_again(page)
    page.evaluate(TIMERS_OVER)
    assert len(album.indexer.looked_at) == 4, "nothing is told twice"
    page.evaluate("window.scrollTo(0, 1500)")
    assert told(page, album, 5)[0] > 1


@pytest.mark.parametrize(
    "state",
    [IDLE, replace(QUIET, paused=True), replace(QUIET, waits="Captions wait.")],
    ids=["idle", "paused", "waiting"],
)
def test_nothing_is_told_while_nothing_is_captioned(
    album: Served, visit: Visit, state: Any
) -> None:
    """Scrolling and opening are not told of; once work begins, what is open then is."""
    album.indexer.state = state
    page = visit.open(album.address)
    page.evaluate("window.scrollTo(0, 900)")
    page.wait_for_selector("[data-i='25'] img.shown")
    page.click("[data-i='25']")
    wait_photo(page, 26)
    page.evaluate(TIMERS_OVER)
    assert album.indexer.looked_at == []
    album.indexer.state = QUIET
    look_again(page)
    assert told(page, album, 1)[0] == 26


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", [390, 1440])
def test_legible_at_every_width(
    failing: Served, visit: Visit, width: int, dark: bool
) -> None:
    """Indexing, provenance and conflict: nothing sticks out, all text stands out."""
    visit.expected = ("/caption",)
    page = visit.open(failing.address, width=width, height=844, dark=dark)

    def looks_right() -> None:
        assert page.evaluate(CONTRAST) == []
        assert page.evaluate(STICKING_OUT) == []

    looks_right()
    page.get_by_role("link", name=re.compile("could not be read")).click()
    wait_ready(page, "indexing")
    assert page.locator(".failures li").count() == 3
    looks_right()
    page.go_back()
    wait_ready(page, "timeline")
    page.click("a[data-id='3']")
    wait_photo(page, 3)
    page.click(".made summary")
    looks_right()
    if width < 700:  # there the panel is a sheet, which comes up to what is used in it
        page.wait_for_selector("dialog.viewer[data-sheet=open]")
    begin_conflict(page, failing, 3)
    looks_right()
