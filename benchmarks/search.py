"""Searching 100,000 and a million photos, beside encoding the query alone.

The photos are those of benchmarks/big_album.py. Parts of captions, of which a million
would take 9 GB, are given to the photos that the queries meet, so that every candidate
has its own to be compared by; those of the others would not be read.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sentence_transformers import SentenceTransformer

from album.catalogue import Catalogue
from benchmarks import index_memory
from benchmarks.big_album import fill, likeness, mixtures
from benchmarks.quality_data import Captions, read
from benchmarks.table import Measurement
from index.calibration import forget_background
from index.embedder import MiniLMEmbedder
from index.embedder_weights import weights_folder
from index.query import QueryParser
from index.search import Search
from index.sync import Sync

SIZES = {100_000: "≤ 1.5", 1_000_000: "≤ 2"}
QUERIES = 20
RECALL_QUERIES = 141
RECALL_AT = 100
FILTERS = {
    "1 %": (" in May 2019", 0.01, "≤ 1.0"),
    "10 %": (" between January and October 2019", 0.1, "none"),
    "50 %": (" before March 2020", 0.5, "none"),
}


def measure(shared: Path | None) -> list[Measurement]:
    """Rows for each size; none without the captions, which are not of the project."""
    if shared is None:
        return []
    data = read(shared)
    embedder = MiniLMEmbedder()
    vectors, parts = embedder.embed_with_parts(data.captions)
    packed = [one.pack() for one in parts]
    rows = _likeness(vectors)
    for size in SIZES:
        with tempfile.TemporaryDirectory() as folder:
            album = Path(folder)
            fill(album, embedder.name, data.captions, vectors, size)
            with Catalogue(album) as catalogue:
                bench = _Bench(catalogue, embedder, album / index_memory.INDEX, data)
                bench.give_parts(packed, vectors, size)
                rows += bench.rows(size)
            rows += index_memory.rows(album, size)
    return rows


class _Bench:
    """One filled album, opened and searched."""

    def __init__(
        self, catalogue: Catalogue, embedder: MiniLMEmbedder, path: Path, data: Captions
    ) -> None:
        self.catalogue = catalogue
        self.embedder = embedder
        self.data = data
        self.sync = Sync(catalogue, embedder, path)
        self.built_s = _seconds(self.sync.open)
        self.sync.save()
        parser = QueryParser("north", datetime.now)
        self.search = Search(catalogue, embedder, self.sync, parser)
        step = len(data.sentences) // QUERIES
        self.queries = data.sentences[::step][:QUERIES]

    def give_parts(
        self, packed: Sequence[bytes], base: NDArray[np.float32], size: int
    ) -> None:
        """Let every query of the run ask for the parts it wants, and give them; what is
        asked for next may depend on them, so until nothing new is."""
        owners = np.concatenate([each for _, _, each in mixtures(base, size)])
        given: set[int] = set()
        while new := sorted(self._met() - given):
            rows = [(key, packed[owners[key - 1]]) for key in new]
            self.catalogue.vectors.put_parts(self.embedder.name, rows)
            given.update(new)

    def _met(self) -> set[int]:
        """The photos whose parts the calibration and the queries ask for."""
        table = self.catalogue.captions
        read_parts = table.parts_of
        met: set[int] = set()

        def noted(
            ids: Sequence[int], embedder: str
        ) -> dict[int, tuple[str, str, bytes | None]]:
            met.update(int(key) for key in ids)
            return read_parts(ids, embedder)

        table.parts_of = noted  # type: ignore[method-assign]
        forget_background(self.catalogue.facts, self.embedder.name)
        self.search.tidy_up()
        for query in self.queries:
            for words in ("", *(words for words, _, _ in FILTERS.values())):
                self.search.find(query + words)
        table.parts_of = read_parts  # type: ignore[method-assign]
        return met

    def rows(self, size: int) -> list[Measurement]:
        """Building, searching, recall and filters."""
        index = self.sync.index
        loaded = _seconds(Sync(self.catalogue, self.embedder, self.sync._path).open)
        found, encoded = self._in_turns(self.search.find, self._reference())
        rows = [
            Measurement(
                f"building the index of {size:,} photos ({index.kind})", self.built_s,
                "s", "loading its file", loaded, self.built_s / loaded, "–",
            ),
            Measurement(
                f"search in {size:,} photos, text to ranked hits", found * 1e3, "ms",
                "encoding the query, PyTorch float32", encoded * 1e3, found / encoded,
                SIZES[size],
            ),
            self._recall(size),
        ]  # fmt: skip
        for name, (words, share, limit) in FILTERS.items():
            self._check_share(words, share)
            with_filter, without = self._in_turns(
                lambda query, words=words: self.search.find(query + words),
                self.search.find,
            )
            rows.append(
                Measurement(
                    f"the same, a date leaves {name}", with_filter * 1e3, "ms",
                    "without a date", without * 1e3, with_filter / without, limit,
                )
            )  # fmt: skip
        return rows

    def _reference(self) -> Callable[[str], object]:
        model = SentenceTransformer(str(weights_folder()), device="cpu")
        return lambda query: model.encode([query])

    def _check_share(self, words: str, share: float) -> None:
        """The date must be understood, and leave as many as it should."""
        total = self.search.find(words.strip()).total
        assert abs(total / self.sync.size / share - 1) < 0.2, (words, total)

    def _in_turns(
        self, ours: Callable[[str], object], theirs: Callable[[str], object]
    ) -> tuple[float, float]:
        """Medians in seconds over the queries, in turns so that a busy machine slows
        both. The first round only warms the caches of the files; the answers that the
        search keeps are those of other queries by the second."""
        taken: tuple[list[float], list[float]] = ([], [])
        for warm in (False, True):
            for query in self.queries:
                for run, seconds in zip((ours, theirs), taken, strict=True):
                    spent = _seconds(lambda run=run, query=query: run(query))
                    if warm:
                        seconds.append(spent)
        return statistics.median(taken[0]), statistics.median(taken[1])

    def _recall(self, size: int) -> Measurement:
        step = len(self.data.sentences) // RECALL_QUERIES
        asked = self.embedder.embed(self.data.sentences[::step][:RECALL_QUERIES])
        ids = np.zeros((len(asked), 0), dtype=np.int64)
        best = np.zeros((len(asked), 0), dtype=np.float32)
        for more, vectors in self.catalogue.vectors.all(self.embedder.name):
            ids = np.hstack([ids, np.broadcast_to(more, (len(asked), len(more)))])
            best = np.hstack([best, asked @ vectors.T])
            kept = np.argsort(-best, axis=1)[:, :RECALL_AT]
            ids = np.take_along_axis(ids, kept, axis=1)
            best = np.take_along_axis(best, kept, axis=1)
        same = sum(
            np.isin(self.sync.index.nearest(query, RECALL_AT)[0], exact).sum()
            for query, exact in zip(asked, ids, strict=True)
        )
        recall = 100 * float(same) / ids.size
        return Measurement(
            f"recall@100 of the index of {size:,} photos, {len(asked)} sentences",
            recall, "%", "comparing every vector", 100, recall / 100, "≥ 0.98",
        )  # fmt: skip


def _likeness(vectors: NDArray[np.float32]) -> list[Measurement]:
    """Whether the album's photos lie as near to each other as real captions do."""
    _, mixed, _ = next(mixtures(vectors, len(vectors)))
    rows = []
    for name, ours, real in zip(
        ("nearest", "100th nearest"), likeness(mixed), likeness(vectors), strict=True
    ):
        rows.append(
            Measurement(
                f"mean cosine with the {name} of {len(vectors):,} made-up photos", ours,
                "", "real captions", real, ours / real, "about 1",
            )
        )  # fmt: skip
    return rows


def _seconds(run: Callable[[], object]) -> float:
    started = time.perf_counter()
    run()
    return time.perf_counter() - started
