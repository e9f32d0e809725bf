"""Captions by Qwen3-VL in INT4, on a GPU or a CPU."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from album.captioners.answer import PROMPT_VERSION, clean_answer
from album.captioners.base import Subject
from album.captioners.checkpoint import find_checkpoint, load_int4
from album.captioners.device import (
    free_memory,
    is_out_of_memory,
    kernel_name,
    torch_device,
)
from album.captioners.generation import generate, make_greedy
from album.captioners.hub import fetch_weights
from album.captioners.processor import load_processor, token_count, within_aspect
from album.captioners.weights import check_folder, find_weights
from album.errors import CaptionError, ModelError, ModelUnavailable
from album.photo import WrittenCaption

if TYPE_CHECKING:
    from PIL.Image import Image

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Loaded:
    """A model in memory, with what `info` says of it."""

    model: Any
    processor: Any
    device: str
    footprint: int
    load_seconds: float
    reused: bool


class QwenCaptioner:
    """Writes captions with a Qwen3-VL model whose text layers are 4 bit.

    `model` is a hub id or a local folder, `cache` the folder where the INT4 checkpoint
    (and a download) is kept. A picture becomes at most about `visual_tokens` tokens,
    and never more than the checkpoint's own limit. The model is loaded by the first
    `caption`; `offline` forbids fetching it. Any thread may call any method: a model
    keeps state while it answers, so that one lock lets one answer at a time.
    """

    prompt_version = PROMPT_VERSION

    def __init__(
        self,
        model: str,
        cache: Path,
        *,
        device: str = "auto",
        visual_tokens: int = 300,
        max_new_tokens: int = 160,
        batch_size: int = 4,
        offline: bool = False,
        name: str = "qwen",
        model_name: str | None = None,
    ) -> None:
        """`model_name` is what the catalogue calls the model; `model` if not given."""
        self.name = name
        self.model = model_name or model
        self._source = model
        self.batch_size = batch_size
        self._cache = cache
        self._device = device
        self._visual_tokens = visual_tokens
        self._max_new_tokens = max_new_tokens
        self._offline = offline
        self._lock = threading.RLock()
        self._loaded: Loaded | None = None

    def caption(
        self, subjects: Sequence[Subject]
    ) -> list[WrittenCaption | CaptionError]:
        """One answer for each subject, in the same order, whatever the batches were.

        Pictures of like size go into one batch, which costs the least padding. Raises
        ModelError when the model cannot be used at all, ModelUnavailable when its
        weights are not here.
        """
        with self._lock:
            loaded = self._load()
            pictures = [within_aspect(subject.picture) for subject in subjects]
            order = sorted(
                range(len(pictures)),
                key=lambda i: token_count(loaded.processor, pictures[i]),
            )
            answers: dict[int, WrittenCaption | CaptionError] = {}
            for start in range(0, len(order), self.batch_size):
                batch = order[start : start + self.batch_size]
                written = self._caption_batch(loaded, [pictures[i] for i in batch])
                answers.update(zip(batch, written, strict=True))
        return [answers[i] for i in range(len(subjects))]

    def unload(self) -> None:
        """Give the model's memory back, after the answer now being written, if any."""
        with self._lock:
            self._loaded = None
            free_memory()

    def info(self) -> dict[str, Any]:
        """What `status` shows of the model; with "loaded": False before it is loaded.

        `footprint` is in bytes, `load_seconds` the time of the latest load.
        """
        loaded = self._loaded
        if loaded is None:
            return {"loaded": False, "model": self.model}
        return {
            "loaded": True,
            "model": self.model,
            "device": loaded.device,
            "dtype": "bfloat16",
            "quantisation": "INT4 (nf4, double), vision and lm_head in 16 bit",
            "kernel": kernel_name(loaded.device),
            "footprint": loaded.footprint,
            "load_seconds": loaded.load_seconds,
            "from_saved_int4": loaded.reused,
        }

    def _load(self) -> Loaded:
        if self._loaded is None:
            self._loaded = self._open()
        return self._loaded

    def _open(self) -> Loaded:
        started = time.perf_counter()
        device = torch_device(self._device)
        source = find_weights(self._source, self._cache)
        saved = find_checkpoint(self._source, source, self._cache)
        if source is None and saved is None:
            source = self._fetch()
        if source is not None:
            check_folder(source)
        model, folder, reused = load_int4(
            self._source, source, saved, self._cache, device
        )
        processor = load_processor(folder, self._visual_tokens)
        make_greedy(model, self._max_new_tokens)
        seconds = time.perf_counter() - started
        logger.info("%s is ready on %s after %.1f s", self.model, device, seconds)
        return Loaded(
            model=model,
            processor=processor,
            device=device,
            footprint=int(model.get_memory_footprint()),
            load_seconds=seconds,
            reused=reused,
        )

    def _fetch(self) -> Path:
        if self._offline:
            raise ModelUnavailable(
                f"{self.model} is not on this machine and nothing may be fetched "
                "(offline): pass its folder with --qwen-model, or use "
                "--captioner basic."
            )
        return fetch_weights(
            self._source,
            self._cache,
            lambda done, total: logger.debug("Fetched %d of %d bytes", done, total),
            lambda: False,
        )

    def _caption_batch(
        self, loaded: Loaded, pictures: Sequence[Image]
    ) -> list[WrittenCaption | CaptionError]:
        """The whole batch at once; if that fails, its halves, down to one picture."""
        import torch

        try:
            answers = self._generate(loaded, pictures)
        except torch.AcceleratorError as error:
            # The GPU itself is in disorder: every further picture would fail as well.
            raise ModelError(f"The GPU reports an error: {error}") from error
        except Exception as error:  # noqa: BLE001 - one odd picture must not fail others
            # Only words are kept: the error itself holds the batch's tensors alive.
            reason, full = _reason(error), is_out_of_memory(error)
        else:
            return [_written(text, capped) for text, capped in answers]
        free_memory()
        if len(pictures) == 1:
            return [CaptionError(reason)]
        logger.info("A batch of %d pictures failed: %s", len(pictures), reason)
        # Out of memory: halves may fit. Anything odd: one by one finds whose it is.
        step = -(-len(pictures) // 2) if full else 1
        return [
            answer
            for start in range(0, len(pictures), step)
            for answer in self._caption_batch(loaded, pictures[start : start + step])
        ]

    def _generate(
        self, loaded: Loaded, pictures: Sequence[Image]
    ) -> list[tuple[str, bool]]:
        return generate(loaded.model, loaded.processor, pictures)


def _written(text: str, capped: bool) -> WrittenCaption | CaptionError:
    try:
        return WrittenCaption(clean_answer(text, capped=capped))
    except CaptionError as error:
        return error


def _reason(error: BaseException) -> str:
    if is_out_of_memory(error):
        return "There was not enough memory to caption this picture."
    first = (str(error).strip().splitlines() or [""])[0][:200]
    return f"The caption model failed: {first or type(error).__name__}."
