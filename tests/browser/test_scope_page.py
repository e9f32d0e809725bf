"""More like this, searching by a picture, one folder, and answers of many pages."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from tests.browser.conftest import Serve, Served, Visit, wait_ready
from tests.browser.test_page import CONTRAST, STICKING_OUT
from tests.browser.test_search_page import click, line, search, shown, wait_line
from tests.ui.fakes import FakeLibrary, make_caption, make_photo

TEXTS = {
    1: "A brown dog on the beach",
    2: "A brown dog on the sofa",
    3: "A red kite above the sea",
    4: "A red kite in the sky at night",
    5: "A blue boat",
    6: "A blue boat at night",
}
DROP = """async ([selector, name, content]) => {
  const bytes = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0));
  const transfer = new DataTransfer();
  transfer.items.add(new File([bytes], name, { type: "image/png" }));
  const target = document.querySelector(selector);
  for (const kind of ["dragover", "drop"]) {
    target.dispatchEvent(new DragEvent(kind, {
      bubbles: true, cancelable: true, dataTransfer: transfer }));
  }
}"""


def make_library() -> FakeLibrary:
    return FakeLibrary(
        make_photo(
            number,
            folder="Trips/Lisbon" if number % 2 else "Trips/Oslo",
            caption=make_caption(number, text, "qwen"),
        )
        for number, text in TEXTS.items()
    )


@pytest.fixture(scope="module")
def album(serve: Serve) -> Served:
    return serve(make_library())


@pytest.fixture(scope="module")
def blue(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("pictures") / "mine.png"
    Image.new("RGB", (300, 200), (10, 40, 220)).save(path)
    return path


def scope(page: Any) -> list[str]:
    return list(page.locator(".scope button").all_inner_texts())


def note(page: Any) -> str:
    return str(page.locator(".scope-note").inner_text())


def open_photo(page: Any, photo_id: int) -> None:
    page.click(f"a[data-id='{photo_id}']")
    page.wait_for_selector(f"dialog.viewer[data-ready='{photo_id}']")


def test_more_like_this(album: Served, visit: Visit) -> None:
    """From the large photo to what is like it, on with words, and all the way back."""
    page = visit.open(album.address)
    open_photo(page, 3)
    click(page, "Show all photos like this")
    wait_line(page, "like IMG_0003.jpg")
    page.wait_for_selector("dialog.viewer", state="hidden")
    assert page.url == f"{album.address}/?like=3"
    assert scope(page) == ["like IMG_0003.jpg"]
    assert page.locator(".scope img").evaluate("image => image.naturalWidth") > 0
    assert shown(page)[0] == 4
    assert 3 not in shown(page)
    assert page.input_value("#query input") == ""
    search(page, "at night")
    wait_line(page, "like IMG_0003.jpg, for “at night”")
    assert page.url == f"{album.address}/?q=at+night&like=3"
    page.reload()
    wait_ready(page, "search")
    assert scope(page) == ["like IMG_0003.jpg"]
    assert page.input_value("#query input") == "at night"
    click(page, "Remove: like IMG_0003.jpg")
    wait_line(page, "photos for “at night”")
    assert page.url == f"{album.address}/?q=at+night"
    assert scope(page) == []
    page.go_back()
    wait_line(page, "like IMG_0003.jpg, for")
    page.go_back()
    page.wait_for_selector(".found-query:text-is('like IMG_0003.jpg')")
    page.go_back()
    page.wait_for_selector("dialog.viewer[data-ready='3']")
    page.keyboard.press("Escape")
    wait_ready(page, "timeline")
    assert scope(page) == []
    assert page.locator(".scope").is_hidden()


def test_in_a_folder(album: Served, visit: Visit) -> None:
    page = visit.open(album.address)
    open_photo(page, 1)
    click(page, "In folder Trips/Lisbon")
    wait_line(page, "3 photos in Trips/Lisbon")
    assert page.url == f"{album.address}/?folder=Trips%2FLisbon"
    assert sorted(shown(page)) == [1, 3, 5]
    search(page, "kite")
    wait_line(page, "1 photo for “kite” in Trips/Lisbon")
    assert shown(page) == [3]
    search(page, "zebra")
    page.wait_for_selector(".message:has-text('“zebra” in Trips/Lisbon')")
    search(page, "kite")
    wait_line(page, "1 photo")
    click(page, "Remove: in Trips/Lisbon")
    wait_line(page, "2 photos for “kite”")
    assert page.url == f"{album.address}/?q=kite"
    page.go_back()
    wait_line(page, "in Trips/Lisbon")
    page.fill("#query input", "")
    page.press("#query input", "Enter")
    wait_line(page, "3 photos in Trips/Lisbon")
    click(page, "Remove: in Trips/Lisbon")
    wait_ready(page, "timeline")
    assert page.url == f"{album.address}/"


def test_search_by_a_picked_picture(album: Served, visit: Visit, blue: Path) -> None:
    """It is described, not added; words come with it; a reload falls back to them."""
    page = visit.open(album.address)
    page.set_input_files("#picture-input", str(blue))
    wait_line(page, "like your picture")
    assert scope(page) == ["like your picture"]
    assert note(page) == (
        "Your picture was described as: “A blue picture” by the basic captioner. "
        "It was not added to the album."
    )
    assert set(shown(page)[:2]) == {5, 6}
    assert page.locator(".scope img").evaluate("image => image.naturalWidth") == 300
    assert page.url == f"{album.address}/"
    assert len(album.library.photos) == len(TEXTS)
    search(page, "night")
    wait_line(page, "like your picture, for “night”")
    assert shown(page)[0] == 6
    assert scope(page) == ["like your picture"]
    open_photo(page, 6)
    page.keyboard.press("Escape")
    page.wait_for_selector("dialog.viewer", state="hidden")
    assert line(page).startswith("3 photos like your picture"), "Back keeps the picture"
    page.go_back()
    wait_line(page, "photos like your picture")
    page.go_back()
    wait_ready(page, "timeline")
    page.go_forward()
    wait_line(page, "like your picture")
    page.go_forward()
    wait_line(page, "like your picture, for “night”")
    page.reload()
    wait_line(page, "2 photos for “night”")
    assert scope(page) == []


def test_a_picture_dropped_on_the_box_is_searched_by(
    album: Served, visit: Visit, blue: Path
) -> None:
    """Elsewhere it is uploaded, as ever."""
    page = visit.open(album.address)
    content = base64.b64encode(blue.read_bytes()).decode()
    page.evaluate(DROP, ["#query input", "mine.png", content])
    wait_line(page, "like your picture")
    assert album.library.received == {}
    assert page.locator(".drop-veil").is_hidden()
    assert page.locator(".tray").is_hidden()
    click(page, "Remove: like your picture")
    wait_ready(page, "timeline")


def test_dropping_elsewhere_uploads(serve: Serve, visit: Visit, blue: Path) -> None:
    album = serve(make_library())
    page = visit.open(album.address)
    content = base64.b64encode(blue.read_bytes()).decode()
    page.evaluate(DROP, [".stage", "mine.png", content])
    page.wait_for_selector(".tray[data-ready=done]")
    assert list(album.library.received) == ["mine.png"]


def test_the_same_picture_comes_first(serve: Serve, visit: Visit, blue: Path) -> None:
    library = make_library()
    library.same[blue.read_bytes()] = 4
    page = visit.open(serve(library).address)
    page.set_input_files("#picture-input", str(blue))
    wait_line(page, "like your picture")
    assert shown(page)[0] == 4
    first = page.locator("[data-i='0']")
    assert first.locator(".reason").inner_text().startswith("This picture is already")
    assert note(page).endswith("It is already in the album.")


def test_a_picture_that_cannot_be_read(
    album: Served, visit: Visit, tmp_path: Path
) -> None:
    """The page says why, and shows what it showed."""
    page = visit.open(f"{album.address}/?q=kite", ready="search")
    visit.expected = ("/api/describe",)
    wrong = tmp_path / "page.jpg"
    wrong.write_text("<!DOCTYPE html><p>no picture")
    page.set_input_files("#picture-input", str(wrong))
    page.wait_for_selector(".scope-note:has-text('This is not a picture')")
    assert shown(page) == [3, 4]
    large = tmp_path / "large.png"
    large.write_bytes(b"x" * 5_100_000)
    page.set_input_files("#picture-input", str(large))
    page.wait_for_selector(".scope-note:has-text('too large: the limit is 5 MB')")
    search(page, "boat")
    assert note(page) == ""


@pytest.fixture(scope="module")
def large(serve: Serve) -> Served:
    """700 dogs, of which 10 are only weakly what is asked for."""
    library = FakeLibrary()
    for number in range(1, 701):
        text = f"A dog, day {number}" if number <= 690 else "A picture of a cat"
        shape = [(1200, 800), (800, 1200), (1000, 1000)][number % 3]
        library.photos[number] = make_photo(
            number, width=shape[0], height=shape[1],
            caption=make_caption(number, text, "qwen"),
        )  # fmt: skip
    return serve(library)


PLACES = """() => [...document.querySelectorAll("a.cell")].map((link) => {
  const box = link.getBoundingClientRect();
  return [link.dataset.id, Math.round(box.left), Math.round(box.top + scrollY)].join();
})"""


def test_more_come_as_one_scrolls(large: Served, visit: Visit) -> None:
    """All of them, each once; what was there before stays where it was; the count is
    first a bound, which is said, and then true."""
    page = visit.open(large.address)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    search(page, "dog day picture")
    wait_line(page, "690 photos for “dog day picture”, 10 weaker")
    before = set(page.evaluate(PLACES))
    assert page.locator(".fold").is_hidden(), "the weaker ones come after all others"
    seen: set[int] = set()
    for _ in range(200):
        seen.update(shown(page))
        if len(seen) == 690:
            break
        page.mouse.wheel(0, 1500)
        page.evaluate("new Promise(requestAnimationFrame)")
        wait_ready(page, "search")
    assert len(seen) == 690
    pages = [url for url in asked if "/api/search" in url and "counted" not in url]
    assert len(pages) == 11, "offset 60, 120, … 660, each once"
    click(page, "Show 10 weaker matches")
    page.wait_for_selector(".month:has-text('Weaker matches')")
    wait_ready(page, "search")
    assert set(shown(page)) >= set(range(691, 701))
    page.evaluate("scrollTo(0, 0)")
    wait_ready(page, "search")
    page.wait_for_selector("a[data-i='0']")
    assert before & set(page.evaluate(PLACES)) >= {
        each for each in before if each.split(",")[0] in map(str, shown(page)[:10])
    }


def test_a_bound_is_said_to_be_one(large: Served, visit: Visit) -> None:
    page = visit.open(large.address)
    page.route("**/api/search*counted=1*", lambda route: route.abort())
    visit.expected = ("counted=1",)
    search(page, "dog day picture")
    assert line(page).startswith("At least 400 photos for")


def test_arrows_lead_on_to_the_next_page(large: Served, visit: Visit) -> None:
    page = visit.open(f"{large.address}/?q=dog+day", ready="search")
    page.click("[data-i='0']")
    for _ in range(115):
        page.keyboard.press("ArrowRight")
    place = "new URLSearchParams(location.search).get('photo')"
    page.wait_for_function(f"Number({place}) > 0")
    for _ in range(300):
        if page.evaluate(f"Number({place})") > 210:
            break
        page.keyboard.press("ArrowRight")
        page.evaluate("new Promise(requestAnimationFrame)")
    assert page.evaluate(f"Number({place})") > 210


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", [390, 1440])
def test_widths_and_themes(
    album: Served, visit: Visit, blue: Path, width: int, dark: bool
) -> None:
    """Nothing sticks out or is too faint, and what is tapped is large enough."""
    page = visit.open(album.address, width=width, height=844, dark=dark)
    page.goto(f"{album.address}/?folder=Trips%2FOslo&q=a")
    wait_ready(page, "search")
    page.set_input_files("#picture-input", str(blue))
    wait_line(page, "like your picture")
    assert scope(page) == ["like your picture", "in Trips/Oslo"]
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    assert page.evaluate(CONTRAST) == []
    assert page.evaluate(STICKING_OUT) == []
    heights = page.eval_on_selector_all(
        ".scope .chip, #picture-button",
        "all => all.map((node) => node.getBoundingClientRect().height)",
    )
    assert min(heights) >= (36 if width == 390 else 28)


def test_not_this_far_down_keeps_the_place(large: Served, visit: Visit) -> None:
    """What was loaded while scrolling is loaded again, less the photo taken out."""
    page = visit.open(large.address)
    search(page, "dog day")
    for _ in range(100):
        if max(shown(page)) > 300:
            break
        page.mouse.wheel(0, 1500)
        page.evaluate("new Promise(requestAnimationFrame)")
        wait_ready(page, "search")
    gone = shown(page)[len(shown(page)) // 2]
    button = page.locator(f"a[data-id='{gone}'] + .not-this")
    button.scroll_into_view_if_needed()
    place = page.evaluate("scrollY")
    button.click()
    page.wait_for_function(f"!document.querySelector(\"a[data-id='{gone}']\")")
    wait_line(page, "photos for")
    assert abs(page.evaluate("scrollY") - place) < 900
    assert max(shown(page)) > 200
