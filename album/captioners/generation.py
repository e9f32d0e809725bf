"""Asking a Qwen3-VL about a batch of pictures, and its raw answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from PIL.Image import Image

REPETITION_PENALTY = 1.05
"""For a model that was tuned to be sampled, when it is read greedily instead."""


@dataclass(frozen=True, slots=True)
class RawAnswer:
    """A model's own words, how many tokens they are, and whether it was stopped at the
    token limit."""

    text: str
    tokens: int
    capped: bool


def generate(
    model: Any, processor: Any, pictures: Sequence[Image], questions: Sequence[str]
) -> list[RawAnswer]:
    """The model's raw answers to one question for each picture, asked as one batch.

    The pictures are RGB, of any sizes.
    """
    import torch

    inputs = processor.apply_chat_template(
        [
            [
                {
                    "role": "user",
                    "content": [
                        {"type": "image", "image": picture},
                        {"type": "text", "text": question},
                    ],
                }
            ]
            for picture, question in zip(pictures, questions, strict=True)
        ],
        tokenize=True,
        add_generation_prompt=True,
        return_dict=True,
        return_tensors="pt",
        # On the left, or the shorter prompts of a batch are answered wrongly.
        processor_kwargs={"padding": True, "padding_side": "left"},
    ).to(model.device)
    with torch.inference_mode():
        # mm_token_type_ids is among the inputs: without it the positions of the
        # patches fall back to those of plain text.
        tokens = model.generate(**inputs)
    answers = tokens[:, inputs["input_ids"].shape[1] :]
    texts = processor.tokenizer.batch_decode(answers, skip_special_tokens=True)
    ends = torch.tensor(_end_tokens(model.generation_config), device=answers.device)
    ended = torch.isin(answers, ends)
    # The end token itself counts; what follows it is padding.
    lengths = torch.where(
        ended.any(dim=1), ended.int().argmax(dim=1) + 1, answers.shape[1]
    )
    capped = ~ended.any(dim=1)
    return [
        RawAnswer(*answer)
        for answer in zip(texts, lengths.tolist(), capped.tolist(), strict=True)
    ]


def make_greedy(model: Any, max_new_tokens: int) -> None:
    """The same picture is to give the same caption every time: no sampling.

    A checkpoint made for sampling (as the released ones are, with a penalty of 1.0)
    gets REPETITION_PENALTY, or its own if that is higher. One that is greedy of itself
    knows what is right for it, and keeps its own.
    """
    transformers: Any = import_module("transformers")
    own = model.generation_config
    penalty = own.repetition_penalty or 1.0
    if own.do_sample:
        penalty = max(penalty, REPETITION_PENALTY)
    model.generation_config = transformers.GenerationConfig(
        do_sample=False,
        repetition_penalty=penalty,
        max_new_tokens=max_new_tokens,
        bos_token_id=own.bos_token_id,
        eos_token_id=own.eos_token_id,
        pad_token_id=own.pad_token_id,
    )


def _end_tokens(generation: Any) -> list[int]:
    ends = generation.eos_token_id
    if ends is None:
        return []
    return list(ends) if isinstance(ends, (list, tuple)) else [int(ends)]
