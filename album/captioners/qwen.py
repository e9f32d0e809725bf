"""Captions by Qwen3-VL in INT4, on a GPU or a CPU."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from album.captioners.answer_fields import written_caption
from album.captioners.base import Subject
from album.captioners.batches import batch_that_fits
from album.captioners.device import free_gpu_memory, free_memory, is_out_of_memory
from album.captioners.generation import RawAnswer, generate
from album.captioners.opening import Loaded, open_model
from album.captioners.processor import token_count, within_aspect
from album.captioners.prompt import NEW_TOKENS, Prompt
from album.errors import CaptionError, ModelError
from album.photo import Author, Provenance, WrittenCaption

if TYPE_CHECKING:
    from PIL.Image import Image

QUANTISATION = "INT4 (nf4, double), vision and lm_head in 16 bit"
NOT_ENOUGH_MEMORY = "There was not enough memory to caption this picture."

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Question:
    """One picture as the model gets it, and what it is asked."""

    picture: Image
    text: str


class QwenCaptioner:
    """Writes captions with a Qwen3-VL model whose text layers are 4 bit.

    `model` is a hub id or a local folder, `cache` the folder where the INT4 checkpoint
    (and a download) is kept. A picture becomes at most about `visual_tokens` tokens,
    and never more than the checkpoint's own limit. The model is loaded by the first
    `caption`; `offline` forbids fetching it. Any thread may call any method: a model
    keeps state while it answers, so that one lock lets one answer at a time.
    """

    def __init__(
        self,
        model: str,
        cache: Path,
        *,
        device: str = "auto",
        visual_tokens: int = 300,
        max_new_tokens: int = NEW_TOKENS,
        batch_size: int = 4,
        offline: bool = False,
        prompt: Prompt | None = None,
        name: str = "qwen",
        model_name: str | None = None,
    ) -> None:
        """`model_name` is what the catalogue calls the model; `model` if not given."""
        self._prompt = prompt or Prompt()
        self.author = Author(
            name, model_name or model, self._prompt.version, self._prompt.variant
        )
        self.model = self.author.model
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
            questions = [
                Question(within_aspect(s.picture), self._prompt.text(s.photo))
                for s in subjects
            ]
            order = sorted(
                range(len(questions)),
                key=lambda i: token_count(loaded.processor, questions[i].picture),
            )
            answers: dict[int, WrittenCaption | CaptionError] = {}
            size = self.batch_size  # which a batch that did not fit makes smaller
            for start in range(0, len(order), size):
                batch = order[start : start + size]
                written = self._caption_batch(loaded, [questions[i] for i in batch])
                answers.update(zip(batch, written, strict=True))
        return [answers[i] for i in range(len(subjects))]

    def unload(self) -> None:
        """Give the model's memory back, after the answer now being written, if any."""
        with self._lock:
            self._loaded = None
            free_memory()

    def close(self) -> None:
        """The same: to end an answer under way, its process must be ended."""
        self.unload()

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
            "quantisation": QUANTISATION,
            "revision": loaded.revision,
            "kernel": loaded.kernel,
            "batch_size": self.batch_size,
            "footprint": loaded.footprint,
            "load_seconds": loaded.load_seconds,
            "from_saved_int4": loaded.reused,
        }

    def _load(self) -> Loaded:
        if self._loaded is None:
            self._loaded = open_model(
                self._source,
                self._cache,
                device=self._device,
                visual_tokens=self._visual_tokens,
                max_new_tokens=self._max_new_tokens,
                offline=self._offline,
            )
            free = free_gpu_memory(self._loaded.device)
            if free is not None:
                self.batch_size = batch_that_fits(
                    free, self._visual_tokens, self._max_new_tokens
                )
        return self._loaded

    def _caption_batch(
        self, loaded: Loaded, questions: Sequence[Question]
    ) -> list[WrittenCaption | CaptionError]:
        """The whole batch at once; if that fails, its halves, down to one picture."""
        import torch

        began = time.perf_counter()
        try:
            answers = self._generate(loaded, questions)
        except torch.AcceleratorError as error:
            # The GPU itself is in disorder: every further picture would fail as well.
            raise ModelError(f"The GPU reports an error: {error}") from error
        except Exception as error:  # noqa: BLE001 - one odd picture must not fail others
            # Only words are kept: the error itself holds the batch's tensors alive.
            reason, full = _reason(error), is_out_of_memory(error)
        else:
            share = (time.perf_counter() - began) / len(questions)
            return [
                _written(answer, question.text, loaded.revision, share)
                for answer, question in zip(answers, questions, strict=True)
            ]
        free_memory()
        if len(questions) == 1:
            return [CaptionError(reason)]
        logger.info("A batch of %d pictures failed: %s", len(questions), reason)
        # Out of memory: halves may fit. Anything odd: one by one finds whose it is.
        step = -(-len(questions) // 2) if full else 1
        answers_in_parts = [
            answer
            for start in range(0, len(questions), step)
            for answer in self._caption_batch(loaded, questions[start : start + step])
        ]
        if full and not any(_was_too_big(answer) for answer in answers_in_parts):
            # No single picture was at fault, so that the next batch would not fit.
            self.batch_size = min(self.batch_size, step)
        return answers_in_parts

    def _generate(
        self, loaded: Loaded, questions: Sequence[Question]
    ) -> list[RawAnswer]:
        pictures = [question.picture for question in questions]
        texts = [question.text for question in questions]
        return generate(loaded.model, loaded.processor, pictures, texts)


def _written(
    answer: RawAnswer, question: str, revision: str, seconds: float
) -> WrittenCaption | CaptionError:
    how = Provenance(revision, QUANTISATION, answer.tokens, round(seconds, 3))
    try:
        written = written_caption(answer.text, capped=answer.capped, prompt=question)
    except CaptionError as error:
        return error
    return replace(written, provenance=how)


def _was_too_big(answer: WrittenCaption | CaptionError) -> bool:
    return isinstance(answer, CaptionError) and answer.reason == NOT_ENOUGH_MEMORY


def _reason(error: BaseException) -> str:
    if is_out_of_memory(error):
        return NOT_ENOUGH_MEMORY
    first = (str(error).strip().splitlines() or [""])[0][:200]
    return f"The caption model failed: {first or type(error).__name__}."
