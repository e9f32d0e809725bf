"""What the album holds, with counts: years, places, cameras, folders and so on.

Suggestions and filters of the page are made of it.
"""

from __future__ import annotations

import re
import threading
from collections import Counter
from collections.abc import Callable, Mapping

from album.catalogue import Catalogue
from album.catalogue_captioned import FAILED, NOT_YET
from album.catalogue_conditions import KINDS_MEANT
from album.catalogue_facets import FacetTable
from album.costly import Costly
from album.naming import folder_parts, place_parts
from album.photo import BASIC, PERSON

MOST_TAGS = 300
MOST_VALUES = 3000
"""Of one facet: more than anybody would look through."""

Counts = Mapping[str, int]


def _countries(table: FacetTable) -> Counts:
    found: Counter[str] = Counter()
    for place, count in table.by("place").items():
        parts = place_parts(place)
        if len(parts) > 1:
            found[parts[-1]] += count
    return found


def _folders(table: FacetTable) -> Counts:
    """Each folder with all that lies below it, as the filter finds it."""
    found: Counter[str] = Counter()
    for folder, count in table.by("folder").items():
        parts = folder_parts(folder)
        for end in range(1, len(parts) + 1):
            found["/".join(parts[:end])] += count
    return found


def _kinds(table: FacetTable) -> Counts:
    counts = table.by("kind")
    return {
        kind: sum(counts.get(one, 0) for one in KINDS_MEANT.get(kind, (kind,)))
        for kind in {*counts, *KINDS_MEANT}
    }


def _captioned(table: FacetTable) -> Counts:
    """By the words that the filter knows, and by the models' names."""
    found: Counter[str] = Counter()
    for (captioner, model), count in table.by_author().items():
        unnamed = captioner in (PERSON, BASIC) or not model
        found[captioner if unnamed else _short(model)] += count
    found[NOT_YET] = table.photos() - (sum(found.values()) - found[BASIC])
    found[FAILED] = table.failed()
    return found


def _short(model: str) -> str:
    """A model's own name, without whose it is or where it lies on this machine."""
    return re.split(r"[/\\]", model.rstrip("/\\"))[-1]


_FACETS: dict[str, Callable[[FacetTable], Counts]] = {
    "years": lambda table: table.by_year(),
    "places": lambda table: table.by("place"),
    "countries": _countries,
    "cameras": lambda table: table.by("camera"),
    "folders": _folders,
    "kinds": _kinds,
    "favourites": lambda table: {"favourites": table.favourites()},
    "captioned": _captioned,
    "tags": lambda table: table.tags(MOST_TAGS),
}
"""Every facet with how it is counted; the page shows those that it knows."""


class Facets:
    """The counts of every facet, the largest first. Safe to use from several threads.

    Made again after a change, but not more often than a twentieth of the time.
    """

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._held = Costly(self._read)
        self._lock = threading.Lock()

    def all(self) -> dict[str, list[tuple[str, int]]]:
        """(value, photos) of each facet, by the facet's name; values without any photo
        are left out."""
        with self._lock:
            return self._held.get(self._catalogue.changes)

    def _read(self) -> dict[str, list[tuple[str, int]]]:
        table = self._catalogue.facets
        return {name: _ranked(count(table)) for name, count in _FACETS.items()}


def _ranked(counts: Counts) -> list[tuple[str, int]]:
    there = [(value, count) for value, count in counts.items() if count]
    return sorted(there, key=lambda one: (-one[1], one[0]))[:MOST_VALUES]
