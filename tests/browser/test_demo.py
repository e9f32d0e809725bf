"""The demo album as a newcomer meets it: the real program, the real captioner in INT4,
a real browser. Nothing is faked."""

from __future__ import annotations

import json
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from demo.scenes import Scene, draw
from tests.browser.conftest import Visit, wait_ready

ROOT = Path(__file__).parents[2]
QUERY = "dog on the beach at sunset"


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a demo album that has been indexed."""
    data = tmp_path_factory.mktemp("demo") / "data"
    program = subprocess.Popen(
        [sys.executable, "app.py", "--demo", "--data", str(data), "--port", "0"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert program.stdout is not None
        address = ""
        while not address:
            line = program.stdout.readline()
            assert line, f"the program ended with {program.poll()}"
            if "http://" in line:
                address = "http://" + line.split("http://")[1].split()[0]
        wait_until_idle(address)
        yield address
    finally:
        program.terminate()
        assert program.wait(30) == 0


def wait_until_idle(address: str, photos: int = 120) -> None:
    """Until every photo is through; the limit is only against a hang."""
    for _ in range(600):
        with urllib.request.urlopen(f"{address}/api/progress", timeout=30) as answer:
            progress = json.load(answer)
        if not progress["busy"] and progress["total"] >= photos:
            assert progress["failed"] == 0
            return
        time.sleep(0.3)
    raise AssertionError(f"it did not come to an end: {progress}")


def ask(page: Any, words: str) -> None:
    page.fill("#query input", words)
    page.press("#query input", "Enter")
    wait_ready(page, "search")


def test_the_first_hit_is_a_dog_on_the_beach_at_sunset(demo: str, visit: Visit) -> None:
    page = visit.open(demo)
    assert "demo model" in page.locator("body").inner_text()
    ask(page, QUERY)
    first = page.locator("[data-i='0']")
    assert "a brown dog on the beach at sunset" in first.inner_text()
    assert first.locator(".source").inner_text() == "demo model"


def test_a_new_scene_is_found_and_an_edit_is_followed(
    demo: str, visit: Visit, tmp_path: Path
) -> None:
    scene = Scene("bicycle", "red", "beach", "sunset")
    file = tmp_path / "IMG_9999.jpg"
    draw(scene, size=(800, 600), seed=99).save(file, quality=88)
    page = visit.open(demo)
    page.set_input_files("#upload-input", str(file))
    page.wait_for_selector(".tray[data-ready=done]")
    assert page.locator(".tray h2").inner_text() == "1 added"
    wait_until_idle(demo, 121)
    page.click(".tray [aria-label=Close]")
    ask(page, "a red bicycle on the beach")
    first = page.locator("[data-i='0']")
    assert scene.caption in first.inner_text()
    first.click()
    page.click("[aria-label='Edit the caption']")
    page.fill(".panel textarea", "Aunt Klara's first accordion concert")
    page.click(".panel button[type=submit]")
    page.wait_for_selector(".caption-status:has-text('Saved')")
    page.keyboard.press("Escape")
    ask(page, "somebody plays the accordion")
    first = page.locator("[data-i='0']")
    assert "Aunt Klara" in first.inner_text()
    assert first.locator(".source").inner_text() == "you"
    ask(page, "a red bicycle on the beach")
    assert "Aunt Klara" not in page.locator("[data-i='0']").inner_text()
