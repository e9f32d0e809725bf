"""The timeline: every photo present, newest first, as arrays small enough to send."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Section:
    """A month, and how many photos it has."""

    year: int
    month: int
    count: int


@dataclass(frozen=True, slots=True)
class Timeline:
    """`ids` int64 (n,), `ratios` float32 (n,) width / height, `colours` uint32 (n,)
    0xRRGGBB, newest first; `sections` cover them in the same order."""

    ids: NDArray[np.int64]
    ratios: NDArray[np.float32]
    colours: NDArray[np.uint32]
    sections: tuple[Section, ...]


def timeline_of(rows: Iterable[tuple[int, int, int, int, str]]) -> Timeline:
    """From (id, width px, height px, 0xRRGGBB, ISO local time) rows, newest first."""
    ids: list[int] = []
    ratios: list[float] = []
    colours: list[int] = []
    months: dict[str, int] = {}
    for photo_id, width, height, colour, sort_at in rows:
        ids.append(photo_id)
        ratios.append(width / height)
        colours.append(colour)
        month = sort_at[:7]  # "YYYY-MM"
        months[month] = months.get(month, 0) + 1
    return Timeline(
        np.array(ids, dtype=np.int64),
        np.array(ratios, dtype=np.float32),
        np.array(colours, dtype=np.uint32),
        tuple(Section(int(m[:4]), int(m[5:]), count) for m, count in months.items()),
    )
