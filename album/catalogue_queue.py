"""What is still to be captioned: asked of the captions, remembered nowhere else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from album.catalogue_caption_rows import author_values
from album.catalogue_failures import Failure
from album.catalogue_rows import shown_path
from album.catalogue_store import Store
from album.photo import Author

_SAME_BATCH_S = 0.02

MAX_ATTEMPTS = 2
"""A photo whose captioning fails this often is left alone by that author."""

# What an author still has to do: present, not described by a person, without a fresh
# caption by this very author, and not given up.
_WANTED = (
    "FROM photos p WHERE p.missing = 0 AND NOT EXISTS (SELECT 1 FROM captions c WHERE "
    "c.photo_id = p.id AND c.withdrawn_at IS NULL AND (c.captioner = 'person' OR "
    "(c.captioner = ?1 AND c.model = ?2 AND c.prompt_version = ?3 AND "
    "c.prompt_variant = ?4 AND c.stale_since IS NULL))) "
    "AND NOT EXISTS (SELECT 1 FROM caption_failures x WHERE x.photo_id = p.id AND "
    "x.captioner = ?1 AND x.model = ?2 AND x.prompt_version = ?3 AND "
    "x.prompt_variant = ?4 AND x.attempts >= ?5) "
    # Nothing of a disk that is away; asked as a list, which is nearly always empty.
    "AND NOT EXISTS (SELECT 1 FROM roots r JOIN files f ON f.root_id = r.id "
    "WHERE r.offline_since IS NOT NULL AND f.id = p.file_id) "
)


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast an author wrote lately: `count` captions in `seconds`."""

    count: int
    seconds: float


