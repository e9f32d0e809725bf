"""How photos travel to the browser: plain dictionaries, and one compact binary form."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime
from typing import Any

import numpy as np

from album.catalogue_albums import Collection
from album.photo import Photo
from album.positions import Positions
from album.timeline import Timeline
from index.found import Found, Hit, Order
from ui.needs import FailedFile
from ui.wire_captions import author_of, caption_card, name_of

VERSION_CHARS = 12
"""Of the content hash, in hex: 48 bits. It only has to tell two albums that were served
on the same port apart, so that the browser never shows one's thumbnail in the other."""

_MAX_RATIO = 65.535  # a uint16 of thousandths; the layout bounds it much further
_SOURCES = {
    "text": "text in the picture",
    "date": "date",
    "place": "place",
    "same": "this very picture",
}
_MAX_FAILURES = 500  # shown in one list; the count is always exact


def version_of(photo: Photo) -> str:
    """Part of every picture's address; a changed picture has another."""
    return photo.content_hash[:VERSION_CHARS]


def pack_timeline(timeline: Timeline) -> bytes:
    """The whole timeline as one body: 10 bytes a photo, 1 MB for 100,000.

    uint32 length of the head; the head, JSON padded with spaces to a multiple of four,
    {"count", "sections": [[year, month, count], …]}; then `count` uint32 photo ids,
    `count` uint32 colours 0xRRGGBB, `count` uint16 ratios in thousandths of
    width / height. All little-endian: typed arrays in the browser read it in place.
    """
    sections = [[s.year, s.month, s.count] for s in timeline.sections]
    head = json.dumps({"count": len(timeline.ids), "sections": sections}).encode()
    head += b" " * (-len(head) % 4)
    thousandths = np.rint(np.clip(timeline.ratios, 0.001, _MAX_RATIO) * 1000)
    return b"".join(
        (
            len(head).to_bytes(4, "little"),
            head,
            timeline.ids.astype("<u4").tobytes(),
            timeline.colours.astype("<u4").tobytes(),
            thousandths.astype("<u2").tobytes(),
        )
    )


def pack_positions(positions: Positions) -> bytes:
    """Every position as one body: 12 bytes a photo, 1.2 MB for 100,000.

    uint32 count; then `count` uint32 photo ids, `count` float32 latitudes and `count`
    float32 longitudes in degrees, newest first. All little-endian.
    """
    return b"".join(
        (
            len(positions.ids).to_bytes(4, "little"),
            positions.ids.astype("<u4").tobytes(),
            positions.latitudes.astype("<f4").tobytes(),
            positions.longitudes.astype("<f4").tobytes(),
        )
    )


def cell(photo: Photo) -> dict[str, Any]:
    """What a thumbnail in the grid needs beyond its place: address and description."""
    return {
        "id": photo.id,
        "version": version_of(photo),
        "caption": photo.caption.text if photo.caption else photo.name,
        "favourite": photo.favourite_since is not None,
        "place": photo.place,
    }


def album_card(album: Collection) -> dict[str, Any]:
    """An album. A smart one has a `query`, and nobody counts its photos here."""
    return {
        "id": album.id,
        "name": album.name,
        "smart": album.smart,
        "query": album.query,
        "photos": None if album.smart else album.photos,
        "created_at": _iso(album.created_at),
    }


def removed_card(photo: Photo) -> dict[str, Any]:
    """A photo that a person took out, and when."""
    return cell(photo) | {
        "name": photo.name,
        "ratio": photo.width / max(photo.height, 1),
        "colour": photo.colour,
        "removed_at": _iso(photo.removed_at),
    }


def photo_card(photo: Photo) -> dict[str, Any]:
    """Everything the photo view shows. Never a path of the disk above the library."""
    return {
        "id": photo.id,
        "version": version_of(photo),
        "name": photo.name,
        "folder": photo.folder,
        "size_bytes": photo.size_bytes,
        "format": photo.format,
        "width": photo.width,
        "height": photo.height,
        "colour": photo.colour,
        "taken_at": _iso(photo.taken_at),
        "sort_at": _iso(photo.sort_at),
        "added_at": _iso(photo.added_at),
        "camera": photo.camera,
        "lens": photo.lens,
        "latitude": photo.latitude,
        "longitude": photo.longitude,
        "place": photo.place,
        "description": photo.description,
        "keywords": list(photo.keywords),
        "missing": photo.missing,
        "favourite": photo.favourite_since is not None,
        "caption": caption_card(photo.caption) if photo.caption else None,
    }


def found_card(found: Found, order: Order, *, weak: bool) -> dict[str, Any]:
    """The answer to a query: how it was understood, and what was found for it.

    `start` and `end` of chips count in `query`, `marks` in their hit's reason; both in
    characters as Python has them (Unicode code points), not in JavaScript's half ones.
    """
    asked = found.asked
    return {
        "view": "search",
        "query": found.query if asked is None else asked.query,
        "order": order,
        "weak": weak,
        "total": found.total,
        "weaker": found.weaker,
        "rejected": found.rejected,
        "chips": [asdict(chip) for chip in asked.chips] if asked else [],
        "hits": [hit_card(hit) for hit in found.hits],
    }


def hit_card(hit: Hit) -> dict[str, Any]:
    """One search result: its cell, its shape, and the reason it was found."""
    photo = hit.photo
    return cell(photo) | {
        "ratio": photo.width / max(photo.height, 1),
        "colour": photo.colour,
        "score": round(float(hit.score), 4),
        "strength": hit.strength,
        "reason": hit.reason,
        "marks": [list(mark) for mark in hit.marks],
        "source": source_of(hit),
    }


def source_of(hit: Hit) -> str:
    """Where a reason comes from, in two or three words."""
    caption = hit.photo.caption
    if hit.source == "caption" and caption is not None:
        return author_of(caption)
    return _SOURCES.get(hit.source, "file name")


def failures_card(failures: list[FailedFile]) -> dict[str, Any]:
    """What could not be read or captioned, with the reasons.

    `by` is whoever could not caption it, or None where the file could not be read;
    `photo_id` is None in the same case: there is no photo yet.
    """
    return {
        "total": len(failures),
        "files": [
            {
                "name": failure.name,
                "folder": failure.folder,
                "reason": failure.reason,
                "attempts": failure.attempts,
                "photo_id": failure.photo_id,
                "by": name_of(failure.captioner) if failure.captioner else None,
            }
            for failure in failures[:_MAX_FAILURES]
        ],
    }


def _iso(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()
