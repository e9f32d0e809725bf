"""Albums on the page: made, filled, opened, searched, changed, deleted; smart ones; and
the photos that were removed."""

from __future__ import annotations

from typing import Any

from tests.browser.conftest import Serve, Visit, hurdles, wait_ready
from tests.ui.fakes import FakeLibrary, make_photo

BOX = "#query :is(input, textarea)"


def albums(page: Any) -> list[str]:
    """The albums that are shown, with their counts."""
    page.wait_for_selector('.album[data-ready="albums"]')
    return [
        text.replace("\n", ": ") for text in page.locator(".cover").all_inner_texts()
    ]


def told(page: Any, text: str) -> None:
    page.wait_for_selector(f".toast:has-text('{text}')")


def pick(page: Any, *places: int) -> None:
    for place in places:
        page.click(f'a.cell[data-i="{place}"]', modifiers=["Control"])


def test_an_album_from_its_name_to_its_end(serve: Serve, visit: Visit) -> None:
    served = serve(FakeLibrary([make_photo(number) for number in range(1, 40)]))
    library = served.library
    visit.expected = ("/api/albums",)
    page = visit.open(served.address)
    page.click("#views [data-view=albums]")
    assert albums(page) == []
    assert "No albums yet" in page.inner_text(".no-albums")
    page.click("text=New album")
    page.keyboard.press("Enter")
    page.wait_for_selector("[role=alert]:text-is('An album needs a name.')")
    page.fill(".name-field", "Norway trip")
    page.keyboard.press("Enter")
    page.wait_for_selector(".cover:has-text('Norway trip')")
    page.click("text=New album")
    page.fill(".name-field", "norway TRIP")
    page.keyboard.press("Enter")
    page.wait_for_selector("[role=alert]:has-text('already')")
    page.keyboard.press("Escape")
    page.click(".cover")
    page.wait_for_selector(".message:has-text('This album is empty')")
    page.click("#views [data-view='']")
    wait_ready(page, "timeline")

    pick(page, 0, 2, 4)
    assert not page.is_visible("[data-action=cover]")
    page.click("[data-action=add]")
    page.click(".choices button")
    told(page, "Added 3 photos to Norway trip.")
    page.click(".toast button:text-is('Show')")
    page.wait_for_selector(".album-heading:has-text('Norway trip')")
    page.wait_for_selector(".album-heading:has-text('3 photos')")
    assert page.locator("a.cell").count() == 3
    assert page.url.endswith("/?album=1")
    assert page.locator("#views [aria-current]").inner_text() == "Albums"
    page.reload()
    wait_ready(page, "timeline")
    assert page.locator("a.cell").count() == 3
    assert page.title() == "Norway trip – Smart Album"
    assert hurdles(page) == []

    page.fill(BOX, "number 3")
    page.press(BOX, "Enter")
    wait_ready(page, "search")
    assert page.locator("a.cell").first.get_attribute("data-id") == "3"
    assert page.locator("a.cell").count() <= 3
    assert not page.is_visible("text=Save as album")
    page.click("#query-clear")
    wait_ready(page, "timeline")
    assert page.locator("a.cell").count() == 3

    pick(page, 1)
    page.click("[data-action=cover]")
    told(page, "It is the cover of Norway trip now.")
    assert library.albums.covers == {1: 3}
    pick(page, 0)
    page.click("[data-action=take-out]")
    told(page, "Took 1 photo out of Norway trip.")
    page.wait_for_selector(".album-heading:has-text('2 photos')")
    assert len(library.photos) == 39
    page.click(".toast button:text-is('Undo')")
    page.wait_for_selector(".album-heading:has-text('3 photos')")

    page.click("text=Rename")
    page.fill(".name-field", "Norway")
    page.keyboard.press("Enter")
    page.wait_for_selector("h1:text-is('Norway')")
    page.click(".album-heading a")
    assert albums(page) == ["Norway: 3 photos"]
    page.click(".cover-menu")
    page.click("[role=menuitem]:has-text('Delete')")
    page.wait_for_selector("dialog[open]:has-text('Its photos stay')")
    page.click("dialog[open] .primary")
    page.wait_for_selector(".cover", state="detached")
    assert len(library.photos) == 39
    page.goto(f"{served.address}/?album=1")
    page.wait_for_selector(".message:has-text('no such album')")


def test_what_fills_itself(serve: Serve, visit: Visit) -> None:
    """Smart albums, favourites, and what was removed; on a phone, in the dark."""
    served = serve(FakeLibrary([make_photo(number) for number in range(1, 40)]))
    served.library.many.set_favourite([5, 6], True)
    page = visit.open(served.address, width=390, height=844, dark=True)
    page.fill(BOX, "number 3")
    page.press(BOX, "Enter")
    wait_ready(page, "search")
    page.click("text=Save as album")
    assert page.input_value(".name-field") == "number 3"
    page.fill(".name-field", "Threes")
    page.keyboard.press("Enter")
    told(page, "Saved as Threes.")
    page.click(".toast button:text-is('All albums')")
    page.wait_for_selector(".cover-count:has-text('39 photos')")
    assert albums(page) == ["Threes: 39 photos"]
    assert page.is_visible(".smart-mark")
    assert page.locator(".fixed-album").all_inner_texts() == [
        *("Favourites\n2", "Recently removed\n0")
    ]
    assert hurdles(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    page.click(".cover")
    wait_ready(page, "search")
    assert page.input_value(BOX) == "number 3"
    page.go_back()
    page.wait_for_selector(".cover-count:has-text('39 photos')")
    assert albums(page) == ["Threes: 39 photos"]

    page.click(".fixed-album:has-text('Favourites')")
    wait_ready(page, "timeline")
    page.wait_for_selector("h1:text-is('Favourites')")
    assert page.locator("a.cell").count() == 2
    pick(page, 0, 1)
    page.click("[data-action=favourite]")
    page.wait_for_selector(".message:has-text('No favourites yet')")
    page.click(".toast button:text-is('Undo')")
    page.wait_for_selector("a.cell")
    pick(page, 0)
    page.click("[data-action=remove]")
    told(page, "Removed 1 photo from the album.")
    page.click(".album-heading a")
    page.click(".fixed-album:has-text('Recently removed')")
    page.wait_for_function("document.querySelector('.removed img')?.naturalWidth > 0")
    assert hurdles(page) == []
    page.click("text=Restore all")
    told(page, "Restored 1 photo.")
    page.wait_for_selector("section:has-text('Nothing is removed.')")
    assert sorted(served.library.photos) == list(range(1, 40))
    page.click("#views [data-view='']")
    wait_ready(page, "timeline")
    assert not page.is_visible(".album-heading")
