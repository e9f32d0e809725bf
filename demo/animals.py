"""The living things of a drawn scene, each in a box of height 1."""

from __future__ import annotations

from demo.pen import INK, RGB, Pen, mix

DARK: RGB = (58, 52, 66)
SKIN: RGB = (238, 190, 150)


def shade(colour: RGB) -> RGB:
    """A darker tone of a colour, for ears, manes and folds."""
    return mix(colour, INK, 0.3)


def dog(pen: Pen, c: RGB) -> None:
    """Looks right; a hanging ear, a long muzzle, a tail straight up."""
    pen.line(((0.16, 0.45), (0.07, 0.30), (0.08, 0.12)), 0.085, c)
    for x in (0.24, 0.36, 0.72, 0.83):
        pen.line(((x, 0.62), (x, 0.95)), 0.095, c)
    pen.blob(((0.1, 0.4), (0.5, 0.42), (0.95, 0.33), (0.9, 0.7), (0.1, 0.72)), c)
    pen.blob(((0.72, 0.04), (1.0, 0.02), (1.06, 0.3), (0.86, 0.56), (0.68, 0.4)), c)
    pen.blob(((0.92, 0.16), (1.26, 0.22), (1.26, 0.38), (0.92, 0.4)), c)
    pen.group()
    pen.blob(((0.72, 0.06), (0.86, 0.05), (0.86, 0.4), (0.7, 0.46)), shade(c))
    pen.detail()
    pen.oval(1.22, 0.25, 0.045, 0.04, INK)
    pen.oval(0.97, 0.17, 0.028, 0.03, INK)
    pen.line(((0.74, 0.475), (0.95, 0.475)), 0.05, (220, 60, 60))


def cat(pen: Pen, c: RGB) -> None:
    """Sits and looks at you: two pointed ears, a round head, a curled tail."""
    pen.line(((0.55, 0.9), (0.82, 0.9), (0.9, 0.72), (0.78, 0.58)), 0.085, c)
    pen.blob(((0.22, 0.4), (0.54, 0.4), (0.72, 0.98), (0.06, 0.98)), c)
    pen.oval(0.24, 0.94, 0.09, 0.05, c)
    pen.oval(0.5, 0.94, 0.09, 0.05, c)
    pen.group()
    pen.poly(((0.1, 0.26), (0.1, 0.0), (0.33, 0.12)), c)
    pen.poly(((0.66, 0.26), (0.66, 0.0), (0.43, 0.12)), c)
    pen.oval(0.38, 0.29, 0.31, 0.22, c)
    pen.detail()
    pen.oval(0.27, 0.27, 0.045, 0.05, (120, 190, 60))
    pen.oval(0.49, 0.27, 0.045, 0.05, (120, 190, 60))
    pen.oval(0.27, 0.27, 0.018, 0.045, INK)
    pen.oval(0.49, 0.27, 0.018, 0.045, INK)
    pen.poly(((0.34, 0.35), (0.42, 0.35), (0.38, 0.4)), (240, 120, 130))
    for y in (0.36, 0.41):
        pen.line(((0.0, y - 0.02), (0.24, y)), 0.012, INK)
        pen.line(((0.76, y - 0.02), (0.52, y)), 0.012, INK)


def horse(pen: Pen, c: RGB) -> None:
    """Long legs, a long neck up to the right, a mane and a falling tail."""
    mane = shade(shade(c))
    pen.line(((0.14, 0.42), (0.05, 0.55), (0.06, 0.8)), 0.07, mane)
    for x, foot in ((0.2, 0.16), (0.3, 0.32), (0.66, 0.62), (0.76, 0.8)):
        pen.line(((x, 0.55), (x, 0.75), (foot, 0.97)), 0.06, c)
    pen.blob(((0.08, 0.36), (0.5, 0.42), (0.86, 0.34), (0.84, 0.64), (0.1, 0.64)), c)
    pen.blob(((0.62, 0.5), (0.78, 0.04), (0.94, 0.04), (0.92, 0.3), (0.84, 0.56)), c)
    pen.blob(((0.8, 0.0), (0.96, 0.04), (1.16, 0.24), (1.08, 0.33), (0.82, 0.2)), c)
    pen.group()
    pen.line(((0.86, 0.05), (0.76, 0.12), (0.68, 0.32)), 0.07, mane)
    pen.detail()
    pen.oval(0.94, 0.13, 0.02, 0.022, INK)
    pen.oval(1.08, 0.26, 0.014, 0.014, INK)


def bird(pen: Pen, c: RGB) -> None:
    """In the air with both wings spread up in a wide V."""
    pen.blob(((0.62, 0.66), (0.1, 0.42), (0.0, 0.0), (0.42, 0.18), (0.8, 0.6)), c)
    pen.blob(((0.82, 0.66), (1.32, 0.42), (1.44, 0.0), (1.02, 0.18), (0.64, 0.6)), c)
    pen.poly(((0.6, 0.84), (0.42, 1.0), (0.84, 1.0), (0.78, 0.8)), shade(c))
    pen.oval(0.72, 0.7, 0.17, 0.22, c)
    pen.oval(0.76, 0.44, 0.12, 0.12, c)
    pen.poly(((0.86, 0.4), (1.04, 0.46), (0.86, 0.5)), (245, 160, 30))
    pen.detail()
    pen.oval(0.8, 0.41, 0.025, 0.025, INK)


def child(pen: Pen, c: RGB) -> None:
    """A child in a coloured coat who waves with one arm."""
    for x in (0.28, 0.42):
        pen.line(((x, 0.72), (x, 0.96)), 0.085, DARK)
    pen.line(((0.24, 0.44), (0.08, 0.62)), 0.075, c)
    pen.line(((0.46, 0.44), (0.62, 0.24)), 0.075, c)
    pen.oval(0.65, 0.19, 0.04, 0.04, SKIN)
    pen.poly(((0.24, 0.38), (0.46, 0.38), (0.58, 0.8), (0.12, 0.8)), c)
    pen.group()
    pen.oval(0.35, 0.18, 0.19, 0.18, (90, 52, 30))
    pen.detail()
    pen.oval(0.35, 0.22, 0.14, 0.125, SKIN)
    pen.oval(0.3, 0.21, 0.02, 0.022, INK)
    pen.oval(0.41, 0.21, 0.02, 0.022, INK)
    pen.line(((0.31, 0.28), (0.355, 0.3), (0.4, 0.28)), 0.016, (200, 70, 70))
