"""What the checkpoint is taught with, and that one lesson can be taken."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from random import Random

import bitsandbytes.functional as bnb
import pytest
import torch

from demo.checkpoint import FOLDER, PROMPT, make_processor, vocabulary
from demo.lessons import IGNORED, dialogue, make_batch, question, token_things
from demo.pupil import BLOCK, four_bit, rounded_text
from demo.reader import load
from demo.scenes import THINGS, all_scenes
from demo.train import Plan, make_pupil, teach


def test_taught_text_is_what_the_chat_template_renders() -> None:
    processor = make_processor()
    parts = [{"type": "image"}, {"type": "text", "text": PROMPT}]
    rendered = processor.apply_chat_template(
        [{"role": "user", "content": parts}], add_generation_prompt=True
    )
    taught = dialogue(1, PROMPT, "")
    assert taught == rendered + "<|im_end|>"


def test_only_the_answer_is_to_be_learned() -> None:
    scenes = list(all_scenes()[:3000:600])
    processor = make_processor()
    batch = make_batch(scenes, Random(1), processor)
    for row, scene in zip(batch.labels, scenes, strict=True):
        answer = processor.tokenizer.decode(row[row != IGNORED])
        assert answer.replace(" <|im_end|>", "") == scene.caption
    visual = int((batch.ids == processor.image_token_id).sum())
    assert len(batch.token_things) == len(batch.token_owner) == visual
    assert len(batch.pixels) == 4 * visual


def test_every_caption_and_the_usual_prompt_are_in_the_vocabulary() -> None:
    processor = make_processor()
    unknown = processor.tokenizer.unk_token_id
    for scene in all_scenes():
        assert unknown not in processor.tokenizer(scene.caption)["input_ids"]
    shown = processor.tokenizer(PROMPT)["input_ids"].count(unknown)
    assert shown == 0
    assert len(set(vocabulary())) == len(vocabulary())


def test_questions_are_often_the_usual_one_and_else_anything() -> None:
    asked = [question(Random(n)) for n in range(200)]
    assert 30 < asked.count(PROMPT) < 90
    lengths = {len(text.split()) for text in asked}
    assert {0, 80} <= lengths


def test_tokens_in_the_box_are_the_thing() -> None:
    found = token_things([1, 12, 16], (0.5, 0.5, 1.0, 1.0), 3).view(6, 8)
    assert found[4, 5] == found[5, 6] == 3 != found[5, 0]
    assert found[0, 0] == len(THINGS)


def test_rounding_is_the_one_that_bitsandbytes_does() -> None:
    weight = torch.randn(96, 128, generator=torch.Generator().manual_seed(1))
    packed, state = bnb.quantize_4bit(weight, blocksize=BLOCK, quant_type="nf4")
    theirs = bnb.dequantize_4bit(packed, state)
    assert torch.allclose(four_bit(weight), theirs, atol=1e-5)


@pytest.mark.model
def test_rounding_ends_with_the_context() -> None:
    model = load(FOLDER).model
    weight = model.model.language_model.layers[0].mlp.up_proj.weight
    before = weight.detach().clone()
    with rounded_text(model):
        assert not torch.equal(weight, before)
    assert torch.equal(weight, before)


@pytest.fixture
def short() -> Iterator[Plan]:
    threads = torch.get_num_threads()
    yield Plan(see=2, speak=3, size=4, rate=1e-3)
    torch.set_num_threads(threads)


@pytest.mark.model
def test_a_short_training_leaves_a_folder_that_loads(
    short: Plan, tmp_path: Path
) -> None:
    pupil = make_pupil(short.size, seed=1)
    before = pupil.model.lm_head.weight.detach().clone()
    teach(pupil, short, tmp_path)
    assert not torch.equal(pupil.model.lm_head.weight, before)
    reader = load(tmp_path)
    assert reader.model.config.model_type == "qwen3_vl"
