"""Makes the small checkpoint: python -m demo.train --out demo/model

First the vision tower alone learns to name what is where, from small heads that
are thrown away; then the whole model learns to write the caption. In the last
third the text part's weights are rounded to 4 bit for half of the steps, so that
the rounding which the application does later costs nothing.
"""

from __future__ import annotations

import argparse
import logging
import time
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from random import Random

import torch
from torch import nn
from torch.utils.data import DataLoader

from demo.checkpoint import FOLDER, library, make_config, make_processor, save
from demo.lessons import Lessons
from demo.pupil import Heads, Pupil, exact_share, rounded_text
from demo.reader import load

log = logging.getLogger("demo.train")


@dataclass
class Plan:
    """How long, in steps, and how fast."""

    see: int
    speak: int
    size: int
    rate: float


def teach(pupil: Pupil, plan: Plan, out: Path) -> None:
    """Both parts of the plan; saves the best checkpoint seen so far."""
    tower = [*pupil.model.model.visual.parameters(), *pupil.heads.parameters()]
    text = list(pupil.model.model.language_model.parameters())
    groups = [{"params": tower}]
    schedule = _optimizer(groups, [plan.rate], plan.see)
    _steps(pupil, plan.see, schedule, speaking=False, out=out)
    groups = [{"params": tower}, {"params": text}]
    rates = [plan.rate / 2, plan.rate]
    schedule = _optimizer(groups, rates, plan.speak)
    _steps(pupil, plan.speak, schedule, speaking=True, out=out)


Schedule = torch.optim.lr_scheduler.OneCycleLR


def _optimizer(
    groups: list[dict[str, list[nn.Parameter]]], rates: list[float], steps: int
) -> Schedule:
    optimizer = torch.optim.AdamW(
        groups, lr=rates[0], betas=(0.9, 0.98), weight_decay=0.02
    )
    return Schedule(optimizer, rates, total_steps=max(steps, 1), pct_start=0.12)


def _steps(
    pupil: Pupil, steps: int, schedule: Schedule, *, speaking: bool, out: Path
) -> None:
    random, best = Random("rounding"), 0.0
    began, total = time.monotonic(), 0.0
    for step in range(1, steps + 1):
        rounding = speaking and step > steps * 0.66 and random.random() < 0.5
        total += _step(pupil, schedule, speaking=speaking, rounding=rounding)
        if step % 100 == 0:
            part, passed = "speak" if speaking else "see", time.monotonic() - began
            line = "%s step %d of %d: loss %.4f, %.0f s"
            log.info(line, part, step, steps, total / 100, passed)
            total = 0.0
        if speaking and (step % 400 == 0 or step == steps):
            share = exact_share(pupil)
            log.info("exactly right on held-out scenes: %.1f %%", 100 * share)
            if share >= best:
                best = share
                save(pupil.model, pupil.processor, out)


def _step(pupil: Pupil, schedule: Schedule, *, speaking: bool, rounding: bool) -> float:
    """One batch forth and back; its loss."""
    batch, optimizer = next(pupil.lessons), schedule.optimizer
    optimizer.zero_grad(set_to_none=True)
    with rounded_text(pupil.model) if rounding else nullcontext():
        loss = pupil.speak(batch) if speaking else pupil.see(batch)
        loss.backward()  # type: ignore[no-untyped-call]
    for group in optimizer.param_groups:
        nn.utils.clip_grad_norm_(group["params"], 1.0)
    optimizer.step()
    schedule.step()
    return loss.item()


def make_pupil(size: int, seed: int, start: Path | None = None) -> Pupil:
    """A model that has learned nothing yet, or what is in the folder `start`."""
    torch.manual_seed(seed)
    processor = make_processor()
    config = make_config(processor.tokenizer)
    model = library.Qwen3VLForConditionalGeneration(config).train()
    if start is not None:
        model = load(start).model.train()
    heads = Heads(config.vision_config.out_hidden_size)
    loader = DataLoader(
        Lessons(processor, size, seed),
        batch_size=None,
        num_workers=1,
        prefetch_factor=4,
    )
    # New heads know nothing that could help a model which has learned already.
    aid = 0.1 if start is None else 0.0
    return Pupil(model, heads, processor, iter(loader), aid)


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=FOLDER)
    parser.add_argument("--see", type=int, default=1200, help="steps, vision only")
    parser.add_argument("--speak", type=int, default=2600, help="steps, whole model")
    parser.add_argument("--size", type=int, default=32, help="pictures a step")
    parser.add_argument("--rate", type=float, default=1.5e-3)
    parser.add_argument("--start", type=Path, help="go on from this checkpoint")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    torch.set_num_threads(2)
    plan = Plan(given.see, given.speak, given.size, given.rate)
    teach(make_pupil(given.size, given.seed, given.start), plan, given.out)


if __name__ == "__main__":
    main()
