"""From an open file to small, upright RGB pixels, within bounds of memory and time."""

from __future__ import annotations

import re
import warnings
from dataclasses import dataclass
from typing import BinaryIO

import pillow_heif
from PIL import (  # the plugins are named, so that Pillow does not load all forty
    AvifImagePlugin,
    BmpImagePlugin,  # noqa: F401
    GifImagePlugin,  # noqa: F401
    Image,
    ImageFile,
    JpegImagePlugin,
    MpoImagePlugin,  # noqa: F401
    PngImagePlugin,
    TiffImagePlugin,
    UnidentifiedImageError,
    WebPImagePlugin,  # noqa: F401
)

from album.errors import PictureError
from album.metadata import Embedded
from album.pictures_embedded import read_embedded
from album.pictures_formats import heif_says_how_to_turn
from album.pictures_modes import reduce_to_plain, to_srgb

MEGAPIXELS = {
    "JPEG": 400,
    "PNG": 150,
    "BMP": 150,
    "TIFF": 150,
    "GIF": 150,
    "WEBP": 50,
    "HEIF": 80,
    "AVIF": 80,
}
"""The largest picture of every format that fits into 1 GiB of memory.

A baseline JPEG is decoded at a reduced size, whatever it has. Pillow keeps 4 bytes for
a pixel of a decoded picture; the decoders of the last three hold copies of their own
beside it. Measured: AVIF of 79 megapixels 823 MB; WebP, whose decoder keeps two RGBA
canvases, more than 1 GiB at 79.
"""

PROGRESSIVE_MEGAPIXELS = 150
"""A progressive JPEG keeps the coefficients of all its pixels: 893 MB at 144."""


_DNG_VERSION = 50706  # a TIFF with this tag holds sensor data and a tiny preview

_TRANSPOSE = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}

# Beyond this Pillow refuses a picture at once; the limits above refuse it more finely.
Image.MAX_IMAGE_PIXELS = max(MEGAPIXELS.values()) * 1000**2
# Some programs keep long texts in a PNG; the bound is 1 MiB by default, 64 for all.
PngImagePlugin.MAX_TEXT_CHUNK = 16 * 1024**2
# A file that ends too early is an error, not a picture with a grey half.
ImageFile.LOAD_TRUNCATED_IMAGES = False
# The pool has a process per core already, and every thread's stack and heap would
# count against the child's limit of address space.
AvifImagePlugin.DEFAULT_MAX_THREADS = 1
# A thumbnail inside the file need not show the same picture: decode the real one.
pillow_heif.register_heif_opener(
    decode_threads=1, thumbnails=False, depth_images=False, aux_images=False
)


@dataclass(frozen=True, slots=True)
class Decoded:
    """`picture` is upright RGB; `width` and `height` are the full size, upright."""

    picture: Image.Image
    width: int
    height: int
    orientation: int
    embedded: Embedded


def decode(file: BinaryIO, name: str, longest: int) -> Decoded:
    """Decode an open file of a known format to at most `longest` px a side.

    Raises PictureError with one plain sentence, whatever is wrong with the file.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            return _decode(file, name, longest)
    except PictureError:
        raise
    except MemoryError as error:
        raise PictureError(
            "The picture needs more memory to open than the album allows."
        ) from error
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_large(_pixels_in(str(error)), MEGAPIXELS[name]) from error
    except Exception as error:
        # 5,400 fuzzed files made the decoders raise OSError, UnidentifiedImageError,
        # ValueError, SyntaxError, EOFError and RuntimeError, and the next version may
        # add to them. All mean the same to the person whose file it is.
        raise _damaged(error) from error


def _decode(file: BinaryIO, name: str, longest: int) -> Decoded:
    # Pillow's TIFF reader turns the picture itself, and libheif if it is told how to.
    turned = name == "TIFF" or (name == "HEIF" and heif_says_how_to_turn(file))
    image = Image.open(file, formats=[name])
    _check_size(image, name)
    if (
        isinstance(image, TiffImagePlugin.TiffImageFile)
        and _DNG_VERSION in image.tag_v2
    ):
        raise PictureError("This is a camera's raw file, which the album cannot read.")
    full = image.size
    if isinstance(image, JpegImagePlugin.JpegImageFile):
        image.draft(None, fit(full, longest))
    if name == "PNG":
        image.load()  # its EXIF may stand behind the pixels
    embedded = read_embedded(image)
    image.load()
    if name != "JPEG":
        full = image.size  # HEIF and TIFF tell their upright size only now
    orientation = _orientation(image, embedded)
    turn = 1 if turned else orientation
    picture = to_srgb(reduce_to_plain(image, longest), image.info.get("icc_profile"))
    picture = picture.resize(
        fit(picture.size, longest), Image.Resampling.LANCZOS, reducing_gap=None
    )
    if turn in _TRANSPOSE:
        picture = picture.transpose(_TRANSPOSE[turn])
    width, height = full if turn < 5 else full[::-1]
    return Decoded(picture, width, height, orientation, embedded)


def fit(size: tuple[int, int], longest: int) -> tuple[int, int]:
    """The size that keeps the shape within `longest` px a side; never enlarged."""
    scale = min(1.0, longest / max(size))
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def _check_size(image: ImageFile.ImageFile, name: str) -> None:
    limit = MEGAPIXELS[name]
    if name == "JPEG" and image.info.get("progressive"):
        limit = PROGRESSIVE_MEGAPIXELS
    pixels = image.width * image.height
    if pixels > limit * 1000**2:
        raise _too_large(pixels, limit)
    if pixels == 0:
        raise PictureError("The picture is damaged: it has no pixels.")


def _orientation(image: Image.Image, embedded: Embedded) -> int:
    value = image.info.get("original_orientation") or embedded.exif.get(0x0112)
    return value if isinstance(value, int) and 1 <= value <= 8 else 1


def _too_large(pixels: int, limit: int) -> PictureError:
    return PictureError(
        f"The picture is too large: {pixels / 1000**2:,.0f} megapixels,"
        f" the limit is {limit}."
    )


def _pixels_in(message: str) -> int:
    found = re.search(r"\((\d+) pixels\)", message)
    return int(found[1]) if found else Image.MAX_IMAGE_PIXELS or 0


def _damaged(error: Exception) -> PictureError:
    text = " ".join(str(error).split())[:80]
    cut_off = ("truncated", "unexpected end", "premature", "end of file", "not enough")
    if isinstance(error, EOFError) or any(word in text.lower() for word in cut_off):
        return PictureError("The file is cut off: a part of the picture is missing.")
    if isinstance(error, UnidentifiedImageError) or not text:
        return PictureError(
            "The picture is damaged, or of a kind the album does not know."
        )
    return PictureError(f"The picture is damaged and cannot be opened ({text}).")
