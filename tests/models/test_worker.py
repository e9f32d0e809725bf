"""The demo album's model in a process of its own, which is killed in mid-batch."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from album.captioners.base import Subject
from album.captioners.generation import RawAnswer
from album.captioners.opening import Loaded
from album.captioners.qwen import Question, QwenCaptioner, _reason
from album.captioners.worker import WorkerCaptioner
from album.captioners.worker_child import NOT_ENOUGH_MEMORY
from album.photo import Author, WrittenCaption
from tests.album.worker_captioners import state, subject, wait_for

pytestmark = [
    pytest.mark.model,
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="/proc"),
]

ROOT = Path(__file__).parents[2]
COUNT = 6


class Patient(QwenCaptioner):
    """Asks the model for the first batch over and over, until it is killed."""

    def __init__(self, marker: Path, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._marker = marker

    def info(self) -> dict[str, Any]:
        import torch

        return {**super().info(), "threads": torch.get_num_threads()}

    def _generate(
        self, loaded: Loaded, questions: Sequence[Question]
    ) -> list[RawAnswer]:
        first = not self._marker.exists()
        with self._marker.open("a") as marker:
            marker.write(f"{os.getpid()} {len(questions)}\n")
        while first:
            super()._generate(loaded, questions)
        return super()._generate(loaded, questions)


def factory(kind: type[QwenCaptioner], cache: Path, *first: Path) -> Any:
    model = str(ROOT / "demo" / "model")
    return partial(kind, *first, model, cache, device="cpu", offline=True, batch_size=3)


def worker(factory: Any) -> WorkerCaptioner:
    return WorkerCaptioner(
        factory,
        author=Author("demo", "demo/model", 2),
        batch_size=3,
        threads=1,
        backoff_s=0.01,
    )


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("models")


@pytest.fixture(scope="module")
def subjects() -> list[Subject]:
    # Not above: each child imports this module, for Patient.
    from demo.evaluate import unseen

    pictures = [picture for _, picture in unseen(COUNT, seed=5)]
    return [
        Subject(subject(f"p{n}", n).photo, picture)
        for n, picture in enumerate(pictures)
    ]


@pytest.fixture(scope="module")
def in_process(cache: Path, subjects: list[Subject]) -> list[WrittenCaption]:
    """What the model says without any of this."""
    answers = factory(QwenCaptioner, cache)().caption(subjects)
    assert len({answer.text for answer in answers}) >= COUNT - 1
    return answers


@pytest.fixture
def killed(cache: Path, tmp_path: Path) -> Iterator[tuple[WorkerCaptioner, Path]]:
    marker = tmp_path / "marker"
    captioner = worker(factory(Patient, cache, marker))
    yield captioner, marker
    captioner.close()


def unhurried(answers: Sequence[object]) -> list[object]:
    """The same captions as if all had taken equally long."""
    words = [answer for answer in answers if isinstance(answer, WrittenCaption)]
    assert all((w.provenance.seconds or 0) > 0 for w in words)
    return [replace(w, provenance=replace(w.provenance, seconds=None)) for w in words]


def test_killing_the_child_in_mid_batch_loses_no_caption_and_doubles_none(
    killed: tuple[WorkerCaptioner, Path],
    subjects: list[Subject],
    in_process: list[WrittenCaption],
) -> None:
    """And what is said in the child is what is said in the process itself."""
    captioner, marker = killed
    answers: list[object] = []
    thread = threading.Thread(
        target=lambda: answers.extend(captioner.caption(subjects))
    )
    thread.start()
    assert wait_for(lambda: marker.exists() and marker.read_text().endswith("\n"), 60)
    first = int(marker.read_text().split()[0])
    os.kill(first, signal.SIGKILL)
    thread.join()
    assert unhurried(answers) == unhurried(in_process)
    asked = [line.split() for line in marker.read_text().splitlines()]
    assert [size for _, size in asked] == ["3", "1", "1", "1", "3"]
    assert len({pid for pid, _ in asked}) == 2
    assert state(first) == ""
    info = captioner.info()
    assert (info["loaded"], info["threads"], info["worker_restarts"]) == (True, 1, 1)
    assert "INT4" in info["quantisation"]
    captioner.unload()
    assert state(int(asked[-1][0])) == ""


def test_killing_the_parent_in_mid_batch_leaves_no_child(
    cache: Path, tmp_path: Path, in_process: list[WrittenCaption]
) -> None:
    marker = tmp_path / "marker"
    code = (
        "import sys; from pathlib import Path; import tests.models.test_worker as t\n"
        "cache, marker = map(Path, sys.argv[1:])\n"
        "one = t.subject('a', size=(320, 240))\n"
        "t.worker(t.factory(t.Patient, cache, marker)).caption([one])"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", code, str(cache), str(marker)], cwd=ROOT
    )
    assert wait_for(lambda: marker.exists() and marker.read_text().endswith("\n"), 60)
    child = int(marker.read_text().split()[0])
    assert state(child) in ("R", "S")
    parent.kill()
    parent.wait()
    assert wait_for(lambda: state(child) in ("", "Z"))


def test_the_worker_knows_the_model_s_word_for_too_little_memory() -> None:
    """By which it tells a picture that may be tried again smaller."""
    assert _reason(MemoryError()) == NOT_ENOUGH_MEMORY
