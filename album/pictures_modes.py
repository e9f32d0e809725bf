"""From whatever mode a picture has (palette, 16 bit, CMYK, …) to small sRGB pixels."""

from __future__ import annotations

import io
import logging
import math
from typing import cast

from PIL import Image, ImageCms

_log = logging.getLogger(__name__)

_MAX_ICC_BYTES = 4 * 1024**2
_BAND_PIXELS = 4 * 1000**2  # pixels converted at a time, so that no second copy is made
_REDUCING_GAP = 2  # the LANCZOS step still halves at least: no aliasing from `reduce`
_PLAIN_MODES = ("RGB", "L", "CMYK")


def reduce_to_plain(image: Image.Image, longest: int) -> Image.Image:
    """The picture as RGB, L or CMYK, whole-number reduced, band by band.

    Converting and reducing whole pictures would hold two or three copies of them.
    """
    factor = max(1, max(image.size) // (longest * _REDUCING_GAP))
    transparent = "transparency" in image.info
    if factor == 1 and image.mode in _PLAIN_MODES and not transparent:
        return image
    scale = _scale(image)
    rows = max(factor, _BAND_PIXELS // image.width // factor * factor)
    small: Image.Image | None = None
    for top in range(0, image.height, rows):
        box = (0, top, image.width, min(top + rows, image.height))
        band = _plain(image.crop(box), scale, transparent).reduce(factor)
        if small is None:
            height = math.ceil(image.height / factor)
            small = Image.new(band.mode, (band.width, height))
        small.paste(band, (0, top // factor))
    return cast(Image.Image, small)


def _plain(band: Image.Image, scale: tuple[float, float], clear: bool) -> Image.Image:
    """One band in a mode that can be averaged; transparent parts become white."""
    if band.mode.startswith("I") or band.mode == "F":
        deep = band if band.mode in ("I", "F") else band.convert("I")
        factor, offset = scale
        return deep.point(lambda value: value * factor + offset).convert("L")
    if band.mode == "LAB":
        lab, srgb = ImageCms.createProfile("LAB"), ImageCms.createProfile("sRGB")
        turned = ImageCms.profileToProfile(band, lab, srgb, outputMode="RGB")
        return cast(Image.Image, turned)
    if clear or band.mode in ("RGBA", "LA", "PA", "RGBa", "La"):
        whole = band.convert("RGBA")
        white = Image.new("RGB", whole.size, "white")
        white.paste(whole, mask=whole.getchannel("A"))
        return white
    if band.mode == "1":
        return band.convert("L")
    return band if band.mode in _PLAIN_MODES else band.convert("RGB")


def _scale(image: Image.Image) -> tuple[float, float]:
    """Factor and offset that bring the values of a deep grey picture to 0..255."""
    if not image.mode.startswith("I") and image.mode != "F":
        return 1, 0
    if image.mode.startswith("I;") and image.mode != "I;16":
        return 255 / 65535, 0  # Pillow finds no extremes in the other byte order
    low, high = cast(tuple[float, float], image.getextrema())
    if image.mode == "I;16":
        return 255 / (4095 if high <= 4095 else 65535), 0  # 12-bit sensors and scanners
    if not (math.isfinite(low) and math.isfinite(high)) or low == high == 0:
        return 1, 0
    if low >= 0:
        for white in (1, 255, 65535) if image.mode == "F" else (255, 65535):
            if high <= white:
                return 255 / white, 0
    factor = 255 / (high - low) if high > low else 1
    return factor, -low * factor


def to_srgb(picture: Image.Image, icc: object) -> Image.Image:
    """The picture in sRGB; a profile that is broken or of another kind is ignored."""
    if isinstance(icc, bytes) and 0 < len(icc) <= _MAX_ICC_BYTES:
        try:
            profile = ImageCms.ImageCmsProfile(io.BytesIO(icc))
            srgb = ImageCms.createProfile("sRGB")
            turned = ImageCms.profileToProfile(picture, profile, srgb, outputMode="RGB")
            return cast(Image.Image, turned)
        except (ImageCms.PyCMSError, OSError, ValueError, TypeError) as error:
            _log.debug("colour profile left out: %r", error)
    return picture if picture.mode == "RGB" else picture.convert("RGB")
