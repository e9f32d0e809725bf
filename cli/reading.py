"""`search`: it only reads, beside whatever process serves the album."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from album.catalogue import Catalogue
from album.photo import Photo
from cli.choosing import with_choices
from cli.exemplars import photo_named, picture_described
from cli.scope import Scope
from cli.searching import build_search, text_models
from index.exemplar import Like
from index.found import Found, Order
from index.search import Search
from index.sync import Sync
from index.text_model import IN_CHARGE, TextModel, answering_model, remembered
from settings import Settings


def search_album(
    settings: Settings,
    query: str,
    limit: int,
    *,
    order: Order = "relevance",
    weak: bool = False,
    scope: Scope | None = None,
) -> dict[str, Any]:
    """The promise of `search --json`: query, total and hits, best first."""
    scope = scope or Scope()
    with Catalogue(settings.data, writable=False) as catalogue:
        settings = with_choices(settings, catalogue.facts)
        like, described = _like(settings, catalogue, scope)

        def find(search: Search) -> Found:
            return search.find(
                query, limit, order=order, weak=weak, like=like, folder=scope.folder,
                counted=True,
            )  # fmt: skip

        model, found = _found(settings, catalogue, find)
    told = {} if model.built_in else {"text_model": model.shown}
    return told | {
        "query": found.query,
        "described": described,
        "total": found.total,
        "at_least": found.at_least,
        "weaker": found.weaker,
        "understood": [
            {"kind": chip.kind, "label": chip.label}
            for chip in (found.asked.chips if found.asked else ())
        ],
        "hits": [
            {
                "id": hit.photo.id,
                "path": shown(hit.photo.path),
                "score": round(hit.score, 4),
                "caption": hit.photo.caption.text if hit.photo.caption else "",
                "captioner": hit.photo.caption.captioner if hit.photo.caption else "",
                "taken_at": taken_text(hit.photo),
                "reason": hit.reason,
                "strength": hit.strength,
                "source": hit.source,
            }
            for hit in found.hits
        ],
    }


def _like(
    settings: Settings, catalogue: Catalogue, scope: Scope
) -> tuple[Like | None, dict[str, Any] | None]:
    """What photos shall be like, and for people who described that, and how."""
    if scope.picture is not None:
        said = picture_described(settings, catalogue, scope.picture)
        photo_id = said.photo.id if said.photo else None
        like = Like(said.text, said.tags, photo_id, same=photo_id is not None)
        by = said.author.captioner
        return like, {"text": said.text, "by": by, "id": photo_id}
    if scope.like is not None:
        photo = photo_named(catalogue, scope.like)
        like = Like.of(photo)
        by = photo.caption.captioner if photo.caption else ""
        return like, {"text": like.text, "by": by, "id": photo.id}
    return None, None


def _found(
    settings: Settings, catalogue: Catalogue, find: Callable[[Search], Found]
) -> tuple[TextModel, Found]:
    """What the text model in charge finds. Where another one takes over meanwhile, it
    is asked instead: the old one's vectors may be half deleted by then."""
    models = text_models(settings)
    while True:
        charge = remembered(catalogue.facts, IN_CHARGE)
        model, embedder = answering_model(catalogue, models)
        path = settings.data / model.index_file
        sync = Sync(catalogue, embedder, path, read_only=True)
        sync.open()
        found = find(build_search(settings, catalogue, embedder, sync))
        if remembered(catalogue.facts, IN_CHARGE) == charge:
            return model, found


def shown(path: Path) -> str:
    """A path as text that can be printed: bytes that are not UTF-8 as \\xNN."""
    return (
        str(path).encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    )


def taken_text(photo: Photo) -> str | None:
    """ISO 8601, with the offset when the file says its zone; None when unknown."""
    return None if photo.taken_at is None else photo.taken_at.isoformat()


def found_text(found: dict[str, Any]) -> str:
    """The hits for a terminal."""
    lines = []
    if "text_model" in found:
        lines.append(f"Text model: {found['text_model']}.")
    if found["understood"]:
        labels = ", ".join(chip["label"] for chip in found["understood"])
        lines.append(f"Understood: {labels}.")
    described = found["described"]
    if described:
        lines.append(f"Like: “{described['text']}” [{described['by']} caption]")
    weaker = (
        f" {found['weaker']} are weakly like it: add --weak." if found["weaker"] else ""
    )
    asked = f" “{found['query']}”" if found["query"] else ""
    if found["total"]:
        most = "At least " if found["at_least"] else ""
        lines.append(f"{most}{found['total']} photos match{asked}.")
    else:
        lines.append(f"Nothing in this album matches{asked or ' that'}.{weaker}")
    for hit in found["hits"]:
        lines.append(f"{hit['score']:.2f}  {hit['path']}")
        lines.append(f"      {hit['reason']}  [{hit['captioner']} caption]")
    return "\n".join(lines)
