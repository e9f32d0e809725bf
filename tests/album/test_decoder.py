"""The pool of decoding children: a killer file costs itself, and nothing else."""

from __future__ import annotations

import hashlib
import multiprocessing
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image

from album.decoder import DecodedFile, Decoder
from tests.album.decoder_tasks import misbehave, tell

posix = pytest.mark.skipif(sys.platform == "win32", reason="POSIX limits and signals")
linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="/proc")

PATIENCE_S = 30


@pytest.fixture(scope="module")
def decoder() -> Iterator[Decoder]:
    with Decoder(workers=2) as decoder:
        yield decoder


def picture(folder: Path, name: str) -> Path:
    path = folder / f"{name}.png"
    Image.new("RGB", (30, 20), (200, 30, 30)).save(path)
    return path


def by_name(answers: Iterator[DecodedFile]) -> dict[str, DecodedFile]:
    answered = list(answers)
    found = {answer.path.stem: answer for answer in answered}
    assert len(found) == len(answered)
    return found


def reason(answer: DecodedFile) -> str:
    assert answer.error is not None
    assert answer.reading is None
    return answer.error.reason


def wait_for(condition: Callable[[], bool]) -> bool:
    """Whether the condition comes true while one has patience."""
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.05)
    return condition()


def alive(pid: int) -> bool:
    """Whether a process is still running (and is no zombie)."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def resident_mb() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1024**2


def test_every_file_is_answered_once(decoder: Decoder, tmp_path: Path) -> None:
    paths = [picture(tmp_path, f"good-{number}") for number in range(12)]
    text = tmp_path / "text.jpg"
    text.write_text("Dear diary")
    answers = by_name(decoder.read_many([*paths, text, tmp_path / "gone.jpg"]))
    assert len(answers) == 14
    assert "a text" in reason(answers["text"])
    assert "no longer there" in reason(answers["gone"])
    for path in paths:
        answer = answers[path.stem]
        assert answer.error is None
        assert answer.reading is not None
        assert answer.reading.colours == ("red",)
        assert answer.content_hash == hashlib.sha256(path.read_bytes()).hexdigest()
        assert answer.size == path.stat().st_size


def test_one_file_and_no_file(decoder: Decoder, tmp_path: Path) -> None:
    answer = decoder.read(picture(tmp_path, "one"))
    assert answer.reading is not None
    assert list(decoder.read_many([])) == []


def test_hashing_only_does_not_decode(decoder: Decoder, tmp_path: Path) -> None:
    text = tmp_path / "text.jpg"
    text.write_text("Dear diary")
    (answer,) = decoder.hash_many([text])
    assert answer.content_hash == hashlib.sha256(b"Dear diary").hexdigest()
    assert (answer.reading, answer.error) == (None, None)
    assert answer.size == len("Dear diary")


@posix
def test_a_killer_file_costs_itself_alone(tmp_path: Path) -> None:
    """Children abort, are killed, hang, are deaf, greedy or faulty, in turns."""
    bad = ("abort", "killed", "hang", "deaf", "greedy", "bug")
    names = [name for kind in bad for name in (f"{kind}-1", f"good-{kind}")]
    paths = [picture(tmp_path, name) for name in names]
    with Decoder(workers=2, timeout_s=1.0, task=misbehave) as decoder:
        answers = by_name(decoder.read_many(paths))
    assert len(answers) == len(names)
    says = {
        "abort": "crash",
        "killed": "crash",
        "hang": "took longer than 1 seconds",
        "deaf": "took longer than 1 seconds",
        "greedy": "needs more memory",
        "bug": "cannot be opened",
    }
    for path in paths:
        answer = answers[path.stem]
        kind = path.stem.split("-")[0]
        assert answer.content_hash == hashlib.sha256(path.read_bytes()).hexdigest()
        if kind == "good":
            assert answer.reading is not None
        else:
            assert says[kind] in reason(answer)


@posix
def test_a_picture_beyond_the_memory_limit_is_an_answer(tmp_path: Path) -> None:
    large = tmp_path / "large.png"
    Image.new("RGB", (7000, 7000)).save(large, compress_level=1)  # 196 MB decoded
    with Decoder(workers=1, memory_mb=100) as decoder:
        assert "needs more memory" in reason(decoder.read(large))
        assert decoder.read(picture(tmp_path, "small")).reading is not None
    with Decoder(workers=1, memory_mb=400) as decoder:
        assert decoder.read(large).reading is not None


@linux
def test_children_are_limited_light_and_of_low_priority(tmp_path: Path) -> None:
    with Decoder(workers=1, memory_mb=500, task=tell) as decoder:
        words = reason(decoder.read(tmp_path)).split()
    facts = dict(word.split("=") for word in words)
    assert int(facts["nice"]) >= min(19, os.nice(0) + 10)
    assert 500 * 1024**2 < int(facts["memory"]) < 900 * 1024**2
    assert facts["core"] == "0"
    assert facts["heavy"] == ""


def test_nothing_starts_before_the_first_file(tmp_path: Path) -> None:
    before = set(multiprocessing.active_children())
    with Decoder(workers=2) as decoder:
        assert set(multiprocessing.active_children()) == before
        decoder.read(picture(tmp_path, "one"))
        assert len(set(multiprocessing.active_children()) - before) == 2
    assert set(multiprocessing.active_children()) == before


def test_files_are_taken_no_faster_than_answered(
    decoder: Decoder, tmp_path: Path
) -> None:
    path = picture(tmp_path, "one")
    taken = 0

    def endless() -> Iterator[Path]:
        nonlocal taken
        while True:
            taken += 1
            yield path

    answers = decoder.read_many(endless())
    for answered in range(1, 20):
        assert next(answers).reading is not None
        assert taken <= answered + 2 * 2
    answers.close()  # type: ignore[attr-defined]
    assert decoder.read(path).reading is not None


def test_several_threads_share_the_children(decoder: Decoder, tmp_path: Path) -> None:
    paths = [picture(tmp_path, f"good-{number}") for number in range(8)]
    counts: Counter[Path] = Counter()

    def read() -> None:
        counts.update(answer.path for answer in decoder.read_many(paths))

    threads = [threading.Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE_S)
    assert counts == Counter({path: 4 for path in paths})


@linux
def test_closing_ends_whoever_waits(tmp_path: Path) -> None:
    path = picture(tmp_path, "pid-1")
    decoder = Decoder(workers=1, task=misbehave)
    answers: list[DecodedFile] = []
    waiting = threading.Thread(target=lambda: answers.extend(decoder.read_many([path])))
    waiting.start()
    note = path.with_suffix(".pid")
    assert wait_for(lambda: note.exists() and note.read_text() != "")
    child = int(note.read_text())
    assert alive(child)
    decoder.close()
    waiting.join(PATIENCE_S)
    assert not waiting.is_alive()
    assert answers == []
    assert wait_for(lambda: not alive(child))
    decoder.close()
    assert list(decoder.read_many([path])) == []
    assert "being closed" in reason(decoder.read(path))


@posix
def test_children_that_die_while_idle_are_replaced(tmp_path: Path) -> None:
    path = picture(tmp_path, "one")
    before = set(multiprocessing.active_children())
    with Decoder(workers=2) as decoder:
        decoder.read(path)
        for _ in range(2):
            children = set(multiprocessing.active_children()) - before
            for child in children:
                assert child.pid is not None
                os.kill(child.pid, signal.SIGKILL)
            for child in children:
                child.join(PATIENCE_S)
            assert decoder.read(path).reading is not None


PARENT = """
import sys
from pathlib import Path
from album.decoder import Decoder
from tests.album.decoder_tasks import misbehave

