"""`search --like`, `--picture` and `--folder`, on a real album of drawn pictures."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from PIL import Image

from cli.commands import main


def run(*args: str, code: int = 0) -> Result:
    result = CliRunner().invoke(main, list(args))
    assert result.exit_code == code, result.output
    return result


@pytest.fixture(scope="module")
def album(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """(pictures, data) of three red barns, in two folders, and a blue lake."""
    folder = tmp_path_factory.mktemp("likes")
    pictures = folder / "pictures"
    for number, (name, colour) in enumerate(
        (("farm/red barn", "red"), ("farm/old red barn", "red"),
         ("trip/a red barn", "red"), ("trip/blue lake", "blue"))
    ):  # fmt: skip
        file = pictures / f"{name}.jpg"
        file.parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (320 + number, 240), colour).save(file)
    data = folder / "data"
    run("index", str(pictures), "--data", str(data), "--captioner", "basic")
    return pictures, data


def found(album: tuple[Path, Path], *args: str) -> Any:
    return json.loads(run("search", *args, "--data", str(album[1]), "--json").stdout)


def names(answer: Any) -> list[str]:
    return [Path(hit["path"]).name for hit in answer["hits"]]


def test_like_a_photo_by_its_file_or_its_id(album: tuple[Path, Path]) -> None:
    barn = album[0] / "farm" / "red barn.jpg"
    by_file = found(album, "--like", str(barn))
    assert set(names(by_file)) >= {"old red barn.jpg", "a red barn.jpg"}
    assert "red barn.jpg" not in names(by_file)
    assert by_file["described"]["by"] == "basic"
    by_id = found(album, "--like", str(by_file["described"]["id"]))
    assert by_id == by_file


def test_like_a_picture_that_is_not_in_the_album(
    album: tuple[Path, Path], tmp_path: Path
) -> None:
    files = sorted(path.name for path in album[1].rglob("*") if path.is_file())
    picture = tmp_path / "other.png"
    Image.new("RGB", (500, 400), "blue").save(picture)
    answer = found(album, "--picture", str(picture), "--weak")
    assert answer["described"]["id"] is None
    assert answer["described"]["text"]
    told = run("search", "--picture", str(picture), "--data", str(album[1])).stdout
    assert "[basic caption]" in told
    after = sorted(path.name for path in album[1].rglob("*") if path.is_file())
    assert after == files, "nothing was kept"


def test_the_same_picture_comes_first(album: tuple[Path, Path], tmp_path: Path) -> None:
    copy = tmp_path / "copy.jpg"
    shutil.copy(album[0] / "trip" / "blue lake.jpg", copy)
    answer = found(album, "--picture", str(copy))
    assert names(answer)[0] == "blue lake.jpg"
    assert answer["hits"][0]["reason"] == "This picture is already in the album."
    assert answer["described"]["id"] == answer["hits"][0]["id"]


def test_in_a_folder(album: tuple[Path, Path]) -> None:
    assert set(names(found(album, "--folder", "pictures/trip"))) == {
        "a red barn.jpg",
        "blue lake.jpg",
    }
    barns = found(album, "a", "red", "barn", "--folder", "pictures/trip")
    assert names(barns)[0] == "a red barn.jpg"
    assert barns["query"] == "a red barn"
    assert "red barn.jpg" not in names(barns)


@pytest.mark.parametrize(
    ("args", "code", "said"),
    [
        ((), 2, "Say what to search for"),
        (("--like", "1", "--picture", __file__), 2, "cannot be used together"),
        (("--like", "999"), 1, "There is no photo 999"),
        (("--like", "9" * 30), 1, "There is no photo 999"),
        (("--like", __file__), 1, "is not in this album"),
        (("--like", "no such file"), 1, "neither the id of a photo nor a file"),
        (("--picture", __file__), 1, "This is not a picture"),
        (("--picture", "no such file"), 2, "does not exist"),
    ],
)
def test_what_cannot_be_searched_by(
    album: tuple[Path, Path], args: tuple[str, ...], code: int, said: str
) -> None:
    told = run("search", *args, "--data", str(album[1]), code=code).output
    assert said in told.replace("\n", " ")
    assert "Traceback" not in told
