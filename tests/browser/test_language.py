"""The page in Chinese: for a browser that asks for it, and for who chose it here."""

from __future__ import annotations

from typing import Any

from tests.browser.conftest import Serve, Visit, hurdles, wait_ready
from tests.ui.fakes import FakeLibrary, make_photo


def test_a_chinese_browser(serve: Serve, chromium: Any) -> None:
    served = serve(FakeLibrary([make_photo(number) for number in range(1, 40)]))
    context = chromium.new_context(locale="zh-TW")
    visit = Visit({False: context})
    page = visit.open(served.address)
    box = page.locator("#query :is(input, textarea)")
    assert box.get_attribute("placeholder").startswith("搜索")
    assert page.evaluate("document.documentElement.lang") == "zh-CN"
    assert page.locator("#views").inner_text().split() == ["照片", "相册", "地图"]
    assert page.locator("h2.month").first.inner_text().startswith("2026年11月")
    box.fill("lake")
    box.press("Enter")
    wait_ready(page, "search")
    assert "张照片" in page.locator(".found-count").inner_text()
    assert hurdles(page) == []
    context.close()
    assert visit.troubles == []


def test_a_choice_outlives_a_reload(serve: Serve, visit: Visit) -> None:
    served = serve(FakeLibrary([make_photo(1)]))
    page = visit.open(served.address)
    assert page.locator("#views").inner_text().split()[0] == "Photos"
    page.evaluate("localStorage.setItem('album-language', 'zh-CN')")
    page.reload()
    wait_ready(page, "timeline")
    assert page.locator("#views").inner_text().split()[0] == "照片"
    page.evaluate("localStorage.removeItem('album-language')")
