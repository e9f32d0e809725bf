"""The things that can stand, lie or fly in a drawn scene.

Each drawer fills a `Pen` in a box of height 1 and the width in `ASPECT`. The
silhouettes are far apart on purpose, also at 40 pixels: that is what a model of
two million parameters sees of them.
"""

from __future__ import annotations

from collections.abc import Callable

from demo.animals import DARK, bird, cat, child, dog, horse, shade
from demo.pen import INK, RGB, Pen, ellipse, mix

WHITE: RGB = (250, 248, 240)
GLASS: RGB = (190, 226, 240)
WOOD: RGB = (150, 98, 52)

Drawer = Callable[[Pen, RGB], None]


def boat(pen: Pen, c: RGB) -> None:
    """A sailing boat: coloured hull, tall white triangle of a sail."""
    pen.line(((0.5, 0.02), (0.5, 0.76)), 0.04, WOOD)
    pen.group()
    pen.poly(((0.55, 0.04), (0.55, 0.68), (0.98, 0.68)), WHITE)
    pen.poly(((0.45, 0.14), (0.45, 0.68), (0.12, 0.68)), c)
    pen.group()
    pen.poly(((0.0, 0.74), (1.05, 0.74), (0.84, 1.0), (0.18, 1.0)), c)
    pen.detail()
    pen.poly(((0.05, 0.8), (1.0, 0.8), (0.97, 0.84), (0.08, 0.84)), WHITE)


def car(pen: Pen, c: RGB) -> None:
    """A small car from the side, two big wheels, a rounded roof."""
    pen.blob(((0.38, 0.5), (0.6, 0.0), (1.3, 0.0), (1.55, 0.5)), c)
    pen.blob(
        ((0.0, 0.42), (0.5, 0.36), (1.5, 0.36), (1.92, 0.46), (1.92, 0.8), (0.0, 0.8)),
        c,
    )
    for x in (0.45, 1.45):
        pen.group()
        pen.oval(x, 0.8, 0.2, 0.2, DARK)
    pen.detail()
    for x in (0.45, 1.45):
        pen.oval(x, 0.8, 0.09, 0.09, (200, 200, 205))
    pen.poly(((0.6, 0.4), (0.72, 0.14), (0.95, 0.14), (0.95, 0.4)), GLASS)
    pen.poly(((1.02, 0.4), (1.02, 0.14), (1.22, 0.14), (1.36, 0.4)), GLASS)
    pen.oval(1.84, 0.55, 0.05, 0.05, (255, 240, 170))


def bicycle(pen: Pen, c: RGB) -> None:
    """Two open wheels and a frame: the only thing one can look through."""
    from_hub, seat, crank, head = (0.36, 0.66), (0.58, 0.26), (0.74, 0.68), (1.12, 0.28)
    front = (1.24, 0.66)
    for cx, cy in (from_hub, front):
        rim = ellipse(cx, cy, 0.31, 0.31)
        # Two points more than a turn, or the line would end in a notch.
        pen.line((*rim, *rim[:2]), 0.045, DARK)
    pen.group()
    frame = (from_hub, seat, crank, from_hub)
    pen.line(frame, 0.06, c)
    pen.line((seat, head, crank), 0.06, c)
    pen.line((front, (1.06, 0.1), (1.2, 0.04)), 0.06, c)
    pen.line((seat, (0.54, 0.16)), 0.05, c)
    pen.group()
    pen.line(((0.42, 0.14), (0.66, 0.14)), 0.07, WOOD)


def house(pen: Pen, c: RGB) -> None:
    """A coloured wall under a wide dark roof with a chimney."""
    pen.poly(((0.74, 0.05), (0.88, 0.05), (0.88, 0.4), (0.74, 0.4)), (150, 70, 60))
    pen.group()
    pen.poly(((0.12, 0.4), (1.0, 0.4), (1.0, 1.0), (0.12, 1.0)), c)
    pen.group()
    pen.poly(((0.0, 0.46), (0.56, 0.02), (1.12, 0.46)), (112, 72, 66))
    pen.group()
    pen.poly(((0.46, 0.66), (0.66, 0.66), (0.66, 1.0), (0.46, 1.0)), WOOD)
    for x in (0.2, 0.76):
        pen.group()
        pen.poly(((x, 0.58), (x + 0.16, 0.58), (x + 0.16, 0.76), (x, 0.76)), GLASS)


def kite(pen: Pen, c: RGB) -> None:
    """A diamond in the air with a long wavy tail of bows."""
    tail = ((0.4, 0.62), (0.3, 0.72), (0.44, 0.82), (0.32, 0.92), (0.42, 1.0))
    pen.line(tail, 0.02, DARK)
    pen.group()
    pen.poly(((0.4, 0.0), (0.76, 0.26), (0.4, 0.66), (0.04, 0.26)), c)
    for x, y in tail[1:4]:
        pen.group()
        pen.poly(
            ((x - 0.1, y - 0.05), (x + 0.1, y + 0.05), (x + 0.1, y - 0.05),
             (x - 0.1, y + 0.05)), c,
        )  # fmt: skip
    pen.detail()
    pen.poly(((0.4, 0.0), (0.76, 0.26), (0.4, 0.26)), mix(c, WHITE, 0.45))
    pen.poly(((0.4, 0.66), (0.04, 0.26), (0.4, 0.26)), mix(c, WHITE, 0.25))
    pen.line(((0.4, 0.02), (0.4, 0.64)), 0.02, INK)
    pen.line(((0.06, 0.26), (0.74, 0.26)), 0.02, INK)


