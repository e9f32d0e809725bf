"""Durations and rates in a terminal's words."""

from __future__ import annotations

import pytest

from album.progress import Progress
from cli.words import progress_text, time_left


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (5, "half a minute"),
        (45, "a minute"),
        (60, "1 minute"),
        (12.4 * 60, "12 minutes"),
        (89 * 60, "89 minutes"),
        (91 * 60, "2 hours"),
        (30 * 3600, "30 hours"),
        (5.8 * 86_400, "6 days"),
    ],
)
def test_durations(seconds: float, words: str) -> None:
    assert time_left(seconds) == words


def test_what_stands_behind_the_bar() -> None:
    known = Progress(
        "caption:qwen", 10, 50, 2.4, 1000.0, "IMG_1.jpg", 3, False, True, None
    )
    assert progress_text(known) == (
        "2.4 a minute, about 17 minutes left, 3 failed, IMG_1.jpg"
    )
    unknown = Progress("scan", 0, 0, None, None, None, 0, False, True, None)
    assert progress_text(unknown) == "scan"
