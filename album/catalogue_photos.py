"""The photos: one row for each different content."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from album.catalogue_caption_rows import (
    CAPTION_COLUMNS,
    caption_from_row,
    listed,
)
from album.catalogue_rows import (
    moment,
    now_text,
    refresh_photos,
    shown_path,
    withdraw_basic_if_shown,
)
from album.catalogue_store import Store
from album.photo import Photo, Reading

_COLUMNS = (
    "p.id, p.content_hash, r.path, f.path, f.given_name, p.size_bytes, p.format, "
    "p.width, p.height, p.orientation, p.taken_at, p.sort_at, p.added_at, p.camera, "
    "p.lens, p.latitude, p.longitude, p.place, p.description, p.keywords, p.colour, "
    "p.colours, p.brightness, p.missing, p.favourite_since, p.removed_at, "
    f"{CAPTION_COLUMNS}"
)
_FROM = (
    "FROM photos p LEFT JOIN files f ON f.id = p.file_id "
    "LEFT JOIN roots r ON r.id = f.root_id "
    "LEFT JOIN captions c ON c.id = p.caption_id "
)
# SQLite's oldest limit on the variables of one statement (before 3.32) is 999.
_MANY = 900


Link = Literal["moved", "same", "duplicate"]


class PhotoTable:
    """Photos, and their arrival."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def one(self, photo_id: int) -> Photo | None:
        """The photo with this id, or None."""
        return self.many([photo_id]).get(photo_id)

    def many(self, photo_ids: Sequence[int]) -> dict[int, Photo]:
        """The photos with these ids, by id; unknown ids are left out."""
        photos: dict[int, Photo] = {}
        for start in range(0, len(photo_ids), _MANY):
            part = [int(key) for key in photo_ids[start : start + _MANY]]
            marks = ",".join("?" * len(part))
            rows = self._store.reader().execute(
                f"SELECT {_COLUMNS} {_FROM} WHERE p.id IN ({marks})", part
            )
            photos.update((row[0], _photo_from_row(row)) for row in rows)
        return photos

    def sort_keys(self, photo_ids: Sequence[int]) -> dict[int, str]:
        """When each photo was taken, as text that sorts as the times do, by id; unknown
        ids are left out. A tenth of what the whole photos cost."""
        keys: dict[int, str] = {}
        for start in range(0, len(photo_ids), _MANY):
            part = [int(key) for key in photo_ids[start : start + _MANY]]
            marks = ",".join("?" * len(part))
            keys.update(
                self._store.reader().execute(
                    f"SELECT id, sort_at FROM photos WHERE id IN ({marks})", part
                )
            )
        return keys

    def id_of(self, content_hash: str) -> int | None:
        """The photo with this content, or None."""
        row = self._store.reader().execute(
            "SELECT id FROM photos WHERE content_hash = ?", (content_hash,)
        )
        found = row.fetchone()
        return None if found is None else int(found[0])

    def ids_of(self, content_hashes: Sequence[str]) -> dict[str, int]:
        """The photos with these contents, by content; unknown ones are left out."""
        ids: dict[str, int] = {}
        for start in range(0, len(content_hashes), _MANY):
            part = list(content_hashes[start : start + _MANY])
            marks = ",".join("?" * len(part))
            ids.update(
                self._store.reader().execute(
                    "SELECT content_hash, id FROM photos "
                    f"WHERE content_hash IN ({marks})",
                    part,
                )
            )
        return ids

    def add(
        self,
        file_id: int,
        content_hash: str,
        size_bytes: int,
        reading: Reading,
        sort_at: datetime,
    ) -> int:
        """A new photo from the file it was read from; its id.

        If another file brought the same content meanwhile, that photo is used.
        """
        with self._store.write() as connection:
            connection.execute(
                "INSERT INTO photos(content_hash, size_bytes, format, width, height, "
                "orientation, taken_at, sort_at, added_at, camera, lens, latitude, "
                "longitude, place, description, keywords, colour, colours, brightness) "
                "VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?) "
                "ON CONFLICT(content_hash) DO NOTHING",
                _reading_values(content_hash, size_bytes, reading, sort_at),
            )
            photo_id: int = connection.execute(
                "SELECT id FROM photos WHERE content_hash = ?", (content_hash,)
            ).fetchone()[0]
            _link(connection, file_id, photo_id)
        return photo_id

    def link(self, file_id: int, photo_id: int) -> Link:
        """The file holds this photo, which was known before; how they came together.

        "moved": the photo was missing and is here again under another path. The rows of
        the old paths go; everything said of the photo stays with it. "same": the file
        held it before. "duplicate": the photo lies under another path as well.
        """
        with self._store.write() as connection:
            return _link(connection, file_id, photo_id)

    def timeline_rows(self) -> Iterator[tuple[int, int, int, int, str]]:
        """(id, width, height, colour, sort_at) of every photo present, newest first."""
        return self._store.reader().execute(
            "SELECT id, width, height, colour, sort_at FROM photos WHERE missing = 0 "
            "ORDER BY sort_at DESC, id DESC"
        )

    def counts(self) -> dict[str, int]:
        """`photos`, of them `missing`, and `captioned`. A photo whose file now holds
        another picture counts in none of them; it returns with its content. Nor does
        one that a person took out."""
        row = self._store.reader().execute(
            "SELECT count(*), coalesce(sum(missing), 0), count(caption_id) FROM photos "
            "WHERE file_id IS NOT NULL AND removed_at IS NULL"
        )
        photos, missing, captioned = row.fetchone()
        return {"photos": photos, "missing": missing, "captioned": captioned}

    def present_captioned(self) -> int:
        """Photos that are there and have a caption."""
        row = self._store.reader().execute(
            "SELECT count(*) FROM photos WHERE file_id IS NOT NULL AND missing = 0 "
            "AND caption_id IS NOT NULL"
        )
        return int(row.fetchone()[0])


