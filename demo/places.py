"""The eight places a scene can be in, each with a ground of its own."""

from __future__ import annotations

import math
from collections.abc import Callable

from demo.ground import Ground, cactus, fir, palm, round_tree, shore
from demo.light import hazy, lit
from demo.pen import RGB, Point, mix

SNOW: RGB = (240, 246, 252)
SAND: RGB = (240, 212, 152)
LAWN: RGB = (128, 196, 84)


def beach(ground: Ground) -> None:
    """The sea up to the horizon, a line of foam, sand in front, a palm."""
    end = ground.horizon + 0.17 * ground.height
    shore(ground, end, 16)
    ground.floor(SAND, mix(SAND, (200, 160, 100), 0.35), end)
    foam: list[Point] = [(0.0, end - 0.012 * ground.unit)]
    phase = ground.random.uniform(0, 6)
    for step in range(25):
        wave = math.sin(step * 0.9 + phase) * 0.012 * ground.unit
        foam.append((step / 24 * ground.width, end + 0.012 * ground.unit + wave))
    foam.append((float(ground.width), end - 0.012 * ground.unit))
    ground.polygon(foam, mix(lit((255, 255, 255), ground.time), (255, 255, 255), 0.15))
    ground.speckle(end + 0.05 * ground.unit, 26, lit((206, 172, 112), ground.time))
    side = ground.random.choice((0.06, 0.94))
    palm(ground, side * ground.width, end + 0.1 * ground.height)


def forest(ground: Ground) -> None:
    """Two rows of firs close together, dark undergrowth."""
    far = hazy((40, 104, 70), ground.time, 0.35)
    step = 0.09 * ground.unit
    x = -step
    while x < ground.width + step:
        fir(ground, x, ground.horizon + 0.04 * ground.unit,
            ground.random.uniform(0.3, 0.44) * ground.unit, far)  # fmt: skip
        x += step * ground.random.uniform(0.8, 1.3)
    ground.floor((70, 112, 50), (56, 92, 48))
    x = -step
    near = lit((26, 92, 54), ground.time)
    while x < ground.width + step:
        fir(ground, x, ground.horizon + 0.09 * ground.unit,
            ground.random.uniform(0.42, 0.6) * ground.unit, near)  # fmt: skip
        x += 0.2 * ground.unit * ground.random.uniform(0.8, 1.3)
    ground.speckle(
        ground.horizon + 0.1 * ground.unit, 40, lit((46, 78, 38), ground.time)
    )


def snow(ground: Ground) -> None:
    """White ground and hills, a few snowy firs, falling flakes."""
    ground.hills(ground.horizon + 2, 0.16 * ground.unit,
                 hazy((214, 226, 240), ground.time, 0.2))  # fmt: skip
    ground.floor(SNOW, (216, 228, 242))
    for _ in range(ground.random.randint(3, 5)):
        x = ground.random.uniform(0, ground.width)
        foot = ground.horizon + ground.random.uniform(0.01, 0.08) * ground.unit
        high = ground.random.uniform(0.18, 0.3) * ground.unit
        fir(ground, x, foot, high, lit((46, 104, 92), ground.time))
        cap, low = lit(SNOW, ground.time), foot - 0.72 * high
        ground.polygon(
            [(x - 0.12 * high, low), (x + 0.12 * high, low), (x, foot - high)], cap
        )
    flake = mix(lit((255, 255, 255), ground.time), (255, 255, 255), 0.6)
    for _ in range(60):
        r = ground.random.uniform(0.003, 0.008) * ground.unit
        ground.disc(ground.random.uniform(0, ground.width),
                    ground.random.uniform(0, ground.height), r,
                    flake)  # fmt: skip


def city(ground: Ground) -> None:
    """A skyline with windows, a pavement and a road with a dashed line."""
    x = -0.03 * ground.unit
    window = (255, 226, 130) if ground.time in ("night", "sunset") else (206, 228, 240)
    tones: tuple[RGB, ...] = ((152, 160, 178), (178, 150, 140), (126, 138, 162))
    while x < ground.width:
        wide = ground.random.uniform(0.12, 0.2) * ground.unit
        high = ground.random.uniform(0.22, 0.5) * ground.unit
        tone = hazy(ground.random.choice(tones), ground.time, 0.12)
        ground.box(x, ground.horizon - high, wide, high, tone)
        cell = wide / 5
        for row in range(1, int(high / cell / 1.4)):
            for column in (1, 3):
                if ground.random.random() < 0.8:
                    ground.box(x + column * cell - cell * 0.1,
                               ground.horizon - high + (row - 0.4) * cell * 1.4,
                               cell * 0.8, cell * 0.8, window)  # fmt: skip
        x += wide + ground.random.uniform(0.005, 0.02) * ground.unit
    ground.floor((190, 186, 182), (176, 172, 170))
    road = ground.horizon + 0.3 * (ground.height - ground.horizon)
    ground.floor((92, 94, 102), (104, 106, 114), road)
    y = road + 0.42 * (ground.height - road)
    dash = 0.12 * ground.unit
    start = -ground.random.uniform(0, 2) * dash
    while start < ground.width:
        ground.box(
            start, y, dash, 0.02 * ground.unit, lit((240, 236, 214), ground.time)
        )
        start += 2 * dash


