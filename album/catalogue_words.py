"""The words a photo can be found by: what its caption, tags, read text, name, folder,
place and description say; kept by album/catalogue_rows.py."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from album.catalogue_store import Store
from album.wording import plain_words

# More different words than a sentence has; FTS5 gives up at some 256 of them.
_MOST_WORDS = 64
# What stands between words, unless it is within one.
_SPACE = re.compile(r"[^\w.'\u2019-]+")
_COLUMNS = ("caption", "tags", "read_text", "name", "folder", "place", "description")
_SAYS = " OR ".join(f"instr(' ' || w.{column} || ' ', ?2)" for column in _COLUMNS)
_PRESENT = "CROSS JOIN photos p ON p.id = w.rowid WHERE p.missing = 0 AND "


class WordTable:
    """Full-text search over the photos that are present."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def find(
        self, words: str, limit: int, allowed: NDArray[np.int64] | None = None
    ) -> list[tuple[int, float]]:
        """(photo id, BM25 score) of at most `limit` photos with any of the words in any
        form of theirs (English stems), best first: a higher score is better.

        `allowed` int64 (m,) limits the answer to those photos. Any text may be given;
        one without words finds nothing. Words such as "the" are searched like others
        and cost the most: leave them out.
        """
        match = _words(words, " OR ")
        if not match or limit < 1:
            return []
        rows = self._store.reader().execute(
            "SELECT w.rowid, -bm25(photo_words) AS score FROM photo_words w "
            f"{_PRESENT} photo_words MATCH ? ORDER BY score DESC, w.rowid",
            (match,),
        )
        if allowed is None:
            return rows.fetchmany(limit)
        among = set(allowed.tolist())
        found: list[tuple[int, float]] = []
        for row in rows:
            if row[0] in among:
                found.append(row)
                if len(found) == limit:
                    break
        return found

    def all_of(self, words: str, among: Sequence[int]) -> set[int]:
        """Those of the photos `among` that say each of the words, in any form and
        anywhere; none for a text without words."""
        match = _words(words, " AND ")
        if not match or not among:
            return set()
        ids = ",".join(str(int(key)) for key in among)
        rows = self._store.reader().execute(
            "SELECT rowid FROM photo_words WHERE photo_words MATCH ? "
            f"AND rowid IN ({ids})",
            (match,),
        )
        return {row[0] for row in rows}

    def all_saying(self, words: str) -> set[int]:
        """The photos that say each of the words, in any form and anywhere; none for a
        text without words."""
        match = _words(words, " AND ")
        if not match:
            return set()
        rows = self._store.reader().execute(
            f"SELECT w.rowid FROM photo_words w {_PRESENT} photo_words MATCH ?",
            (match,),
        )
        return {row[0] for row in rows}

    def phrase(self, text: str) -> set[int]:
        """The photos that say these words, unbent and one right after the other.

        Case, accents and punctuation do not matter. Nothing says a text without words.
        """
        exact = plain_words(text)
        if not exact:
            return set()
        rows = self._store.reader().execute(
            f"SELECT w.rowid FROM photo_words w {_PRESENT} photo_words MATCH ?1 "
            f"AND ({_SAYS})",
            (f'"{exact}"', f" {exact} "),
        )
        return {row[0] for row in rows}


def _words(text: str, between: str) -> str:
    """A MATCH expression: nothing but words in quotes, so that no text is a syntax
    error or an operator. "IMG_4711" and "t-shirt" are looked for as they stand: alone,
    "img" would bring every photo of a camera."""
    wholes = map(plain_words, _SPACE.split(text))
    different = list(dict.fromkeys(filter(None, wholes)))[:_MOST_WORDS]
    return between.join(f'"{words}"' for words in different)
