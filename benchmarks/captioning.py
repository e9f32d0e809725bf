"""`python -m benchmarks captioning`: what a caption costs, beside the plain recipe and
beside the 16-bit model.

The weights are random numbers in the exact shape of Qwen3-VL-2B-Instruct; the pictures,
the question and the number of words are the same for all. Each way runs in a process of
its own. Needs 7 GB of disk for a while, 6 GB of memory, and takes five to ten minutes
on two cores.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.model2b import build
from benchmarks.table import Measurement

REPOSITORY = Path(__file__).parents[1]
MIN_LESS, MAX_OF_BF16, MIN_FASTER_LOAD, MIN_FASTER_GPU = 3.5, 1.2, 10, 8
_PROCESSOR_WAYS = ("first", "second", "ours", "bf16", "plain")


def measure(_shared: Path | None = None) -> list[Measurement]:
    """Build the model and measure each way; leaves nothing behind."""
    import torch

    with tempfile.TemporaryDirectory(prefix="album-captioning-") as folder:
        source, cache = Path(folder) / "source", Path(folder) / "cache"
        _say("building 4.3 GB of random weights")
        build(source)
        on_cpu = {way: _run(way, source, cache, "cpu") for way in _PROCESSOR_WAYS}
        _say(f"kernel: {on_cpu['ours']['kernel']}")
        sizes = (_size(cache), _size(source))
        measured = [*processor_rows(on_cpu), *memory_rows(on_cpu, *sizes)]
        if torch.cuda.is_available():
            ways = ("plain", "ours")
            measured += gpu_rows({w: _run(w, source, cache, "cuda:0") for w in ways})
    return measured


def processor_rows(ways: dict[str, dict[str, Any]]) -> list[Measurement]:
    """Core-seconds and seconds of a caption, and the second start."""
    ours, plain, bf16 = ways["ours"], ways["plain"], ways["bf16"]
    first, second = ways["first"]["load_seconds"], ways["second"]["load_seconds"]
    names = (f"CPU, core-seconds a caption, batch {ours['batch']}", "core-s")
    cost = ours["core_seconds"]
    return [
        Measurement(
            names[0], cost, names[1], "INT4 of all linear layers, one at a time",
            plain["core_seconds"], plain["core_seconds"] / cost, f"≥ {MIN_LESS}× less",
        ),
        Measurement(
            names[0], cost, names[1], f"bf16, batch {bf16['batch']}",
            bf16["core_seconds"], cost / bf16["core_seconds"], f"≤ {MAX_OF_BF16}×",
        ),
        Measurement(
            "CPU, seconds a caption", ours["seconds"], "s",
            "INT4 of all linear layers, one at a time", plain["seconds"],
            plain["seconds"] / ours["seconds"], "times faster",
        ),
        Measurement(
            "second start, load", second, "s", "first start", first, first / second,
            f"≥ {MIN_FASTER_LOAD}× faster",
        ),
    ]  # fmt: skip


def memory_rows(
    ways: dict[str, dict[str, Any]], saved: int, source: int
) -> list[Measurement]:
    """After the captions, in the same process; and what lies on the disk."""
    rows = [
        Measurement(
            f"CPU, {words}", ways["ours"][name] / 1e9, "GB", "bf16",
            ways["bf16"][name] / 1e9, ways["ours"][name] / ways["bf16"][name], "< 1×",
        )
        for name, words in (("resident", "resident memory"), ("unique", "own memory"))
    ]  # fmt: skip
    disk = Measurement(
        "model on disk", saved / 1e9, "GB", "bf16", source / 1e9, saved / source,
        "about half",
    )  # fmt: skip
    return [*rows, disk]


def gpu_rows(ways: dict[str, dict[str, Any]]) -> list[Measurement]:
    """Captions a second, in batches of the size chosen from the free memory."""
    ours, plain = (1 / ways[way]["seconds"] for way in ("ours", "plain"))
    return [
        Measurement(
            f"GPU, captions a second, batch {ways['ours']['batch']}", ours, "/s",
            "INT4 of all linear layers, one at a time", plain, ours / plain,
            f"≥ {MIN_FASTER_GPU}× more",
        )
    ]  # fmt: skip


def _run(way: str, source: Path, cache: Path, device: str) -> dict[str, Any]:
    """Measure one way in a fresh process."""
    module = "benchmarks.captioning_run"
    done = subprocess.run(
        [sys.executable, "-m", module, way, str(source), str(cache), device],
        cwd=REPOSITORY, stdout=subprocess.PIPE, text=True, check=True,
    )  # fmt: skip
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    figures = {
        name: round(value, 2)
        for name, value in result.items()
        if isinstance(value, float)
    }
    _say(f"{way} on {device}: {figures}")
    return result


def _say(words: str) -> None:
    print(f"captioning: {words}", file=sys.stderr, flush=True)


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*.safetensors"))
