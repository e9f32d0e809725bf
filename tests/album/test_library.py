"""The library's promises to the page: captions, thumbnails, originals, uploads."""

from __future__ import annotations

import hashlib
import io
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from album.catalogue import Catalogue
from album.decoder import Decoder
from album.errors import AlbumError, UploadError
from album.library import Library
from album.photo import Author, WrittenCaption
from album.places import Places
from album.reading import ReadingStage
from album.scanner import Scanner
from album.thumbnails import Thumbnails
from album.uploads import Uploads, clean_name


def drawn(colour: str, form: str = "JPEG") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (64, 48), colour).save(out, form)
    return out.getvalue()


class House:
    """A library with its stages, over a folder of one red picture."""

    def __init__(self, folder: Path, decoder: Decoder) -> None:
        self.data = folder / "data"
        self.pictures = folder / "pictures"
        self.pictures.mkdir()
        (self.pictures / "red.jpg").write_bytes(drawn("red"))
        os.utime(self.pictures / "red.jpg", (1_600_000_000, 1_600_000_000))
        self.catalogue = Catalogue(self.data)
        self.catalogue.roots.add(self.pictures)
        thumbnails = Thumbnails(self.data / "thumbnails")
        uploads = Uploads(self.catalogue, self.data / "uploads", max_bytes=100_000)
        self.library = Library(self.catalogue, thumbnails, decoder, uploads)
        self.stage = ReadingStage(self.catalogue, decoder, thumbnails, Places())
        self.index()

    def index(self) -> None:
        scanner = Scanner(self.catalogue)
        for root in self.catalogue.roots.all():
            scanner.scan(root)
        while self.stage.step():
            pass

    @property
    def only(self) -> int:
        [photo_id] = self.library.timeline().ids.tolist()
        return int(photo_id)


@pytest.fixture
def house(tmp_path: Path, decoder: Decoder) -> Iterator[House]:
    made = House(tmp_path, decoder)
    yield made
    made.catalogue.close()


def test_timeline_has_ids_ratios_colours_and_months(house: House) -> None:
    timeline = house.library.timeline()
    assert timeline.ratios.tolist() == pytest.approx([64 / 48])
    assert int(timeline.colours[0]) >> 16 > 0xC0
    [section] = timeline.sections
    assert (section.year, section.month, section.count) == (2020, 9, 1)


def test_a_persons_caption_is_kept_and_can_be_undone(house: House) -> None:
    words = [(house.only, WrittenCaption("a red wall"))]
    house.catalogue.captions.add_many(Author("qwen", "m", 1), words)
    caption = house.library.set_caption(house.only, "  our\x00 kitchen wall \n")
    assert (caption.text, caption.captioner) == ("our kitchen wall", "person")
    house.catalogue.captions.add_many(Author("qwen", "m2", 2), words)
    photo = house.library.photo(house.only)
    assert photo is not None
    assert photo.caption is not None
    assert photo.caption.text == "our kitchen wall"
    undone = house.library.undo_caption(house.only)
    assert undone is not None
    assert undone.text == "a red wall"


@pytest.mark.parametrize("text", ["", "  \n", "\x00\x01", "x" * 2001, "\ud800"])
def test_a_caption_that_says_nothing_is_refused(house: House, text: str) -> None:
    with pytest.raises(AlbumError):
        house.library.set_caption(house.only, text)
    assert house.library.history(house.only) == []


def test_an_unknown_photo_is_none_or_an_error(house: House) -> None:
    assert house.library.photo(999) is None
    assert house.library.thumbnail(999, "view") is None
    assert house.library.original(999) is None
    with pytest.raises(AlbumError, match="no such photo"):
        house.library.set_caption(999, "x")


def test_lost_and_damaged_thumbnails_come_back(house: House) -> None:
    first = house.library.thumbnail(house.only, "thumbnail")
    assert first is not None
    files = [p for p in (house.data / "thumbnails").rglob("*") if p.is_file()]
    assert files
    for file in files:
        file.write_bytes(file.read_bytes()[:-7])
    assert house.library.thumbnail(house.only, "thumbnail") == first
    for file in files:
        file.unlink()
    assert house.library.thumbnail(house.only, "thumbnail") == first


def test_a_changed_original_is_not_shown_for_the_photo(house: House) -> None:
    for file in (house.data / "thumbnails").rglob("*"):
        if file.is_file():
            file.unlink()
    (house.pictures / "red.jpg").write_bytes(drawn("blue"))
    assert house.library.thumbnail(house.only, "thumbnail") is None


def test_an_original_is_sent_only_from_inside_its_root(house: House) -> None:
    original = house.library.original(house.only)
    assert original is not None
    assert (original.mime, original.name) == ("image/jpeg", "red.jpg")
    aside = house.pictures.with_name("aside")
    house.pictures.rename(aside)
    house.pictures.mkdir()
    (house.pictures / "red.jpg").symlink_to(aside / "red.jpg")
    assert house.library.original(house.only) is None


