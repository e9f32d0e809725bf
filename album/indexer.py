"""The indexer: runs the stages in the background until there is nothing left to do.

Nothing is remembered here that matters: every stage asks the catalogue what there is to
do, so the indexer can be paused, stopped, killed and started again at any moment.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence

from album.captioning import CaptioningStage
from album.catalogue import Catalogue
from album.catalogue_failures import Failure
from album.costly import Costly
from album.errors import AlbumError
from album.memory import give_back
from album.photo import Author
from album.progress import Progress, Rate, count_done
from album.rounds import Rounds
from album.scanner import Scanner, ScanSummary
from album.stage import Stage

logger = logging.getLogger(__name__)

RETRY_S = 30.0
"""After an error of the disk or the catalogue (full, gone): wait this long, try on."""
TRIM_ROUNDS = 10
"""Freed memory is returned after so many rounds, of about 32 pictures each."""


class Indexer:
    """Scans the roots, then lets each stage do a batch in turn, first stages first.

    Taking turns keeps the search close behind the reading: a picture is read, captioned
    and embedded within the same round, and a slow captioner never holds up a new file
    for longer than one batch.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        scanner: Scanner,
        stages: Sequence[Stage],
        *,
        notice: Callable[[], str | None] = lambda: None,
        rescan_s: float | None = None,
        when_done: Callable[[], object] = lambda: None,
    ) -> None:
        """`notice`: one sentence for the page, such as that a model is being fetched;
        `rescan_s`: look at the roots again this often while idle, or never;
        `when_done`: called whenever nothing is left to do, to tidy up."""
        self._catalogue = catalogue
        self._scanner = scanner
        self._rounds = Rounds(stages, lambda: catalogue.changes)
        self._notice = notice
        self._rescan_s = rescan_s
        self._when_done = when_done
        self._scanned_at = time.monotonic()
        self._counts = Costly(self._count)
        self._counts_lock = threading.Lock()
        self._wake = threading.Event()
        self._stop = threading.Event()
        self._go = threading.Event()
        self._go.set()
        self._scan_wanted = threading.Event()
        self._thread: threading.Thread | None = None
        self._trouble: str | None = None
        self._rate = Rate()
        self.summaries: list[ScanSummary] = []

    # -- in the background ---------------------------------------------------------

    def start(self) -> None:
        """Scan and index in a thread of its own, until `stop`."""
        self.request_scan()
        self._thread = threading.Thread(target=self._run, name="indexer", daemon=True)
        self._thread.start()

    def stop(self, timeout_s: float = 10.0) -> None:
        """Finish the batch at hand and end the thread."""
        self._stop.set()
        self._go.set()
        self._wake.set()
        if self._thread is not None:
            self._thread.join(timeout_s)

    def pause(self) -> None:
        """Stop after the batch at hand, until `resume`."""
        self._go.clear()
        self._rate.pause()

    def resume(self) -> None:
        """Go on."""
        self._go.set()
        self._wake.set()

    def wake(self) -> None:
        """There is something new to do: an upload, or weights that have arrived."""
        self._wake.set()

    def request_scan(self) -> None:
        """Look at the roots again as soon as the batch at hand is done."""
        self._scan_wanted.set()
        self._wake.set()

    def _run(self) -> None:
        while not self._stop.is_set():
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
            if not self._stop.is_set():
                self._rest()

    def _rest(self) -> None:
        """Until there is news, the next look at the roots, or a model's next try."""
        now = time.monotonic()
        next_try = self._rounds.next_try()
        moments = [] if next_try is None else [next_try]
        if self._rescan_s is not None:
            moments.append(self._scanned_at + self._rescan_s)
        self._wake.wait(max(0.0, min(moments) - now) if moments else None)
        if self._rescan_s is not None:
            due = self._scanned_at + self._rescan_s
            if time.monotonic() >= due:
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
        self._rounds.begin()
        if self._scan_wanted.is_set():
            self._rounds.stage = "scan"
            self.scan()
            self._scan_wanted.clear()  # only now: one that failed is still wanted
            self._scanned_at = time.monotonic()
        rounds = 0
        while not self._halted():
            rounds += 1
            done = self._rounds.once(self._halted)
            on_round()
            self.progress()  # lets the rate see how many are done
            if done == 0:
                self._when_done()
                give_back()
                break
            if rounds % TRIM_ROUNDS == 0:
                give_back()
        self._counts.drop()
        self._rounds.end()

    def scan(self) -> list[ScanSummary]:
        """Look at every root; what each scan saw."""
        self.summaries = [
            self._scanner.scan(root, self._stop.is_set)
            for root in self._catalogue.roots.all()
        ]
        return self.summaries

    def _halted(self) -> bool:
        return self._stop.is_set() or not self._go.is_set()

    # -- what people see -----------------------------------------------------------

    def progress(self) -> Progress:
        """How far the album is: cheap enough to ask every second."""
        with self._counts_lock:
            done, total, failed = self._counts.get(self._catalogue.changes)
        paused = not self._go.is_set()
        if not paused:
            self._rate.look(done)
        rate = None if paused else self._rate.per_second()
        return Progress(
            stage=self._rounds.stage,
            done=done,
            total=total,
            per_minute=None if rate is None else rate * 60,
            eta_s=None if rate is None else (total - done) / rate,
            current=self._rounds.current(),
            failed=failed,
            paused=paused,
            busy=done < total or self._rounds.stage == "scan",
            notice=self._trouble or self._rounds.notice() or self._notice(),
        )

    def _count(self) -> tuple[int, int, int]:
        """(done, total, failed)."""
        counts = self._catalogue.photos.counts()
        failed = self._catalogue.files.counts()["failed"]
        failed += self._catalogue.queue.count_failed(self._authors())
        present = counts["photos"] - counts["missing"]
        return *count_done(present, self._rounds.pending()), failed

    def failures(self) -> list[Failure]:
        """The files that could not be read, and the photos that could not be captioned
        by those who write captions now, each with its reason."""
        unread = self._catalogue.failures.all()
        return unread + self._catalogue.queue.failures(self._authors())

    def _authors(self) -> list[Author]:
        stages = self._rounds.stages
        return [stage.author for stage in stages if isinstance(stage, CaptioningStage)]

    def retry_failures(self) -> int:
        """Try everything again that was given up; how many."""
        count = self._catalogue.failures.retry_all()
        count += self._catalogue.queue.retry_failures()
        self.wake()
        return count
