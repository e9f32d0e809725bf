"""How the weights come, and what is said of it: a fake hub, a real thread."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from album.captioners import fetch
from album.captioners.fetch import WeightsFetch
from album.captioners.weights import Kind
from album.errors import ModelUnavailable

MODEL = "Owner/Model"
Progress = Callable[[int, int], None]


def test_a_download_is_told_with_size_progress_time_and_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now, told, ready = [0.0], list[str](), list[bool]()
    notices: list[str | None] = []
    one = WeightsFetch(MODEL, tmp_path, offline=False, clock=lambda: now[0])

    def bring(
        model: str,
        folder: Path,
        progress: Progress,
        stop: Callable[[], bool],
        kind: Kind,
    ) -> Path:
        for step in range(11):
            progress(step * 400_000_000, 4_000_000_000)
            notices.append(one.notice())
            now[0] += 60
        return folder

    monkeypatch.setattr(fetch, "download_size", lambda model, kind: 4_000_000_000)
    monkeypatch.setattr(fetch, "fetch_weights", bring)
    one.on_news(told.append)
    one.on_ready(lambda: ready.append(True))
    assert not one.ready()
    one.need()
    assert one.ready()
    assert ready == [True]
    assert told[0] == "Fetching Owner/Model, 4.0 GB."
    assert "50 % fetched, about 5 min left" in "\n".join(told)
    assert told[-1] == "Owner/Model is here; its captions replace the basic ones."
    assert notices[5] is not None
    assert "2.0 of 4.0 GB, about 5 min left." in notices[5]
    assert one.notice() is None


def test_without_a_network_it_is_said_once_and_nothing_waits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unreachable(model: str, kind: Kind) -> int:
        raise ModelUnavailable("The hub cannot be reached: use --captioner basic.")

    monkeypatch.setattr(fetch, "download_size", unreachable)
    told: list[str] = []
    one = WeightsFetch(MODEL, tmp_path, offline=False)
    one.on_news(told.append)
    one.start()
    one.wait()
    assert not one.ready()
    assert told == [one.notice()]
    assert "basic guesses" in told[0]
    assert "--captioner basic" in told[0]
    with pytest.raises(ModelUnavailable, match="cannot be reached"):
        one.need()


def test_offline_asks_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(fetch, "download_size", asked.append)
    one = WeightsFetch(MODEL, tmp_path, offline=True)
    one.start()
    assert not one.running()
    assert asked == []
    assert "--offline" in (one.notice() or "")


def test_weights_that_are_here_are_used_at_once(tmp_path: Path) -> None:
    demo = Path(__file__).parents[2] / "demo" / "model"
    one = WeightsFetch(str(demo), tmp_path, offline=True)
    one.start()
    assert one.ready()
    assert one.notice() is None
