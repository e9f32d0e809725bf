"""An album outgrows its index, and the search goes on."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from album.catalogue import Catalogue
from album.errors import CatalogueError
from index.ivf_index import IvfIndex
from index.sync import Sync
from index.vectors import Ids, VectorIndex, Vectors
from tests.index.conftest import Captions, WordEmbedder, everything

FLAT_MOST = 20


def add(captions: Captions, count: int) -> list[int]:
    first = captions.catalogue.photos.counts()["photos"]
    return [
        captions.photo(f"number {number} of them, a {number % 7} and {number % 11}")
        for number in range(first, first + count)
    ]


def opened(captions: Captions, path: Path) -> Sync:
    """As after a restart; the embedder must not be asked anything."""
    embedder = WordEmbedder()
    sync = Sync(captions.catalogue, embedder, path, flat_most=FLAT_MOST)
    sync.open()
    assert embedder.embedded == 0
    return sync


def from_scratch(captions: Captions, path: Path) -> list[tuple[int, float]]:
    """What an exact index of this catalogue says."""
    sync = Sync(captions.catalogue, WordEmbedder(), path.with_name("another"))
    sync.open()
    assert sync.index.kind == "flat"
    return everything(sync)


def same(found: list[tuple[int, float]], expected: list[tuple[int, float]]) -> bool:
    """Alike but for the last bit of the cosines, which ties may be broken by."""
    return dict(found) == pytest.approx(dict(expected), abs=1e-6)


@pytest.fixture
def grown(captions: Captions, path: Path) -> Sync:
    """An album that has just passed the size for comparing every vector."""
    add(captions, FLAT_MOST)
    sync = Sync(captions.catalogue, WordEmbedder(), path, flat_most=FLAT_MOST)
    sync.step()
    assert sync.index.kind == "flat"
    return sync


def test_it_changes_to_lists_by_itself_and_back(
    captions: Captions, grown: Sync, path: Path
) -> None:
    ids = add(captions, 30)
    grown.step()
    grown._renewal.wait()
    assert (grown.index.kind, grown.size, grown.fresh()) == ("ivf", 50, True)
    assert same(everything(grown), from_scratch(captions, path))
    assert grown.save()
    again = opened(captions, path)
    assert again.index.kind == "ivf"
    assert everything(again) == everything(grown)
    for key in range(1, 1 + 41):
        captions.missing(key)
    again.refresh()
    again._renewal.wait()
    assert (again.index.kind, again.size) == ("flat", 9)
    assert {key for key, _ in everything(again)} == set(ids[-9:])
    again.close()


def test_four_times_the_photos_get_new_lists(captions: Captions, path: Path) -> None:
    add(captions, 21)
    sync = Sync(captions.catalogue, WordEmbedder(), path, flat_most=FLAT_MOST)
    sync.step()
    sync._renewal.wait()
    before = sync.index
    assert isinstance(before, IvfIndex)
    add(captions, 30)
    while sync.step():
        sync._renewal.wait()
    assert sync.index is before
    add(captions, 40)
    while sync.step():
        sync._renewal.wait()
    after = sync.index
    assert isinstance(after, IvfIndex)
    assert after.lists >= 2 * before.lists
    assert same(everything(sync), from_scratch(captions, path))


def test_a_lost_or_damaged_file_of_lists_is_built_again(
    captions: Captions, grown: Sync, path: Path
) -> None:
    add(captions, 5)
    grown.step()
    grown.close()
    path.unlink(missing_ok=True)
    again = opened(captions, path)
    assert again.index.kind == "ivf"
    assert again.save()
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 4
    path.write_bytes(content)
    assert everything(opened(captions, path)) == everything(again)


def between(sync: Sync, meanwhile: Callable[[], object]) -> None:
    """Have the next renewal find that `meanwhile` happened while it built."""
    build = sync._builder.build

    def slow(stop: threading.Event | None = None) -> tuple[VectorIndex, int]:
        built = build(stop)
        meanwhile()
        return built

    sync._builder.build = slow  # type: ignore[method-assign]


def test_changes_made_meanwhile_are_in_the_new_index(
    captions: Captions, grown: Sync, path: Path
) -> None:
    ids = add(captions, 10)

    def meanwhile() -> None:
        captions.missing(ids[0])
        captions.caption(ids[1], "an albatross over the sea")
        add(captions, 3)
        grown.step()
        assert (grown.index.kind, grown.size) == ("flat", 32)  # the old one follows

    between(grown, meanwhile)
    grown.step()
    grown._renewal.wait()
    assert (grown.index.kind, grown.size, grown.fresh()) == ("ivf", 32, True)
    expected = from_scratch(captions, path)
    assert same(everything(grown), expected)
    assert ids[0] not in dict(expected)


def test_nobody_waits_for_the_new_index(captions: Captions, grown: Sync) -> None:
    may_end, began = threading.Event(), threading.Event()

    def meanwhile() -> None:
        began.set()
        assert may_end.wait(30)

    between(grown, meanwhile)
    [key, *_] = add(captions, 5)
    grown.step()
    assert began.wait(30)
    assert len(everything(grown)) == 25
    captions.missing(key)
    assert grown.refresh()
    assert (grown.index.kind, len(everything(grown)), grown.save()) == (
        "flat",
        24,
        True,
    )
    may_end.set()
    grown._renewal.wait()
    assert (grown.index.kind, len(everything(grown))) == ("ivf", 24)


def test_searching_threads_see_no_gap(captions: Captions, grown: Sync) -> None:
    wrong: list[object] = []
    done = threading.Event()
    embedder = WordEmbedder()
    text = "number 5 of them, a 5 and 5"
    query = embedder.embed([text])[0]

    def searching() -> None:
        while not done.is_set():
            grown.refresh()
            ids, cosines = grown.index.nearest(query, 1)
            if ids.tolist() != [6] or abs(cosines[0] - 1) > 1e-5:
                wrong.append((ids, cosines))

    with ThreadPoolExecutor(8) as threads:
        searches = [threads.submit(searching) for _ in range(8)]
        add(captions, 20)
        while grown.step():
            pass
        grown._renewal.wait()
        for key in range(20, 30):
            captions.missing(key)
            grown.refresh()
        done.set()
    assert [search.exception() for search in searches] == [None] * 8
    assert wrong == []
    assert (grown.index.kind, grown.size) == ("ivf", 30)


def test_closing_gives_a_renewal_up(
    captions: Captions, grown: Sync, path: Path
) -> None:
    reading = threading.Event()
    exact = grown._builder.exact

    def slow(ids: Ids) -> tuple[Ids, Vectors]:
        reading.set()
        assert grown._renewal._stopping.wait(30)
        return exact(ids)

    grown._builder.exact = slow  # type: ignore[method-assign]
    add(captions, 5)
    grown.step()
    assert reading.wait(30)
    grown.close()
    assert (grown.index.kind, path.exists()) == ("flat", True)
    assert opened(captions, path).size == 25


def test_a_renewal_that_fails_costs_nothing(captions: Captions, grown: Sync) -> None:
    def fails() -> None:
        raise CatalogueError("the disk is gone")

    between(grown, fails)
    add(captions, 5)
    grown.step()
    grown._renewal.wait()
    assert (grown.index.kind, len(everything(grown))) == ("flat", 25)


def test_who_only_reads_takes_the_file_as_it_is(
    captions: Captions, grown: Sync, path: Path
) -> None:
    grown.save()
    [key, *_] = add(captions, 5)
    grown.step()
    grown._renewal.wait()
    with Catalogue(captions.folder, writable=False) as catalogue:
        older = Sync(
            catalogue, WordEmbedder(), path, read_only=True, flat_most=FLAT_MOST
        )
        older.open()
        assert (older.index.kind, older.size) == ("flat", 25)
        assert grown.save()
        newer = Sync(catalogue, WordEmbedder(), path, read_only=True)
        newer.open()
        assert newer.index.kind == "ivf"
        captions.missing(key)
        assert newer.refresh()
        assert older.refresh()
        assert same(everything(newer), everything(older))
        assert newer.size == 24


def test_the_true_vectors_are_those_of_the_catalogue(
    captions: Captions, grown: Sync
) -> None:
    table = captions.catalogue.vectors
    [(held, rows)] = list(table.all("words"))
    captions.missing(3)
    asked = np.array([5, 3, 999, 1])
    ids, vectors = table.vectors_of(asked, "words")
    assert sorted(ids.tolist()) == [1, 5]
    for key, vector in zip(ids, vectors, strict=True):
        assert (vector == rows[held.tolist().index(key)]).all()
    assert len(table.vectors_of(asked, "another")[0]) == 0
    many = np.arange(1, 20_000)
    assert len(table.vectors_of(many, "words")[0]) == FLAT_MOST - 1
