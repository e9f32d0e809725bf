"""How long the query parser takes, beside dateutil reading one written date."""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from dateutil.parser import parse

from benchmarks.table import Measurement
from index.asked import Vocabulary
from index.query import QueryParser

QUERIES = (
    "dogs playing on a beach at sunset",
    "dogs but no people on the beach, last summer in Town7, not screenshots",
    "birthday cake, 3 July 2019",
    "between May and July 2019 in Land3, shot on the Canon",
    "sunset -people -cars before 2015",
    "Christmas 2018 with the tree, not selfies, favourites",
    "red bicycle in front of a blue door",
    "snow in the morning, two years ago",
)
LIMIT_MS = 20
ROUNDS = 25
NOISE = 400


def measure(shared: Path | None) -> list[Measurement]:
    """Milliseconds of common queries and of noise as long as is read."""
    album = Vocabulary(
        places=frozenset(f"Town{n}, Land{n % 90}" for n in range(5000)),
        cameras=frozenset({"Canon EOS R6", "Apple iPhone 12", "Nikon D750"}),
        folders=frozenset(f"{year}/Holiday" for year in range(2000, 2027)),
    )
    parser = QueryParser("north", datetime.now)
    parser.parse("", album)  # reads the vocabulary

    def read(query: str) -> object:
        return parser.parse(query, album)

    date = _times(lambda query: parse(query, dayfirst=True), ["3 July 2019"] * 100)
    common = _times(read, QUERIES * ROUNDS)
    noise = _times(read, _noise())
    return [
        _row("a common query, median", statistics.median(common), date),
        _row("a common query, slowest", max(common), date),
        _row("500 characters of noise, median", statistics.median(noise), date),
        _row("500 characters of noise, slowest", max(noise), date),
    ]


def _row(name: str, value: float, date: Sequence[float]) -> Measurement:
    one_date = statistics.median(date)
    return Measurement(
        f"reading {name}", value, "ms", "dateutil, one date", one_date,
        value / one_date, f"< {LIMIT_MS} ms",
    )  # fmt: skip


def _noise() -> list[str]:
    chance = random.Random(20261121)
    words = [word for query in QUERIES for word in query.split()]
    long = []
    for _ in range(NOISE // 2):
        long.append(" ".join(chance.choices(words, k=100))[:500])
        long.append((chance.choice(words) + chance.choice([" ", ", ", "-"])) * 100)
    return [text[:500] for text in long]


def _times(act: Callable[[str], object], texts: Sequence[str]) -> list[float]:
    """Milliseconds each, of this thread alone: other work on the machine is no part."""
    taken = []
    for text in texts:
        begin = time.thread_time()
        act(text)
        taken.append((time.thread_time() - begin) * 1000)
    return taken
