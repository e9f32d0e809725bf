"""A picture as a caption server wants it: a small JPEG inside a data URL."""

from __future__ import annotations

import base64
import io
import math
from typing import TYPE_CHECKING

from album.captioners.processor import within_aspect

if TYPE_CHECKING:
    from PIL.Image import Image

MAX_PIXELS = 300 * 32 * 32
"""About 300 visual tokens of 32 × 32 pixels: what the captioner on this machine gives
a picture too. A server's own bound is often far higher (16,384 tokens)."""

QUALITY = 90


def data_url(picture: Image, max_pixels: int = MAX_PIXELS) -> str:
    """The picture in RGB as `data:image/jpeg;base64,…`, of at most `max_pixels`.

    Long strips are padded with grey, as every model of the family refuses them.
    Nothing but pixels goes along: no EXIF, no comment, no colour profile.
    """
    from PIL import Image as Images

    small = within_aspect(picture)
    scale = math.sqrt(max_pixels / (small.width * small.height))
    if scale < 1:
        size = (max(1, int(small.width * scale)), max(1, int(small.height * scale)))
        small = small.resize(size, Images.Resampling.LANCZOS)
    # Pillow writes a comment it once read into every later file.
    small.info = {}
    file = io.BytesIO()
    small.save(file, "JPEG", quality=QUALITY)
    return "data:image/jpeg;base64," + base64.b64encode(file.getvalue()).decode("ascii")
