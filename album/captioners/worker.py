"""A captioner in a process of its own: there it may hang, crash or fill the memory."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Sequence
from typing import Any

from PIL import Image

from album.captioners.base import Subject
from album.captioners.worker_pipe import Answer, Factory
from album.captioners.worker_process import WorkerLost, WorkerProcess
from album.errors import CaptionError, ModelError
from album.photo import Author

logger = logging.getLogger(__name__)

LOAD_ATTEMPTS = 3
"""A process that dies so often while it loads the model makes it unusable."""
SUSPECT_PICTURES = 3
"""After so many bad pictures in a row the model itself is put to the test."""
LONGEST_BACKOFF_S = 30.0
_NEWEST_WEIGHS = 0.2  # in the moving average of the time for one picture


class WorkerCaptioner:
    """Any captioner, in a child process that starts with the first `caption`.

    A batch that kills its process, or takes too long, is tried again one picture at a
    time; a picture that does it once more alone gets a CaptionError, its mates get
    their captions. A process that died is started again after `backoff_s`, then twice
    as long each time up to 30 s, until an answer comes. Any thread may call any method.
    """

    def __init__(
        self,
        factory: Factory,
        *,
        author: Author,
        batch_size: int,
        picture_s: float = 300.0,
        load_s: float = 900.0,
        idle_s: float | None = None,
        threads: int | None = None,
        backoff_s: float = 0.5,
    ) -> None:
        """`factory` makes the real captioner within the child; its `caption([])` is to
        load the model.

        A batch may take `picture_s` for each picture, loading the model `load_s`. After
        `idle_s` without a caption the child is ended (None: never). `threads` bounds
        those of the child's arithmetic; another number makes the next caption's child.
        """
        self.author = author
        self.model = author.model
        self.batch_size = batch_size
        self.seconds_per_picture: float | None = None
        self._factory = factory
        self._picture_s = picture_s
        self._load_s = load_s
        self._idle_s = idle_s
        self.threads = threads
        self._backoff_s = backoff_s
        self._lock = threading.RLock()  # held as long as a caption takes
        self._closing = threading.Lock()  # held for a moment only
        self._closed = threading.Event()
        self._process: WorkerProcess | None = None
        self._info: dict[str, Any] = {}
        self._idle: threading.Timer | None = None
        self._losses = 0  # since the last answer
        self._not_before = 0.0
        self._bad_in_a_row = 0
        self._restarts = 0

    def caption(self, subjects: Sequence[Subject]) -> list[Answer]:
        """One answer for each subject, in the same order; none only loads the model.

        Raises ModelError when the model cannot be used at all (ModelUnavailable when
        its weights are not here), or when `close` was called.
        """
        with self._lock:
            self._stay_awake()
            try:
                self._ready()
                answers: list[Answer] = []
                for start in range(0, len(subjects), self.batch_size):
                    batch = subjects[start : start + self.batch_size]
                    answers += self._caption_batch(batch)
                return answers
            finally:
                self._await_idleness()

    def unload(self) -> None:
        """End the child, after the answer now being written, if any: all its memory is
        given back. The next `caption` starts another."""
        with self._lock:
            self._stay_awake()
            self._end_process()

    def close(self) -> None:
        """End the child at once, for good; a `caption` under way raises ModelError."""
        with self._closing:
            self._closed.set()
            if self._process is not None:
                self._process.kill()
        self.unload()

    def info(self) -> dict[str, Any]:
        """What `status` shows: what the captioner said of itself when it was loaded,
        the child's process number, how often it was lost and restarted, and the moving
        average of the seconds one picture takes. Never waits for a caption."""
        process = self._process
        return {
            "loaded": False,
            "model": self.model,
            **self._info,
            "worker_pid": process.pid if process else None,
            "worker_restarts": self._restarts,
            "seconds_per_picture": self.seconds_per_picture,
        }

    # -- captions ------------------------------------------------------------------

    def _caption_batch(self, subjects: Sequence[Subject]) -> list[Answer]:
        try:
            return self._ask(subjects)
        except WorkerLost as loss:
            count = len(subjects)
            logger.warning("The caption model %s at %d, tried singly", loss, count)
        return [self._caption_alone(subject) for subject in subjects]

    def _caption_alone(self, subject: Subject) -> Answer:
        try:
            (answer,) = self._ask([subject])
        except WorkerLost as loss:
            logger.warning("The caption model %s at %r", loss, subject.photo.name)
            self._bad_in_a_row += 1
            if self._bad_in_a_row >= SUSPECT_PICTURES:
                self._test_model(subject)
            return CaptionError(loss.reason)
        return answer

    def _test_model(self, subject: Subject) -> None:
        """Whether it survives a small grey picture. If not, no picture is to blame:
        without this a broken model would fail a whole album, one by one."""
        plain = Subject(subject.photo, Image.new("RGB", (64, 64), (128, 128, 128)))
        try:
            self._ask([plain])
        except WorkerLost as loss:
            raise ModelError(
                f"The caption model {loss} at every picture, even at a plain grey one."
            ) from loss

    def _ask(self, subjects: Sequence[Subject]) -> list[Answer]:
        process = self._ready()
        began = time.perf_counter()
        try:
            answers = process.caption(subjects, self._picture_s * len(subjects))
        except WorkerLost as loss:
            self._lost(loss)
            raise
        except ModelError:
            self._end_process()
            raise
        self._losses = self._bad_in_a_row = 0
        self._note_pace((time.perf_counter() - began) / len(subjects))
        return answers

    def _note_pace(self, seconds: float) -> None:
        before = self.seconds_per_picture
        self.seconds_per_picture = (
            seconds if before is None else before + _NEWEST_WEIGHS * (seconds - before)
        )

    # -- the process ---------------------------------------------------------------

    def _ready(self) -> WorkerProcess:
        """A child with the model loaded, the one there is or a new one."""
        if self._process is not None and self._process.usable(self.threads):
            return self._process
        self._end_process()
        for _ in range(LOAD_ATTEMPTS):
            try:
                process = self._start_process()
                self._info = process.load(self._factory, self._load_s)
                # What suits the machine, its captioner only knows with the model.
                self.batch_size = self._info.get("batch_size", self.batch_size)
                return process
            except WorkerLost as loss:
                self._lost(loss)
                last = str(loss)
                logger.warning("The caption model %s while it was loaded", loss)
            except ModelError:
                self._end_process()
                raise
        raise ModelError(
            f"The caption model {last} while it was loaded, {LOAD_ATTEMPTS} times."
        )

    def _start_process(self) -> WorkerProcess:
        self._closed.wait(self._not_before - time.monotonic())
        with self._closing:
            if self._closed.is_set():
                raise ModelError("The caption model has been closed.")
            try:
                self._process = WorkerProcess(self.threads)
            except OSError as error:
                text = f"could not be started ({error})"
                raise WorkerLost(text, f"The caption model {text}.") from error
            return self._process

    def _lost(self, loss: WorkerLost) -> None:
        """Count it, and see to it that the next start is not too soon."""
        self._end_process()
        if self._closed.is_set():
            raise ModelError("The caption model has been closed.") from loss
        wait_s = min(LONGEST_BACKOFF_S, self._backoff_s * 2**self._losses)
        self._not_before = time.monotonic() + wait_s
        self._losses += 1
        self._restarts += 1

    def _end_process(self) -> None:
        with self._closing:
            process, self._process = self._process, None
        self._info = {}
        if process is not None:
            process.end()

    # -- idleness ------------------------------------------------------------------

    def _stay_awake(self) -> None:
        if self._idle is not None:
            self._idle.cancel()
            self._idle = None

    def _await_idleness(self) -> None:
        if self._idle_s is not None and self._process is not None:
            self._idle = threading.Timer(self._idle_s, self._rest)
            self._idle.daemon = True
            self._idle.start()

    def _rest(self) -> None:
        with self._lock:
            # Else a caption came in between, and another timer is running.
            if threading.current_thread() is self._idle:
                logger.info("%s is unloaded after %g s", self.model, self._idle_s)
                self._end_process()
