"""The vector index against plain numpy, and its file against damage."""

from __future__ import annotations

import random
import struct
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from index import stamped_file
from index.errors import EmbeddingError, IndexDamaged
from index.vectors import FaissIndex

DIM = 8


def unit(seed: int, n: int = 1) -> NDArray[np.float32]:
    rows = np.random.default_rng(seed).standard_normal((n, DIM))
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def saved(path: Path, count: int = 20) -> bytes:
    index = FaissIndex(DIM)
    index.put(np.arange(1, count + 1), unit(1, count))
    index.save(path, seq=7, embedder="words", catalogue_id="c")
    return path.read_bytes()


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["put", "remove"]),
        st.lists(st.integers(0, 12), min_size=1, max_size=5, unique=True),
        st.integers(0, 10**6),
    ),
    max_size=12,
)


@settings(max_examples=60, deadline=None)
@given(STEPS, st.lists(st.integers(0, 12), unique=True) | st.none())
def test_equals_brute_force_after_any_puts_and_removals(
    steps: list[tuple[str, list[int], int]], allowed: list[int] | None
) -> None:
    index, held = FaissIndex(DIM), dict[int, NDArray[np.float32]]()
    for what, ids, seed in steps:
        if what == "put":
            rows = unit(seed, len(ids))
            index.put(np.array(ids), rows)
            held.update(zip(ids, rows, strict=True))
        else:
            index.remove(np.array(ids))
            for key in ids:
                held.pop(key, None)
    query = unit(99)[0]
    scores = {
        key: float(row @ query)
        for key, row in held.items()
        if allowed is None or key in allowed
    }
    limit = None if allowed is None else np.array(allowed, dtype=np.int64)
    assert len(index) == len(held)
    ids, found = index.nearest(query, 50, limit)
    # 1e-6: two float32 sums of 8 products in another order differ by some 1e-8.
    assert dict(zip(ids.tolist(), found.tolist(), strict=True)) == pytest.approx(
        scores, abs=1e-6
    )
    assert found.tolist() == sorted(found.tolist(), reverse=True)
    above, _ = index.above(query, 0.2, limit)
    assert set(above.tolist()) == {key for key, s in scores.items() if s > 0.2}


@pytest.mark.parametrize("bad", [np.nan, np.inf, 0.0])
def test_a_vector_without_direction_changes_nothing(bad: float) -> None:
    index = FaissIndex(DIM)
    rows = unit(1, 2)
    rows[1] = bad
    with pytest.raises(EmbeddingError):
        index.put(np.array([1, 2]), rows)
    assert len(index) == 0


def test_wrong_width_and_repeated_ids_are_refused() -> None:
    index = FaissIndex(DIM)
    with pytest.raises(EmbeddingError):
        index.put(np.array([1]), np.ones((1, DIM + 1), np.float32))
    with pytest.raises(EmbeddingError):
        index.nearest(np.ones(DIM - 1, np.float32), 1)
    with pytest.raises(ValueError, match="once"):
        index.put(np.array([1, 1]), unit(1, 2))


def test_a_saved_index_comes_back(tmp_path: Path) -> None:
    saved(tmp_path / "i")
    index, stamp = FaissIndex.load(tmp_path / "i")
    assert (stamp.seq, stamp.count, stamp.embedder) == (7, 20, "words")
    index.put(np.array([3]), unit(50))  # still an index that can replace
    ids, _ = index.nearest(unit(50)[0], 1)
    assert (ids.tolist(), len(index)) == ([3], 20)


def test_every_flipped_bit_and_every_cut_is_seen(tmp_path: Path) -> None:
    path, rng = tmp_path / "i", random.Random(1)
    whole = saved(path)
    damaged = [whole[: rng.randrange(len(whole))] for _ in range(60)]
    for _ in range(300):
        flipped = bytearray(whole)
        flipped[rng.randrange(len(whole))] ^= 1 << rng.randrange(8)
        damaged.append(bytes(flipped))
    half = len(whole) // 2
    damaged += [b"", bytes(len(whole)), whole[:half] + bytes(len(whole) - half)]
    damaged += [whole + b"x", whole[:8] + struct.pack("<I", 2**32 - 1) + whole[12:]]
    for data in damaged:
        path.write_bytes(data)
        with pytest.raises(IndexDamaged):
            FaissIndex.load(path)


@pytest.mark.parametrize(
    ("count", "dim"), [(10**12, DIM), (19, DIM), (20, DIM * 2), (20, 0)]
)
def test_a_stamp_that_lies_is_seen(tmp_path: Path, count: int, dim: int) -> None:
    saved(tmp_path / "i")
    with stamped_file.opened(tmp_path / "i") as (_, length, file):
        payload = file.read(length)
    stamp = stamped_file.Stamp(7, count, dim, "words", "c")
    stamped_file.write(tmp_path / "i", stamp, lambda append: append(payload) and None)
    with pytest.raises(IndexDamaged):
        FaissIndex.load(tmp_path / "i")


def test_a_payload_that_is_no_index_is_damage(tmp_path: Path) -> None:
    stamp = stamped_file.Stamp(1, 0, DIM, "words", "c")
    stamped_file.write(tmp_path / "i", stamp, lambda append: append(b"junk") and None)
    with pytest.raises(IndexDamaged):
        FaissIndex.load(tmp_path / "i")


def test_a_failed_save_leaves_the_old_file(tmp_path: Path) -> None:
    whole = saved(tmp_path / "i")

    def full_disk(append: stamped_file.Append) -> None:
        append(b"half")
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        stamped_file.write(
            tmp_path / "i", stamped_file.Stamp(8, 0, DIM, "words", "c"), full_disk
        )
    assert (tmp_path / "i").read_bytes() == whole
    assert [entry.name for entry in tmp_path.iterdir()] == ["i"]


def test_importing_the_room_loads_nothing_heavy() -> None:
    code = (
        "import sys, index; heavy = {'torch', 'faiss', 'sentence_transformers', "
        "'transformers'} & set(sys.modules); sys.exit(' '.join(heavy) or 0)"
    )
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=root, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
