"""How a caption lies in its table: its columns, in and out."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from album.catalogue_rows import now_text
from album.photo import Author, Caption, Provenance, WrittenCaption

CAPTION_COLUMNS = (
    "c.id, c.photo_id, c.text, c.tags, c.read_text, c.captioner, c.model, "
    "c.prompt_version, c.prompt_variant, c.written_at, c.revision, c.quantisation, "
    "c.tokens, c.seconds, c.stale_since"
)
"""What `caption_from_row` takes, of the table `captions c`."""


def insert_caption(
    connection: sqlite3.Connection,
    photo_id: int,
    written: WrittenCaption,
    author: Author,
) -> int:
    """Add the row; the caller chooses the photo's caption again. The new id."""
    how = written.provenance
    cursor = connection.execute(
        "INSERT INTO captions(photo_id, text, tags, read_text, captioner, model, "
        "prompt_version, prompt_variant, written_at, revision, quantisation, tokens, "
        "seconds) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            photo_id,
            written.text,
            json.dumps(written.tags, ensure_ascii=False),
            written.read_text,
            *author_values(author),
            now_text(),
            how.revision,
            how.quantisation,
            how.tokens,
            how.seconds,
        ),
    )
    assert cursor.lastrowid is not None
    return cursor.lastrowid


def author_values(author: Author) -> tuple[str, str, int, str]:
    """The four columns that tell authors apart, in the order of the tables."""
    return (
        author.captioner,
        author.model,
        author.prompt_version,
        author.prompt_variant,
    )


def caption_from_row(row: Sequence[Any]) -> Caption:
    """A Caption from CAPTION_COLUMNS."""
    return Caption(
        id=row[0],
        photo_id=row[1],
        text=row[2],
        tags=listed(row[3]),
        read_text=row[4],
        author=Author(*row[5:9]),
        written_at=datetime.fromisoformat(row[9]),
        provenance=Provenance(*row[10:14]),
        stale=row[14] is not None,
    )


def listed(column: str) -> tuple[str, ...]:
    """The texts of a JSON list. Most are empty, and three of them a photo took a
    sixth of the time that its row did."""
    return () if column == "[]" else tuple(json.loads(column))