def tent(pen: Pen, c: RGB) -> None:
    """A wide ridge tent, its door open and dark."""
    pen.poly(((0.5, 0.04), (1.1, 0.04), (1.55, 1.0), (0.98, 1.0)), shade(c))
    pen.group()
    pen.poly(((0.5, 0.04), (1.02, 1.0), (0.0, 1.0)), c)
    pen.group()
    pen.poly(((0.5, 0.34), (0.72, 1.0), (0.32, 1.0)), DARK)


def train(pen: Pen, c: RGB) -> None:
    """A steam engine: chimney with smoke, boiler, cab and many wheels."""
    for x, y, r in ((1.52, 0.1, 0.1), (1.3, 0.06, 0.08), (1.12, 0.1, 0.06)):
        pen.oval(x, y, r, r * 0.8, (226, 226, 232))
    pen.group()
    pen.poly(((1.46, 0.22), (1.68, 0.22), (1.64, 0.48), (1.5, 0.48)), DARK)
    pen.group()
    pen.blob(((0.6, 0.4), (1.8, 0.4), (1.86, 0.6), (1.8, 0.82), (0.6, 0.82)), c)
    pen.poly(((1.76, 0.76), (2.0, 0.96), (1.6, 0.96), (1.6, 0.76)), DARK)
    pen.group()
    pen.poly(((0.1, 0.2), (0.76, 0.2), (0.76, 0.82), (0.1, 0.82)), c)
    pen.group()
    pen.poly(((0.0, 0.12), (0.86, 0.12), (0.86, 0.22), (0.0, 0.22)), DARK)
    for x in (0.28, 0.74, 1.12, 1.48):
        pen.group()
        pen.oval(x, 0.86, 0.15, 0.14, (150, 40, 40))
    pen.group()
    pen.poly(((0.26, 0.32), (0.6, 0.32), (0.6, 0.54), (0.26, 0.54)), GLASS)


def ball(pen: Pen, c: RGB) -> None:
    """A beach ball: a circle with three white gores."""
    pen.oval(0.5, 0.5, 0.48, 0.48, c)
    pen.detail()
    for left, right in ((0.1, 0.3), (0.42, 0.58), (0.7, 0.9)):
        mid = (left + right) / 2
        pull = 0.5 + (mid - 0.5) * 0.2
        pen.poly(
            ((pull, 0.03), (right, 0.3), (right + 0.02, 0.5), (right, 0.7),
             (pull, 0.97), (left, 0.7), (left - 0.02, 0.5), (left, 0.3)),
            WHITE if sum(c) < 700 else (236, 120, 120),
        )  # fmt: skip


def balloon(pen: Pen, c: RGB) -> None:
    """A hot-air balloon: a big drop, ropes and a basket below."""
    pen.line(((0.28, 0.6), (0.38, 0.86)), 0.02, DARK)
    pen.line(((0.56, 0.6), (0.46, 0.86)), 0.02, DARK)
    pen.group()
    pen.blob(
        ((0.42, -0.06), (0.84, 0.02), (0.9, 0.42), (0.54, 0.74), (0.3, 0.74),
         (-0.06, 0.42), (0.0, 0.02)), c,
    )  # fmt: skip
    pen.group()
    pen.poly(((0.32, 0.84), (0.52, 0.84), (0.5, 1.0), (0.34, 1.0)), WOOD)
    pen.detail()
    stripe = mix(c, WHITE, 0.5) if sum(c) < 700 else (240, 180, 180)
    pen.blob(((0.42, 0.0), (0.54, 0.3), (0.46, 0.68), (0.38, 0.68), (0.3, 0.3)), stripe)


def umbrella(pen: Pen, c: RGB) -> None:
    """An open umbrella standing upright, with a hooked handle."""
    pen.line(((0.6, 0.1), (0.6, 0.9), (0.68, 0.96), (0.78, 0.88)), 0.05, WOOD)
    pen.group()
    pen.poly(
        ((0.02, 0.5), (0.1, 0.3), (0.26, 0.14), (0.48, 0.06), (0.6, 0.0), (0.72, 0.06),
         (0.94, 0.14), (1.1, 0.3), (1.18, 0.5), (0.98, 0.43), (0.79, 0.5),
         (0.6, 0.43), (0.41, 0.5), (0.22, 0.43)), c,
    )  # fmt: skip
    pen.detail()
    pen.line(((0.58, 0.07), (0.46, 0.2), (0.41, 0.46)), 0.018, INK)
    pen.line(((0.62, 0.07), (0.74, 0.2), (0.79, 0.46)), 0.018, INK)


DRAWERS: dict[str, Drawer] = {
    "dog": dog, "cat": cat, "horse": horse, "bird": bird, "boat": boat, "car": car,
    "bicycle": bicycle, "house": house, "kite": kite, "tent": tent, "train": train,
    "ball": ball, "balloon": balloon, "umbrella": umbrella, "child": child,
}  # fmt: skip

ASPECT: dict[str, float] = {
    "dog": 1.32, "cat": 0.92, "horse": 1.2, "bird": 1.44, "boat": 1.06, "car": 1.94,
    "bicycle": 1.6, "house": 1.12, "kite": 0.8, "tent": 1.56, "train": 2.0,
    "ball": 1.0, "balloon": 0.84, "umbrella": 1.2, "child": 0.72,
}  # fmt: skip

FLYING = frozenset({"bird", "kite", "balloon"})
ANIMALS = frozenset({"dog", "cat", "horse"})
