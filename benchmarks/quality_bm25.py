"""BM25 over stemmed words, as SQLite's FTS5 scores them (k1 1.2, b 0.75)."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from index.content_words import is_content


class Bm25:
    """Captions in an FTS5 table with the porter stemmer, in memory."""

    def __init__(self, captions: Sequence[str]) -> None:
        self._count = len(captions)
        self._words = sqlite3.connect(":memory:")
        self._words.execute(
            "CREATE VIRTUAL TABLE words USING fts5(text, tokenize='porter unicode61')"
        )
        self._words.executemany(
            "INSERT INTO words (rowid, text) VALUES (?, ?)", enumerate(captions)
        )

    def scores(self, query: str) -> NDArray[np.float64]:
        """float64 (n,): 0 for a caption without any of the query's content words."""
        scores = np.zeros(self._count)
        cut = "".join(c if c.isalnum() else " " for c in query).split()
        words = [f'"{word}"' for word in cut if is_content(word)]
        if words:
            found = self._words.execute(
                "SELECT rowid, -bm25(words) FROM words WHERE words MATCH ?",
                (" OR ".join(words),),
            )
            for rowid, score in found:
                scores[rowid] = score
        return scores
