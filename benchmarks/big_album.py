"""An album of up to millions of photos that were never taken, in a few minutes.

Vectors and texts come from 1,282 real machine captions (benchmarks/quality_data.py).
The vector of a photo is a mixture of those of two or three captions, in random shares,
on the unit sphere, plus noise of 0.45 its length; its text is the caption with the
largest share, so that words and vectors agree. So made, photos lie about as near to
each other as real captions do (`likeness` measures it) and fill more dimensions (92
against 63), which is the harder case for an approximate index.

Rows are written in bulk, past the catalogue's functions but into its own tables, and
the words by its own `describe_all`: 100,000 photos take 23 s of one busy core.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from album.catalogue import FILE_NAME, Catalogue
from album.catalogue_rows import describe_all

NOISE = 0.45
SHARES = 0.6  # Dirichlet's parameter: one caption mostly prevails
BATCH = 20_000
FIRST_MONTH, MONTHS = datetime(2016, 1, 1), 100
"""Every month of January 2016 to April 2024 has a hundredth of the photos."""

_Batch = tuple[int, NDArray[np.float32], NDArray[np.int64]]


def mixtures(base: NDArray[np.float32], count: int) -> Iterator[_Batch]:
    """(first place, vectors float32 (m, dim), the caption each has most of, int64 (m,))
    until there are `count`; the same every time."""
    dim = base.shape[1]
    for start in range(0, count, BATCH):
        rng = np.random.default_rng(start)
        size = min(BATCH, count - start)
        shares = rng.dirichlet([SHARES] * 3, size).astype(np.float32)
        shares[rng.random(size) < 0.5, 2] = 0
        picked = rng.integers(0, len(base), (size, 3))
        rows = _unit(np.einsum("ns,nsd->nd", shares, base[picked]))
        noise = rng.standard_normal((size, dim), dtype=np.float32)
        rows = _unit(rows + noise * np.float32(NOISE / dim**0.5))
        yield start, rows, picked[np.arange(size), shares.argmax(axis=1)]


def likeness(vectors: NDArray[np.float32]) -> tuple[float, float]:
    """Mean cosine of the nearest, and of the 100th nearest other one of `vectors`."""
    cosines = -np.sort(-(vectors[:500] @ vectors.T), axis=1)
    return float(cosines[:, 1].mean()), float(cosines[:, 100].mean())


def fill(
    folder: Path, embedder: str, captions: Sequence[str], base: NDArray[np.float32],
    count: int,
) -> None:  # fmt: skip
    """A catalogue in `folder` with photos 1 to `count`, without parts of captions."""
    with Catalogue(folder) as catalogue:
        root = catalogue.roots.add(Path("/pictures")).id
    connection = sqlite3.connect(folder / FILE_NAME, isolation_level=None)
    connection.execute("PRAGMA synchronous = OFF")
    connection.execute("PRAGMA foreign_keys = OFF")
    for start, rows, owners in mixtures(base, count):
        connection.execute("BEGIN")
        _write(connection, root, embedder, captions, start, rows, owners)
        connection.execute("COMMIT")
    connection.execute("BEGIN")
    describe_all(connection)
    connection.execute("COMMIT")
    connection.execute("PRAGMA optimize")
    connection.close()


def _write(
    connection: sqlite3.Connection,
    root: int,
    embedder: str,
    captions: Sequence[str],
    start: int,
    rows: NDArray[np.float32],
    owners: NDArray[np.int64],
) -> None:
    """Photo, file and caption of one number each, as the catalogue's functions do."""
    keys = range(start + 1, start + len(rows) + 1)
    now = datetime(2024, 6, 1).isoformat()
    connection.executemany(
        "INSERT INTO files(id, root_id, path, size, mtime_ns, ctime_ns, inode, "
        "checked_ns, state, photo_id) VALUES (?1, ?2, ?3, 9, 9, 9, ?1, 9, 'read', ?1)",
        ((key, root, b"%d/IMG_%06d.jpg" % (key // 1000, key)) for key in keys),
    )
    connection.executemany(
        "INSERT INTO captions(id, photo_id, text, tags, read_text, captioner, model, "
        "prompt_version, written_at) VALUES (?1, ?1, ?2, '[]', '', 'qwen', '', 1, ?3)",
        (
            (key, captions[owner], now)
            for key, owner in zip(keys, owners.tolist(), strict=True)
        ),
    )
    connection.executemany(
        "INSERT INTO photos(id, content_hash, file_id, size_bytes, format, width, "
        "height, orientation, taken_at, sort_at, added_at, camera, place, keywords, "
        "colour, colours, brightness, caption_id) VALUES (?1, ?2, ?1, 9, 'JPEG', 4000, "
        "3000, 1, ?3, ?3, ?4, ?5, ?6, '[]', 0, ?7, 0.5, ?1)",
        (
            (key, f"{key:064}", taken, now, f"Maker X{key % 5}",
             f"Town {key % 211}, Land {key % 17}", json.dumps([]))
            for key, taken in zip(keys, _times(start, len(rows)), strict=True)
        ),
    )  # fmt: skip
    connection.executemany(
        "INSERT INTO vectors(caption_id, embedder, vector) VALUES (?, ?, ?)",
        (
            (key, embedder, row.tobytes())
            for key, row in zip(keys, rows.astype("<f4"), strict=True)
        ),
    )
    connection.executemany(
        "INSERT INTO index_changes(photo_id) VALUES (?)", ((key,) for key in keys)
    )


def _times(start: int, count: int) -> list[str]:
    rng = np.random.default_rng(start + 1)
    months = rng.integers(0, MONTHS, count).tolist()
    seconds = rng.integers(0, 28 * 86_400, count).tolist()
    return [
        (
            FIRST_MONTH.replace(year=2016 + month // 12, month=1 + month % 12)
            + timedelta(seconds=second)
        ).isoformat()
        for month, second in zip(months, seconds, strict=True)
    ]


def _unit(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)
