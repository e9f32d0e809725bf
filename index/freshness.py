"""What an index file says of itself, without loading it."""

from __future__ import annotations

from pathlib import Path

from index.errors import IndexDamaged
from index.source import Source
from index.stamped_file import Maker, opened


def look_at(path: Path, catalogue: Source, embedder: Maker) -> tuple[int, bool]:
    """(vectors in the file, whether it is whole and has seen every change).

    (0, False) when there is no file, or one that is damaged or of another catalogue.
    """
    try:
        with opened(path) as (stamp, _, _):
            if not stamp.fits(catalogue.id, embedder):
                return 0, False
            return stamp.count, stamp.seq == catalogue.vectors.last_change()
    except (FileNotFoundError, IndexDamaged):
        return 0, False
