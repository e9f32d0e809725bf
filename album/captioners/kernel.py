"""How a model on a CPU computes: chosen by a short self-test, once for each machine.

The 4-bit kernel that bitsandbytes brings for CPUs is quick at answering word by word
and slow at reading the picture; by how much depends on what the processor can do.
"""

from __future__ import annotations

import logging
import time
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Any

from album.captioners.device import available_memory, free_memory, kernel_name
from album.captioners.kernel_choice import (
    BITSANDBYTES,
    HYBRID,
    PER_HEAD,
    KernelChoice,
    Trial,
    choose,
    cpu_name,
    remember,
    remembered_trial,
)

logger = logging.getLogger(__name__)

SMALLEST = 1 << 20
"""Weights of the largest layer below which nothing is tried: a model so small is quick
in any way, and its times would say nothing."""


def fit_kernel(
    model: Any, cache: Path, device: str, *, smallest: int = SMALLEST
) -> str:
    """Let a loaded INT4 model compute in the way that suits this machine; what that is,
    in words, for `status`.

    Must come after the checkpoint was saved: what is exchanged here is not for keeping.
    The self-test takes some seconds and its result is kept in `cache`. On a GPU, and
    wherever anything fails, the libraries' own way stays.
    """
    own = kernel_name(device)
    if device != "cpu":
        return own
    try:
        choice = _choice(model, cache, smallest)
        if choice is not None:
            install(model, choice)
            return str(choice)
    except Exception as error:  # noqa: BLE001 - private functions of a library
        logger.warning("The choice of a kernel failed, %s stays: %r", own, error)
    finally:
        free_memory()
    return own


def four_bit_layers(model: Any) -> dict[str, Any]:
    """name → Linear4bit of every 4-bit layer that still is one."""
    kind = import_module("bitsandbytes.nn").Linear4bit
    return {name: m for name, m in model.named_modules() if isinstance(m, kind)}


def install(model: Any, choice: KernelChoice) -> None:
    """Exchange the 4-bit layers, one by one, and name the vision tower's attention."""
    layers: Any = import_module("album.captioners.kernel_layers")
    if choice.linear != BITSANDBYTES:
        for name, layer in four_bit_layers(model).items():
            parent, _, last = name.rpartition(".")
            new = (
                layers.HybridLinear(layer, choice.packed_rows)
                if choice.linear == HYBRID
                else layers.dense_linear(layer)
            )
            setattr(model.get_submodule(parent), last, new.eval())
    if choice.attention == PER_HEAD:
        transformers: Any = import_module("transformers")
        transformers.AttentionInterface.register(
            layers.ATTENTION, layers.per_head_attention
        )
        model.set_attn_implementation({"vision_config": layers.ATTENTION})


def trial_key(layers: dict[str, Any]) -> dict[str, Any]:
    """What a self-test's result holds for."""
    import torch

    shapes = sorted({(la.out_features, la.in_features) for la in layers.values()})
    return {
        "format": 1,
        "cpu": cpu_name(),
        "threads": torch.get_num_threads(),
        "torch": torch.__version__,
        "bitsandbytes": version("bitsandbytes"),
        "layers": len(layers),
        "shapes": [list(shape) for shape in shapes],
    }


def _choice(model: Any, cache: Path, smallest: int) -> KernelChoice | None:
    layers = four_bit_layers(model)
    sizes = [layer.out_features * layer.in_features for layer in layers.values()]
    if max(sizes, default=0) < max(smallest, 1):
        return None
    key = trial_key(layers)
    trial = remembered_trial(cache, key)
    if trial is None:
        trial = _try_out(model, layers)
    choice = choose(trial, available_memory())
    remember(cache, key, trial, choice)
    return choice


def _try_out(model: Any, layers: dict[str, Any]) -> Trial:
    began = time.perf_counter()
    trials: Any = import_module("album.captioners.kernel_trial")
    trial: Trial = trials.try_out(list(layers.values()), model.config.vision_config)
    logger.info("Tried the kernels in %.1f s", time.perf_counter() - began)
    return trial
