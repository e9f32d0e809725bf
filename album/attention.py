"""What people are looking at: those photos go first."""

from __future__ import annotations

import threading
from collections.abc import Iterable

MOST = 200
"""About two screens of thumbnails, for a few people at once."""


class Attention:
    """The photos looked at lately, the latest first. Safe from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._ids: tuple[int, ...] = ()

    def look_at(self, photo_ids: Iterable[int]) -> None:
        """Somebody looks at these now, the first of them most of all."""
        with self._lock:
            self._ids = tuple(dict.fromkeys([*photo_ids, *self._ids]))[:MOST]

    def ids(self) -> tuple[int, ...]:
        """At most 200 of them."""
        return self._ids
