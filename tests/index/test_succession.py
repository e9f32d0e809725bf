"""One text model follows another: a real catalogue, real indexes, tiny real models."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from album.catalogue import Catalogue
from index.current_search import CurrentSearch
from index.embedder import PartsEmbedder
from index.errors import EmbedderUnavailable
from index.learning import Embedding, Learning, learnt
from index.query import QueryParser
from index.search import Search
from index.strictness import HowStrict
from index.succession import Succession
from index.sync import Sync
from index.text_model import (
    IN_CHARGE,
    NEXT,
    TextModels,
    answering_model,
    remember,
    remembered,
)
from tests.index.conftest import Captions
from tests.index.tiny_text_model import make_text_model

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 11, 21, 12, 0)
SUBJECTS = ("dog", "cat", "horse", "bus", "boat", "child")
PLACES = ("beach", "sofa", "mountain", "city", "lake", "kitchen", "table", "house")
QUERIES = ("a dog on the beach", "brown horse", "child plays with a ball", "red bus")


def texts(count: int) -> list[str]:
    return [
        f"A {SUBJECTS[n % 6]} stands on a {PLACES[n % 8]}. A lamp {n} in the snow."
        for n in range(count)
    ]


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Of different widths, so that no vector of one could be taken for the other's."""
    place = tmp_path_factory.mktemp("models")
    return {
        "old": make_text_model(place / "old", seed=1),
        "new": make_text_model(place / "new", seed=2, width=48),
    }


class Running:
    """An album's search as a process has it from its start to its end."""

    def __init__(
        self, catalogue: Catalogue, wanted: Path | str, patience_s: float = 60.0
    ) -> None:
        self.catalogue = catalogue
        self.succession = Succession(
            catalogue,
            TextModels(catalogue.folder / "models"),
            str(wanted),
            self.build,
            catalogue.folder,
            patience_s=patience_s,
        )
        self.succession.settle()
        self.embedding = Embedding(self.succession)
        self.learning = Learning(catalogue, self.succession)
        self.search = CurrentSearch(self.succession)

    def build(self, embedder: PartsEmbedder, sync: Sync) -> Search:
        parser = QueryParser("north", lambda: NOW)
        return Search(
            self.catalogue, embedder, sync, parser, strictness=HowStrict("lenient")
        )

    def work(self) -> None:
        """Until no stage has anything left, as the indexer does."""
        while self.embedding.step() + self.learning.step():
            pass

    @property
    def answering(self) -> str:
        return self.succession.current.model.shown


Hits = list[tuple[int, float]]


def hits(search: CurrentSearch, query: str) -> Hits:
    found = search.find(query, 50, weak=True)
    return [(hit.photo.id, round(float(hit.score), 5)) for hit in found.hits]


def embedders(catalogue: Catalogue) -> set[str]:
    return {name.partition("@")[0] for name in catalogue.text_models.all()}


@pytest.fixture
def album(captions: Captions, models: dict[str, Path]) -> Captions:
    """100 captions, learnt by the old model alone."""
    for text in texts(100):
        captions.photo(text)
    running = Running(captions.catalogue, models["old"])
    running.work()
    running.succession.close()
    assert running.search.text_model == "old"
    return captions


@pytest.fixture
def expected(
    album: Captions, models: dict[str, Path], tmp_path: Path
) -> dict[str, dict[str, Hits]]:
    """What each model alone answers to each query."""
    answers = {"old": Running(album.catalogue, models["old"])}
    other = tmp_path / "other"
    shutil.copytree(album.folder, other, ignore=shutil.ignore_patterns("*.lock"))
    with Catalogue(other) as catalogue:
        new = Running(catalogue, models["new"])
        new.work()
        answers["new"] = new
        return {
            name: {query: hits(running.search, query) for query in QUERIES}
            for name, running in answers.items()
        }


