"""The catalogue on a real SQLite file: what is said is there, and stays there."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sqlite3
import threading
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest

from album.catalogue import FILE_NAME, Catalogue
from album.catalogue_files import Fingerprint
from album.errors import (
    CatalogueBusy,
    CatalogueError,
    CatalogueMissing,
    CatalogueTooNew,
)
from album.migrations import MIGRATIONS
from album.photo import PERSON, Author, Reading, WrittenCaption

READING = Reading(format="JPEG", width=4, height=3)
MODEL = Author("basic", "facts", 1)


@pytest.fixture
def catalogue(tmp_path: Path) -> Catalogue:
    with Catalogue(tmp_path / "data") as opened:
        yield opened


def add_photo(catalogue: Catalogue, name: bytes, content: str) -> int:
    """A photo with a file of this name below the root `/pictures`."""
    root = catalogue.roots.add(Path("/pictures"))
    catalogue.files.add(root.id, [(name, Fingerprint(1, 2, 3, 4))], 10**18)
    file_id = catalogue.files.id_at(root.id, name)
    assert file_id is not None
    known = catalogue.photos.id_of(content)
    if known is not None:
        catalogue.photos.link(file_id, known)
        return known
    return catalogue.photos.add(file_id, content, 1, READING, datetime(2024, 5, 6, 7))


def file_id_of(catalogue: Catalogue, name: bytes) -> int:
    found = catalogue.files.id_at(catalogue.roots.all()[0].id, name)
    assert found is not None
    return found


def caption(catalogue: Catalogue, photo_id: int, text: str, captioner: str) -> None:
    catalogue.captions.add_many(
        Author(captioner, f"model of {captioner}", 1),
        [(photo_id, WrittenCaption(text))],
    )


def shown(catalogue: Catalogue, photo_id: int) -> str | None:
    photo = catalogue.photos.one(photo_id)
    assert photo is not None
    return photo.caption.text if photo.caption else None


def vector(number: float) -> bytes:
    return np.full(384, number, dtype="<f4").tobytes()


def embed_all(catalogue: Catalogue, number: float) -> None:
    pending = catalogue.vectors.pending("e", 100)
    catalogue.vectors.put("e", [(p.caption_id, vector(number), None) for p in pending])


def test_what_was_written_is_there_after_reopening(tmp_path: Path) -> None:
    with Catalogue(tmp_path) as catalogue:
        photo_id = add_photo(catalogue, b"a\xff\n.jpg", "hash")
        caption(catalogue, photo_id, "a dog", "basic")
        identity = catalogue.id
    with Catalogue(tmp_path) as catalogue:
        photo = catalogue.photos.one(photo_id)
        assert photo is not None
        assert photo.caption is not None
        assert photo.caption.text == "a dog"
        assert os.fsencode(photo.path) == b"/pictures/a\xff\n.jpg"
        assert photo.name == "a\\xff\n.jpg"
        assert photo.sort_at == datetime(2024, 5, 6, 7)
        assert catalogue.id == identity


def test_full_synchronisation_and_wal(catalogue: Catalogue, tmp_path: Path) -> None:
    writer = catalogue._store._writer
    assert writer is not None
    assert writer.execute("PRAGMA synchronous").fetchone()[0] == 2  # FULL
    assert writer.execute("PRAGMA journal_mode").fetchone()[0] == "wal"


def test_a_newer_catalogue_is_refused_and_left_alone(tmp_path: Path) -> None:
    Catalogue(tmp_path).close()
    with sqlite3.connect(tmp_path / FILE_NAME) as connection:
        connection.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    connection.close()
    before = (tmp_path / FILE_NAME).read_bytes()
    for writable in (True, False):
        with pytest.raises(CatalogueTooNew, match="newer version"):
            Catalogue(tmp_path, writable=writable)
    assert (tmp_path / FILE_NAME).read_bytes() == before


def test_a_file_that_is_no_catalogue_is_named(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_bytes(b"this is not a database" * 100)
    with pytest.raises(CatalogueError, match=FILE_NAME):
        Catalogue(tmp_path)


def test_a_reader_needs_a_catalogue_and_cannot_write(tmp_path: Path) -> None:
    with pytest.raises(CatalogueMissing):
        Catalogue(tmp_path, writable=False)
    with Catalogue(tmp_path) as writer, Catalogue(tmp_path, writable=False) as reader:
        photo_id = add_photo(writer, b"a.jpg", "hash")
        assert reader.photos.one(photo_id) is not None
        with pytest.raises(CatalogueError, match="reading only"):
            reader.roots.add(Path("/x"))
    with Catalogue(tmp_path, writable=False) as alone:
        assert alone.photos.counts()["photos"] == 1


def _hold(folder: Path, ready: object, done: object) -> None:
    with Catalogue(folder):
        ready.set()  # type: ignore[attr-defined]
        done.wait(30)  # type: ignore[attr-defined]


def test_one_process_per_data_folder_and_kill_frees_it(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    ready, done = context.Event(), context.Event()
    other = context.Process(target=_hold, args=(tmp_path, ready, done))
    other.start()
    assert ready.wait(30)
    with pytest.raises(CatalogueBusy, match=f"process {other.pid}"):
        Catalogue(tmp_path)
    assert other.pid is not None
    os.kill(other.pid, signal.SIGKILL)
    other.join(30)
    Catalogue(tmp_path).close()


def test_a_person_wins_over_models_and_a_model_over_basic(catalogue: Catalogue) -> None:
    photo_id = add_photo(catalogue, b"a.jpg", "hash")
    assert shown(catalogue, photo_id) is None
    caption(catalogue, photo_id, "by a person", PERSON)
    caption(catalogue, photo_id, "by qwen", "qwen")
    caption(catalogue, photo_id, "by basic", "basic")
    assert shown(catalogue, photo_id) == "by a person"
    assert catalogue.captions.withdraw_newest_of_person(photo_id)
    assert shown(catalogue, photo_id) == "by qwen"
    assert not catalogue.captions.withdraw_newest_of_person(photo_id)
    history = catalogue.captions.history(photo_id)
    assert [c.captioner for c in history] == ["basic", "qwen"]
    assert catalogue.captions.by_captioner() == {"qwen": 1}


def test_what_a_captioner_still_has_to_do(catalogue: Catalogue) -> None:
    first, second, third = (
        add_photo(catalogue, name, name.decode()) for name in (b"1", b"2", b"3")
    )
    assert set(catalogue.queue.wanted(MODEL, 10)) == {first, second, third}
    catalogue.captions.add_many(MODEL, [(first, WrittenCaption("done"))])
    caption(catalogue, second, "a person's", PERSON)
    assert catalogue.queue.wanted(MODEL, 10) == [third]
    for attempt in (1, 2):
        assert catalogue.queue.count_wanted(MODEL) == 1, attempt
        catalogue.queue.record_failure(third, MODEL, "it hung")
    assert catalogue.queue.count_wanted(MODEL) == 0
    assert catalogue.queue.count_failed() == 1
    assert catalogue.queue.retry_failures() == 1
    assert catalogue.queue.wanted(MODEL, 10) == [third]
    assert first in catalogue.queue.wanted(Author("basic", "facts", 2), 10)


def test_the_same_content_twice_is_one_photo_with_two_files(
    catalogue: Catalogue,
) -> None:
    photo_id = add_photo(catalogue, b"a.jpg", "hash")
    assert add_photo(catalogue, b"copy.jpg", "hash") == photo_id
    catalogue.files.set_missing([file_id_of(catalogue, b"a.jpg")], True)
    photo = catalogue.photos.one(photo_id)
    assert photo is not None
    assert not photo.missing
    assert photo.name == "copy.jpg"


def test_a_missing_photo_leaves_the_index_and_comes_back(catalogue: Catalogue) -> None:
    photo_id = add_photo(catalogue, b"a.jpg", "hash")
    caption(catalogue, photo_id, "a dog", "basic")
    embed_all(catalogue, 0.5)
    seq = catalogue.vectors.last_change()
    file_id = file_id_of(catalogue, b"a.jpg")
    catalogue.files.set_missing([file_id], True)
    gone = catalogue.vectors.changed_since(seq, "e")
    assert gone.removed.tolist() == [photo_id]
    assert gone.ids.size == 0
    assert catalogue.vectors.count("e") == 0
    catalogue.files.set_missing([file_id], False)
    back = catalogue.vectors.changed_since(gone.seq, "e")
    assert back.ids.tolist() == [photo_id]
    assert np.all(back.vectors == np.float32(0.5))
    assert catalogue.vectors.pending_count("e") == 0  # nothing is embedded again


def test_an_undone_caption_brings_its_vector_back(catalogue: Catalogue) -> None:
    photo_id = add_photo(catalogue, b"a.jpg", "hash")
    caption(catalogue, photo_id, "a dog", "basic")
    embed_all(catalogue, 0.25)
    caption(catalogue, photo_id, "our dog Rex", PERSON)
    # Until the new text is embedded, the old vector keeps the photo in the index.
    assert catalogue.vectors.count("e") == 1
    embed_all(catalogue, 0.75)
    seq = catalogue.vectors.last_change()
    catalogue.captions.withdraw_newest_of_person(photo_id)
    changes = catalogue.vectors.changed_since(seq, "e")
    assert changes.ids.tolist() == [photo_id]
    assert np.all(changes.vectors == np.float32(0.25))


def test_a_text_taken_back_does_not_stand_for_the_photo(catalogue: Catalogue) -> None:
    photo_id = add_photo(catalogue, b"a.jpg", "hash")
    caption(catalogue, photo_id, "a dog", "qwen")
    embed_all(catalogue, 0.25)
    caption(catalogue, photo_id, "nonsense", PERSON)
    embed_all(catalogue, 0.75)
    catalogue.captions.withdraw_newest_of_person(photo_id)
    caption(catalogue, photo_id, "our dog Rex", PERSON)  # not embedded yet
    [(ids, vectors)] = catalogue.vectors.all("e")
    assert ids.tolist() == [photo_id]
    assert np.all(vectors == np.float32(0.25))


def test_a_failed_file_is_given_up_after_two_tries(catalogue: Catalogue) -> None:
    root = catalogue.roots.add(Path("/pictures"))
    catalogue.files.add(root.id, [(b"bad.jpg", Fingerprint(1, 2, 3, 4))], 0)
    [file] = catalogue.files.to_read(10)
    assert not catalogue.failures.record(file.id, "cut off")
    assert [f.id for f in catalogue.files.to_read(10)] == [file.id]
    assert catalogue.failures.record(file.id, "cut off")
    assert catalogue.files.to_read(10) == []
    [failure] = catalogue.failures.all()
    assert (failure.folder, failure.name) == ("pictures", "bad.jpg")
    assert (failure.reason, failure.attempts) == ("cut off", 2)
    assert catalogue.failures.retry_all() == 1
    assert catalogue.files.count_to_read() == 1


def test_an_error_in_a_transaction_undoes_all_of_it(catalogue: Catalogue) -> None:
    photo_id = add_photo(catalogue, b"a.jpg", "hash")
    with pytest.raises(CatalogueError):
        catalogue.captions.add_many(
            MODEL, [(photo_id, WrittenCaption("good")), (999, WrittenCaption("bad"))]
        )
    assert catalogue.captions.history(photo_id) == []


def test_many_threads_write_and_read(catalogue: Catalogue) -> None:
    photo_ids = [add_photo(catalogue, str(n).encode(), str(n)) for n in range(4)]
    errors: list[BaseException] = []

    def work(number: int) -> None:
        try:
            for turn in range(20):
                caption(catalogue, photo_ids[number % 4], f"{number}-{turn}", "qwen")
                catalogue.photos.many(photo_ids)
        except BaseException as error:  # noqa: BLE001 - reported below
            errors.append(error)

    threads = [threading.Thread(target=work, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert sum(len(catalogue.captions.history(key)) for key in photo_ids) == 160


def test_a_failed_migration_leaves_the_old_shape(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Catalogue(tmp_path) as catalogue:
        add_photo(catalogue, b"a.jpg", "hash")

    def broken(connection: sqlite3.Connection) -> None:
        connection.execute("CREATE TABLE half(x)")
        connection.execute("this is no SQL")

    monkeypatch.setattr("album.migrations.MIGRATIONS", (*MIGRATIONS, broken))
    with pytest.raises(CatalogueError):
        Catalogue(tmp_path)
    monkeypatch.undo()
    with Catalogue(tmp_path) as catalogue:
        assert catalogue.photos.counts()["photos"] == 1
        reader = catalogue._store.reader()
        tables = {r[0] for r in reader.execute("SELECT name FROM sqlite_master")}
        assert "half" not in tables


def test_a_read_that_fails_raises_our_error(catalogue: Catalogue) -> None:
    with pytest.raises(CatalogueError, match="cannot be read"):
        catalogue._store.reader().execute("SELECT nonsense")


def test_readers_of_ended_threads_are_closed(catalogue: Catalogue) -> None:
    for _ in range(30):
        thread = threading.Thread(target=catalogue.photos.counts)
        thread.start()
        thread.join()
    assert len(catalogue._store._readers) <= 3


def test_nothing_is_wanted_of_a_disk_that_is_away(catalogue: Catalogue) -> None:
    photo_id = add_photo(catalogue, b"a.jpg", "hash")
    assert catalogue.queue.wanted(MODEL, 9) == [photo_id]
    catalogue.roots.set_offline(catalogue.roots.all()[0].id, True)
    assert catalogue.queue.wanted(MODEL, 9) == []
    assert catalogue.queue.count_wanted(MODEL) == 0


def test_deleting_a_file_row_does_not_look_through_all_photos(
    catalogue: Catalogue,
) -> None:
    """SQLite has no EXPLAIN for what a foreign key does, so the index itself is asked
    for the same question."""
    plan = (
        catalogue._store.reader()
        .execute("EXPLAIN QUERY PLAN SELECT 1 FROM photos WHERE file_id = 1")
        .fetchall()
    )
    assert "photos_by_file" in plan[0][3]
