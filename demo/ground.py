"""The canvas of a place and what grows there: firs, trees, palms, cacti, water."""

from __future__ import annotations

import math
from dataclasses import dataclass
from random import Random

from PIL import Image, ImageDraw

from demo.light import LIGHTS, gradient, lit
from demo.pen import RGB, Point, mix


@dataclass
class Ground:
    """The canvas of one place. Lengths in pixels, `unit` is the short edge."""

    image: Image.Image
    horizon: float
    time: str
    random: Random

    def __post_init__(self) -> None:
        self.draw = ImageDraw.Draw(self.image)
        self.width, self.height = self.image.size
        self.unit = min(self.width, self.height)

    def floor(self, near: RGB, far: RGB, top: float | None = None) -> None:
        """Fill from `top` (the horizon) to the bottom edge."""
        start = round(self.horizon if top is None else top)
        stops = (lit(far, self.time), lit(near, self.time))
        self.image.paste(gradient((self.width, self.height - start), stops), (0, start))

    def hills(self, base: float, rise: float, fill: RGB, waves: float = 1.5) -> None:
        """A soft line of hills standing on `base`, at most `rise` high."""
        phase, second = self.random.uniform(0, 6), self.random.uniform(0, 6)
        points: list[Point] = [(0.0, base)]
        for step in range(33):
            turn = step / 32 * math.tau * waves
            up = 0.6 + 0.25 * math.sin(turn + phase)
            up += 0.15 * math.sin(2.3 * turn + second)
            points.append((step / 32 * self.width, base - rise * up))
        self.draw.polygon([*points, (self.width, base)], fill=fill)

    def polygon(self, points: list[Point], fill: RGB) -> None:
        """A plain polygon in pixels."""
        self.draw.polygon(points, fill=fill)

    def disc(self, x: float, y: float, r: float, fill: RGB) -> None:
        """A circle in pixels."""
        self.draw.ellipse((x - r, y - r, x + r, y + r), fill=fill)

    def box(self, left: float, top: float, wide: float, high: float, fill: RGB) -> None:
        """An upright rectangle in pixels."""
        self.draw.rectangle((left, top, left + wide, top + high), fill=fill)

    def speckle(self, top: float, count: int, fill: RGB) -> None:
        """Small flat marks on the ground: shells, tufts, stones."""
        for _ in range(count):
            x = self.random.uniform(0, self.width)
            y = self.random.uniform(top, self.height)
            wide = self.random.uniform(0.006, 0.014) * self.unit
            self.draw.ellipse(
                (x - wide, y - wide * 0.4, x + wide, y + wide * 0.4), fill
            )


def fir(ground: Ground, x: float, foot: float, high: float, fill: RGB) -> None:
    """A fir of three stacked triangles."""
    ground.box(x - 0.05 * high, foot - 0.16 * high, 0.1 * high, 0.16 * high,
               lit((94, 62, 40), ground.time))  # fmt: skip
    for level, wide in ((0.1, 0.34), (0.34, 0.27), (0.58, 0.19)):
        low, top = foot - level * high, foot - (level + 0.42) * high
        ground.polygon([(x - wide * high, low), (x + wide * high, low), (x, top)], fill)


def round_tree(ground: Ground, x: float, foot: float, high: float) -> None:
    """A garden tree: trunk and a crown of four discs."""
    ground.box(x - 0.05 * high, foot - 0.5 * high, 0.1 * high, 0.5 * high,
               lit((112, 74, 46), ground.time))  # fmt: skip
    tone = lit((58, 140, 62), ground.time)
    for dx, dy, r in ((-0.18, 0.55, 0.2), (0.18, 0.55, 0.2), (0, 0.72, 0.25)):
        ground.disc(x + dx * high, foot - dy * high, r * high, tone)
    bright = lit((84, 168, 78), ground.time)
    ground.disc(x - 0.06 * high, foot - 0.76 * high, 0.14 * high, bright)


def shore(ground: Ground, water_end: float, waves: int) -> None:
    """Water from the horizon to `water_end` (pixels), with light wave marks."""
    water = LIGHTS[ground.time].water
    size = (ground.width, round(water_end) - round(ground.horizon) + 1)
    stops = (mix(water, LIGHTS[ground.time].sky[-1], 0.35), water)
    ground.image.paste(gradient(size, stops), (0, round(ground.horizon)))
    light = mix(water, (255, 255, 255), 0.4)
    for _ in range(waves):
        x = ground.random.uniform(0, ground.width)
        y = ground.random.uniform(ground.horizon, water_end - 0.01 * ground.unit)
        long = ground.random.uniform(0.02, 0.06) * ground.unit
        ground.draw.line((x - long, y, x + long, y), light, max(1, ground.unit // 150))


def palm(ground: Ground, x: float, foot: float) -> None:
    """A palm that leans towards the middle of the picture."""
    high = 0.46 * ground.height
    lean = 0.06 * ground.unit * (1 if x < ground.width / 2 else -1)
    wood, leaf = lit((140, 98, 60), ground.time), lit((52, 140, 70), ground.time)
    wide = 0.02 * ground.unit
    top = foot - high
    ground.polygon(
        [(x - wide, foot), (x + wide, foot), (x + lean + wide * 0.6, top),
         (x + lean - wide * 0.6, top)], wood,
    )  # fmt: skip
    for dx, dy in ((-1, 0.25), (-0.85, -0.3), (0.4, -0.7), (0.85, -0.3), (1, 0.25)):
        reach = 0.15 * ground.unit
        tip = (x + lean + dx * reach, top + dy * reach)
        bend = (x + lean + dx * reach * 0.5, top + dy * reach - 0.05 * ground.unit)
        back = (
            x + lean + dx * reach * 0.5,
            top + dy * reach * 0.5 + 0.012 * ground.unit,
        )
        ground.polygon([(x + lean, top), bend, tip, back], leaf)


def cactus(ground: Ground, x: float, foot: float, high: float) -> None:
    """A cactus with two arms."""
    tone = lit((58, 132, 74), ground.time)
    thick = 0.16 * high
    arms = (
        ((x, foot), (x, foot - high)),
        ((x, foot - 0.4 * high), (x - 0.3 * high, foot - 0.4 * high)),
        ((x - 0.3 * high, foot - 0.4 * high), (x - 0.3 * high, foot - 0.72 * high)),
        ((x, foot - 0.3 * high), (x + 0.3 * high, foot - 0.3 * high)),
        ((x + 0.3 * high, foot - 0.3 * high), (x + 0.3 * high, foot - 0.6 * high)),
    )
    for start, end in arms:
        ground.draw.line((*start, *end), tone, max(1, round(thick)))
        ground.disc(*end, thick / 2, tone)
