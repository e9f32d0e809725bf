"""A model folder of the released size, filled with random numbers.

The shape is exactly that of Qwen3-VL-2B-Instruct, for measuring what does not depend on
what the weights say: bytes, seconds, memory. Needs 4.3 GB of disk.
"""

from __future__ import annotations

import importlib
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from album.captioners.base import Subject
from album.photo import Photo

if TYPE_CHECKING:
    from PIL.Image import Image

VOCABULARY = 151_936
PARAMETERS = 2_127_532_032
SHARD_BYTES = 1_000_000_000
SPECIAL = (
    "<|endoftext|>", "<|im_start|>", "<|im_end|>", "<|vision_start|>",
    "<|vision_end|>", "<|image_pad|>", "<|video_pad|>", "[UNK]",
)  # fmt: skip
TEMPLATE = (
    "{% for message in messages %}<|im_start|> {{ message.role }} "
    "{% for part in message.content %}"
    "{% if part.type == 'image' %}<|vision_start|><|image_pad|><|vision_end|>"
    "{% else %}{{ part.text }}{% endif %}{% endfor %}<|im_end|>{% endfor %}"
    "<|im_start|> assistant "
)


def build(folder: Path) -> Path:
    """An ordinary 16-bit model folder of 4.26 GB, written shard by shard."""
    torch: Any = importlib.import_module("torch")
    transformers: Any = importlib.import_module("transformers")
    from safetensors.torch import save_file

    folder.mkdir(parents=True)
    config = full_config()
    with torch.device("meta"):
        model = transformers.Qwen3VLForConditionalGeneration(config)
    shapes = {name: t.shape for name, t in model.named_parameters()}
    if sum(shape.numel() for shape in shapes.values()) != PARAMETERS:
        raise RuntimeError("this is not the shape of the released 2B model")
    weight_map: dict[str, str] = {}
    for number, shard in enumerate(_shards(torch, shapes)):
        name = f"model-{number:05}.safetensors"
        save_file(shard, folder / name, metadata={"format": "pt"})
        weight_map |= dict.fromkeys(shard, name)
    (folder / "model.safetensors.index.json").write_text(
        json.dumps({"metadata": {}, "weight_map": weight_map})
    )
    config.dtype = "bfloat16"
    config.save_pretrained(folder)
    transformers.GenerationConfig(
        do_sample=True, eos_token_id=2, pad_token_id=0
    ).save_pretrained(folder)
    _write_processor(folder)
    return folder


def full_config() -> Any:
    """The released model's sizes; only the ids of the special tokens are ours."""
    transformers: Any = importlib.import_module("transformers")
    return transformers.Qwen3VLConfig(
        text_config={
            "vocab_size": VOCABULARY, "hidden_size": 2048, "intermediate_size": 6144,
            "num_hidden_layers": 28, "num_attention_heads": 16,
            "num_key_value_heads": 8, "head_dim": 128,
            "max_position_embeddings": 262_144, "rms_norm_eps": 1e-6,
            "tie_word_embeddings": True,
            "rope_parameters": {
                "rope_type": "default", "rope_theta": 5_000_000.0,
                "mrope_section": [24, 20, 20], "mrope_interleaved": True,
            },
        },
        vision_config={
            "depth": 24, "hidden_size": 1024, "intermediate_size": 4096,
            "num_heads": 16, "patch_size": 16, "temporal_patch_size": 2,
            "spatial_merge_size": 2, "out_hidden_size": 2048,
            "num_position_embeddings": 2304, "deepstack_visual_indexes": [5, 11, 17],
        },
        vision_start_token_id=SPECIAL.index("<|vision_start|>"),
        vision_end_token_id=SPECIAL.index("<|vision_end|>"),
        image_token_id=SPECIAL.index("<|image_pad|>"),
        video_token_id=SPECIAL.index("<|video_pad|>"),
        tie_word_embeddings=True,
    )  # fmt: skip


def _shards(torch: Any, shapes: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The weights, about 1 GB at a time, cut from one block of random numbers."""
    torch.manual_seed(0)
    block = (torch.randn(1 << 24) * 0.02).to(torch.bfloat16)
    shard: dict[str, Any] = {}
    size = 0
    for name, shape in shapes.items():
        count = shape.numel()
        times = -(-count // block.numel())
        values = block.repeat(times)[:count] if times > 1 else block[:count].clone()
        if name.endswith("norm.weight"):
            values = torch.ones_like(values)
        shard[name] = values.reshape(shape)
        size += count * 2
        if size > SHARD_BYTES:
            yield shard
            shard, size = {}, 0
    yield shard


def _write_processor(folder: Path) -> None:
    """A tokenizer with a word for each of the 151,936 ids, and the image settings."""
    from tokenizers import Tokenizer, models, pre_tokenizers

    transformers: Any = importlib.import_module("transformers")
    words = [*SPECIAL, *(f"w{n}" for n in range(VOCABULARY - len(SPECIAL)))]
    inner = Tokenizer(
        models.WordLevel({w: n for n, w in enumerate(words)}, unk_token="[UNK]")
    )
    inner.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    tokenizer = transformers.PreTrainedTokenizerFast(
        tokenizer_object=inner,
        unk_token="[UNK]",
        pad_token="<|endoftext|>",
        eos_token="<|im_end|>",
        additional_special_tokens=list(SPECIAL[:-1]),
    )
    tokenizer.chat_template = TEMPLATE
    tokenizer.save_pretrained(folder)
    images: Any = importlib.import_module(
        "transformers.models.qwen2_vl.image_processing_pil_qwen2_vl"
    )
    images.Qwen2VLImageProcessorPil(
        size={"longest_edge": 16_777_216, "shortest_edge": 65_536},
        patch_size=16, temporal_patch_size=2, merge_size=2,
        image_mean=[0.5] * 3, image_std=[0.5] * 3,
    ).save_pretrained(folder)  # fmt: skip


def subject(picture: Image) -> Subject:
    """The picture as a captioner gets it, with nothing else known of it."""
    when = datetime.now(UTC)
    photo = Photo(
        id=1, content_hash="", path=Path("a.jpg"), folder="", name="a.jpg",
        size_bytes=1, format="JPEG", width=picture.width, height=picture.height,
        orientation=1, taken_at=None, sort_at=when, added_at=when, camera=None,
        lens=None, latitude=None, longitude=None, place=None, description=None,
        keywords=(), colour=0, colours=(), brightness=0.5, missing=False, caption=None,
    )  # fmt: skip
    return Subject(photo, picture)
