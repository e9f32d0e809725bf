"""Captioning as people meet it: who goes first, pauses, hours, crashes, and whose words
stay. A real catalogue, real pictures, and a captioner that is told what to do."""

from __future__ import annotations

import io
import os
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PIL import Image

from album.captioning_ahead import fitted
from album.catalogue import FILE_NAME, Catalogue
from album.decoder import Decoder
from album.errors import CaptionChanged, ModelUnavailable
from album.hours import Hours
from album.photo import Author, WrittenCaption
from tests.album.house import House, wait_until
from tests.album.worker_captioners import entries, worker

ROOT = Path(__file__).parents[2]
MODEL = Author("qwen", "m", 2)


@pytest.fixture
def house(tmp_path: Path, decoder: Decoder) -> Iterator[House]:
    made = House(tmp_path, decoder)
    yield made
    made.close()


def ids_by_age(house: House) -> list[int]:
    """Newest first."""
    return [int(key) for key in house.library.timeline().ids]


def read_only(house: House) -> None:
    """Everything is read, nothing captioned."""
    house.fake.unavailable = True
    house.run()
    house.fake.unavailable = False
    house.indexer = house.new_indexer()


def png(width: int) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (width, 30), (0, width, 0)).save(file, "PNG")
    return file.getvalue()


def shown(house: House, photo_id: int) -> str:
    photo = house.library.photo(photo_id)
    assert photo is not None
    return photo.caption.text if photo.caption else ""


# -- order ---------------------------------------------------------------------


def test_the_newest_first_uploads_before_them_and_what_is_looked_at_before_all(
    house: House,
) -> None:
    for number in range(5):
        os.utime(house.pictures / f"{number}.png", (0, 1_700_000_000 + number))
    read_only(house)
    by_age = ids_by_age(house)
    uploaded = house.library.upload("mine.png", [png(77)])
    house.fake.unavailable = True
    house.run()
    upload = house.library.upload_state(uploaded.file_id)
    assert upload is not None
    assert upload.photo_id is not None
    house.fake.unavailable = False
    house.indexer = house.new_indexer()
    looked_at = [by_age[3], by_age[4]]
    house.indexer.look_at(looked_at)
    house.run()
    assert house.fake.seen == [*looked_at, upload.photo_id, *by_age[:3]]


def test_what_is_looked_at_later_overtakes_the_pictures_that_were_prepared(
    house: House,
) -> None:
    read_only(house)
    last = ids_by_age(house)[-1]
    house.fake.act = lambda: house.indexer.look_at([last])
    house.run()
    assert house.fake.seen.index(last) == 2  # right after the batch at hand


def test_a_slow_model_holds_up_no_upload(house: House) -> None:
    busy, go_on = threading.Event(), threading.Event()

    def think() -> None:
        busy.set()
        assert go_on.wait(60)

    house.fake.act = think
    house.indexer.start()
    assert busy.wait(60)
    uploaded = house.library.upload("mine.png", [png(77)])
    house.indexer.wake()

    def is_read() -> bool:
        state = house.library.upload_state(uploaded.file_id)
        return state is not None and state.photo_id is not None

    try:
        wait_until(is_read)
        assert not house.captions()  # the model has not answered once
    finally:
        go_on.set()
    wait_until(lambda: len(house.captions()) == 6)


# -- pause, hours, memory -------------------------------------------------------


def test_a_pause_outlives_a_restart(tmp_path: Path, decoder: Decoder) -> None:
    house = House(tmp_path, decoder)
    house.fake.act = house.indexer.pause
    house.indexer.start()
    wait_until(lambda: house.fake.unloaded > 0)  # and the model's memory is given back
    house.indexer.stop()
    before = len(house.fake.seen)
    assert 0 < before < 5
    house.catalogue.close()
    house.catalogue = Catalogue(tmp_path / "data")

    again = House.on(tmp_path, house.catalogue, decoder)
    again.indexer.start()
    assert again.indexer.progress().paused
    threading.Event().wait(0.3)  # it would begin at once
    assert again.fake.seen == []
    again.indexer.resume()
    wait_until(lambda: len(again.captions()) == 5)
    assert len(again.fake.seen) == 5 - before
    again.indexer.stop()
    assert not again.new_indexer().progress().paused
    again.close()


