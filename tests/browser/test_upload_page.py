"""Bringing photos in: folders, what is here already, many at once, stopping, a
connection that is lost, and a phone."""

from __future__ import annotations

import io
import threading
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from PIL import Image

from album.errors import UploadError, UploadNotStored
from album.uploads import Uploaded
from tests.browser.conftest import WAIT_MS, Serve, Visit, hurdles, wait_ready
from tests.browser.test_page import STICKING_OUT, make_library, wait_photo
from tests.ui.fakes import FakeLibrary, draw

LOST = ("**/api/upload?*", "**/health")


class MoodyLibrary(FakeLibrary):
    """Has no room the first time for what is called "full"; waits for `go`, and keeps
    nothing of what is `unwanted` by then."""

    def __init__(self) -> None:
        super().__init__(make_library(4).photos.values())
        self.go = threading.Event()
        self.go.set()
        self.unwanted = False
        self.gone = threading.Semaphore(0)
        self.full: set[str] = set()

    def upload(self, name: str, chunks: Iterable[bytes]) -> Uploaded:
        content = list(chunks)
        assert self.go.wait(60)
        if self.unwanted:
            self.gone.release()
            raise UploadError("Nobody waits for it.")
        if name.startswith("full") and name not in self.full:
            self.full.add(name)
            raise UploadNotStored("No space left on device")
        return super().upload(name, content)


