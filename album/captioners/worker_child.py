"""What happens within the caption model's own process: its limits, and its answers.

It holds one captioner, made here by the factory it is sent, and answers batch after
batch until the pipe closes. It has neither the catalogue nor any file of the album.
"""

from __future__ import annotations

import logging
import math
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from multiprocessing.connection import Connection, wait
from typing import Any

from album.captioners.base import Captioner, Subject
from album.captioners.device import free_memory, is_out_of_memory
from album.captioners.worker_pipe import (
    Answer,
    Answers,
    Batch,
    Refusal,
    Start,
    Started,
)
from album.errors import CaptionError, ModelError, ModelUnavailable

logger = logging.getLogger(__name__)

NOT_ENOUGH_MEMORY = "There was not enough memory to caption this picture."
"""The reason of a CaptionError that is worth another try with a smaller picture."""

_NICENESS = 10  # of 19: the page and the person at the machine come first
_GRACE_S = 2  # the child's own alarm rings so long after the parent's time-out
# px of the longest side at the second try, at most. A model that sees a picture as
# 300 tokens of 32 × 32 px would notice no difference between 1600 px and half of it.
_SMALL_SIDE = 448


def serve(pipe: Connection, threads: int | None, log_level: int) -> None:
    """The whole life of the child. It ends when the parent closes the pipe.

    `threads` is how many the arithmetic may use (None: as many as the libraries like).
    """
    _prepare(threads, log_level)
    threading.Thread(target=_die_with_the_parent, daemon=True).start()
    with suppress(EOFError, BrokenPipeError, ConnectionResetError):
        # The factory comes through the pipe and not with the arguments, so that what
        # its import loads finds the number of threads already set.
        start: Start = pipe.recv()
        _set_alarm(start.timeout_s)
        captioner, reply = _load(start)
        _set_alarm(None)
        pipe.send(reply)
        while captioner is not None:
            batch: Batch = pipe.recv()
            _set_alarm(batch.timeout_s)
            answers = _answer(captioner, [packed.unpack() for packed in batch.subjects])
            _set_alarm(None)
            pipe.send(answers)


def _prepare(threads: int | None, log_level: int) -> None:
    # Ctrl-C reaches every process of a terminal; what it means, the parent decides.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if threads is not None:
        # Read by the C libraries when they are loaded, which is later.
        os.putenv("OMP_NUM_THREADS", str(threads))
        os.putenv("MKL_NUM_THREADS", str(threads))
    logging.basicConfig(level=log_level, format="%(levelname)s %(name)s: %(message)s")
    if sys.platform != "win32":
        with suppress(OSError):
            os.nice(_NICENESS)


def _die_with_the_parent() -> None:
    """Even in mid-batch. Linux's PR_SET_PDEATHSIG is no help: it acts when the thread
    ends that made the child, while its process lives on."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)


def _set_alarm(timeout_s: float | None) -> None:
    """For a library that hangs and lets no other thread run, when no parent is left
    to kill this process."""
    if sys.platform != "win32":
        signal.alarm(0 if timeout_s is None else math.ceil(timeout_s) + _GRACE_S)


def _load(start: Start) -> tuple[Captioner | None, Started | Refusal]:
    """The captioner with its model in memory, or None; and what to tell the parent."""
    try:
        captioner = start.factory()
        captioner.caption([])  # loads the model, so that no picture is blamed for that
        info: dict[str, Any] = getattr(captioner, "info", dict)()
    except ModelError as error:
        return None, _refusal(error)
    except Exception as error:  # noqa: BLE001 - whatever a library raises, it is told
        return None, _refusal(
            ModelError(f"The caption model cannot be loaded: {error!r}")
        )
    return captioner, Started(info)


def _answer(captioner: Captioner, subjects: Sequence[Subject]) -> Answers | Refusal:
    try:
        answers = _caption(captioner, subjects)
        return Answers(
            tuple(
                _caption_smaller(captioner, subject) if _was_too_big(answer) else answer
                for subject, answer in zip(subjects, answers, strict=True)
            )
        )
    except ModelError as error:
        return _refusal(error)


def _caption(captioner: Captioner, subjects: Sequence[Subject]) -> Sequence[Answer]:
    """The whole batch at once; if that fails, its pictures one by one."""
    try:
        return captioner.caption(subjects)
    except ModelError:
        raise
    except Exception as error:  # noqa: BLE001 - one odd picture must not fail others
        # Only words are kept: the error itself may hold the batch's memory.
        reason = _reason(error)
    free_memory()
    if len(subjects) == 1:
        return [CaptionError(reason)]
    logger.info("A batch of %d pictures failed: %s", len(subjects), reason)
    return [_caption(captioner, [subject])[0] for subject in subjects]


def _caption_smaller(captioner: Captioner, subject: Subject) -> Answer:
    """At half its width and height, or less. The answer, good or bad, stands."""
    picture = subject.picture
    side = min(max(picture.size) // 2, _SMALL_SIDE)
    scale = side / max(picture.size)
    width, height = (max(1, round(length * scale)) for length in picture.size)
    logger.info("%r is tried at %d × %d px", subject.photo.name, width, height)
    smaller = Subject(subject.photo, picture.resize((width, height), reducing_gap=2.0))
    return _caption(captioner, [smaller])[0]


def _was_too_big(answer: Answer) -> bool:
    return isinstance(answer, CaptionError) and answer.reason == NOT_ENOUGH_MEMORY


def _reason(error: Exception) -> str:
    # Without torch in memory no error is one of torch's, and asking would load it.
    torch_is_here = "torch" in sys.modules
    if isinstance(error, MemoryError) or (torch_is_here and is_out_of_memory(error)):
        return NOT_ENOUGH_MEMORY
    first = (str(error).strip().splitlines() or [""])[0][:200]
    return f"The caption model failed: {first or type(error).__name__}."


def _refusal(error: ModelError) -> Refusal:
    return Refusal(str(error), isinstance(error, ModelUnavailable))
