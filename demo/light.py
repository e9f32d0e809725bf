"""The four times of day: what they do to the sky and to every colour."""

from __future__ import annotations

import math
from dataclasses import dataclass
from random import Random

from PIL import Image, ImageDraw

from demo.pen import RGB, mix, scale

WHITE: RGB = (255, 255, 255)


@dataclass(frozen=True)
class Light:
    """Sky colours from the top down, and factors for what stands in the light."""

    sky: tuple[RGB, ...]
    land: tuple[float, float, float]
    thing: tuple[float, float, float]
    cloud: RGB
    water: RGB


# The thing is tinted far less than the land: its colour is one of the four words
# the caption must get right.
LIGHTS: dict[str, Light] = {
    "morning": Light(
        ((142, 190, 232), (206, 226, 236), (255, 232, 190)),
        (1.0, 0.97, 0.88), (1.0, 0.99, 0.95), (255, 246, 232), (150, 200, 214),
    ),
    "noon": Light(
        ((28, 118, 224), (86, 170, 240), (168, 216, 248)),
        (1.0, 1.0, 1.0), (1.0, 1.0, 1.0), (255, 255, 255), (40, 140, 214),
    ),
    "sunset": Light(
        ((74, 48, 128), (206, 78, 110), (255, 150, 66), (255, 206, 110)),
        (0.9, 0.66, 0.6), (1.0, 0.93, 0.9), (250, 150, 140), (196, 92, 96),
    ),
    "night": Light(
        ((6, 9, 34), (18, 26, 70), (44, 58, 112)),
        (0.32, 0.38, 0.62), (0.74, 0.78, 0.92), (46, 54, 92), (18, 32, 84),
    ),
}  # fmt: skip


def gradient(size: tuple[int, int], stops: tuple[RGB, ...]) -> Image.Image:
    """An RGB image of `size` (width, height), the stops from top to bottom."""
    column = Image.new("RGB", (1, len(stops)))
    column.putdata(stops)
    width, height = size
    # Pixel centres of the first and last stop must meet the image's edges.
    steps = len(stops)
    box = (0.0, 0.5, 1.0, steps - 0.5)
    tall = column.resize((1, height), Image.Resampling.BILINEAR, box=box)
    return tall.resize((width, height))


def paint_sky(image: Image.Image, horizon: float, time: str, random: Random) -> None:
    """Sky, sun or moon, stars and clouds above the horizon (in pixels)."""
    width, height = image.size
    light = LIGHTS[time]
    image.paste(gradient((width, round(horizon) + 1), light.sky), (0, 0))
    draw = ImageDraw.Draw(image)
    small = min(width, height)
    if time == "night":
        _stars(draw, width, horizon, small, random)
    _sun_or_moon(draw, width, horizon, small, time, random)
    if time != "night":
        for _ in range(random.randint(1, 4)):
            _cloud(draw, random.uniform(0, width), random.uniform(0.06, 0.6) * horizon,
                   random.uniform(0.03, 0.055) * small, light.cloud)  # fmt: skip


def _stars(
    draw: ImageDraw.ImageDraw, width: int, horizon: float, small: int, random: Random
) -> None:
    for _ in range(random.randint(30, 55)):
        x, y = random.uniform(0, width), random.uniform(0, horizon * 0.9)
        r = random.uniform(0.0015, 0.0045) * small
        draw.ellipse((x - r, y - r, x + r, y + r), fill=(255, 250, 220))


def _disc(draw: ImageDraw.ImageDraw, x: float, y: float, r: float, fill: RGB) -> None:
    draw.ellipse((x - r, y - r, x + r, y + r), fill=fill)


def _sun_or_moon(
    draw: ImageDraw.ImageDraw,
    width: int,
    horizon: float,
    small: int,
    time: str,
    random: Random,
) -> None:
    x = random.uniform(0.12, 0.88) * width
    if time == "night":
        y, r = random.uniform(0.15, 0.4) * horizon, random.uniform(0.055, 0.075) * small
        _disc(draw, x, y, r, (250, 244, 208))
        for dx, dy, size in ((-0.3, -0.2, 0.22), (0.3, 0.25, 0.17), (0.1, -0.5, 0.13)):
            _disc(draw, x + dx * r, y + dy * r, size * r, (222, 214, 178))
    elif time == "noon":
        y, r = random.uniform(0.14, 0.3) * horizon, random.uniform(0.05, 0.07) * small
        for turn in range(12):
            angle = math.tau * turn / 12
            dx, dy = math.cos(angle), math.sin(angle)
            ray = (
                x + dx * r * 1.3,
                y + dy * r * 1.3,
                x + dx * r * 1.8,
                y + dy * r * 1.8,
            )
            draw.line(ray, fill=(255, 246, 190), width=max(1, round(r * 0.16)))
        _disc(draw, x, y, r, (255, 248, 200))
    elif time == "morning":
        y, r = random.uniform(0.62, 0.8) * horizon, random.uniform(0.06, 0.08) * small
        _disc(draw, x, y, r * 1.5, (255, 240, 208))
        _disc(draw, x, y, r, (255, 250, 226))
    else:
        y, r = random.uniform(0.84, 0.98) * horizon, random.uniform(0.11, 0.15) * small
        _disc(draw, x, y, r * 1.35, (255, 186, 92))
        _disc(draw, x, y, r, (255, 232, 130))


def _cloud(draw: ImageDraw.ImageDraw, x: float, y: float, r: float, fill: RGB) -> None:
    for dx, dy, size in ((-1.5, 0.1, 0.7), (-0.5, -0.3, 1.0), (0.7, -0.1, 0.85)):
        _disc(draw, x + dx * r, y + dy * r, size * r, fill)
    draw.rounded_rectangle(
        (x - 2.3 * r, y, x + 1.7 * r, y + 0.8 * r), radius=0.4 * r, fill=fill
    )


def lit(colour: RGB, time: str) -> RGB:
    """A colour of the land in this light."""
    return scale(colour, LIGHTS[time].land)


def hazy(colour: RGB, time: str, share: float) -> RGB:
    """A colour of the land far away: `share` of the horizon's sky in it."""
    return mix(lit(colour, time), LIGHTS[time].sky[-1], share)
