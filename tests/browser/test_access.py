"""axe-core over every state of the page: nothing serious, in light and dark, wide and
narrow. One page a combination, walked through as a person would."""

from __future__ import annotations

from typing import Any

import pytest

from tests.browser.conftest import Serve, Visit, hurdles, wait_ready
from tests.ui.fakes import FakeLibrary, make_photo

SIZES = [(1440, 900, False), (768, 1024, True), (390, 844, False), (390, 844, True)]


@pytest.mark.parametrize(("width", "height", "dark"), SIZES)
def test_nothing_stands_in_the_way(
    serve: Serve, visit: Visit, width: int, height: int, dark: bool
) -> None:
    served = serve(FakeLibrary([make_photo(number) for number in range(1, 60)]))
    page = visit.open(served.address, width=width, height=height, dark=dark)
    found: dict[str, list[str]] = {}

    def look(state: str) -> None:
        found[state] = hurdles(page)

    look("timeline")
    page.click("#menu-button")
    look("menu")
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    page.wait_for_selector("dialog[open]")
    look("keys")
    page.keyboard.press("Escape")
    search(page, "lake")
    look("results")
    page.click('a.cell[data-i="0"]')
    page.wait_for_selector(".viewer[data-ready]")
    look("photo")
    page.keyboard.press("e")
    look("editor")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    search(page, "zeppelin")
    look("nothing matches")
    assert {state: hits for state, hits in found.items() if hits} == {}


def test_an_empty_album(serve: Serve, visit: Visit) -> None:
    page = visit.open(serve(FakeLibrary()).address, ready="empty")
    assert hurdles(page) == []
    page.evaluate("document.querySelector('.message').append(new Image())")
    assert any(
        hurdle.startswith("image-alt") for hurdle in hurdles(page)
    )  # it can fail


def search(page: Any, sentence: str) -> None:
    page.fill("#query :is(input, textarea)", sentence)
    page.press("#query :is(input, textarea)", "Enter")
    page.wait_for_function("(said) => document.title.includes(said)", arg=sentence)
    wait_ready(page, "search")
