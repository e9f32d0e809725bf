"""Searching over HTTP: pages, like a photo, like a picture, in a folder."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from album.captioners.basic import FactsCaptioner
from album.catalogue import Catalogue
from album.decoder import Decoder
from album.describing import Describer
from album.library import Library
from album.thumbnails import Thumbnails
from album.uploads import Uploads
from index.answer import SAME
from tests.ui.conftest import ADDRESS
from tests.ui.fakes import (
    FakeIndexer,
    FakeLibrary,
    FakeSearch,
    FakeSettings,
    draw,
    make_caption,
    make_photo,
)
from ui import build_app

SHARED = Path(__file__).parents[3] / "shared" / "data"


def served(library: Any) -> TestClient:
    search = FakeSearch(library if isinstance(library, FakeLibrary) else FakeLibrary())
    app = build_app(library, search, FakeIndexer(), lambda: None, FakeSettings())
    return TestClient(app, base_url=ADDRESS, raise_server_exceptions=False)


@pytest.fixture(scope="module")
def library() -> FakeLibrary:
    texts = ["a red kite", "a red kite in the sky", "a blue boat", "a blue boat at sea"]
    photos = [
        make_photo(
            number,
            folder=f"Trip {number % 2}",
            caption=make_caption(number, texts[number % 4], "qwen"),
        )
        for number in range(1, 451)
    ]
    return FakeLibrary(photos)


@pytest.fixture(scope="module")
def client(library: FakeLibrary) -> Iterator[TestClient]:
    with served(library) as made:
        yield made


def ids(answer: dict[str, Any]) -> list[int]:
    return [hit["id"] for hit in answer["hits"]]


def get(client: TestClient, **query: Any) -> dict[str, Any]:
    answer = client.get("/api/search", params=query)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def test_pages_are_parts_of_one_list(client: TestClient) -> None:
    first = get(client, q="a", limit=200)
    assert (first["total"], first["at_least"], first["offset"]) == (400, True, 0)
    counted = get(client, q="a", limit=1, counted=1)
    assert (counted["total"], counted["at_least"]) == (450, False)
    pages = [get(client, q="a", limit=200, offset=start) for start in (200, 400)]
    listed = ids(first) + ids(pages[0]) + ids(pages[1])
    assert sorted(listed) == list(range(1, 451))
    assert [page["offset"] for page in pages] == [200, 400]
    assert ids(get(client, q="a", offset=10_000)) == []


def test_like_a_photo_and_in_its_folder(client: TestClient) -> None:
    answer = get(client, like=3)
    assert answer["like"]["id"] == 3
    assert answer["like"]["name"] == "IMG_0003.jpg"
    assert 3 not in ids(answer)
    assert ids(answer)[0] == 7
    inside = get(client, like=3, folder="Trip 1", q="boat")
    assert inside["folder"] == "Trip 1"
    assert all(number % 2 for number in ids(inside))
    alone = get(client, folder="Trip 0", limit=500)
    assert alone["total"] == 225
    assert get(client, folder="Trip")["total"] == 0


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("", 400), ("q=%20", 400), ("q=x&offset=-1", 400), ("q=x&offset=x", 400),
        ("q=x&offset=99999999999", 400), ("like=0", 400), ("like=x", 400),
        ("like=", 400), ("like=999", 404), ("q=x&counted=2", 400),
        ("folder=" + "x" * 5000, 400), ("q=" + "x" * 600 + "&like=1", 400),
    ],
)  # fmt: skip
def test_wrong_wishes_are_refused(client: TestClient, query: str, status: int) -> None:
    answer = client.get(f"/api/search?{query}")
    assert answer.status_code == status
    assert answer.json()["error"]


def test_a_picture_is_described_and_searched_by(
    client: TestClient, library: FakeLibrary
) -> None:
    picture = draw(5, kind="PNG")
    library.same[picture] = 2
    said = client.post("/api/describe", content=picture).json()
    assert said == {
        "text": "a blue boat", "tags": said["tags"], "by": "the basic captioner",
        "photo": 2,
    }  # fmt: skip
    wish = {"q": "sea", "limit": 50, "picture": said}
    found = client.post("/api/search", json=wish).json()
    assert ids(found)[0] == 2
    assert found["hits"][0]["reason"] == SAME
    assert found["hits"][0]["source"] == "this very picture"
    assert found["picture"] == {"text": "a blue boat", "photo": 2}
    rest = client.post("/api/search", json=wish | {"offset": 50}).json()
    assert not set(ids(rest)) & set(ids(found))


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 400), ([], 400), ({"picture": None}, 400), ({"picture": "x"}, 400),
        ({"picture": {}}, 400), ({"picture": {"text": ""}}, 400),
        ({"picture": {"text": "x" * 5000}}, 400), ({"picture": {"text": 7}}, 400),
        ({"picture": {"text": "x", "tags": "y"}}, 400),
        ({"picture": {"text": "x", "tags": [1]}}, 400),
        ({"picture": {"text": "x", "tags": ["y"] * 500}}, 400),
        ({"picture": {"text": "x", "photo": "../1"}}, 400),
        ({"picture": {"text": "x", "photo": 999}}, 404),
        ({"picture": {"text": "x"}, "limit": 9999}, 400),
        ({"picture": {"text": "x"}, "weak": "yes"}, 400),
        ({"picture": {"text": "x"}, "folder": 7}, 400),
        ({"picture": {"text": "\ud800"}}, 400),
        ({"picture": {"text": "a blue boat"}, "q": None}, 200),
    ],
)  # fmt: skip
def test_wrong_descriptions_are_refused(
    client: TestClient, body: Any, status: int
) -> None:
    answer = client.post(
        "/api/search",
        content=json.dumps(body),
        headers={"content-type": "application/json"},
    )
    assert answer.status_code == status, answer.text
    if status >= 400:
        assert answer.json()["error"]


@dataclass
class Real:
    """A real library behind the page, and the folder where uploads arrive."""

    client: TestClient
    incoming: Path
    catalogue: Catalogue


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Real]:
    data = tmp_path_factory.mktemp("real") / "data"
    with Catalogue(data) as catalogue, Decoder(workers=1) as decoder:
        uploads = Uploads(catalogue, data / "uploads", max_bytes=5_000_000)
        library = Library(catalogue, Thumbnails(data / "t"), decoder, uploads)
        library.describe_with(Describer(catalogue, decoder, FactsCaptioner()))
        with served(library) as client:
            yield Real(client, data / "uploads" / "incoming", catalogue)


def bad_pictures() -> list[Any]:
    picture = draw(1, kind="JPEG")
    bad = [
        pytest.param(b"", id="empty"),
        pytest.param(b"<!DOCTYPE html><html>photo.jpg</html>", id="HTML"),
        pytest.param(b"MZ\x90\x00" + b"\x00" * 99, id="program"),
        pytest.param(picture[:400], id="truncated"),
        pytest.param(b"\xff\xd8\xff" + b"x" * 5_000_000, id="too large"),
    ]
    for name in ("decompression_bomb.gif", "decompression_bomb.ico"):
        path = SHARED / "bad" / "pillow-images" / name
        if path.is_file():
            bad.append(pytest.param(path.read_bytes(), id=name))
    return bad


@pytest.mark.parametrize("content", bad_pictures())
def test_bad_pictures_are_refused_and_leave_nothing(real: Real, content: bytes) -> None:
    answer = real.client.post("/api/describe", content=content)
    assert answer.status_code in (413, 422)
    assert answer.json()["error"]
    assert list(real.incoming.iterdir()) == []
    assert real.catalogue.photos.counts()["photos"] == 0


def test_a_good_picture_leaves_nothing_either(real: Real) -> None:
    answer = real.client.post("/api/describe", content=draw(3, kind="JPEG"))
    assert answer.status_code == 200
    assert answer.json()["text"].startswith("Mostly ")
    assert answer.json()["photo"] is None
    assert list(real.incoming.iterdir()) == []
    assert real.catalogue.photos.counts()["photos"] == 0


def test_another_website_may_not_have_pictures_described(real: Real) -> None:
    answer = real.client.post(
        "/api/describe", content=b"x", headers={"origin": "http://evil.example"}
    )
    assert answer.status_code == 403
