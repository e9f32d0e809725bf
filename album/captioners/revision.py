"""Which revision of a model a folder holds."""

from __future__ import annotations

import hashlib
import json
import re
from contextlib import suppress
from pathlib import Path

RECORD = "int4.json"
"""In the folder of a saved INT4 checkpoint: what it was made from, and its hashes."""
COPIED_SUFFIXES = {".json", ".txt", ".model", ".jinja"}
"""The files beside the weights that a checkpoint takes over."""


def revision_of(folder: Path) -> str:
    """The hub's revision, if the folder is named by it or is a checkpoint made from
    such a one; else a print of its files. Raises OSError."""
    with suppress(OSError, ValueError, KeyError, TypeError):
        return str(json.loads((folder / RECORD).read_bytes())["revision"])
    if re.fullmatch(r"[0-9a-f]{12,40}", folder.name):
        return folder.name[:12]
    return f"files-{fingerprint(folder)[:12]}"


def fingerprint(source: Path) -> str:
    """A hash of the source files' names, sizes and modification times."""
    stats = [
        (path.name, path.stat().st_size, path.stat().st_mtime_ns)
        for path in sorted(source.iterdir())
        if path.suffix in {*COPIED_SUFFIXES, ".safetensors"}
    ]
    return hashlib.sha256(json.dumps(stats).encode()).hexdigest()
