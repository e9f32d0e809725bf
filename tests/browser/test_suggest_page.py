"""Suggestions below the search box, and the filters: what is chosen is written into the
sentence, and what the sentence says is pressed."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from tests.browser.conftest import Serve, Visit, hurdles, wait_ready
from tests.ui.fake_facets import ParsingSearch
from tests.ui.fakes import FakeLibrary, make_caption, make_photo

BOX = "#query :is(input, textarea)"
RECENT = "localStorage.getItem('album-recent-searches')"
HOSTILE = '<img src=x onerror="document.title=`hit`">'
LOVED = datetime(2026, 11, 1, tzinfo=UTC)


def library() -> FakeLibrary:
    """Some of everything."""
    places = (
        "Lisbon, Portugal", "Cascais, Portugal", "Oslo, Norway",
        "New York City, United States", "里斯本, 葡萄牙", None,
    )  # fmt: skip
    cameras = ("Canon EOS R6", "Apple iPhone 12", "Apple iPhone 12 Pro", None)
    folders = ("Pictures/2019/Norway trip", "Pictures/2019", "Scans", HOSTILE)
    return FakeLibrary(
        make_photo(
            number,
            place=places[number % 6],
            camera=cameras[number % 4],
            folder=folders[number // 3 % 4],
            name=f"{'Screenshot' if number % 7 == 0 else 'IMG'}_{number}.jpg",
            favourite_since=LOVED if number % 9 == 0 else None,
            caption=make_caption(
                number,
                f"photo number {number} of a {'snowy hill' if number % 2 else 'lake'}",
                ("basic", "qwen", "person")[number % 3],
                tags=("snow", "hill") if number % 2 else ("lake", "lighthouse"),
            ),
        )
        for number in range(1, 121)
    )


def test_by_keys_alone(serve: Serve, visit: Visit) -> None:
    """From nothing typed to a search, by arrows, Tab, Enter, Escape and Delete."""
    page = start(serve, visit)
    assert page.get_by_role("combobox").get_attribute("aria-expanded") == "false"
    page.keyboard.press("/")
    options = page.get_by_role("option")
    options.first.wait_for()
    assert not page.get_by_text("Recent searches", exact=True).is_visible()
    assert told(page)[:3] == ["Cascais, Portugal 20", "Lisbon, Portugal 20",
                              "New York City, United States 20"]  # fmt: skip
    assert told(page)[-1] == "Favourites 13"

    page.keyboard.type("lake in new y")
    assert told(page) == ["New York City, United States 20"]
    page.keyboard.press("ArrowDown")
    active = page.get_by_role("combobox").get_attribute("aria-activedescendant")
    chosen = page.get_by_role("option", selected=True)
    assert chosen.get_attribute("id") == active
    assert hurdles(page) == []
    page.keyboard.press("Tab")  # into the sentence, and on with typing
    sentence = 'lake in place:"New York City, United States" '
    assert page.input_value(BOX) == sentence
    assert page.evaluate("document.activeElement.matches('#query *')")
    page.keyboard.type("scr")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    searched(page, sentence + "screenshots")
    assert chips(page) == ["New York City, United States", "screenshots"]
    assert page.get_by_role("listbox").is_hidden()

    page.keyboard.press("ControlOrMeta+k")
    page.keyboard.type("snowy hill in 20")
    page.keyboard.press("ArrowUp")  # the last one
    assert told(page)[-1] == "2023 3"
    page.keyboard.press("Escape")  # only the choice is given up
    assert page.input_value(BOX) == "snowy hill in 20"
    page.keyboard.press("Enter")  # what is typed, since nothing is chosen
    searched(page, "snowy hill in 20")
    page.keyboard.press("Escape")  # the key that clears the search
    wait_ready(page, "timeline")

    page.keyboard.press("/")
    page.get_by_text("Recent searches", exact=True).wait_for()
    assert told(page)[:3] == ["snowy hill in 20", sentence + "screenshots",
                              "Clear recent searches"]  # fmt: skip
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Delete")
    assert told(page)[0] == sentence + "screenshots"
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    searched(page, sentence + "screenshots")
    page.evaluate("localStorage.setItem('album-recent', 'off')")
    page.fill(BOX, "quiet")
    page.keyboard.press("Enter")
    searched(page, "quiet")
    page.fill(BOX, "")
    assert "quiet" not in (page.evaluate(RECENT) or "")


def test_by_pointer_and_in_other_scripts(serve: Serve, visit: Visit) -> None:
    """A phone in the dark: tapped, composed in Chinese, with names that are code."""
    page = start(serve, visit, width=390, height=844, dark=True)
    page.click(BOX)
    page.get_by_role("option").first.wait_for()
    assert least_height(page, "[role=option]") >= 40
    compose(page, "里斯")
    assert told(page) == ["里斯本, 葡萄牙 20"]
    page.get_by_role("option").click()
    searched(page, 'place:"里斯本, 葡萄牙"')
    assert chips(page) == ["里斯本, 葡萄牙"]

    page.fill(BOX, "img")
    assert told(page) == [f"{HOSTILE} 30"]
    page.get_by_role("option").click()
    searched(page, f'folder:"{HOSTILE.replace(chr(34), " ")}"')
    assert chips(page) == [HOSTILE]
    assert page.title() != "hit"
    assert page.locator("#query img, .chips img, #filters img").count() == 0

    page.click("#query-clear")
    wait_ready(page, "timeline")
    page.click(BOX)
    page.get_by_role("option", name="Clear recent searches").click()
    assert page.evaluate(RECENT) is None
    assert not page.get_by_text("Recent searches", exact=True).is_visible()
    page.mouse.click(200, 700)
    assert page.get_by_role("listbox").is_hidden()


@pytest.mark.parametrize(("width", "dark"), [(1440, False), (390, True)])
def test_filters(serve: Serve, visit: Visit, width: int, dark: bool) -> None:
    """Pressed, read back from the sentence, taken away again; the words stay."""
    page = start(serve, visit, width=width, height=900, dark=dark)
    page.fill(BOX, "lake in 2025")  # typed, and not asked for yet
    page.click("#filter-button")
    searched(page, "lake in 2025")
    year = press(page, "2025")
    year.wait_for()
    assert year.get_attribute("aria-pressed") == "true"
    assert badge(page) == "1"
    assert hurdles(page) == []
    at = year.bounding_box()
    press(page, "2024").click()
    searched(page, "lake in 2025 in 2024")
    assert year.bounding_box() == at  # nothing moves under the finger

    press(page, "Portugal").click()
    press(page, "Favourites").click()
    sentence = "lake in 2025 in 2024 place:Portugal favourites"
    searched(page, sentence)
    assert badge(page) == "4"
    assert total(page) == found(["2025", "2024"], "Portugal")
    press(page, "2025").click()
    press(page, "Favourites").click()
    searched(page, "lake in 2024 place:Portugal")
    assert press(page, "Favourites").get_attribute("aria-pressed") == "false"

    page.get_by_label("From", exact=True).fill("2026-03-01")
    searched(page, "lake place:Portugal since 2026-03-01")
    page.get_by_label("To", exact=True).fill("2026-06-30")
    searched(page, "lake place:Portugal from 2026-03-01 to 2026-06-30")
    assert press(page, "2024").get_attribute("aria-pressed") == "false"
    press(page, "Captioned by you").click()
    press(page, HOSTILE).click()
    name = HOSTILE.replace('"', " ")
    searched(
        page, "lake place:Portugal from 2026-03-01 to 2026-06-30 captioned by me "
        f'folder:"{name}"',
    )  # fmt: skip
    assert badge(page) == "4"

    page.get_by_label("Find a place").fill("osl")
    press(page, "Oslo, Norway").click()
    assert press(page, "Oslo, Norway").get_attribute("aria-pressed") == "true"
    page.get_by_role("button", name="Clear filters").click()
    searched(page, "lake")
    assert page.get_by_role("button", name="Clear filters").is_disabled()
    assert page.get_by_label("From", exact=True).input_value() == ""
    page.keyboard.press("Escape")
    assert page.locator("#filters").is_hidden()
    page.go_back()
    page.wait_for_function(
        "document.querySelector('.filter-badge').textContent === '5'"
    )


def start(serve: Serve, visit: Visit, **how: Any) -> Any:
    album = library()
    served = serve(album, search=ParsingSearch(album))
    page = visit.open(served.address, **how)
    page.evaluate("localStorage.clear()")
    return page


def searched(page: Any, sentence: str) -> None:
    """Until the answer to this very sentence is shown."""
    page.wait_for_function(
        "(q) => document.title.startsWith(q) && new URLSearchParams(location.search)"
        ".get('q') === q && !document.querySelector('.album.waiting')",
        arg=" ".join(sentence.split()),
    )
    assert page.input_value(BOX).strip() == " ".join(sentence.split())


def told(page: Any) -> list[str]:
    """What is suggested: each with its count."""
    texts = (
        "rows => rows.map(row => [...row.querySelectorAll('.suggest-label, "
        ".suggest-count')].map(one => one.textContent).join(' '))"
    )
    return list(page.locator("#suggestions [role=option]").evaluate_all(texts))


def chips(page: Any) -> list[str]:
    return list(page.locator(".chips li").all_inner_texts())


def badge(page: Any) -> str:
    return str(page.locator(".filter-badge:not([hidden])").inner_text())


def total(page: Any) -> int:
    return int(page.locator(".found-count").inner_text().split()[0])


def press(page: Any, label: str) -> Any:
    """The chip of the panel with this label."""
    wanted = page.get_by_text(label, exact=True)
    return page.locator("#filters .filter-chip").filter(has=wanted)


def least_height(page: Any, selector: str) -> float:
    heights = "all => Math.min(...all.map(one => one.getBoundingClientRect().height))"
    return float(page.locator(selector).evaluate_all(heights))


def compose(page: Any, text: str) -> None:
    """As an input method does it: half a word first, then what it becomes."""
    session = page.context.new_cdp_session(page)
    session.send(
        "Input.imeSetComposition",
        {"text": "lisi", "selectionStart": 4, "selectionEnd": 4},
    )
    assert len(told(page)) > 1  # still the ideas: nothing is looked for in half a word
    session.send("Input.insertText", {"text": text})


def found(years: list[str], country: str) -> int:
    """How many favourites with a lake there are, counted by hand."""
    return sum(
        photo.favourite_since is not None
        and str(photo.sort_at.year) in years
        and (photo.place or "").endswith(country)
        and "lake" in (photo.caption.text if photo.caption else "")
        for photo in library().photos.values()
    )