if __name__ == "__main__":
    with Decoder(workers=2, timeout_s=1.0, task=misbehave) as decoder:
        paths = [Path(path) for path in sys.argv[1:]]
        list(decoder.read_many(paths))
"""


@linux
def test_no_child_outlives_a_killed_parent(tmp_path: Path) -> None:
    """One child hangs, one is idle, when the parent is killed without a word."""
    path = picture(tmp_path, "pid-1")
    script = tmp_path / "parent.py"
    script.write_text(PARENT)
    root = Path(__file__).parents[2]
    environment = {**os.environ, "PYTHONPATH": str(root)}
    parent = subprocess.Popen([sys.executable, str(script), str(path)], env=environment)
    note = path.with_suffix(".pid")
    assert wait_for(lambda: note.exists() and note.read_text() != "")
    children = [
        int(process.name)
        for process in Path("/proc").iterdir()
        if process.name.isdigit() and _parent_of(process) == parent.pid
    ]
    assert int(note.read_text()) in children
    parent.kill()
    parent.wait(PATIENCE_S)
    assert wait_for(lambda: not any(map(alive, children)))


def _parent_of(process: Path) -> int:
    try:
        return int((process / "stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return 0


@linux
def test_300_damaged_files_neither_kill_nor_grow_the_parent(
    decoder: Decoder, tmp_path: Path
) -> None:
    chance = random.Random(41)
    noise = Image.effect_noise((120, 90), 70).convert("RGB")
    paths = []
    for name in ("JPEG", "PNG", "WEBP", "GIF", "HEIF", "AVIF"):
        noise.save(tmp_path / "whole", name)
        whole = (tmp_path / "whole").read_bytes()
        for number in range(50):
            damaged = bytearray(whole)
            for _ in range(chance.choice((1, 3, 20))):
                damaged[chance.randrange(len(damaged))] = chance.randrange(256)
            path = tmp_path / f"{name}-{number}.jpg"
            path.write_bytes(damaged[: chance.randrange(20, len(damaged) * 2)])
            paths.append(path)
    before = resident_mb()
    answers = by_name(decoder.read_many(paths))
    assert len(answers) == 300
    assert all(answer.content_hash for answer in answers.values())
    for answer in answers.values():
        if answer.error:
            assert answer.error.reason.endswith((".", ").")), answer.error.reason
            assert "program" not in answer.error.reason
        else:
            assert answer.reading is not None
    assert resident_mb() - before < 50


@linux
@pytest.mark.shared
def test_real_killer_files(decoder: Decoder, shared_data: Path) -> None:
    """Files that once crashed, hung or exhausted Pillow, and corrupt ones by design."""
    folder = shared_data / "bad"
    kinds = ("crash-*", "timeout-*", "oom-*", "*bomb*", "*trunc*", "*broken*", "x*.png")
    paths = sorted(
        {path for kind in kinds for path in folder.rglob(kind) if path.is_file()}
    )
    assert len(paths) > 60
    before = resident_mb()
    answers = list(decoder.read_many(paths))
    assert {answer.path for answer in answers} == set(paths)
    assert all((a.reading is None) != (a.error is None) for a in answers)
    assert resident_mb() - before < 50
