"""`feedback`: the photos that a person took out of searches, and their return."""

from __future__ import annotations

from typing import Any

from album.catalogue import Catalogue
from cli.reading import shown
from index.feedback import Feedback, key_of
from settings import Settings


def list_feedback(settings: Settings, query: str | None) -> dict[str, Any]:
    """The promise of `feedback --json`: how many photos, and which of which search."""
    with Catalogue(settings.data, writable=False) as catalogue:
        searches = []
        for one in Feedback(catalogue).all():
            if query is not None and key_of(query) != key_of(one.query):
                continue
            photos = catalogue.photos.many(one.photo_ids)
            known = [photos[key] for key in one.photo_ids if key in photos]
            listed = [{"id": photo.id, "path": shown(photo.path)} for photo in known]
            searches.append({"query": one.query, "photos": listed})
    count = sum(len(search["photos"]) for search in searches)
    return {"photos": count, "searches": searches}


def reset_feedback(settings: Settings, query: str | None) -> dict[str, Any]:
    """Let searches find them again: `taken_back` says how many photos those are.

    Raises CatalogueBusy while another process serves or indexes the album, and
    CatalogueMissing where there is none.
    """
    Catalogue(settings.data, writable=False).close()  # a wrong folder is not made one
    with Catalogue(settings.data) as catalogue:
        return {"taken_back": Feedback(catalogue).reset(query)}


def feedback_text(done: dict[str, Any]) -> str:
    """Either of them for a terminal."""
    if "taken_back" in done:
        count = done["taken_back"]
        if not count:
            return "Nothing was taken out."
        return f"{count} {'photo is' if count == 1 else 'photos are'} found again."
    lines = []
    for search in done["searches"]:
        lines.append(f"“{search['query']}” leaves out:")
        lines += [f"      {photo['path']}" for photo in search["photos"]]
    return "\n".join(lines) or "Nothing was taken out of any search."
