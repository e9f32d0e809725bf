"""What the album holds travels small, and only when it has changed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from tests.ui.fake_facets import FakeFacets
from tests.ui.fakes import (
    FakeIndexer,
    FakeLibrary,
    FakeSearch,
    FakeSettings,
    make_photo,
)
from ui import build_app


def client_of(library: FakeLibrary, facets: FakeFacets | None) -> TestClient:
    app = build_app(
        library, FakeSearch(library), FakeIndexer(), lambda: None, FakeSettings(),
        facets=facets,
    )  # fmt: skip
    return TestClient(app, base_url="http://127.0.0.1:7860")


@pytest.fixture
def library() -> FakeLibrary:
    return FakeLibrary(
        [make_photo(1), make_photo(2, place="Évora \ud800", folder="a/b", missing=True)]
    )


@pytest.fixture
def client(library: FakeLibrary) -> Iterator[TestClient]:
    with client_of(library, FakeFacets(library)) as client:
        yield client


def test_is_sent_again_only_after_a_change(
    client: TestClient, library: FakeLibrary
) -> None:
    first = client.get("/api/facets")
    assert first.json()["places"] == [["Cascais, Portugal", 1]]
    assert first.headers["cache-control"] == "private, no-cache"
    seen = {"if-none-match": first.headers["etag"]}
    assert client.get("/api/facets", headers=seen).status_code == 304
    library.photos[3] = make_photo(3, place="\ud800", camera="<b>")
    changed = client.get("/api/facets", headers=seen)
    assert changed.status_code == 200
    assert ["<b>", 1] in changed.json()["cameras"]
    assert ["?", 1] in changed.json()["places"]  # half a character cannot travel


def test_an_album_that_counts_nothing_answers_too(library: FakeLibrary) -> None:
    with client_of(library, None) as client:
        assert client.get("/api/facets").json() == {}
