"""What a captioner in a child process does in tests; a photo's name says it."""

from __future__ import annotations

import ctypes
import logging
import multiprocessing
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from PIL import Image

from album.captioners.base import Subject
from album.captioners.worker import WorkerCaptioner
from album.errors import CaptionError, ModelError, ModelUnavailable
from album.photo import Author, Photo, WrittenCaption

FOREVER_S = 3600
GREY = (128, 128, 128)


class Scripted:
    """Acts as a photo's name begins, else says what it sees. Every call it gets is a
    line in `diary`: the process number and the names."""

    author = Author("scripted", "scripted/model", 3)
    batch_size = 4

    def __init__(self, diary: Path, loading: str = "", whole_album: str = "") -> None:
        """`loading`: what it does when loaded; `whole_album`: what at every picture."""
        self._diary = diary
        self._loading = loading
        self._whole_album = whole_album
        note(diary, "made")

    def caption(
        self, subjects: Sequence[Subject]
    ) -> list[WrittenCaption | CaptionError]:
        note(self._diary, *(subject.photo.name for subject in subjects))
        if not subjects:
            self._act(self._loading)
        for subject in subjects:
            self._act(self._whole_album)
            self._act(subject.photo.name, subject)
        return [self._answer(subject) for subject in subjects]

    def unload(self) -> None: ...

    def info(self) -> dict[str, Any]:
        return {"loaded": True, "model": self.author.model, "facts": facts()}

    def _answer(self, subject: Subject) -> WrittenCaption | CaptionError:
        if subject.photo.name.startswith("refuse"):
            return CaptionError("It is no picture of anything.")
        picture = subject.picture
        text = f"{subject.photo.name} {picture.mode} {picture.size}"
        return WrittenCaption(f"{text} {picture.getpixel((0, 0))}")

    def _act(self, name: str, subject: Subject | None = None) -> None:
        act, _, rest = name.partition("-")
        match act:
            case "once":  # -abort, -hang, …: the first time only
                if not any(f"did {name}" in line for line in entries(self._diary)):
                    note(self._diary, f"did {name}")
                    self._act(rest)
            case "abort":
                os.abort()
            case "killed":
                os.kill(os.getpid(), signal.SIGKILL)
            case "exit":
                os._exit(7)
            case "hang":
                time.sleep(FOREVER_S)
            case "stiff":  # hangs in C and lets no other Python thread run
                ctypes.PyDLL(None).sleep(FOREVER_S)
            case "memory":
                raise MemoryError
            case "large":
                if subject is not None and max(subject.picture.size) > 200:
                    raise MemoryError
            case "fragile":
                if subject is not None and subject.picture.size != (64, 64):
                    os.abort()
            case "bug":
                raise KeyError("a fault of ours")
            case "broken":
                raise ModelError("The GPU reports an error.")
            case "unavailable":
                raise ModelUnavailable("The weights are not on this machine.")
            case "slow":
                time.sleep(float(rest))


def note(diary: Path, *words: str) -> None:
    with diary.open("a") as file:
        file.write(f"{os.getpid()}:{','.join(words)}\n")


def entries(diary: Path) -> list[str]:
    """The calls so far, without the process numbers."""
    lines = diary.read_text().splitlines() if diary.exists() else []
    return [line.partition(":")[2] for line in lines]


def pids(diary: Path) -> list[int]:
    """Every process that ever held the captioner, in their order."""
    lines = diary.read_text().splitlines() if diary.exists() else []
    return list(dict.fromkeys(int(line.partition(":")[0]) for line in lines))


def facts() -> dict[str, Any]:
    """What holds within the child."""
    getenv = ctypes.CDLL(None).getenv
    getenv.restype = ctypes.c_char_p
    return {
        "nice": os.nice(0),
        "sigint": signal.getsignal(signal.SIGINT) == signal.SIG_IGN,
        "threads": (getenv(b"OMP_NUM_THREADS") or b"").decode(),
        "heavy": sorted({"torch", "faiss", "gradio", "sqlite3"} & set(sys.modules)),
        "log_level": logging.getLogger().level,
        "child": multiprocessing.parent_process() is not None,
    }


def subject(
    name: str,
    number: int = 1,
    size: tuple[int, int] = (30, 20),
    colour: tuple[int, int, int] = GREY,
) -> Subject:
    when = datetime(2024, 5, 1, tzinfo=UTC)
    photo = Photo(
        id=number, content_hash="00", path=Path(name), folder="", name=name,
        size_bytes=1, format="JPEG", width=size[0], height=size[1],
        orientation=1, taken_at=None, sort_at=when, added_at=when, camera=None,
        lens=None, latitude=None, longitude=None, place=None, description=None,
        keywords=(), colour=0, colours=(), brightness=0.5, missing=False, caption=None,
    )  # fmt: skip
    return Subject(photo, Image.new("RGB", size, colour))


def worker(diary: Path, **options: Any) -> WorkerCaptioner:
    """A WorkerCaptioner around a Scripted one, with short time-outs."""
    script = {
        key: options.pop(key) for key in ("loading", "whole_album") if key in options
    }
    chosen = {
        "batch_size": Scripted.batch_size,
        "picture_s": 20.0,
        "load_s": 20.0,
        "backoff_s": 0.01,
        **options,
    }
    return WorkerCaptioner(
        partial(Scripted, diary, **script),
        author=Scripted.author,
        **chosen,
    )


def wait_for(condition: Callable[[], object], patience_s: float = 20.0) -> bool:
    """Whether the condition comes true while one has patience."""
    end = time.monotonic() + patience_s
    while time.monotonic() < end:
        if condition():
            return True
        threading.Event().wait(0.02)
    return bool(condition())


def state(pid: int) -> str:
    """ "R", "S", "Z" (zombie) …; empty when there is no such process."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return ""


def hold_a_picture(diary: str, name: str, picture_s: str) -> None:
    """For a parent process of its own that will be killed in mid-batch."""
    captioner = worker(Path(diary), picture_s=float(picture_s))
    captioner.caption([subject(name)])