def test_the_old_one_answers_until_the_new_one_is_complete(
    album: Captions, models: dict[str, Path], expected: dict[str, dict[str, Hits]]
) -> None:
    running = Running(album.catalogue, models["new"])
    seen = []
    while running.learning.pending():
        assert running.answering == "old"
        seen.append(running.learning.notice())
        for query in QUERIES:
            assert hits(running.search, query) == expected["old"][query]
        assert running.learning.step()
    assert seen[0] == (
        "Search is learning a new text model, new: 0 of 100. Until then old answers."
    )
    assert seen[1] == seen[0].replace("0 of", "32 of")
    assert (running.answering, running.learning.notice()) == ("new", None)
    assert embedders(album.catalogue) == {"old", "new"}  # not deleted in the same step
    name = running.succession.current.model.name
    kept = json.loads(album.catalogue.facts.get(f"search_background {name}") or "{}")
    assert {type(kept["own"]), type(kept["level"])} == {float}  # before it answers
    for query in QUERIES:
        assert hits(running.search, query) == expected["new"][query]
    files = {path.name for path in album.folder.glob("index*")}
    assert len(files) == 2
    running.work()
    assert embedders(album.catalogue) == {"new"}
    assert len(list(album.folder.glob("index*"))) == 1
    assert "old" not in str(album.catalogue.facts.get(IN_CHARGE))
    for query in QUERIES:
        assert hits(running.search, query) == expected["new"][query]
    # The same after a restart, without a text being embedded.
    again = Running(album.catalogue, models["new"])
    assert (again.learning.pending(), again.embedding.pending()) == (0, 0)
    assert hits(again.search, QUERIES[0]) == expected["new"][QUERIES[0]]


