"""The words a photo can be found by: what its caption, tags, read text, name, folder,
place and description say; kept by album/catalogue_rows.py."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

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
# Photos whose words are compared for one query: about 1.5 ms. It has a price: as a
# hundredth of 1,282 captions (13) R@1 fell from 63.2 to 62.4 %, R@10 from 95.3 to 95.1,
# and R@5 rose from 88.5 to 89.0 (1,410 sentences).
_SCORED = 1000
# As many matches are passed by in the time one photo is asked by its id.
_PASSED = 25
_MANY = 64  # photos looked up at a time: the 50 of a search, and a few for missing ones
_PRESENT = "CROSS JOIN photos p ON p.id = w.rowid WHERE p.missing = 0 AND "


class Mentions(NamedTuple):
    """The photos that say some words, missing ones among them.

    `found` are (photo id, BM25 score), best first, of those that say any of the words;
    `each` those that say each of them, in rising order, None if they are very many.
    """

    found: Sequence[tuple[int, float]]
    each: Sequence[int] | None


NOBODY = Mentions((), ())


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
        one without words finds nothing. What more photos say than 1,000, and than ten
        times `limit`, tells them apart too little for what it costs to compare them: of
        such words only photos are found that say all the words, if those are few. They
        score as high as the best.
        """
        return self.best(self.mentions(words, limit), limit, allowed)

    def mentions(self, words: str, limit: int) -> Mentions:
        """What `find` chooses `limit` photos from: of one query it may be asked several
        times, of other `allowed` photos, and comparing the words takes the longest."""
        wanted = _words(words)
        if not wanted or limit < 1:
            return NOBODY
        most = max(_SCORED, 10 * limit)
        rare = self._rare(wanted, most)
        found = self._scored(rare)
        each = self._few(" AND ".join(wanted), most)
        if len(rare) < len(wanted) and each:
            best = found[0][1] if found else 1.0
            known = set(each)
            found = [(key, best) for key in each] + [
                row for row in found if row[0] not in known
            ]
        return Mentions(found, each)

    def best(
        self,
        mentions: Mentions,
        limit: int,
        allowed: NDArray[np.int64] | None = None,
    ) -> list[tuple[int, float]]:
        """The first `limit` that are present and, if any are named, `allowed`."""
        found = mentions.found
        if allowed is not None and found:
            # Half a million may be allowed: a set of them took 20 ms.
            keys = np.array([row[0] for row in found], dtype=np.int64)
            kept = np.nonzero(np.isin(keys, allowed))[0].tolist()
            found = [found[place] for place in kept]
        return self._present(found, limit)

    def all_of(self, words: str, among: Sequence[int]) -> set[int]:
        """Those of the photos `among` that say each of the words, in any form and
        anywhere; none for a text without words."""
        wanted = _words(words)
        if not wanted or not among:
            return set()
        match = " AND ".join(wanted)
        # Many matches are cheaper to pass by (0.2 µs each) than the photos to ask one
        # by one (6 µs each); and where there are few, asking would each time go through
        # the words' whole lists in vain.
        cap = _PASSED * len(among)
        one_by_one = self._count(match, cap) == cap
        ids = ",".join(str(int(key)) for key in among)
        rows = self._store.reader().execute(
            "SELECT rowid FROM photo_words WHERE photo_words MATCH ? AND "
            f"{'' if one_by_one else '+'}rowid IN ({ids})",
            (match,),
        )
        return {row[0] for row in rows}

    def all_saying(self, words: str) -> set[int]:
        """The photos that say each of the words, in any form and anywhere; none for a
        text without words."""
        match = " AND ".join(_words(words))
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

    def _rare(self, wanted: Sequence[str], most: int) -> list[str]:
        """The rarest of the words, as many as `most` photos say together."""
        counts = {word: self._count(word, most + 1) for word in wanted}
        rare, total = [], 0
        for word in sorted(wanted, key=counts.__getitem__):
            total += counts[word]
            if total > most:
                break
            rare.append(word)
        return rare

    def _count(self, match: str, cap: int) -> int:
        """How many photos match, counted up to `cap`: 0.05 ms for each 1,000."""
        row = self._store.reader().execute(
            "SELECT count(*) FROM (SELECT 1 FROM photo_words WHERE photo_words MATCH ? "
            "LIMIT ?)",
            (match, cap),
        )
        return int(row.fetchone()[0])

    def _few(self, match: str, most: int) -> list[int] | None:
        """The photos that match, rising; None if they are more than `most`."""
        rows = self._store.reader().execute(
            "SELECT rowid FROM photo_words WHERE photo_words MATCH ? LIMIT ?",
            (match, most + 1),
        )
        found = [row[0] for row in rows]
        return found if len(found) <= most else None

    def _scored(self, words: Sequence[str]) -> list[tuple[int, float]]:
        """Every photo with any of the words, best first: 1.3 µs each, and 4 if their
        rows of `photos` were looked at as well."""
        if not words:
            return []
        rows = self._store.reader().execute(
            "SELECT rowid, -bm25(photo_words) AS score FROM photo_words "
            "WHERE photo_words MATCH ? ORDER BY score DESC, rowid",
            (" OR ".join(words),),
        )
        return rows.fetchall()

    def _present(
        self, found: Sequence[tuple[int, float]], limit: int
    ) -> list[tuple[int, float]]:
        """The first `limit` that are not missing."""
        kept: list[tuple[int, float]] = []
        for start in range(0, len(found), _MANY):
            part = found[start : start + _MANY]
            ids = ",".join(str(row[0]) for row in part)
            rows = self._store.reader().execute(
                f"SELECT id FROM photos WHERE id IN ({ids}) AND +missing = 0"
            )
            present = {row[0] for row in rows}
            kept += [row for row in part if row[0] in present]
            if len(kept) >= limit:
                break
        return kept[:limit]


def _words(text: str) -> list[str]:
    """Terms of a MATCH expression: nothing but words in quotes, so that no text is a
    syntax error or an operator. "IMG_4711" and "t-shirt" are looked for as they stand:
    alone, "img" would bring every photo of a camera."""
    wholes = map(plain_words, _SPACE.split(text))
    different = list(dict.fromkeys(filter(None, wholes)))[:_MOST_WORDS]
    return [f'"{words}"' for words in different]
