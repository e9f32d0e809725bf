"""What is there: a walk over a root, and what has changed since the last one.

A scan costs one `scandir` and one `stat` per file; contents are read later, by the
reading stage, for files that are new or look different. A scan deletes no row: a file
that is not there is marked missing, and a root that cannot be seen is offline and
changes nothing.
"""

from __future__ import annotations

import logging
import os
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from album.catalogue import Catalogue
from album.catalogue_files import Fingerprint, KnownFile
from album.catalogue_roots import Root
from album.walk import Walk

logger = logging.getLogger(__name__)

# A file system may keep times to 2 s only (FAT); a file changed that soon before the
# look could be changed again without a trace, so its content is checked once more.
RACY_NS = 2_000_000_000

_INT64 = 2**63 - 1
_BATCH = 5000  # rows a transaction: 100,000 new files in 20 commits


@dataclass(slots=True)
class ScanSummary:
    """What one scan of one root saw. `unreadable` names folders and why; `passed_over`
    counts files that are no pictures, by suffix."""

    seen: int = 0
    new: int = 0
    changed: int = 0
    returned: int = 0
    missing: int = 0
    offline: bool = False
    unreadable: list[tuple[str, str]] = field(default_factory=list)
    passed_over: Counter[str] = field(default_factory=Counter)


@dataclass(slots=True)
class _Seen:
    """A walk beside what was known: `unmet` is what of it was not met."""

    started_ns: int
    unmet: dict[bytes, KnownFile]
    changed: list[tuple[int, Fingerprint]] = field(default_factory=list)
    returned: list[int] = field(default_factory=list)


class Scanner:
    """Brings the catalogue's files table up to date with the disk."""

    def __init__(
        self,
        catalogue: Catalogue,
        *,
        never: tuple[Path, ...] = (),
        clock_ns: Callable[[], int] = time.time_ns,
    ) -> None:
        """`never`: folders that are not the user's, such as the data folder."""
        self._catalogue = catalogue
        self._never = frozenset(os.fsencode(p.resolve()) for p in never)
        self._clock_ns = clock_ns

    def scan(
        self, root: Root, stopped: Callable[[], bool] = lambda: False
    ) -> ScanSummary:
        """Look at `root`. When `stopped()` turns true, what was seen is kept and
        nothing is marked missing."""
        summary = ScanSummary()
        known = self._catalogue.files.known(root.id)
        seen = self._compare(root, dict(known), summary, stopped)
        if summary.seen == 0 and (
            not root.path.is_dir()
            or (
                root.kind == "folder"
                and any(not file.missing for file in known.values())
            )
        ):
            # An empty mount point looks just like an emptied folder. Nothing is lost
            # by waiting: the rows stay, and so does everything said of the photos.
            summary.offline = True
            self._catalogue.roots.set_offline(root.id, True)
            return summary
        if root.offline_since is not None:
            self._catalogue.roots.set_offline(root.id, False)
            self._catalogue.failures.retry_root(root.id)
        gone = _gone(seen.unmet, summary.unreadable, os.fsencode(root.path))
        files = self._catalogue.files
        if seen.changed:
            files.mark_changed(seen.changed, seen.started_ns)
        if seen.returned:
            files.set_missing(seen.returned, False)
        if gone:
            files.set_missing(gone, True)
        summary.changed = len(seen.changed)
        summary.returned = len(seen.returned)
        summary.missing = len(gone)
        return summary

    def _compare(
        self,
        root: Root,
        known: dict[bytes, KnownFile],
        summary: ScanSummary,
        stopped: Callable[[], bool],
    ) -> _Seen:
        """Walk the root beside what is known of it. New files are kept at once."""
        seen = _Seen(self._clock_ns(), unmet=known)
        new: list[tuple[bytes, Fingerprint]] = []
        never = self._never if root.kind == "folder" else frozenset()
        walk = Walk(root.path, never)
        summary.unreadable, summary.passed_over = walk.unreadable, walk.passed_over
        for path, stat in walk:
            summary.seen += 1
            old = known.pop(path, None)
            if old is None:
                new.append((path, fingerprint(stat)))
                if len(new) == _BATCH:
                    self._add(root, new, seen, summary)
            else:
                if old.missing:
                    seen.returned.append(old.id)
                if _looks_changed(old, stat):
                    seen.changed.append((old.id, fingerprint(stat)))
            if summary.seen % 512 == 0 and stopped():
                known.clear()  # what was not met may well be there
                break
        if new:
            self._add(root, new, seen, summary)
        return seen

    def _add(
        self,
        root: Root,
        new: list[tuple[bytes, Fingerprint]],
        seen: _Seen,
        summary: ScanSummary,
    ) -> None:
        self._catalogue.files.add(root.id, new, seen.started_ns)
        summary.new += len(new)
        new.clear()


def fingerprint(stat: os.stat_result) -> Fingerprint:
    """The parts of a `stat` that tell whether a file may have changed.

    Bounded to 63 bits, which is what SQLite holds: a broken clock can set a time of
    the year 42,000, and some network file systems use all 64 bits of an inode number.
    """
    return Fingerprint(
        stat.st_size,
        max(-_INT64, min(stat.st_mtime_ns, _INT64)),
        max(-_INT64, min(stat.st_ctime_ns, _INT64)),
        stat.st_ino & _INT64,
    )


def _looks_changed(old: KnownFile, stat: os.stat_result) -> bool:
    differs = (
        old.mtime_ns != stat.st_mtime_ns
        or old.size != stat.st_size
        or old.ctime_ns != stat.st_ctime_ns
    )
    # The inode number is kept but does not decide: some network and USB file systems
    # give a new one at every mount, and the whole library would be read again.
    if differs and fingerprint(stat)[:3] != old.fingerprint[:3]:
        return True
    return abs(old.checked_ns - stat.st_mtime_ns) < RACY_NS


def _gone(
    unseen: dict[bytes, KnownFile], unreadable: list[tuple[str, str]], top: bytes
) -> list[int]:
    """Ids of files that were not met, but for those that could not be looked at, or
    are below a folder that could not be read: of these nothing is known."""
    gone = [(path, file.id) for path, file in unseen.items() if not file.missing]
    if not unreadable:
        return [key for _, key in gone]
    closed = {place for place, _ in unreadable}
    below = tuple(place + os.sep for place in closed)

    def is_open(path: bytes) -> bool:
        shown = os.path.join(top, path).decode("utf-8", "backslashreplace")
        return shown not in closed and not shown.startswith(below)

    return [key for path, key in gone if is_open(path)]