def test_to_index_once_goes_on_in_a_pause_and_leaves_it_be(house: House) -> None:
    house.indexer.pause()
    house.indexer.resume(remember=False)
    house.run()
    assert len(house.captions()) == 5
    assert house.new_indexer().progress().paused


def test_outside_of_its_hours_a_model_writes_nothing_and_says_so(house: House) -> None:
    house.hours = Hours.parse("22:00-07:00")
    house.indexer = house.new_indexer()
    house.run()
    assert house.captions() == set()
    progress = house.indexer.progress()
    assert progress.waits == "Captions are written between 22:00 and 07:00."
    assert (progress.busy, progress.eta_s) == (True, None)
    assert house.captioning.waits_s() == 10 * 3600
    house.now = datetime(2026, 11, 21, 23, 30)
    house.run()
    assert len(house.captions()) == 5
    assert house.indexer.progress().waits is None


def test_it_begins_by_itself_when_its_hours_do(house: House) -> None:
    house.hours = Hours.parse("22:00-07:00")
    house.now = datetime(2026, 11, 21, 21, 59, 59, 900_000)
    house.indexer = house.new_indexer()
    house.indexer.start()
    wait_until(lambda: len(ids_by_age(house)) == 5)
    house.now = datetime(2026, 11, 21, 22, 0, 1)
    wait_until(lambda: len(house.captions()) == 5)


@pytest.mark.parametrize(
    ("text", "inside", "outside"),
    [
        ("22:00-07:00", ["22:00", "23:59", "00:00", "06:59"], ["07:00", "21:59"]),
        ("9-17", ["09:00", "16:59"], ["08:59", "17:00", "00:00"]),
        ("0:30 - 24", ["00:30", "23:59"], ["00:00", "00:29"]),
    ],
)
def test_hours(text: str, inside: list[str], outside: list[str]) -> None:
    hours = Hours.parse(text)
    assert Hours.parse(str(hours)) == hours
    for moment in inside:
        assert (
            hours.seconds_to_open(datetime.fromisoformat(f"2026-05-01T{moment}")) == 0
        )
    for moment in outside:
        now = datetime.fromisoformat(f"2026-05-01T{moment}")
        assert 0 < hours.seconds_to_open(now) < 86_400


@pytest.mark.parametrize("text", ["", "22", "22-25", "8:60-9", "7-7", "night", "1-2-3"])
def test_what_are_no_hours(text: str) -> None:
    with pytest.raises(ValueError, match=r"span|24 hours|begins"):
        Hours.parse(text)


# -- stale captions, and whose words stay ---------------------------------------


def test_a_new_question_has_captions_written_anew_while_the_old_are_shown(
    house: House,
) -> None:
    house.run()
    old = {key: shown(house, key) for key in ids_by_age(house)}
    meanwhile: list[set[str]] = []
    house.fake.author = Author("fake", "fake-1", 2)
    house.fake.act = lambda: meanwhile.append(house.captions())
    assert house.captioning.pending() == 5
    house.run()
    assert meanwhile[0] == set(old.values())  # until the first new one is there
    assert house.captioning.pending() == 0
    for key in old:
        texts = [c.author.prompt_version for c in house.library.history(key)]
        assert texts == [2, 1]


def test_another_language_or_context_is_another_question(house: House) -> None:
    house.run()
    house.fake.author = Author("fake", "fake-1", 1, "German")
    assert house.captioning.pending() == 5


def test_a_person_s_words_stay_however_the_race_with_a_model_ends(
    house: House,
) -> None:
    """Both write to the same photo at the same moment, fifty times."""
    read_only(house)
    photo_id = ids_by_age(house)[0]
    for turn in range(50):
        barrier = threading.Barrier(2)

        def model(barrier: threading.Barrier = barrier, turn: int = turn) -> None:
            barrier.wait()
            written = [(photo_id, WrittenCaption(f"model {turn}"))]
            house.catalogue.captions.add_many(MODEL, written)

        thread = threading.Thread(target=model)
        thread.start()
        barrier.wait()
        house.library.set_caption(photo_id, f"person {turn}")
        thread.join()
        assert shown(house, photo_id) == f"person {turn}"
    for turn in reversed(range(1, 50)):
        caption = house.library.undo_caption(photo_id)
        assert caption is not None
        assert caption.text == f"person {turn - 1}"
    caption = house.library.undo_caption(photo_id)
    assert caption is not None
    assert caption.text == "model 49"
    assert len(house.library.history(photo_id)) == 50


