"""Conditions on rows of `photos`, as SQL with its values."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime

TimeSpan = tuple[datetime | None, datetime | None]
"""Wall clock, from the first (included) to the second (not); None: open."""

Condition = tuple[str, list[str]]
"""What stands behind WHERE, and the values of its question marks."""

# A panorama and a selfie are photos as well; who asks for photos means all of them.
KINDS_MEANT = {"photo": ("photo", "panorama", "selfie")}
_HOURS_A_DAY = 24


def both(*conditions: Condition | None) -> Condition | None:
    """All of them as one; None if there is none."""
    given = [condition for condition in conditions if condition is not None]
    if not given:
        return None
    return " AND ".join(sql for sql, _ in given), [v for _, vs in given for v in vs]


def in_albums_of(album_ids: Iterable[int]) -> Condition:
    """In one of the albums with these ids."""
    return (
        "id IN (SELECT photo_id FROM album_photos WHERE album_id IN "
        "(SELECT value FROM json_each(?)))",
        [json.dumps(list(album_ids))],
    )


def one_of(column: str, values: Iterable[str]) -> Condition | None:
    """The column has one of the values; None if there is none."""
    listed = list(values)
    if not listed:
        return None
    return f"{column} IN ({','.join('?' * len(listed))})", listed


def in_spans(spans: Sequence[TimeSpan]) -> Condition | None:
    """Within one of the spans. ISO text sorts as the times do, with or without
    fractions of a second."""
    ranges, values = [], []
    for begin, end in spans:
        bounds = []
        for sign, moment in ((">=", begin), ("<", end)):
            if moment is not None:
                bounds.append(f"sort_at {sign} ?")
                values.append(moment.replace(tzinfo=None).isoformat())
        ranges.append(" AND ".join(bounds) or "1")
    return (f"({' OR '.join(ranges)})", values) if ranges else None


def in_hours(hours: Sequence[tuple[int, int]]) -> Condition | None:
    """In one of these hours, (first, last), and with a time at all."""
    if not hours:
        return None
    chosen: set[int] = set()
    for first, last in hours:
        count = (last - first) % _HOURS_A_DAY + 1
        chosen.update((first + step) % _HOURS_A_DAY for step in range(count))
    marks = ",".join("?" * len(chosen))
    return (
        f"substr(sort_at, 12, 2) IN ({marks}) AND substr(sort_at, 12) <> '00:00:00'",
        [f"{hour:02}" for hour in sorted(chosen)],
    )


def kinds_meant(kinds: Iterable[str]) -> set[str]:
    """The kinds that photos are kept under, for those that people ask for."""
    return {meant for kind in kinds for meant in KINDS_MEANT.get(kind, (kind,))}
