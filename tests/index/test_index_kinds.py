"""Both kinds of index against plain numpy, through any life an index can have."""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from index.faiss_index import selector
from index.flat_index import FlatIndex
from index.index_kinds import FLAT_MOST, is_outgrown, load
from index.ivf_index import MOST_LISTS, IvfIndex, lists_for, probed
from index.vectors import Ids, VectorIndex, Vectors
from tests.index.test_vectors import DIM, unit

Held = dict[int, NDArray[np.float32]]


def reader(held: Held) -> Callable[[Ids], tuple[Ids, Vectors]]:
    """The true vectors, as the catalogue has them."""

    def exact(ids: Ids) -> tuple[Ids, Vectors]:
        found = [key for key in ids.tolist() if key in held]
        rows = [held[key] for key in found] or [np.zeros((0, DIM), np.float32)]
        return np.array(found, dtype=np.int64), np.vstack(rows)

    return exact


def of_kind(kind: str, held: Held) -> VectorIndex:
    index: VectorIndex = FlatIndex(DIM)
    if kind == "ivf":
        index = IvfIndex.trained(unit(7, 4000), 4, reader(held))
    if held:
        index.put(np.array(list(held)), np.stack(list(held.values())))
    return index


def through_a_file(index: VectorIndex, held: Held) -> VectorIndex:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "i"
        index.save(path, seq=1, embedder="words", catalogue_id="c")
        return load(path, reader(held))[0]


def many(count: int, seed: int = 3) -> tuple[IvfIndex, NDArray[np.float32]]:
    """`count` vectors with the ids 0, 3, 6, …, in as many lists as suit them."""
    rows = unit(seed, count)
    ids = np.arange(count) * 3
    held = dict(zip(ids.tolist(), rows, strict=True))
    index = IvfIndex.trained(rows, lists_for(count), reader(held))
    index.put(ids, rows)
    return index, rows


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["put", "put", "remove", "switch", "file", "compact"]),
        st.lists(st.integers(0, 12), min_size=1, max_size=5, unique=True),
        st.integers(0, 10**6),
    ),
    max_size=12,
)


@settings(max_examples=80, deadline=None)
@given(
    st.sampled_from(["flat", "ivf"]),
    STEPS,
    st.lists(st.integers(0, 12), unique=True) | st.none(),
)
def test_every_id_keeps_its_own_vector(
    kind: str, steps: list[tuple[str, list[int], int]], allowed: list[int] | None
) -> None:
    held: Held = {}
    index = of_kind(kind, held)
    for what, ids, seed in steps:
        if what == "put":
            rows = unit(seed, len(ids))
            index.put(np.array(ids), rows)
            held.update(zip(ids, rows, strict=True))
        elif what == "remove":
            index.remove(np.array(ids))
            for key in ids:
                held.pop(key, None)
        elif what == "switch":
            index = of_kind("ivf" if index.kind == "flat" else "flat", held)
        elif what == "file":
            index = through_a_file(index, held)
        elif isinstance(index, IvfIndex):
            index.compact()
    query = unit(99)[0]
    scores = {
        key: float(row @ query)
        for key, row in held.items()
        if allowed is None or key in allowed
    }
    limit = None if allowed is None else np.array(allowed, dtype=np.int64)
    assert len(index) == len(held)
    ids_found, found = index.nearest(query, 50, limit)
    # 1e-6: two float32 sums of 8 products in another order differ by some 1e-8.
    assert dict(zip(ids_found.tolist(), found.tolist(), strict=True)) == pytest.approx(
        scores, abs=1e-6
    )
    assert found.tolist() == sorted(found.tolist(), reverse=True)
    if isinstance(index, IvfIndex):  # and by its own codes, without the true vectors
        index.exact = None
        for key, row in held.items():
            [same], [cosine] = index.nearest(row, 1, np.array([key]))
            # 8 bits over the range of 4,000 samples; what lies outside is cut off.
            assert (same, cosine) == (key, pytest.approx(1, abs=0.25))


def test_removed_ids_never_come_back() -> None:
    index, rows = many(2000)
    gone = np.arange(0, 2000, 2) * 3
    index.remove(gone)
    for row in rows[:200]:
        assert not np.isin(index.nearest(row, 20)[0], gone).any()
    index.put(gone[:10], rows[1000:1010])
    index.exact = None  # what is left are the codes
    ids, _ = index.nearest(rows[1001], 2, gone[:10])
    assert (ids[0], len(index)) == (gone[1], 1010)


@settings(max_examples=40, deadline=None)
@given(
    st.integers(0, 10**6),
    st.integers(1, 400),
    st.integers(1, 2500),
    st.booleans(),
)
def test_a_filter_never_shortens_an_answer(
    seed: int, k: int, count: int, exact: bool
) -> None:
    """Also when the photos that are allowed lie far from the query, in few lists."""
    index, rows = BIG
    rng = np.random.default_rng(seed)
    query = unit(seed)[0]
    far_first = np.argsort(rows @ query) * 3
    allowed = far_first[:count] if seed % 2 else rng.choice(far_first, count, False)
    allowed = np.sort(allowed)
    index.exact = reader(HELD) if exact else None
    ids, _ = index.nearest(query, k, allowed)
    assert len(ids) == len(set(ids.tolist())) == min(k, count)
    assert np.isin(ids, allowed).all()


