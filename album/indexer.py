"""The indexer: runs the stages in the background until there is nothing left to do.

Nothing is remembered here that matters: every stage asks the catalogue what there is to
do, so the indexer can be paused, stopped, killed and started again at any moment.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from typing import Protocol

from album.catalogue import Catalogue
from album.catalogue_files import Failure
from album.errors import AlbumError, ModelError
from album.memory import give_back
from album.progress import Progress, Rate, count_done
from album.scanner import Scanner, ScanSummary

logger = logging.getLogger(__name__)

RETRY_S = 30.0
"""After an error of the disk or the catalogue (full, gone): wait this long, try on."""
TRIM_ROUNDS = 10
"""Freed memory is returned after so many rounds, of about 32 pictures each."""


class Stage(Protocol):
    """One station of a picture's way. `step` does one batch and says how many."""

    name: str

    def pending(self) -> int: ...

    def step(self) -> int: ...


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
        self._stages = list(stages)
        self._notice = notice
        self._rescan_s = rescan_s
        self._when_done = when_done
        self._broken: dict[str, str] = {}
        self._wake = threading.Event()
        self._stop = threading.Event()
        self._go = threading.Event()
        self._go.set()
        self._scan_wanted = threading.Event()
        self._thread: threading.Thread | None = None
        self._stage = ""
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
            except AlbumError as error:
                self._trouble = str(error)
                logger.error("Indexing waits %.0f s: %s", RETRY_S, error)
                self._stop.wait(RETRY_S)
                continue
            except Exception as error:  # the page must outlive anything
                self._trouble = f"Indexing met an unexpected fault ({error!r})."
                logger.exception("Indexing waits %.0f s", RETRY_S)
                self._stop.wait(RETRY_S)
                continue
            if not self._stop.is_set() and not self._wake.wait(self._rescan_s):
                self._scan_wanted.set()

    # -- once ----------------------------------------------------------------------

    def run_once(self, on_round: Callable[[], None] = lambda: None) -> None:
        """Scan if asked to, then work until no stage has anything left.

        `on_round` is called after every batch. Returns early on `stop` and `pause`.
        """
        if self._scan_wanted.is_set():
            self._scan_wanted.clear()
            self._stage = "scan"
            self.scan()
        rounds = 0
        while not self._halted():
            done = 0
            rounds += 1
            if rounds % TRIM_ROUNDS == 0:
                give_back()
            for stage in self._stages:
                if self._halted():
                    break
                done += self._step(stage)
                on_round()
            if done == 0:
                self._when_done()
                give_back()
                break
            self._rate.look(self._count()[0])
        self._stage = ""

    def scan(self) -> list[ScanSummary]:
        """Look at every root; what each scan saw."""
        self.summaries = [
            self._scanner.scan(root, self._stop.is_set)
            for root in self._catalogue.roots.all()
        ]
        return self.summaries

    def _step(self, stage: Stage) -> int:
        if stage.name in self._broken:
            return 0
        self._stage = stage.name
        try:
            done = stage.step()
        except ModelError as error:
            # Without its model a stage can do nothing; the others go on.
            logger.error("The stage %s stops: %s", stage.name, error)
            self._broken[stage.name] = str(error)
            return 0
        return done

    def _halted(self) -> bool:
        return self._stop.is_set() or not self._go.is_set()

    # -- what people see -----------------------------------------------------------

    def progress(self) -> Progress:
        """How far the album is: cheap enough to ask every second."""
        done, total = self._count()
        self._rate.look(done)
        paused = not self._go.is_set()
        rate = None if paused else self._rate.per_second()
        current = (getattr(stage, "current", None) for stage in self._stages)
        return Progress(
            stage=self._stage,
            done=done,
            total=total,
            per_minute=None if rate is None else rate * 60,
            eta_s=None if rate is None else (total - done) / rate,
            current=next((name for name in current if name), None),
            failed=self._catalogue.files.counts()["failed"]
            + self._catalogue.captions.count_failed(),
            paused=paused,
            busy=done < total or self._stage == "scan",
            notice=self._trouble or next(iter(self._broken.values()), self._notice()),
        )

    def _count(self) -> tuple[int, int]:
        counts = self._catalogue.photos.counts()
        pending = {
            stage.name: stage.pending()
            for stage in self._stages
            if stage.name not in self._broken
        }
        return count_done(counts["photos"] - counts["missing"], pending)

    def failures(self) -> list[Failure]:
        """The files that could not be read, each with its reason."""
        return self._catalogue.files.failures()

    def retry_failures(self) -> int:
        """Try everything again that was given up; how many."""
        count = self._catalogue.files.retry_failures()
        count += self._catalogue.captions.retry_failures()
        self.wake()
        return count
