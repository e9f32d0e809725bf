"""A captioner in its own process: what it does there costs one picture at most."""

from __future__ import annotations

import logging
import os
import pickle
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from album.captioners.base import Captioner
from album.captioners.worker import LOAD_ATTEMPTS, WorkerCaptioner
from album.captioners.worker_pipe import Answer
from album.errors import CaptionError, ModelError, ModelUnavailable
from album.photo import Author, WrittenCaption
from tests.album.worker_captioners import (
    entries,
    hold_a_picture,
    pids,
    state,
    subject,
    wait_for,
    worker,
)

pytestmark = pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="signals, and /proc to see processes"
)

CRASHED = "It made the caption model crash twice."
ROOT = Path(__file__).parents[2]


@pytest.fixture
def diary(tmp_path: Path) -> Iterator[Path]:
    """What the children write down. At the end none may be left, not even a zombie."""
    path = tmp_path / "diary"
    yield path
    assert all_gone(path)


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WorkerCaptioner]:
    """One that nothing happens to, for tests that only ask it."""
    captioner = worker(tmp_path_factory.mktemp("good") / "diary", threads=1)
    yield captioner
    captioner.close()


def said(answers: Sequence[Answer]) -> list[str]:
    """The first word of a caption, or the reason for there being none."""
    return [
        answer.text.split()[0] if isinstance(answer, WrittenCaption) else answer.reason
        for answer in answers
    ]


def all_gone(diary: Path) -> bool:
    """Whether every child has ended and been buried."""
    return all(state(pid) == "" for pid in pids(diary))


def test_answers_come_in_order_and_see_the_pictures(good: WorkerCaptioner) -> None:
    captioner: Captioner = good
    colours = [(n, 255 - n, 7) for n in range(10)]
    subjects = [
        subject(f"p{n}", n, size=(30 + n, 20), colour=colours[n]) for n in range(10)
    ]
    answers = captioner.caption(subjects)
    assert answers == [
        WrittenCaption(f"p{n} RGB ({30 + n}, 20) {colours[n]}") for n in range(10)
    ]
    assert captioner.caption([]) == []


def test_a_picture_that_is_refused_is_answered_in_its_place(
    good: WorkerCaptioner,
) -> None:
    answers = good.caption([subject("a"), subject("refuse-b"), subject("c")])
    assert said(answers) == ["a", "It is no picture of anything.", "c"]
    assert isinstance(answers[1], CaptionError)


def test_it_is_called_as_the_captioner_within(good: WorkerCaptioner) -> None:
    assert (good.author, good.batch_size) == (
        Author("scripted", "scripted/model", 3),
        4,
    )


def test_the_child_is_light_and_of_low_priority(good: WorkerCaptioner) -> None:
    good.caption([subject("a")])
    info = good.info()
    facts = info["facts"]
    assert facts["child"]
    assert facts["nice"] == min(19, os.nice(0) + 10)
    assert facts["sigint"]
    assert facts["threads"] == "1"
    assert facts["heavy"] == []
    assert facts["log_level"] == logging.getLogger().getEffectiveLevel()
    assert info["loaded"] is True
    assert state(info["worker_pid"]) in ("R", "S")
    assert info["seconds_per_picture"] > 0
    pickle.dumps(info)


def test_the_parent_loads_no_model_library() -> None:
    code = (
        "import sys, album.captioners.worker\n"
        "print(sorted({'torch', 'transformers', 'bitsandbytes'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True
    )
    assert done.stdout.strip() == "[]", done.stderr


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        ("abort", CRASHED),
        ("exit", CRASHED),
        ("killed", "The caption model was killed, probably for want of memory, twice."),
        ("hang", "The caption model took longer than 0.8 seconds, twice."),
        ("bug", "The caption model failed: 'a fault of ours'."),
    ],
)
def test_a_bad_picture_costs_itself_alone(diary: Path, bad: str, reason: str) -> None:
    captioner = worker(diary, picture_s=0.8, batch_size=2)
    names = ["a", bad, "c"]
    answers = captioner.caption([subject(name) for name in names])
    assert said(answers) == ["a", reason, "c"]
    asked = [line.split(",") for line in entries(diary) if line not in ("made", "")]
    assert asked == [["a", bad], ["a"], [bad], ["c"]]
    lost = 0 if bad == "bug" else 2
    assert captioner.info()["worker_restarts"] == lost
    assert len(pids(diary)) == lost + 1
    captioner.close()
    assert all_gone(diary)


