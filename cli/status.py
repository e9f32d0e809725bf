"""`status`: how the album is, told by its files alone, beside whoever serves it."""

from __future__ import annotations

import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from stat import S_ISREG
from typing import Any

from album.captioners.fetch import is_here
from album.catalogue import Catalogue
from cli.captioning_state import authors_in_use, captioning_state, captioning_text
from cli.choosing import with_choices
from cli.reading import shown
from index.freshness import look_at
from index.learning import learnt
from index.text_model import IN_CHARGE, NEXT, OWN, remembered
from settings import Settings

PACKAGES = (
    "gradio", "torch", "transformers", "bitsandbytes", "sentence-transformers",
    "faiss-cpu", "pillow",
)  # fmt: skip


def album_status(settings: Settings) -> dict[str, Any]:
    """The promise of `status --json`, and more."""
    with Catalogue(settings.data, writable=False) as catalogue:
        settings = with_choices(settings, catalogue.facts)
        model = remembered(catalogue.facts, IN_CHARGE) or OWN
        photos = catalogue.photos.counts()
        files = catalogue.files.counts()
        index_file = settings.data / model.index_file
        vectors, fresh = look_at(index_file, catalogue, model)
        return {
            "photos": photos["photos"],
            "captioned": photos["captioned"],
            "embedded": catalogue.vectors.count(model.name),
            "failed": files["failed"]
            + catalogue.queue.count_failed(authors_in_use(settings)),
            "missing": photos["missing"],
            "captioners": catalogue.captions.by_captioner(),
            "index": {
                "vectors": vectors,
                "fresh": fresh,
                "bytes": _size(index_file),
                "embedder": model.name,
            },
            "text_model": _text_model(catalogue),
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
        *_learning_text(state["text_model"]["next"]),
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


def _text_model(catalogue: Catalogue) -> dict[str, Any]:
    """The one that answers, and how far the one is that is to follow it."""
    model = remembered(catalogue.facts, IN_CHARGE) or OWN
    follower = remembered(catalogue.facts, NEXT)
    told: dict[str, Any] = {
        "name": model.shown,
        "built_in": model.built_in,
        "source": model.source,
        "next": None,
    }
    if follower is not None and follower.name != model.name:
        done, total = learnt(catalogue, follower.name)
        told["next"] = {"name": follower.shown, "learnt": done, "total": total}
    return told


def _learning_text(follower: dict[str, Any] | None) -> list[str]:
    if follower is None:
        return []
    done, total = follower["learnt"], follower["total"]
    return [f"Learning   {follower['name']}: {done:,} of {total:,} texts"]


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
