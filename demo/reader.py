"""Loads the small checkpoint and lets it write captions.

The application has its own captioner; this is the shortest right way, for the
examination and the tests of the checkpoint itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from PIL import Image

from demo.checkpoint import FOLDER, PROMPT, ImageOnlyProcessor, library


@dataclass
class Reader:
    """A loaded model with its processor."""

    model: Any
    processor: Any

    @torch.inference_mode()
    def captions(
        self, images: Sequence[Image.Image], prompt: str = PROMPT, **options: Any
    ) -> list[str]:
        """One caption a picture, in the pictures' order; all in one batch.

        `options` go to `generate`, such as repetition_penalty.
        """
        talks = [_talk(image, prompt) for image in images]
        inputs = self.processor.apply_chat_template(
            talks,
            tokenize=True,
            add_generation_prompt=True,
            return_dict=True,
            return_tensors="pt",
            processor_kwargs={"padding": True, "padding_side": "left"},
        )
        inputs["pixel_values"] = inputs["pixel_values"].to(self.model.dtype)
        written = self.model.generate(**inputs, max_new_tokens=24, **options)
        answers = written[:, inputs["input_ids"].shape[1] :]
        texts: list[str] = self.processor.batch_decode(
            answers, skip_special_tokens=True
        )
        return [text.strip() for text in texts]


def _talk(image: Image.Image, prompt: str) -> list[dict[str, Any]]:
    image_part = {"type": "image", "image": image}
    text_part = {"type": "text", "text": prompt}
    return [{"role": "user", "content": [image_part, text_part]}]


def load(folder: Path = FOLDER, *, four_bit: bool = False) -> Reader:
    """The checkpoint in float32, or with its text part in 4 bit, on the CPU."""
    options: dict[str, Any] = {"dtype": torch.float32}
    if four_bit:
        # The vision tower and the tied lm_head stay in 16 bit; the names must be
        # full from the start, "visual" alone would be ignored without a word.
        options = {
            "dtype": torch.bfloat16,
            "quantization_config": library.BitsAndBytesConfig(
                load_in_4bit=True,
                bnb_4bit_quant_type="nf4",
                bnb_4bit_use_double_quant=True,
                bnb_4bit_compute_dtype=torch.bfloat16,
                llm_int8_skip_modules=["model.visual", "lm_head"],
            ),
        }
    model = library.Qwen3VLForConditionalGeneration.from_pretrained(
        folder, device_map={"": "cpu"}, local_files_only=True, **options
    )
    processor = ImageOnlyProcessor.from_pretrained(folder, local_files_only=True)
    return Reader(model.eval(), processor)
