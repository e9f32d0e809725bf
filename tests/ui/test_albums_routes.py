"""The routes of albums and of what is done to many photos, over real HTTP."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from album.photo import PERSON
from tests.ui.conftest import ADDRESS
from tests.ui.fakes import (
    FakeIndexer,
    FakeLibrary,
    FakeSearch,
    FakeSettings,
    make_caption,
    make_photo,
)
from ui import build_app
from ui.archive import KEPT_S, Archives


@dataclass
class Site:
    """The application's parts, to look behind the answers."""

    client: TestClient
    library: FakeLibrary
    indexer: FakeIndexer


@pytest.fixture
def site() -> Iterator[Site]:
    """One of its own for each test: these change what is there."""
    library = FakeLibrary(make_photo(number) for number in range(1, 7))
    search, indexer = FakeSearch(library), FakeIndexer()
    app = build_app(library, search, indexer, lambda: None, FakeSettings())
    with TestClient(app, base_url=ADDRESS, raise_server_exceptions=False) as client:
        yield Site(client, library, indexer)


@pytest.fixture
def client(site: Site) -> TestClient:
    return site.client


def post(client: TestClient, path: str, **body: Any) -> Any:
    answer = client.post(path, json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()


def ids_in(content: bytes) -> list[int]:
    """The photos of a packed timeline."""
    size = int.from_bytes(content[:4], "little")
    count = json.loads(content[4 : 4 + size])["count"]
    body = content[4 + size : 4 + size + 4 * count]
    return [
        int.from_bytes(body[at : at + 4], "little") for at in range(0, len(body), 4)
    ]


def test_the_life_of_an_album(client: TestClient) -> None:
    made = post(client, "/api/albums", name="Norway trip", ids=[1, 2])
    at = f"/api/albums/{made['id']}"
    assert (made["name"], made["photos"], made["smart"]) == ("Norway trip", 2, False)
    assert made["cover"]["id"] in (1, 2)
    added = post(client, f"{at}/add", ids=[2, 3, 99, 3])
    assert (added["ids"], added["album"]["photos"]) == ([3], 3)
    assert post(client, f"{at}/cover", photo=2)["cover"]["id"] == 2
    assert sorted(ids_in(client.get(f"{at}/timeline").content)) == [1, 2, 3]
    found = client.get("/api/search", params={"album": made["id"]}).json()
    assert {hit["id"] for hit in found["hits"]} == {1, 2, 3}
    assert found["album"]["name"] == "Norway trip"
    taken = post(client, f"{at}/remove", ids=[2, 5])
    assert (taken["ids"], taken["album"]["photos"]) == ([2], 2)
    assert post(client, f"{at}/rename", name="Norway")["name"] == "Norway"
    post(client, "/api/photos/favourite", ids=[4], favourite=True)
    listed = client.get("/api/albums").json()
    assert [album["name"] for album in listed["albums"]] == ["Norway"]
    assert (listed["favourites"]["photos"], listed["removed"]["photos"]) == (1, 0)
    assert listed["favourites"]["cover"]["id"] == 4
    assert ids_in(client.get("/api/favourites/timeline").content) == [4]
    assert client.post(f"{at}/delete").status_code == 204
    assert client.get(at).status_code == 404
    assert client.get("/api/search", params={"album": made["id"]}).status_code == 404
    assert client.get("/api/photo/1").status_code == 200


def test_a_smart_album_runs_its_search(site: Site) -> None:
    smart = post(site.client, "/api/albums", name="Threes", query="number 3")
    assert (smart["smart"], smart["query"], smart["photos"]) == (True, "number 3", None)
    in_it = {"album": smart["id"]}
    found = site.client.get("/api/search", params=in_it).json()
    assert (found["query"], found["hits"][0]["id"]) == ("number 3", 3)
    narrowed = site.client.get("/api/search", params=in_it | {"q": "lake"}).json()
    assert narrowed["query"] == "number 3 lake"
    loved = {"album": "favourites", "q": "lake"}
    asked = site.client.get("/api/search", params=loved).json()
    assert (asked["query"], asked["hits"]) == ("favourites lake", [])
    refused = site.client.post(f"/api/albums/{smart['id']}/add", json={"ids": [1]})
    assert refused.status_code == 422
    assert "smart album" in refused.json()["error"]


def test_many_photos_go_and_come_back(site: Site) -> None:
    client = site.client
    assert post(client, "/api/photos/remove", ids=[2, 4, 99])["ids"] == [2, 4]
    for address in ("/api/photo/2", "/t/2", "/v/2", "/o/2"):
        assert client.get(address).status_code == 404, address
    assert [cell["id"] for cell in client.get("/api/cells?ids=1,2,3").json()] == [1, 3]
    page = client.get("/api/removed?limit=1").json()
    assert (page["total"], [photo["id"] for photo in page["photos"]]) == (2, [4])
    assert page["photos"][0]["removed_at"]
    thumbnail = client.get("/api/removed/4/thumbnail")
    assert thumbnail.headers["content-type"] == "image/webp"
    assert client.get("/api/removed/1/thumbnail").status_code == 404
    assert post(client, "/api/photos/restore", ids=[2, 4, 1])["ids"] == [2, 4]
    assert client.get("/api/photo/2").status_code == 200
    assert client.get("/api/removed").json() == {"total": 0, "photos": []}


def test_many_photos_are_marked_and_captioned_again(site: Site) -> None:
    post(site.client, "/api/photo/1/favourite", favourite=True)
    changed = post(site.client, "/api/photos/favourite", ids=[1, 2, 3], favourite=True)
    assert changed["ids"] == [2, 3]
    site.library.write(5, "My own words.", PERSON)
    again = post(site.client, "/api/photos/caption-again", ids=[4, 5, 6])
    assert again == {"photos": 2, "by_person": 1}
    assert site.indexer.looked_at == [[4, 5, 6]]


def test_captions_are_exported(site: Site) -> None:
    site.library.photos[2] = make_photo(
        2, name="=HYPERLINK(1).jpg", taken_at=None,
        caption=make_caption(2, 'Été, "Paris"\nat night', tags=("city", "night")),
    )  # fmt: skip
    site.library.photos[3] = make_photo(3, caption=None)
    asked = {"ids": [2, 3, 99], "as": "csv"}
    answer = site.client.post("/api/photos/captions", json=asked)
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert 'filename="captions.csv"' in answer.headers["content-disposition"]
    text = answer.content.decode("utf-8-sig")
    two, three = csv.DictReader(io.StringIO(text, newline=""))
    assert two["caption"] == 'Été, "Paris"\nat night'
    assert two["tags"] == "city, night"
    assert two["name"] == "'=HYPERLINK(1).jpg"  # no formula in a spreadsheet
    assert (three["id"], three["caption"], three["author"]) == ("3", "", "")
    answer = site.client.post("/api/photos/captions", json=asked | {"as": "json"})
    rows = json.loads(answer.content)
    assert [row["id"] for row in rows] == [2, 3]
    assert rows[0]["tags"] == ["city", "night"]
    assert rows[0]["name"] == "=HYPERLINK(1).jpg"
    assert rows[1]["caption"] is None


def test_originals_come_as_one_zip(site: Site, tmp_path: Path) -> None:
    for key in (1, 2, 3):
        path = tmp_path / f"{key}" / "IMG.jpg"
        path.parent.mkdir()
        path.write_bytes(bytes([key]) * 300_000)
        name = "img.JPG" if key == 2 else "missing.txt" if key == 3 else "IMG.jpg"
        site.library.photos[key] = make_photo(key, path=path, name=name)
    site.library.photos[4] = make_photo(4, path=tmp_path / "gone.jpg", name="gone.jpg")
    packed = post(site.client, "/api/photos/zip", ids=[1, 2, 3, 4, 99])
    assert (packed["files"], packed["missing"]) == (3, 1)
    answer = site.client.get(f"/api/photos/zip/{packed['token']}")
    assert int(answer.headers["content-length"]) == len(answer.content)
    assert len(answer.content) == packed["bytes"]
    assert 'filename="photos.zip"' in answer.headers["content-disposition"]
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        assert names == ["IMG.jpg", "img (2).JPG", "missing (2).txt", "missing.txt"]
        assert all(one.compress_type == 0 for one in archive.infolist())
        assert archive.read("img (2).JPG") == b"\x02" * 300_000
        assert "Holidays/gone.jpg" in archive.read("missing.txt").decode()
    (tmp_path / "1" / "IMG.jpg").unlink()
    for lost in (packed["token"], "unknown"):
        answer = site.client.get(f"/api/photos/zip/{lost}")
        assert answer.status_code == 404
        assert "ask for it again" in answer.json()["error"]


def test_a_zip_waits_ten_minutes_and_is_made_piece_by_piece(tmp_path: Path) -> None:
    path = tmp_path / "big.jpg"
    path.write_bytes(bytes(5_000_000))
    times = iter((0.0, KEPT_S - 1, KEPT_S + 1))
    library = FakeLibrary([make_photo(1, path=path, name="../..\\é.jpg")])
    archives = Archives(library, clock=lambda: next(times))
    archive = archives.make([1])
    assert [name for _, name in archive.files] == ["_.._é.jpg"]
    assert archives.find(archive.token) is archive
    assert archives.find(archive.token) is None
    size, chunks = archive.open()
    lengths = [len(chunk) for chunk in chunks]
    assert sum(lengths) == size
    assert max(lengths) <= 2**20


BAD_IDS: tuple[object, ...] = (
    [], [0], ["1"], [1.5], [True], [-1], "1", None, {}, [2**40], [1] * 5001,
)  # fmt: skip


def test_ids_are_checked_wherever_they_are_taken(client: TestClient) -> None:
    made = post(client, "/api/albums", name="Trip")
    rest = {"favourite": True, "as": "csv"}
    for path in (
        *(f"/api/photos/{what}" for what in ("remove", "restore", "favourite")),
        *(f"/api/photos/{what}" for what in ("caption-again", "captions", "zip")),
        *(f"/api/albums/{made['id']}/{what}" for what in ("add", "remove")),
    ):
        for ids in BAD_IDS:
            answer = client.post(path, json=rest | {"ids": ids})
            assert answer.status_code == 400, (path, ids)
            assert answer.json()["error"]
        assert client.post(path, json=rest).status_code == 400
        assert client.post(path, content=b"ids=1").status_code == 400


WRONG: tuple[tuple[str, dict[str, object], int], ...] = (
    ("/api/albums", {"name": ""}, 400),
    ("/api/albums", {"name": 5}, 400),
    ("/api/albums", {"name": "x" * 101}, 400),
    ("/api/albums", {"name": "\ud800"}, 400),
    ("/api/albums", {"name": "TRIP"}, 422),
    ("/api/albums", {"name": "New", "query": ""}, 400),
    ("/api/albums", {"name": "New", "query": "x" * 501}, 400),
    ("/api/albums", {"name": "New", "ids": "1"}, 400),
    ("/api/albums/x/rename", {"name": "New"}, 400),
    ("/api/albums/99/rename", {"name": "New"}, 404),
    ("/api/albums/99/delete", {}, 404),
    ("/api/albums/99/add", {"ids": [1]}, 404),
    ("/api/albums/1/cover", {"photo": 6}, 422),
    ("/api/albums/1/cover", {"photo": "six"}, 400),
    ("/api/photos/favourite", {"ids": [1], "favourite": "yes"}, 400),
    ("/api/photos/captions", {"ids": [1], "as": "xml"}, 400),
    ("/api/photos/captions", {"ids": [1], "as": ["csv"]}, 400),
)
WRONG_ADDRESSES = (
    *("/api/albums/0", "/api/albums/x", "/api/albums/x/timeline"),
    *("/api/removed?limit=0", "/api/removed?limit=201", "/api/removed?offset=-1"),
    *("/api/removed/x/thumbnail", "/api/search?album=x", "/api/search?album=0"),
)


def test_whatever_else_is_wrong_is_refused(client: TestClient) -> None:
    post(client, "/api/albums", name="Trip")
    headers = {"content-type": "application/json"}
    for path, body, status in WRONG:
        content = json.dumps(body)  # spells half a character as \ud800
        answer = client.post(path, content=content, headers=headers)
        assert answer.status_code == status, (path, body, answer.text)
        assert answer.json()["error"].endswith(".")
    for address in WRONG_ADDRESSES:
        assert client.get(address).status_code == 400, address
    assert [one["name"] for one in client.get("/api/albums").json()["albums"]] == [
        "Trip"
    ]
