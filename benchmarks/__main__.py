"""`python -m benchmarks [NAME …]` runs the benchmarks and prints their table."""

from __future__ import annotations

import importlib
import logging
import os
import platform
import sys
from importlib.metadata import version
from pathlib import Path

from benchmarks.table import Measurement, table
from settings import QUIET_ENVIRONMENT

NAMES = (
    "scan", "decode", "pipeline", "basic", "index_speed", "search_parts", "query_speed",
)  # fmt: skip
ON_DEMAND = (
    "captioning",
    "quality",
    "likeness",
    "page",
    "search",
)  # take minutes and gigabytes: run only when named
PACKAGES = ("torch", "faiss-cpu", "sentence-transformers", "pillow", "numpy")


def machine() -> str:
    """The machine and the versions that the figures belong to."""
    versions = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    return (
        f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, "
        f"Python {platform.python_version()}, {versions}"
    )


def main(names: list[str]) -> int:
    """Run the named benchmarks, or all that are quick."""
    for name, value in QUIET_ENVIRONMENT.items():
        os.environ.setdefault(name, value)
    logging.basicConfig(level=logging.WARNING)
    unknown = set(names) - {*NAMES, *ON_DEMAND}
    if unknown:
        print(f"There are: {', '.join(NAMES + ON_DEMAND)}", file=sys.stderr)
        return 2
    shared = Path(__file__).parents[2] / "shared" / "data"
    rows: list[Measurement] = []
    for name in names or NAMES:
        module = importlib.import_module(f"benchmarks.{name}")
        rows.extend(module.measure(shared if shared.is_dir() else None))
    print(machine())
    print(table(rows))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
