"""Describing a picture that is searched by: by whom, in time, and without a trace."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from PIL import Image

from album.captioners.base import Subject
from album.decoder import Decoder
from album.describing import Describer
from album.errors import AlbumError, CaptionError, ModelError, PictureError, UploadError
from album.photo import Author, WrittenCaption
from tests.album.house import House

SHARED = Path(__file__).parents[3] / "shared" / "data"


class Teller:
    """Says the size of a picture and what it was told of it."""

    batch_size = 1

    def __init__(self, name: str, act: Callable[[], None] = lambda: None) -> None:
        self.author = Author(name, name, 1)
        self.act = act
        self.seen: list[Subject] = []

    def caption(
        self, subjects: Sequence[Subject]
    ) -> list[WrittenCaption | CaptionError]:
        self.act()
        self.seen += subjects
        return [
            WrittenCaption(f"{s.picture.width} wide by {self.author.captioner}", ("t",))
            for s in subjects
        ]

    def unload(self) -> None: ...

    def close(self) -> None: ...


@pytest.fixture
def house(tmp_path: Path, decoder: Decoder) -> Iterator[House]:
    made = House(tmp_path, decoder)
    yield made
    made.close()


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    path = tmp_path / "elsewhere" / "Paris 2019.png"
    path.parent.mkdir()
    Image.new("RGB", (400, 200), "green").save(path)
    return path


def describer(house: House, decoder: Decoder, best: Teller | None = None,
              **options: object) -> Describer:  # fmt: skip
    return Describer(house.catalogue, decoder, Teller("quick"), best, **options)  # type: ignore[arg-type]


def traces(house: House) -> list[Path]:
    incoming = house.catalogue.folder / "uploads" / "incoming"
    return list(incoming.iterdir())


def test_the_best_captioner_is_asked_if_it_is_ready(
    house: House, decoder: Decoder, picture: Path
) -> None:
    best = Teller("best")
    asked = describer(house, decoder, best, max_pixels=20_000)
    said = asked.describe(picture)
    assert (said.text, said.author.captioner) == ("192 wide by best", "best")
    assert (said.tags, said.photo) == (("t",), None)
    told = best.seen[0].photo
    assert (told.name, told.taken_at, told.place) == ("", None, None)
    unready = describer(house, decoder, best, ready=lambda: False)
    assert unready.describe(picture).text == "400 wide by quick"


def test_nobody_waits_for_a_busy_model(
    house: House, decoder: Decoder, picture: Path
) -> None:
    """While one still waits, the next does not even begin to."""
    free = threading.Event()
    best = Teller("best", lambda: assert_true(free.wait(60)))
    asked = describer(house, decoder, best, wait_s=0.05)
    assert asked.describe(picture).author.captioner == "quick"
    began = len(best.seen)
    assert asked.describe(picture).author.captioner == "quick"
    free.set()
    assert began == 0
    patient = describer(house, decoder, best, wait_s=60)
    assert patient.describe(picture).author.captioner == "best"


def assert_true(value: bool) -> None:
    assert value


def test_a_failing_model_is_replaced_by_the_quick_one(
    house: House, decoder: Decoder, picture: Path
) -> None:
    def fail() -> None:
        raise ModelError("It fell over.")

    asked = describer(house, decoder, Teller("best", fail))
    assert asked.describe(picture).author.captioner == "quick"
    nobody = Describer(house.catalogue, decoder, Teller("quick", fail))
    with pytest.raises(ModelError, match="It fell over"):
        nobody.describe(picture)


def test_the_same_picture_has_its_caption_already(
    house: House, decoder: Decoder
) -> None:
    house.run()
    best = Teller("best")
    said = describer(house, decoder, best).describe(house.pictures / "2.png")
    assert said.photo is not None
    assert said.photo.name == "2.png"
    assert (said.text, said.author.captioner) == ("a picture 42 wide", "fake")
    assert best.seen == [], "nobody need look again"


def test_nothing_is_kept(house: House, decoder: Decoder, picture: Path) -> None:
    house.run()
    before = house.catalogue.photos.counts()
    changes = house.catalogue.changes
    house.library.describe_with(describer(house, decoder))
    said = house.library.describe(iter([picture.read_bytes()]))
    assert said.text == "400 wide by quick"
    assert traces(house) == []
    assert house.catalogue.photos.counts() == before
    assert house.catalogue.changes == changes


BAD: dict[str, bytes] = {
    "empty": b"",
    "HTML": b"<!DOCTYPE html><html><body>no picture</body></html>",
    "text": b"just words",
    "too large": b"\xff\xd8\xff" + b"x" * 1_000_001,
}


@pytest.mark.parametrize("name", BAD)
def test_bad_uploads_leave_nothing(house: House, decoder: Decoder, name: str) -> None:
    house.library.describe_with(describer(house, decoder))
    with pytest.raises(UploadError):
        house.library.describe(iter([BAD[name]]))
    assert traces(house) == []


def test_bad_pictures_leave_nothing(
    house: House, decoder: Decoder, picture: Path
) -> None:
    house.library.describe_with(describer(house, decoder))
    whole = picture.read_bytes()
    with pytest.raises(PictureError):
        house.library.describe(iter([whole[: len(whole) // 2]]))

    def breaks_off() -> Iterator[bytes]:
        yield whole[:30]
        raise ConnectionError("gone")

    with pytest.raises(ConnectionError):
        house.library.describe(breaks_off())
    assert traces(house) == []


def test_a_bomb_is_refused(house: House, decoder: Decoder) -> None:
    folder = SHARED / "bad" / "pillow-images"
    bombs = [folder / f"decompression_bomb.{kind}" for kind in ("gif", "ico")]
    if not all(bomb.is_file() for bomb in bombs):
        pytest.skip("the bad pictures are not here")
    house.library.describe_with(describer(house, decoder))
    for bomb in bombs:
        with pytest.raises((PictureError, UploadError)):
            house.library.describe(iter([bomb.read_bytes()]))
        assert traces(house) == []


def test_without_a_describer_it_says_so(house: House) -> None:
    with pytest.raises(AlbumError, match="No captioner"):
        house.library.describe(iter([b"x"]))


def test_a_described_file_is_not_touched(
    house: House, decoder: Decoder, picture: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "copy.png"
    shutil.copy2(picture, copy)
    describer(house, decoder).describe(copy)
    assert copy.read_bytes() == picture.read_bytes()
