"""`removed`: the photos that a person took out of the album, and their return."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from album.catalogue import Catalogue
from cli.reading import shown
from settings import Settings


def list_removed(settings: Settings) -> dict[str, Any]:
    """The promise of `removed --json`: each photo with its file, the latest first."""
    with Catalogue(settings.data, writable=False) as catalogue:
        rows = catalogue.removals.all(catalogue.removals.count())
        photos = catalogue.photos.many([row.photo_id for row in rows])
        return {
            "photos": [
                {
                    "id": row.photo_id,
                    "path": shown(photos[row.photo_id].path),
                    "removed_at": row.removed_at.isoformat(),
                }
                for row in rows
            ]
        }


def restore(settings: Settings, photo_ids: Sequence[int]) -> dict[str, Any]:
    """Bring photos back: `restored` are those that had been out.

    Raises CatalogueBusy while another process serves or indexes the album, and
    CatalogueMissing where there is none.
    """
    Catalogue(settings.data, writable=False).close()  # a wrong folder is not made one
    with Catalogue(settings.data) as catalogue:
        return {"restored": catalogue.removals.restore(photo_ids)}


def removed_text(done: dict[str, Any]) -> str:
    """Either of them for a terminal."""
    if "restored" in done:
        count = len(done["restored"])
        if not count:
            return "No such photo had been taken out."
        return f"{count} {'photo is' if count == 1 else 'photos are'} back."
    lines = [f"{photo['id']:>8}  {photo['path']}" for photo in done["photos"]]
    return "\n".join(lines) or "No photo was taken out of the album."
