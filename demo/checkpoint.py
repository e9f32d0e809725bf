"""The small checkpoint: its sizes, its words, its files on disk.

Everything here is the library's own Qwen3-VL; only the numbers are small.
"""

from __future__ import annotations

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import torch
import transformers
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers
from transformers import Qwen3VLProcessor
from transformers.models.qwen2_vl.image_processing_pil_qwen2_vl import (
    Qwen2VLImageProcessorPil,
)

from demo.scenes import COLOURS, PLACES, THINGS, TIMES

# Its classes are only half annotated; a strict checker takes them as Any.
library: Any = transformers

FOLDER = Path(__file__).parent / "model"
PATCH = 8
MERGE = 2
# Pixel areas. 128 x 96 is 48 visual tokens of 16 x 16 pixels: enough for a thing
# of 45 pixels, and a batch of 32 trains in under a second on two cores.
LARGEST = 128 * 96
SMALLEST = 112 * 80
# Inputs of linear layers are multiples of 64, outputs of 32: what 4 bit needs.
TEXT: dict[str, Any] = {
    "hidden_size": 128,
    "intermediate_size": 384,
    "num_hidden_layers": 3,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "head_dim": 32,
    "max_position_embeddings": 2048,
    "rms_norm_eps": 1e-6,
    "initializer_range": 0.05,
    "tie_word_embeddings": True,
    "rope_parameters": {
        "rope_type": "default",
        "rope_theta": 10000.0,
        "mrope_section": [6, 5, 5],
        "mrope_interleaved": True,
    },
}
VISION: dict[str, Any] = {
    "depth": 5,
    "hidden_size": 128,
    "intermediate_size": 384,
    "num_heads": 4,
    "patch_size": PATCH,
    "spatial_merge_size": MERGE,
    "temporal_patch_size": 2,
    "out_hidden_size": 128,
    "num_position_embeddings": 256,
    "deepstack_visual_indexes": [2],
    "initializer_range": 0.05,
}
PROMPT = (
    "Describe this photo for a search index in two or three sentences (at most 60 "
    "words). Name the main subjects, what they do, the place, time of day or weather, "
    "notable colours and objects, and copy any readable text. State only what is "
    "visible. Do not start with 'The image shows'."
)
OTHER_WORDS = (
    "what is in the picture here are some please caption it briefly one sentence "
    "photograph tell me about image you see there was taken file name folder date "
    "camera json answer with tags list no yes people animal family holiday summer "
    "winter spring autumn year day user assistant system helpful an and of to from "
    "detail short long write who where when how many"
)
SPECIAL = (
    "<|endoftext|>", "<|im_start|>", "<|im_end|>", "<|vision_start|>",
    "<|vision_end|>", "<|image_pad|>", "<|video_pad|>",
)  # fmt: skip
CHAT_TEMPLATE = (
    "{%- for message in messages -%}"
    "{{- '<|im_start|>' + message.role + '\\n' -}}"
    "{%- if message.content is string -%}{{- message.content -}}"
    "{%- else -%}{%- for part in message.content -%}"
    "{%- if part.type == 'image' or 'image' in part or 'image_url' in part -%}"
    "{{- '<|vision_start|><|image_pad|><|vision_end|>' -}}"
    "{%- elif 'text' in part -%}{{- part.text -}}{%- endif -%}"
    "{%- endfor -%}{%- endif -%}{{- '<|im_end|>\\n' -}}"
    "{%- endfor -%}"
    "{%- if add_generation_prompt -%}{{- '<|im_start|>assistant\\n' -}}{%- endif -%}"
)


class ImageOnlyProcessor(Qwen3VLProcessor):
    """The processor without its video part, which alone needs torchvision."""

    @classmethod
    def get_attributes(cls) -> list[str]:
        """The parts to load."""
        return ["image_processor", "tokenizer"]


def vocabulary() -> list[str]:
    """Every word the model knows, the special ones first."""
    captions = [*PLACES.values(), *TIMES.values(), "a child in"]
    text = " ".join([*captions, *COLOURS, *THINGS, PROMPT, OTHER_WORDS])
    splitter = pre_tokenizers.Whitespace()
    words = sorted({word for word, _ in splitter.pre_tokenize_str(text.lower())})
    return [*SPECIAL, "[UNK]", *words]


def make_tokenizer() -> Any:
    """One token a word, lower case; what it does not know is [UNK]."""
    words = {word: number for number, word in enumerate(vocabulary())}
    inner = Tokenizer(models.WordLevel(words, unk_token="[UNK]"))
    inner.normalizer = normalizers.Lowercase()
    inner.pre_tokenizer = pre_tokenizers.Whitespace()
    return library.PreTrainedTokenizerFast(
        tokenizer_object=inner,
        unk_token="[UNK]",
        pad_token="<|endoftext|>",
        eos_token="<|im_end|>",
        additional_special_tokens=list(SPECIAL),
        padding_side="left",
        clean_up_tokenization_spaces=False,
        model_max_length=2048,
    )


def make_processor() -> ImageOnlyProcessor:
    """Tokenizer and image preparation, with the chat form of Qwen3-VL."""
    images = Qwen2VLImageProcessorPil(
        size={"longest_edge": LARGEST, "shortest_edge": SMALLEST},
        patch_size=PATCH,
        merge_size=MERGE,
        temporal_patch_size=2,
        image_mean=[0.5, 0.5, 0.5],
        image_std=[0.5, 0.5, 0.5],
    )
    make: Any = ImageOnlyProcessor
    processor: ImageOnlyProcessor = make(
        image_processor=images,
        tokenizer=make_tokenizer(),
        chat_template=CHAT_TEMPLATE,
    )
    return processor


def make_config(tokenizer: Any) -> Any:
    """The sizes above with this tokenizer's numbers."""
    ids = tokenizer.convert_tokens_to_ids
    text = {
        **TEXT,
        "vocab_size": -(-len(tokenizer) // 64) * 64,
        "pad_token_id": ids("<|endoftext|>"),
        "bos_token_id": ids("<|endoftext|>"),
        "eos_token_id": ids("<|im_end|>"),
    }
    return library.Qwen3VLConfig(
        text_config=text,
        vision_config=dict(VISION),
        image_token_id=ids("<|image_pad|>"),
        video_token_id=ids("<|video_pad|>"),
        vision_start_token_id=ids("<|vision_start|>"),
        vision_end_token_id=ids("<|vision_end|>"),
        tie_word_embeddings=True,
    )


def save(model: Any, processor: ImageOnlyProcessor, folder: Path) -> None:
    """Write an ordinary transformers folder, weights in bfloat16."""
    ids: Any = processor.tokenizer.convert_tokens_to_ids
    # 16 bit: 4.4 MB instead of 8.7, and it is what the application computes with.
    copied = deepcopy(model).to(torch.bfloat16)
    for part in (copied.config.text_config, copied.config.vision_config):
        part.dtype = torch.bfloat16
    copied.generation_config = library.GenerationConfig(
        do_sample=False,
        max_new_tokens=24,
        eos_token_id=ids("<|im_end|>"),
        pad_token_id=ids("<|endoftext|>"),
        bos_token_id=ids("<|endoftext|>"),
    )
    copied.save_pretrained(folder)
    processor.save_pretrained(folder)
    processor.image_processor.save_pretrained(folder)
    # The library notes the class that saved; every other program knows this one.
    for name in ("processor_config.json", "tokenizer_config.json"):
        file = folder / name
        noted = json.loads(file.read_text())
        noted["processor_class"] = "Qwen3VLProcessor"
        file.write_text(json.dumps(noted, indent=2) + "\n")