def test_one_crash_is_forgiven(diary: Path) -> None:
    """In a batch, and alone: the second try captions it."""
    captioner = worker(diary)
    names = ["a", "once-abort", "b"]
    assert said(captioner.caption([subject(name) for name in names])) == names
    assert said(captioner.caption([subject("once-killed")])) == ["once-killed"]
    assert captioner.info()["worker_restarts"] == 2
    captioner.close()


def test_too_big_is_tried_once_more_and_smaller(diary: Path) -> None:
    captioner = worker(diary)
    big = (300, 150)
    answers = captioner.caption(
        [subject("a"), subject("large", size=big), subject("memory", size=big)]
    )
    assert isinstance(answers[1], WrittenCaption)
    assert answers[1].text.startswith("large RGB (150, 75)")
    assert said(answers)[0] == "a"
    assert said(answers)[2] == "There was not enough memory to caption this picture."
    assert entries(diary).count("memory") == 2
    assert len(pids(diary)) == 1  # nobody died of it
    # A picture of 1600 px is seen at 448 px, not at 800: see worker_child._SMALL_SIDE.
    (answer,) = captioner.caption([subject("large", size=(390, 1600))])
    assert isinstance(answer, CaptionError)
    captioner.close()


@pytest.mark.parametrize(
    ("loading", "kind"), [("broken", ModelError), ("unavailable", ModelUnavailable)]
)
def test_a_model_that_cannot_be_loaded_is_told_at_once(
    diary: Path, loading: str, kind: type[ModelError]
) -> None:
    captioner = worker(diary, loading=loading)
    with pytest.raises(ModelError) as caught:
        captioner.caption([subject("a")])
    assert type(caught.value) is kind
    assert len(pids(diary)) == 1
    assert all_gone(diary)
    assert captioner.info()["loaded"] is False
    captioner.close()


@pytest.mark.parametrize("loading", ["bug", "memory"])
def test_any_error_of_loading_becomes_a_model_error(diary: Path, loading: str) -> None:
    captioner = worker(diary, loading=loading)
    with pytest.raises(ModelError, match=r"cannot be loaded: (KeyError|MemoryError)"):
        captioner.caption([subject("a")])
    assert len(pids(diary)) == 1
    captioner.close()


@pytest.mark.parametrize(
    ("loading", "load_s", "text"),
    [
        ("abort", 20.0, r"crashed \(SIGABRT\)"),
        ("hang", 0.8, "took longer than 0.8 seconds"),
    ],
)
def test_dying_while_loading_is_not_tried_for_ever(
    diary: Path, loading: str, load_s: float, text: str
) -> None:
    captioner = worker(diary, loading=loading, load_s=load_s)
    with pytest.raises(ModelError, match=f"{text} while it was loaded, 3 times"):
        captioner.caption([subject("a")])
    assert captioner.info()["worker_restarts"] == LOAD_ATTEMPTS
    assert "a" not in entries(diary)
    assert all_gone(diary)
    captioner.close()


def test_dying_once_while_loading_blames_no_picture(diary: Path) -> None:
    captioner = worker(diary, loading="once-abort")
    assert said(captioner.caption([subject("a")])) == ["a"]
    assert entries(diary).count("a") == 1
    captioner.close()


def test_a_slow_start_is_not_a_slow_picture(diary: Path) -> None:
    captioner = worker(diary, loading="slow-1.5", picture_s=1.0)
    assert said(captioner.caption([subject("a")])) == ["a"]
    assert captioner.info()["worker_restarts"] == 0
    captioner.close()


