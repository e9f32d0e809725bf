"""What goes on behind a view that is shown, or beyond what the page has loaded."""

from __future__ import annotations

from typing import Any

from tests.browser.conftest import Serve, Visit, wait_ready
from tests.ui.fakes import FakeLibrary, make_photo

BOX = "#query :is(input, textarea)"
PASTE = """([place, text]) => {
  const carried = new DataTransfer();
  carried.items.add(new File(["no picture"], "cells.png", { type: "image/png" }));
  if (text) carried.setData("text/plain", text);
  document.querySelector(place).dispatchEvent(
    new ClipboardEvent("paste", { clipboardData: carried, bubbles: true }));
}"""


def visit_view(page: Any, view: str) -> None:
    page.click(f"#views a[data-view='{view}']")


def test_hits_never_stand_as_all_photos(serve: Serve, visit: Visit) -> None:
    """The timeline does not come once; the answer from before is not taken for it."""
    served = serve(FakeLibrary([make_photo(number) for number in range(1, 30)]))
    visit.expected = ("/api/timeline",)
    page = visit.open(served.address)
    page.fill(BOX, "number 7 at")
    page.press(BOX, "Enter")
    wait_ready(page, "search")
    assert page.locator(".why").count() > 0
    page.route("**/api/timeline*", lambda route: route.abort())
    page.click("#brand")
    page.wait_for_selector(".message:has-text('cannot be shown')")
    page.unroute("**/api/timeline*")
    visit_view(page, "albums")
    wait_ready(page, "albums")
    visit_view(page, "")
    page.wait_for_selector("h2.month")
    assert page.locator(".why").count() == 0


def test_a_view_whose_script_did_not_come(serve: Serve, visit: Visit) -> None:
    served = serve(FakeLibrary([make_photo(1)]))
    visit.expected = ("/albums/view.js",)
    page = visit.open(served.address)
    page.route("**/albums/view.js", lambda route: route.abort())
    visit_view(page, "albums")
    page.wait_for_selector(".view [role=alert]:has-text('does not answer')")
    visit_view(page, "")
    wait_ready(page, "timeline")


def test_pasted_text_is_no_upload(serve: Serve, visit: Visit) -> None:
    """Office programs put a picture of the text beside it on the clipboard."""
    served = serve(FakeLibrary([make_photo(1)]))
    visit.expected = ("/api/upload",)  # what is pasted later is no picture
    page = visit.open(served.address)
    page.evaluate(PASTE, [BOX, "a sentence"])
    assert page.locator(".tray").is_hidden()
    page.evaluate(PASTE, ["body", ""])
    page.wait_for_selector(".tray:has-text('cells.png')")


def test_all_that_was_removed_comes_back(serve: Serve, visit: Visit) -> None:
    """The list shows 200 at first; the button means all."""
    library = FakeLibrary([make_photo(number) for number in range(1, 261)])
    served = serve(library)
    library.many.remove(list(range(1, 251)))
    visit.expected = ("/thumbnail",)  # of those that are back before it came
    page = visit.open(f"{served.address}/?view=albums&at=removed", ready="albums")
    page.wait_for_selector(".removed li")
    assert page.locator(".removed li").count() < 250
    page.click("text=Restore all")
    page.wait_for_selector(".toast:has-text('Restored 250 photos.')")
    assert library.many.removed_count() == 0


def test_stars_far_down_are_taken_away_too(serve: Serve, visit: Visit) -> None:
    """All have one; of those that were never in the page it cannot know."""
    library = FakeLibrary([make_photo(number) for number in range(1, 401)])
    served = serve(library)
    for number in range(1, 401):
        library.set_favourite(number, True)
    page = visit.open(served.address)
    page.click("a.cell[data-i='0']", modifiers=["Control"])
    page.keyboard.press("Control+a")
    page.wait_for_selector(".pick-count:has-text('400')")
    page.click(".pick-actions button:has-text('Favourite')")
    page.wait_for_selector(".toast:has-text('400 photos taken out')")
    assert all(photo.favourite_since is None for photo in library.photos.values())
