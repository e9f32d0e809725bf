"""Favourites, and "not this" with its way back, as a person uses them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.browser.conftest import Serve, Served, Visit, wait_ready
from tests.browser.test_page import CONTRAST, STICKING_OUT, wait_photo
from tests.browser.test_search_page import chips, click, line, search, shown, wait_line
from tests.ui.fakes import START, FakeLibrary, make_caption, make_photo

BEACH = "dog on the beach"


def make_library() -> FakeLibrary:
    texts = [
        "A brown dog runs on the beach",
        "A dog on the beach with a ball",
        "A cat on a sofa <b>bold</b>",
        "A dog sleeps on the beach",
        "The sea at night",
        "A dog and a kite on the beach",
    ]
    library = FakeLibrary()
    for number, text in enumerate(texts, start=1):
        taken = START - timedelta(days=number)
        caption = make_caption(number, text, "qwen")
        library.photos[number] = make_photo(
            number, taken_at=taken, sort_at=taken, caption=caption,
            width=[1200, 800][number % 2], height=1000,
        )  # fmt: skip
    return library


@pytest.fixture
def album(serve: Serve) -> Served:
    return serve(make_library())


def starred(page: Any) -> list[int]:
    ids = page.eval_on_selector_all(
        ".starred", "all => all.map((n) => Number(n.closest('a').dataset.id))"
    )
    return sorted(ids)


def wait_starred(page: Any, photo_id: int, pressed: bool) -> None:
    page.wait_for_selector(
        f"dialog.viewer[data-ready='{photo_id}'] "
        f".viewer-favourite[aria-pressed='{str(pressed).lower()}']"
    )


def not_this(page: Any, photo_id: int) -> None:
    page.hover(f"a[data-id='{photo_id}']")
    page.locator(f"a[data-id='{photo_id}'] + .not-this").click()


def wait_shown(page: Any, ids: list[int]) -> None:
    page.wait_for_function(
        "ids => ids.join() === "
        "[...document.querySelectorAll('a.cell')].map((a) => a.dataset.id).join()",
        arg=ids,
    )
    wait_ready(page, "search")


def test_a_favourite_by_star_and_by_key(album: Served, visit: Visit) -> None:
    page = visit.open(album.address)
    assert starred(page) == []
    page.click("a[data-id='2']")
    wait_starred(page, 2, False)
    page.click(".viewer-favourite")
    wait_starred(page, 2, True)
    assert album.library.photos[2].favourite_since is not None
    page.keyboard.press("ArrowRight")
    wait_starred(page, 3, False)
    page.keyboard.press("f")
    wait_starred(page, 3, True)
    page.keyboard.press("Escape")
    page.wait_for_selector("dialog.viewer", state="hidden")
    assert starred(page) == [2, 3]
    page.reload()
    wait_ready(page, "timeline")
    assert starred(page) == [2, 3]
    page.click("a[data-id='2']")
    wait_starred(page, 2, True)
    page.keyboard.press("f")
    wait_starred(page, 2, False)
    page.keyboard.press("Escape")
    page.wait_for_selector("dialog.viewer", state="hidden")
    assert starred(page) == [3]
    assert album.library.photos[2].favourite_since is None


def test_the_star_at_the_search_shows_the_favourites(
    album: Served, visit: Visit
) -> None:
    page = visit.open(album.address)
    click(page, "Show your favourites")
    page.wait_for_selector(".message:has-text('No favourites yet')")
    assert page.url.endswith("?q=favourites")
    for loved in (1, 5):
        album.library.set_favourite(loved, True)
    page.reload()
    wait_ready(page, "search")
    assert chips(page) == ["favourites"]
    assert shown(page) == [1, 5]
    assert starred(page) == [1, 5]
    click(page, "Remove: favourites")
    wait_ready(page, "timeline")
    click(page, "Show your favourites")
    wait_line(page, "2 photos")


def test_a_favourite_that_cannot_be_kept_says_so(album: Served, visit: Visit) -> None:
    visit.expected = ("/favourite",)
    page = visit.open(album.address)
    page.click("a[data-id='1']")
    wait_starred(page, 1, False)
    photo = album.library.photos.pop(1)
    page.keyboard.press("f")
    page.wait_for_selector(".viewer-trouble:has-text('no such photo')")
    wait_starred(page, 1, False)
    album.library.photos[1] = photo


def test_not_this_and_undo(album: Served, visit: Visit) -> None:
    """Out of the search at once, with the right total, and back by one click."""
    page = visit.open(album.address)
    search(page, BEACH)
    assert shown(page) == [1, 2, 4, 6]
    not_this(page, 2)
    wait_shown(page, [1, 4, 6])
    assert line(page).startswith("3 photos for")
    assert page.url.endswith("?q=dog+on+the+beach"), "no photo was opened"
    toast = page.locator(".toast")
    assert "Taken out of this search" in toast.inner_text()
    after = page.locator(".afterword")
    assert after.inner_text() == "1 photo taken out of this search by you"
    click(page, "Undo")
    wait_shown(page, [1, 2, 4, 6])
    assert toast.is_hidden()
    assert album.search.feedback.all() == []
    assert after.inner_text() == "Photos taken out of searches"


def test_it_stays_out_and_only_there(album: Served, visit: Visit) -> None:
    page = visit.open(album.address)
    search(page, BEACH)
    not_this(page, 1)
    wait_shown(page, [2, 4, 6])
    page.reload()
    wait_ready(page, "search")
    assert shown(page) == [2, 4, 6]
    search(page, "brown dog")
    assert shown(page)[0] == 1


def test_the_sheet_takes_back_one_and_all(album: Served, visit: Visit) -> None:
    page = visit.open(album.address)
    search(page, "cat on a sofa")
    not_this(page, 3)
    page.wait_for_selector(".toast:visible")
    search(page, BEACH)
    for photo_id in (1, 4):
        not_this(page, photo_id)
        page.wait_for_selector(f"a[data-id='{photo_id}']", state="detached")
    click(page, "2 photos taken out of this search by you")
    page.wait_for_selector(".sheet[data-ready]:visible")
    listed = page.locator(".taken-out > li > .link")
    assert listed.all_inner_texts() == [BEACH, "cat on a sofa"]
    alts = page.eval_on_selector_all(".taken-out img", "all => all.map((i) => i.alt)")
    assert alts == [
        "A dog sleeps on the beach",
        "A brown dog runs on the beach",
        "A cat on a sofa <b>bold</b>",
    ]
    click(page, "Take back: A brown dog runs on the beach")
    page.wait_for_selector(".sheet-status:has-text('Taken back')")
    assert page.locator(".taken-out img").count() == 2
    click(page, "Reset all")
    assert album.search.feedback.all(), "asked once more before all goes"
    click(page, "Yes, take back 2 photos")
    page.wait_for_selector(".sheet-status:has-text('everything again')")
    assert album.search.feedback.all() == []
    assert "Nothing is taken out" in page.locator(".sheet:visible").inner_text()
    page.keyboard.press("Escape")
    wait_shown(page, [1, 2, 4, 6])


def test_the_sheet_leads_to_a_search(album: Served, visit: Visit) -> None:
    album.search.feedback.reject("cat sofa", 3)
    page = visit.open(f"{album.address}/?q=dog", ready="search")
    click(page, "Photos taken out of searches")
    page.wait_for_selector(".sheet[data-ready]:visible")
    click(page, "cat sofa")
    page.wait_for_selector(".message:has-text('Nothing matches “cat sofa”')")
    assert page.input_value("#query input") == "cat sofa"
    click(page, "1 photo taken out of this search by you")
    page.wait_for_selector(".sheet[data-ready]:visible")


def test_not_this_by_keyboard(album: Served, visit: Visit) -> None:
    """The button comes after its photo, and the focus stays at the place."""
    page = visit.open(f"{album.address}/?q=dog+on+the+beach", ready="search")
    page.focus("a[data-id='2']")
    page.keyboard.press("Tab")
    label = "document.activeElement.getAttribute('aria-label')"
    assert page.evaluate(label) == "Not this: A dog on the beach with a ball"
    page.keyboard.press("Enter")
    wait_shown(page, [1, 4, 6])
    page.wait_for_function("document.activeElement.dataset.id === '4'")


def test_a_refused_not_this_says_why(album: Served, visit: Visit) -> None:
    visit.expected = ("/api/feedback",)
    page = visit.open(f"{album.address}/?q=dog+on+the+beach", ready="search")
    photo = album.library.photos.pop(2)
    not_this(page, 2)
    page.wait_for_selector(".toast:has-text('no such photo')")
    assert shown(page) == [1, 2, 4, 6]
    album.library.photos[2] = photo


def test_the_timeline_has_no_such_button(album: Served, visit: Visit) -> None:
    page = visit.open(album.address)
    assert page.locator(".not-this").count() == 0
    assert page.locator(".afterword").is_hidden()


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", [390, 1440])
def test_widths_and_themes(album: Served, visit: Visit, width: int, dark: bool) -> None:
    """Nothing sticks out or is too faint, and what is tapped is large enough."""
    for photo_id in (1, 2, 4):
        album.library.set_favourite(photo_id, True)
    for words in ("cat " * 60, "sea at night"):
        for photo_id in (3, 5):
            album.search.feedback.reject(words.strip(), photo_id)
    page = visit.open(
        f"{album.address}/?q=dog+on+the+beach", width=width, height=844, dark=dark,
        ready="search",
    )  # fmt: skip
    not_this(page, 6)
    page.wait_for_selector(".toast:visible")
    over = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert over <= 0
    assert page.evaluate(CONTRAST) == []
    assert page.evaluate(STICKING_OUT) == []
    inside = "n => { const b = n.getBoundingClientRect(); return [b.left, b.right]; }"
    left, right = page.locator(".toast").evaluate(inside)
    assert 0 <= left < right <= width
    if width == 390:
        sizes = page.eval_on_selector_all(
            ".not-this", "all => all.map((n) => n.getBoundingClientRect().height)"
        )
        assert min(sizes) >= 36
        faint = page.locator(".not-this").first
        assert faint.evaluate("n => getComputedStyle(n).opacity") == "1"
    click(page, "Show all")
    page.wait_for_selector(".sheet[data-ready]:visible")
    assert page.evaluate(CONTRAST) == []
    wide = "n => n.querySelector('.sheet-inside').scrollWidth - n.clientWidth"
    assert page.locator(".sheet:visible").evaluate(wide) <= 0
    page.keyboard.press("Escape")
    page.click("a[data-id='1']")
    wait_photo(page, 1)
    star = page.locator(".viewer-favourite").bounding_box()
    info = page.locator(".viewer-info").bounding_box()
    assert star["x"] + star["width"] <= info["x"]
