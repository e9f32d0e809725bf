"""How the album's standing and a person's choices travel to the browser."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

from album.choices import Choice
from album.standing import Engine, FolderStanding, Standing
from ui.wire_captions import engine_name


def standing_card(standing: Standing) -> dict[str, Any]:
    """Counts, folders, models and disk; moments in ISO 8601, UTC."""
    scanned = standing.scanned_at
    return {
        "counts": asdict(standing.counts),
        "folders": [_folder(each) for each in standing.folders],
        "engines": [_engine(each) for each in standing.engines],
        "disk": None if standing.disk is None else dict(standing.disk),
        "scanned_at": None if scanned is None else scanned.isoformat(),
        "rescan_minutes": standing.rescan_minutes,
    }


def choice_card(choice: Choice) -> dict[str, Any]:
    """One choice; `options` is empty where any text that fits may be given."""
    return asdict(choice) | {"options": list(choice.options), "waits": choice.waits}


def _folder(folder: FolderStanding) -> dict[str, Any]:
    return {
        "path": shown_path(folder.path),
        "uploads": folder.kind == "uploads",
        "offline_since": folder.offline_since,
        "files": folder.files,
        "waiting": folder.waiting,
        "failed": folder.failed,
    }


def _engine(engine: Engine) -> dict[str, Any]:
    name, model = engine_name(engine.by, engine.model)
    return asdict(engine) | {
        "name": name,
        "model": model,
        "servers": list(engine.servers),
    }


def shown_path(path: Path) -> str:
    """A folder as its owner calls it, ~ for the home folder: whose home it is, nobody
    else needs to read. Bytes that are not UTF-8 become \\xNN."""
    with suppress(ValueError, RuntimeError):
        path = Path("~") / path.relative_to(Path.home())
    raw = str(path).encode("utf-8", "surrogateescape")
    return raw.decode("utf-8", "backslashreplace")
