"""A scene: one thing of one colour, in one place, at one time of day."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from random import Random

from PIL import Image, ImageDraw

from demo.ground import Ground
from demo.light import LIGHTS, lit, paint_sky
from demo.pen import RGB, Pen, mix, scale
from demo.places import PAINTERS
from demo.things import ANIMALS, ASPECT, DRAWERS, FLYING

COLOURS: dict[str, RGB] = {
    "red": (218, 38, 40),
    "yellow": (252, 206, 28),
    "green": (38, 158, 70),
    "blue": (36, 98, 232),
    "pink": (248, 126, 186),
    "brown": (132, 80, 42),
    "white": (250, 248, 242),
    "black": (54, 52, 60),
}
PLACES: dict[str, str] = {
    "beach": "on the beach",
    "forest": "in the forest",
    "snow": "in the snow",
    "city": "in the city",
    "mountains": "in the mountains",
    "lake": "by the lake",
    "desert": "in the desert",
    "park": "in the park",
}
TIMES: dict[str, str] = {
    "morning": "in the morning",
    "noon": "at noon",
    "sunset": "at sunset",
    "night": "at night",
}
# Left, top, right, bottom, as shares of the picture's width and height.
Box = tuple[float, float, float, float]
THINGS: tuple[str, ...] = tuple(DRAWERS)
# No family owns a blue horse; yellow is the golden coat.
COATS = frozenset({"brown", "black", "white", "yellow"})
# What the eye could not tell from its ground, whatever the outline.
UNCLEAR = frozenset({("white", "snow"), ("black", "night"), ("green", "forest")})


@dataclass(frozen=True, order=True)
class Scene:
    """What is in the picture; the four words a caption must get right."""

    thing: str
    colour: str
    place: str
    time: str

    @property
    def caption(self) -> str:
        """The one right sentence, such as "a brown dog on the beach at sunset"."""
        subject = f"a {self.colour} {self.thing}"
        if self.thing == "child":
            subject = f"a child in {self.colour}"
        return f"{subject} {PLACES[self.place]} {TIMES[self.time]}"


@lru_cache(maxsize=1)
def all_scenes() -> tuple[Scene, ...]:
    """Every scene that can be drawn, always in the same order."""
    found = (Scene(*words) for words in product(THINGS, COLOURS, PLACES, TIMES))
    return tuple(scene for scene in found if _is_clear(scene))


def _is_clear(scene: Scene) -> bool:
    if scene.thing in ANIMALS and scene.colour not in COATS:
        return False
    pairs = {(scene.colour, scene.place), (scene.colour, scene.time)}
    return not pairs & UNCLEAR


def draw(
    scene: Scene, size: tuple[int, int] = (960, 720), seed: int = 0
) -> Image.Image:
    """An RGB picture of the scene, `size` is (width, height) in pixels.

    The seed moves, mirrors and resizes the thing and changes the clouds, hills
    and trees; the same seed gives the same picture. Everything is drawn at twice
    the size and halved, since PIL's shapes have no soft edges of their own.
    """
    return compose(scene, size, seed)[0]


def compose(scene: Scene, size: tuple[int, int], seed: int) -> tuple[Image.Image, Box]:
    """The picture that `draw` gives, and where in it the thing is."""
    random = Random(f"{seed} {scene.caption}")
    image = Image.new("RGB", (size[0] * 2, size[1] * 2))
    horizon = image.height * random.uniform(0.48, 0.6)
    paint_sky(image, horizon, scene.time, random)
    PAINTERS[scene.place](Ground(image, horizon, scene.time, random))
    left, top, wide, tall = _place_thing(image, scene, horizon, random)
    box = (left / image.width, top / image.height,
           (left + wide) / image.width, (top + tall) / image.height)  # fmt: skip
    return image.reduce(2), box


def _place_thing(
    image: Image.Image, scene: Scene, horizon: float, random: Random
) -> Box:
    """Draw the thing; its left, top, width and height in pixels."""
    canvas, (width, height) = ImageDraw.Draw(image), image.size
    aspect = ASPECT[scene.thing]
    # The box has the area of a square of 45 to 58 % of the short edge, so that a
    # long train and a tall child are about equally big.
    edge = random.uniform(0.45, 0.58) * min(width, height)
    tall = min(edge / aspect**0.5, 0.86 * width / aspect)
    left = random.uniform(0.03 * width, 0.97 * width - tall * aspect)
    if scene.thing in FLYING:
        top = random.uniform(0.06, 0.22) * height
    else:
        foot = random.uniform(0.84, 0.94) * height
        top = foot - tall
        _shadow(image, left, foot, tall * aspect, scene.time)
    rim = mix(lit((255, 255, 255), "night"), (255, 255, 255), 0.45)
    pen = Pen(
        canvas=canvas,
        left=left,
        top=top,
        height=tall,
        aspect=aspect,
        flip=random.random() < 0.5,
        outline=0.011 * min(width, height) / tall,
        rim=rim if scene.time == "night" else None,
    )
    DRAWERS[scene.thing](pen, scale(COLOURS[scene.colour], LIGHTS[scene.time].thing))
    pen.finish()
    return left, top, tall * aspect, tall


def _shadow(
    image: Image.Image, left: float, foot: float, wide: float, time: str
) -> None:
    flat = 0.05 * wide
    box = (round(left + 0.02 * wide), round(foot - flat),
           round(left + 0.98 * wide), round(foot + flat))  # fmt: skip
    shape = Image.new("L", (box[2] - box[0], box[3] - box[1]))
    strength = 90 if time != "night" else 130
    ImageDraw.Draw(shape).ellipse((0, 0, *shape.size), fill=strength)
    image.paste((20, 18, 30), box[:2], shape)
