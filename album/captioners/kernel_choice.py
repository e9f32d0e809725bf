"""Which arithmetic suits a CPU: what a self-test measured, what follows from it, and
how both are remembered. Nothing here needs torch."""

from __future__ import annotations

import hashlib
import json
import logging
import os
import platform
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

logger = logging.getLogger(__name__)

FILE = "kernel.json"
BITSANDBYTES, HYBRID, BF16 = "bitsandbytes", "hybrid", "bf16"
SDPA, PER_HEAD = "sdpa", "per head"

CLEAR_GAIN = 0.95
"""Another way than the libraries' own must take at most this part of its time: less
could be the noise of a measurement of milliseconds."""

WORTH_THE_MEMORY = 0.7
"""bf16 takes 2.1 GB more than 4 bit in the 2B model, so it must save more."""


@dataclass(frozen=True, slots=True)
class Trial:
    """What a self-test measured; only ways whose results agreed are in it.

    `linear` and `attention` are core-seconds: of one caption in all 4-bit layers, and
    of one picture in one layer of the vision tower's attention; `packed_rows` is the
    most rows (batch × tokens) at which the packed kernel is faster than dequantising
    first, `bf16_bytes` what the 4-bit weights take in bfloat16.
    """

    linear: Mapping[str, float]
    attention: Mapping[str, float]
    packed_rows: int
    bf16_bytes: int


@dataclass(frozen=True, slots=True)
class KernelChoice:
    """How the 4-bit layers and the vision tower's attention are computed, and the
    core-seconds of one caption in those layers, in each way that was tried."""

    linear: str
    attention: str
    packed_rows: int
    seconds: Mapping[str, float]

    def __str__(self) -> str:
        """For `status`, such as "hybrid: 4-bit kernel up to 64 rows, …"."""
        words = {
            HYBRID: f"hybrid: 4-bit kernel up to {self.packed_rows} rows, "
            "dequantised to bfloat16 above",
            BF16: "dequantised to bfloat16 in memory",
        }.get(self.linear, "bitsandbytes' own 4-bit kernel")
        if self.attention == PER_HEAD:
            words += "; vision attention head by head"
        tried = ", ".join(f"{name} {s:.2g}" for name, s in self.seconds.items())
        return f"{words} (4-bit layers, core-seconds a caption: {tried})"


def choose(trial: Trial, free_bytes: int | None) -> KernelChoice:
    """The cheapest way that is clearly cheaper than the libraries' own.

    bf16 in memory only where it fits twice into what is free (unknown: never).
    """
    linear = _cheapest({k: s for k, s in trial.linear.items() if k != BF16})
    if BF16 in trial.linear and (free_bytes or 0) >= 2 * trial.bf16_bytes:
        others = trial.linear.get(linear, float("inf"))
        if trial.linear[BF16] <= WORTH_THE_MEMORY * others:
            linear = BF16
    return KernelChoice(
        linear=linear,
        attention=_cheapest(trial.attention),
        packed_rows=trial.packed_rows,
        seconds=dict(trial.linear),
    )


def _cheapest(seconds: Mapping[str, float]) -> str:
    """The first entry is the libraries' own way, which wins when it is near."""
    own = next(iter(seconds), BITSANDBYTES)
    best = min(seconds, key=lambda name: seconds[name], default=own)
    return best if seconds and seconds[best] <= CLEAR_GAIN * seconds[own] else own


def remembered_choice(cache: Path) -> KernelChoice | None:
    """The latest choice made on this models cache folder, whatever it was made for."""
    try:
        return KernelChoice(**_read(cache)["choice"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def remembered_trial(cache: Path, key: Mapping[str, Any]) -> Trial | None:
    """The self-test's result, if it was made for exactly this `key`."""
    try:
        content = _read(cache)
        return Trial(**content["trial"]) if content["key"] == dict(key) else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def remember(
    cache: Path, key: Mapping[str, Any], trial: Trial, choice: KernelChoice
) -> None:
    """Keep it for the next start. A folder that cannot be written costs only time."""
    content = {"key": dict(key), "trial": asdict(trial), "choice": asdict(choice)}
    partial = cache / f".{FILE}.{os.getpid()}.partial"
    try:
        cache.mkdir(parents=True, exist_ok=True)
        partial.write_text(json.dumps(content, indent=1), encoding="utf-8")
        partial.replace(cache / FILE)
    except OSError as error:
        logger.info("The choice of a kernel could not be kept: %s", error)


def cpu_name() -> str:
    """The processor's name, and a fingerprint of its abilities where Linux lists them.

    The same name can have other abilities under another virtual machine.
    """
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    facts = {
        name.strip(): value.strip()
        for name, _, value in (line.partition(":") for line in lines)
    }
    name = facts.get("model name") or platform.machine()
    flags = facts.get("flags") or facts.get("Features", "")
    return f"{name} {hashlib.sha256(flags.encode()).hexdigest()[:12]}"


def _read(cache: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((cache / FILE).read_bytes())
    return content
