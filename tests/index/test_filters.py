"""What a query asks for narrows the search to the right photos of a real catalogue."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from album.catalogue import Catalogue
from album.catalogue_files import Fingerprint
from album.photo import Author, Reading, WrittenCaption
from index.asked import Asked, Span, Vocabulary
from index.filters import allowed_ids, vocabulary_of

LISBON, OSLO, SHOT, BARE, GONE = 1, 2, 3, 4, 5


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalogue]:
    with Catalogue(tmp_path_factory.mktemp("album")) as opened:
        for path, hour, place, camera, text in (
            ("2019/a.jpg", 9, "Lisbon, Portugal", "Canon EOS R6", "A black cat sits."),
            ("2019/b.jpg", 23, "Oslo, Norway", "Nikon D750", "A black dog runs."),
            ("misc/Screenshot_1.png", 9, None, None, "A menu. The cat is black."),
            ("misc/d.jpg", 12, None, None, ""),
            ("gone/e.jpg", 9, "Rome, Italy", "Leica Q", "A black cat sleeps."),
        ):
            add(opened, path, Reading("JPEG", 4, 3, place=place, camera=camera), hour)
            key = opened.photos.counts()["photos"]
            if text:
                written = [(key, WrittenCaption(text))]
                opened.captions.add_many(Author("qwen", "", 1), written)
        found = opened.files.place_of(GONE)
        assert found is not None
        opened.files.set_missing([found[0]], True)
        for loved in (OSLO, GONE):
            opened.favourites.set(loved, True)
        trip = opened.albums.create("Winter in Évora!")
        opened.albums.add(trip, [OSLO, SHOT, GONE])
        opened.albums.create("Cats", "cats")
        yield opened


def add(catalogue: Catalogue, path: str, reading: Reading, hour: int) -> None:
    root, raw = catalogue.roots.add(Path("/pictures")), path.encode()
    catalogue.files.add(root.id, [(raw, Fingerprint(1, 2, 3, 4))], 10**18)
    file_id = catalogue.files.id_at(root.id, raw)
    assert file_id is not None
    # A Saturday.
    catalogue.photos.add(file_id, path, 1, reading, datetime(2019, 6, 1, hour, 30))


def asked(**parts: object) -> Asked:
    return Asked("query", "words", **parts)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ({"spans": (Span(datetime(2019, 6, 1), None),)}, [LISBON, OSLO, SHOT, BARE]),
        ({"albums": ("winter in EVORA",)}, [OSLO, SHOT]),
        ({"albums": ("winter in evora",), "kinds": ("screenshot",)}, [SHOT]),
        ({"unwanted_albums": ("winter in evora",)}, [LISBON, BARE]),
        ({"albums": ("no such album",)}, []),
        ({"spans": (Span(None, datetime(2019, 6, 1, 10)),)}, [LISBON, SHOT]),
        ({"hours": ((22, 2),)}, [OSLO]),
        ({"weekdays": (5,), "hours": ((12, 23),)}, [OSLO, BARE]),
        ({"weekdays": (6,)}, []),
        ({"months": (5, 7)}, []),
        ({"places": ("Portugal", "Norway")}, [LISBON, OSLO]),
        ({"cameras": ("Nikon",)}, [OSLO]),
        ({"folders": ("misc",)}, [SHOT, BARE]),
        ({"kinds": ("screenshot",)}, [SHOT]),
        ({"unwanted_kinds": ("screenshot",)}, [LISBON, OSLO, BARE]),
        ({"unwanted_places": ("Portugal",)}, [OSLO, SHOT, BARE]),
        ({"unwanted_cameras": ("Nikon", "Canon")}, [SHOT, BARE]),
        ({"unwanted_folders": ("misc",)}, [LISBON, OSLO]),
        ({"favourite": True}, [OSLO]),
        ({"favourite": False}, [LISBON, SHOT, BARE]),
        ({"favourite": True, "phrases": ("cat",)}, []),
        ({"phrases": ("black cat",)}, [LISBON]),
        ({"phrases": ("BLACK",)}, [LISBON, OSLO, SHOT]),
        ({"phrases": ("black", "cat")}, [LISBON, SHOT]),
        ({"phrases": ("no such words",)}, []),
        ({"phrases": ("black", "!?"), "hours": ((9, 9),)}, [LISBON, SHOT]),
        ({"folders": ("2019",), "places": ("Norway",), "phrases": ("dog",)}, [OSLO]),
        ({"places": ("Rome",)}, []),
    ],
    ids=str,
)
def test_the_photos_that_may_be_found(
    catalogue: Catalogue, parts: dict[str, object], expected: list[int]
) -> None:
    ids = allowed_ids(asked(**parts), catalogue)
    assert ids is not None
    assert ids.dtype == "int64"
    assert ids.tolist() == expected


@pytest.mark.parametrize("parts", [{}, {"phrases": ("!?",)}, {"unwanted": ("dog",)}])
def test_nothing_that_narrows_leaves_everything(
    catalogue: Catalogue, parts: dict[str, object]
) -> None:
    assert allowed_ids(asked(**parts), catalogue) is None


def test_the_vocabulary_is_this_albums_own(catalogue: Catalogue) -> None:
    assert vocabulary_of(catalogue) == Vocabulary(
        places=frozenset({"Lisbon", "Portugal", "Oslo", "Norway"})
        | {"Lisbon, Portugal", "Oslo, Norway"},
        cameras=frozenset(
            {"Canon", "EOS R6", "Canon EOS R6", "Nikon", "D750", "Nikon D750"}
        ),
        folders=frozenset({"pictures", "2019", "misc"})
        | {"pictures/2019", "pictures/misc"},
        albums=frozenset({"Winter in Évora!"}),
    )
