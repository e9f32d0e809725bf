"""The model while it learns: its losses, its rounding, its examination."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from random import Random
from typing import Any

import torch
from torch import nn
from torch.nn import functional

from demo.checkpoint import ImageOnlyProcessor
from demo.lessons import IGNORED, KINDS, Batch, is_held_out, make_batch
from demo.scenes import THINGS, all_scenes

# The 16 levels of the 4-bit "normal float" type, from bitsandbytes.
NF4 = torch.tensor((
    -1.0, -0.6961928, -0.5250731, -0.3949175, -0.2844414, -0.1847734, -0.0910500, 0.0,
    0.0795803, 0.1609302, 0.2461123, 0.3379152, 0.4407098, 0.5626170, 0.7229568, 1.0,
))  # fmt: skip
BLOCK = 64


class Heads(nn.Module):
    """Throw-away classifiers on the visual tokens, only for training.

    `where` names the thing at each token; `what` names thing, colour, place and
    time of the whole picture, the first two from the tokens that look like a thing.
    """

    def __init__(self, width: int) -> None:
        super().__init__()
        self.where = nn.Linear(width, len(THINGS) + 1)
        self.what = nn.ModuleList(nn.Linear(width, len(kind)) for kind in KINDS)

    def forward(self, tokens: torch.Tensor, batch: Batch) -> torch.Tensor:
        """The sum of the five losses for (visual tokens, width) features."""
        here = self.where(tokens)
        loss = functional.cross_entropy(here, batch.token_things, ignore_index=IGNORED)
        chance = 1 - here.detach().softmax(-1)[:, -1:]
        for number, head in enumerate(self.what):
            weight = chance + 1e-3 if number < 2 else torch.ones_like(chance)
            pooled = _mean(tokens, weight, batch)
            loss = loss + functional.cross_entropy(
                head(pooled), batch.classes[:, number]
            )
        return loss


def _mean(tokens: torch.Tensor, weight: torch.Tensor, batch: Batch) -> torch.Tensor:
    pictures = len(batch.classes)
    total = torch.zeros(pictures, tokens.shape[1]).index_add(
        0, batch.token_owner, tokens * weight
    )
    share = torch.zeros(pictures, 1).index_add(0, batch.token_owner, weight)
    return total / share


@dataclass
class Pupil:
    """The model with its heads and what it is taught from.

    `aid` is the share of the heads' loss while the model learns to speak.
    """

    model: Any
    heads: Heads
    processor: ImageOnlyProcessor
    lessons: Iterator[Batch]
    aid: float = 0.1

    def see(self, batch: Batch) -> torch.Tensor:
        """The loss of the heads on the vision tower alone."""
        with torch.autocast("cpu", torch.bfloat16):
            seen = self.model.model.visual(batch.pixels, batch.grids)
        return self.heads(seen.pooler_output.float(), batch)  # type: ignore[no-any-return]

    def speak(self, batch: Batch) -> torch.Tensor:
        """The loss of the caption, plus `aid` times the heads'."""
        kept: list[torch.Tensor] = []
        tower = self.model.model.visual
        hook = tower.register_forward_hook(
            lambda _module, _inputs, out: kept.append(out.pooler_output)
        )
        with torch.autocast("cpu", torch.bfloat16):
            logits = self.logits(batch)
        hook.remove()
        loss = functional.cross_entropy(
            logits[:, :-1].float().flatten(0, 1),
            batch.labels[:, 1:].flatten(),
            ignore_index=IGNORED,
        )
        return loss + self.aid * self.heads(kept[0].float(), batch)  # type: ignore[no-any-return]

    def logits(self, batch: Batch) -> torch.Tensor:
        """Scores of the next word, (batch, length, words)."""
        image = self.model.config.image_token_id
        out = self.model(
            input_ids=batch.ids,
            attention_mask=batch.attention,
            mm_token_type_ids=(batch.ids == image).int(),
            pixel_values=batch.pixels,
            image_grid_thw=batch.grids,
            use_cache=False,
        )
        return out.logits  # type: ignore[no-any-return]


def four_bit(weight: torch.Tensor) -> torch.Tensor:
    """The weight rounded to NF4 in blocks of 64, same shape and dtype."""
    blocks = weight.reshape(-1, BLOCK)
    top = blocks.abs().amax(dim=1, keepdim=True).clamp_min(1e-8)
    levels = NF4.to(weight.dtype)
    middles = (levels[1:] + levels[:-1]) / 2
    return (levels[torch.bucketize(blocks / top, middles)] * top).view_as(weight)


@contextmanager
def rounded_text(model: Any) -> Iterator[None]:
    """The text part's linear weights are 4 bit inside; gradients pass through."""
    linear = [
        module.weight
        for module in model.model.language_model.modules()
        if isinstance(module, nn.Linear)
    ]
    kept = [weight.detach().clone() for weight in linear]
    with torch.no_grad():
        for weight in linear:
            weight.copy_(four_bit(weight))
    try:
        yield
    finally:
        with torch.no_grad():
            for weight, value in zip(linear, kept, strict=True):
                weight.copy_(value)


@torch.no_grad()
def exact_share(pupil: Pupil, count: int = 192, size: int = 32) -> float:
    """Share (0 to 1) of held-out scenes whose whole caption comes out right.

    A greedy caption is right exactly when each next word is right after the right
    ones, so one forward pass is enough.
    """
    random = Random("check")
    scenes = random.sample([s for s in all_scenes() if is_held_out(s)], count)
    right = 0
    pupil.model.eval()
    for start in range(0, count, size):
        batch = make_batch(scenes[start : start + size], random, pupil.processor)
        best = pupil.logits(batch)[:, :-1].argmax(-1)
        labels = batch.labels[:, 1:]
        right += int(((best == labels) | (labels == IGNORED)).all(1).sum())
    pupil.model.train()
    return right / count
