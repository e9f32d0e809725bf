"""Which photos lie in a time, come from a place, a camera or a folder, are in an album,
of a kind or favourites; and the names of those that this album knows."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from functools import reduce
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from album.catalogue_captioned import captioned_by
from album.catalogue_conditions import (
    Condition,
    TimeSpan,
    both,
    in_albums_of,
    in_hours,
    in_spans,
    kinds_meant,
    one_of,
)
from album.catalogue_store import Store
from album.naming import (
    camera_names,
    folder_parts,
    is_below,
    is_called,
    is_camera,
    is_in_place,
    place_parts,
)

_FAVOURITE: Condition = ("favourite_since IS NOT NULL", [])


class Names(NamedTuple):
    """What people may call things in this album by; see FilterTable.vocabulary."""

    places: set[str]
    cameras: set[str]
    folders: set[str]
    albums: set[str]


class FilterTable:
    """Photos by what is known of them without reading a caption."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def photo_ids(
        self,
        *,
        spans: Sequence[TimeSpan] = (),
        hours: Sequence[tuple[int, int]] = (),
        weekdays: Sequence[int] = (),
        months: Sequence[int] = (),
        places: Sequence[str] = (),
        cameras: Sequence[str] = (),
        folders: Sequence[str] = (),
        kinds: Sequence[str] = (),
        captioned: Sequence[str] = (),
        unwanted_places: Sequence[str] = (),
        unwanted_cameras: Sequence[str] = (),
        unwanted_folders: Sequence[str] = (),
        unwanted_kinds: Sequence[str] = (),
        unwanted_captioned: Sequence[str] = (),
        albums: Sequence[str] = (),
        unwanted_albums: Sequence[str] = (),
        favourite: bool | None = None,
    ) -> NDArray[np.int64]:
        """The photos present that meet every condition given: ids int64 (n,), rising.

        Of each list one value must hold. Times are the wall clock where the picture was
        taken, or the file's where it does not say. `hours` are (first, last), both
        included, past midnight if the first is larger; a picture whose date has no time
        (kept as midnight) lies in none. `weekdays` are 0 (Monday) to 6, `months` 1 to
        12. A place is one part of a photo's place, or all of it ("Cascais", "Portugal",
        "Cascais, Portugal"); a camera its maker, its name or both ("Canon", "EOS R6":
        no "iPhone 12" is an "iPhone 12 Pro"); a folder some parts of its path, and then
        all that lies below; an album its name. `kinds` are those of album/kinds.py;
        `captioned` whose caption is shown, see album/catalogue_captioned.py.

        None of what is `unwanted_…` may hold: a photo without a place is in none, and
        stays. `favourite` True leaves the favourites, False the others.
        """
        conditions = [
            both(
                in_spans(spans),
                one_of("substr(sort_at, 6, 2)", [f"{month:02}" for month in months]),
                one_of(
                    "strftime('%w', substr(sort_at, 1, 10))",
                    [f"{(day + 1) % 7}" for day in weekdays],
                ),
                in_hours(hours),
            ),
            self._named("place", places, is_in_place),
            self._named("camera", cameras, is_camera),
            self._named("folder", folders, is_below),
            self._in_albums(albums),
            one_of("kind", kinds_meant(kinds)),
            captioned_by(captioned),
            _FAVOURITE if favourite else None,
        ]
        denied = [
            self._named("place", unwanted_places, is_in_place),
            self._named("camera", unwanted_cameras, is_camera),
            self._named("folder", unwanted_folders, is_below),
            self._in_albums(unwanted_albums),
            one_of("kind", kinds_meant(unwanted_kinds)),
            captioned_by(unwanted_captioned),
            _FAVOURITE if favourite is False else None,
        ]
        parts = [self._ids(one) for one in conditions if one is not None]
        ids = reduce(_common, parts) if parts else self._ids(("1", []))
        for one in filter(None, denied):
            ids = np.setdiff1d(ids, self._ids(one), assume_unique=True)
        return ids

    def in_folder(self, folder: str) -> NDArray[np.int64]:
        """The photos present in exactly this folder, as photos show it, not in those
        below: ids int64 (n,), rising."""
        return self._ids(("folder = ?", [folder]))

    def in_album(self, album_id: int) -> NDArray[np.int64]:
        """The photos present that are in this album: ids int64 (n,), rising."""
        return self._ids(in_albums_of([album_id]))

    def vocabulary(self) -> Names:
        """The names that photos present have: places and their parts ("Cascais");
        cameras with and without their maker, and the makers alone; folders by their
        whole paths and their last parts, those that only hold folders included; the
        albums that are no searches.

        Reads every photo's row of an index; ask again only after a change.
        """
        names = Names(set(), set(), set(), {name for _, name in self._albums()})
        for place in self._distinct("place"):
            names.places.update([place, *place_parts(place)])
        for camera in self._distinct("camera"):
            names.cameras.update(camera_names(camera))
        for folder in self._distinct("folder"):
            parts = folder_parts(folder)
            names.folders.update(parts)
            names.folders.update(
                "/".join(parts[: end + 1]) for end in range(len(parts))
            )
        return names

    def _ids(self, condition: Condition) -> NDArray[np.int64]:
        """Each condition by itself, from an index that holds all it asks for: no table
        is read, and the order in which SQLite would combine them does not matter.

        As one text, because 100,000 rows took 25 ms to come and this takes 8.
        """
        where, values = condition
        row = self._store.reader().execute(
            f"SELECT group_concat(id) FROM photos WHERE missing = 0 AND {where}", values
        )
        listed = row.fetchone()[0] or ""
        ids = np.fromstring(listed, dtype=np.int64, sep=",")
        ids.sort()
        return ids

    def _named(
        self, column: str, wanted: Sequence[str], fits: Callable[[str, str], bool]
    ) -> Condition | None:
        """The column's values that fit one of those wanted. There are few different
        ones, so Python compares them; SQLite knows no letters beyond ASCII."""
        if not wanted:
            return None
        values = [
            value
            for value in self._distinct(column)
            if any(fits(value, one) for one in wanted)
        ]
        return f"{column} IN (SELECT value FROM json_each(?))", [json.dumps(values)]

    def _in_albums(self, wanted: Sequence[str]) -> Condition | None:
        if not wanted:
            return None
        return in_albums_of(
            key
            for key, name in self._albums()
            if any(is_called(name, one) for one in wanted)
        )

    def _albums(self) -> list[tuple[int, str]]:
        rows = self._store.reader().execute(
            "SELECT id, name FROM albums WHERE query IS NULL"
        )
        return rows.fetchall()

    def _distinct(self, column: str) -> list[str]:
        """From one value to the next in the index: 0.5 ms for the 400 places of
        100,000 photos, where DISTINCT reads all of it in 5."""
        rows = self._store.reader().execute(
            f"WITH RECURSIVE found(value) AS (SELECT min({column}) FROM photos "
            f"WHERE missing = 0 UNION ALL SELECT (SELECT min({column}) FROM photos "
            f"WHERE missing = 0 AND {column} > found.value) FROM found "
            "WHERE found.value IS NOT NULL) SELECT value FROM found WHERE value <> ''"
        )
        return [row[0] for row in rows]


def _common(one: NDArray[np.int64], other: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.intersect1d(one, other, assume_unique=True)
