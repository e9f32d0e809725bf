"""One process that holds the caption model, as its parent sees it."""

from __future__ import annotations

import logging
import multiprocessing
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from multiprocessing import resource_tracker
from typing import Any

from album.captioners.base import Subject
from album.captioners.worker_child import serve
from album.captioners.worker_pipe import (
    Answer,
    Answers,
    Batch,
    Factory,
    PackedSubject,
    Refusal,
    Start,
    Started,
)
from album.errors import ModelError, ModelUnavailable

_FAREWELL_S = 3.0  # to leave in order once the pipe is closed; then it is killed


class WorkerLost(Exception):
    """The process died, or took too long and was killed.

    `reason` says so of one picture that did it twice; the text is for the log.
    """

    def __init__(self, text: str, reason: str) -> None:
        super().__init__(text)
        self.reason = reason


class WorkerProcess:
    """Starts with the object, ends with `end`. One thread asks; any may call `kill`."""

    def __init__(self, threads: int | None) -> None:
        """Raises OSError when the system gives no process."""
        # A forked child would inherit locks that the parent's threads hold.
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(
            target=serve,
            args=(theirs, threads, logging.getLogger().getEffectiveLevel()),
            name="captioner",
            daemon=True,
        )
        self._threads = threads
        self._timed_out: float | None = None
        try:
            with _deaf_to_ctrl_c():
                self._process.start()
        finally:
            # Else the pipe would stay open when the child dies, and nobody would know.
            theirs.close()

    @property
    def pid(self) -> int | None:
        """The process's number."""
        return self._process.pid

    def usable(self, threads: int | None) -> bool:
        """Whether it can be asked, and works with so many threads. For the asking
        thread: buries a dead child."""
        fits = self._timed_out is None and self._threads == threads
        return self._process.is_alive() and fits

    def load(self, factory: Factory, timeout_s: float) -> dict[str, Any]:
        """Have the captioner made and its model loaded; its `info`.

        Raises WorkerLost, and ModelError if the child says that it cannot be done.
        """
        started: Started = self._ask(Start(factory, timeout_s), timeout_s)
        return started.info

    def caption(self, subjects: Sequence[Subject], timeout_s: float) -> list[Answer]:
        """One answer for each subject. Raises WorkerLost and ModelError as `load`."""
        packed = tuple(PackedSubject.pack(subject) for subject in subjects)
        answers: Answers = self._ask(Batch(packed, timeout_s), timeout_s)
        return list(answers.answers)

    def kill(self) -> None:
        """At once; whoever waits for its answer gets WorkerLost."""
        self._process.kill()

    def end(self) -> None:
        """Let it leave, or kill it. For the asking thread."""
        self._pipe.close()
        self._process.join(_FAREWELL_S)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()

    def _ask(self, message: Start | Batch, timeout_s: float) -> Any:
        # A timer, since sending can hang as well as waiting for the answer.
        timer = threading.Timer(timeout_s, self._time_out, (timeout_s,))
        timer.daemon = True
        timer.start()
        try:
            self._pipe.send(message)
            reply = self._pipe.recv()
        except (EOFError, OSError) as error:
            self.end()
            raise self._loss() from error
        except BaseException:
            # Broken off: its answer would be taken for that to the next question.
            self.kill()
            self.end()
            raise
        finally:
            timer.cancel()
        if isinstance(reply, Refusal):
            kind = ModelUnavailable if reply.unavailable else ModelError
            raise kind(reply.text)
        return reply

    def _time_out(self, timeout_s: float) -> None:
        self._timed_out = timeout_s
        self._process.kill()

    def _loss(self) -> WorkerLost:
        code = self._process.exitcode or 0
        if self._timed_out is not None:
            text = f"took longer than {self._timed_out:g} seconds"
            return WorkerLost(text, f"The caption model {text}, twice.")
        died_of = _signal_name(code) or f"exit code {code}"
        if died_of == "SIGKILL":  # what Linux does when memory runs out
            text = "was killed, probably for want of memory"
            return WorkerLost(text, f"The caption model {text}, twice.")
        return WorkerLost(
            f"crashed ({died_of})", "It made the caption model crash twice."
        )


def _signal_name(exitcode: int) -> str | None:
    """The signal a process died of; None if of none that has a name here."""
    names = {-number: number.name for number in signal.Signals}
    return names.get(exitcode)


@contextmanager
def _deaf_to_ctrl_c() -> Iterator[None]:
    """A child started meanwhile ignores Ctrl-C from its first moment on."""
    if sys.platform == "win32":
        yield
        return
    # Starting this helper of the library's would unblock the signal again.
    resource_tracker.ensure_running()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
