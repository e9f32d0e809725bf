"""One measurement, and how a list of them is printed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Measurement:
    """A value beside the bare limit that was measured in the same run.

    `ratio` is value / baseline value in whichever direction `limit` speaks of.
    """

    name: str
    value: float
    unit: str
    baseline: str
    baseline_value: float
    ratio: float
    limit: str


def table(rows: Sequence[Measurement]) -> str:
    """The measurements as a Markdown table."""
    lines = [
        "| what | measured | baseline in the same run | ratio | limit |",
        "|---|---|---|---|---|",
    ]
    for row in rows:
        lines.append(
            f"| {row.name} | {row.value:,.4g} {row.unit} | "
            f"{row.baseline}: {row.baseline_value:,.4g} {row.unit} | "
            f"{row.ratio:.2f} | {row.limit} |"
        )
    return "\n".join(lines)
