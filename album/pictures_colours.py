"""The everyday names of a picture's colours."""

from __future__ import annotations

import colorsys
from collections import Counter
from dataclasses import dataclass

from PIL import Image

_SAMPLE_EDGE = 48  # pixels; 2,304 samples tell the colours, and cost about 3 ms
_ENOUGH = 0.12  # of the picture: a colour with a smaller share is not worth a word
_MOST_NAMES = 3


@dataclass(frozen=True, slots=True)
class Colours:
    """`average` as 0xRRGGBB, `names` strongest first, `brightness` 0 to 1 (luma)."""

    average: int
    names: tuple[str, ...]
    brightness: float


def read_colours(picture: Image.Image) -> Colours:
    """Average colour, dominant colour names and brightness of an RGB picture."""
    size = (min(_SAMPLE_EDGE, picture.width), min(_SAMPLE_EDGE, picture.height))
    sample = picture.resize(size, Image.Resampling.BOX)
    samples = sample.tobytes()
    count = len(samples) // 3
    red, green, blue = (round(sum(samples[i::3]) / count) for i in range(3))
    luma = sample.convert("L").tobytes()
    votes: Counter[str] = Counter()
    for i in range(0, len(samples), 3):
        votes[colour_name(*samples[i : i + 3])] += 1
    names = tuple(
        name for name, n in votes.most_common(_MOST_NAMES) if n >= _ENOUGH * count
    )
    return Colours(red << 16 | green << 8 | blue, names, sum(luma) / len(luma) / 255)


def colour_name(red: int, green: int, blue: int) -> str:
    """The everyday name of one colour, each part 0 to 255."""
    hue, lightness, saturation = colorsys.rgb_to_hls(red / 255, green / 255, blue / 255)
    # The span between the strongest and the weakest part says how colourful a colour
    # looks; HLS saturation alone calls nearly black and nearly white pixels vivid.
    span = (max(red, green, blue) - min(red, green, blue)) / 255
    if lightness < 0.12 or (lightness < 0.2 and span < 0.1):
        return "black"
    if lightness > 0.9 or (lightness > 0.82 and span < 0.1):
        return "white"
    if span < 0.1 or saturation < 0.12:
        return "grey"
    return _hue_name(hue * 360, lightness, saturation)


def _hue_name(degrees: float, lightness: float, saturation: float) -> str:
    """The name of a colour that is neither black nor white nor grey."""
    if degrees < 14 or degrees >= 345:
        return "pink" if lightness > 0.68 else "red"
    if degrees < 44:
        # Brown has no hue of its own: it is a dark or a dull orange.
        return "brown" if lightness < 0.42 or saturation < 0.45 else "orange"
    if degrees < 68:
        return "brown" if lightness < 0.28 or saturation < 0.25 else "yellow"
    if degrees < 170:
        return "green"
    if degrees < 255:
        return "blue"
    if degrees < 295:
        return "purple"
    return "pink" if lightness > 0.4 else "purple"
