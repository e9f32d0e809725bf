"""How the album stands: what is in it, who works on it, and on which folders."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal


@dataclass(frozen=True, slots=True)
class Counts:
    """Files that were found and wait to be read, were read, could not be, or are not
    there now; different photos, and of those present how many have a caption; texts
    that the search knows, of all that photos show."""

    waiting: int
    read: int
    failed: int
    missing: int
    photos: int
    captioned: int
    embedded: int
    texts: int


@dataclass(frozen=True, slots=True)
class FolderStanding:
    """One root: its files that are there, those not read yet, and those that failed.

    `offline_since` is set while it cannot be seen.
    """

    path: Path
    kind: Literal["folder", "uploads"]
    offline_since: str | None
    files: int
    waiting: int
    failed: int


@dataclass(frozen=True, slots=True)
class Engine:
    """A model and how it is run; what is not known is empty or None.

    `work` is what it does: "captions", "guesses" (basic captions) or "search". `by` is
    the captioner's name. `loaded`: whether it is in memory now; None where that is not
    this program's affair. `seconds` is what a picture took lately, `threads` the bound
    of its arithmetic, `hours` when it may work, `servers` the hosts that run it.
    """

    work: Literal["captions", "guesses", "search"]
    by: str
    model: str
    loaded: bool | None = None
    quantisation: str = ""
    device: str = ""
    kernel: str = ""
    seconds: float | None = None
    threads: int | None = None
    hours: str = ""
    servers: tuple[str, ...] = ()
    built_in: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """One look at the album. `disk`: bytes of each part, None until they are measured.
    `scanned_at`: when all folders were last looked through, since the start."""

    counts: Counts
    folders: tuple[FolderStanding, ...]
    engines: tuple[Engine, ...]
    disk: Mapping[str, int] | None
    scanned_at: datetime | None
    rescan_minutes: int