def test_searches_in_many_threads_never_fail_and_never_mix(
    album: Captions, models: dict[str, Path], expected: dict[str, dict[str, Hits]]
) -> None:
    running = Running(album.catalogue, models["new"])
    errors: list[BaseException] = []
    seen: list[list[str]] = [[] for _ in range(4)]
    stop = threading.Event()

    def ask(number: int) -> None:
        query = QUERIES[number]
        try:
            while True:
                last = stop.is_set()  # each asks once more after the end
                got = hits(running.search, query)
                [who] = [n for n in ("old", "new") if expected[n][query] == got]
                seen[number].append(who)
                if last:
                    return
        except BaseException as error:  # noqa: BLE001 - told by the main thread
            errors.append(error)

    threads = [threading.Thread(target=ask, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    while not all(seen):  # each has begun before anything changes
        assert not errors
    running.work()
    stop.set()
    for thread in threads:
        thread.join()
    assert errors == []
    for answers in seen:
        assert (answers[0], answers[-1]) == ("old", "new")
        assert answers == sorted(answers, reverse=True)  # never back to the old one
    assert embedders(album.catalogue) == {"new"}


def test_a_search_under_way_keeps_its_vectors(
    album: Captions, models: dict[str, Path]
) -> None:
    running = Running(album.catalogue, models["new"], patience_s=0.0)
    with running.succession.answering() as before:
        running.work()
        assert running.answering == "new"
        assert embedders(album.catalogue) == {"old", "new"}
        assert before.search.find("a dog", 10, weak=True).hits
    running.work()
    assert embedders(album.catalogue) == {"new"}


def test_edits_meanwhile_are_found_by_both(
    album: Captions, models: dict[str, Path]
) -> None:
    running = Running(album.catalogue, models["new"])
    running.learning.step()
    album.caption(7, "an old tree in a green boat")
    added = album.photo("a young child at a tree")
    assert running.embedding.step(4) == 2  # as after an edit on the page
    for query, photo in (
        ("old tree in a green boat", 7),
        ("a young child at a tree", added),
    ):
        assert hits(running.search, query)[0][0] == photo
    assert running.answering == "old"
    running.work()
    assert running.answering == "new"
    for query, photo in (
        ("old tree in a green boat", 7),
        ("a young child at a tree", added),
    ):
        assert hits(running.search, query)[0][0] == photo


def test_set_back_midway_the_old_one_stays(
    album: Captions, models: dict[str, Path], expected: dict[str, dict[str, Hits]]
) -> None:
    half = Running(album.catalogue, models["new"])
    half.learning.step()
    assert learnt(album.catalogue, half.succession.successor.model.name) == (32, 100)  # type: ignore[union-attr]
    back = Running(album.catalogue, models["old"])
    assert (back.answering, back.succession.successor) == ("old", None)
    assert remembered(album.catalogue.facts, NEXT) is None
    back.work()
    assert embedders(album.catalogue) == {"old"}
    assert hits(back.search, QUERIES[0]) == expected["old"][QUERIES[0]]


def test_a_restart_goes_on_where_it_was(
    album: Captions, models: dict[str, Path], expected: dict[str, dict[str, Hits]]
) -> None:
    Running(album.catalogue, models["new"]).learning.step()
    again = Running(album.catalogue, models["new"])
    assert (again.answering, again.learning.pending()) == ("old", 68)
    # Ended after the fact that hands over, before everything behind it.
    successor = again.succession.successor
    assert successor is not None
    while successor.sync.step():
        pass
    remember(album.catalogue.facts, IN_CHARGE, successor.model)
    later = Running(album.catalogue, models["new"])
    assert (later.answering, later.succession.successor) == ("new", None)
    later.work()
    assert embedders(album.catalogue) == {"new"}
    assert hits(later.search, QUERIES[1]) == expected["new"][QUERIES[1]]


_WORKER = """
import sys
from pathlib import Path
from album.catalogue import Catalogue
from tests.index.test_succession import Running
with Catalogue(Path(sys.argv[1])) as catalogue:
    running = Running(catalogue, sys.argv[2])
    while running.embedding.step() + running.learning.step():
        print(running.answering, flush=True)
"""


@pytest.mark.parametrize("rounds", [1, 3, 5])
def test_killed_at_any_moment_it_is_completed_later(
    captions: Captions, models: dict[str, Path], rounds: int, tmp_path: Path
) -> None:
    """After 1 round it learns, after 4 it has taken over, after 5 it deletes."""
    for text in texts(100):
        captions.photo(text)
    Running(captions.catalogue, models["old"]).work()
    captions.catalogue.close()
    command = [sys.executable, "-c", _WORKER, str(captions.folder), str(models["new"])]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as worker:
        assert worker.stdout is not None
        for _ in range(rounds):
            assert worker.stdout.readline()
        worker.send_signal(signal.SIGKILL)
    with Catalogue(captions.folder) as catalogue:
        again = Running(catalogue, models["new"])
        assert len(hits(again.search, QUERIES[0])) >= 50
        again.work()
        assert again.answering == "new"
        assert embedders(catalogue) == {"new"}
        assert catalogue.vectors.count(again.succession.current.model.name) == 100
        fresh = Running(catalogue, models["new"])
        assert hits(fresh.search, QUERIES[0]) == hits(again.search, QUERIES[0])


def test_without_its_old_weights_the_new_one_answers_with_what_it_has(
    album: Captions, models: dict[str, Path], tmp_path: Path
) -> None:
    away = tmp_path / "away"
    shutil.copytree(models["old"], away)
    remember(
        album.catalogue.facts,
        IN_CHARGE,
        TextModels(tmp_path).open(str(away), [_charge(album)])[0],
    )
    shutil.rmtree(away)
    running = Running(album.catalogue, models["new"])
    assert (running.answering, hits(running.search, "a dog")) == ("new", [])
    running.learning.step()
    assert len(hits(running.search, "a dog on the beach")) >= 20
    told = running.learning.notice() or ""
    assert "32 of 100" in told
    assert "is not here" in told
    assert "Search answers with new as far as" in told
    # With the files back before it is complete, the old one answers as before.
    shutil.copytree(models["old"], away)
    back = Running(album.catalogue, models["new"])
    assert (back.answering, back.learning.pending()) == ("old", 68)
    shutil.rmtree(away)
    running.work()
    assert (running.answering, running.learning.notice()) == ("new", None)
    assert embedders(album.catalogue) == {"new"}


def _charge(album: Captions):  # type: ignore[no-untyped-def]
    charge = remembered(album.catalogue.facts, IN_CHARGE)
    assert charge is not None
    return charge


def test_a_wanted_model_that_is_away_changes_nothing(
    album: Captions, models: dict[str, Path], expected: dict[str, dict[str, Hits]]
) -> None:
    Running(album.catalogue, models["new"]).learning.step()
    running = Running(album.catalogue, "/nowhere")
    assert hits(running.search, QUERIES[2]) == expected["old"][QUERIES[2]]
    told = running.learning.notice() or ""
    assert "/nowhere is not here" in told
    assert told.endswith("Search uses old.")
    running.work()
    assert embedders(album.catalogue) == {"old", "new"}  # it may come back


def test_a_model_in_charge_that_is_away_is_said_to_be_and_found_again(
    captions: Captions, models: dict[str, Path], tmp_path: Path
) -> None:
    place, away = tmp_path / "disk", tmp_path / "away"
    shutil.copytree(models["old"], place)
    captions.photo("A dog on a beach")
    Running(captions.catalogue, place).work()
    place.rename(away)
    running = Running(captions.catalogue, place)
    with pytest.raises(EmbedderUnavailable, match="is not here"):
        running.search.find("a dog")
    away.rename(place)
    assert [key for key, _ in hits(running.search, "a dog")] == [1]


def test_a_fetched_model_is_learnt_from_then_on(
    album: Captions, models: dict[str, Path]
) -> None:
    running = Running(album.catalogue, "owner/tiny")
    assert "is not here" in (running.learning.notice() or "")
    place = album.folder / "models" / "weights" / "owner--tiny" / "0123456789ab"
    shutil.copytree(models["new"], place)
    running.succession.settle()
    running.work()
    assert running.search.text_model == "owner/tiny"
    assert embedders(album.catalogue) == {"owner/tiny"}


def test_a_new_album_begins_with_the_model_that_is_wanted(
    captions: Captions, models: dict[str, Path]
) -> None:
    captions.photo("A dog on a beach")
    running = Running(captions.catalogue, models["new"])
    assert (running.answering, running.succession.successor) == ("new", None)
    running.work()
    assert embedders(captions.catalogue) == {"new"}


def test_the_built_in_one_is_followed_and_follows(
    captions: Captions, models: dict[str, Path]
) -> None:
    """An album of an earlier version has no facts about text models."""
    for text in texts(3):
        captions.photo(text)
    first = Running(captions.catalogue, "all-MiniLM-L6-v2")
    first.work()
    assert first.search.text_model is None
    captions.catalogue.facts.set(IN_CHARGE, None)
    second = Running(captions.catalogue, models["new"])
    assert second.answering == "all-MiniLM-L6-v2"
    second.work()
    assert second.answering == "new"
    third = Running(captions.catalogue, "all-MiniLM-L6-v2")
    third.work()
    assert third.search.text_model is None
    assert embedders(captions.catalogue) == {"all-MiniLM-L6-v2"}


@pytest.fixture
def reader(album: Captions) -> Iterator[Catalogue]:
    with Catalogue(album.folder, writable=False) as catalogue:
        yield catalogue


def test_another_process_asks_whoever_is_in_charge(
    album: Captions, reader: Catalogue, models: dict[str, Path], tmp_path: Path
) -> None:
    opener = TextModels(tmp_path)
    running = Running(album.catalogue, models["new"])
    running.learning.step()
    assert answering_model(reader, opener)[0].shown == "old"
    running.work()
    model, embedder = answering_model(reader, opener)
    assert (model.shown, embedder.name) == ("new", model.name)
    with pytest.raises(EmbedderUnavailable):
        answering_model(reader, GoneModels(tmp_path))


class GoneModels(TextModels):
    """Nothing is where it was."""

    def open_again(self, model: object) -> PartsEmbedder:
        raise EmbedderUnavailable("gone")
