"""The machine a model runs on: which device, its kernels, its memory."""

from __future__ import annotations

import gc
import sys
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any

from album.errors import ModelError
from album.memory import give_back


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


def available_memory() -> int | None:
    """Bytes of memory that this process may still take without swapping; None where
    the system does not say."""
    limits = []
    with suppress(OSError, ValueError, IndexError):
        for line in Path("/proc/meminfo").read_text(encoding="ascii").splitlines():
            if line.startswith("MemAvailable:"):
                limits.append(int(line.split()[1]) * 1024)
    with suppress(OSError, ValueError):  # a container may have less than the machine
        group = Path("/sys/fs/cgroup")
        most = int((group / "memory.max").read_text(encoding="ascii"))
        used = int((group / "memory.current").read_text(encoding="ascii"))
        limits.append(most - used)
    return min(limits, default=None)


def free_gpu_memory(device: str) -> int | None:
    """Bytes that torch can still get on this device; None for a CPU."""
    import torch

    if not device.startswith("cuda"):
        return None
    return int(torch.cuda.mem_get_info(torch.device(device))[0])


def free_memory() -> None:
    """Hand unused memory back; does not load torch if nobody has.

    After captions of four pictures at once the C library kept 0.7 GB of holes.
    """
    gc.collect()
    give_back()
    torch = sys.modules.get("torch")
    if torch is not None and torch.cuda.is_available():
        torch.cuda.empty_cache()


def is_out_of_memory(error: BaseException) -> bool:
    """A CPU's allocator raises a plain RuntimeError, and says so only in words."""
    import torch

    return isinstance(error, (torch.OutOfMemoryError, MemoryError)) or (
        isinstance(error, RuntimeError) and "allocate memory" in str(error)
    )
