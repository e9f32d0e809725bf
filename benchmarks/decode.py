"""Reading a 12-megapixel JPEG to two thumbnails, beside Pillow's bare calls for it."""

from __future__ import annotations

import io
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from PIL import Image, ImageDraw

from album.decoder import Decoder
from album.pictures import read_picture
from benchmarks.table import Measurement

SIZE = (4032, 3024)  # pixels: a phone's 12 megapixels
SHAPES = 3_000  # with the noise below about 6 MB at quality 90: a detailed photo
PICTURES = 24
TURNS = 5
WORKERS = 2


def measure(shared: Path | None) -> list[Measurement]:
    """Seconds a picture: read in this process, and in the pool, against the limit.

    The bare limit is what must be done at least: `draft`, two resizings, two WebP of
    the same quality and method, with no checks, no metadata and no hash.
    """
    del shared
    with tempfile.TemporaryDirectory() as temporary:
        paths = [Path(temporary) / f"{number}.jpg" for number in range(PICTURES)]
        written = draw_photo()
        for path in paths:
            path.write_bytes(written)
        bare, ours = [], []
        _bare(paths[0])
        read_picture(paths[0])
        for path in paths[:TURNS]:  # in turns, so that a busy machine hits both
            bare.append(_seconds(_bare, path))
            ours.append(_seconds(read_picture, path))
        limit, mine = statistics.median(bare), statistics.median(ours)
        pooled = _pooled_seconds(paths)
    return [
        _row("read a 12 MP JPEG, two thumbnails", mine, limit, "≤ 1.5"),
        _row(
            f"the same by {WORKERS} child processes",
            pooled,
            limit,
            "≤ 1.0 on 2 idle cores",
        ),
    ]


def _row(name: str, seconds: float, limit: float, wanted: str) -> Measurement:
    return Measurement(
        name=name,
        value=seconds * 1000,
        unit="ms a picture",
        baseline="Pillow's bare calls, one process",
        baseline_value=limit * 1000,
        ratio=seconds / limit,
        limit=wanted,
    )


def draw_photo() -> bytes:
    """A drawn picture with as much detail as a photo, as JPEG bytes."""
    noise = Image.effect_noise((SIZE[0] // 2, SIZE[1] // 2), 40).resize(SIZE)
    picture = Image.merge("RGB", (noise, noise.rotate(180), noise))
    draw = ImageDraw.Draw(picture)
    for number in range(SHAPES):
        x, y = number * 7919 % SIZE[0], number * 6271 % SIZE[1]
        colour = (number * 37 % 256, number * 91 % 256, number * 53 % 256)
        draw.ellipse((x, y, x + 20 + number % 90, y + 20 + number % 70), colour)
    written = io.BytesIO()
    picture.save(written, "JPEG", quality=90)
    return written.getvalue()


def _bare(path: Path) -> None:
    with Image.open(path) as image:
        image.draft("RGB", (1600, 1200))
        view = image.resize((1600, 1200), Image.Resampling.LANCZOS)
    thumbnail = view.resize((480, 360), Image.Resampling.LANCZOS)
    for picture in (view, thumbnail):
        picture.save(io.BytesIO(), "WEBP", quality=80, method=2)


def _seconds(read: Callable[[Path], object], path: Path) -> float:
    started = time.perf_counter()
    read(path)
    return time.perf_counter() - started


def _pooled_seconds(paths: list[Path]) -> float:
    """Wall-clock seconds a picture through the pool, once its children are up."""
    with Decoder(workers=WORKERS) as decoder:
        list(decoder.hash_many(paths[:WORKERS]))
        started = time.perf_counter()
        answers = list(decoder.read_many(paths))
        seconds = time.perf_counter() - started
    failed = [answer for answer in answers if answer.error is not None]
    if failed:
        raise RuntimeError(f"{failed[0].path.name}: {failed[0].error}")
    return seconds / len(paths)
