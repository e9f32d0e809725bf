"""`python -m benchmarks.make_outline SOURCE.json` makes ui/assets/map/world.bin.

The source is a TopoJSON of the world's countries, made from Natural Earth's "Admin 0 –
Countries" at 1:50 million: public domain, see naturalearthdata.com. The one used is
countries-50m.json of the npm package world-atlas 2.0.2. Only facts are kept: where
coasts and borders run, each country's ISO number, English name and where a label fits.

The file: uint32 length of the head; the head, JSON padded with spaces to a multiple of
four, {"countries": [[number, name, longitude, latitude, size], …]}, whose `size` is the
square root of the largest part's area as a share of the Mercator map's width; then
varints (7 bits a byte, the lowest first, the top bit: more follows), signed ones as
zigzag:

    number of arcs; of each: number of points, and of each point signed steps to it from
        the one before, first x, then y, on a grid of 65,536 × 65,536 from
        (-180°, -90°); an arc's first point counts from the grid's corner. An arc that
        crosses 180° goes on beyond the grid
    of each country: number of rings; of each: number of arcs, and the signed number of
        each; -1 - n is arc n from its end
"""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

OUTLINE_PATH = Path(__file__).parent.parent / "ui" / "assets" / "map" / "world.bin"
GRID = 65_536
TOLERANCE = 0.004
"""Degrees (440 m) that a line may be off by leaving points out; a step of the grid is
600 m at the equator, and the source itself is not better than a kilometre."""

_STEEPEST = 85.06  # degrees; the Mercator map ends here
_POLE = -89.9  # degrees
_LABEL_STEPS = 48  # places tried along each side of a country's box

Line = NDArray[np.float64]  # (n, 2) degrees: longitude, latitude
Ring = list[int]  # numbers of arcs; -1 - n is arc n from its end


def read_arcs(topology: dict[str, Any]) -> list[Line]:
    """The arcs of a quantised TopoJSON, in degrees."""
    scale = np.array(topology["transform"]["scale"])
    shift = np.array(topology["transform"]["translate"])
    steps = (np.cumsum(np.array(arc), axis=0) for arc in topology["arcs"])
    return [unwrapped(each * scale + shift) for each in steps]


def unwrapped(line: Line) -> Line:
    """A line that goes on beyond 180° where it jumped to the other side."""
    jumps = np.diff(line[:, 0], prepend=line[0, 0])
    turns = np.cumsum((jumps < -180).astype(int) - (jumps > 180).astype(int))
    return line + np.stack((turns * 360, np.zeros(len(line))), axis=1)


def rings_of(geometry: dict[str, Any]) -> list[Ring]:
    """The rings of a polygon or of several; of anything else none."""
    if geometry.get("type") == "Polygon":
        return list(geometry["arcs"])
    if geometry.get("type") == "MultiPolygon":
        return [ring for polygon in geometry["arcs"] for ring in polygon]
    return []


def simplified(line: Line, tolerance: float) -> Line:
    """Without the points that a line may do without (Douglas and Peucker); both ends
    stay, so that arcs still meet. `tolerance` in degrees."""
    keep = np.zeros(len(line), dtype=bool)
    keep[[0, -1]] = True
    spans = [(0, len(line) - 1)]
    while spans:
        begin, end = spans.pop()
        if end - begin < 2:
            continue
        off = _distances(line[begin + 1 : end], line[begin], line[end])
        farthest = int(off.argmax())
        if off[farthest] > tolerance:
            middle = begin + 1 + farthest
            keep[middle] = True
            spans += [(begin, middle), (middle, end)]
    return line[keep]


def _distances(points: Line, begin: Line, end: Line) -> NDArray[np.float64]:
    """How far points are from the piece of line between two others, in degrees."""
    along, offsets = end - begin, points - begin
    length = float(along @ along)
    share = np.clip(offsets @ along / length, 0, 1) if length else np.zeros(len(points))
    gaps: NDArray[np.float64] = np.hypot(*(offsets - share[:, None] * along).T)
    return gaps


def on_grid(line: Line) -> NDArray[np.int64]:
    """(n, 2) steps of the grid; points that fall together are one."""
    span = np.array([360, 180])
    steps = np.rint((line + span / 2) / span * GRID).astype(np.int64)
    steps[:, 1] = np.clip(steps[:, 1], 0, GRID)
    moved = np.any(np.diff(steps, axis=0) != 0, axis=1)
    moved[-1:] = True  # never fewer than two points
    return steps[np.concatenate(([True], moved))]


def varint(number: int) -> bytes:
    """7 bits a byte, the lowest first."""
    out = bytearray()
    while number > 127:
        out.append(number & 127 | 128)
        number >>= 7
    out.append(number)
    return bytes(out)


def signed(number: int) -> bytes:
    """0, -1, 1, -2 … as 0, 1, 2, 3 …, and then as a varint."""
    return varint(number * 2 if number >= 0 else -number * 2 - 1)


