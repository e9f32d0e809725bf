"""What a Qwen3-VL checkpoint makes of a picture: its size bound, its tokens."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from album.errors import ModelError

if TYPE_CHECKING:
    from PIL.Image import Image

MAX_ASPECT = 50
"""Longer strips are padded to this: the image processor raises above 200:1."""

GREY = (128, 128, 128)
"""The middle of the range, which the image processor turns into about 0."""


def load_processor(folder: Path, visual_tokens: int) -> Any:
    """The tokenizer and the image processor of a Qwen3-VL folder, padding on the left.

    A visual token is a square of patch × merge pixels on each side (32 × 32 in the
    released models); `size` counts pixels, and the released one allows 16,384 tokens
    a picture. The smaller of that bound and ours holds. Raises ModelError.
    """
    from transformers import Qwen3VLProcessor

    class ImageOnlyProcessor(Qwen3VLProcessor):
        """Without the part for videos, which alone needs torchvision."""

        @classmethod
        def get_attributes(cls) -> list[str]:
            return ["image_processor", "tokenizer"]

    try:
        processor = ImageOnlyProcessor.from_pretrained(
            folder, local_files_only=True, trust_remote_code=False
        )
    except Exception as error:  # transformers raises anything here
        raise ModelError(
            f"The tokenizer in {folder} cannot be loaded: {error}"
        ) from error
    images = processor.image_processor
    side = images.patch_size * images.merge_size
    longest = min(visual_tokens * side**2, images.size["longest_edge"])
    shortest = min(images.size["shortest_edge"], longest)
    images.size = {"longest_edge": longest, "shortest_edge": shortest}
    processor.tokenizer.padding_side = "left"
    return processor


def token_count(processor: Any, picture: Image) -> int:
    """How many visual tokens the picture becomes."""
    images = processor.image_processor
    patches = images.get_number_of_image_patches(picture.height, picture.width, {})
    return int(patches) // int(images.merge_size) ** 2


def within_aspect(picture: Image) -> Image:
    """The picture in RGB, a long strip padded with grey to MAX_ASPECT : 1."""
    from PIL import Image as Images

    picture = picture.convert("RGB")
    shorter = -(-max(picture.size) // MAX_ASPECT)
    if min(picture.size) >= shorter:
        return picture
    size = (max(picture.width, shorter), max(picture.height, shorter))
    padded = Images.new("RGB", size, GREY)
    padded.paste(
        picture,
        ((size[0] - picture.width) // 2, (size[1] - picture.height) // 2),
    )
    return padded
