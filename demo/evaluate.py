"""Examines the small checkpoint: python -m demo.evaluate

Half of the pictures show scenes that training never showed, half show known scenes
drawn anew. All go the application's way: 960 pixels wide, JPEG, the usual prompt.
"""

from __future__ import annotations

import argparse
import io
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from random import Random

import torch
from PIL import Image

from demo.album import SIZES
from demo.checkpoint import FOLDER
from demo.lessons import is_held_out
from demo.reader import Reader, load
from demo.scenes import Scene, all_scenes, draw

# Training draws its seeds below 2**31, so no picture here can be one of its own.
FIRST_SEED = 2**31
BATCH = 8


@dataclass
class Answers:
    """The captions of one run, in the scenes' order, and the seconds it took."""

    captions: list[str]
    seconds: float


def unseen(count: int, seed: int = 0) -> list[tuple[Scene, Image.Image]]:
    """`count` scenes with an RGB picture each, the first half of held-out scenes."""
    random = Random(f"examination {seed}")
    held_out = [scene for scene in all_scenes() if is_held_out(scene)]
    known = [scene for scene in all_scenes() if not is_held_out(scene)]
    scenes = random.choices(held_out, k=count // 2)
    scenes += random.choices(known, k=count - len(scenes))
    return [(scene, _photo(scene, FIRST_SEED + n)) for n, scene in enumerate(scenes)]


def _photo(scene: Scene, seed: int) -> Image.Image:
    file = io.BytesIO()
    draw(scene, SIZES[seed % len(SIZES)], seed).save(file, "JPEG", quality=88)
    return Image.open(file).convert("RGB")


def read(reader: Reader, images: list[Image.Image], batch: int = BATCH) -> Answers:
    """Captions of all images, `batch` at a time."""
    began, captions = time.perf_counter(), list[str]()
    for start in range(0, len(images), batch):
        captions += reader.captions(images[start : start + batch])
    return Answers(captions, time.perf_counter() - began)


def share(hits: list[bool]) -> float:
    """How many are true, in per cent."""
    return 100 * sum(hits) / max(1, len(hits))


def table(scenes: list[Scene], plain: Answers, small: Answers) -> list[str]:
    """The lines of the report."""
    half = len(scenes) // 2
    lines = [f"{'per cent right':28} {'float32':>8} {'INT4':>8}"]
    for kind in ("thing", "colour", "place", "time"):
        words = [str(getattr(scene, kind)) for scene in scenes]
        lines.append(_line(kind, [_has(words, run) for run in (plain, small)]))
    exact = [
        [s.caption == c for s, c in zip(scenes, run.captions, strict=True)]
        for run in (plain, small)
    ]
    lines.append(_line("exact, never-shown scenes", [hits[:half] for hits in exact]))
    lines.append(_line("exact, known scenes anew", [hits[half:] for hits in exact]))
    lines.append(_line(f"exact, all {len(scenes)}", exact))
    same = [a == b for a, b in zip(plain.captions, small.captions, strict=True)]
    lines.append(f"{'INT4 says the same':28} {share(same):17.1f}")
    per = [1000 * run.seconds / len(scenes) for run in (plain, small)]
    lines.append(f"{'milliseconds a picture':28} {per[0]:8.0f} {per[1]:8.0f}")
    return lines


def _has(words: list[str], run: Answers) -> list[bool]:
    pairs = zip(words, run.captions, strict=True)
    return [word in caption.split() for word, caption in pairs]


def _line(name: str, columns: list[list[bool]]) -> str:
    return f"{name:28} {share(columns[0]):8.1f} {share(columns[1]):8.1f}"


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, default=FOLDER)
    parser.add_argument("--count", type=int, default=480)
    given = parser.parse_args()
    torch.set_num_threads(2)
    began = time.perf_counter()
    pairs = unseen(given.count)
    scenes, images = [s for s, _ in pairs], [i for _, i in pairs]
    plain = read(load(given.model), images)
    small = read(load(given.model, four_bit=True), images)
    lines = table(scenes, plain, small)
    lines.append(f"{time.perf_counter() - began:.0f} s in all")
    wrong = [
        f"said {said!r}, was {scene.caption!r}"
        for scene, said in zip(scenes, plain.captions, strict=True)
        if said != scene.caption
    ]
    sys.stdout.write("\n".join([*lines, *wrong[:12]]) + "\n")


if __name__ == "__main__":
    main()
