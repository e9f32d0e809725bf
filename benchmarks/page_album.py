"""Albums for benchmarks/page.py, each served by `app.py serve` in a process of its own.

Photos and captions are those of benchmarks/big_album.py, with the parts of every
caption, so that a search costs what it costs in a real album. Their thumbnails are 200
drawn pictures of 12 kB, linked under the name that each photo's thumbnail has.
"""

from __future__ import annotations

import io
import os
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from PIL import Image, ImageFilter

from album.catalogue import FILE_NAME
from album.thumbnails import Thumbnails
from benchmarks.big_album import fill, mixtures
from benchmarks.quality_data import Captions
from index.embedder import MiniLMEmbedder

ROOT = Path(__file__).parents[1]
PICTURES = 200
START_S = 120.0


class Albums:
    """Makes albums of any size from the same captions; embeds those once."""

    def __init__(self, data: Captions) -> None:
        self._data = data
        embedder = MiniLMEmbedder()
        self._embedder = embedder.name
        self._vectors, parts = embedder.embed_with_parts(data.captions)
        self._parts = [each.pack() for each in parts]

    def make(self, folder: Path, count: int) -> Path:
        """An album of `count` photos in `folder`; the folder."""
        folder.mkdir(parents=True, exist_ok=True)
        fill(folder, self._embedder, self._data.captions, self._vectors, count)
        self._give_parts(folder, count)
        link_thumbnails(folder, count)
        return folder

    def _give_parts(self, folder: Path, count: int) -> None:
        connection = sqlite3.connect(folder / FILE_NAME)
        connection.execute("PRAGMA synchronous = OFF")
        for start, _, owners in mixtures(self._vectors, count):
            connection.executemany(
                "INSERT INTO vector_parts(caption_id, embedder, parts) "
                "VALUES (?, ?, ?)",
                (
                    (start + 1 + place, self._embedder, self._parts[owner])
                    for place, owner in enumerate(owners.tolist())
                ),
            )
            connection.commit()
        connection.close()


def link_thumbnails(folder: Path, count: int) -> None:
    """Thumbnails for photos 1 to `count`: links to a few drawn ones."""
    thumbnails = Thumbnails(folder / "thumbnails")
    drawn = [f"{'f' * 60}{number:04}" for number in range(PICTURES)]
    for number, name in enumerate(drawn):
        webp = draw(number)
        thumbnails.put(name, webp, webp)
    for key in range(1, count + 1):
        name = f"{key:064}"
        shard = thumbnails.folder / name[:2] / name[2:4]
        shard.mkdir(parents=True, exist_ok=True)
        for size in ("thumbnail", "view"):
            source = drawn[key % PICTURES]
            kept = thumbnails.folder / source[:2] / source[2:4] / f"{source}-{size}"
            os.link(kept, shard / f"{name}-{size}")


def draw(seed: int) -> bytes:
    """A soft pattern of 426 × 320 pixels as WebP, about as large as a photo's."""
    rng = np.random.default_rng(seed)
    coarse = rng.integers(0, 255, (24, 32, 3), dtype=np.uint8)
    picture = Image.fromarray(coarse).resize((426, 320), Image.Resampling.BICUBIC)
    grain = rng.normal(0, 7, (320, 426, 3))
    grainy = np.clip(np.asarray(picture) + grain, 0, 255).astype(np.uint8)
    buffer = io.BytesIO()
    Image.fromarray(grainy).filter(ImageFilter.SMOOTH).save(buffer, "WEBP", quality=70)
    return buffer.getvalue()


@contextmanager
def served(data: Path, *folders: Path, paused: bool = True) -> Iterator[str]:
    """The address of an album while it is served; ended by its process id."""
    port = _free_port()
    command = [
        sys.executable, str(ROOT / "app.py"), "serve", "--data", str(data),
        "--port", str(port), "--captioner", "basic", "--offline", *map(str, folders),
    ]  # fmt: skip
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    try:
        _wait(address, process)
        if paused:
            request = urllib.request.Request(f"{address}/api/pause", method="POST")
            urllib.request.urlopen(request).close()
        yield address
    finally:
        process.terminate()
        process.wait(60)


def _wait(address: str, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + START_S
    while True:
        try:
            urllib.request.urlopen(f"{address}/health", timeout=5).close()
            return
        except OSError:
            if process.poll() is not None or time.monotonic() > until:
                raise RuntimeError("the album did not start") from None
            time.sleep(0.2)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