def test_of_two_people_who_correct_the_same_caption_the_second_is_told(
    house: House,
) -> None:
    house.run()
    photo = house.library.photo(ids_by_age(house)[0])
    assert photo is not None
    assert photo.caption is not None
    seen, barrier = photo.caption.id, threading.Barrier(8)
    kept: list[str] = []
    told: list[str] = []

    def correct(name: str) -> None:
        barrier.wait()
        try:
            house.library.set_caption(photo.id, f"by {name}", seen)
            kept.append(f"by {name}")
        except CaptionChanged:
            told.append(name)

    threads = [threading.Thread(target=correct, args=(str(n),)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(kept), len(told)) == (1, 7)
    assert shown(house, photo.id) == kept[0]


def test_what_was_finished_before_the_last_server_went_away_is_kept(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    read_only(house)

    def caption(subjects: object) -> None:
        raise ModelUnavailable("It is gone.", finished={1: WrittenCaption("second")})

    monkeypatch.setattr(house.fake, "caption", caption)
    house.run()
    first, second = ids_by_age(house)[:2]
    assert (shown(house, first), shown(house, second)) == ("", "second")
    assert house.indexer.failures() == []
    assert house.indexer.progress().notice == "It is gone."


def test_failures_of_captioning_are_named_with_their_photo(house: House) -> None:
    house.run()
    house.fake.author = Author("fake", "fake-2", 1)
    victim = ids_by_age(house)[2]
    house.fake.fail_on = {victim}
    house.run()
    (failure,) = house.indexer.failures()
    assert (failure.photo_id, failure.captioner) == (victim, "fake")
    assert (failure.reason, failure.attempts) == ("It made no sense.", 2)
    house.fake.author = Author("fake", "fake-3", 1)  # a failure of somebody before
    assert house.indexer.failures() == []
    assert house.indexer.progress().failed == 0


def test_the_pace_is_told_by_the_catalogue_alone(house: House) -> None:
    """Batches of two, ten seconds apart, with a night between the second and third."""
    house.run()
    photo_id = ids_by_age(house)[0]
    author = Author("other", "m", 1)
    assert house.catalogue.queue.pace(author) is None
    moments = [0.0, 0.001, 10.0, 10.001, 36_000.0, 36_000.001, 36_010.0, 36_010.001]
    for _ in moments:
        house.catalogue.captions.add_many(author, [(photo_id, WrittenCaption("x"))])
    start = datetime(2026, 11, 20, tzinfo=UTC)
    with sqlite3.connect(house.catalogue.folder / FILE_NAME) as connection:
        rows = connection.execute(
            "SELECT id FROM captions WHERE captioner = 'other' ORDER BY id"
        ).fetchall()
        for (key,), seconds in zip(rows, moments, strict=True):
            written = (start + timedelta(seconds=seconds)).isoformat()
            connection.execute(
                "UPDATE captions SET written_at = ? WHERE id = ?", (written, key)
            )
    connection.close()
    pace = house.catalogue.queue.pace(author)
    assert pace is not None
    assert pace.count == 7
    assert pace.seconds == pytest.approx(10 + 50 + 10, abs=0.1)


def test_a_caption_asked_for_again_in_vain_is_not_awaited_for_ever(
    house: House,
) -> None:
    house.run()
    photo_id = ids_by_age(house)[0]
    stale = house.library.caption_again(photo_id).caption
    assert stale is not None
    assert stale.stale
    house.fake.fail_on = {photo_id}
    house.run()
    photo = house.library.photo(photo_id)
    assert photo is not None
    assert photo.caption is not None
    assert (photo.caption.id, photo.caption.stale) == (stale.id, False)
    assert [f.photo_id for f in house.indexer.failures()] == [photo_id]


# -- crashes -------------------------------------------------------------------


def test_kill_9_of_the_program_in_mid_batch_loses_no_caption_and_doubles_none(
    tmp_path: Path, decoder: Decoder
) -> None:
    """The third batch hangs; killed there, at most that one batch is asked again."""
    diary = tmp_path / "diary"
    code = (
        "import sys, threading; from pathlib import Path\n"
        "from tests.album.test_captioning_engine import run_until_killed\n"
        "if __name__ == '__main__': run_until_killed(Path(sys.argv[1]))"
    )
    (tmp_path / "main.py").write_text(code)
    parent = subprocess.Popen(
        [sys.executable, str(tmp_path / "main.py"), str(tmp_path)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    try:
        wait_until(lambda: any("did once-hang" in line for line in entries(diary)))
    finally:
        os.kill(parent.pid, signal.SIGKILL)
        parent.wait()
    catalogue = Catalogue(tmp_path / "data")
    house = House.on(tmp_path, catalogue, decoder, worker(diary, batch_size=2))
    before = [names for line in entries(diary) if (names := pictures_in(line))]
    finished, hanging = before[:-1], before[-1]
    captioned = catalogue.captions.by_captioner()["scripted"]
    assert captioned == sum(map(len, finished)) > 0
    house.run()
    assert len(ids_by_age(house)) == 9
    for key in ids_by_age(house):
        assert len(house.library.history(key)) == 1
    after = [names for line in entries(diary) if (names := pictures_in(line))]
    again = {name for names in after[len(before) :] for name in names}
    everything = {f"{n}.png" for n in range(9) if n != 4} | {"once-hang-4.png"}
    assert again == everything - {name for names in finished for name in names}
    assert set(hanging) <= again
    house.close()


def pictures_in(line: str) -> list[str]:
    """The names of a batch in the diary; none for its other lines."""
    names = [name for name in line.split(",") if name.endswith(".png")]
    return [] if line.startswith("did ") else names


def run_until_killed(folder: Path) -> None:
    """The program that is killed: eight pictures, the fifth newest hangs once."""
    with Decoder(workers=1) as decoder:
        house = House(folder, decoder, worker(folder / "diary", batch_size=2))
        for path in house.pictures.iterdir():
            path.unlink()
        for number in range(9):
            name = f"{number}.png" if number != 4 else "once-hang-4.png"
            house.draw(name, 40 + number)
            os.utime(house.pictures / name, (0, 1_700_000_000 - number))
        house.run()


def test_to_stop_does_not_wait_for_a_model_that_hangs(
    tmp_path: Path, decoder: Decoder
) -> None:
    diary = tmp_path / "diary"
    house = House(tmp_path, decoder, worker(diary, batch_size=1, picture_s=3600.0))
    house.draw("hang-on.png", 90)
    os.utime(house.pictures / "hang-on.png", (0, 4_000_000_000))
    house.indexer.start()
    wait_until(lambda: any("hang-on" in line for line in entries(diary)))
    house.indexer.stop(patience_s=0.1)
    thread = house.indexer._thread
    assert thread is not None
    assert not thread.is_alive()
    assert house.indexer.progress().notice is None  # and nobody calls it a fault
    house.close()


# -- pictures on their way --------------------------------------------------------


def test_pictures_are_no_larger_than_the_model_has_a_use_for(
    tmp_path: Path, decoder: Decoder
) -> None:
    house = House(tmp_path, decoder, max_pixels=1100)
    house.run()
    assert len(house.fake.sizes) == 5
    assert set(house.fake.sizes) == {(32, 32)}
    house.close()


@pytest.mark.parametrize(
    ("size", "within", "expected"),
    [
        ((100, 50), 5000, (100, 50)),
        ((1600, 1200), 307_200, (640, 480)),
        ((1200, 1600), 262_144, (416, 576)),
        ((20_000, 40), 100_000, (7040, 32)),
        ((3, 9000), 100, (32, 544)),
    ],
)
def test_fitting_keeps_the_shape_but_for_whole_tokens(
    size: tuple[int, int], within: int, expected: tuple[int, int]
) -> None:
    assert fitted(Image.new("RGB", size), within).size == expected


def test_a_picture_that_is_gone_is_a_named_failure_and_no_stop(house: House) -> None:
    read_only(house)
    victim = ids_by_age(house)[1]
    photo = house.library.photo(victim)
    assert photo is not None
    for kept in (house.catalogue.folder / "thumbnails").rglob("*"):
        if kept.is_file():
            kept.unlink()
    photo.path.write_bytes(b"no picture any more")
    house.indexer.run_once()
    assert len(house.captions()) == 4
    (failure,) = house.indexer.failures()
    assert failure.reason == "Its original cannot be read."
