"""The command line and the page find the same photos, in the same order, for the same
reasons: both ask one search, beside each other, of one data folder."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from click.testing import CliRunner
from fastapi.testclient import TestClient
from PIL import Image

from cli.building import Album, open_album
from cli.commands import main
from settings import load
from ui import build_app

NAMES = (
    "brown dog on the beach", "dog asleep on a sofa", "cat on a window sill",
    "sailing boat at sunset", "birthday cake with candles", "snow on a mountain",
    "IMG_4711", "red car in the snow",
)  # fmt: skip
QUERIES = (
    "a dog", "dog -sofa", "IMG_4711", '"birthday cake"', "quarterly tax declaration",
    "in folder summer",
)  # fmt: skip


@pytest.fixture(scope="module")
def album(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Album]:
    folder = tmp_path_factory.mktemp("same")
    for number, name in enumerate(NAMES):
        place = folder / "pictures" / ("summer" if number % 2 else "winter")
        place.mkdir(parents=True, exist_ok=True)
        colour = (number * 30, 255 - number * 20, 90)
        Image.new("RGB", (64, 48), colour).save(place / f"{name}.jpg")
    given = {"data": str(folder / "data"), "captioner": "basic"}
    made = open_album(load(given, {}), [folder / "pictures"])
    made.indexer.scan()
    made.indexer.run_once()
    yield made
    made.close()


@pytest.fixture(scope="module")
def page(album: Album) -> TestClient:
    app = build_app(
        album.library, album.text.search, album.indexer, lambda: None, load({}, {})
    )
    return TestClient(app, base_url="http://127.0.0.1:7860")


@pytest.mark.parametrize(
    ("order", "weak"), [("relevance", False), ("relevance", True), ("oldest", False)]
)
@pytest.mark.parametrize("query", QUERIES)
def test_both_find_the_same(
    album: Album, page: TestClient, query: str, order: str, weak: bool
) -> None:
    wished: dict[str, Any] = {
        "q": query,
        "order": order,
        "weak": int(weak),
        "limit": 100,
    }
    shown = page.get("/api/search", params=wished).json()
    folder = str(album.catalogue.folder)
    command = [
        "search",
        query,
        "--data",
        folder,
        "--order",
        order,
        "-n",
        "100",
        "--json",
    ]
    done = CliRunner().invoke(main, [*command, *(["--weak"] if weak else [])])
    assert done.exit_code == 0, done.output
    said = json.loads(done.stdout)

    keys = ("id", "reason", "strength", "score")
    assert [[hit[key] for key in keys] for hit in said["hits"]] == [
        [hit[key] for key in keys] for hit in shown["hits"]
    ]
    assert (said["total"], said["weaker"]) == (shown["total"], shown["weaker"])
    labels = [chip["label"] for chip in shown["chips"]]
    assert [chip["label"] for chip in said["understood"]] == labels


def test_the_queries_find_and_miss(page: TestClient) -> None:
    """The comparison above is not one of nothing with nothing."""
    totals = [page.get("/api/search", params={"q": q}).json()["total"] for q in QUERIES]
    assert sum(total > 0 for total in totals) >= 5, totals