def _link(connection: sqlite3.Connection, file_id: int, photo_id: int) -> Link:
    before = connection.execute(
        "SELECT photo_id FROM files WHERE id = ?", (file_id,)
    ).fetchone()[0]
    old_name = _shown_of(connection, photo_id)
    moved = connection.execute(
        "DELETE FROM files WHERE photo_id = ? AND id <> ? "
        "AND missing_since IS NOT NULL",
        (photo_id, file_id),
    ).rowcount
    connection.execute(
        "UPDATE files SET photo_id = ?, state = 'read', attempts = 0, reason = NULL "
        "WHERE id = ?",
        (photo_id, file_id),
    )
    refresh_photos(connection, {photo_id} | ({before} if before else set()))
    if moved and _shown_of(connection, photo_id) != old_name:
        withdraw_basic_if_shown(connection, photo_id)
    if before == photo_id:
        return "same"
    return "moved" if moved else "duplicate"


def _shown_of(connection: sqlite3.Connection, photo_id: int) -> tuple[str, str] | None:
    """(folder, name) under which the photo is shown."""
    row = connection.execute(
        "SELECT r.path, f.path, f.given_name FROM photos p JOIN files f "
        "ON f.id = p.file_id JOIN roots r ON r.id = f.root_id WHERE p.id = ?",
        (photo_id,),
    ).fetchone()
    return None if row is None else shown_path(*row)


def _reading_values(
    content_hash: str, size_bytes: int, reading: Reading, sort_at: datetime
) -> tuple[Any, ...]:
    taken = None if reading.taken_at is None else reading.taken_at.isoformat()
    return (
        content_hash, size_bytes, reading.format, reading.width, reading.height,
        reading.orientation, taken, sort_at.replace(tzinfo=None).isoformat(),
        now_text(), reading.camera, reading.lens, reading.latitude, reading.longitude,
        reading.place, reading.description, json.dumps(reading.keywords),
        reading.colour, json.dumps(reading.colours), reading.brightness,
    )  # fmt: skip


def _photo_from_row(row: Sequence[Any]) -> Photo:
    (key, content_hash, root, path, given, size, form, width, height, orientation,
     taken, sort_at, added, camera, lens, latitude, longitude, place, description,
     keywords, colour, colours, brightness, missing, favourite, removed,
    ) = row[:26]  # fmt: skip
    folder, name = ("", "") if path is None else shown_path(root, path, given)
    return Photo(
        id=key,
        content_hash=content_hash,
        path=Path() if path is None else Path(os.fsdecode(os.path.join(root, path))),
        folder=folder,
        name=name,
        size_bytes=size,
        format=form,
        width=width,
        height=height,
        orientation=orientation,
        taken_at=moment(taken),
        sort_at=datetime.fromisoformat(sort_at),
        added_at=datetime.fromisoformat(added).astimezone(UTC),
        camera=camera,
        lens=lens,
        latitude=latitude,
        longitude=longitude,
        place=place,
        description=description,
        keywords=listed(keywords),
        colour=colour,
        colours=listed(colours),
        brightness=brightness,
        missing=bool(missing),
        caption=None if row[26] is None else caption_from_row(row[26:]),
        favourite_since=moment(favourite),
        removed_at=moment(removed),
    )
