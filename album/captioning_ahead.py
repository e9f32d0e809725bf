"""Decodes the pictures of the next batch while the model is busy with this one."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, Literal

from album.photo import Photo
from album.pictures import open_thumbnail

if TYPE_CHECKING:
    from PIL.Image import Image

ThumbnailSize = Literal["thumbnail", "view"]
ReadThumbnail = Callable[[Photo, ThumbnailSize], bytes | None]
"""The WebP of a photo in one of the two sizes, made again if the cache lost it; None
when the original cannot be read either."""

THREADS = 2
"""For pictures that the model waits for. Those of the next batch are left to one: with
two cores, two would take from the model's own process what they save (60 ms a batch of
eight instead of 13 until it had its pictures, `python -m benchmarks pipeline`)."""


SIDE = 32
"""Pixels of a visual token's side in the released models (patch 16, merged 2 × 2)."""


class PicturesAhead:
    """The pictures of a captioner, decoded ahead. Close it once."""

    def __init__(
        self,
        read_thumbnail: ReadThumbnail,
        *,
        size: ThumbnailSize,
        max_pixels: int | None,
    ) -> None:
        """`max_pixels`: width × height the captioner has a use for; None: any."""
        self._read_thumbnail = read_thumbnail
        self._size: ThumbnailSize = size
        self._max_pixels = max_pixels
        self._now = ThreadPoolExecutor(THREADS, thread_name_prefix="pictures")
        self._ahead = ThreadPoolExecutor(1, thread_name_prefix="pictures-ahead")
        self._coming: dict[int, Future[Image | None]] = {}

    def prepare(self, photos: Sequence[Photo], *, waiting: bool) -> None:
        """Begin with these, more quickly if the model is `waiting` for them; what was
        prepared and is not among them is dropped."""
        pool = self._now if waiting else self._ahead
        wanted = {photo.id for photo in photos}
        for key in self._coming.keys() - wanted:
            self._coming.pop(key).cancel()
        for photo in photos:
            if photo.id not in self._coming:
                self._coming[photo.id] = pool.submit(self._picture, photo)

    def take(self, photo: Photo) -> Image | None:
        """The photo's picture, RGB and upright; None when it cannot be had now.

        Waits if it is not ready yet. Raises PictureError for one that is broken.
        """
        coming = self._coming.pop(photo.id, None)
        return self._picture(photo) if coming is None else coming.result()

    def close(self) -> None:
        """Begin nothing more."""
        for pool in (self._now, self._ahead):
            pool.shutdown(wait=False, cancel_futures=True)

    def _picture(self, photo: Photo) -> Image | None:
        thumbnail = self._read_thumbnail(photo, self._size)
        if thumbnail is None:
            return None
        picture = open_thumbnail(thumbnail)
        most = self._max_pixels
        return picture if most is None else fitted(picture, most)


def fitted(picture: Image, max_pixels: int) -> Image:
    """The picture, made no larger than `max_pixels` (width × height), not cropped.

    Its sides become multiples of SIDE, as the models' own resizing makes them, so that
    it leaves such a picture as it is. Long strips keep one SIDE at least.
    """
    width, height = picture.size
    if width * height <= max_pixels:
        return picture
    scale = math.sqrt(max_pixels / (width * height))
    size = (_whole(width * scale), _whole(height * scale))
    return picture.resize(size, reducing_gap=3.0)


def _whole(length: float) -> int:
    return max(SIDE, math.floor(length / SIDE) * SIDE)
