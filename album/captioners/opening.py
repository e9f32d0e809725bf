"""Bringing a Qwen3-VL into memory: its weights found or fetched, quantised or reloaded,
its processor bounded, its generation made greedy."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from album.captioners.checkpoint import find_checkpoint, load_int4
from album.captioners.device import torch_device
from album.captioners.generation import make_greedy
from album.captioners.hub import fetch_weights
from album.captioners.kernel import fit_kernel
from album.captioners.processor import load_processor
from album.captioners.revision import revision_of
from album.captioners.weights import check_folder, find_weights
from album.errors import ModelUnavailable

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
    revision: str
    kernel: str


def open_model(
    source_id: str,
    cache: Path,
    *,
    device: str,
    visual_tokens: int,
    max_new_tokens: int,
    offline: bool,
) -> Loaded:
    """The model of a hub id or a local folder in INT4, ready to be asked.

    Raises ModelError when it cannot be used, ModelUnavailable when its weights are not
    here and may not or cannot be fetched.
    """
    started = time.perf_counter()
    device = torch_device(device)
    source = find_weights(source_id, cache)
    saved = find_checkpoint(source_id, source, cache)
    if source is None and saved is None:
        source = _fetch(source_id, cache, offline)
    if source is not None:
        check_folder(source)
    model, folder, reused = load_int4(source_id, source, saved, cache, device)
    # After the checkpoint was saved, and before the first forward.
    kernel = fit_kernel(model, cache, device)
    processor = load_processor(folder, visual_tokens)
    make_greedy(model, max_new_tokens)
    seconds = time.perf_counter() - started
    logger.info("%s is ready on %s after %.1f s", source_id, device, seconds)
    return Loaded(
        model=model,
        processor=processor,
        device=device,
        footprint=int(model.get_memory_footprint()),
        load_seconds=seconds,
        reused=reused,
        revision=revision_of(source or folder),
        kernel=kernel,
    )


def _fetch(source_id: str, cache: Path, offline: bool) -> Path:
    if offline:
        raise ModelUnavailable(
            f"{source_id} is not on this machine and nothing may be fetched "
            "(offline): pass its folder with --qwen-model, or use --captioner basic."
        )
    return fetch_weights(
        source_id,
        cache,
        lambda done, total: logger.debug("Fetched %d of %d bytes", done, total),
        lambda: False,
    )
