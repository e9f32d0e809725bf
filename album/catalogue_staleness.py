"""Captions that a person wants anew: marked as stale, shown until there is another."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice

from album.catalogue_rows import now_text, shown_path
from album.catalogue_store import Store
from album.photo import PERSON
from album.selection import Condition, lies_in, says

# A photo without any caption is among them as long as nothing is asked of its caption.
_PRESENT = (
    "SELECT p.id, c.captioner, c.text, r.path, f.path, f.given_name FROM photos p "
    "LEFT JOIN captions c ON c.id = p.caption_id LEFT JOIN files f ON f.id = p.file_id "
    "LEFT JOIN roots r ON r.id = f.root_id WHERE p.missing = 0"
)
_COLUMNS = {
    "captioner": "c.captioner",
    "model": "c.model",
    "revision": "c.revision",
    "quantisation": "c.quantisation",
    "variant": "c.prompt_variant",
    "prompt": "c.prompt_version",
}
# Only live captions, and not what the file says: that would be written again newer
# than what the classifier sees, and be shown in its place.
_MARK = (
    "UPDATE captions SET stale_since = ? WHERE withdrawn_at IS NULL AND stale_since "
    "IS NULL AND photo_id IN (SELECT value FROM json_each(?)) AND "
)
_BASIC = "captioner = 'basic' AND model <> 'facts'"
_MODELS = "captioner NOT IN ('basic', 'person')"

_Row = tuple[int, str | None, str | None, bytes | None, bytes | None, str | None]


@dataclass(frozen=True, slots=True)
class Selected:
    """How many photos conditions select: those whose captions are (or would be) marked,
    and those left alone because a person wrote the caption shown."""

    photos: int
    by_person: int


class StalenessTable:
    """Marks captions as stale. Who has to redo them is CaptionQueue's."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def count(self, conditions: Sequence[Condition]) -> Selected:
        """What `mark` would do."""
        by_person = others = 0
        for _, captioner in _matching(self._store.reader(), conditions):
            if captioner == PERSON:
                by_person += 1
            else:
                others += 1
        return Selected(others, by_person)

    def first(self, conditions: Sequence[Condition], limit: int) -> list[int]:
        """The newest photos that `mark` would mark."""
        found = _matching(self._store.reader(), conditions)
        return list(islice((key for key, who in found if who != PERSON), limit))

    def mark(self, conditions: Sequence[Condition]) -> Selected:
        """Let the photos present whose shown caption meets all conditions (none: every
        photo) be captioned again, in one transaction.

        Where a basic caption is shown its basic captions become stale, where a model's
        is shown all its models' captions do: else one of another model would still
        count as done. What was given up at these photos is tried afresh.
        """
        by_person = 0
        basic: list[int] = []
        by_model: list[int] = []
        with self._store.write() as connection:
            for key, captioner in _matching(connection, conditions):
                if captioner == PERSON:
                    by_person += 1
                elif captioner in ("basic", None):
                    basic.append(key)
                else:
                    by_model.append(key)
            now = now_text()
            connection.execute(_MARK + _BASIC, (now, json.dumps(basic)))
            connection.execute(_MARK + _MODELS, (now, json.dumps(by_model)))
            connection.execute(
                "DELETE FROM caption_failures WHERE photo_id IN "
                "(SELECT value FROM json_each(?))",
                (json.dumps(basic + by_model),),
            )
        return Selected(len(basic) + len(by_model), by_person)

    def waiting(self) -> int:
        """How many photos present show a caption that is to be replaced."""
        row = self._store.reader().execute(
            "SELECT count(*) FROM photos p JOIN captions c ON c.id = p.caption_id "
            "WHERE p.missing = 0 AND c.stale_since IS NOT NULL"
        )
        return int(row.fetchone()[0])


def _matching(
    connection: sqlite3.Connection, conditions: Sequence[Condition]
) -> Iterator[tuple[int, str | None]]:
    """(photo id, captioner of the caption shown or None), the newest photo first."""
    clauses, values = [""], []
    for condition in conditions:
        clause, given = _clause(condition)
        clauses.append(clause)
        values += given
    rows = connection.execute(
        f"{_PRESENT}{' AND '.join(clauses)} ORDER BY p.sort_at DESC, p.id DESC", values
    )
    checks = [check for c in conditions if (check := _check(c)) is not None]
    return ((row[0], row[1]) for row in rows if all(check(row) for check in checks))


def _clause(condition: Condition) -> tuple[str, list[str | int]]:
    """A condition as SQL with its values; "1" for one that `_check` looks after."""
    key, op, value = condition.key, condition.op, condition.value
    if isinstance(value, tuple):
        column = "p.id" if key == "photo" else "c.prompt_variant COLLATE NOCASE"
        return f"{column} IN (SELECT value FROM json_each(?))", [json.dumps(value)]
    if isinstance(value, date):
        since, until = _midnight(value), _midnight(value + timedelta(days=1))
        if op == "<":
            return "c.written_at < ?", [since]
        if op == ">":
            return "c.written_at >= ?", [until]
        return "c.written_at >= ? AND c.written_at < ?", [since, until]
    if key in _COLUMNS:
        return f"{_COLUMNS[key]} {op} ?", [value]
    return "1", []


def _check(condition: Condition) -> Callable[[_Row], bool] | None:
    """What SQL cannot say: letters beyond ASCII in either case, and names of folders
    as people see them, in which % and _ are letters like any other."""
    value = condition.value
    if condition.key == "text" and isinstance(value, str):
        contained = says(value)
        return lambda row: row[2] is not None and contained(row[2])
    if condition.key == "folder" and isinstance(value, str):
        inside = lies_in(value)
        return lambda row: (
            row[3] is not None
            and row[4] is not None
            and inside(shown_path(row[3], row[4], row[5])[0])
        )
    return None


def _midnight(day: date) -> str:
    """Where a day of this machine's time zone begins, as captions keep times: UTC."""
    return datetime.combine(day, time.min).astimezone(UTC).isoformat()
