"""What the index of a filled album costs in memory, in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np

from album.catalogue import Catalogue
from album.memory import give_back
from benchmarks.table import Measurement
from index.embedder import MiniLMEmbedder
from index.sync import Sync

INDEX = "photos.index"
MOST_MB = 600


def rows(album: Path, size: int) -> list[Measurement]:
    """Resident megabytes with the index above those without: loaded from the album's
    file, and built from its vectors. Linux only."""
    if not sys.platform.startswith("linux"):
        return []
    found = []
    for name, file in (("loaded", INDEX), ("built", "none")):
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.index_memory", str(album), file],
            cwd=Path(__file__).parents[1], capture_output=True, text=True, check=True,
        )  # fmt: skip
        before, after = json.loads(done.stdout)
        found.append(
            Measurement(
                f"memory of the index of {size:,} photos, {name}", after - before, "MB",
                "most allowed", MOST_MB, (after - before) / MOST_MB, "≤ 1",
            )
        )  # fmt: skip
    return found


def _main(album: Path, file: str) -> None:
    with Catalogue(album, writable=False) as catalogue:
        sync = Sync(catalogue, MiniLMEmbedder(), album / file, read_only=True)
        before = _resident_mb()
        sync.open()
        query = np.zeros(MiniLMEmbedder.dim, np.float32)
        query[0] = 1
        assert len(sync.index.nearest(query, 200)[0]) == 200
        print(json.dumps([before, _resident_mb()]))


def _resident_mb() -> float:
    give_back()
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    return int(status.split("VmRSS:")[1].split()[0]) / 1024


if __name__ == "__main__":
    _main(Path(sys.argv[1]), sys.argv[2])
