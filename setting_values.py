"""How the text of a setting becomes its value: one small function for each kind.

Each raises ValueError with words that complete "it cannot be …: it is …".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path

CAPTIONERS = ("auto", "qwen", "basic")
QUIET_ENVIRONMENT: Mapping[str, str] = {
    # Nothing leaves the machine unasked: no telemetry, no version check, no hub call.
    "GRADIO_ANALYTICS_ENABLED": "False",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "DO_NOT_TRACK": "1",
    # We show progress ourselves; a bar for each model file would cut through it.
    "HF_HUB_DISABLE_PROGRESS_BARS": "1",
    # Idle OpenMP threads sleep instead of spinning: on a busy 2-core machine, spinning,
    # a caption's token took 3.4 s; on one free core it takes 0.2 to 0.5 s.
    "OMP_WAIT_POLICY": "PASSIVE",
    "TOKENIZERS_PARALLELISM": "false",
}

_TRUE = ("1", "true", "yes", "on")
_FALSE = ("0", "false", "no", "off", "")
_HOURS = re.compile(r"\d{1,2}(:\d{2})?\s*[-–]\s*\d{1,2}(:\d{2})?")


def text(value: str) -> str:
    """As it is."""
    return value


def folder(value: str) -> Path:
    """A path; ~ is the home folder."""
    try:
        return Path(value).expanduser()
    except RuntimeError as error:
        raise ValueError("there is no such user") from error


def map_file(value: str) -> Path | None:
    """A PMTiles file that is there; nothing for none."""
    if not value:
        return None
    path = folder(value)
    if not path.is_file():
        raise ValueError("there is no such file")
    return path


def switch(value: str) -> bool:
    """1 or 0, and what else people write for it."""
    if value.lower() in _TRUE:
        return True
    if value.lower() in _FALSE:
        return False
    raise ValueError("it is a switch: 1 or 0")


def names(value: str) -> tuple[str, ...]:
    """What stands between commas."""
    return tuple(name.strip() for name in value.split(",") if name.strip())


def choice(*allowed: str) -> Callable[[str], str]:
    """One of these words."""

    def parse(value: str) -> str:
        if value not in allowed:
            raise ValueError("it is one of " + ", ".join(allowed))
        return value

    return parse


def captioner(value: str) -> str:
    """One of the names, or the addresses of servers with commas between."""
    if value in CAPTIONERS:
        return value
    addresses = names(value)
    if addresses and all(a.startswith(("http://", "https://")) for a in addresses):
        return ",".join(addresses)
    raise ValueError(
        f"it is one of {', '.join(CAPTIONERS)}, or addresses such as "
        "http://127.0.0.1:8000/v1 with commas between"
    )


def whole(low: int, high: int) -> Callable[[str], int]:
    """A whole number within these bounds, both included."""

    def parse(value: str) -> int:
        number = int(value) if value.lstrip("-").isdecimal() else low - 1
        if not low <= number <= high:
            raise ValueError(f"it is a whole number from {low} to {high}")
        return number

    return parse


def hours(value: str) -> str:
    """A span such as 22:00-07:00, or nothing for any hour."""
    if value and not _HOURS.fullmatch(value.strip()):
        raise ValueError("it is a span of hours such as 22:00-07:00")
    return value.strip()


def language(value: str) -> str:
    """The English name of a language; it becomes part of the question to the model."""
    if not re.fullmatch(r"[A-Za-z][A-Za-z ()-]{1,39}", value):
        raise ValueError("it is the English name of a language, such as German")
    # "english" and "English" are one language, and one set of captions.
    return value[0].upper() + value[1:]
