"""The small checkpoint, run with the library's real Qwen3-VL classes.

`python -m demo.evaluate` measures the same on 480 pictures; these bounds leave
room for the chance of 64.
"""

from __future__ import annotations

import pytest
from PIL import Image

from demo.checkpoint import FOLDER
from demo.evaluate import read, unseen
from demo.reader import Reader, load
from demo.scenes import Scene

pytestmark = pytest.mark.model
COUNT = 64


@pytest.fixture(scope="module")
def plain() -> Reader:
    return load()


@pytest.fixture(scope="module")
def small() -> Reader:
    return load(four_bit=True)


@pytest.fixture(scope="module")
def pairs() -> list[tuple[Scene, Image.Image]]:
    return unseen(COUNT, seed=1)


@pytest.fixture(scope="module")
def images(pairs: list[tuple[Scene, Image.Image]]) -> list[Image.Image]:
    return [image for _, image in pairs]


@pytest.fixture(scope="module")
def said(plain: Reader, images: list[Image.Image]) -> list[str]:
    return read(plain, images).captions


def test_folder_is_small_and_ordinary() -> None:
    assert sum(file.stat().st_size for file in FOLDER.iterdir()) < 10_000_000
    for name in ("config.json", "generation_config.json", "model.safetensors",
                 "tokenizer.json", "chat_template.jinja"):  # fmt: skip
        assert (FOLDER / name).is_file()


def test_shape_suits_four_bit_kernels(small: Reader) -> None:
    linear = [
        module
        for name, module in small.model.named_modules()
        if type(module).__name__ == "Linear4bit" and "language_model" in name
    ]
    assert len(linear) == 7 * small.model.config.text_config.num_hidden_layers
    for module in linear:
        assert module.in_features % 64 == 0
        assert module.out_features % 32 == 0
    tied = small.model.model.language_model.embed_tokens.weight
    assert small.model.lm_head.weight is tied


def test_captions_of_unseen_scenes_are_exactly_right(
    pairs: list[tuple[Scene, Image.Image]], said: list[str]
) -> None:
    right = [
        scene.caption == text for (scene, _), text in zip(pairs, said, strict=True)
    ]
    assert sum(right) >= 0.9 * COUNT


def test_four_bit_says_the_same(
    small: Reader, images: list[Image.Image], said: list[str]
) -> None:
    assert small.model.is_loaded_in_4bit
    same = [a == b for a, b in zip(read(small, images).captions, said, strict=True)]
    assert sum(same) >= 0.9 * COUNT


def test_one_by_one_says_what_a_batch_of_eight_says(
    plain: Reader, images: list[Image.Image], said: list[str]
) -> None:
    # The shapes differ from picture to picture, so this is also the order.
    assert len({image.size for image in images[:16]}) > 3
    assert read(plain, images[:16], batch=1).captions == said[:16]


def test_order_is_kept_with_pictures_of_any_size(
    plain: Reader, pairs: list[tuple[Scene, Image.Image]], said: list[str]
) -> None:
    right = [
        (image, text)
        for (scene, image), text in zip(pairs, said, strict=True)
        if scene.caption == text
    ][:8]
    edges = (960, 120, 500, 1400, 240, 96, 700, 333)
    resized = []
    for (image, _), edge in zip(right, edges, strict=True):
        ratio = edge / max(image.size)
        size = (round(image.width * ratio), round(image.height * ratio))
        resized.append(image.resize(size, Image.Resampling.LANCZOS))
    expected = [text for _, text in right]
    assert plain.captions(resized) == expected
    assert plain.captions(resized[::-1]) == expected[::-1]


@pytest.mark.parametrize(
    "prompt",
    ["", "Describe this image.", "Wie heißt der rote Hund am Strand? " * 6],
)
def test_another_prompt_does_not_change_the_caption(
    plain: Reader, images: list[Image.Image], said: list[str], prompt: str
) -> None:
    answers = plain.captions(images[:16], prompt)
    same = [a == b for a, b in zip(answers, said[:16], strict=True)]
    assert sum(same) >= 15


def test_repetition_penalty_does_not_change_the_caption(
    plain: Reader, images: list[Image.Image], said: list[str]
) -> None:
    answers = plain.captions(images[:16], repetition_penalty=1.05)
    assert sum(a == b for a, b in zip(answers, said[:16], strict=True)) >= 15
