"""What people see of the work in the background."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from album.captioning import CaptioningStage
from album.catalogue import Catalogue
from album.catalogue_failures import Failure
from album.costly import Costly
from album.lanes import Lanes
from album.photo import Author
from album.progress import Progress, Rate, count_done


@dataclass(frozen=True, slots=True)
class _Counts:
    """Photos through every stage, all photos, those given up, and how many the slowest
    stage has still before it."""

    done: int
    total: int
    failed: int
    left: int


class Overview:
    """How far the album is and what went wrong. Safe from any thread."""

    def __init__(
        self, catalogue: Catalogue, lanes: Lanes, notice: Callable[[], str | None]
    ) -> None:
        """`notice`: one sentence for the page, such as of a model being fetched."""
        self._catalogue = catalogue
        self._lanes = lanes.all
        self._notice = notice
        self._counts = Costly(self._count)
        self._lock = threading.Lock()
        self._rate = Rate()

    def progress(self, *, paused: bool, trouble: str | None) -> Progress:
        """One look. `trouble` is a sentence on what stops everything, or None."""
        with self._lock:
            counts = self._counts.get(self._catalogue.changes)
        done, total, left = counts.done, counts.total, counts.left
        lanes = self._lanes
        waits = _first(lane.waits() for lane in lanes) if done < total else None
        if paused or waits or done >= total:
            self._rate.pause()
        else:
            self._rate.look(total - left)
        rate = self._rate.per_second()
        # The slow lane is the one people wait for.
        stage = _first(lane.stage for lane in reversed(lanes)) or ""
        return Progress(
            stage=stage,
            done=done,
            total=total,
            per_minute=None if rate is None else rate * 60,
            eta_s=self._rate.seconds_left(left),
            current=_first(lane.current() for lane in reversed(lanes)),
            failed=counts.failed,
            paused=paused,
            busy=done < total or stage == "scan",
            notice=trouble or _first(lane.notice() for lane in lanes) or self._notice(),
            waits=waits,
        )

    def drop(self) -> None:
        """Count anew the next time, whatever it costs."""
        with self._lock:
            self._counts.drop()

    def failures(self) -> list[Failure]:
        """Unread files, and photos that the present authors could not caption."""
        unread = self._catalogue.failures.all()
        return unread + self._catalogue.queue.failures(self._authors())

    def _authors(self) -> list[Author]:
        stages = [stage for lane in self._lanes for stage in lane.models()]
        return [stage.author for stage in stages if isinstance(stage, CaptioningStage)]

    def _count(self) -> _Counts:
        counts = self._catalogue.photos.counts()
        failed = self._catalogue.files.counts()["failed"]
        failed += self._catalogue.queue.count_failed(self._authors())
        present = counts["photos"] - counts["missing"]
        pending: dict[str, int] = {}
        for lane in self._lanes:
            pending |= lane.pending()
        done, total = count_done(present, pending)
        # The time left is that of the slow model, if there is one: at the beginning it
        # may write faster than the text model, still being loaded, embeds.
        slow = [pending.get(stage.name, 0) for stage in self._lanes[-1].models()]
        unread = pending.get("read", 0)
        left = max(slow) + unread if any(slow) else total - done
        return _Counts(done, total, failed, left)


def _first(texts: Iterable[str | None]) -> str | None:
    return next((text for text in texts if text), None)
