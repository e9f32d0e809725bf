"""The indexer: runs the stages in the background until there is nothing left to do.

Nothing is remembered here that matters: every stage asks the catalogue what there is to
do, so the indexer can be paused, stopped, killed and started again at any moment.
"""

from __future__ import annotations

import itertools
import logging
import threading
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from album.attention import Attention
from album.catalogue import Catalogue
from album.catalogue_failures import Failure
from album.errors import AlbumError
from album.lanes import Lanes
from album.memory import give_back
from album.overview import Overview
from album.progress import Progress
from album.rounds import Rounds
from album.scanner import Scanner, ScanSummary
from album.stage import ModelStage, Stage

logger = logging.getLogger(__name__)

RETRY_S = 30.0
"""After an error of the disk or the catalogue (full, gone): wait this long, try on."""
TRIM_ROUNDS = 10
"""Freed memory is returned after so many rounds, of about 32 pictures each."""


PAUSED = "paused"
"""The fact in the catalogue that lets a pause outlive a restart."""


class Indexer:
    """Scans the roots, then lets the stages do a batch in turn, first stages first.

    Taking turns keeps the search close behind the reading: a picture is read, captioned
    and embedded within the same round. Slow stages, a caption model that needs a minute
    a batch, run beside the others and never hold up a new file.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        scanner: Scanner,
        stages: Sequence[Stage],
        slow: Sequence[Stage] = (),
        *,
        attention: Attention | None = None,
        notice: Callable[[], str | None] = lambda: None,
        rescan_s: float | None = None,
        when_done: Callable[[], object] = lambda: None,
    ) -> None:
        """`slow`: stages with a lane of their own; `attention`: told what people look
        at; `notice`: one sentence for the page, such as that a model is being fetched;
        `rescan_s`: look at the roots again this often while idle, or never;
        `when_done`: called whenever nothing is left to do, to tidy up."""
        self._catalogue = catalogue
        self._scanner = scanner
        lanes = [Rounds(lane, self._changes) for lane in (stages, slow) if lane]
        self._lanes = Lanes(lanes, self._changes)
        self._attention = attention or Attention()
        self._overview = Overview(catalogue, self._lanes, notice)
        self._rescan_s = rescan_s
        self._when_done = when_done
        self._scanned_at = time.monotonic()
        self.scanned_at: datetime | None = None
        self._wake = threading.Event()
        self._stop = threading.Event()
        self._go = threading.Event()
        if catalogue.facts.get(PAUSED) is None:
            self._go.set()
        self._scan_wanted = threading.Event()
        self._thread: threading.Thread | None = None
        self._trouble: str | None = None
        self.summaries: list[ScanSummary] = []

    def _changes(self) -> int:
        return self._catalogue.changes

    # -- in the background ---------------------------------------------------------

    def start(self) -> None:
        """Scan and index in a thread of its own, until `stop`."""
        self.request_scan()
        self._thread = threading.Thread(target=self._run, name="indexer", daemon=True)
        self._thread.start()

    def stop(self, timeout_s: float = 10.0, patience_s: float = 2.0) -> None:
        """End the thread. The batch at hand has `patience_s` to be finished; a model
        that needs longer is ended, and its batch is done again the next time."""
        self._stop.set()
        self._go.set()
        self.wake()
        if self._thread is not None:
            self._thread.join(patience_s)
        for stage in self._models():
            stage.close()
        if self._thread is not None:
            self._thread.join(timeout_s)

    def pause(self) -> None:
        """Stop after the batch at hand and give the models' memory back, until
        `resume`, be it after a restart."""
        self._go.clear()
        self._catalogue.facts.set(PAUSED, datetime.now(UTC).isoformat())

    def resume(self, *, remember: bool = True) -> None:
        """Go on; unless `remember`, for this run of the program only."""
        if remember:
            self._catalogue.facts.set(PAUSED, None)
        self._go.set()
        self.wake()

    def look_at(self, photo_ids: Sequence[int]) -> None:
        """Somebody looks at these photos now: they go first."""
        self._attention.look_at(photo_ids)

    def wake(self) -> None:
        """There is something new to do: an upload, or weights that have arrived."""
        self._wake.set()
        self._lanes.notify()

    def request_scan(self) -> None:
        """Look at the roots again as soon as the batch at hand is done."""
        self._scan_wanted.set()
        self.wake()

    def rescan_every(self, seconds: float | None) -> None:
        """Look at the roots this often while idle; None: only when asked to."""
        self._rescan_s = seconds
        self.wake()

    def _run(self) -> None:
        while not self._stop.is_set():
            if not self._go.is_set():
                self._rest_models()
                self._go.wait()
            self._wake.clear()
            try:
                self.run_once()
                self._trouble = None
            except (AlbumError, OSError) as error:
                self._wait(str(error))
                continue
            except Exception as error:  # the page must outlive anything
                logger.exception("Indexing met an unexpected fault")
                self._wait(f"Indexing met an unexpected fault ({error!r}).")
                continue
            if not self._halted():
                self._rest()

    def _rest(self) -> None:
        """Until there is news, the next look at the roots, or a model's next try."""
        now = time.monotonic()
        tries = [lane.next_try() for lane in self._lanes.all]
        moments = [moment for moment in tries if moment is not None]
        rescan_s = self._rescan_s
        if rescan_s is not None:
            moments.append(self._scanned_at + rescan_s)
        self._wake.wait(max(0.0, min(moments) - now) if moments else None)
        rescan_s = self._rescan_s  # it may have been changed meanwhile
        if rescan_s is not None and time.monotonic() >= self._scanned_at + rescan_s:
            self._scan_wanted.set()

    def _wait(self, trouble: str) -> None:
        if self._stop.is_set():
            return  # the catalogue is being closed under us: no trouble of the user's
        self._trouble = trouble
        logger.error("Indexing waits %.0f s: %s", RETRY_S, trouble)
        self._stop.wait(RETRY_S)

    # -- once ----------------------------------------------------------------------

    def run_once(self, on_round: Callable[[], None] = lambda: None) -> None:
        """Scan if asked to, then work until no stage has anything left.

        `on_round` is called after every batch. Returns early on `stop` and `pause`.
        """
        if self._scan_wanted.is_set():
            self._lanes.all[0].stage = "scan"
            self.scan()
            self._scan_wanted.clear()  # only now: one that failed is still wanted
            self._scanned_at = time.monotonic()
            self.scanned_at = datetime.now(UTC)
        rounds = itertools.count(1)

        def after_round(_done: int) -> None:
            on_round()
            self.progress()  # lets the rate see how many are done
            if next(rounds) % TRIM_ROUNDS == 0:
                give_back()

        try:
            self._lanes.work(self._halted, after_round)
        finally:
            self._overview.drop()
        if not self._halted():
            self._when_done()
            give_back()

    def scan(self) -> list[ScanSummary]:
        """Look at every root; what each scan saw."""
        self.summaries = [
            self._scanner.scan(root, self._stop.is_set)
            for root in self._catalogue.roots.all()
        ]
        return self.summaries

    def _halted(self) -> bool:
        return self._stop.is_set() or not self._go.is_set()

    def _models(self) -> list[ModelStage]:
        return [stage for lane in self._lanes.all for stage in lane.models()]

    def _rest_models(self) -> None:
        for stage in self._models():
            stage.rest()
        give_back()

    # -- what people see -----------------------------------------------------------

    def progress(self) -> Progress:
        """How far the album is: cheap enough to ask every second."""
        return self._overview.progress(
            paused=not self._go.is_set(), trouble=self._trouble
        )

    def failures(self) -> list[Failure]:
        """The files that could not be read, and the photos that could not be captioned
        by those who write captions now, each with its reason."""
        return self._overview.failures()

    def retry_failures(self) -> int:
        """Try everything again that was given up; how many."""
        count = self._catalogue.failures.retry_all()
        count += self._catalogue.queue.retry_failures()
        self.wake()
        return count
