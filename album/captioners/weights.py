"""Where a model's weights are, whether they are all there, and may be loaded.

Only plain data is taken: safetensors and text files. `hub` fetches what is not here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

from album.errors import ModelError

WANTED = ("*.safetensors", "*.json", "*.txt", "*.model", "*.jinja")
REFUSED = (".py", ".pyc", ".so", ".bin", ".pt", ".pth", ".pkl", ".pickle", ".ckpt")
MAX_HEADER_BYTES = 100_000_000
"""The safetensors format's own limit of its header."""

_HUB_ID = re.compile(r"\w[\w.-]*/\w[\w.-]*")


@dataclass(frozen=True, slots=True)
class Kind:
    """What a kind of model consists of: `wanted` says of a file's name ("/" between
    folders) whether it belongs to it, `is_complete` whether a folder holds all of one.
    `without` says to people what they can do where it cannot be fetched."""

    wanted: Callable[[str], bool]
    is_complete: Callable[[Path], bool]
    without: str


def is_hub_id(model: str) -> bool:
    """Whether this can be a model's name on the hub: "owner/name"."""
    return bool(_HUB_ID.fullmatch(model))


def download_folder(model: str, folder: Path) -> Path:
    """Where a hub model is kept below the album's model folder, by revision."""
    return folder / "weights" / model.replace("/", "--")


def find_weights(model: str, folder: Path, kind: Kind | None = None) -> Path | None:
    """The folder with all of the model's files, or None if they are not all here.

    Looked for: `model` as a local folder, what `fetch_weights` brought into `folder`,
    and the cache that other programs on this machine share. `kind` is QWEN's unless
    another is given.
    """
    kind = kind or QWEN
    local = Path(model).expanduser()
    if local.is_dir():
        return local if kind.is_complete(local) else None
    if not is_hub_id(model):
        return None
    fetched = [
        path
        for path in download_folder(model, folder).glob("*")
        if kind.is_complete(path)
    ]
    if fetched:
        return max(fetched, key=lambda path: path.stat().st_mtime_ns)
    return _in_shared_cache(model, kind)


def is_complete(folder: Path) -> bool:
    """Whether the configuration, the tokenizer and every weight file are whole."""
    names = {path.name for path in folder.iterdir()} if folder.is_dir() else set()
    needed = (
        {"config.json"},
        {"processor_config.json", "preprocessor_config.json"},
        {"tokenizer.json", "vocab.json"},
    )
    return all(names & choice for choice in needed) and has_whole_weights(folder)


def has_whole_weights(folder: Path) -> bool:
    """Whether every safetensors file of the folder's model is there and whole."""
    names = {path.name for path in folder.iterdir()} if folder.is_dir() else set()
    shards = {"model.safetensors"}
    index = folder / "model.safetensors.index.json"
    try:
        if index.is_file():
            shards = set(json.loads(index.read_bytes())["weight_map"].values())
        # A name that is not in the folder itself ("../x") is not looked at.
        return bool(shards) and all(
            name in names and _is_whole(folder / name) for name in shards
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return False


QWEN = Kind(
    wanted=lambda name: (
        "/" not in name and any(fnmatch(name, pattern) for pattern in WANTED)
    ),
    is_complete=is_complete,
    without="pass the folder with --qwen-model, or use --captioner basic",
)


def check_folder(folder: Path) -> None:
    """Raise ModelError unless the folder holds a Qwen3-VL model and nothing but data.

    Code and pickles are refused even if nothing would load them: a folder that brings
    them is not the model one was told it is.
    """
    for path in sorted(folder.iterdir()):
        if path.suffix.lower() in REFUSED:
            raise ModelError(
                f"The model folder {folder} is refused: it holds {path.name}, which "
                "may run code; only safetensors and text files are loaded."
            )
        if path.suffix.lower() == ".json" and names_code(path):
            raise ModelError(
                f"The model folder {folder} is refused: {path.name} asks for code of "
                "its own (auto_map)."
            )
    try:
        config = json.loads((folder / "config.json").read_bytes())
        kind = config["model_type"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelError(f"{folder} holds no readable model configuration.") from error
    if kind != "qwen3_vl":
        raise ModelError(f"{folder} holds a model of type {kind!r}, not Qwen3-VL.")
    if config.get("quantization_config"):
        raise ModelError(f"{folder} is quantised already; pass the 16-bit original.")


def _in_shared_cache(model: str, kind: Kind) -> Path | None:
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HFValidationError

    try:
        found = snapshot_download(model, local_files_only=True)
    except (OSError, HFValidationError):
        return None
    return Path(found) if kind.is_complete(Path(found)) else None


def names_code(path: Path) -> bool:
    """Whether a JSON file has an auto_map anywhere; a vocabulary may hold the word."""
    found: list[object] = []

    def look(entry: dict[str, object]) -> dict[str, object]:
        found.append(entry.get("auto_map"))
        return entry

    try:
        json.loads(path.read_bytes(), object_hook=look)
    except (OSError, ValueError, RecursionError):
        return False  # Not JSON at all; whoever needs the file will say so.
    return any(isinstance(value, dict | list | str) for value in found)


def _is_whole(path: Path) -> bool:
    """Whether a safetensors file is as long as its own header says."""
    size = path.stat().st_size
    with path.open("rb") as file:
        length = int.from_bytes(file.read(8), "little")
        if not 0 < length <= min(MAX_HEADER_BYTES, size - 8):
            return False
        header: dict[str, Any] = json.loads(file.read(length))
    header.pop("__metadata__", None)
    ends = [tensor["data_offsets"][1] for tensor in header.values()]
    return 8 + length + max(ends, default=0) == size