def pack(topology: dict[str, Any]) -> bytes:
    """The outline file of a TopoJSON that has an object `countries`."""
    lines = read_arcs(topology)
    countries = topology["objects"]["countries"]["geometries"]
    whole = [_without_pole(rings_of(country), lines) for country in countries]
    used = {max(arc, -1 - arc) for rings in whole for ring in rings for arc in ring}
    body = bytearray(varint(len(lines)))
    for number, line in enumerate(lines):
        if number not in used:
            body += varint(0)
            continue
        steps = on_grid(simplified(line, TOLERANCE))
        body += varint(len(steps))
        jumps = np.diff(steps, axis=0, prepend=[[0, 0]])
        body += b"".join(signed(int(jump)) for jump in jumps.ravel())
    heads = []
    for country, rings in zip(countries, whole, strict=True):
        heads.append(_head(country, rings, lines))
        body += varint(len(rings))
        for ring in rings:
            body += varint(len(ring)) + b"".join(signed(arc) for arc in ring)
    head = json.dumps({"countries": heads}, separators=(",", ":")).encode()
    head += b" " * (-len(head) % 4)
    return len(head).to_bytes(4, "little") + head + bytes(body)


def _without_pole(rings: list[Ring], lines: list[Line]) -> list[Ring]:
    """Without rings at the South Pole: left over where the source was cut there."""
    return [r for r in rings if max(lines[a][:, 1].max() for a in r) > _POLE]


def _head(country: dict[str, Any], rings: list[Ring], lines: list[Line]) -> list[Any]:
    whole = [mercator(joined(ring, lines)) for ring in rings]
    largest = max(whole, key=area, default=np.zeros((1, 2)))
    x, y = label_place(largest)
    latitude = math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * y))))
    name = country.get("properties", {}).get("name", "")
    size = round(math.sqrt(area(largest)), 5)
    number = int(country.get("id") or 0)
    return [number, name, round(x * 360 % 360 - 180, 2), round(latitude, 2), size]


def joined(ring: Ring, lines: list[Line]) -> Line:
    """The points of a ring, one arc after the other. What runs around the whole world
    is closed along the South Pole: only Antarctica does."""
    parts = [lines[arc] if arc >= 0 else lines[-1 - arc][::-1] for arc in ring]
    whole = unwrapped(np.concatenate([part[:-1] for part in parts]))
    if abs(whole[0, 0] - whole[-1, 0]) < 180:
        return whole
    ends = np.array([[whole[-1, 0], -90], [whole[0, 0], -90]])
    return np.concatenate((whole, ends))


def mercator(line: Line) -> Line:
    """Degrees as shares of the map's width, from its upper left corner."""
    north = np.radians(np.clip(line[:, 1], -_STEEPEST, _STEEPEST))
    y = 0.5 - np.arcsinh(np.tan(north)) / (2 * math.pi)
    return np.stack((line[:, 0] / 360 + 0.5, y), axis=1)


def area(ring: Line) -> float:
    """Of a ring, whichever way round it runs."""
    x, y = ring.T
    return abs(float(x @ np.roll(y, -1) - y @ np.roll(x, -1))) / 2


def label_place(ring: Line) -> tuple[float, float]:
    """The place inside a ring that is farthest from its edge, of a grid of places."""
    low, high = ring.min(axis=0), ring.max(axis=0)
    best, place = -1.0, tuple((low + high) / 2)
    for x, y in _grid(low, high):
        away = float(np.hypot(ring[:, 0] - x, ring[:, 1] - y).min())
        if away > best and _inside(ring, x, y):
            best, place = away, (x, y)
    return float(place[0]), float(place[1])


def _grid(low: Line, high: Line) -> Iterator[tuple[float, float]]:
    shares = (np.arange(_LABEL_STEPS) + 0.5) / _LABEL_STEPS
    for across in shares:
        for down in shares:
            x, y = low + (high - low) * np.array([across, down])
            yield float(x), float(y)


def _inside(ring: Line, x: float, y: float) -> bool:
    """Whether a line to the right crosses the ring an odd number of times."""
    x0, y0 = ring.T
    x1, y1 = np.roll(ring, -1, axis=0).T
    crosses = (y0 > y) != (y1 > y)
    at = x0[crosses] + (y - y0[crosses]) / (y1 - y0)[crosses] * (x1 - x0)[crosses]
    return bool((at > x).sum() % 2)


def main(arguments: list[str]) -> int:
    """Make the file from the TopoJSON that is named."""
    if len(arguments) != 1:
        print(__doc__)
        return 2
    outline = pack(json.loads(Path(arguments[0]).read_text(encoding="utf-8")))
    OUTLINE_PATH.write_bytes(outline)
    print(f"{OUTLINE_PATH.name}: {len(outline):,} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