@pytest.mark.parametrize("bad", ["broken", "unavailable"])
def test_a_model_error_in_mid_album_ends_the_child(diary: Path, bad: str) -> None:
    captioner = worker(diary)
    with pytest.raises(ModelError) as caught:
        captioner.caption([subject("a"), subject(bad)])
    assert isinstance(caught.value, ModelUnavailable) == (bad == "unavailable")
    assert all_gone(diary)
    assert said(captioner.caption([subject("b")])) == ["b"]  # by a fresh one
    captioner.close()


def test_a_model_that_dies_of_everything_fails_no_album(diary: Path) -> None:
    """Not three pictures after each other, but the model is bad: nobody is blamed."""
    captioner = worker(diary, whole_album="abort")
    with pytest.raises(ModelError, match="every picture, even at a plain grey one"):
        captioner.caption([subject(f"p{n}") for n in range(4)])
    captioner.close()


def test_bad_pictures_in_a_row_are_still_their_own_fault(diary: Path) -> None:
    """As long as the plain grey picture, which is put in the third one's place, is
    captioned."""
    captioner = worker(diary)
    names = ["fragile-1", "fragile-2", "fragile-3", "d"]
    answers = captioner.caption([subject(name) for name in names])
    assert said(answers) == [CRASHED, CRASHED, CRASHED, "d"]
    asked = [line for line in entries(diary) if line not in ("made", "")]
    assert asked == [",".join(names), *names[:3], names[2], "d"]
    captioner.close()


