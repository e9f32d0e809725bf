"""`python -m demo.screenshots`: the two pictures in README, taken from the demo album.

Serves the demo album in a folder that is thrown away, waits until it is indexed, and
photographs the page in Chromium. Needs what the tests need.
"""

from __future__ import annotations

import io
import json
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "docs"
SENTENCE = "dog on the beach at sunset"
WIDTH, HEIGHT = 1280, 800
INDEXED_S = 900.0


def main() -> None:
    """Write docs/timeline.webp and docs/search.webp."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        sys.exit("Chromium is not installed.")
    with tempfile.TemporaryDirectory() as data:
        port = _free_port()
        command = [sys.executable, str(ROOT / "app.py"), "--demo"]
        command += ["--data", data, "--port", str(port)]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        try:
            address = f"http://127.0.0.1:{port}"
            _wait(address)
            _photograph(chromium, address)
        finally:
            process.terminate()
            process.wait(60)


def _photograph(chromium: str, address: str) -> None:
    FOLDER.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--disable-background-networking"]
        browser = playwright.chromium.launch(executable_path=chromium, args=arguments)
        context = browser.new_context(
            viewport={"width": WIDTH, "height": HEIGHT}, locale="en-GB"
        )
        page = context.new_page()
        page.goto(address)
        page.wait_for_selector('.album[data-ready="timeline"]')
        _save(page, "timeline")
        box = page.locator("#query :is(input, textarea)")
        box.fill(SENTENCE)
        box.press("Enter")
        page.wait_for_selector('.album[data-ready="search"]')
        box.blur()
        _save(page, "search")
        browser.close()


def _save(page: Any, name: str) -> None:
    page.wait_for_function(
        "document.getAnimations().every((one) => one.playState !== 'running')"
    )
    with Image.open(io.BytesIO(page.screenshot())) as picture:
        picture.convert("RGB").save(FOLDER / f"{name}.webp", quality=85, method=6)


def _wait(address: str) -> None:
    """Until everything is captioned; raises TimeoutError."""
    until = time.monotonic() + INDEXED_S
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(
                f"{address}/api/progress", timeout=10
            ) as answer:
                progress = json.load(answer)
        except OSError:
            progress = {}
        if progress.get("total") and not progress["busy"]:
            return
        time.sleep(1)
    raise TimeoutError("the demo album was not indexed in time")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    main()
