"""The counts are those of the photos present, as the filters would find them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from album.catalogue import Catalogue
from album.catalogue_captioned import A_MODEL, FAILED, NOT_YET
from album.catalogue_files import Fingerprint
from album.catalogue_queue import MAX_ATTEMPTS
from album.facets import MOST_TAGS, Facets
from album.photo import BASIC, PERSON, Author, Reading, WrittenCaption

QWEN = Author("qwen", "Qwen/Qwen3-VL-2B-Instruct", 1)
LOCAL = Author("remote", "/home/me/models/100%_mine", 1)
ROWS = (
    ("2019/Norway trip/a.jpg", 2019, "Oslo, Norway", "Canon EOS R6"),
    ("2019/Norway trip/fjord/b.jpg", 2019, "Bergen, Norway", "Canon EOS R6"),
    ("2019/c.jpg", 2018, "Lisbon, Portugal", "Apple iPhone 12"),
    ("Screenshot_1.png", 2020, None, None),
    ("more/e.jpg", 2020, None, None),
    ("gone/f.jpg", 1999, "Rome, Italy", "Leica Q"),
)
GONE = len(ROWS)


def add(catalogue: Catalogue, path: str, reading: Reading, year: int) -> int:
    root, raw = catalogue.roots.add(Path("/pictures")), path.encode()
    catalogue.files.add(root.id, [(raw, Fingerprint(1, 2, 3, 4))], 10**18)
    file_id = catalogue.files.id_at(root.id, raw)
    assert file_id is not None
    return catalogue.photos.add(file_id, path, 1, reading, datetime(year, 6, 1, 9))


@pytest.fixture
def catalogue(tmp_path: Path) -> Iterator[Catalogue]:
    with Catalogue(tmp_path / "data") as opened:
        for path, year, place, camera in ROWS:
            reading = Reading("JPEG", 4, 3, place=place, camera=camera)
            add(opened, path, reading, year)
        say(opened, Author(BASIC, "facts", 1), 1, 2, 3, 4, GONE)
        say(opened, QWEN, 1, GONE, tags=("snow", "dog"))
        say(opened, LOCAL, 2, tags=("snow",))
        opened.captions.add_of_person(3, "my caption", None)
        for photo in (4, GONE):
            for _ in range(MAX_ATTEMPTS):
                opened.queue.record_failure(photo, QWEN, "It made no sense.")
        for photo in (1, 2, GONE):
            opened.favourites.set(photo, True)
        place = opened.files.place_of(GONE)
        assert place is not None
        opened.files.set_missing([place[0]], True)
        yield opened


def say(
    catalogue: Catalogue, author: Author, *photos: int, tags: tuple[str, ...] = ()
) -> None:
    written = [(photo, WrittenCaption(f"photo {photo}", tags)) for photo in photos]
    catalogue.captions.add_many(author, written)


def test_counts_what_is_there_and_nothing_that_is_missing(catalogue: Catalogue) -> None:
    assert Facets(catalogue).all() == {
        "years": [("2019", 2), ("2020", 2), ("2018", 1)],
        "places": [("Bergen, Norway", 1), ("Lisbon, Portugal", 1), ("Oslo, Norway", 1)],
        "countries": [("Norway", 2), ("Portugal", 1)],
        "cameras": [("Canon EOS R6", 2), ("Apple iPhone 12", 1)],
        "folders": [
            ("pictures", 5), ("pictures/2019", 3), ("pictures/2019/Norway trip", 2),
            ("pictures/2019/Norway trip/fjord", 1), ("pictures/more", 1),
        ],
        "kinds": [("photo", 4), ("screenshot", 1)],
        "favourites": [("favourites", 2)],
        "captioned": [
            (NOT_YET, 2), ("100%_mine", 1), ("Qwen3-VL-2B-Instruct", 1), (BASIC, 1),
            (FAILED, 1), (PERSON, 1),
        ],
        "tags": [("snow", 2), ("dog", 1)],
    }  # fmt: skip


def test_each_captioned_filter_finds_as_many_as_are_counted(
    catalogue: Catalogue,
) -> None:
    counted = dict(Facets(catalogue).all()["captioned"])
    found = {
        who: catalogue.filters.photo_ids(captioned=[who]).tolist() for who in counted
    }
    assert {who: len(ids) for who, ids in found.items()} == counted
    assert found[NOT_YET] == [4, 5]  # a basic caption, and none at all
    assert found[FAILED] == [4]
    ids = catalogue.filters.photo_ids
    assert ids(captioned=["qwen/qwen3-vl-2b-instruct"]).tolist() == [1]
    assert ids(captioned=["QWEN"]).tolist() == [1]
    assert (
        ids(captioned=["%mine"]).tolist() == ids(captioned=["100%?mine"]).tolist() == []
    )
    assert ids(captioned=[A_MODEL]).tolist() == [1, 2]
    assert ids(captioned=[PERSON, A_MODEL]).tolist() == [1, 2, 3]
    assert ids(captioned=[NOT_YET], kinds=["screenshot"]).tolist() == [4]
    assert ids(unwanted_captioned=[A_MODEL]).tolist() == [3, 4, 5]


def test_follows_a_change_and_keeps_only_the_most_frequent_tags(
    catalogue: Catalogue,
) -> None:
    now = [0.0]
    facets = Facets(catalogue)
    facets._held._clock = lambda: now[0]  # a count costs no time, so none is waited for
    before = facets.all()
    assert facets.all() is before
    many = tuple(f"tag {number:03}" for number in range(MOST_TAGS + 5))
    say(catalogue, QWEN, 4, 5, tags=("snow", *many))
    after = facets.all()
    assert after["tags"][:2] == [("snow", 4), ("tag 000", 2)]
    assert len(after["tags"]) == MOST_TAGS


def test_an_empty_album_holds_nothing(tmp_path: Path) -> None:
    with Catalogue(tmp_path / "data") as catalogue:
        assert set(map(len, Facets(catalogue).all().values())) == {0}
