"""The vector index against plain numpy, and its file against damage."""

from __future__ import annotations

import random
import struct
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from index import stamped_file
from index.errors import EmbeddingError, IndexDamaged
from index.faiss_index import FaissIndex
from index.flat_index import FlatIndex
from index.index_kinds import load
from index.ivf_index import IvfIndex
from index.vectors import Ids, Vectors

DIM = 8
KINDS = pytest.mark.parametrize("kind", ["flat", "ivf"])


def unit(seed: int, n: int = 1) -> NDArray[np.float32]:
    rows = np.random.default_rng(seed).standard_normal((n, DIM))
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def no_exact(ids: Ids) -> tuple[Ids, Vectors]:
    raise AssertionError("nothing was searched")


def empty(kind: str) -> FaissIndex:
    return FlatIndex(DIM) if kind == "flat" else IvfIndex.trained(unit(7, 80), 4)


def saved(path: Path, kind: str, count: int = 20) -> bytes:
    index = empty(kind)
    index.put(np.arange(1, count + 1), unit(1, count))
    index.save(path, seq=7, embedder="words", catalogue_id="c")
    return path.read_bytes()


@KINDS
@pytest.mark.parametrize("bad", [np.nan, np.inf, 0.0])
def test_a_vector_without_direction_changes_nothing(kind: str, bad: float) -> None:
    index = empty(kind)
    index.put(np.array([1]), unit(2))
    rows = unit(1, 2)
    rows[1] = bad
    with pytest.raises(EmbeddingError):
        index.put(np.array([1, 2]), rows)
    assert len(index) == 1
    assert index.nearest(unit(2)[0], 1)[1] == pytest.approx(1, abs=0.02)


@KINDS
def test_wrong_width_and_repeated_ids_are_refused(kind: str) -> None:
    index = empty(kind)
    with pytest.raises(EmbeddingError):
        index.put(np.array([1]), np.ones((1, DIM + 1), np.float32))
    with pytest.raises(EmbeddingError):
        index.nearest(np.ones(DIM - 1, np.float32), 1)
    with pytest.raises(ValueError, match="once"):
        index.put(np.array([1, 1]), unit(1, 2))


@KINDS
def test_a_saved_index_comes_back(tmp_path: Path, kind: str) -> None:
    saved(tmp_path / "i", kind)
    index, stamp = load(tmp_path / "i", lambda ids: (ids, unit(50, len(ids))))
    assert (stamp.seq, stamp.count, stamp.embedder) == (7, 20, "words")
    assert index.kind == stamp.kind == kind
    index.put(np.array([3]), unit(50))  # still an index that can replace
    ids, _ = index.nearest(unit(50)[0], 1)
    assert (ids.tolist(), len(index)) == ([3], 20)


@KINDS
def test_every_flipped_bit_and_every_cut_is_seen(tmp_path: Path, kind: str) -> None:
    path, rng = tmp_path / "i", random.Random(1)
    whole = saved(path, kind)
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
            load(path, no_exact)


@KINDS
@pytest.mark.parametrize(
    ("count", "dim", "said"),
    [
        (10**12, DIM, ""),
        (19, DIM, ""),
        (20, DIM * 2, ""),
        (20, 0, ""),
        (20, DIM, "flat"),
        (20, DIM, "ivf"),
        (20, DIM, "another"),
    ],
)
def test_a_stamp_that_lies_is_seen(
    tmp_path: Path, kind: str, count: int, dim: int, said: str
) -> None:
    if said == kind:
        pytest.skip("this one says the truth")
    saved(tmp_path / "i", kind)
    with stamped_file.opened(tmp_path / "i") as (_, length, file):
        payload = file.read(length)
    stamp = stamped_file.Stamp(7, count, dim, "words", "c", said or kind)
    stamped_file.write(tmp_path / "i", stamp, lambda append: append(payload) and None)
    with pytest.raises(IndexDamaged):
        load(tmp_path / "i", no_exact)


@KINDS
def test_a_payload_that_is_no_index_is_damage(tmp_path: Path, kind: str) -> None:
    stamp = stamped_file.Stamp(1, 0, DIM, "words", "c", kind)
    stamped_file.write(tmp_path / "i", stamp, lambda append: append(b"junk") and None)
    with pytest.raises(IndexDamaged):
        load(tmp_path / "i", no_exact)


def test_a_failed_save_leaves_the_old_file(tmp_path: Path) -> None:
    whole = saved(tmp_path / "i", "flat")

    def full_disk(append: stamped_file.Append) -> None:
        append(b"half")
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        stamped_file.write(
            tmp_path / "i",
            stamped_file.Stamp(8, 0, DIM, "words", "c", "flat"),
            full_disk,
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


def test_the_number_of_threads_is_left_as_it_was() -> None:
    """FAISS and PyTorch share it: at 1, embedding captions takes twice as long."""
    import torch

    usual = torch.get_num_threads()
    index = FlatIndex(DIM)
    index.put(np.array([1, 2]), unit(1, 2))
    index.nearest(unit(1)[0], 1)
    index.remove(np.array([1]))
    IvfIndex.trained(unit(2, 80), 2).nearest(unit(1)[0], 1)
    assert torch.get_num_threads() == usual
