"""From files on disk to photos in the catalogue: real decoding, real SQLite."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from PIL import Image

from album.catalogue import Catalogue
from album.decoder import Decoder
from album.photo import PERSON, Author, Photo, WrittenCaption
from album.places import Places
from album.reading import ReadingStage
from album.scanner import Scanner
from album.thumbnails import Thumbnails

LISBON = {1: "N", 2: (38.0, 42.0, 50.0), 3: "W", 4: (9.0, 8.0, 21.0)}


class House:
    """Scan and read into a catalogue, as the indexer does."""

    def __init__(self, folder: Path, decoder: Decoder) -> None:
        self.pictures = folder / "pictures"
        self.pictures.mkdir()
        self.catalogue = Catalogue(folder / "data")
        self.catalogue.roots.add(self.pictures)
        self.thumbnails = Thumbnails(folder / "data" / "thumbnails")
        self.scanner = Scanner(self.catalogue)
        self.decoder = decoder
        self.stage = self.new_stage()

    def new_stage(self) -> ReadingStage:
        return ReadingStage(self.catalogue, self.decoder, self.thumbnails, Places())

    def index(self) -> None:
        """One scan, and reading until nothing is left."""
        for root in self.catalogue.roots.all():
            self.scanner.scan(root)
        while self.stage.step():
            pass

    def draw(self, name: str, colour: str = "red", **save: object) -> Path:
        path = self.pictures / name
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (64, 48), colour).save(path, **save)  # type: ignore[arg-type]
        os.utime(path, (1_600_000_000, 1_600_000_000))
        return path

    def photos(self) -> list[Photo]:
        ids = [row[0] for row in self.catalogue.photos.timeline_rows()]
        return list(self.catalogue.photos.many(ids).values())


@pytest.fixture
def house(tmp_path: Path, decoder: Decoder) -> Iterator[House]:
    made = House(tmp_path, decoder)
    yield made
    made.catalogue.close()


def test_a_photo_is_read_with_its_date_camera_and_place(house: House) -> None:
    exif = Image.Exif()
    exif[271], exif[272] = "Canon", "Canon EOS R6"
    exif.get_ifd(0x8769)[36867] = "2023:08:12 19:40:05"
    exif.get_ifd(0x8825).update(LISBON)
    house.draw("2023 Lisbon/a.jpg", exif=exif)
    house.index()
    [photo] = house.photos()
    assert photo.taken_at == datetime(2023, 8, 12, 19, 40, 5)
    assert photo.sort_at == photo.taken_at
    assert photo.camera == "Canon EOS R6"
    assert photo.place is not None
    assert photo.place.endswith("Portugal")
    assert photo.folder == "pictures/2023 Lisbon"
    assert (photo.width, photo.height) == (64, 48)
    assert photo.colour >> 16 > 0xC0  # it is red
    assert house.thumbnails.get(photo.content_hash, "thumbnail") is not None
    assert house.thumbnails.get(photo.content_hash, "view") is not None
    assert house.stage.summary.added == 1


def test_without_a_date_the_file_time_orders_the_timeline(house: House) -> None:
    house.draw("a.jpg")
    house.index()
    [photo] = house.photos()
    assert photo.taken_at is None
    assert photo.sort_at == datetime.fromtimestamp(1_600_000_000)


@pytest.mark.parametrize("mtime", [0, -1, 2**32 + 5, 253_402_300_800 * 5])
def test_odd_file_times_stop_nothing(house: House, mtime: int) -> None:
    path = house.draw("a.jpg")
    try:
        os.utime(path, (mtime, mtime))
    except (OSError, OverflowError):
        pytest.skip(f"this file system cannot hold the time {mtime}")
    house.index()
    assert len(house.photos()) == 1


def test_a_moved_folder_keeps_photo_and_captions(house: House) -> None:
    house.draw("old/a.jpg", "red")
    house.draw("old/b.jpg", "blue")
    house.index()
    before = {photo.content_hash: photo.id for photo in house.photos()}
    for photo_id in before.values():
        words = [(photo_id, WrittenCaption(f"caption {photo_id}"))]
        house.catalogue.captions.add_many(Author(PERSON), words)
    (house.pictures / "old").rename(house.pictures / "new")
    house.stage = house.new_stage()
    house.index()
    after = house.photos()
    assert {photo.content_hash: photo.id for photo in after} == before
    assert all(photo.folder == "pictures/new" for photo in after)
    assert all(photo.caption is not None for photo in after)
    assert (house.stage.summary.moved, house.stage.summary.added) == (2, 0)
    assert house.catalogue.files.counts()["missing"] == 0


def test_a_copy_is_the_same_photo(house: House) -> None:
    house.draw("a.jpg")
    house.draw("copy/a.jpg")
    house.index()
    assert len(house.photos()) == 1
    assert house.stage.summary.duplicates == 1
    (house.pictures / "a.jpg").unlink()
    house.index()
    [photo] = house.photos()
    assert photo.folder == "pictures/copy"


def test_changed_content_is_another_photo(house: House) -> None:
    path = house.draw("a.jpg", "red")
    house.index()
    [old] = house.photos()
    words = [(old.id, WrittenCaption("a red thing"))]
    house.catalogue.captions.add_many(Author(PERSON), words)
    house.draw(path.name, "blue")
    house.index()
    [new] = house.photos()
    assert new.id != old.id
    assert new.caption is None  # the words were about the other picture
    assert house.stage.summary.changed == 1
    house.draw(path.name, "red")
    house.index()
    [back] = house.photos()
    assert back.id == old.id
    assert back.caption is not None
    assert back.caption.text == "a red thing"


def test_a_touched_file_is_the_same_photo_and_not_decoded(house: House) -> None:
    path = house.draw("a.jpg")
    house.index()
    [photo] = house.photos()
    os.utime(path, (1_600_000_999, 1_600_000_999))
    house.index()
    assert [p.id for p in house.photos()] == [photo.id]
    assert house.stage.summary.unchanged == 1
    assert house.stage.summary.added == 1


def test_a_bad_file_is_one_failed_row_with_its_reason(house: House) -> None:
    house.draw("good.jpg")
    (house.pictures / "text.jpg").write_text("this is no picture")
    whole = house.draw("cut.jpg", "green").read_bytes()
    (house.pictures / "cut.jpg").write_bytes(whole[: len(whole) // 2])
    (house.pictures / "empty.png").write_bytes(b"")
    house.index()
    assert len(house.photos()) == 1
    failures = {f.name: f for f in house.catalogue.failures.all()}
    assert set(failures) == {"text.jpg", "cut.jpg", "empty.png"}
    assert all(f.reason.endswith(".") and f.attempts == 2 for f in failures.values())
    assert len(house.stage.summary.failed) == 3
    house.index()  # they are left alone until they change
    assert {f.attempts for f in house.catalogue.failures.all()} == {2}
    house.draw("cut.jpg", "green")
    house.index()
    assert len(house.photos()) == 2


def test_originals_are_never_touched(house: House) -> None:
    path = house.draw("a.jpg")
    before = (path.read_bytes(), path.stat().st_mtime_ns, path.stat().st_mode)
    house.index()
    assert (path.read_bytes(), path.stat().st_mtime_ns, path.stat().st_mode) == before
    assert sorted(p.name for p in house.pictures.iterdir()) == ["a.jpg"]


def test_a_disk_that_drops_out_while_reading_loses_nothing(house: House) -> None:
    for number in range(5):
        house.draw(f"{number}.png", f"rgb({number * 40}, 9, 9)")
    for root in house.catalogue.roots.all():
        house.scanner.scan(root)
    house.stage = ReadingStage(
        house.catalogue, house.decoder, house.thumbnails, Places(), batch_size=2
    )
    house.stage.step()
    aside = house.pictures.with_name("aside")
    house.pictures.rename(aside)
    while house.stage.step():
        pass
    assert house.catalogue.failures.all() == []
    assert house.catalogue.roots.all()[0].offline_since is not None
    aside.rename(house.pictures)
    house.index()
    assert len(house.photos()) == 5


def test_a_file_that_goes_and_comes_back_is_read(house: House) -> None:
    house.draw("stays.png", "blue")
    path = house.draw("goes.png")
    for root in house.catalogue.roots.all():
        house.scanner.scan(root)
    aside = path.rename(house.pictures.with_name("goes.aside"))
    while house.stage.step():
        pass
    assert house.catalogue.failures.all() == []
    aside.rename(path)
    house.index()
    assert len(house.photos()) == 2


def test_what_failed_is_tried_again_when_its_disk_returns(house: House) -> None:
    path = house.draw("a.png")
    whole = path.read_bytes()
    path.write_bytes(b"the disk answers nonsense")
    stat = path.stat()
    house.index()
    assert len(house.catalogue.failures.all()) == 1
    aside = house.pictures.with_name("aside")
    house.pictures.rename(aside)
    house.index()
    aside.rename(house.pictures)
    path.write_bytes(whole)
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    house.index()
    assert house.catalogue.failures.all() == []
    assert len(house.photos()) == 1


def test_a_file_overwritten_by_nonsense_shows_its_photo_no_more(house: House) -> None:
    path = house.draw("a.png")
    house.index()
    assert len(house.photos()) == 1
    path.write_bytes(b"nonsense")
    house.index()
    assert house.photos() == []
    assert [f.name for f in house.catalogue.failures.all()] == ["a.png"]


def test_a_renamed_file_gets_a_new_basic_caption_only(house: House) -> None:
    house.draw("Lisbon harbour.png", "red")
    house.draw("Oslo.png", "blue")
    house.index()
    by_name = {photo.name: photo.id for photo in house.photos()}
    basic = Author("basic", "facts", 1)
    for name, photo_id in by_name.items():
        words = [(photo_id, WrittenCaption(name))]
        house.catalogue.captions.add_many(basic, words)
    oslo = by_name["Oslo.png"]
    house.catalogue.captions.add_many(Author(PERSON), [(oslo, WrittenCaption("ours"))])
    for old, new in (("Lisbon harbour.png", "Porto.png"), ("Oslo.png", "Bergen.png")):
        (house.pictures / old).rename(house.pictures / new)
    house.index()
    wanted = house.catalogue.queue.wanted(basic, 9)
    assert wanted == [by_name["Lisbon harbour.png"]]


def test_a_replaced_picture_is_not_counted_as_missing(house: House) -> None:
    path = house.draw("a.jpg", "red")
    house.index()
    house.draw(path.name, "blue")
    house.index()
    assert house.catalogue.photos.counts() == {
        "photos": 1,
        "missing": 0,
        "captioned": 0,
    }