class CaptionQueue:
    """Photos that wait for an author, and those it has given up."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def wanted(
        self, author: Author, limit: int, first: Sequence[int] = ()
    ) -> list[int]:
        """Ids of photos this author has still to caption: those of `first` in its
        order (at most 500 of it count), then uploads, then the newest."""
        values = (*author_values(author), MAX_ATTEMPTS)
        wanted = self._wanted_of(values, list(first)[:500])
        reader = self._store.reader()
        uploads = reader.execute(
            f"SELECT p.id {_WANTED} AND p.file_id IN (SELECT f.id FROM files f JOIN "
            "roots r ON r.id = f.root_id WHERE r.kind = 'uploads') "
            "ORDER BY p.id DESC LIMIT ?6",
            (*values, limit + len(wanted)),
        )
        wanted += [row[0] for row in uploads]
        # A query of its own, because this order is the index's: nothing is sorted.
        others = reader.execute(
            f"SELECT p.id {_WANTED} ORDER BY p.sort_at DESC, p.id DESC LIMIT ?6",
            (*values, limit + len(wanted)),
        )
        wanted += [row[0] for row in others]
        return list(dict.fromkeys(wanted))[:limit]

    def _wanted_of(
        self, values: tuple[str | int, ...], photo_ids: Sequence[int]
    ) -> list[int]:
        if not photo_ids:
            return []
        marks = ",".join(str(int(key)) for key in photo_ids)
        rows = self._store.reader().execute(
            f"SELECT p.id {_WANTED} AND p.id IN ({marks})", values
        )
        found = {row[0] for row in rows}
        return [key for key in photo_ids if key in found]

    def count_wanted(self, author: Author) -> int:
        """How many photos this author has still to caption."""
        row = self._store.reader().execute(
            f"SELECT count(*) {_WANTED}", (*author_values(author), MAX_ATTEMPTS)
        )
        return int(row.fetchone()[0])

    def record_failure(self, photo_id: int, author: Author, reason: str) -> None:
        """Count one failed try of an author at a photo. With the last one a caption
        that was to be written again is good enough after all: nobody waits for ever."""
        with self._store.write() as connection:
            connection.execute(
                "INSERT INTO caption_failures VALUES (?, ?, ?, ?, ?, 1, ?) ON CONFLICT "
                "DO UPDATE SET attempts = attempts + 1, reason = excluded.reason",
                (photo_id, *author_values(author), reason),
            )
            connection.execute(
                "UPDATE captions SET stale_since = NULL WHERE photo_id = ?1 AND "
                "stale_since IS NOT NULL AND (captioner = 'basic') = (?2 = 'basic') "
                "AND EXISTS (SELECT 1 FROM caption_failures x WHERE x.photo_id = ?1 "
                "AND x.captioner = ?2 AND x.model = ?3 AND x.prompt_version = ?4 AND "
                "x.prompt_variant = ?5 AND x.attempts >= ?6)",
                (photo_id, *author_values(author), MAX_ATTEMPTS),
            )

    def retry_failures(self) -> int:
        """Let every author try again what it gave up; how many there were."""
        with self._store.write() as connection:
            return connection.execute("DELETE FROM caption_failures").rowcount

    def count_failed(self, authors: Sequence[Author] | None = None) -> int:
        """How many photos one of the authors (None: anybody) has given up."""
        where, values = _one_of(authors)
        row = self._store.reader().execute(
            "SELECT count(DISTINCT x.photo_id) FROM caption_failures x JOIN photos p "
            "ON p.id = x.photo_id WHERE p.removed_at IS NULL AND x.attempts >= ? "
            f"{where}",
            (MAX_ATTEMPTS, *values),
        )
        return int(row.fetchone()[0])

    def failures(
        self, authors: Sequence[Author] | None = None, limit: int = 1000
    ) -> list[Failure]:
        """The photos given up by one of the authors (None: anybody), newest first."""
        where, values = _one_of(authors)
        rows = self._store.reader().execute(
            "SELECT p.id, f.id, r.path, f.path, f.given_name, x.reason, x.attempts, "
            "x.captioner FROM caption_failures x JOIN photos p ON p.id = x.photo_id "
            "JOIN files f ON f.id = p.file_id JOIN roots r ON r.id = f.root_id "
            f"WHERE p.removed_at IS NULL AND x.attempts >= ? {where} "
            "ORDER BY p.sort_at DESC, p.id LIMIT ?",
            (MAX_ATTEMPTS, *values, limit),
        )
        failures = []
        for photo, file, root, path, given, reason, attempts, captioner in rows:
            folder, name = shown_path(root, path, given)
            failures.append(
                Failure(file, folder, name, reason, attempts, photo, captioner)
            )
        return failures

    def pace(self, author: Author, latest: int = 60) -> Pace | None:
        """How fast the author's latest captions came, whoever looks and whenever; None
        before there are two batches.

        Captions of one batch are written within milliseconds; the time between two
        batches counts, but no longer than five times the usual: the rest was a pause.
        """
        rows = self._store.reader().execute(
            "SELECT written_at FROM captions WHERE captioner = ? AND model = ? AND "
            "prompt_version = ? AND prompt_variant = ? ORDER BY id DESC LIMIT ?",
            (*author_values(author), latest),
        )
        moments = [datetime.fromisoformat(row[0]).timestamp() for row in rows]
        gaps = [later - sooner for later, sooner in pairwise(moments)]
        between = sorted(gap for gap in gaps if gap > _SAME_BATCH_S)
        if not between:
            return None
        most = 5 * between[len(between) // 2]
        return Pace(len(gaps), sum(min(gap, most) for gap in gaps))


def _one_of(authors: Sequence[Author] | None) -> tuple[str, list[str | int]]:
    """SQL that narrows `caption_failures x` to these authors, and its values."""
    if authors is None:
        return "", []
    same = (
        "(x.captioner = ? AND x.model = ? AND x.prompt_version = ? "
        "AND x.prompt_variant = ?)"
    )
    values = [value for author in authors for value in author_values(author)]
    return f"AND ({' OR '.join([same] * len(authors)) or '0'})", values
