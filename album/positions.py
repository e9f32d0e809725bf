"""Where the photos were taken: all positions, as arrays small enough to send."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from album.costly import Costly

if TYPE_CHECKING:
    from album.catalogue import Catalogue


@dataclass(frozen=True, slots=True)
class Positions:
    """`ids` int64 (n,), `latitudes` and `longitudes` float32 (n,) in degrees, of the
    photos that say where they were taken, newest first."""

    ids: NDArray[np.int64]
    latitudes: NDArray[np.float32]
    longitudes: NDArray[np.float32]


def positions_of(rows: Iterable[tuple[int, float, float]]) -> Positions:
    """From (id, latitude, longitude) rows."""
    table = np.array(list(rows), dtype=np.float64).reshape(-1, 3)
    return Positions(
        table[:, 0].astype(np.int64),
        table[:, 1].astype(np.float32),
        table[:, 2].astype(np.float32),
    )


class PositionsKept:
    """The positions, read again after a change, but not more often than a twentieth of
    the time. Any thread may ask."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._held = Costly(self._read)
        self._lock = threading.Lock()

    def get(self) -> Positions:
        """Every position of a photo present."""
        with self._lock:
            return self._held.get(self._catalogue.changes)

    def _read(self) -> Positions:
        return positions_of(self._catalogue.positions.rows())
