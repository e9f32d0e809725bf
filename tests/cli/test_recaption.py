"""`recaption` as a person runs it: the old caption is shown and found until the new."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from PIL import Image

from album.catalogue import Catalogue
from album.indexer import PAUSED
from album.photo import Caption
from cli.commands import main
from cli.reading import search_album
from settings import load
from tests.album.caption_server import CaptionServer, Reply, Seen, chat

ROOT = Path(__file__).parents[2]


def run(*args: str, code: int = 0) -> Result:
    """One command, in this process; its exit code is checked."""
    result = CliRunner().invoke(main, list(args))
    assert result.exit_code == code, result.output
    return result


def draw(folder: Path) -> Path:
    """Three pictures in two folders."""
    for name, colour in (
        ("Ferien/red barn", "red"), ("Ferien/blue lake", "blue"), ("grass", "green"),
    ):  # fmt: skip
        (folder / "Ferien").mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (160, 120), colour).save(folder / f"{name}.jpg")
    return folder


def histories(data: Path) -> dict[str, list[Caption]]:
    """The captions of each photo by its name, newest first."""
    with Catalogue(data, writable=False) as catalogue:
        ids = [row[0] for row in catalogue.photos.timeline_rows()]
        photos = catalogue.photos.many(ids)
        return {p.name: catalogue.captions.history(p.id) for p in photos.values()}


def id_of(data: Path, name: str) -> int:
    return histories(data)[name][0].photo_id


@pytest.fixture
def album(tmp_path: Path) -> tuple[str, ...]:
    """The flags of an album with basic captions, one of them corrected by a person."""
    pictures, data = draw(tmp_path / "pictures"), tmp_path / "data"
    flags = ("--data", str(data), "--captioner", "basic")
    run("index", str(pictures), *flags)
    with Catalogue(data) as catalogue:
        photo_id = id_of(data, "grass.jpg")
        assert catalogue.captions.add_of_person(photo_id, "our lawn", None)
    return flags


def test_basic_captions_are_written_again_and_a_persons_stay(
    album: tuple[str, ...],
) -> None:
    data = Path(album[1])
    before = histories(data)
    done = run("recaption", "--where", "folder=pictures/Ferien", *album)
    assert "To be captioned again: 2 photos." in done.stderr
    assert "Captioned again: 2 photos." in done.stdout
    after = histories(data)
    for name in ("red barn.jpg", "blue lake.jpg"):
        assert len(after[name]) == len(before[name]) + 1
        assert not after[name][0].stale
        assert after[name][0].author == before[name][0].author
    everything = run("recaption", "--json", *album)
    assert json.loads(everything.stdout) == {
        "photos": 2, "by_person": 1, "dry_run": False, "waiting": 0, "captioned": 2,
        "failed": 0, "interrupted": False,
    }  # fmt: skip
    assert histories(data)["grass.jpg"] == before["grass.jpg"]


def test_a_paused_album_is_captioned_now_and_stays_paused(
    album: tuple[str, ...],
) -> None:
    with Catalogue(Path(album[1])) as catalogue:
        catalogue.facts.set(PAUSED, "2026-05-01T00:00:00+00:00")
    done = run("recaption", "--where", "captioner=basic", *album)
    assert "Captioned again: 2 photos." in done.stdout
    with Catalogue(Path(album[1]), writable=False) as catalogue:
        assert catalogue.facts.get(PAUSED) is not None


def test_a_dry_run_names_photos_and_changes_nothing(album: tuple[str, ...]) -> None:
    data = Path(album[1])
    before = histories(data)
    with Catalogue(data):  # beside a process that writes
        plain = run("recaption", "--dry-run", *album).stdout.splitlines()
        promised = run("recaption", "--dry-run", "--json", *album).stdout
        busy = run("recaption", *album, code=1)
    assert plain[0].startswith("To be captioned again: 2 photos; left to the person")
    assert len(plain) == 3
    [line] = [line for line in plain if "pictures/Ferien/red barn.jpg" in line]
    assert line.split()[0] == str(id_of(data, "red barn.jpg"))
    newest = before["red barn.jpg"][0]
    assert f"basic ({newest.author.model})" in line
    state = json.loads(promised)
    assert (state["photos"], state["by_person"], state["waiting"]) == (2, 1, 0)
    assert {e["photo"] for e in state["examples"]} == {
        "pictures/Ferien/red barn.jpg", "pictures/Ferien/blue lake.jpg",
    }  # fmt: skip
    assert "in use by" in busy.stderr
    assert histories(data) == before


def test_conditions_that_nothing_meets_do_nothing(album: tuple[str, ...]) -> None:
    before = histories(Path(album[1]))
    where = ("--where", "captioner=qwen", "--where", "prompt<2")
    for more in ((), ("--dry-run",)):
        done = run("recaption", *where, *more, *album)
        assert done.stdout.startswith("To be captioned again: 0 photos.")
        assert "2 by basic, 1 by person" in done.stdout
    assert histories(Path(album[1])) == before


def test_wrong_conditions_and_a_missing_album_are_one_sentence(tmp_path: Path) -> None:
    data = tmp_path / "data"
    wrong = run("recaption", "--where", "colour=red", "--data", str(data), code=2)
    assert "captioner, model, revision" in wrong.stderr
    for more in ((), ("--dry-run",)):
        none = run("recaption", *more, "--data", str(data), code=1)
        assert none.stderr.startswith("Error: There is no album in")
    assert not data.exists()


class Author:
    """What the caption server says at the moment; with `hang` it never answers.
    `look` is called before each answer."""

    def __init__(self) -> None:
        self.says = "A dog runs on the beach."
        self.hang = False
        self.look: Callable[[], object] = lambda: None

    def __call__(self, seen: Seen, nth: int) -> Reply:
        self.look()
        return Reply(hang=True) if self.hang else chat(self.says)


@pytest.fixture
def author() -> Author:
    return Author()


@pytest.fixture
def server(author: Author) -> Iterator[CaptionServer]:
    running = CaptionServer(author)
    yield running
    running.close()


def test_the_old_caption_is_found_until_the_new_is_there(
    tmp_path: Path, author: Author, server: CaptionServer
) -> None:
    """Ctrl+C in the middle included: the rest is done by the next `index`."""
    pictures, data = draw(tmp_path / "pictures"), str(tmp_path / "data")
    flags = ["--data", data, "--captioner", server.address, "--caption-model", "m"]
    run("index", str(pictures), *flags)
    assert found("a dog at the sea", data) == {"A dog runs on the beach."}

    author.says, author.hang = "A lighthouse stands in the snow.", True
    asked = len(server.seen)
    running = subprocess.Popen(
        [sys.executable, "app.py", "recaption", "--where", "text=Dog", *flags],
        cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        # A shell that runs the tests in the background has Ctrl+C ignored.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )  # fmt: skip
    while len(server.seen) == asked:  # until it is in the middle of captioning
        assert running.poll() is None, "it ended before it could be stopped"
        time.sleep(0.02)
    assert found("a dog at the sea", data) == {"A dog runs on the beach."}
    running.send_signal(signal.SIGINT)
    said, _ = running.communicate(timeout=60)
    assert running.returncode == 1
    assert "Still with the old caption: 3 photos." in said
    assert "Stopped; the next index, serve or recaption does the rest." in said
    assert found("a dog at the sea", data) == {"A dog runs on the beach."}

    author.hang = False
    run("index", str(pictures), *flags)
    assert found("a lighthouse in the snow", data) == {
        "A lighthouse stands in the snow."
    }
    assert found("a dog at the sea", data) <= {"A lighthouse stands in the snow."}


def found(query: str, data: str) -> set[str]:
    """The captions that a real search finds, each once."""
    state = search_album(load({"data": data}, {}), query, 20)
    return {hit["caption"] for hit in state["hits"]}


def found_elsewhere(query: str, data: str) -> set[str]:
    """The same by a process of its own: transformers cannot load two models at once in
    one process; the second is left without its tied weights."""
    done = subprocess.run(
        [sys.executable, "app.py", "search", query, "--data", data, "--json"],
        cwd=ROOT, text=True, capture_output=True, check=True, timeout=120,
    )  # fmt: skip
    return {hit["caption"] for hit in json.loads(done.stdout)["hits"]}


def test_a_changed_question_is_asked_again_while_the_old_answers_are_found(
    tmp_path: Path, author: Author, server: CaptionServer
) -> None:
    """Another model is another author: nothing need be marked for it."""
    pictures, data = draw(tmp_path / "pictures"), str(tmp_path / "data")
    flags = ["--data", data, "--captioner", server.address]
    run("index", str(pictures), *flags, "--caption-model", "old")

    meanwhile: list[set[str]] = []

    def look() -> None:
        if not meanwhile:
            meanwhile.append(found_elsewhere("a dog at the sea", data))

    author.look = look
    author.says = "A lighthouse stands in the snow."
    one = ("--caption-in-flight", "1")
    run("index", str(pictures), *flags, *one, "--caption-model", "new")
    assert meanwhile == [{"A dog runs on the beach."}]
    assert found("a lighthouse in the snow", data) == {
        "A lighthouse stands in the snow."
    }
    models = {c.author.model for c in histories(Path(data))["grass.jpg"]}
    assert {"old", "new"} <= models


def test_the_photos_asked_for_go_first(
    album: tuple[str, ...], tmp_path: Path, server: CaptionServer
) -> None:
    """Not the newest, as without a wish."""
    data, red = album[1], tmp_path / "pictures" / "Ferien" / "red barn.jpg"
    Image.new("RGB", (160, 120), "red").save(red, quality=60)
    os.utime(red, (1_000_000_000, 1_000_000_000))
    run("index", str(tmp_path / "pictures"), *album)
    where = f"photo={id_of(Path(data), 'red barn.jpg')}"
    flags = ("--data", data, "--captioner", server.address, "--caption-in-flight", "1")
    run("recaption", "--where", where, *flags)
    pictures = [seen.number for seen in server.seen if seen.jpeg]
    assert len(pictures) == 2  # the third was described by a person
    assert pictures[0] > pictures[1]  # red is full of red, blue has none


def test_captions_of_a_model_that_is_not_here_stay_and_are_said_to(
    tmp_path: Path, server: CaptionServer
) -> None:
    pictures, data = draw(tmp_path / "pictures"), str(tmp_path / "data")
    run("index", str(pictures), "--data", data, "--captioner", server.address)
    done = run("recaption", "--data", data, "--captioner", "basic")
    assert "Captioned again: 0 photos." in done.stdout
    assert "Still with the old caption: 3 photos." in done.stdout
    assert found("a dog at the sea", data) == {"A dog runs on the beach."}