def test_an_upload_is_stored_read_and_shown_under_its_name(house: House) -> None:
    woken: list[bool] = []
    house.library.on_change(lambda: woken.append(True))
    content = drawn("blue", "PNG")
    uploaded = house.library.upload("../../evil\r\n/Ferien 1.png", [content])
    assert woken == [True]
    state = house.library.upload_state(uploaded.file_id)
    assert state is not None
    assert state.state == "found"
    house.index()
    state = house.library.upload_state(uploaded.file_id)
    assert state is not None
    assert state.state == "read"
    assert state.photo_id is not None
    photo = house.library.photo(state.photo_id)
    assert photo is not None
    assert (photo.folder, photo.name) == ("Uploads", "Ferien 1.png")
    assert photo.path.read_bytes() == content
    assert photo.path.name == f"{photo.content_hash}.png"
    original = house.library.original(photo.id)
    assert original is not None
    again = house.library.upload("other name.png", [content])
    assert (again.duplicate, again.photo_id) == (True, photo.id)


def test_known_is_what_lies_on_the_disk(house: House) -> None:
    """What is missing is sent again: that brings it back."""
    red, blue = (hashlib.sha256(drawn(c)).hexdigest() for c in ("red", "blue"))
    assert house.library.known_uploads([red, blue]) == {red: house.only}
    photo = house.library.photo(house.only)
    assert photo is not None
    photo.path.unlink()
    assert house.library.known_uploads([red, blue]) == {}


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b"%PDF-1.7 and so on" * 10, "PDF"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "not a picture"),
        (b"\xff\xd8\xff" + b"x" * 100_001, "too large"),
    ],
)
def test_a_refused_upload_leaves_nothing(
    house: House, content: bytes, reason: str
) -> None:
    with pytest.raises(UploadError, match=reason):
        house.library.upload("a.jpg", [content])
    left = [p for p in (house.data / "uploads").rglob("*") if p.is_file()]
    assert left == []
    assert house.catalogue.files.counts()["found"] == 0


def test_an_upload_that_breaks_off_leaves_nothing(house: House) -> None:
    def broken() -> Iterator[bytes]:
        yield drawn("green")[:100]
        raise ConnectionError("the browser went away")

    with pytest.raises(ConnectionError):
        house.library.upload("a.jpg", broken())
    assert [p for p in (house.data / "uploads").rglob("*") if p.is_file()] == []


def test_what_a_crash_left_in_incoming_is_swept(house: House) -> None:
    left = house.data / "uploads" / "incoming" / "tmp123"
    left.write_bytes(b"half")
    Uploads(house.catalogue, house.data / "uploads", max_bytes=1)
    assert not left.exists()


def test_a_damaged_upload_fails_with_its_reason(house: House) -> None:
    uploaded = house.library.upload("cut.jpg", [drawn("green")[:200]])
    house.index()
    state = house.library.upload_state(uploaded.file_id)
    assert state is not None
    assert state.state == "failed"
    assert state.reason


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("a.jpg", "a.jpg"),
        ("C:\\pictures\\b.jpg", "b.jpg"),
        ("../../etc/passwd", "passwd"),
        ("a\x00\r\nb.jpg", "ab.jpg"),
        ("", "upload"),
        ("...///", "upload"),
        ("x" * 500, "x" * 200),
    ],
)
def test_names_of_uploads_are_only_for_showing(sent: str, shown: str) -> None:
    assert clean_name(sent) == shown


def test_an_edit_and_its_undoing_wake_the_indexer(house: House) -> None:
    woken: list[str] = []
    house.library.on_change(lambda: woken.append("woken"))
    house.library.set_caption(house.only, "our wall")
    house.library.undo_caption(house.only)
    assert len(woken) == 2


def test_an_upload_is_kept_when_the_known_copy_is_out_of_reach(house: House) -> None:
    content = (house.pictures / "red.jpg").read_bytes()
    house.pictures.rename(house.pictures.with_name("unplugged"))
    uploaded = house.library.upload("red.jpg", [content])
    assert not uploaded.duplicate
    house.index()
    original = house.library.original(house.only)
    assert original is not None
    assert original.path.read_bytes() == content


def test_a_folder_in_incoming_stops_nothing(house: House) -> None:
    (house.data / "uploads" / "incoming" / "folder").mkdir()
    Uploads(house.catalogue, house.data / "uploads", max_bytes=1)


def test_without_its_incoming_folder_an_upload_is_refused_in_words(
    house: House,
) -> None:
    (house.data / "uploads" / "incoming").rmdir()
    with pytest.raises(UploadError, match="could not be stored"):
        house.library.upload("a.png", [drawn("green", "PNG")])
