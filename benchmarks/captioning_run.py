"""One way to caption, measured in a process of its own, so that its memory and its
processor time are its own: `python -m benchmarks.captioning_run WAY SOURCE CACHE`.

The last line it prints is JSON. `benchmarks.captioning` starts it and compares.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from album.captioners.generation import generate, make_greedy
from album.captioners.processor import load_processor
from album.captioners.prompt import Prompt
from album.captioners.qwen import QwenCaptioner
from benchmarks.model2b import subject
from settings import QUIET_ENVIRONMENT

NEW_TOKENS = 64
VISUAL_TOKENS = 256  # a picture of 512 × 512
BATCH = 4
PICTURES = 8
_LIBRARIES = (
    "torch",
    "bitsandbytes",
    "transformers.models.qwen3_vl.modeling_qwen3_vl",
    "transformers.integrations.bitsandbytes",
)


class Talkative(QwenCaptioner):
    """The captioner of the album, made to say NEW_TOKENS whatever comes to its mind."""

    def _load(self) -> Any:
        fresh = self._loaded is None
        loaded = super()._load()
        if fresh:
            loaded.model.generation_config.min_new_tokens = NEW_TOKENS
        return loaded


def pictures(count: int) -> list[Any]:
    """Coloured blocks of 512 × 512, the same in every process."""
    import numpy as np
    from PIL import Image

    rng = np.random.default_rng(0)
    blocks = rng.integers(0, 255, (count, 32, 32, 3), np.uint8)
    return [Image.fromarray(block).resize((512, 512)) for block in blocks]


def start_of(source: Path, cache: Path, device: str) -> dict[str, Any]:
    """Load as the album does, and no more."""
    for library in _LIBRARIES:
        importlib.import_module(library)  # so that neither start pays for it
    captioner = Talkative(str(source), cache, device=device, max_new_tokens=NEW_TOKENS)
    captioner.caption([])
    return captioner.info()


def ours(source: Path, cache: Path, device: str) -> dict[str, Any]:
    """The album's captioner, started from its saved INT4."""
    captioner = Talkative(
        str(source),
        cache,
        device=device,
        visual_tokens=VISUAL_TOKENS,
        max_new_tokens=NEW_TOKENS,
        batch_size=BATCH,
    )
    captioner.caption([])
    batch = captioner.batch_size

    def ask(asked: Sequence[Any]) -> None:
        captioner.caption([subject(picture) for picture in asked])

    count = PICTURES if device == "cpu" else 2 * batch
    return {**captioner.info(), **_timed(ask, count, batch), "batch": batch}


def plain(source: Path, _cache: Path, device: str) -> dict[str, Any]:
    """INT4 of all linear layers, one picture at a time: the recipe of the tutorials."""
    transformers: Any = importlib.import_module("transformers")
    torch: Any = importlib.import_module("torch")
    config = transformers.BitsAndBytesConfig(
        load_in_4bit=True,
        bnb_4bit_quant_type="nf4",
        bnb_4bit_use_double_quant=True,
        bnb_4bit_compute_dtype=torch.bfloat16,
    )
    count = PICTURES // 2 if device == "cpu" else PICTURES
    return _library(source, device, 1, count, quantization_config=config)


def bf16(source: Path, _cache: Path, device: str) -> dict[str, Any]:
    """The 16-bit weights as they are, in the same batches."""
    return _library(source, device, BATCH, PICTURES)


def _library(
    source: Path, device: str, batch: int, count: int, **options: Any
) -> dict[str, Any]:
    """transformers' own model on the same pictures, question and number of tokens.

    The processor is ours: the library's needs torchvision even for pictures alone.
    """
    transformers: Any = importlib.import_module("transformers")
    torch: Any = importlib.import_module("torch")
    model = transformers.AutoModelForImageTextToText.from_pretrained(
        source,
        dtype=torch.bfloat16,
        device_map="cpu" if device == "cpu" else "auto",
        local_files_only=True,
        **options,
    ).eval()
    processor = load_processor(source, VISUAL_TOKENS)
    make_greedy(model, NEW_TOKENS)
    model.generation_config.min_new_tokens = NEW_TOKENS
    question = Prompt().text(subject(pictures(1)[0]).photo)

    def ask(asked: Sequence[Any]) -> None:
        for start in range(0, len(asked), batch):
            part = asked[start : start + batch]
            answers = generate(model, processor, part, [question] * len(part))
            if any(answer.tokens != NEW_TOKENS for answer in answers):
                raise RuntimeError("an answer of another length")

    return {**_timed(ask, count, batch), "batch": batch}


def _timed(
    ask: Callable[[Sequence[Any]], None], count: int, batch: int
) -> dict[str, Any]:
    """Per caption, after one batch to warm up: seconds, and core-seconds of all
    threads. The memory, in bytes, is what the process holds at the end."""
    psutil: Any = importlib.import_module("psutil")  # which accelerate needs
    asked = pictures(count)
    ask(asked[:batch])
    cores, began = time.process_time(), time.perf_counter()
    ask(asked)
    cores, seconds = time.process_time() - cores, time.perf_counter() - began
    memory = psutil.Process().memory_full_info()
    return {
        "core_seconds": cores / count,
        "seconds": seconds / count,
        "resident": memory.rss,
        "unique": memory.uss,
    }


WAYS = {
    "first": start_of,
    "second": start_of,
    "ours": ours,
    "plain": plain,
    "bf16": bf16,
}


def main(way: str, source: str, cache: str, device: str) -> int:
    """Measure one way and print it."""
    for name, value in QUIET_ENVIRONMENT.items():
        os.environ.setdefault(name, value)
    print(json.dumps(WAYS[way](Path(source), Path(cache), device)))
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
