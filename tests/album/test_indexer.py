"""The indexer with real stages around a small fake captioner."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from PIL import Image

from album.captioners.base import Subject
from album.captioning import CaptioningStage
from album.catalogue import Catalogue
from album.costly import Costly
from album.decoder import Decoder
from album.errors import CaptionError, CatalogueError, ModelUnavailable
from album.indexer import Indexer
from album.library import Library
from album.photo import Author, WrittenCaption
from album.places import Places
from album.progress import Rate, count_done
from album.reading import ReadingStage
from album.scanner import Scanner
from album.stage import Stage
from album.thumbnails import Thumbnails
from album.uploads import Uploads


class FakeCaptioner:
    """Says the size of each picture; can be told to fail."""

    author = Author("fake", "fake-1", 1)
    batch_size = 2

    def __init__(self) -> None:
        self.seen: list[int] = []
        self.fail_on: set[int] = set()
        self.unavailable = False
        self.act: Callable[[], None] = lambda: None

    def caption(
        self, subjects: Sequence[Subject]
    ) -> list[WrittenCaption | CaptionError]:
        if self.unavailable:
            raise ModelUnavailable("There are no weights.")
        self.act()
        self.seen.extend(s.photo.id for s in subjects)
        return [
            CaptionError("It made no sense.")
            if s.photo.id in self.fail_on
            else WrittenCaption(f"a picture {s.picture.width} wide")
            for s in subjects
        ]

    def unload(self) -> None: ...


class House:
    """An indexer over five drawn pictures."""

    def __init__(self, folder: Path, decoder: Decoder) -> None:
        self.pictures = folder / "pictures"
        self.pictures.mkdir()
        for number in range(5):
            self.draw(f"{number}.png", 40 + number)
        self.catalogue = Catalogue(folder / "data")
        self.catalogue.roots.add(self.pictures)
        self.captioner = FakeCaptioner()
        thumbnails = Thumbnails(folder / "data" / "thumbnails")
        uploads = Uploads(self.catalogue, folder / "data/uploads", max_bytes=10**6)
        self.library = Library(self.catalogue, thumbnails, decoder, uploads)
        self.stages: list[Stage] = [
            ReadingStage(self.catalogue, decoder, thumbnails, Places(), batch_size=2),
            CaptioningStage(
                self.catalogue,
                self.captioner,
                self.library.thumbnail_of,
                size="thumbnail",
            ),
        ]
        self.indexer = self.new_indexer()

    def new_indexer(self) -> Indexer:
        return Indexer(self.catalogue, Scanner(self.catalogue), self.stages)

    def draw(self, name: str, width: int) -> None:
        Image.new("RGB", (width, 30), (width, 0, 0)).save(self.pictures / name)

    def run(self) -> None:
        self.indexer.request_scan()
        self.indexer.run_once()

    def captions(self) -> set[str]:
        ids = self.library.timeline().ids.tolist()
        photos = self.catalogue.photos.many(ids).values()
        return {p.caption.text for p in photos if p.caption}


@pytest.fixture
def house(tmp_path: Path, decoder: Decoder) -> Iterator[House]:
    made = House(tmp_path, decoder)
    yield made
    made.indexer.stop()
    made.catalogue.close()


def test_everything_is_read_and_captioned_once(house: House) -> None:
    house.run()
    assert house.captions() == {f"a picture {40 + n} wide" for n in range(5)}
    assert len(house.captioner.seen) == 5
    house.run()
    assert len(house.captioner.seen) == 5
    progress = house.indexer.progress()
    assert (progress.done, progress.total, progress.busy) == (5, 5, False)


def test_a_picture_without_caption_is_tried_twice_and_named(house: House) -> None:
    house.run()
    house.captioner.author = Author(
        "fake", "fake-2", 1
    )  # another model: everything is wanted again
    victim = house.captioner.seen[0]
    house.captioner.seen.clear()
    house.captioner.fail_on = {victim}
    house.run()
    assert house.captioner.seen.count(victim) == 2
    assert house.indexer.progress().failed == 1
    house.captioner.fail_on = set()
    assert house.indexer.retry_failures() == 1
    house.run()
    assert house.captioner.seen.count(victim) == 3
    assert house.indexer.progress().failed == 0


def test_a_model_that_is_not_there_stops_its_stage_only(house: House) -> None:
    house.captioner.unavailable = True
    house.run()
    assert len(house.library.timeline().ids) == 5
    progress = house.indexer.progress()
    assert progress.notice == "There are no weights."
    assert not progress.busy


def test_a_model_that_comes_back_is_used_again(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("album.rounds.MODEL_RETRY_S", 0.05)
    house.captioner.unavailable = True
    house.indexer.start()
    wait_until(lambda: house.indexer.progress().notice == "There are no weights.")
    house.captioner.unavailable = False
    wait_until(lambda: len(house.captions()) == 5)
    wait_until(lambda: house.indexer.progress().notice is None)


def test_pause_stops_after_the_batch_and_resume_finishes(house: House) -> None:
    house.captioner.act = house.indexer.pause
    house.indexer.start()
    wait_until(lambda: house.indexer.progress().paused)
    seen = len(house.captioner.seen)
    assert seen <= 2
    assert house.indexer.progress().busy
    house.captioner.act = lambda: None
    house.indexer.resume()
    wait_until(lambda: not house.indexer.progress().busy)
    assert len(house.captions()) == 5


def test_another_indexer_goes_on_where_the_first_was_stopped(house: House) -> None:
    house.captioner.act = house.indexer._stop.set
    house.run()
    first = list(house.captioner.seen)
    assert 0 < len(first) < 5
    house.captioner.act = lambda: None
    house.indexer = house.new_indexer()
    house.run()
    assert len(house.captions()) == 5
    assert len(house.captioner.seen) == 5  # none was captioned twice


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


def test_rate_is_that_of_the_last_minute() -> None:
    now = [0.0]
    rate = Rate(clock=lambda: now[0])
    assert rate.per_second() is None
    done = 0
    for _ in range(100):  # 2 a second
        rate.look(done)
        now[0] += 1.0
        done += 2
    assert rate.per_second() == pytest.approx(2.0)
    for _ in range(61):  # then 5 a second: after a minute the past is forgotten
        rate.look(done)
        now[0] += 1.0
        done += 5
    assert rate.per_second() == pytest.approx(5.0, rel=0.05)
    rate.pause()
    assert rate.per_second() is None
    rate.look(10)
    now[0] += 1.0
    rate.look(9)  # photos went missing: no negative rate
    assert rate.per_second() is None


@pytest.mark.parametrize(
    ("photos", "pending", "expected"),
    [
        (0, {}, (0, 0)),
        (30, {"read": 10, "facts": 0}, (30, 40)),
        (30, {"read": 10, "facts": 5, "embed": 7}, (23, 40)),
        (5, {"read": 0, "caption": 5, "embed": 5}, (0, 5)),
    ],
)
def test_what_counts_as_done(
    photos: int, pending: dict[str, int], expected: tuple[int, int]
) -> None:
    assert count_done(photos, pending) == expected


def wait_until(condition: Callable[[], bool], timeout_s: float = 60.0) -> None:
    """Until the background thread has got there; the limit is only against a hang."""
    done = threading.Event()
    for _ in range(int(timeout_s / 0.02)):
        if condition():
            return
        done.wait(0.02)
    raise AssertionError("it did not come to that")
