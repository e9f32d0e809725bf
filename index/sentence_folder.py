"""A model folder of sentence-transformers as it describes itself, and what of it is
safe to load; nothing is loaded here.

    modules.json                     the model's parts, in order
    config.json, model.safetensors   the network; tokenizer.json cuts texts
    1_Pooling/config.json, 2_Dense/  what makes one vector of many
    config_sentence_transformers.json  words to put before a query or a text
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from album.captioners.weights import (
    Kind,
    has_whole_weights,
    names_code,
)
from index.errors import EmbedderUnavailable

_WANTED = re.compile(
    r"([0-9]+_\w+/)?[\w.-]+\.(safetensors|json|txt|model)", flags=re.ASCII
)
# Parts whose width is known from their configuration, and which hold no code.
_KNOWN = ("Transformer", "Pooling", "Dense", "Normalize", "LayerNorm", "Dropout")
_HOME = "sentence_transformers."
_WITH_WEIGHTS = ("Dense", "LayerNorm")


def wanted(name: str) -> bool:
    """Whether a file of the hub's copy belongs to the model: no pickles, no code, no
    copies in other forms (onnx/, openvino/)."""
    return bool(_WANTED.fullmatch(name))


def is_complete(folder: Path) -> bool:
    """Whether all files are there and the weights are whole."""
    needed = ("modules.json", "config.json", "tokenizer.json")
    if not all((folder / name).is_file() for name in needed):
        return False
    try:
        return has_whole_weights(folder) and all(
            _is_whole(name, folder / path) for name, path in _parts(folder) if path
        )
    except EmbedderUnavailable:
        return False


def _is_whole(part: str, folder: Path) -> bool:
    """Pickled weights count as none. What has no numbers of its own needs no folder."""
    told = part not in ("Pooling", "Dense") or (folder / "config.json").is_file()
    return told and (part not in _WITH_WEIGHTS or has_whole_weights(folder))


SENTENCE_MODEL = Kind(
    wanted=wanted,
    is_complete=is_complete,
    without="pass the folder with --text-model",
)
"""What sentence-transformers saves, with weights in safetensors."""


@dataclass(frozen=True, slots=True)
class SentenceFolder:
    """A folder that may be loaded. Two folders have the same `digest` (sha256, of the
    names and contents of all files that the vectors depend on) only if they hold the
    same model. `dim` is the width of its vectors; `query` and `passage` are what it
    wants before a query and before a text, often nothing."""

    path: Path
    digest: str
    dim: int
    query: str
    passage: str


def describe(folder: Path) -> SentenceFolder:
    """What the folder holds. Reads it all: 0.08 s for 90 MB.

    Raises EmbedderUnavailable: files are missing, or it asks for code of its own.
    """
    if not is_complete(folder):
        raise EmbedderUnavailable(
            f"{folder} holds no complete sentence-transformers model (modules.json, "
            "config.json, tokenizer.json and weights in safetensors)."
        )
    for path in _files(folder):
        if path.suffix == ".json" and names_code(path):
            raise EmbedderUnavailable(
                f"The text model in {folder} is refused: {path.name} asks for code of "
                "its own (auto_map)."
            )
    query, passage = _prompts(folder)
    try:
        digest = _digest(folder)
    except OSError as error:
        raise EmbedderUnavailable(
            f"The text model in {folder} cannot be read: {error}"
        ) from error
    return SentenceFolder(folder, digest, _width(folder), query, passage)


def _digest(folder: Path) -> str:
    whole = hashlib.sha256()
    places = [folder, *(folder / path for _, path in _parts(folder) if path)]
    for path in sorted(
        path
        for place in places
        for path in _files(place)
        if wanted(path.relative_to(folder).as_posix())
    ):
        with path.open("rb") as file:
            content = hashlib.file_digest(file, "sha256").hexdigest()
        whole.update(f"{path.relative_to(folder).as_posix()} {content}\n".encode())
    return whole.hexdigest()


def _files(folder: Path) -> list[Path]:
    return [p for p in folder.iterdir() if p.is_file()] if folder.is_dir() else []


def _parts(folder: Path) -> list[tuple[str, str]]:
    """(class, folder) of each part. Raises EmbedderUnavailable for one that is not the
    library's own: its class would be imported by its name."""
    try:
        parts = [(str(p["type"]), str(p["path"])) for p in _json(folder, "modules")]
    except (KeyError, TypeError) as error:
        raise EmbedderUnavailable(
            f"{folder} has an unreadable modules.json."
        ) from error
    for kind, path in parts:
        known = kind.startswith(_HOME) and kind.rpartition(".")[2] in _KNOWN
        if not known or not re.fullmatch(r"(\d+_\w+)?", path):
            raise EmbedderUnavailable(
                f"The text model in {folder} has a part that this program does not "
                f"load: {kind} in {path!r}."
            )
    names = [kind.rpartition(".")[2] for kind, _ in parts]
    if names[:1] != ["Transformer"] or parts[0][1] or "Pooling" not in names:
        raise EmbedderUnavailable(f"{folder} holds no model that embeds sentences.")
    return [(name, path) for name, (_, path) in zip(names, parts, strict=True)]


def _width(folder: Path) -> int:
    """The width of the vectors, which the library writes in an old and a new way."""
    width = 0
    for name, path in _parts(folder):
        if name == "Pooling":
            told = _json(folder / path, "config")
            width = _number(told, "embedding_dimension", "word_embedding_dimension")
            modes = told.get("pooling_mode")
            flags = [told[key] for key in told if key.startswith("pooling_mode_")]
            many = len(modes) if isinstance(modes, list) else sum(map(bool, flags)) or 1
            width *= many
        elif name == "Dense":
            width = _number(_json(folder / path, "config"), "out_features")
    if not 0 < width <= 65_535:
        raise EmbedderUnavailable(f"The text model in {folder} tells no likely width.")
    return width


def _number(told: dict[str, Any], *names: str) -> int:
    found = [told[name] for name in names if isinstance(told.get(name), int)]
    return int(found[0]) if found else 0


def _prompts(folder: Path) -> tuple[str, str]:
    """What stands before (a query, a text): E5 and its like were trained so."""
    if not (folder / "config_sentence_transformers.json").is_file():
        return "", ""
    told = _json(folder, "config_sentence_transformers")
    prompts = told.get("prompts") or {}
    if not isinstance(prompts, dict):
        return "", ""
    usual = str(prompts.get(told.get("default_prompt_name") or "", ""))
    query = str(prompts.get("query") or usual)
    passage = str(prompts.get("passage") or prompts.get("document") or usual)
    return query, passage


def _json(folder: Path, name: str) -> Any:
    try:
        return json.loads((folder / f"{name}.json").read_bytes())
    except (OSError, ValueError, RecursionError) as error:
        raise EmbedderUnavailable(
            f"{folder / name}.json of a text model cannot be read: {error}"
        ) from error
