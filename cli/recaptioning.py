"""`recaption`: let captions be written anew, the old ones shown and found meanwhile."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import click

from album.attention import MOST
from album.catalogue import Catalogue
from album.catalogue_staleness import Selected
from album.photo import Photo
from album.selection import Condition
from cli.building import Album, open_album
from cli.indexing import start_fetch, work_off
from settings import Settings

EXAMPLES = 10


@dataclass(frozen=True, slots=True)
class Recaptioned:
    """What `recaption` did, or with `dry_run` would do.

    `captioned` photos show a new caption, `waiting` still show one that is to be
    replaced (also from an earlier time); `captioners` are those of the captions shown
    in the album, with how many; `examples` are the first of a dry run.
    """

    selected: Selected
    captioners: Mapping[str, int]
    dry_run: bool = False
    captioned: int = 0
    waiting: int = 0
    interrupted: bool = False
    failures: tuple[str, ...] = ()
    notice: str | None = None
    examples: tuple[Photo, ...] = field(default=(), repr=False)


def preview(settings: Settings, conditions: Sequence[Condition]) -> Recaptioned:
    """What would be captioned again. Reads only, beside whatever process writes.

    Raises CatalogueMissing when there is no album.
    """
    with Catalogue(settings.data, writable=False) as catalogue:
        ids = catalogue.staleness.first(conditions, EXAMPLES)
        photos = catalogue.photos.many(ids)
        return Recaptioned(
            catalogue.staleness.count(conditions),
            catalogue.captions.by_captioner(),
            dry_run=True,
            waiting=catalogue.staleness.waiting(),
            examples=tuple(photos[key] for key in ids if key in photos),
        )


def recaption(settings: Settings, conditions: Sequence[Condition]) -> Recaptioned:
    """Mark the captions as stale, then caption whatever waits. No folder is scanned.

    Interrupted by Ctrl+C it returns: what is marked stays marked, and any later run
    goes on with it. Raises AlbumError: no album here, or in use by another process.
    """
    Catalogue(settings.data, writable=False).close()  # never begins an empty album
    album = open_album(settings, [])
    try:
        staleness = album.catalogue.staleness
        selected = staleness.mark(conditions)
        before = staleness.waiting()
        # Before whatever else waits; a photo that somebody asked for by its id, say.
        album.indexer.look_at(staleness.first(conditions, MOST))
        interrupted = not _caption(album, selected)
        after = staleness.waiting()
        progress = album.indexer.progress()
        return Recaptioned(
            selected,
            album.catalogue.captions.by_captioner(),
            captioned=before - after,
            waiting=after,
            interrupted=interrupted,
            failures=_failures(album),
            notice=progress.notice or progress.waits,
        )
    finally:
        album.close()


def _caption(album: Album, selected: Selected) -> bool:
    """Whether it came to its end."""
    if not selected.photos:
        return True
    click.echo(_selected_text(selected), err=True)
    try:
        start_fetch(album)
        work_off(album, "Captioning")
    except KeyboardInterrupt:
        return False
    return True


def _failures(album: Album) -> tuple[str, ...]:
    """The photos that could not be captioned, with their reasons."""
    return tuple(
        f"{f.folder}/{f.name}: {f.reason}"
        for f in album.indexer.failures()
        if f.photo_id is not None
    )


def recaptioned_json(done: Recaptioned) -> dict[str, Any]:
    """The promise of `recaption --json`."""
    state: dict[str, Any] = {
        "photos": done.selected.photos,
        "by_person": done.selected.by_person,
        "dry_run": done.dry_run,
        "waiting": done.waiting,
    }
    if done.dry_run:
        return state | {"examples": [_example_json(photo) for photo in done.examples]}
    return state | {
        "captioned": done.captioned,
        "failed": len(done.failures),
        "interrupted": done.interrupted,
    }


def recaptioned_text(done: Recaptioned) -> str:
    """The same for a terminal."""
    selected = _selected_text(done.selected)
    if not done.selected.photos:
        who = ", ".join(f"{n} by {name}" for name, n in done.captioners.items())
        return f"{selected} The captions shown are {who or 'none yet'}."
    if done.dry_run:
        return "\n".join([selected, *map(_example_text, done.examples)])
    lines = [f"Captioned again: {_photos(done.captioned)}."]
    lines += [f"  failed: {failure}" for failure in done.failures]
    if done.waiting:
        lines.append(f"Still with the old caption: {_photos(done.waiting)}.")
    if done.interrupted:
        lines.append("Stopped; the next index, serve or recaption does the rest.")
    elif done.waiting:
        lines.append(
            "They keep it until a captioner as good as its author has looked at them "
            "(see --captioner)."
        )
    return "\n".join(lines + ([done.notice] if done.notice else []))


def _selected_text(selected: Selected) -> str:
    text = f"To be captioned again: {_photos(selected.photos)}"
    if selected.by_person:
        text += f"; left to the person who described them: {selected.by_person:,}"
    return text + "."


def _photos(count: int) -> str:
    return "1 photo" if count == 1 else f"{count:,} photos"


def _example_text(photo: Photo) -> str:
    by, day = "no caption yet", ""
    if photo.caption is not None:
        by = f"{photo.caption.captioner} ({photo.caption.author.model})"
        day = photo.caption.written_at.astimezone().date().isoformat()
    return f"  {photo.id:>6}  {photo.folder}/{photo.name}  {by}  {day}".rstrip()


def _example_json(photo: Photo) -> dict[str, Any]:
    caption = photo.caption
    return {
        "id": photo.id,
        "photo": f"{photo.folder}/{photo.name}",
        "captioner": caption.captioner if caption else "",
        "model": caption.author.model if caption else "",
        "written_at": caption.written_at.isoformat() if caption else None,
    }