def mountains(ground: Ground) -> None:
    """Grey peaks with white caps behind a green meadow."""
    x = -0.15 * ground.unit
    while x < ground.width + 0.2 * ground.unit:
        wide = ground.random.uniform(0.26, 0.36) * ground.unit
        high = ground.random.uniform(0.32, 0.5) * ground.unit
        foot, peak = ground.horizon + 2, ground.horizon - high
        rock = hazy((110, 112, 134), ground.time, 0.15)
        ground.polygon([(x - wide, foot), (x + wide, foot), (x, peak)], rock)
        cap = mix(lit((255, 255, 255), ground.time), (255, 255, 255), 0.25)
        side, low = 0.36 * wide, peak + 0.36 * high
        ground.polygon(
            [(x - side, low), (x - side * 0.4, low - 0.08 * high), (x, low),
             (x + side * 0.4, low - 0.08 * high), (x + side, low), (x, peak)], cap,
        )  # fmt: skip
        x += wide * ground.random.uniform(0.8, 1.2)
    ground.floor((120, 176, 84), (96, 152, 86))
    ground.speckle(
        ground.horizon + 0.06 * ground.unit, 40, lit((86, 142, 66), ground.time)
    )


def lake(ground: Ground) -> None:
    """Still water under green hills, reeds and grass in front."""
    ground.hills(ground.horizon + 2, 0.2 * ground.unit,
                 hazy((82, 140, 92), ground.time, 0.3))  # fmt: skip
    end = ground.horizon + 0.24 * ground.height
    shore(ground, end, 10)
    ground.floor((110, 172, 74), (126, 184, 92), end)
    reed = lit((66, 120, 50), ground.time)
    for _ in range(26):
        x = ground.random.uniform(0, ground.width)
        foot = end + 0.03 * ground.unit
        high = ground.random.uniform(0.05, 0.12) * ground.unit
        tip = x + ground.random.uniform(-0.02, 0.02) * ground.unit
        ground.draw.line((x, foot, tip, foot - high), reed, max(1, ground.unit // 90))
        ground.disc(
            tip, foot - high, 0.009 * ground.unit, lit((124, 82, 40), ground.time)
        )


def desert(ground: Ground) -> None:
    """Orange dunes and cacti."""
    ground.hills(ground.horizon + 2, 0.17 * ground.unit,
                 hazy((226, 150, 84), ground.time, 0.25))  # fmt: skip
    ground.floor((232, 160, 84), (216, 140, 74))
    ground.hills(ground.height + 2, 0.4 * (ground.height - ground.horizon),
                 lit((240, 176, 100), ground.time))  # fmt: skip
    for _ in range(ground.random.randint(2, 4)):
        x = ground.random.uniform(0.03, 0.97) * ground.width
        foot = ground.horizon + ground.random.uniform(0.03, 0.12) * ground.unit
        cactus(ground, x, foot, ground.random.uniform(0.2, 0.32) * ground.unit)


def park(ground: Ground) -> None:
    """A lawn with round trees, a white fence and flowers."""
    for _ in range(ground.random.randint(4, 6)):
        round_tree(ground, ground.random.uniform(0, ground.width),
                   ground.horizon + 0.02 * ground.unit,
                   ground.random.uniform(0.3, 0.44) * ground.unit)  # fmt: skip
    ground.floor(LAWN, (112, 178, 80))
    wood, gap = lit((250, 248, 240), ground.time), 0.055 * ground.unit
    top = ground.horizon - 0.05 * ground.unit
    for rail in (0.02, 0.06):
        ground.box(0, top + rail * ground.unit, ground.width, 0.012 * ground.unit, wood)
    for post in range(int(ground.width / gap) + 1):
        ground.box(post * gap, top, 0.02 * ground.unit, 0.1 * ground.unit, wood)
    for _ in range(34):
        tone: RGB = ground.random.choice(
            ((250, 120, 150), (255, 220, 90), (255, 255, 255))
        )
        x = ground.random.uniform(0, ground.width)
        y = ground.random.uniform(ground.horizon + 0.12 * ground.unit, ground.height)
        r = ground.random.uniform(0.006, 0.011) * ground.unit
        ground.disc(x, y, r, lit(tone, ground.time))


PAINTERS: dict[str, Callable[[Ground], None]] = {
    "beach": beach, "forest": forest, "snow": snow, "city": city,
    "mountains": mountains, "lake": lake, "desert": desert, "park": park,
}  # fmt: skip