def test_the_wait_before_a_restart_doubles_until_an_answer(
    diary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    captioner = worker(diary, backoff_s=0.5)
    waits: list[float] = []

    class Clock(threading.Event):
        def wait(self, timeout: float | None = None) -> bool:
            waits.append(round(timeout or 0, 1))
            return False

    monkeypatch.setattr(captioner, "_closed", Clock())
    assert said(captioner.caption([subject("abort")])) == [CRASHED]
    captioner.caption([subject("a")])
    assert said(captioner.caption([subject("abort")])) == [CRASHED]
    captioner.caption([])
    assert [wait for wait in waits if wait > 0] == [0.5, 1.0, 0.5, 1.0]
    captioner._losses = 50
    captioner.caption([subject("once-abort")])
    captioner.close()
    assert waits[-1] == 30.0


def test_a_child_killed_while_idle_harms_nothing(diary: Path) -> None:
    captioner = worker(diary)
    captioner.caption([subject("a")])
    (pid,) = pids(diary)
    os.kill(pid, signal.SIGKILL)
    assert said(captioner.caption([subject("b")])) == ["b"]
    assert entries(diary).count("b") == 1
    assert state(pid) == ""
    captioner.close()


def test_a_stopped_child_is_a_hung_one(diary: Path) -> None:
    """It takes nothing from the pipe, so that sending 20 MB to it can hang as well."""
    captioner = worker(diary, picture_s=1.5)
    captioner.caption([])
    (first,) = pids(diary)
    os.kill(first, signal.SIGSTOP)
    assert said(captioner.caption([subject("a", size=(3000, 2300))])) == ["a"]
    assert state(first) == ""
    captioner.close()


def test_ctrl_c_does_not_reach_the_child(diary: Path) -> None:
    captioner = worker(diary, loading="slow-0.3")
    thread = threading.Thread(target=captioner.caption, args=([],))
    thread.start()
    assert wait_for(lambda: captioner.info()["worker_pid"])
    pid = captioner.info()["worker_pid"]
    for _ in range(20):  # from its first moments on
        os.kill(pid, signal.SIGINT)
        thread.join(0.02)
    thread.join()
    assert said(captioner.caption([subject("a")])) == ["a"]
    assert pids(diary) == [pid]
    captioner.close()


def test_an_interrupted_question_gets_no_late_answer(
    diary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    captioner = worker(diary)
    captioner.caption([])
    process = captioner._process
    assert process is not None

    class Interrupted:
        def __init__(self, pipe: object) -> None:
            self.send, self.close = pipe.send, pipe.close  # type: ignore[attr-defined]

        def recv(self) -> None:
            raise KeyboardInterrupt

    monkeypatch.setattr(process, "_pipe", Interrupted(process._pipe))
    with pytest.raises(KeyboardInterrupt):
        captioner.caption([subject("a")])
    assert all_gone(diary)
    assert said(captioner.caption([subject("b")])) == ["b"]
    captioner.close()


def test_unload_ends_the_child_and_the_next_caption_starts_one(diary: Path) -> None:
    captioner = worker(diary)
    captioner.unload()  # nothing yet
    captioner.caption([subject("a")])
    captioner.unload()
    assert all_gone(diary)
    assert captioner.info()["loaded"] is False
    assert said(captioner.caption([subject("b")])) == ["b"]
    assert len(pids(diary)) == 2
    captioner.close()


def test_an_idle_child_is_ended(diary: Path) -> None:
    captioner = worker(diary, idle_s=0.2)
    captioner.caption([subject("a")])
    assert wait_for(lambda: all_gone(diary))
    assert said(captioner.caption([subject("slow-0.5")])) == ["slow-0.5"]
    captioner._rest()  # as a timer does that rings when a caption has just come in
    assert captioner.info()["loaded"] is True
    assert len(pids(diary)) == 2
    assert wait_for(lambda: all_gone(diary))
    captioner.close()


@pytest.mark.parametrize(
    ("name", "then"),
    [("hang", "in mid-batch"), ("abort", "while it waits to be restarted")],
)
def test_close_breaks_off_a_caption_and_is_for_good(
    diary: Path, name: str, then: str
) -> None:
    captioner = worker(diary, picture_s=3600.0, backoff_s=30.0)
    raised: list[Exception] = []

    def ask() -> None:
        try:
            captioner.caption([subject(name)])
        except ModelError as error:
            raised.append(error)

    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    lost = 0 if then == "in mid-batch" else 1
    assert wait_for(
        lambda: name in entries(diary) and captioner.info()["worker_restarts"] == lost
    )
    closing = threading.Thread(target=captioner.close, daemon=True)
    closing.start()
    for thread in (closing, asking):
        thread.join(15)
        assert not thread.is_alive()
    assert [str(error) for error in raised] == ["The caption model has been closed."]
    assert len(pids(diary)) == 1
    assert all_gone(diary)
    captioner.close()
    with pytest.raises(ModelError, match="has been closed"):
        captioner.caption([subject("a")])


def test_many_threads_get_their_own_answers(diary: Path) -> None:
    captioner = worker(diary)
    answers: dict[int, list[str]] = {}

    def ask(number: int) -> None:
        names = [f"p{number}x{n}" for n in range(6)]
        answers[number] = said(captioner.caption([subject(name) for name in names]))

    threads = [threading.Thread(target=ask, args=(n,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == {n: [f"p{n}x{k}" for k in range(6)] for n in range(6)}
    assert len(pids(diary)) == 1
    captioner.close()


def test_the_pace_is_a_moving_average(diary: Path) -> None:
    captioner = worker(diary)
    assert captioner.seconds_per_picture is None
    for seconds in (2.0, 2.0, 4.0):
        captioner._note_pace(seconds)
    assert captioner.seconds_per_picture == pytest.approx(2.4)


@pytest.mark.parametrize(("name", "picture_s"), [("hang", "3600"), ("stiff", "1")])
def test_killing_the_parent_leaves_no_child(
    tmp_path: Path, name: str, picture_s: str
) -> None:
    """At once; one that is stuck in C is ended by its alarm, 2 s after its time-out."""
    diary = tmp_path / "diary"
    code = (
        f"import sys; from {hold_a_picture.__module__} import hold_a_picture\n"
        "hold_a_picture(*sys.argv[1:])"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", code, str(diary), name, picture_s], cwd=ROOT
    )
    assert wait_for(lambda: name in entries(diary))
    parent.kill()
    parent.wait()
    # A zombie is the business of the process that adopted it.
    assert wait_for(lambda: state(pids(diary)[-1]) in ("", "Z"))