def tiny(number: int) -> bytes:
    """A small picture, different for every number."""
    out = io.BytesIO()
    colour = (number % 256, 90 + number // 256, 160)
    Image.new("RGB", (12, 8), colour).save(out, "PNG")
    return out.getvalue()


def payload(name: str, content: bytes, kind: str = "image/png") -> dict[str, Any]:
    return {"name": name, "mimeType": kind, "buffer": content}


def title(page: Any) -> str:
    return str(page.locator(".tray h2").inner_text())


def finished(page: Any) -> str:
    """What the tray says when nothing is left to do."""
    page.wait_for_selector(".tray[data-ready=done]", timeout=3 * WAIT_MS)
    return title(page)


def press(page: Any, label: str) -> None:
    page.locator(".tray").get_by_role("button", name=label, exact=True).click()


def sent_by(page: Any) -> list[str]:
    """The names of what is sent from now on, as they come."""
    names: list[str] = []

    def look(request: Any) -> None:
        if "/api/upload?name=" in request.url:
            names.append(request.url.rpartition("=")[2])

    page.on("request", look)
    return names


def make_folder(place: Path) -> tuple[Path, bytes]:
    """A folder as cameras and computers leave it, and one picture that is in it."""
    folder = place / "trip"
    for inside in ("", "sub", ".cache", "@eaDir"):
        (folder / inside).mkdir(parents=True)
        (folder / inside / f"in{inside.strip('.@')}.jpg").write_bytes(
            draw(len(inside) + 200, kind="JPEG")
        )
    old = draw(300, kind="JPEG")
    (folder / "old.jpg").write_bytes(old)
    (folder / "notes.txt").write_text("sunny")
    (folder / "sub" / "clip.mp4").write_bytes(b"film")
    (folder / ".DS_Store").write_bytes(b"x")
    return folder, old


def test_a_folder_with_pictures_that_are_here_already(
    serve: Serve, visit: Visit, tmp_path: Path
) -> None:
    """Chosen: only what is new is sent. Dropped: the same, and then nothing is."""
    folder, old = make_folder(tmp_path)
    album = serve(make_library(4))
    album.library.upload("older name.jpg", [old])
    page = visit.open(album.address)
    names = sent_by(page)
    page.click("#upload-button")
    menu = page.locator("#upload-menu")
    assert menu.get_by_role("button").all_inner_texts()[:2] == [
        "Choose photos",
        "Choose a folder",
    ]
    with page.expect_file_chooser() as chooser:
        menu.get_by_role("button", name="Choose a folder").click()
    assert menu.is_hidden()
    chooser.value.set_files(str(folder))
    assert finished(page) == "2 added, 1 already here"
    assert sorted(names) == ["in.jpg", "insub.jpg"], "old.jpg was recognised"
    notes = page.locator(".tray-notes").inner_text()
    assert "2 other files skipped" in notes
    assert "found by name and date at once" in notes
    row = page.locator(".tray li", has_text="old.jpg")
    assert "Already here" in row.inner_text()
    row.get_by_role("button", name="Show: old.jpg").click()
    wait_photo(page, 5)
    page.keyboard.press("Escape")
    press(page, "Show them")
    wait_ready(page, "added")
    assert "view=added" in page.url
    assert page.locator(".added .cell").count() == 2
    press(page, "Close")
    assert page.locator(".tray").is_hidden()

    names.clear()
    visit.expected = ("/api/upload?",)
    drop(page, folder, tmp_path / "trip" / "notes.txt")
    assert finished(page) == "3 already here, 1 unreadable"
    assert names == ["notes.txt"], "a file dropped by itself gets the server's reason"
    page.go_back()
    wait_ready(page, "timeline")


def drop(page: Any, *files: Path) -> None:
    """As the system's own file manager does it, folders and all."""
    session = page.context.new_cdp_session(page)
    data = {
        "items": [],
        "files": [str(file) for file in files],
        "dragOperationsMask": 1,
    }
    for kind in ("dragEnter", "dragOver", "drop"):
        session.send(
            "Input.dispatchDragEvent", {"type": kind, "x": 500, "y": 500, "data": data}
        )
    session.detach()


def test_hundreds_of_which_some_fail(serve: Serve, visit: Visit) -> None:
    """The tray counts all of them, lists some, says why, and tries again."""
    library = MoodyLibrary()
    for number in range(20):
        library.upload(f"old{number}.png", [tiny(number)])
    album = serve(library)
    page = visit.open(album.address)
    visit.expected = ("/api/upload?",)
    names = sent_by(page)
    files = [payload(f"{n}.png", tiny(n)) for n in range(270)]
    files += [payload(f"bad{n}.png", b"no picture %d" % n) for n in range(26)]
    files += [payload(f"full{n}.png", tiny(400 + n)) for n in range(3)]
    files.append(payload("large.png", b"x" * 5_000_001))
    page.set_input_files("#upload-input", files)
    summary = finished(page)
    assert summary == "250 added, 20 already here, 26 unreadable, 4 not sent"
    assert len(names) == 279, "nothing that was here, and nothing too large"
    notes = page.locator(".tray-notes").inner_text()
    assert "26 × This is not a picture the album can read." in notes
    assert "3 × It could not be stored: No space left on device." in notes
    assert "1 × It is too large: the limit is 5 MB." in notes
    listed = page.locator(".tray li").count()
    assert listed == 30 + 50, "what failed, and the last that arrived"
    assert page.locator(".tray-rest").inner_text() == "and 220 more"
    said = page.locator(".tray [role=status]").inner_text()
    assert said == summary
    press(page, "Try again")
    page.wait_for_selector(".tray h2:has-text('253 added')")
    assert title(page) == "253 added, 20 already here, 26 unreadable, 1 not sent"
    assert page.locator(".tray .tray-button:visible").all_inner_texts() == ["Show them"]
    assert hurdles(page) == []


def test_stopping_and_going_on(serve: Serve, visit: Visit) -> None:
    library = MoodyLibrary()
    library.go.clear()
    page = visit.open(serve(library).address)
    visit.expected = ("/api/upload?",)
    names = sent_by(page)
    files = [payload(f"{n}.png", tiny(500 + n)) for n in range(8)]
    page.set_input_files("#upload-input", files)
    page.wait_for_selector(".tray li[data-state=sending] >> nth=2")
    assert title(page) == "Adding photos: 0 of 8"
    assert page.get_by_role("button", name="Close", exact=True).is_hidden()
    press(page, "Show less")
    assert page.locator(".tray-body").is_hidden()
    press(page, "Show more")
    press(page, "Stop")
    assert finished(page) == "8 not sent"
    assert len(names) == 3
    library.unwanted = True  # what was on its way is not kept either
    library.go.set()
    assert library.gone.acquire(timeout=60), "the first"
    assert library.gone.acquire(timeout=60), "the second"
    assert library.gone.acquire(timeout=60), "the third"
    library.unwanted = False
    press(page, "Send the rest")
    page.wait_for_selector(".tray h2:has-text('8 added')")
    assert sorted(library.received) == [f"{n}.png" for n in range(8)]


def test_a_lost_connection(serve: Serve, visit: Visit) -> None:
    """Nothing fails; when the album answers again it goes on by itself."""
    page = visit.open(serve(make_library(4)).address)
    visit.expected = ("/api/", "/health")
    for address in LOST:
        page.route(address, lambda route: route.abort("connectionfailed"))
    files = [payload(f"{n}.png", tiny(600 + n)) for n in range(5)]
    page.set_input_files("#upload-input", files)
    page.wait_for_selector(".tray h2:has-text('Waiting for the album: 0 of 5 sent')")
    assert "goes on by itself" in page.locator(".tray-notes").inner_text()
    assert page.locator(".tray li[data-state=failed]").count() == 0
    for address in LOST:
        page.unroute(address)
    page.evaluate("dispatchEvent(new Event('online'))")
    assert finished(page) == "5 added"
    page.locator(".tray li button:visible").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("dialog.viewer[data-ready]")


def test_on_a_phone(serve: Serve, visit: Visit, chromium: Any) -> None:
    """Above the views at the foot, with buttons for thumbs; the camera is offered."""
    phone = chromium.new_context(
        viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True,
        color_scheme="dark", locale="en-GB",
    )  # fmt: skip
    visit.contexts = visit.contexts | {True: phone}
    page = visit.open(serve(make_library(4)).address, width=390, height=844, dark=True)
    visit.expected = ("/api/upload?",)
    page.tap("#upload-button")
    camera = page.locator("#upload-menu").get_by_role("button", name="Take a photo")
    assert hurdles(page) == []
    with page.expect_file_chooser() as chooser:
        camera.tap()
    assert chooser.value.element.get_attribute("capture") == "environment"
    chooser.value.set_files([payload("image.jpg", draw(77, kind="JPEG"), "image/jpeg")])
    assert finished(page) == "1 added"
    files = [payload("a.png", tiny(1)), payload("b.png", b"no picture")]
    page.set_input_files("#upload-input", files)
    page.wait_for_selector(".tray h2:has-text('2 added, 1 unreadable')")
    assert hurdles(page) == []
    assert page.evaluate(STICKING_OUT) == []
    box = page.locator(".tray").bounding_box()
    assert box["y"] + box["height"] <= page.locator("#views").bounding_box()["y"]
    for button in page.locator(".tray button:visible").all():
        assert button.bounding_box()["height"] >= 40
    press(page, "Show them")
    wait_ready(page, "added")
    assert page.locator(".tray-body").is_hidden(), "it makes room for the photos"
    page.close()
    visit.pages.clear()
    phone.close()
