"""What a search is made of, piece by piece: encoding, words, ranking.

Processor time of the thread or process that works, so that other programs on the
machine are no part of it; each piece stands beside the library's encoding of a query.
"""

from __future__ import annotations

import json
import statistics
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path

import numpy as np

from album.catalogue import Catalogue
from album.catalogue_files import Fingerprint
from album.photo import Author, Reading, WrittenCaption
from benchmarks.table import Measurement
from index.embedder import MiniLMEmbedder
from index.parts import CaptionParts
from index.ranking import Candidate, rank

QUERY = "dogs playing on a beach at sunset"
FREQUENT = "dog beach sand sea"
PHOTOS = 20_000
CANDIDATES = 100
ROUNDS = 15
THREADS = 8
TEXT = "A dog runs along a sandy beach by the sea. The sun goes down behind the hills. "


def measure(shared: Path | None) -> list[Measurement]:
    """Milliseconds of each piece, and how eight threads share the cores."""
    embedder = MiniLMEmbedder()
    embedder.load()
    reference = _cpu(lambda: embedder.embed([QUERY]))
    captions = _captions(shared)
    return [
        _beside("encoding a query", _cpu(lambda: embedder.embed_query(QUERY)),
                reference, "≤ 1"),
        _agreement(embedder, shared),
        _ranking(embedder, captions, reference),
        _words(captions, reference),
        _threads(embedder),
    ]  # fmt: skip


def _captions(shared: Path | None) -> list[str]:
    if shared is None:
        return [TEXT * (2 + number % 4) for number in range(CANDIDATES)]
    path = shared / "captions" / "long_distractors.jsonl"
    return [json.loads(line)["long"] for line in path.open(encoding="utf-8")]


def _agreement(embedder: MiniLMEmbedder, shared: Path | None) -> Measurement:
    """The worst cosine of a query's vector with the library's, over 282 sentences."""
    texts = [QUERY]
    if shared is not None:
        path = shared / "captions" / "short_to_long.jsonl"
        rows = [json.loads(line) for line in path.open(encoding="utf-8")]
        texts = [row["human_short"][0] for row in rows if row.get("gpt4o_long")]
    theirs = embedder.embed(texts)
    ours = np.stack([embedder.embed_query(text).vector for text in texts])
    apart = 1 - float((ours.astype(float) * theirs).sum(axis=1).min())
    return Measurement(
        f"1 - worst cosine of {len(texts)} queries with the library's", apart * 1e6,
        "millionths", "allowed", 100.0, apart * 1e4, "≤ 1",
    )  # fmt: skip


def _ranking(
    embedder: MiniLMEmbedder, captions: list[str], reference: float
) -> Measurement:
    vectors, parts = embedder.embed_with_parts(captions[:CANDIDATES])
    packed = [each.pack() for each in parts]
    query = embedder.embed_query(QUERY)
    cosines = (vectors @ query.vector).tolist()

    def run() -> object:
        return rank(
            query,
            [
                Candidate(n, cosines[n], captions[n], CaptionParts.unpack(packed[n]))
                for n in range(len(packed))
            ],
        )

    name = f"unpacking and ranking {len(packed)} candidates"
    return _beside(name, _cpu(run), reference, "milliseconds")


def _words(captions: list[str], reference: float) -> Measurement:
    """Every third photo or so says each of the words."""
    with tempfile.TemporaryDirectory() as folder, Catalogue(Path(folder)) as album:
        root = album.roots.add(Path("/pictures"))
        names = [b"%d.jpg" % number for number in range(PHOTOS)]
        album.files.add(root.id, [(n, Fingerprint(1, 2, 3, 4)) for n in names], 10**18)
        known = album.files.known(root.id)
        reading, taken = Reading(format="JPEG", width=4, height=3), datetime(2024, 5, 6)
        ids = [
            album.photos.add(known[name].id, name.decode(), 1, reading, taken)
            for name in names
        ]
        texts = [TEXT if n % 3 == 0 else captions[n % len(captions)] for n in ids]
        rows = [
            (key, WrittenCaption(text)) for key, text in zip(ids, texts, strict=True)
        ]
        album.captions.add_many(Author("qwen", "", 1), rows)
        found = _cpu(lambda: album.words.find(FREQUENT, 100))
        among = _cpu(lambda: album.words.all_of(FREQUENT, ids[:300]))
    name = f"frequent words among {PHOTOS:,} photos"
    return _beside(name, found + among, reference, "1 to 2 ms")


def _threads(embedder: MiniLMEmbedder) -> Measurement:
    """Queries a second by eight threads at once, beside one thread."""

    def speed(threads: int) -> float:
        with ThreadPoolExecutor(threads) as pool:
            started = time.perf_counter()
            list(pool.map(embedder.embed_query, [QUERY] * (ROUNDS * THREADS)))
            return ROUNDS * THREADS / (time.perf_counter() - started)

    # In turns: single rounds on a busy machine differ by a factor of three.
    rounds = [(speed(THREADS), speed(1)) for _ in range(7)]
    many, one = (statistics.median(each) for each in zip(*rounds, strict=True))
    return Measurement(
        f"encoding by {THREADS} threads", many, "queries/s", "one thread", one,
        many / one, "≥ 1",
    )  # fmt: skip


def _beside(name: str, taken: float, reference: float, limit: str) -> Measurement:
    return Measurement(
        name, taken, "ms", "the library's encoding", reference, taken / reference, limit
    )


def _cpu(act: Callable[[], object]) -> float:
    """The median of the whole process's milliseconds, since work moves to threads."""
    act()
    taken = []
    for _ in range(ROUNDS):
        begin = time.process_time()
        act()
        taken.append((time.process_time() - begin) * 1000)
    return statistics.median(taken)
