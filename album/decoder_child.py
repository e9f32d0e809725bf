"""What happens within a decoding process: its limits, and one file at a time."""

from __future__ import annotations

import math
import os
import signal
import sys
import warnings
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from album.pictures_file import DecodedFile

if sys.platform != "win32":
    import resource

Task = Callable[[Path], DecodedFile]
"""What a child does with one file: a top-level function, importable by its name."""

_NICENESS = 10  # of 19: the page and the person at the machine come first
_GRACE_S = 2  # the child's own alarm rings so long after the parent's time-out
_UNKNOWN_BASE_BYTES = 1024**3  # address space of a fresh child where /proc is absent


def prepare_child(memory_bytes: int) -> None:
    """Give up priority, and all memory beyond `memory_bytes` above today's.

    What a platform lacks is left out: Windows has neither limit nor niceness, macOS
    accepts the limit and ignores it. The time-out stands everywhere.
    """
    warnings.simplefilter("ignore")
    # The C libraries write what they think of a file to stderr; every failure is named
    # in the answer already.
    with suppress(OSError):
        silence = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silence, 2)
        os.close(silence)
    if sys.platform == "win32":
        return
    with suppress(OSError):
        os.nice(_NICENESS)
    limit = _address_space_bytes() + memory_bytes
    for kind, soft in ((resource.RLIMIT_AS, limit), (resource.RLIMIT_CORE, 0)):
        with suppress(OSError, ValueError):
            hard = resource.getrlimit(kind)[1]
            bounded = soft if hard == resource.RLIM_INFINITY else min(soft, hard)
            resource.setrlimit(kind, (bounded, hard))


def do_task(task: Task, path: Path, timeout_s: float) -> DecodedFile:
    """Run the task under the child's own alarm.

    The parent kills a child that takes too long. If the parent itself is gone, the
    alarm ends the child even in the midst of a C library.
    """
    if sys.platform == "win32":
        return task(path)
    signal.alarm(math.ceil(timeout_s) + _GRACE_S)
    try:
        return task(path)
    finally:
        signal.alarm(0)


def _address_space_bytes() -> int:
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[0])
    except (OSError, ValueError, IndexError):
        return _UNKNOWN_BASE_BYTES
    return pages * os.sysconf("SC_PAGE_SIZE")
