"""`feedback` and a search that leaves out what was rejected, as a person runs them."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from album.catalogue import Catalogue
from index.feedback import Feedback
from tests.cli.test_commands import as_json, run


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("album")
    pictures = folder / "pictures"
    pictures.mkdir()
    for name, colour in (("red barn", "red"), ("old barn", "green")):
        Image.new("RGB", (320, 240), colour).save(pictures / f"{name}.jpg")
    run("index", str(pictures), "--data", str(folder / "data"), "--captioner", "basic")
    return str(folder / "data")


def barns(data: str) -> list[str]:
    hits = as_json("search", "a barn", "--weak", "--data", data)["hits"]
    return sorted(Path(hit["path"]).stem for hit in hits)


def reject(data: str, query: str, photo_id: int) -> None:
    with Catalogue(Path(data)) as catalogue:
        Feedback(catalogue).reject(query, photo_id)


def test_what_was_taken_out_is_listed_left_out_and_reset(data: str) -> None:
    assert run("feedback", "--data", data).stdout == (
        "Nothing was taken out of any search.\n"
    )
    assert barns(data) == ["old barn", "red barn"]
    hits = as_json("search", "a barn", "--weak", "--data", data)["hits"]
    ids = {Path(hit["path"]).stem: hit["id"] for hit in hits}
    reject(data, "A Barn", ids["red barn"])
    reject(data, "a hay stack", ids["old barn"])
    assert barns(data) == ["old barn"]
    listed = as_json("feedback", "--data", data)
    assert listed["photos"] == 2
    assert [one["query"] for one in listed["searches"]] == ["a hay stack", "A Barn"]
    one = as_json("feedback", "--query", "a  BARN", "--data", data)
    assert [photo["id"] for photo in one["searches"][0]["photos"]] == [ids["red barn"]]
    shown = run("feedback", "--data", data).stdout.splitlines()
    assert shown[2] == "“A Barn” leaves out:"
    assert shown[3].endswith("/red barn.jpg")
    done = run("feedback", "--reset", "--query", "a barn", "--data", data)
    assert done.stdout == "1 photo is found again.\n"
    assert barns(data) == ["old barn", "red barn"]
    assert as_json("feedback", "--reset", "--data", data) == {"taken_back": 1}
    again = run("feedback", "--reset", "--data", data)
    assert again.stdout == "Nothing was taken out.\n"


def test_only_the_reset_needs_the_album_for_itself(data: str) -> None:
    reject(data, "a barn", 1)
    with Catalogue(Path(data)):
        assert as_json("feedback", "--data", data)["photos"] == 1
        refused = run("feedback", "--reset", "--data", data, code=1)
        assert "already in use" in refused.output
    assert as_json("feedback", "--reset", "--data", data) == {"taken_back": 1}


@pytest.mark.parametrize("options", [[], ["--reset"]])
def test_no_album_is_made_by_asking(tmp_path: Path, options: list[str]) -> None:
    refused = run("feedback", *options, "--data", str(tmp_path / "none"), code=1)
    assert "no album" in refused.output
    assert not (tmp_path / "none").exists()
