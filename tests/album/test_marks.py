"""Favourites and rejections: what a person said of photos outlives what files do."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from album import migrations
from album.catalogue import FILE_NAME, Catalogue
from album.catalogue_files import Fingerprint
from album.decoder import Decoder
from album.errors import AlbumError, CatalogueError
from album.photo import Author, Reading, WrittenCaption
from tests.album.house import House


@pytest.fixture
def catalogue(tmp_path: Path) -> Iterator[Catalogue]:
    with Catalogue(tmp_path / "data") as opened:
        yield opened


def add(catalogue: Catalogue, name: str) -> int:
    root = catalogue.roots.add(Path("/pictures"))
    catalogue.files.add(root.id, [(name.encode(), Fingerprint(1, 2, 3, 4))], 10**18)
    file_id = catalogue.files.id_at(root.id, name.encode())
    assert file_id is not None
    reading = Reading("JPEG", 4, 3)
    photo_id = catalogue.photos.add(file_id, name, 1, reading, datetime(2020, 1, 1))
    written = [(photo_id, WrittenCaption(f"a picture called {name}"))]
    catalogue.captions.add_many(Author("qwen", "", 1), written)
    return photo_id


def since(catalogue: Catalogue, photo_id: int) -> datetime | None:
    photo = catalogue.photos.one(photo_id)
    assert photo is not None
    return photo.favourite_since


def embed(catalogue: Catalogue, photo_id: int, row: list[float]) -> None:
    photo = catalogue.photos.one(photo_id)
    assert photo is not None
    assert photo.caption is not None
    vector = np.array(row, dtype="<f4").tobytes()
    catalogue.vectors.put("e", [(photo.caption.id, vector, None)])


def test_a_favourite_keeps_the_time_it_became_one(catalogue: Catalogue) -> None:
    one, other = add(catalogue, "a.jpg"), add(catalogue, "b.jpg")
    before = datetime.now(UTC)
    assert catalogue.favourites.set(one, True)
    first = since(catalogue, one)
    assert first is not None
    assert before <= first <= datetime.now(UTC)
    assert catalogue.favourites.set(one, True)
    assert since(catalogue, one) == first
    assert since(catalogue, other) is None
    assert catalogue.favourites.set(one, False)
    assert since(catalogue, one) is None
    assert not catalogue.favourites.set(99, True)


def test_favourites_are_found_from_an_index_alone(catalogue: Catalogue) -> None:
    """No row of the photos is read for them, however many photos there are."""
    connection = sqlite3.connect(catalogue.folder / FILE_NAME)
    [plan] = connection.execute(
        "EXPLAIN QUERY PLAN SELECT group_concat(id) FROM photos WHERE missing = 0 "
        "AND favourite_since IS NOT NULL"
    ).fetchall()
    connection.close()
    assert "USING COVERING INDEX photos_by_favourite" in plan[-1]


def test_a_favourite_survives_move_absence_and_restart(
    tmp_path: Path, decoder: Decoder
) -> None:
    house = House(tmp_path, decoder)
    house.run()
    key = int(house.library.timeline().ids[0])
    photo = house.library.set_favourite(key, True)
    marked = photo.favourite_since
    assert marked is not None
    path, pictures = photo.path, house.pictures
    (pictures / "deeper").mkdir()
    path.rename(pictures / "deeper" / "renamed.png")
    house.run()
    moved = house.library.photo(key)
    assert moved is not None
    assert (moved.name, moved.favourite_since) == ("renamed.png", marked)
    away = tmp_path / "away.png"
    moved.path.rename(away)
    house.run()
    gone = house.library.photo(key)
    assert gone is not None
    assert (gone.missing, gone.favourite_since) == (True, marked)
    assert house.catalogue.filters.photo_ids(favourite=True).tolist() == []
    house.close()
    house = House.on(tmp_path, Catalogue(tmp_path / "data"), decoder)
    away.rename(pictures / "back.png")
    house.run()
    back = house.library.photo(key)
    assert back is not None
    assert (back.missing, back.favourite_since) == (False, marked)
    assert house.catalogue.filters.photo_ids(favourite=True).tolist() == [key]
    with pytest.raises(AlbumError, match="no such photo"):
        house.library.set_favourite(999, True)
    house.close()


def test_rejections_are_kept_by_query(catalogue: Catalogue) -> None:
    keys = [add(catalogue, f"{n}.jpg") for n in range(3)]
    rejections = catalogue.rejections
    rejections.add("a dog", "A dog", keys[0])
    rejections.add("a cat", "a cat", keys[1])
    rejections.add("a dog", "a Dog", keys[2])
    rejections.add("a dog", "A DOG", keys[2])  # again: the same row, said later
    assert rejections.photo_ids("a dog") == {keys[0], keys[2]}
    assert rejections.photo_ids("dog") == frozenset()
    dog, cat = rejections.all()
    assert (dog.query, dog.photo_ids) == ("A DOG", (keys[2], keys[0]))
    assert (cat.query, cat.photo_ids) == ("a cat", (keys[1],))
    assert cat.latest < dog.latest <= datetime.now(UTC)
    assert rejections.remove("a dog", keys[0])
    assert not rejections.remove("a dog", keys[0])
    assert rejections.clear("a dog") == 1
    assert [one.query for one in rejections.all()] == ["a cat"]
    assert rejections.clear() == 1
    assert rejections.all() == []
    with pytest.raises(CatalogueError):
        rejections.add("a dog", "a dog", 99)


def test_vectors_of_what_was_rejected(catalogue: Catalogue) -> None:
    keys = [add(catalogue, f"{n}.jpg") for n in range(3)]
    for key in keys:
        catalogue.rejections.add("dog", "dog", key)
    assert catalogue.rejections.vectors("dog", "e").shape == (0, 0)
    embed(catalogue, keys[0], [1, 0])
    embed(catalogue, keys[2], [0, 1])
    found = catalogue.rejections.vectors("dog", "e")
    assert found.dtype == np.float32
    assert found.tolist() == [[1, 0], [0, 1]]
    assert catalogue.rejections.vectors("cat", "e").shape == (0, 0)
    catalogue.captions.add_of_person(keys[2], "another text, not embedded yet", None)
    assert catalogue.rejections.vectors("dog", "e").tolist() == [[1, 0]]


def test_the_step_from_the_older_shape_keeps_everything(tmp_path: Path) -> None:
    """A catalogue of the version before, with a photo and its caption in it."""
    path = tmp_path / FILE_NAME
    step = migrations.MIGRATIONS.index(migrations.favourites_and_rejections)
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    for number, earlier in enumerate(migrations.MIGRATIONS[:step], start=1):
        earlier(connection)
        connection.execute(f"PRAGMA user_version = {number}")
    connection.execute("INSERT INTO roots VALUES (1, x'2f70', 'folder', 'then', NULL)")
    connection.execute(
        "INSERT INTO photos(content_hash, size_bytes, format, width, height, "
        "orientation, sort_at, added_at, keywords, colour, colours, brightness) VALUES "
        "('h', 1, 'PNG', 4, 3, 1, '2024-05-06T07:00:00', '2024-05-06T07:00:00+00:00', "
        "'[]', 1, '[]', 0.5)"
    )
    connection.execute(
        "INSERT INTO captions(photo_id, text, tags, read_text, captioner, model, "
        "prompt_version, written_at) VALUES (1, 'a dog', '[]', '', 'qwen', '', 1, "
        "'2024-05-06T07:00:00+00:00')"
    )
    connection.execute("UPDATE photos SET caption_id = 1")
    before = [*connection.execute("SELECT * FROM photos, captions")]
    connection.close()
    with Catalogue(tmp_path) as catalogue:
        photo = catalogue.photos.one(1)
        assert photo is not None
        assert photo.caption is not None
        assert (photo.caption.text, photo.favourite_since) == ("a dog", None)
        assert catalogue.favourites.set(1, True)
        catalogue.rejections.add("cat", "cat", 1)
    connection = sqlite3.connect(path)
    connection.execute("UPDATE photos SET favourite_since = NULL")
    columns = [row[1] for row in connection.execute("PRAGMA table_info(photos)")]
    columns.remove("favourite_since")
    columns.remove("removed_at")
    listed = ", ".join(f"photos.{name}" for name in columns)
    assert [
        *connection.execute(f"SELECT {listed}, captions.* FROM photos, captions")
    ] == before
    connection.close()
