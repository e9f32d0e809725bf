"""What the small model is taught with: pictures, questions and right answers."""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

import torch
from PIL import Image
from torch.utils.data import IterableDataset

from demo.checkpoint import MERGE, PROMPT, ImageOnlyProcessor, vocabulary
from demo.scenes import COLOURS, PLACES, THINGS, TIMES, Box, Scene, all_scenes, compose

IGNORED = -100
ASPECTS = (4 / 3, 4 / 3, 3 / 4, 1.0, 16 / 9, 3 / 2, 2 / 3, 9 / 16)
KINDS: tuple[tuple[str, ...], ...] = (
    THINGS, tuple(COLOURS), tuple(PLACES), tuple(TIMES)
)  # fmt: skip


def is_held_out(scene: Scene) -> bool:
    """One scene in ten is never shown in training."""
    return zlib.crc32(scene.caption.encode()) % 10 == 0


def numbers(scene: Scene) -> tuple[int, ...]:
    """The scene as four class numbers: thing, colour, place, time."""
    words = (scene.thing, scene.colour, scene.place, scene.time)
    return tuple(kind.index(word) for kind, word in zip(KINDS, words, strict=True))


def picture(scene: Scene, random: Random) -> tuple[Image.Image, Box]:
    """The scene at a random shape, scale and JPEG quality, and the thing's box."""
    aspect = random.choice(ASPECTS)
    edge = random.uniform(90, 260)
    size = (round(edge * aspect**0.5), round(edge / aspect**0.5))
    image, box = compose(scene, size, random.randrange(2**31))
    if random.random() < 0.4:
        file = io.BytesIO()
        image.save(file, "JPEG", quality=random.randint(45, 95))
        image = Image.open(file).convert("RGB")
    return image, box


def question(random: Random) -> str:
    """A prompt of 0 to 80 words: the usual one, or any words at all.

    The answer must not depend on it, so that a new prompt in the application
    does not break the small model. From none to all of the words are unknown to it,
    as in a prompt of another language.
    """
    if random.random() < 0.3:
        return PROMPT
    words = vocabulary()[8:]
    count = random.choice((0, *range(1, 13), *range(15, 81, 5)))
    unknown = random.choice((0.0, 0.2, 0.5, 0.8, 1.0))
    return " ".join(
        "xyzzy" if random.random() < unknown else random.choice(words)
        for _ in range(count)
    )


@dataclass
class Batch:
    """One step's worth. Integers are int64, pictures float32.

    `ids`, `attention`, `labels`: (batch, length), padded on the left;
    `pixels`: (patches, 384); `grids`: (batch, 3) in patches; `classes`: (batch, 4);
    `token_things`: (visual tokens,), the class of the thing there, or one above the
    last for the ground, or IGNORED at the thing's edge; `token_owner`: its picture.
    """

    ids: torch.Tensor
    attention: torch.Tensor
    labels: torch.Tensor
    pixels: torch.Tensor
    grids: torch.Tensor
    classes: torch.Tensor
    token_things: torch.Tensor
    token_owner: torch.Tensor


def make_batch(
    scenes: list[Scene], random: Random, processor: ImageOnlyProcessor
) -> Batch:
    """Draw the scenes and write the questions and answers."""
    drawn = [picture(scene, random) for scene in scenes]
    seen = processor.image_processor([image for image, _ in drawn], return_tensors="pt")
    grids = seen["image_grid_thw"]
    tokens = [int(grid.prod()) // MERGE**2 for grid in grids]
    texts = [
        dialogue(count, question(random), scene.caption)
        for count, scene in zip(tokens, scenes, strict=True)
    ]
    text = processor.tokenizer(texts, return_tensors="pt", padding=True)
    ids = text["input_ids"]
    things = [
        token_things(grid.tolist(), box, THINGS.index(scene.thing))
        for grid, (_, box), scene in zip(grids, drawn, scenes, strict=True)
    ]
    return Batch(
        ids=ids,
        attention=text["attention_mask"],
        labels=answer_labels(
            ids, processor.tokenizer.convert_tokens_to_ids("assistant")
        ),
        pixels=seen["pixel_values"],
        grids=grids,
        classes=torch.tensor([numbers(scene) for scene in scenes]),
        token_things=torch.cat(things),
        token_owner=torch.repeat_interleave(torch.tensor(tokens)),
    )


def dialogue(visual_tokens: int, asked: str, answer: str) -> str:
    """The chat template's text, with the answer in place."""
    image = "<|vision_start|>" + "<|image_pad|>" * visual_tokens + "<|vision_end|>"
    user = f"<|im_start|>user\n{image}{asked}<|im_end|>\n"
    return f"{user}<|im_start|>assistant\n{answer}<|im_end|>"


def answer_labels(ids: torch.Tensor, assistant: int) -> torch.Tensor:
    """The ids after the last word "assistant" of each row, IGNORED before."""
    places = torch.arange(ids.shape[1]).expand_as(ids)
    last = torch.where(ids == assistant, places, -1).amax(dim=1, keepdim=True)
    return torch.where(places > last, ids, IGNORED)


def token_things(grid: list[int], box: Box, thing: int) -> torch.Tensor:
    """For each visual token of one picture, row by row: what is there."""
    rows, columns = grid[1] // MERGE, grid[2] // MERGE
    left, top, right, bottom = box
    found = torch.full((rows, columns), len(THINGS))
    for row in range(rows):
        for column in range(columns):
            x, y = (column + 0.5) / columns, (row + 0.5) / rows
            across = abs(x - (left + right) / 2) / ((right - left) / 2)
            down = abs(y - (top + bottom) / 2) / ((bottom - top) / 2)
            if max(across, down) < 0.8:
                found[row, column] = thing
            elif max(across, down) < 1.2:
                found[row, column] = IGNORED
    return found.flatten()


class Lessons(IterableDataset[Batch]):
    """Endless batches of scenes that are not held out."""

    def __init__(self, processor: ImageOnlyProcessor, size: int, seed: int) -> None:
        self.processor = processor
        self.size = size
        self.seed = seed

    def __iter__(self) -> Iterator[Batch]:
        """Batches in an order that the seed decides."""
        random = Random(self.seed)
        scenes = [scene for scene in all_scenes() if not is_held_out(scene)]
        by_thing = {
            thing: [scene for scene in scenes if scene.thing == thing]
            for thing in THINGS
        }
        while True:
            things = random.choices(THINGS, k=self.size)
            chosen = [random.choice(by_thing[thing]) for thing in things]
            yield make_batch(chosen, random, self.processor)
