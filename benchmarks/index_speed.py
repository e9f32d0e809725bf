"""Embedding, rebuilding and searching, each beside the bare library in the same run."""

from __future__ import annotations

import json
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import datetime
from itertools import cycle
from pathlib import Path

import faiss
import numpy as np
from numpy.typing import NDArray

from album.catalogue import Catalogue
from album.catalogue_files import Fingerprint
from album.photo import Author, Reading, WrittenCaption
from benchmarks.table import Measurement
from index.embedder import MiniLMEmbedder
from index.query import QueryParser
from index.search import Search
from index.sync import Sync

SIZE = 10_000  # larger albums: benchmarks/search.py
QUERY = "dogs playing on a beach at sunset"
PLACES = ("beach", "coast", "shore", "sandy beach", "dune")
OTHER = "A red car is parked in front of a brick house in the snow at noon. "
TEXT = "A dog runs along a sandy beach while the sun goes down behind the hills. "


def measure(shared: Path | None) -> list[Measurement]:
    """Captions a second, seconds of a rebuild, milliseconds of a search."""
    embedder = MiniLMEmbedder()
    embedder.load()
    rows = [_embedding(embedder, _captions(shared))]
    with tempfile.TemporaryDirectory() as folder:
        rows += _searching(Path(folder), embedder, SIZE)
    return rows


def _captions(shared: Path | None) -> list[str]:
    if shared is None:
        return [TEXT * (2 + number % 8) for number in range(200)]
    path = shared / "captions" / "short_to_long.jsonl"
    lines = path.read_text(encoding="utf-8").splitlines()
    texts = [json.loads(line).get("gpt4o_long") for line in lines]
    return [text for text in texts if text][:200]


def _embedding(embedder: MiniLMEmbedder, texts: list[str]) -> Measurement:
    bare = embedder._loaded()
    embedder.embed(texts[:16])
    ours, theirs = _in_turns(
        lambda: embedder.embed(texts),
        lambda: bare.encode(texts, normalize_embeddings=True),
        3,
    )
    speed, bare_speed = len(texts) / ours, len(texts) / theirs
    return Measurement(
        f"embedding {len(texts)} captions", speed, "captions/s",
        "sentence-transformers encode()", bare_speed, speed / bare_speed, "≥ 1",
    )  # fmt: skip


def _searching(folder: Path, embedder: MiniLMEmbedder, size: int) -> list[Measurement]:
    vectors = _vectors(size, embedder.dim)
    with Catalogue(folder / "data") as catalogue:
        _fill(catalogue, embedder, vectors)
        path = folder / "photos.index"

        def rebuild() -> None:
            Sync(catalogue, embedder, path).open()

        def bare_add() -> None:
            index = faiss.IndexIDMap2(faiss.IndexFlatIP(embedder.dim))
            index.add_with_ids(vectors, np.arange(1, size + 1))

        rebuilt, added = _in_turns(rebuild, bare_add, 3)
        sync = Sync(catalogue, embedder, path)
        sync.open()
        assert sync.size == size
        parser = QueryParser("north", datetime.now)
        search = Search(catalogue, embedder, sync, parser)
        assert search.find(QUERY, 200, weak=True).hits
        # Each a little different, since the search keeps its last answers.
        queries = cycle(QUERY.replace("beach", place) for place in PLACES)
        found, encoded = _in_turns(
            lambda: search.find(next(queries)), lambda: embedder.embed([QUERY]), 25
        )
    return [
        Measurement(
            f"rebuilding the index of {size:,} photos", rebuilt, "s",
            "faiss add_with_ids", added, rebuilt / added, "–",
        ),
        Measurement(
            f"search in {size:,} photos, text to ranked hits", found * 1e3, "ms",
            "encoding the query", encoded * 1e3, found / encoded, "–",
        ),
    ]  # fmt: skip


def _vectors(size: int, dim: int) -> NDArray[np.float32]:
    """float32 (size, dim), unit length, one in 20 of them near the query's vector."""
    rng = np.random.default_rng(0)
    rows = rng.standard_normal((size, dim), dtype=np.float32)
    rows[::20] += 8 * MiniLMEmbedder().embed([QUERY])[0]
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)


def _fill(
    catalogue: Catalogue, embedder: MiniLMEmbedder, vectors: NDArray[np.float32]
) -> None:
    """Photos 1 to n with a caption and a vector each; 10,000 take about 6 s. One in 20
    says the query's words; those alone have parts, as the others are never
    compared word by word."""
    root = catalogue.roots.add(Path("/pictures"))
    names = [b"%d.jpg" % number for number in range(len(vectors))]
    catalogue.files.add(
        root.id, [(name, Fingerprint(1, 2, 3, 4)) for name in names], 10**18
    )
    known = catalogue.files.known(root.id)
    reading, taken = Reading(format="JPEG", width=4, height=3), datetime(2024, 5, 6)
    ids = [
        catalogue.photos.add(known[name].id, name.decode(), 1, reading, taken)
        for name in names
    ]
    near, far = WrittenCaption(TEXT * 4), WrittenCaption(OTHER * 4)
    captions = [(key, near if row % 20 == 0 else far) for row, key in enumerate(ids)]
    catalogue.captions.add_many(Author("qwen", "", 1), captions)
    pending = catalogue.vectors.pending(embedder.name, len(ids))
    row_of = {key: row for row, key in enumerate(ids)}
    parts = embedder.embed_parts([near.text])[0].pack()
    catalogue.vectors.put(
        embedder.name,
        [
            (
                one.caption_id,
                vectors[row_of[one.photo_id]].tobytes(),
                parts if one.text == near.text else None,
            )
            for one in pending
        ],
    )


def _in_turns(
    ours: Callable[[], object], theirs: Callable[[], object], times: int
) -> tuple[float, float]:
    """Medians in seconds, taken in turns so that a busy machine slows both."""
    taken: tuple[list[float], list[float]] = ([], [])
    for _ in range(times):
        for run, seconds in zip((ours, theirs), taken, strict=True):
            started = time.perf_counter()
            run()
            seconds.append(time.perf_counter() - started)
    return statistics.median(taken[0]), statistics.median(taken[1])