BIG = many(3000)
HELD = dict(zip((np.arange(3000) * 3).tolist(), BIG[1], strict=True))


def test_the_nearest_are_found_and_their_cosines_are_true() -> None:
    index, rows = many(4000)
    found = 0
    for query in unit(11, 50):
        scores = rows @ query
        ids, cosines = index.nearest(query, 100)
        found += np.isin(ids // 3, np.argsort(-scores)[:100]).sum()
        assert cosines == pytest.approx(scores[ids // 3], abs=1e-6)
    assert found / 5000 >= 0.98


def test_a_full_temporary_folder_costs_only_memory(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Full(BytesIO):
        def write(self, _block: object) -> int:
            raise OSError(28, "No space left on device")

    index, rows = many(200)
    monkeypatch.setattr("index.ivf_index.tempfile.TemporaryFile", Full)
    index.compact()
    assert len(index) == 200
    assert index.nearest(rows[7], 1)[0] == [21]


def test_behind_the_first_hundred_the_codes_are_good_enough() -> None:
    index, rows = many(4000)
    read: list[int] = []
    exact = index.exact
    assert exact is not None

    def counting(ids: Ids) -> tuple[Ids, Vectors]:
        read.append(len(ids))
        return exact(ids)

    index.exact = counting
    scores = rows @ unit(12)[0]
    ids, cosines = index.nearest(unit(12)[0], 600)
    assert (len(ids), len(read)) == (600, 1)
    assert 100 <= read[0] < 200
    assert cosines[:100] == pytest.approx(scores[ids[:100] // 3], abs=1e-6)
    assert cosines == pytest.approx(scores[ids // 3], abs=0.02)
    assert cosines.tolist() == sorted(cosines.tolist(), reverse=True)


def test_what_is_gone_from_the_truth_is_not_answered() -> None:
    rows = unit(3, 50)
    held = dict(enumerate(rows))
    index = IvfIndex.trained(rows, 4, reader(held))
    index.put(np.arange(50), rows)
    del held[7]
    assert 7 not in index.nearest(rows[7], 5)[0]
    held.clear()
    assert len(index.nearest(rows[7], 5)[0]) == 0


@pytest.mark.parametrize("largest", [20, 1 << 40])
def test_few_and_huge_ids_are_selected_alike(largest: int) -> None:
    for index in (FlatIndex(DIM), IvfIndex.trained(unit(7, 80), 4)):
        ids = np.array([0, 3, 8, largest])
        index.put(ids, unit(5, 4))
        found, _ = index.nearest(unit(5, 4)[3], 2, np.array([3, largest, largest + 1]))
        assert sorted(found.tolist()) == [3, largest]
    assert selector(np.array([1, 9])).is_member(9)
    assert not selector(np.array([1, 9])).is_member(8)


def test_sizes_at_which_an_index_is_outgrown() -> None:
    class Sized(IvfIndex):
        def __init__(self, lists: int, count: int) -> None:
            self.counts = lists, count

        lists = property(lambda self: self.counts[0])  # type: ignore[assignment]

        def __len__(self) -> int:
            return self.counts[1]

    flat = FlatIndex(DIM)
    flat.put(np.arange(11), unit(1, 11))
    assert not is_outgrown(flat)
    assert (is_outgrown(flat, 11), is_outgrown(flat, 10)) == (False, True)
    lists = lists_for(30_000)
    counts = (30_000, 100_000, 130_000, FLAT_MOST - 1, FLAT_MOST // 2 - 1)
    assert [is_outgrown(Sized(lists, count)) for count in counts] == [
        False, False, True, False, True,
    ]  # fmt: skip
    assert not is_outgrown(Sized(MOST_LISTS, 10**8))


def test_the_narrower_the_search_the_more_lists_are_looked_into() -> None:
    shares = [0.0001, 0.001, 0.01, 0.1, 1.0]
    lists = [probed(1000, share) for share in shares]
    assert lists == sorted(lists)
    assert (lists[-1], probed(3, 0.0)) == (1000, 3)


def test_threads_search_while_one_changes() -> None:
    index, rows = many(2000)
    index.exact = None
    stable, wrong = np.arange(0, 1000) * 3, list[object]()
    done = threading.Event()

    def searching(seed: int) -> None:
        rng = np.random.default_rng(seed)
        while not done.is_set():
            row = int(rng.integers(1000))
            ids, _ = index.nearest(rows[row], 1, stable)
            if ids.tolist() != [3 * row]:
                wrong.append((row, ids))

    with ThreadPoolExecutor(8) as threads:
        searches = [threads.submit(searching, number) for number in range(8)]
        for turn in range(60):
            part = np.arange(1000 + turn * 10, 1100 + turn * 10)
            index.remove(part * 3)
            index.put(part * 3, rows[part])
        done.set()
    assert [search.exception() for search in searches] == [None] * 8
    assert wrong == []
    assert len(index) == 2000
