"""Captions as a file to keep: JSON for programs, CSV for spreadsheets."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from typing import Any

from album.photo import Photo
from ui.wire_captions import author_of

_COLUMNS = ("id", "name", "folder", "taken_at", "caption", "author", "tags")
# A spreadsheet takes a cell that begins so for a formula, and file names come from
# anywhere.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def captions_json(photos: Sequence[Photo]) -> bytes:
    """A list with an object for each photo; without a caption, that is null."""
    rows = [_row(photo) for photo in photos]
    return json.dumps(rows, ensure_ascii=False, indent=1).encode() + b"\n"


def captions_csv(photos: Sequence[Photo]) -> bytes:
    """A line for each photo below a line of titles, in UTF-8 with a byte order mark:
    without it, Excel takes it for something else. What would be a formula gets an
    apostrophe in front."""
    text = io.StringIO(newline="")
    lines = csv.writer(text)
    lines.writerow(_COLUMNS)
    for photo in photos:
        row = _row(photo) | {"tags": ", ".join(_row(photo)["tags"])}
        lines.writerow(_cell(row[column]) for column in _COLUMNS)
    return text.getvalue().encode("utf-8-sig")


def _row(photo: Photo) -> dict[str, Any]:
    caption, taken = photo.caption, photo.taken_at
    return {
        "id": photo.id,
        "name": photo.name,
        "folder": photo.folder,
        "taken_at": None if taken is None else taken.isoformat(),
        "caption": None if caption is None else caption.text,
        "author": None if caption is None else author_of(caption),
        "tags": [] if caption is None else list(caption.tags),
    }


def _cell(value: object) -> object:
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    return "" if value is None else value
