"""`status`: how the album is, told by its files alone, beside whoever serves it."""

from __future__ import annotations

import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from stat import S_ISREG
from typing import Any

from album.captioners.fetch import is_here
from album.catalogue import Catalogue
from cli.building import INDEX_FILE
from cli.captioning_state import authors_in_use, captioning_state, captioning_text
from cli.reading import shown
from index.embedder import MiniLMEmbedder
from index.freshness import look_at
from settings import Settings

PACKAGES = (
    "gradio", "torch", "transformers", "bitsandbytes", "sentence-transformers",
    "faiss-cpu", "pillow",
)  # fmt: skip


def album_status(settings: Settings) -> dict[str, Any]:
    """The promise of `status --json`, and more."""
    with Catalogue(settings.data, writable=False) as catalogue:
        embedder = MiniLMEmbedder()
        photos = catalogue.photos.counts()
        files = catalogue.files.counts()
        index_file = settings.data / INDEX_FILE
        vectors, fresh = look_at(index_file, catalogue, embedder)
        return {
            "photos": photos["photos"],
            "captioned": photos["captioned"],
            "embedded": catalogue.vectors.count(embedder.name),
            "failed": files["failed"]
            + catalogue.queue.count_failed(authors_in_use(settings)),
            "missing": photos["missing"],
            "captioners": catalogue.captions.by_captioner(),
            "index": {
                "vectors": vectors,
                "fresh": fresh,
                "bytes": _size(index_file),
                "embedder": embedder.name,
            },
            "files": files,
            "roots": _roots(catalogue),
            "disk": _disk(settings.data),
            "models": catalogue.captions.by_model(),
            "captioning": captioning_state(settings, catalogue),
            "qwen": {
                "model": settings.qwen_model,
                "here": is_here(settings.qwen_model, settings.data / "models"),
            },
            "versions": _versions(),
        }


def status_text(state: dict[str, Any]) -> str:
    """The status for a terminal."""
    files, index, disk = state["files"], state["index"], state["disk"]
    megabytes = {name: size / 1e6 for name, size in disk.items() if name != "data"}
    who = ", ".join(f"{n} by {name}" for name, n in state["captioners"].items())
    models = ", ".join(f"{n} by {name}" for name, n in state["models"].items())
    lines = [
        f"Album      {disk['data']}",
        f"Photos     {state['photos']} ({state['missing']} missing)",
        f"Files      {files['read']} read, {files['found']} waiting, "
        f"{files['failed']} failed, {files['missing']} missing",
        f"Captions   {state['captioned']}: {who or 'none yet'}",
        f"Models     {models or 'none yet'}",
        f"Qwen       {state['qwen']['model']} is "
        + ("here" if state["qwen"]["here"] else "not here: basic captions only; pass "
           "its folder with --qwen-model, or let `serve` fetch it"),
        f"Captioning {captioning_text(state['captioning'])}",
        f"Embedded   {state['embedded']} by {index['embedder']}",
        f"Index      {index['vectors']} vectors, "
        + ("up to date" if index["fresh"] else "to be brought up to date"),
        "Disk       " + ", ".join(
            f"{name.removesuffix('_bytes')} {size:.1f} MB"
            for name, size in megabytes.items()
        ),
    ]  # fmt: skip
    for root in state["roots"]:
        lines.append(f"Folder     {root['path']}{' (offline)' * root['offline']}")
    lines.append(
        "Versions   " + ", ".join(f"{n} {v}" for n, v in state["versions"].items())
    )
    return "\n".join(lines)


def _roots(catalogue: Catalogue) -> list[dict[str, Any]]:
    return [
        {"path": shown(r.path), "kind": r.kind, "offline": bool(r.offline_since)}
        for r in catalogue.roots.all()
    ]


def _disk(data: Path) -> dict[str, Any]:
    return {
        "data": shown(data),
        "catalogue_bytes": _size(data / "catalogue.sqlite"),
        "thumbnail_bytes": _tree_size(data / "thumbnails"),
        "upload_bytes": _tree_size(data / "uploads"),
    }


def _versions() -> dict[str, str]:
    versions = {"python": platform.python_version()}
    for name in PACKAGES:
        try:
            versions[name] = version(name)
        except PackageNotFoundError:
            versions[name] = "not installed"
    return versions


def _size(path: Path) -> int:
    try:
        stat = path.stat()
    except FileNotFoundError:
        return 0
    return stat.st_size if S_ISREG(stat.st_mode) else 0


def _tree_size(folder: Path) -> int:
    """Bytes below a folder; a file that goes meanwhile counts as nothing."""
    return sum(map(_size, folder.rglob("*")))
