"""Bringing the model's weights in the background, and saying so in one sentence."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from pathlib import Path

from album.captioners.checkpoint import find_checkpoint
from album.captioners.hub import download_size, fetch_weights
from album.captioners.weights import QWEN, Kind, find_weights
from album.errors import ModelUnavailable

logger = logging.getLogger(__name__)

STOP_S = 5.0
"""A download that hangs in the network is not waited for longer; it is a daemon."""
RATE_S = 5.0
"""The rate of a download is not told from less than this."""
BASIC_MEANWHILE = "Captions are basic guesses"
BASIC_REPLACED = "its captions replace the basic ones"


def is_here(model: str, folder: Path, kind: Kind = QWEN) -> bool:
    """Whether the model can be loaded without a download. Of Qwen the saved INT4
    checkpoint is enough; the 16-bit source may have been deleted."""
    source = find_weights(model, folder, kind)
    if source or kind is not QWEN:
        return source is not None
    return bool(find_checkpoint(model, source, folder))


class WeightsFetch:
    """Looks for a model's weights, fetches them if it may, and tells how that goes.

    Nothing waits for it: until `ready`, `meanwhile` says what there is, and `then` what
    changes with it.
    """

    def __init__(
        self,
        model: str,
        folder: Path,
        *,
        offline: bool,
        kind: Kind = QWEN,
        meanwhile: str = BASIC_MEANWHILE,
        then: str = BASIC_REPLACED,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`folder` takes the download; `offline` declines it."""
        self._clock = clock
        self._kind = kind
        self._meanwhile = meanwhile
        self._then = then
        self._model = model
        self._folder = folder
        self._offline = offline
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None
        self._ready = threading.Event()
        self._trouble: str | None = None
        self._done = 0
        self._total = 0
        self._said = 0
        self._first: tuple[float, int] | None = None
        self._on_ready: Callable[[], None] = lambda: None
        self._say: Callable[[str], None] = lambda sentence: None

    def on_ready(self, act: Callable[[], None]) -> None:
        """Call this once the weights are here."""
        self._on_ready = act

    def on_news(self, say: Callable[[str], None]) -> None:
        """Call this with a sentence when there is something to tell: the size before
        the download, every tenth part of it, and how it ended."""
        self._say = say

    def start(self) -> None:
        """Look on this machine at once; if they are not there, fetch in the background
        (which first asks the hub for the size, and says it)."""
        if is_here(self._model, self._folder, self._kind):
            self._arrived()
        elif self._offline:
            self._trouble = (
                f"{self._model} is not on this machine and --offline forbids fetching "
                f"it; {self._kind.without}."
            )
        else:
            self._thread = threading.Thread(
                target=self._run, name="weights", daemon=True
            )
            self._thread.start()

    def ready(self) -> bool:
        """Whether the weights are on this machine."""
        return self._ready.is_set()

    def running(self) -> bool:
        """Whether a download is under way."""
        return self._thread is not None and self._thread.is_alive()

    def wait(self) -> None:
        """Until the download has ended, one way or the other."""
        if self._thread is not None:
            self._thread.join()

    def need(self) -> None:
        """Have the weights now, fetched if allowed. Raises ModelUnavailable."""
        self.start()
        self.wait()
        if not self.ready():
            raise ModelUnavailable(
                self._trouble or f"{self._model} could not be fetched."
            )

    def stop(self) -> None:
        """Break off a download; what has come is kept for the next time."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join(STOP_S)

    def notice(self) -> str | None:
        """One sentence for the page and the terminal, or None when all is well."""
        if self._ready.is_set():
            return None
        if self._trouble is not None:
            return f"{self._meanwhile}: {self._trouble}"
        if self.running() and self._total:
            return (
                f"{self._meanwhile} while {self._model} is being fetched: "
                f"{self._done / 1e9:.1f} of {self._total / 1e9:.1f} GB"
                f"{self._time_left()}."
            )
        return f"{self._meanwhile} while {self._model} is being looked for."

    def _run(self) -> None:
        try:
            self._total = download_size(self._model, self._kind)
            self._say(f"Fetching {self._model}, {self._total / 1e9:.1f} GB.")
            fetch_weights(
                self._model,
                self._folder,
                self._progress,
                self._stopping.is_set,
                self._kind,
            )
        except ModelUnavailable as error:
            self._trouble = str(error)
            if not self._stopping.is_set():
                self._say(self.notice() or "")
            return
        self._arrived()
        self._say(f"{self._model} is here; {self._then}.")

    def _progress(self, done: int, total: int) -> None:
        self._done, self._total = done, total
        if self._first is None:
            self._first = (self._clock(), done)
        tenth = 10 * done // max(1, total)
        if tenth > self._said:
            self._said = tenth
            self._say(f"{self._model}: {tenth * 10} % fetched{self._time_left()}.")

    def _time_left(self) -> str:
        """ ", about 7 min left" at the rate so far; nothing in the first seconds."""
        if self._first is None:
            return ""
        seconds, came = self._clock() - self._first[0], self._done - self._first[1]
        left = self._total - self._done
        if seconds < RATE_S or came <= 0 or left <= 0:
            return ""
        return f", about {max(1, round(left * seconds / came / 60))} min left"

    def _arrived(self) -> None:
        self._ready.set()
        self._on_ready()
