"""The indexer with real stages around a small fake captioner."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from album.costly import Costly
from album.decoder import Decoder
from album.errors import CatalogueError
from album.photo import Author
from tests.album.house import House, wait_until


@pytest.fixture
def house(tmp_path: Path, decoder: Decoder) -> Iterator[House]:
    made = House(tmp_path, decoder)
    yield made
    made.close()


def test_everything_is_read_and_captioned_once(house: House) -> None:
    house.run()
    assert house.captions() == {f"a picture {40 + n} wide" for n in range(5)}
    assert len(house.fake.seen) == 5
    house.run()
    assert len(house.fake.seen) == 5
    progress = house.indexer.progress()
    assert (progress.done, progress.total, progress.busy) == (5, 5, False)


def test_a_picture_without_caption_is_tried_twice_and_named(house: House) -> None:
    house.run()
    house.fake.author = Author("fake", "fake-2", 1)  # all is wanted again
    victim = house.fake.seen[0]
    house.fake.seen.clear()
    house.fake.fail_on = {victim}
    house.run()
    assert house.fake.seen.count(victim) == 2
    assert house.indexer.progress().failed == 1
    house.fake.fail_on = set()
    assert house.indexer.retry_failures() == 1
    house.run()
    assert house.fake.seen.count(victim) == 3
    assert house.indexer.progress().failed == 0


def test_a_model_that_is_not_there_stops_its_stage_only(house: House) -> None:
    house.fake.unavailable = True
    house.run()
    assert len(house.library.timeline().ids) == 5
    progress = house.indexer.progress()
    assert progress.notice == "There are no weights."
    assert not progress.busy


def test_a_model_that_comes_back_is_used_again(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("album.rounds.MODEL_RETRY_S", 0.05)
    house.fake.unavailable = True
    house.indexer.start()
    wait_until(lambda: house.indexer.progress().notice == "There are no weights.")
    house.fake.unavailable = False
    wait_until(lambda: len(house.captions()) == 5)
    wait_until(lambda: house.indexer.progress().notice is None)


def test_pause_stops_after_the_batch_and_resume_finishes(house: House) -> None:
    house.fake.act = house.indexer.pause
    house.indexer.start()
    wait_until(lambda: house.indexer.progress().paused)
    seen = len(house.fake.seen)
    assert seen <= 2
    wait_until(lambda: house.indexer.progress().busy)
    house.fake.act = lambda: None
    house.indexer.resume()
    wait_until(lambda: not house.indexer.progress().busy)
    assert len(house.captions()) == 5


def test_another_indexer_goes_on_where_the_first_was_stopped(house: House) -> None:
    house.fake.act = lambda: house.indexer._stop.set()
    house.run()
    first = list(house.fake.seen)
    assert 0 < len(first) < 5
    house.fake.act = lambda: None
    house.indexer = house.new_indexer()
    house.run()
    assert len(house.captions()) == 5
    assert len(house.fake.seen) == 5  # none was captioned twice


def test_a_new_file_is_found_by_the_next_scan(house: House) -> None:
    house.indexer.start()
    wait_until(lambda: len(house.captions()) == 5)
    house.draw("new.png", 99)
    house.indexer.request_scan()
    wait_until(lambda: "a picture 99 wide" in house.captions())


def test_an_error_of_the_disk_is_said_and_the_thread_lives(house: House) -> None:
    class Broken:
        name = "broken"

        def pending(self) -> int:
            return 1

        def step(self) -> int:
            raise CatalogueError("The disk is full.")

    house.stages.insert(0, Broken())
    house.indexer = house.new_indexer()
    house.indexer.start()
    wait_until(lambda: house.indexer.progress().notice == "The disk is full.")


def test_a_stage_that_fails_does_not_starve_the_others(house: House) -> None:
    class Broken:
        name = "broken"

        def pending(self) -> int:
            return 0

        def step(self) -> int:
            raise OSError(28, "No space left on device")

    house.stages.insert(1, Broken())
    house.indexer = house.new_indexer()
    with pytest.raises(OSError, match="No space"):
        house.run()
    assert len(house.captions()) == 5


def test_a_scan_that_failed_is_still_wanted(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(root: object, stopped: object) -> None:
        raise CatalogueError("The disk is full.")

    monkeypatch.setattr(house.indexer._scanner, "scan", full)
    with pytest.raises(CatalogueError):
        house.run()
    monkeypatch.undo()
    house.indexer.run_once()
    assert len(house.captions()) == 5


def test_a_stage_with_nothing_to_do_is_not_asked_until_something_changes(
    house: House,
) -> None:
    asked: list[int] = []

    class Watcher:
        name = "watcher"

        def pending(self) -> int:
            return 0

        def step(self) -> int:
            asked.append(house.catalogue.changes)
            return 0

    house.stages.append(Watcher())
    house.indexer = house.new_indexer()
    house.run()
    assert len(asked) == len(set(asked))


def test_the_time_left_is_that_of_the_slow_model(house: House) -> None:
    """Not of a stage behind it that has yet to begin, such as the text model."""

    class Asleep:
        name = "embed"

        def pending(self) -> int:
            return 5

        def step(self) -> int:
            return 0

    house.fake.unavailable = True
    house.run()  # everything is read before
    house.fake.unavailable = False
    house.stages.append(Asleep())
    house.indexer = house.new_indexer()
    left: list[tuple[int, int]] = []

    def count() -> None:
        house.indexer._overview.drop()
        counts = house.indexer._overview._count()
        left.append((counts.left, counts.done))

    house.fake.act = count
    house.indexer.run_once()
    assert [done for _, done in left] == [0, 0, 0]
    assert left[-1][0] == 1  # two batches of two are written, one picture is left


def test_a_costly_value_is_not_made_all_the_time() -> None:
    now, made = [0.0], [0]

    def make() -> int:
        now[0] += 0.5
        made[0] += 1
        return made[0]

    costly = Costly(make, clock=lambda: now[0])
    assert [costly.get(1), costly.get(1), costly.get(2)] == [1, 1, 1]
    now[0] += 20 * 0.5 + 0.1
    assert costly.get(2) == 2
    costly.drop()
    assert costly.get(2) == 3
