"""Where photos were taken."""

from __future__ import annotations

from collections.abc import Iterator

from album.catalogue_store import Store

# What the timeline shows is what the map shows: see PhotoTable.timeline_rows.
_SHOWN = "missing = 0"


class PositionTable:
    """The positions of the photos that have one."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def rows(self) -> Iterator[tuple[int, float, float]]:
        """(id, latitude, longitude) in degrees of every photo present that has a
        position on the globe, newest first."""
        return self._store.reader().execute(
            f"SELECT id, latitude, longitude FROM photos WHERE {_SHOWN} "
            "AND latitude BETWEEN -90 AND 90 AND longitude BETWEEN -180 AND 180 "
            "ORDER BY sort_at DESC, id DESC"
        )
