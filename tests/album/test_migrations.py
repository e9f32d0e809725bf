"""An album written by an older version is whole after the step to this one."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import numpy as np
import pytest

from album import migrations
from album.catalogue import FILE_NAME, Catalogue
from album.errors import CatalogueError
from album.photo import PERSON, Author, WrittenCaption

PHOTOS = 2500  # more than two batches of the filling
UPLOAD = 3
DERIVED = {"folder", "kind", "vector_caption_id", "favourite_since", "removed_at"}


def vector(number: int) -> bytes:
    row = np.zeros(8, dtype="<f4")
    row[number % 8] = 1
    return row.tobytes()


@pytest.fixture(scope="module")
def old(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A catalogue of version 2: captioned, embedded, with a withdrawn text, one that
    waits for its vector, an upload, a missing photo and one without any caption."""
    path = tmp_path_factory.mktemp("old") / FILE_NAME
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA foreign_keys = ON")
    for number, step in enumerate(migrations.MIGRATIONS[:2], start=1):
        step(connection)
        connection.execute(f"PRAGMA user_version = {number}")
    connection.execute("BEGIN")
    connection.execute(
        "INSERT INTO roots VALUES (1, ?, 'folder', 'then', NULL)", (b"/p",)
    )
    for key in range(1, PHOTOS + 1):
        add_photo(connection, key)
    connection.execute("UPDATE photos SET missing = 1 WHERE id = 4")
    # The person's text (id 9001) has no vector yet; 9002 was taken back.
    for key, photo, gone in ((9001, 5, None), (9002, 6, "later")):
        connection.execute(
            "INSERT INTO captions(id, photo_id, text, tags, read_text, captioner, "
            "model, prompt_version, written_at, withdrawn_at) VALUES "
            "(?, ?, 'our dog Rex', '[]', '', 'person', '', 0, 'now', ?)",
            (key, photo, gone),
        )
    connection.execute("UPDATE photos SET caption_id = 9001 WHERE id = 5")
    connection.execute("INSERT INTO vectors VALUES (9002, 'e', ?)", (vector(0),))
    connection.execute("COMMIT")
    connection.close()
    return path


def add_photo(connection: sqlite3.Connection, key: int) -> None:
    connection.execute(
        "INSERT INTO files(id, root_id, path, given_name, size, mtime_ns, ctime_ns, "
        "inode, checked_ns, state) VALUES (?, 1, ?, ?, 1, 2, 3, 4, 5, 'read')",
        (
            key,
            f"Été/Screenshot_{key}.png".encode()
            if key % 2
            else b"\xff/IMG_%d.JPG" % key,
            "BeachDay.jpg" if key == UPLOAD else None,
        ),
    )
    connection.execute(
        "INSERT INTO photos(id, content_hash, file_id, size_bytes, format, width, "
        "height, orientation, sort_at, added_at, place, keywords, colour, colours, "
        "brightness) VALUES (?, ?, ?, 1, 'PNG', 4, 3, 1, '2024-05-06T07:00:00', "
        "'2024-05-06T07:00:00+00:00', 'Évora, Portugal', '[\"family\"]', 1, '[]', 0.5)",
        (key, f"hash {key}", key),
    )
    connection.execute("UPDATE files SET photo_id = ?1 WHERE id = ?1", (key,))
    if key == 1:
        return
    connection.execute(
        "INSERT INTO captions(id, photo_id, text, tags, read_text, captioner, model, "
        "prompt_version, written_at) VALUES (?1, ?1, ?2, ?3, 'EXIT', 'qwen', 'm', 1, "
        "'2024-05-06T07:00:00+00:00')",
        (key, f"A café, number{key}.", json.dumps(["two words"])),
    )
    connection.execute("INSERT INTO vectors VALUES (?, 'e', ?)", (key, vector(key)))
    connection.execute(
        "UPDATE photos SET caption_id = ?1, vector_caption_id = ?1 WHERE id = ?1",
        (key,),
    )
    connection.execute("INSERT INTO index_changes(photo_id) VALUES (?)", (key,))


@pytest.fixture
def folder(old: Path, tmp_path: Path) -> Path:
    with sqlite3.connect(old) as source, sqlite3.connect(tmp_path / FILE_NAME) as copy:
        source.backup(copy)
    return tmp_path


def everything(path: Path) -> dict[str, list[dict[str, object]]]:
    """Every row of every table that the older version had, without derived columns."""
    connection = sqlite3.connect(path)
    connection.row_factory = sqlite3.Row
    names = (
        *("facts", "roots", "photos", "files", "captions", "vectors"),
        *("caption_failures", "vector_failures"),
    )
    tables = {
        name: [
            {k: row[k] for k in row.keys() if k not in DERIVED}  # noqa: SIM118 - a Row
            for row in connection.execute(f"SELECT * FROM {name} ORDER BY 1")
        ]
        for name in names
    }
    connection.close()
    return tables


