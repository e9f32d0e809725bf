"""Another text model by the command line: real processes, a tiny real model."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from PIL import Image

from cli.commands import main
from tests.index.tiny_text_model import make_text_model


def run(*args: str, code: int = 0) -> Result:
    result = CliRunner().invoke(main, list(args))
    assert result.exit_code == code, result.output
    return result


def as_json(*args: str) -> Any:
    return json.loads(run(*args, "--json").stdout)


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_text_model(tmp_path_factory.mktemp("models") / "tiny", seed=3)


def test_the_text_model_is_changed_and_changed_back(tmp_path: Path, tiny: Path) -> None:
    pictures, data = tmp_path / "pictures", str(tmp_path / "data")
    pictures.mkdir()
    for name, colour in (("red barn", "red"), ("blue lake", "blue")):
        Image.new("RGB", (320, 240), colour).save(pictures / f"{name}.jpg")
    index = ("index", str(pictures), "--data", data, "--captioner", "basic")
    run(*index)
    assert "text_model" not in as_json("search", "a barn", "--data", data)
    before = as_json("status", "--data", data)
    assert before["text_model"] == {
        "name": "all-MiniLM-L6-v2",
        "built_in": True,
        "source": "all-MiniLM-L6-v2",
        "next": None,
    }

    away = run(*index, "--text-model", str(tmp_path / "nowhere"))
    assert "nowhere is not here" in away.stderr
    assert "Search uses all-MiniLM-L6-v2." in away.stderr

    done = run(*index, "--text-model", str(tiny))
    assert "learning a new text model, tiny: 0 of 2" in done.stderr
    found = as_json("search", "red barn", "--data", data, "--weak")
    assert found["text_model"] == "tiny"
    assert {Path(hit["path"]).name for hit in found["hits"]} == {
        "red barn.jpg",
        "blue lake.jpg",
    }
    told = run("search", "red barn", "--data", data, "--weak").stdout
    assert told.startswith("Text model: tiny.\n")
    state = as_json("status", "--data", data)
    assert (state["text_model"]["name"], state["embedded"]) == ("tiny", 2)
    assert (state["index"]["vectors"], state["index"]["fresh"]) == (2, True)
    assert state["captioners"] == before["captioners"]
    assert not (tmp_path / "data" / "index.faiss").exists()

    hidden = tmp_path / "hidden"
    shutil.move(tiny, hidden)
    gone = run("search", "red barn", "--data", data, code=1)
    assert "is not here" in gone.stderr
    shutil.move(hidden, tiny)

    run(*index)
    assert as_json("status", "--data", data)["text_model"] == before["text_model"]
    assert "text_model" not in as_json("search", "a barn", "--data", data)
