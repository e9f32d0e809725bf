"""The world's outline: made from a tiny made-up TopoJSON, and read back."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from benchmarks.make_outline import GRID, OUTLINE_PATH, on_grid, pack, simplified

# Two square countries beside each other: arc 0 is their common border, and country 2
# runs along it backwards. Units of the TopoJSON are degrees from (-180°, -90°).
TOPOLOGY = {
    "transform": {"scale": [1, 1], "translate": [-180, -90]},
    "arcs": [
        [[190, 90], [0, 10]],
        [[190, 100], [-10, 0], [0, -10], [10, 0]],
        [[190, 100], [5, 0], [5, 0], [0, -10], [-10, 0]],
    ],
    "objects": {
        "countries": {
            "geometries": [
                {"type": "Polygon", "id": "056", "properties": {"name": "Westland"},
                 "arcs": [[0, 1]]},
                {"type": "MultiPolygon", "properties": {"name": "Eastland"},
                 "arcs": [[[-1, 2]]]},
                {"type": None},
            ]
        }
    },
}  # fmt: skip


def varints(body: bytes) -> Iterator[int]:
    number = shift = 0
    for byte in body:
        number |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            yield number
            number = shift = 0


def signed(number: int) -> int:
    return -(number + 1) // 2 if number % 2 else number // 2


def unpack(content: bytes) -> tuple[dict[str, Any], list[Any], list[Any]]:
    """The head; of each arc its points in steps of the grid; of each country rings."""
    length = int.from_bytes(content[:4], "little")
    assert length % 4 == 0
    head = json.loads(content[4 : 4 + length])
    numbers = varints(content[4 + length :])
    arcs = []
    for _ in range(next(numbers)):
        jumps = [signed(next(numbers)) for _ in range(2 * next(numbers))]
        arcs.append(np.cumsum(np.array(jumps).reshape(-1, 2), axis=0).tolist())
    countries = [
        [[signed(next(numbers)) for _ in range(next(numbers))] for _ in range(rings)]
        for rings in (next(numbers) for _ in head["countries"])
    ]
    assert next(numbers, None) is None, "nothing is left over"
    return head, arcs, countries


def steps(longitude: float, latitude: float) -> list[int]:
    return [round((longitude + 180) / 360 * GRID), round((latitude + 90) / 180 * GRID)]


def test_two_countries_and_their_border() -> None:
    head, arcs, countries = unpack(pack(TOPOLOGY))
    assert arcs[0] == [steps(10, 0), steps(10, 10)]
    assert arcs[1] == [steps(10, 10), steps(0, 10), steps(0, 0), steps(10, 0)]
    corner_left_out = [steps(10, 10), steps(20, 10), steps(20, 0), steps(10, 0)]
    assert arcs[2] == corner_left_out, "(15, 10) lies on the line anyway"
    assert countries == [[[0, 1]], [[-1, 2]], []]
    number, name, longitude, latitude, size = head["countries"][0]
    assert (number, name) == (56, "Westland")
    assert longitude == pytest.approx(5, abs=0.3)
    assert latitude == pytest.approx(5, abs=0.3)
    assert size == pytest.approx(10 / 360, rel=0.01)
    assert head["countries"][1][0] == 0, "it has no ISO number"


def test_what_crosses_180_degrees_goes_on() -> None:
    """A country of two arcs around (180°, 5°), each with a jump in it."""
    arcs = [
        [[355, 90], [-350, 0], [0, 10]],
        [[5, 100], [350, 0], [0, -10]],
    ]
    country = {"type": "Polygon", "arcs": [[0, 1]], "properties": {"name": "East"}}
    crossing = TOPOLOGY | {
        "arcs": arcs, "objects": {"countries": {"geometries": [country]}}
    }  # fmt: skip
    head, packed, _ = unpack(pack(crossing))
    assert packed[0] == [steps(175, 0), steps(185, 0), steps(185, 10)]
    assert packed[1] == [steps(-175, 10), steps(-185, 10), steps(-185, 0)]
    _, _, longitude, latitude, size = head["countries"][0]
    assert abs(longitude) == pytest.approx(180, abs=0.3)
    assert latitude == pytest.approx(5, abs=0.3)
    assert size == pytest.approx(10 / 360, rel=0.01)


def test_a_line_keeps_what_can_be_seen() -> None:
    line = np.array([[0, 0], [1, 0.01], [2, 0], [2, 5], [2, 6]], dtype=float)
    assert simplified(line, 0.1).tolist() == [[0, 0], [2, 0], [2, 6]]
    assert simplified(line, 0.001).tolist() == [[0, 0], [1, 0.01], [2, 0], [2, 6]]
    ring = np.array([[0, 0], [3, 0], [3, 3], [0, 0]], dtype=float)
    assert len(simplified(ring, 0.1)) == 4
    assert len(on_grid(np.array([[1.0, 1.0], [1.0, 1.0], [1.0, 1.0]]))) == 2


def test_the_file_that_ships() -> None:
    """Every arc is used, at most twice; rings are closed; known places are in it."""
    content = OUTLINE_PATH.read_bytes()
    assert len(content) < 250_000
    head, arcs, countries = unpack(content)
    used = np.zeros(len(arcs), dtype=int)
    for ring in (ring for rings in countries for ring in rings):
        used[[arc if arc >= 0 else -1 - arc for arc in ring]] += 1
        ways = [arcs[arc] if arc >= 0 else arcs[-1 - arc][::-1] for arc in ring]
        assert all(
            way[-1][1] == following[0][1] and (way[-1][0] - following[0][0]) % GRID == 0
            for way, following in zip(ways, ways[1:] + ways[:1], strict=True)
        )
    assert set(used) <= {0, 1, 2}
    assert all(not arcs[number] for number in np.flatnonzero(used == 0))
    names = {name: (lon, lat) for _, name, lon, lat, _ in head["countries"]}
    assert names["Portugal"] == pytest.approx((-8, 39.5), abs=1.5)
    assert names["Australia"] == pytest.approx((134, -25), abs=8)
    assert names["Russia"] == pytest.approx((100, 62), abs=20)
    assert names["Antarctica"][1] < -75
    assert len(names) == 241
