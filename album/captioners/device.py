"""The machine a model runs on: which device, its kernels, its memory."""

from __future__ import annotations

import gc
import sys
from importlib import import_module
from typing import Any

from album.errors import ModelError


def torch_device(wanted: str) -> str:
    """ "auto" is the first GPU, else the CPU. Raises ModelError for one that is not."""
    import torch

    if wanted == "auto":
        return "cuda:0" if torch.cuda.is_available() else "cpu"
    if wanted.startswith("cuda") and not torch.cuda.is_available():
        raise ModelError(f"The device {wanted} was asked for, but no GPU can be used.")
    return wanted


def kernel_name(device: str) -> str:
    """Which arithmetic runs the 4-bit layers, for `status`."""
    functional: Any = import_module("bitsandbytes.functional")
    if device != "cpu":
        return "bitsandbytes, GPU"
    return (
        f"bitsandbytes, CPU{' with AVX512-BF16' if functional.has_avx512bf16() else ''}"
    )


def free_memory() -> None:
    """Hand unused memory back; does not load torch if nobody has."""
    gc.collect()
    torch = sys.modules.get("torch")
    if torch is not None and torch.cuda.is_available():
        torch.cuda.empty_cache()


def is_out_of_memory(error: BaseException) -> bool:
    """A CPU's allocator raises a plain RuntimeError, and says so only in words."""
    import torch

    return isinstance(error, (torch.OutOfMemoryError, MemoryError)) or (
        isinstance(error, RuntimeError) and "allocate memory" in str(error)
    )
