"""The command line as a person runs it: real processes, exit codes, JSON promises."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from PIL import Image

from album.catalogue import Catalogue
from album.errors import CatalogueError
from cli.commands import main

ROOT = Path(__file__).parents[2]


def run(*args: str, code: int = 0) -> Result:
    """One command, in this process; its exit code is checked."""
    result = CliRunner().invoke(main, list(args))
    assert result.exit_code == code, result.output
    return result


def start(*args: str, **options: Any) -> subprocess.Popen[str]:
    """The same as a process of its own, as a person starts it."""
    command = [sys.executable, "app.py", *args]
    return subprocess.Popen(command, cwd=ROOT, text=True, **options)


def as_json(*args: str) -> Any:
    return json.loads(run(*args, "--json").stdout)


@pytest.fixture(scope="module")
def album(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """(pictures, data) of a small album that was indexed with basic captions."""
    folder = tmp_path_factory.mktemp("album")
    pictures = folder / "pictures"
    (pictures / "Ferien").mkdir(parents=True)
    for name, colour in (("red barn", "red"), ("blue lake", "blue")):
        Image.new("RGB", (320, 240), colour).save(pictures / "Ferien" / f"{name}.jpg")
    (pictures / "broken.jpg").write_bytes(b"no picture at all")
    data = folder / "data"
    done = run("index", str(pictures), "--data", str(data), "--captioner", "basic")
    assert "3 files seen: 2 added" in done.stdout
    assert "1 failed" in done.stdout
    assert "failed: pictures/broken.jpg: " in done.stdout
    return pictures, data


def test_search_json_is_as_promised(album: tuple[Path, Path]) -> None:
    found = as_json("search", "a barn", "--data", str(album[1]))
    assert set(found) == {
        "query", "described", "total", "at_least", "weaker", "understood", "hits",
    }  # fmt: skip
    assert (found["described"], found["at_least"]) == (None, False)
    assert found["query"] == "a barn"
    first = found["hits"][0]
    assert set(first) == {
        "id", "path", "score", "caption", "captioner", "taken_at", "reason",
        "strength", "source",
    }  # fmt: skip
    assert first["path"].endswith("red barn.jpg")
    assert first["captioner"] == "basic"
    assert "red barn" in first["caption"].lower()
    scores = [hit["score"] for hit in found["hits"]]
    assert scores == sorted(scores, reverse=True)
    one = as_json("search", "a barn", "--data", str(album[1]), "-n", "1")
    assert len(one["hits"]) == 1
    assert one["total"] == found["total"]


def test_status_json_is_as_promised(album: tuple[Path, Path]) -> None:
    state = as_json("status", "--data", str(album[1]))
    assert state["photos"] == state["captioned"] == state["embedded"] == 2
    assert (state["failed"], state["missing"]) == (1, 0)
    assert state["captioners"] == {"basic": 2}
    assert state["index"]["vectors"] == 2
    assert state["index"]["fresh"] is True


def test_status_tells_how_far_the_captioning_is(album: tuple[Path, Path]) -> None:
    data = str(album[1])
    basic = as_json("status", "--data", data, "--captioner", "basic")["captioning"]
    assert (basic["captioner"], basic["waiting"], basic["photos"]) == ("basic", 0, 2)
    assert (basic["paused"], basic["eta_s"], basic["kernel"]) == (False, None, None)
    flags = ("--captioner", "http://127.0.0.1:9/v1", "--caption-hours", "22-7")
    state = as_json("status", "--data", data, *flags)["captioning"]
    assert (state["captioner"], state["waiting"], state["failed"]) == ("remote", 2, 0)
    told = run("status", "--data", data, *flags).stdout
    assert "Captioning 0 of 2 are through remote (Qwen/Qwen3-VL-2B" in told
    assert "only 22-7" in told
    german = as_json("status", "--data", data, "--caption-language", "german")
    assert german["captioning"]["captioner"] == "basic"  # no weights: it is honest


def test_indexing_again_changes_nothing(album: tuple[Path, Path]) -> None:
    done = run("index", str(album[0]), "--data", str(album[1]), "--captioner", "basic")
    assert "3 files seen: 0 added, 0 changed, 0 moved" in done.stdout


def test_a_deleted_index_file_comes_back_with_the_same_answers(
    album: tuple[Path, Path],
) -> None:
    pictures, data = album
    before = as_json("search", "water", "--data", str(data))
    index_files = list(data.glob("index*"))
    assert index_files
    for file in index_files:
        file.unlink()
    assert as_json("search", "water", "--data", str(data)) == before
    assert as_json("status", "--data", str(data))["index"]["fresh"] is False
    run("index", str(pictures), "--data", str(data), "--captioner", "basic")
    assert as_json("status", "--data", str(data))["index"]["fresh"] is True
    assert as_json("search", "water", "--data", str(data)) == before


def test_inspect_says_what_the_file_holds(album: tuple[Path, Path]) -> None:
    read = as_json("inspect", str(album[0] / "Ferien" / "red barn.jpg"))
    assert (read["format"], read["width"], read["height"]) == ("JPEG", 320, 240)
    assert read["colours"][0] == "red"
    assert "red barn" in read["basic_caption"].lower()
    failed = run("inspect", str(album[0] / "broken.jpg"), code=1)
    assert failed.stderr.startswith("Error: ")
    assert len(failed.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    "args",
    [
        ("search",),
        ("index",),
        ("index", "no such folder"),
        ("no-such-folder",),
        ("serve", "--port", "high"),
        ("search", "x", "-n", "0"),
        ("status", "--nonsense"),
        ("serve", "--host", "0.0.0.0"),
    ],
)
def test_wrong_usage_is_exit_code_2(args: tuple[str, ...]) -> None:
    done = run(*args, code=2)
    assert "Error: " in done.stderr


def test_a_failure_is_one_sentence_and_exit_code_1(tmp_path: Path) -> None:
    done = run("search", "x", "--data", str(tmp_path), code=1)
    assert done.stderr.strip().startswith("Error: There is no album in")
    assert done.stdout == ""


def test_exit_codes_and_one_sentence_of_the_real_process(tmp_path: Path) -> None:
    failed = start(
        "status", "--data", str(tmp_path),
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    out, err = failed.communicate(timeout=120)
    assert (failed.returncode, out) == (1, "")
    assert err.startswith("Error: There is no album in")
    assert len(err.splitlines()) == 1


def test_qwen_without_weights_or_network_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "p").mkdir()
    done = run(
        "index", str(tmp_path / "p"), "--data", str(tmp_path / "d"),
        "--captioner", "qwen", "--offline", code=1,
    )  # fmt: skip
    assert "--qwen-model" in done.stderr or "--captioner basic" in done.stderr


def test_a_second_writer_is_told_who_holds_the_album(
    album: tuple[Path, Path], tmp_path: Path
) -> None:
    pictures, data = album
    server = start(
        str(pictures), "--data", str(data), "--port", "0", "--captioner", "basic",
        stdout=subprocess.PIPE,
    )  # fmt: skip
    try:
        assert server.stdout is not None
        assert "Smart Album is at http://127.0.0.1:" in server.stdout.readline()
        second = run("index", str(pictures), "--data", str(data), code=1)
        assert f"in use by process {server.pid}" in second.stderr
        # Reading goes on beside it.
        assert as_json("search", "barn", "--data", str(data))["hits"]
        assert as_json("status", "--data", str(data))["photos"] == 2
    finally:
        server.send_signal(signal.SIGTERM)
        assert server.wait(30) == 0


def test_kill_9_in_the_middle_of_indexing_loses_nothing(tmp_path: Path) -> None:
    pictures, data = tmp_path / "pictures", tmp_path / "data"
    pictures.mkdir()
    for number in range(150):
        picture = Image.effect_noise((400, 300), 10 + number)
        picture.save(pictures / f"{number}.png")
    arguments = ["index", str(pictures), "--data", str(data), "--captioner", "basic"]
    started = start(*arguments, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while photos_in(data) < 20:  # in the middle, by what is in the catalogue
        assert started.poll() is None, "it finished before it could be killed"
        time.sleep(0.02)
    started.kill()
    started.wait()
    between = photos_in(data)
    assert between < 150
    done = run(*arguments)
    state = as_json("status", "--data", str(data))
    assert state["photos"] == state["embedded"] == state["index"]["vectors"] == 150
    assert f"{150 - between} added" in done.stdout
    assert state["failed"] == 0


def photos_in(data: Path) -> int:
    """What a reader beside the indexing process sees."""
    try:
        with Catalogue(data, writable=False) as catalogue:
            return catalogue.photos.counts()["photos"]
    except CatalogueError:
        return 0


def test_a_data_folder_that_is_a_file_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "pictures").mkdir()
    (tmp_path / "data").write_text("a file")
    for name in (str(tmp_path / "data"), str(tmp_path / "data" / "below")):
        done = run("index", str(tmp_path / "pictures"), "--data", name, code=1)
        assert done.stderr.startswith("Error: ")
        assert len(done.stderr.splitlines()) == 1
    run("status", "--data", "~no-such-user/x", code=2)


def test_failed_files_are_tried_again_when_asked(tmp_path: Path) -> None:
    pictures, data = tmp_path / "pictures", str(tmp_path / "data")
    pictures.mkdir()
    (pictures / "bad.jpg").write_bytes(b"nonsense")
    os.utime(pictures / "bad.jpg", (1_600_000_000, 1_600_000_000))
    arguments = ("index", str(pictures), "--data", data, "--captioner", "basic")
    assert "1 failed" in run(*arguments).output
    with Catalogue(tmp_path / "data") as catalogue:
        assert catalogue.failures.all()[0].attempts == 2
        catalogue._store._writer.execute("UPDATE files SET reason = 'old'")
    assert "bad.jpg: old" in run(*arguments).output
    assert "bad.jpg: old" not in run(*arguments, "--retry").output


def test_the_albums_own_folders_are_no_pictures(tmp_path: Path) -> None:
    for name in ("", "uploads", "thumbnails"):
        folder = tmp_path / "data" / name
        folder.mkdir(parents=True, exist_ok=True)
        done = run("index", str(folder), "--data", str(tmp_path / "data"), code=1)
        assert "own data" in done.stderr
