"""Which photos show whose caption, as a condition on the table of photos."""

from __future__ import annotations

from collections.abc import Sequence

from album.catalogue_queue import MAX_ATTEMPTS
from album.photo import BASIC, PERSON

A_MODEL = "a model"
"""Any model, but not the basic captioner."""
NOT_YET = "not yet"
"""Neither a person nor a model has captioned it: a basic caption, or none."""
FAILED = "failed"
"""A captioner has given it up."""

# The index holds all that is asked: with the captions themselves, 100,000 photos took
# three times as long.
_SHOWN = (
    "EXISTS (SELECT 1 FROM captions c INDEXED BY captions_live WHERE c.photo_id = "
    "photos.id AND c.withdrawn_at IS NULL AND c.id = photos.caption_id AND {0})"
)
_BY_ONE = _SHOWN.format("c.captioner = ?")
_BY_A_MODEL = _SHOWN.format("c.captioner NOT IN (?, ?)")
_BY_NAME = _SHOWN.format(
    "c.captioner <> ? AND (c.captioner = ? COLLATE NOCASE OR c.model = ? COLLATE "
    r"NOCASE OR replace(c.model, '\', '/') LIKE ? ESCAPE '!')"
)
_FAILED = (
    "id IN (SELECT photo_id FROM caption_failures WHERE attempts >= "
    f"{int(MAX_ATTEMPTS)})"
)


def captioned_by(who: Sequence[str]) -> tuple[str, list[str]] | None:
    """That one of these holds: "person", "basic", one of the words above, or the name
    of a captioner or model, whole or its last part, in any case. None: nothing asked.
    """
    if not who:
        return None
    clauses, values = [], []
    for each in who:
        clause, given = _one(each)
        clauses.append(clause)
        values += given
    return f"({' OR '.join(clauses)})", values


def _one(who: str) -> tuple[str, list[str]]:
    if who in (PERSON, BASIC):
        return _BY_ONE, [who]
    if who == A_MODEL:
        return _BY_A_MODEL, [PERSON, BASIC]
    if who == NOT_YET:
        return f"NOT {_SHOWN.format('c.captioner <> ?')}", [BASIC]
    if who == FAILED:
        return _FAILED, []
    plain = who.replace("!", "!!").replace("%", "!%").replace("_", "!_")
    return _BY_NAME, [BASIC, who, who, f"%/{plain}"]
