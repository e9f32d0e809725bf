"""Draws the album's icon, the same picture that stands in the header, in every size
that browsers and phones ask for: `python -m demo.icon` writes them below ui/assets.

All coordinates are in the header drawing's box of 24 × 24 units.
"""

from __future__ import annotations

from pathlib import Path

from PIL import Image, ImageDraw

FOLDER = Path(__file__).parent.parent / "ui" / "assets" / "icons"

BLUE = "#2559d8"
WHITE = "#ffffff"
SUN = (8.2, 9.0, 2.1)
"""Its middle and its radius."""
HILLS = ((4.5, 18.5), (10.0, 12.4), (13.2, 15.8), (15.8, 13.1), (19.7, 18.5))
MIDDLE = (12.1, 12.7)
CORNER = 5.4
_BOX = 24.0
_FINER = 8  # drawn so much larger, then made smaller: smooth edges


def icon(size: int, *, bleed: bool = False, share: float = 1.0) -> Image.Image:
    """The icon, `size` pixels wide. With `bleed` the ground fills the square, for
    systems that cut the corners themselves; `share` is how much of it the drawing
    takes, since a mask may leave only the middle four fifths."""
    wide = size * _FINER
    picture = Image.new("RGBA", (wide, wide), BLUE if bleed else "#00000000")
    pen = ImageDraw.Draw(picture)
    unit = wide / _BOX
    if not bleed:
        pen.rounded_rectangle((0, 0, wide - 1, wide - 1), CORNER * unit, BLUE)

    def place(x: float, y: float) -> tuple[float, float]:
        """A point of the drawing in pixels; its middle comes to the middle."""
        across, down = (x - MIDDLE[0]) * share, (y - MIDDLE[1]) * share
        return wide / 2 + across * unit, wide / 2 + down * unit

    x, y, radius = SUN
    pen.ellipse((*place(x - radius, y - radius), *place(x + radius, y + radius)), WHITE)
    pen.polygon([place(*point) for point in HILLS], WHITE)
    return picture.resize((size, size), Image.Resampling.LANCZOS)


def drawing() -> str:
    """The same as SVG, for browser tabs."""
    x, y, radius = SUN
    hills = " ".join(f"{a:g} {b:g}" for a, b in HILLS)
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24">\n'
        f'<rect width="24" height="24" rx="{CORNER:g}" fill="{BLUE}"/>\n'
        f'<g transform="translate(-.1 -.7)" fill="{WHITE}">\n'
        f'<circle cx="{x:g}" cy="{y:g}" r="{radius:g}"/>\n'
        f'<path d="M{hills}z"/>\n</g>\n</svg>\n'
    )


def write(folder: Path = FOLDER) -> None:
    """Every size, into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, picture in {
        "favicon-48.png": icon(48),
        "icon-192.png": icon(192),
        "icon-512.png": icon(512),
        "maskable-192.png": icon(192, bleed=True, share=0.8),
        "maskable-512.png": icon(512, bleed=True, share=0.8),
        "apple-touch-icon.png": icon(180, bleed=True, share=0.95).convert("RGB"),
    }.items():
        picture.save(folder / name, optimize=True)
    (folder / "icon.svg").write_text(drawing(), encoding="utf-8")


if __name__ == "__main__":
    write()
