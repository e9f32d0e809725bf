"""Searching as a person does it: chips, reasons, order, weaker matches, no match."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.browser.conftest import Serve, Served, Visit, wait_ready
from tests.browser.test_page import CONTRAST, STICKING_OUT
from tests.ui.fakes import START, FakeLibrary, make_caption, make_photo
from ui.files import Assets

HOSTILE = "<img/src=x/onerror=window.__x=1>"
LONG = "Two people and a large umbrella in the shade of old trees beside a red tram"


def make_library() -> FakeLibrary:
    """Dogs on beaches, some with people, in two years and two places; one tram."""
    texts = {
        1: "A brown dog runs on the beach",
        2: "A dog on the beach with people around it",
        3: "A white dog sleeps on a sofa",
        4: "Children build a castle on the beach",
        5: "A red kite above the sea",
        6: LONG,
        7: "A dog 🐕 swims behind a red ball, near the beach",
    }
    library = FakeLibrary()
    for number, text in texts.items():
        taken = START - timedelta(days=120 * number)
        library.photos[number] = make_photo(
            number,
            taken_at=taken,
            sort_at=taken,
            place="Cascais, Portugal" if number % 2 else "Oslo, Norway",
            caption=make_caption(number, text, "person" if number == 1 else "qwen"),
        )
    return library


@pytest.fixture(scope="module")
def album(serve: Serve) -> Served:
    return serve(make_library())


def search(page: Any, words: str) -> None:
    page.fill("#query input", words)
    page.press("#query input", "Enter")
    wait_ready(page, "search")


def shown(page: Any) -> list[int]:
    """The photos in the page, in the order of the document."""
    ids = page.eval_on_selector_all(
        "a.cell", "links => links.map((link) => Number(link.dataset.id))"
    )
    return list(ids)


def click(page: Any, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def chips(page: Any) -> list[str]:
    return list(page.locator(".chips button").all_inner_texts())


def line(page: Any) -> str:
    return str(page.locator(".found-line").inner_text())


def wait_line(page: Any, text: str) -> None:
    page.wait_for_selector(f".found-line:has-text('{text}')")
    wait_ready(page, "search")


def test_chips_say_how_it_was_understood(album: Served, visit: Visit) -> None:
    """Taking one away takes its words out of the sentence and searches again."""
    page = visit.open(album.address)
    search(page, "dog on the beach, not people in Cascais in 2026")
    assert chips(page) == ["not people", "Cascais", "2026"]
    assert shown(page) == [1]
    assert line(page).startswith("1 photo for")
    click(page, "Remove: 2026")
    wait_line(page, "3 photos for")
    assert shown(page) == [1, 7, 3]
    assert page.input_value("#query input") == "dog on the beach, not people in Cascais"
    click(page, "Remove: not people")
    wait_line(page, "“dog on the beach, in Cascais”")
    click(page, "Remove: Cascais")
    wait_line(page, "“dog on the beach”")
    assert page.input_value("#query input") == "dog on the beach"
    assert page.locator(".chips").is_hidden()
    assert page.url.endswith("?q=dog+on+the+beach")
    page.go_back()
    wait_line(page, "in Cascais")
    assert chips(page) == ["Cascais"]


def test_the_last_chip_leads_to_all_photos(album: Served, visit: Visit) -> None:
    page = visit.open(f"{album.address}/?q=in+2026", ready="search")
    assert shown(page) == [1, 2], "without words, all that the date allows"
    click(page, "Remove: 2026")
    wait_ready(page, "timeline")
    assert page.input_value("#query input") == ""
    assert page.url == f"{album.address}/"
    assert page.locator(".chips").is_hidden()


WITHOUT = """async ([address, query, start, end]) => {
  const { without } = await import(address);
  return without(query, { start, end });
}"""


LEFT = [
    ("dogs, last summer, not people", "last summer", "dogs, not people"),
    ("last summer, dogs", "last summer", "dogs"),
    ("dogs , last summer", "last summer", "dogs"),
    ("  dogs   not people  ", "not people", "dogs"),
    ("🐕🏖️ 犬 not people 海", "not people", "🐕🏖️ 犬 海"),
    ("not people -cats", "not people", "-cats"),
    ("«in 2025»", "in 2025", ""),
    ("in 2025, !", "in 2025", ""),
    ("🐕 in 2025", "in 2025", "🐕"),
    ("x", "x", ""),
]


def test_a_sentence_without_a_part(album: Served, visit: Visit) -> None:
    """Counted in whole characters, as in Python, whatever JavaScript makes of them."""
    page = visit.open(album.address)
    address = Assets().address("chips.js")
    for query, taken, rest in LEFT:
        start = query.index(taken)
        span = [start, start + len(taken)]
        assert page.evaluate(WITHOUT, [address, query, *span]) == rest, query


def test_reasons(album: Served, visit: Visit) -> None:
    """The words that answered the query are marked, no others, and can be seen; how
    well it matches, and where it stands."""
    page = visit.open(album.address)
    search(page, "brown dog beach")
    first = page.locator("[data-i='0']")
    assert first.locator(".reason").inner_text() == "A brown dog runs on the beach"
    assert first.locator("mark").all_inner_texts() == ["brown", "dog", "beach"]
    assert first.locator(".strength").get_attribute("aria-label") == "strong match"
    assert first.locator(".source").inner_text() == "you"
    with_emoji = page.locator("a[data-id='7']")
    assert with_emoji.locator("mark").all_inner_texts() == ["dog", "beach"]
    assert with_emoji.locator(".strength").get_attribute("aria-label") == "good match"
    assert with_emoji.locator(".source").inner_text() == "Qwen3-VL caption"
    search(page, "oslo")
    assert page.locator("[data-i='0'] .source").inner_text() == "place"
    assert page.locator("[data-i='0'] mark").inner_text() == "Oslo"
    search(page, "IMG_0003")
    assert page.locator("[data-i='0'] .source").inner_text() == "file name"
    search(page, "tram")
    reason = page.locator("[data-i='0'] .reason")
    assert reason.inner_text() == "… beside a red tram"
    assert reason.locator("mark").inner_text() == "tram"
    assert page.locator("[data-i='0'] .why").get_attribute("title") == LONG


def test_weaker_matches_behind_one_click(album: Served, visit: Visit) -> None:
    """They come below the others, under a heading, and nothing above them moves."""
    page = visit.open(album.address, height=600)
    search(page, "brown dog beach")
    assert shown(page) == [1, 2, 7]
    assert line(page) == "3 photos for “brown dog beach”, 2 weaker matches"
    where = "document.querySelector(\"a[data-id='7']\").getBoundingClientRect().top"
    before = page.evaluate(where)
    click(page, "Show 2 weaker matches")
    page.wait_for_selector(".month:has-text('Weaker matches')")
    wait_ready(page, "search")
    assert shown(page) == [1, 2, 7, 3, 4]
    assert page.evaluate(where) == pytest.approx(before, abs=1)
    assert page.evaluate("document.activeElement.dataset.id") == "3"
    assert page.url.endswith("&weak=1")
    above = page.evaluate(
        "document.querySelector('.month').getBoundingClientRect().top"
    )
    assert before < above, "the heading lies below what matches"
    order = page.eval_on_selector_all(
        ".stage > *", "all => all.map((n) => n.className)"
    )
    assert order == ["photo-row", "month", "photo-row"], "read aloud as it is seen"
    page.reload()
    wait_ready(page, "search")
    assert shown(page) == [1, 2, 7, 3, 4]
    click(page, "Hide weaker matches")
    page.wait_for_selector(".month", state="detached")
    assert shown(page) == [1, 2, 7]
    page.go_back()
    page.wait_for_selector(".month")
    search(page, "kite")
    assert "weak" not in page.url, "another sentence begins with what matches"


def test_nothing_matches_but_weakly(album: Served, visit: Visit) -> None:
    page = visit.open(album.address)
    search(page, "purple elephant beach")
    message = page.locator(".message")
    assert "Nothing matches “purple elephant beach”" in message.inner_text()
    assert shown(page) == []
    click(page, "Show 4 weaker matches")
    wait_line(page, "Nothing matches “purple elephant beach” — 4 weaker matches")
    assert sorted(shown(page)) == [1, 2, 4, 7]
    assert message.is_hidden()
    assert page.locator(".month").inner_text().startswith("Weaker matches")


def test_nothing_matches_says_what_to_take_away(album: Served, visit: Visit) -> None:
    page = visit.open(album.address)
    search(page, "kite in 2019 in Oslo")
    message = page.locator(".message")
    assert "Nothing matches “kite in 2019 in Oslo”" in message.inner_text()
    assert chips(page) == ["2019", "Oslo"]
    click(page, "Search without “Oslo”")
    page.wait_for_selector(".message:has-text('“kite in 2019”')")
    click(page, "Search without “2019”")
    wait_line(page, "1 photo")
    assert shown(page) == [5]


def test_order_is_in_the_address(album: Served, visit: Visit) -> None:
    """Kept for the next sentence and for a second tab; Back leads to the one before."""
    page = visit.open(album.address)
    search(page, "beach dog")
    assert shown(page) == [1, 2, 7, 3, 4]
    click(page, "Oldest")
    page.wait_for_selector(".orders button[aria-pressed=true]:has-text('Oldest')")
    wait_ready(page, "search")
    assert shown(page) == [7, 4, 3, 2, 1]
    assert page.url.endswith("?q=beach+dog&order=oldest")
    search(page, "dog")
    assert page.url.endswith("?q=dog&order=oldest")
    assert shown(page) == [7, 3, 2, 1]
    second = visit.open(page.url, ready="search")
    assert shown(second) == [7, 3, 2, 1]
    second.click("[data-i='0']")
    second.wait_for_selector("dialog.viewer[data-ready='7']")
    second.keyboard.press("Escape")
    second.wait_for_selector("dialog.viewer", state="hidden")
    assert second.url == page.url
    page.go_back()
    wait_line(page, "beach dog")
    page.go_back()
    page.wait_for_selector(".orders button[aria-pressed=true]:has-text('Best match')")
    wait_ready(page, "search")
    assert shown(page) == [1, 2, 7, 3, 4]


def test_wrong_addresses_are_mended(album: Served, visit: Visit) -> None:
    page = visit.open(f"{album.address}/?q=kite&order=best&weak=x", ready="search")
    assert page.url.endswith("/?q=kite")
    page.goto(f"{album.address}/?order=newest&weak=1")
    wait_ready(page, "timeline")
    assert page.url == f"{album.address}/"


def test_by_keyboard_alone(album: Served, visit: Visit) -> None:
    """From the box to the chips, and on: the focus is never lost."""
    page = visit.open(album.address)
    page.keyboard.press("/")
    page.keyboard.type("dog in Cascais in 2026")
    page.keyboard.press("Enter")
    wait_line(page, "1 photo")
    focused = "document.activeElement.getAttribute('aria-label')"
    for _ in range(9):
        page.keyboard.press("Tab")
        if page.evaluate(focused) == "Remove: 2026":
            break
    page.keyboard.press("Enter")
    wait_line(page, "3 photos")
    assert page.evaluate(focused) == "Remove: Cascais"
    page.keyboard.press("Space")
    wait_line(page, "4 photos")
    assert page.evaluate("document.activeElement.className") == "found-line"
    for name in ("Save as album", "Show all photos", "Best match", "Newest"):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.textContent") == name
    page.keyboard.press("Enter")
    page.wait_for_selector(".orders button[aria-pressed=true]:has-text('Newest')")
    wait_ready(page, "search")
    assert page.evaluate("document.activeElement.textContent") == "Newest"
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.dataset.i") == "0"


def test_what_was_found_is_said(album: Served, visit: Visit) -> None:
    """Readers of the page hear the count from a region that is always there."""
    page = visit.open(album.address)
    said = page.locator(".said[role=status][aria-live=polite]")
    assert said.text_content() == ""
    search(page, "brown dog beach")
    heard = "3 photos for “brown dog beach”, 2 weaker matches"
    assert said.text_content() == heard
    search(page, "zebra")
    assert said.text_content() == "Nothing matches “zebra”"
    click(page, "Show all photos")
    wait_ready(page, "timeline")
    assert said.text_content() == ""


HOLD = """part => {
  const real = window.fetch;
  window.fetch = async (address, options) => {
    const answer = await real(address, options);
    if (!String(address).includes(part)) return answer;
    const content = await answer.json();
    return new Promise((go) => {
      window.letGo = () => new Promise((read) => {
        answer.json = async () => {
          setTimeout(read);  // that is, when the page has done what it does with it
          return content;
        };
        go(answer);
      });
    });
  };
}"""


def test_only_the_newest_question_is_answered(album: Served, visit: Visit) -> None:
    """A slow answer to a chip taken away does not replace what was asked for since."""
    page = visit.open(f"{album.address}/?q=dog+in+Cascais+in+2026", ready="search")
    page.evaluate(HOLD, "q=dog+in+Cascais&")
    click(page, "Remove: 2026")
    page.wait_for_function("Boolean(window.letGo)")
    search(page, "kite")
    page.evaluate("window.letGo()")
    assert line(page).startswith("1 photo for “kite”")
    assert page.url.endswith("?q=kite")


def test_hostile_texts_in_chips_and_marks(serve: Serve, visit: Visit) -> None:
    """What looks like HTML stays text, also cut into marks and pieces."""
    caption = make_caption(1, f"castle {HOSTILE} window onerror")
    album = serve(FakeLibrary([make_photo(1, caption=caption, place=HOSTILE)]))
    page = visit.open(album.address)
    search(page, "castle img src x onerror window")
    assert page.locator("[data-i='0'] .reason").inner_text() == caption.text
    assert "onerror" in page.locator("[data-i='0'] mark").all_inner_texts()
    search(page, f"castle not {HOSTILE}")
    assert chips(page) == [f"not {HOSTILE}"]
    click(page, f"Search without “not {HOSTILE}”")
    wait_line(page, "1 photo for “castle”")
    assert page.evaluate("window.__x") is None
    assert page.locator("img[src='x/onerror=window.__x=1']").count() == 0


@pytest.fixture(scope="module")
def crowded(serve: Serve) -> Served:
    """Enough results to fill a window, in all strengths, with a long chip."""
    library = make_library()
    for number in range(11, 60):
        taken = datetime(2025, 1, 1) + timedelta(days=number)
        words = ["a dog on the beach", "a dog and a very long story " * 6, "the sea"]
        caption = make_caption(number, words[number % 3], "qwen")
        library.photos[number] = make_photo(
            number, taken_at=taken, sort_at=taken, caption=caption,
            width=[1200, 700][number % 2], height=1000,
        )  # fmt: skip
    return serve(library)


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", [390, 1440])
def test_widths_and_themes(
    crowded: Served, visit: Visit, width: int, dark: bool
) -> None:
    """Nothing sticks out or is too faint, and what is tapped is large enough."""
    page = visit.open(crowded.address, width=width, height=844, dark=dark)
    long = "not " + "x" * 120
    for query in (
        f"?q=dog+beach+sea+{long}+in+Cascais+in+2025&weak=1&order=newest",
        "?q=purple+elephant+beach+in+2025+in+Cascais",
    ):
        page.goto(f"{crowded.address}/{query}")
        wait_ready(page, "search")
        assert chips(page)
        over = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert over <= 0
        assert page.evaluate(CONTRAST) == []
        assert page.evaluate(STICKING_OUT) == []
        heights = page.eval_on_selector_all(
            ".chip, .orders button, .fold button, .message button",
            "all => all.filter((node) => node.checkVisibility())"
            ".map((node) => node.getBoundingClientRect().height)",
        )
        assert min(heights) >= (36 if width == 390 else 28)
