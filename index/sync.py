"""Keeping the vector index equal to the catalogue: embed what is new, follow what has
changed, and throw away whatever does not fit.

The order of writes is the whole safety: a vector is in the catalogue before it is in
the index, and the index file carries the number of the last change that it has seen.
So the file may be old or gone, but it is never ahead of the truth.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from pathlib import Path

from index.builder import IndexBuilder
from index.caption_vectors import CaptionVectors
from index.embedder import Embedder
from index.errors import IndexDamaged, SearchError
from index.index_kinds import FLAT_MOST, load
from index.renewal import Renewal
from index.source import Source
from index.vectors import VectorIndex

_log = logging.getLogger(__name__)

BATCH = 64
"""Captions embedded and committed at a time: a bit more than a second on two cores."""

# When a changed index is written to its file. Replaying is cheap and the catalogue
# holds everything, so this only shortens the next start. The file of a million photos
# has 0.4 GB: it is written again after as many changes as make it worth that.
_SAVE_AFTER_CHANGES = 2000
_SAVE_AFTER_SHARE = 0.05
_SAVE_WHEN_IDLE_S = 20.0


class Sync:
    """The index of one catalogue and one embedder. Safe to use from several threads.

    As a stage of indexing it has a `name`, `pending` and `step`.
    """

    name = "embed"

    def __init__(
        self,
        catalogue: Source,
        embedder: Embedder,
        path: Path,
        *,
        read_only: bool = False,
        flat_most: int = FLAT_MOST,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Nothing is read before `open`. With `read_only`, for a process beside the
        one that writes, changes are followed in memory and no file is touched. Beyond
        `flat_most` photos the index becomes an approximate one."""
        self._catalogue = catalogue
        self._embedder = embedder
        self._captions = CaptionVectors(catalogue, embedder)
        self._builder = IndexBuilder(catalogue, embedder, flat_most=flat_most)
        self._path = path
        self._read_only = read_only
        self._clock = clock
        self._lock = threading.RLock()  # held by whoever changes or saves the index
        self._index: VectorIndex | None = None
        self._seq = 0
        self._unsaved = 0
        self._changed_at = 0.0
        self._renewal = Renewal(self._builder, self._adopt)

    def open(self) -> None:
        """Load the file if it fits and follow what has changed since; else build the
        index from the catalogue's vectors. No text is embedded. May be called again."""
        if self._index is not None:
            return  # not even waiting for a save
        with self._lock:
            if self._index is not None:
                return
            if not self._load():
                self._rebuild()
            self._follow()
            held = self._catalogue.vectors.count(self._embedder.name)
            if len(self.index) != held and self.fresh():
                _log.warning(
                    "the index holds %d photos, not %d; building it again",
                    len(self.index),
                    held,
                )
                self._rebuild()
                self._follow()
            self._renew_if_outgrown()

    @property
    def index(self) -> VectorIndex:
        """The index as it is. Raises SearchError before `open`."""
        if self._index is None:
            raise SearchError("The search is not ready yet. Try again in a moment.")
        return self._index

    @property
    def size(self) -> int:
        """How many photos can be found."""
        return 0 if self._index is None else len(self._index)

    def fresh(self) -> bool:
        """Whether the index has seen every change in the catalogue."""
        return self._seq == self._catalogue.vectors.last_change()

    def pending(self) -> int:
        """How many captions have no vector yet, or no parts though the embedder gives
        some: those of an older album are embedded once more, in the background."""
        return self._captions.pending()

    def step(self, limit: int = BATCH) -> int:
        """Embed up to `limit` captions, and let the index follow; how many there were.

        Searches go on meanwhile. Raises SearchError when opened to read only, and
        EmbedderUnavailable. A caption that cannot be embedded is refused, and counted
        as one that was dealt with.
        """
        if self._read_only:
            raise SearchError("This index was opened for reading only.")
        done = self._captions.embed(limit)
        self.refresh()
        self.save_if_due()
        return done

    def refresh(self) -> bool:
        """Follow what has changed in the catalogue; False when nothing had.

        Without changes it costs one `SELECT max(…)` and the comparison of two numbers.
        """
        self.open()
        if self.fresh():
            return False
        with self._lock:
            return self._follow()

    def save(self) -> bool:
        """Write the index to its file if it has changed; whether it was written.

        A full disk is logged and costs only the time of the next start.
        """
        with self._lock:
            if self._index is None or self._read_only or not self._unsaved:
                return False
            self._unsaved = 0
            try:
                self._index.save(
                    self._path,
                    seq=self._seq,
                    embedder=self._embedder.name,
                    catalogue_id=self._catalogue.id,
                )
            except OSError as error:
                _log.warning("the index could not be saved: %s", error)
                return False
            return True

    def save_if_due(self) -> bool:
        """`save` after 2,000 changes or, if that is more, to a twentieth of all, or
        20 s after the last one; whether it did."""
        if not self._unsaved:
            return False
        idle = self._clock() - self._changed_at >= _SAVE_WHEN_IDLE_S
        many = max(_SAVE_AFTER_CHANGES, _SAVE_AFTER_SHARE * self.size)
        return (idle or self._unsaved >= many) and self.save()

    def close(self) -> None:
        """Give up a renewal of the index, which may take some seconds to notice, and
        `save`. To be called before the catalogue is closed."""
        self._renewal.stop()
        self.save()

    def _load(self) -> bool:
        """Whether the file fits; one that does not is deleted at once.

        At once, because a catalogue that was restored from a backup counts its changes
        on from an older number: one day it would pass the file's.
        """
        try:
            index, stamp = load(self._path, self._builder.exact)
        except FileNotFoundError:
            return False
        except IndexDamaged as error:
            _log.warning("%s It is built again.", error)
            self._discard()
            return False
        if (
            not stamp.fits(self._catalogue.id, self._embedder)
            or stamp.seq > self._catalogue.vectors.last_change()
        ):
            _log.info("the index file is of another catalogue, time or model")
            self._discard()
            return False
        self._index, self._seq = index, stamp.seq
        return True

    def _discard(self) -> None:
        if self._read_only:
            return
        try:
            self._path.unlink(missing_ok=True)
        except OSError as error:
            _log.warning("the useless index file could not be deleted: %s", error)

    def _rebuild(self) -> None:
        index, self._seq = self._builder.build()
        self._index = index
        self._note(len(index))

    def _follow(self) -> bool:
        seq, changes = self._builder.follow(self.index, self._seq)
        if seq == self._seq:
            return False
        self._seq = seq
        self._note(changes)
        self._renew_if_outgrown()
        return True

    def _renew_if_outgrown(self) -> None:
        """One that only reads leaves that to the one that writes."""
        if not self._read_only:
            self._renewal.start_if_outgrown(self.index)

    def _adopt(self, index: VectorIndex, seq: int) -> None:
        with self._lock:
            seq, _ = self._builder.follow(index, seq)
            self._index, self._seq = index, seq
            self._note(len(index))

    def _note(self, changes: int) -> None:
        self._unsaved += changes
        self._changed_at = self._clock()
