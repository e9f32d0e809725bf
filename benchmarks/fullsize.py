"""`python -m benchmarks.fullsize`: the captioner with a model of the released size.

The weights are random numbers in the exact shape of Qwen3-VL-2B-Instruct, because what
is measured here, bytes and seconds of loading, does not depend on what they say. Needs
7 GB of disk for a while and 6 GB of memory, and takes some minutes on two cores.
"""

from __future__ import annotations

import importlib
import logging
import os
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from album.captioners.base import Subject
from album.captioners.generation import RawAnswer
from album.captioners.opening import Loaded
from album.captioners.qwen import Question, QwenCaptioner
from benchmarks.model2b import PARAMETERS, build, subject
from benchmarks.table import Measurement, table
from settings import QUIET_ENVIRONMENT

MAX_FOOTPRINT_GB = 2.3
MIN_SPEED_UP = 10
NEW_TOKENS = 16


class Watching(QwenCaptioner):
    """Keeps the raw answer: random weights seldom say what passes for a caption."""

    raw = ""

    def _generate(
        self, loaded: Loaded, questions: Sequence[Question]
    ) -> list[RawAnswer]:
        answers = super()._generate(loaded, questions)
        self.raw = answers[0].text
        return answers


def measure(_shared: Path | None = None) -> list[Measurement]:
    """Build the model, start twice, caption one picture; leaves nothing behind."""
    for heavy in ("torch", "transformers"):
        importlib.import_module(heavy)  # so that neither start pays for it
    with tempfile.TemporaryDirectory(prefix="album-fullsize-") as folder:
        home = Path(folder)
        source = build(home / "source")
        first = Watching(str(source), home / "cache", max_new_tokens=NEW_TOKENS)
        first.caption([])
        quantised = first.info()
        first.unload()
        second = Watching(str(source), home / "cache", max_new_tokens=NEW_TOKENS)
        second.caption([])
        reloaded = second.info()
        began = time.perf_counter()
        second.caption([_subject()])
        seconds = time.perf_counter() - began
        print(
            f"{reloaded['device']}, {reloaded['kernel']}; the saved INT4 is "
            f"{_size(home / 'cache') / 1e9:.2f} GB. Random weights say only noise: "
            f"{len(second.raw.split())} words in {seconds:.1f} s: {second.raw[:60]!r}"
        )
        if not reloaded["from_saved_int4"] or not second.raw.strip():
            raise RuntimeError("the second start did not caption from the saved INT4")
    return rows(quantised, reloaded)


def rows(quantised: dict[str, Any], reloaded: dict[str, Any]) -> list[Measurement]:
    """The two limits, from `info` of the first and of the second start."""
    footprint, full = reloaded["footprint"] / 1e9, PARAMETERS * 2 / 1e9
    first, second = quantised["load_seconds"], reloaded["load_seconds"]
    return [
        Measurement(
            "2B model in INT4, footprint", footprint, "GB", "bfloat16", full,
            footprint / full, f"≤ {MAX_FOOTPRINT_GB} GB",
        ),
        Measurement(
            "2B model, second start", second, "s", "first start", first,
            first / second, f"≥ {MIN_SPEED_UP}× faster",
        ),
    ]  # fmt: skip


def _subject() -> Subject:
    """A picture of 1600 × 1200 with something in it."""
    from PIL import Image

    gradient = Image.radial_gradient("L").resize((1600, 1200))
    return subject(Image.merge("RGB", (gradient, gradient, gradient)))


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*.safetensors"))


def main() -> int:
    """Print the table; 1 if a limit is not kept."""
    for name, value in QUIET_ENVIRONMENT.items():
        os.environ.setdefault(name, value)
    logging.basicConfig(level=logging.WARNING)
    footprint, second_start = measured = measure()
    print(table(measured))
    kept = footprint.value <= MAX_FOOTPRINT_GB and second_start.ratio >= MIN_SPEED_UP
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