def test_nothing_is_lost_and_the_file_is_sound(folder: Path) -> None:
    before = everything(folder / FILE_NAME)
    Catalogue(folder).close()
    assert everything(folder / FILE_NAME) == before
    assert len(before["photos"]) == PHOTOS
    connection = sqlite3.connect(folder / FILE_NAME)
    for check in ("integrity_check", "foreign_key_check"):
        assert connection.execute(f"PRAGMA {check}").fetchall() in ([], [("ok",)])
    connection.execute(
        "INSERT INTO photo_words(photo_words, rank) VALUES ('integrity-check', 1)"
    )
    connection.close()


def test_every_photo_can_be_found_by_its_words(folder: Path) -> None:
    with Catalogue(folder) as catalogue:
        words = catalogue.words
        assert len(words.find("cafe", PHOTOS)) == PHOTOS - 3  # missing, bare, renamed
        assert words.phrase("number2500") == {2500}
        assert words.phrase("beach day") == {UPLOAD}
        assert words.phrase("our dog rex") == {5}
        assert len(words.phrase("two words")) == PHOTOS - 3
        assert 1 in words.phrase("ete")  # no caption, but a folder
        assert len(words.phrase("evora portugal")) == PHOTOS - 1
        assert not words.phrase("number4")


def test_folders_and_kinds_are_filled(folder: Path) -> None:
    with Catalogue(folder) as catalogue:
        screenshots = catalogue.filters.photo_ids(kinds=["screenshot"]).tolist()
        assert screenshots == [n for n in range(1, PHOTOS + 1, 2) if n != UPLOAD]
        assert catalogue.filters.photo_ids(folders=["uploads"]).tolist() == [UPLOAD]
        assert catalogue.filters.vocabulary().folders == {
            *("p", "Été", "p/Été", "\\xff", "p/\\xff", "Uploads")
        }


def test_the_index_is_what_it_was(folder: Path) -> None:
    with Catalogue(folder) as catalogue:
        held = {
            int(key): row.tobytes()
            for ids, rows in catalogue.vectors.all("e")
            for key, row in zip(ids, rows, strict=True)
        }
        # 5 shows a new text and keeps its old vector; 6 does not use what was undone.
        expected = {n: vector(n) for n in range(2, PHOTOS + 1) if n != 4}
        assert held == expected
        assert catalogue.vectors.count("e") == len(expected)
        [waiting] = catalogue.vectors.pending("e", 10)
        assert (waiting.caption_id, waiting.has_vector) == (9001, False)
        # An index file looks again at what may be held by another rule now.
        assert catalogue.vectors.changed_since(PHOTOS - 1, "e").ids.tolist() == [5]
        # Every vector lacks its parts, and nothing else is to be done.
        assert catalogue.vectors.pending_count("e", parts=True) == len(expected)


def test_the_album_goes_on(folder: Path) -> None:
    with Catalogue(folder) as catalogue:
        catalogue.captions.add_many(Author(PERSON), [(1, WrittenCaption("a zebra"))])
        assert catalogue.words.phrase("a zebra") == {1}
        [first, *_] = catalogue.vectors.pending("e", 10)
        catalogue.vectors.put("e", [(first.caption_id, vector(1), b"parts")])
        assert catalogue.vectors.parts_of([1, 2], "e") == {
            1: (first.caption_id, b"parts")
        }


def test_a_step_that_breaks_off_leaves_the_old_version(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = everything(folder / FILE_NAME)

    def broken(connection: sqlite3.Connection) -> None:
        migrations.m003_words_kinds_and_parts(connection)
        connection.execute("this is no SQL")

    steps = (*migrations.MIGRATIONS[:2], broken)
    monkeypatch.setattr("album.migrations.MIGRATIONS", steps)
    with pytest.raises(CatalogueError):
        Catalogue(folder)
    connection = sqlite3.connect(folder / FILE_NAME)
    tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_master")}
    assert migrations.version_of(connection) == 2
    connection.close()
    assert not {"photo_words", "vector_parts", "photos_by_kind"} & tables
    assert everything(folder / FILE_NAME) == before


def test_albums_and_removals_come_to_an_older_album(folder: Path) -> None:
    with Catalogue(folder) as catalogue:
        trip = catalogue.albums.create("Évora trip")
        assert catalogue.albums.add(trip, [1, 2, 4, 9999]) == [1, 2, 4]
        album = catalogue.albums.one(trip)
        assert album is not None
        assert (album.photos, album.query) == (2, None)  # 4 is missing
        assert catalogue.removals.remove([2]) == [2]
        assert catalogue.filters.photo_ids(albums=["evora TRIP"]).tolist() == [1]
