"""Draws flat shapes with one dark outline around each group, like a sticker.

All coordinates of a `Pen` are in the drawing's own unit box: x from 0 to its
aspect (width / height), y from 0 (top) to 1 (bottom). The pen turns them into
pixels, so a drawing looks the same at 96 and at 960 pixels.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import lru_cache

from PIL import ImageDraw

RGB = tuple[int, int, int]
Point = tuple[float, float]
Points = tuple[Point, ...]

INK: RGB = (28, 24, 36)


def mix(first: RGB, second: RGB, share: float) -> RGB:
    """The colour between two, `share` (0 to 1) of the second one."""
    pairs = zip(first, second, strict=True)
    red, green, blue = (round(a + (b - a) * share) for a, b in pairs)
    return red, green, blue


def scale(colour: RGB, factors: tuple[float, float, float]) -> RGB:
    """The colour seen in light of another colour: channel times factor."""
    pairs = zip(colour, factors, strict=True)
    red, green, blue = (min(255, round(a * f)) for a, f in pairs)
    return red, green, blue


@lru_cache(maxsize=512)
def rounded(points: Points, times: int = 3) -> Points:
    """The closed polygon with its corners cut `times` times (Chaikin)."""
    for _ in range(times):
        cut: list[Point] = []
        for (ax, ay), (bx, by) in zip(points, points[1:] + points[:1], strict=True):
            cut.append((ax * 0.75 + bx * 0.25, ay * 0.75 + by * 0.25))
            cut.append((ax * 0.25 + bx * 0.75, ay * 0.25 + by * 0.75))
        points = tuple(cut)
    return points


@lru_cache(maxsize=512)
def ellipse(cx: float, cy: float, rx: float, ry: float) -> Points:
    """28 points around an ellipse."""
    turns = (math.tau * step / 28 for step in range(28))
    return tuple((cx + rx * math.cos(t), cy + ry * math.sin(t)) for t in turns)


@dataclass(frozen=True)
class Stroke:
    """One shape: a filled polygon, or an open line if `width` is over 0."""

    points: Points
    fill: RGB
    width: float = 0.0


@dataclass
class Pen:
    """Collects the shapes of one drawing, then puts them on the canvas."""

    canvas: ImageDraw.ImageDraw
    left: float
    top: float
    height: float
    aspect: float
    flip: bool
    outline: float
    rim: RGB | None = None
    groups: list[list[Stroke]] = field(default_factory=lambda: [[]])

    def group(self) -> None:
        """Start shapes with an outline of their own, in front of the others."""
        self.groups.append([])

    def poly(self, points: Points, fill: RGB) -> None:
        """A polygon with sharp corners."""
        self.groups[-1].append(Stroke(points, fill))

    def blob(self, points: Points, fill: RGB) -> None:
        """A polygon with soft corners."""
        self.poly(rounded(points), fill)

    def oval(self, cx: float, cy: float, rx: float, ry: float, fill: RGB) -> None:
        """An ellipse around (cx, cy)."""
        self.poly(ellipse(cx, cy, rx, ry), fill)

    def line(self, points: Points, width: float, fill: RGB) -> None:
        """An open line with round ends, `width` in units of the box."""
        self.groups[-1].append(Stroke(points, fill, width))

    def finish(self) -> None:
        """Put it on the canvas: outlines of a group first, then its colours."""
        strokes = [stroke for group in self.groups for stroke in group]
        if self.rim is not None:
            for stroke in strokes:
                self._trace(stroke, self.rim, self.outline * 1.7)
        for group in self.groups:
            for stroke in group:
                self._trace(stroke, INK, self.outline)
            for stroke in group:
                self._trace(stroke, stroke.fill, 0.0)

    def detail(self) -> None:
        """Finish what was drawn, then let the next shapes have no outline."""
        self.finish()
        self.groups, self.outline, self.rim = [[]], 0.0, None

    def _trace(self, stroke: Stroke, fill: RGB, grow: float) -> None:
        pixels = [self._pixel(point) for point in stroke.points]
        border = grow * self.height
        if stroke.width:
            thick = stroke.width * self.height + 2 * border
            self._round_line(pixels, thick, fill)
            return
        self.canvas.polygon(pixels, fill=fill)
        if border:
            self._round_line([*pixels, pixels[0]], 2 * border, fill)

    def _round_line(self, pixels: list[Point], thick: float, fill: RGB) -> None:
        self.canvas.line(pixels, fill=fill, width=max(1, round(thick)), joint="curve")
        half = thick / 2
        if half >= 1:
            for x, y in (pixels[0], pixels[-1]):
                self.canvas.ellipse((x - half, y - half, x + half, y + half), fill)

    def _pixel(self, point: Point) -> Point:
        x = self.aspect - point[0] if self.flip else point[0]
        return self.left + x * self.height, self.top + point[1] * self.height
