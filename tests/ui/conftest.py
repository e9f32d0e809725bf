"""One application with stand-ins behind it, and a client that asks it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from starlette.testclient import TestClient

from settings import Settings
from tests.ui.fakes import (
    FakeIndexer,
    FakeLibrary,
    FakeSearch,
    FakeSettings,
    make_photo,
)
from tests.ui.fakes_pages import FakeFacts, FakeSurvey, make_choices
from ui import build_app

ADDRESS = "http://127.0.0.1:7860"


@dataclass
class Site:
    """The application's parts, to look behind the answers."""

    client: TestClient
    library: FakeLibrary
    search: FakeSearch
    indexer: FakeIndexer
    edits: list[str]
    survey: FakeSurvey
    followed: list[Settings]


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    library = FakeLibrary(make_photo(number) for number in range(1, 5))
    search, indexer, edits = FakeSearch(library), FakeIndexer(), list[str]()
    survey, followed = FakeSurvey(), list[Settings]()
    app = build_app(
        library,
        search,
        indexer,
        lambda: edits.append("edited"),
        FakeSettings(),
        survey=survey,
        choices=make_choices(FakeFacts(), {"workers": "2"}, followed),
    )
    with TestClient(app, base_url=ADDRESS, raise_server_exceptions=False) as client:
        yield Site(client, library, search, indexer, edits, survey, followed)


@pytest.fixture
def client(site: Site) -> TestClient:
    return site.client
