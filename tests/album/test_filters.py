"""Filters leave exactly the photos they are to leave, and know the album's names."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from album.catalogue import Catalogue
from album.catalogue_files import Fingerprint
from album.kinds import kind_of
from album.photo import Photo, Reading

PLACES = ("Lisbon, Portugal", "Cascais, Portugal", "Évora, Portugal", "Oslo, Norway")
CAMERAS = ("Canon EOS R6", "Canon PowerShot G7", "Apple iPhone 12", None)
LOVED = (3, 7, 20)
PRO = "Apple iPhone 12 Pro"
FOLDERS = ("2019/Lisbon Trip", "2019/Lisbon Trip/best", "2019", "Lisbon", "c++")
NAMES = ("IMG_1.JPG", "Screenshot_2020.png", "selfie.jpg", "PANO_1.jpg")


class Album:
    """Forty-one photos of many kinds, some of them favourites, and one missing."""

    def __init__(self, folder: Path) -> None:
        self.catalogue = Catalogue(folder)
        self.root = self.catalogue.roots.add(Path("/home/me/Pictures"))
        random_ = random.Random(3)
        for number in range(40):
            path = f"{random_.choice(FOLDERS)}/{number}_{random_.choice(NAMES)}"
            taken = datetime(2017, 1, 1) + timedelta(hours=random_.randrange(40_000))
            self.add(
                path,
                taken + timedelta(minutes=7, microseconds=random_.choice([0, 5])),
                place=random_.choice((*PLACES, None)),
                camera=random_.choice(CAMERAS),
            )
        self.add("2019/pro.jpg", datetime(2018, 3, 4, 9), camera=PRO)
        for loved in LOVED:
            self.catalogue.favourites.set(loved, True)
        key = self.add("gone/gone.jpg", datetime(2018, 1, 1, 5), place="Rome, Italy")
        place = self.catalogue.files.place_of(key)
        assert place is not None
        self.catalogue.files.set_missing([place[0]], True)

    def add(self, path: str, sort_at: datetime, **known: str | None) -> int:
        raw = path.encode()
        self.catalogue.files.add(self.root.id, [(raw, Fingerprint(1, 2, 3, 4))], 10**18)
        file_id = self.catalogue.files.id_at(self.root.id, raw)
        assert file_id is not None
        reading = Reading("JPEG", 4000, 1000, **known)  # type: ignore[arg-type]
        return self.catalogue.photos.add(file_id, path, 1, reading, sort_at)

    def present(self) -> list[Photo]:
        found = self.catalogue.photos.many(range(1, 60))
        return [photo for photo in found.values() if not photo.missing]

    def such(self, fits: Callable[[Photo], bool]) -> list[int]:
        return sorted(photo.id for photo in self.present() if fits(photo))


@pytest.fixture(scope="module")
def album(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Album]:
    made = Album(tmp_path_factory.mktemp("album"))
    yield made
    made.catalogue.close()


def kind(photo: Photo) -> str:
    return kind_of(
        name=photo.name,
        folder=photo.folder,
        width=photo.width,
        height=photo.height,
        camera=photo.camera,
        lens=photo.lens,
        description=photo.description,
    )


TOP = "Pictures"
YEAR = (datetime(2018, 1, 1), datetime(2019, 1, 1))
CASES: list[tuple[dict[str, object], Callable[[Photo], bool]]] = [
    ({}, lambda p: True),
    ({"spans": [YEAR]}, lambda p: p.sort_at.year == 2018),
    ({"spans": [(None, YEAR[0])]}, lambda p: p.sort_at.year < 2018),
    ({"spans": [(YEAR[1], None)]}, lambda p: p.sort_at.year >= 2019),
    ({"spans": [(None, YEAR[0]), (YEAR[1], None)]}, lambda p: p.sort_at.year != 2018),
    ({"spans": [(None, None)]}, lambda p: True),
    ({"months": [1, 12]}, lambda p: p.sort_at.month in (1, 12)),
    ({"weekdays": [0, 6]}, lambda p: p.sort_at.weekday() in (0, 6)),
    ({"hours": [(6, 11)]}, lambda p: 6 <= p.sort_at.hour <= 11),
    ({"hours": [(22, 4)]}, lambda p: p.sort_at.hour >= 22 or p.sort_at.hour <= 4),
    ({"hours": [(3, 3), (20, 23)]}, lambda p: p.sort_at.hour in (3, 20, 21, 22, 23)),
    ({"places": ["Portugal"]}, lambda p: "Portugal" in (p.place or "")),
    ({"places": ["evora", "OSLO"]}, lambda p: (p.place or " ")[0] in "ÉO"),
    ({"places": ["Lisbon, Portugal"]}, lambda p: p.place == PLACES[0]),
    ({"places": ["Port", "Rome"]}, lambda p: False),
    ({"cameras": ["canon"]}, lambda p: "Canon" in (p.camera or "")),
    ({"cameras": ["EOS R6"]}, lambda p: p.camera == "Canon EOS R6"),
    ({"cameras": ["iPhone 1", "R"]}, lambda p: False),
    ({"folders": ["2019"]}, lambda p: p.folder.startswith("Pictures/2019")),
    ({"folders": ["lisbon trip"]}, lambda p: "Lisbon Trip" in p.folder),
    ({"folders": ["2019/Lisbon Trip/best"]}, lambda p: "best" in p.folder),
    ({"folders": ["Pictures/2019/"]}, lambda p: "2019" in p.folder),
    ({"folders": ["C++"]}, lambda p: p.folder.endswith("c++")),
    ({"folders": ["c", "/", "Pic", "gone"]}, lambda p: False),
    ({"kinds": ["screenshot"]}, lambda p: kind(p) == "screenshot"),
    ({"kinds": ["panorama", "selfie"]}, lambda p: kind(p) in ("panorama", "selfie")),
    ({"kinds": ["photo"]}, lambda p: kind(p) != "screenshot"),
    ({"kinds": ["video"]}, lambda p: False),
    ({"cameras": ["iPhone 12"]}, lambda p: p.camera == "Apple iPhone 12"),
    ({"unwanted_places": ["Portugal"]}, lambda p: "Portugal" not in (p.place or "")),
    (
        {"places": ["Portugal"], "unwanted_places": ["Lisbon", "evora"]},
        lambda p: p.place == PLACES[1],
    ),
    ({"unwanted_cameras": ["Canon"]}, lambda p: "Canon" not in (p.camera or "")),
    ({"unwanted_cameras": ["iPhone 12"]}, lambda p: p.camera != "Apple iPhone 12"),
    ({"unwanted_folders": ["2019"]}, lambda p: not p.folder.startswith(f"{TOP}/2019")),
    ({"unwanted_folders": ["nowhere"], "unwanted_places": ["Rome"]}, lambda p: True),
    ({"favourite": True}, lambda p: p.favourite_since is not None),
    ({"favourite": False}, lambda p: p.favourite_since is None),
    (
        {"favourite": True, "unwanted_places": ["Norway"]},
        lambda p: p.id in LOVED and p.place != "Oslo, Norway",
    ),
    ({"unwanted_kinds": ["screenshot"]}, lambda p: kind(p) != "screenshot"),
    ({"unwanted_kinds": ["photo"]}, lambda p: kind(p) == "screenshot"),
    (
        {"spans": [YEAR], "places": ["Portugal"], "unwanted_kinds": ["selfie"]},
        lambda p: (
            p.sort_at.year == 2018
            and "Portugal" in (p.place or "")
            and kind(p) != "selfie"
        ),
    ),
]


@pytest.mark.parametrize(
    ("asked", "fits"),
    CASES,
    ids=lambda value: "" if callable(value) else str(value)[:50],
)
def test_a_filter_leaves_what_it_says(
    album: Album, asked: dict[str, object], fits: Callable[[Photo], bool]
) -> None:
    ids = album.catalogue.filters.photo_ids(**asked)  # type: ignore[arg-type]
    assert ids.dtype == "int64"
    assert ids.tolist() == album.such(fits)


def test_the_cases_are_not_empty(album: Album) -> None:
    """Else a filter that leaves nothing would pass: most cases have photos."""
    counts = [len(album.such(fits)) for _, fits in CASES]
    assert sum(count == 0 for count in counts) == 4
    assert {kind(photo) for photo in album.present()} == {
        *("screenshot", "panorama", "selfie", "photo")
    }


def test_a_date_without_a_time_lies_in_no_hour(tmp_path: Path) -> None:
    made = Album(tmp_path)
    midnight = made.add("scan.jpg", datetime(1970, 5, 6))
    later = made.add("night.jpg", datetime(1970, 5, 6, 0, 0, 1))
    seventies = [(None, datetime(1980, 1, 1))]
    filters = made.catalogue.filters
    assert filters.photo_ids(spans=seventies).tolist() == [midnight, later]
    found = filters.photo_ids(spans=seventies, hours=[(22, 4)]).tolist()
    made.catalogue.close()
    assert found == [later]


def test_the_vocabulary_is_what_present_photos_say(album: Album) -> None:
    names = album.catalogue.filters.vocabulary()
    assert names.places == {
        *("Lisbon", "Cascais", "Évora", "Oslo", "Portugal", "Norway"),
        *("Lisbon, Portugal", "Cascais, Portugal", "Évora, Portugal", "Oslo, Norway"),
    }
    assert names.cameras == {
        *("Canon", "EOS R6", "Canon EOS R6", "PowerShot G7", "Canon PowerShot G7"),
        *("Apple", "iPhone 12", "Apple iPhone 12", "iPhone 12 Pro", PRO),
    }
    assert names.folders == {
        *("Pictures", "2019", "Lisbon Trip", "best", "Lisbon", "c++", "Pictures/2019"),
        *("Pictures/2019/Lisbon Trip", "Pictures/2019/Lisbon Trip/best"),
        *("Pictures/Lisbon", "Pictures/c++"),
    }
    for folder in names.folders:
        assert album.catalogue.filters.photo_ids(folders=[folder]).size, folder


def test_an_empty_album_has_no_names(tmp_path: Path) -> None:
    with Catalogue(tmp_path) as catalogue:
        assert catalogue.filters.vocabulary() == (set(), set(), set(), set())
        assert catalogue.filters.photo_ids(kinds=["photo"]).size == 0
        assert catalogue.filters.photo_ids(places=["Rome"]).size == 0


@pytest.mark.parametrize(
    ("expected", "known"),
    [
        ("photo", {}),
        ("screenshot", {"name": "Screenshot_20230102-1030.png"}),
        ("screenshot", {"name": "Screen Shot 2019-01-02 at 10.11.12.png"}),
        ("screenshot", {"name": "Bildschirmfoto 2020-05-06.png"}),
        ("screenshot", {"name": "Capture d’écran 2021.png"}),
        ("screenshot", {"name": "スクリーンショット 2020.png"}),
        ("screenshot", {"folder": "DCIM/Screenshots"}),
        ("screenshot", {"description": "Screenshot"}),
        ("photo", {"name": "screenshot.jpg", "camera": "Canon EOS R6"}),
        ("photo", {"name": "screenshots of life.jpg", "camera": "Canon EOS R6"}),
        ("panorama", {"width": 9000, "height": 3000}),
        ("panorama", {"width": 2400, "height": 9000}),
        ("panorama", {"name": "PANO_2019.jpg", "width": 1600, "height": 400}),
        ("photo", {"name": "PANO_2019.jpg"}),
        ("photo", {"width": 1600, "height": 400}),
        ("photo", {"width": 1440, "height": 3200}),
        ("photo", {"width": 3440, "height": 1440}),
        ("selfie", {"lens": "iPhone 12 front camera 2.71mm f/2.2"}),
        ("photo", {"lens": "iPhone 12 back camera 4.2mm f/1.6"}),
        ("selfie", {"name": "Selfie3.jpg"}),
    ],
)
def test_kinds(expected: str, known: dict[str, object]) -> None:
    usual: dict[str, object] = {
        "name": "IMG_1.JPG",
        "folder": "DCIM/Camera",
        "width": 4000,
        "height": 3000,
        "camera": None,
        "lens": None,
        "description": None,
    }
    assert kind_of(**usual | known) == expected  # type: ignore[arg-type]
