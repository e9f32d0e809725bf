"""Places, cameras, folders and albums that a query names.

Only values of the album's `Vocabulary` count. A town of several words is always meant,
"Turkey", "Nice" and "Reading" only behind a preposition or where they stand alone, and
"Beach" only behind "in" or "from". "Canon" is the camera in "shot on the Canon", "Canon
photos" or alone, not in "girl with a Canon"; folders and albums are called so: "album
Holiday".
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Literal

from index.query.names import Named, Table, all_named, named_at, plain_words
from index.query.text import (
    BEGIN,
    Part,
    Text,
    Values,
    closed_left,
    closed_right,
    last_said,
)
from index.query.words import (
    CAMERA_WORDS,
    EVERYDAY_BRANDS,
    EVERYDAY_PLACES,
    NEVER_ALONE,
    NO_PLACE_AFTER,
    NO_PLACE_BEFORE,
    TIMES,
)

_ValueKind = Literal["place", "camera", "folder", "album"]
_PLACE_LEAD = re.compile(
    r"(?:\b(?P<taken>taken |shot |made |photographed |somewhere |while |when )?"
    r"(?P<lead>in|from|near|at|around|to|outside|across|through|visiting|of|on|inside|"
    r"within|between|over)(?P<the> the)? )\Z"
)
_OF = re.compile(r"([a-z]+) of (?:the )?\Z")
_CAMERA_LEAD = re.compile(
    r"\b(?P<verb>(?:shot|taken|made|captured|photographed|snapped|filmed|recorded) )?"
    r"(?P<lead>on|with|by|from|using|via)(?P<whose> (?:the|my|our|an?|his|her))? \Z"
)
_CAMERA_TAIL = re.compile(
    r" (?:camera|photos?|pictures?|pics|images|shots|photographs)\b(?: of\b)?"
)
_FOLDER = re.compile(
    rf"{BEGIN}(?:(?:in|from|inside|within|under) )?(?:(?:the|my|our) )?"
    r"(?P<word>folder|album|directory)(?: (?:called|named))?[ :]+\"?(?=[\w])"
)
_FOLDER_BEHIND = re.compile(r"\"? (?P<word>folder|album|directory)(?![\w'-])")
_FOLDER_LEAD = re.compile(
    r"\b(?:(?:in|from|inside|within|under) (?:(?:the|my|our) )?|(?:my|our) |"
    # "Without the Scans folder": the denial itself is find_unwanted's.
    r"(?:(?<=without )|(?<=except )|(?<=except for )|(?<=exclude )|(?<=excluding )|"
    r"(?<=minus )|(?<=not )|(?<=no ))(?:the )?)\"?\Z"
)
_DENIED = re.compile(
    r"(?:\b(?:not|no|without|except(?: for)?|exclud(?:e|ing)|minus) "
    r"(?:(?:the|my|our) )?|(?P<dash>(?<![\w-])-))\Z"
)


def find_folders(text: Text, table: Table) -> None:
    """Claim "in folder Holiday", "album: Holiday 2019", "in my Holiday album"."""
    _find_called(text, "folder", table)


def find_albums(text: Text, table: Table) -> None:
    """Claim "in album Norway trip", 'album:"Norway trip"', "my Norway trip album". Who
    says folder or directory means one."""
    _find_called(text, "album", table)


def _find_called(text: Text, kind: Literal["folder", "album"], table: Table) -> None:
    for match in _FOLDER.finditer(text.plain):
        found = named_at(text.plain, table, match.end())
        if found is not None and (kind == "folder" or match["word"] == kind):
            end = found.end + text.plain.startswith('"', found.end)
            _claim(text, kind, match.start(), end, found)
    for found in all_named(text.plain, table):
        behind = _FOLDER_BEHIND.match(text.plain, found.end)
        lead = _FOLDER_LEAD.search(text.plain[: found.start])
        if behind and lead and (kind == "folder" or behind["word"] == kind):
            _claim(text, kind, lead.start(), behind.end(), found)


def find_cameras(text: Text, table: Table) -> None:
    """Claim "shot on the Canon", "iPhone 12", "Canon photos"."""
    for found in all_named(text.plain, table):
        lead = _CAMERA_LEAD.search(text.plain[: found.start])
        tail = _CAMERA_TAIL.match(text.plain, found.end)
        if not _is_camera(text.plain, found, lead, tail):
            continue
        count = len(found.words)
        exact = frozenset(
            value
            for value in found.values
            if plain_words(value)[-count:] == found.words
        )
        if exact and any(word[-1].isdecimal() for word in found.words):
            found = replace(found, values=exact)  # "iPhone 12" is not the iPhone 12 Pro
        start = lead.start() if lead else found.start
        _claim(text, "camera", start, tail.end() if tail else found.end, found)


def find_places(text: Text, table: Table, *, several_words: bool) -> None:
    """Claim places whose names have several words, which hardly mean anything else;
    or those of one word, once dates are claimed."""
    for found in all_named(text.plain, table):
        if (len(found.words) > 1) is not several_words:
            continue
        lead = _PLACE_LEAD.search(text.plain[: found.start])
        if _is_place(text.plain, found, lead):
            start = lead.start() if lead else found.start
            _claim(text, "place", start, found.end, found)


def _claim(text: Text, kind: _ValueKind, start: int, end: int, found: Named) -> None:
    text.claim(Part(start, end, kind, found.name, Values(kind, found.values)))


def _is_place(plain: str, found: Named, lead: re.Match[str] | None) -> bool:
    start, end, words = found.start, found.end, found.words
    after = re.match(r" ([a-z]+)", plain[end:])
    if after and after[1] in NO_PLACE_BEFORE:
        return False  # "Portugal flag"
    of = _OF.search(plain[:start])
    if of and of[1] in NO_PLACE_AFTER:
        return False  # "map of Portugal"
    name = " ".join(words)
    if name in TIMES:
        return False
    if len(words) > 1 or name not in EVERYDAY_PLACES | NEVER_ALONE:
        return plain[end : end + 2] != "'s"
    alone = closed_left(plain, start) and last_said(plain, end)
    if lead and not lead["the"] and lead["lead"] in ("in", "from", "near", "to", "at"):
        return closed_right(plain, end)
    return alone and name not in NEVER_ALONE


def _is_camera(
    plain: str,
    found: Named,
    lead: re.Match[str] | None,
    tail: re.Match[str] | None,
) -> bool:
    words = found.words
    if all(word in CAMERA_WORDS or word.isdecimal() for word in words):
        return False
    if lead and lead["verb"]:
        return True
    model = any(re.search(r"[a-z]", word) and re.search(r"\d", word) for word in words)
    if len(words) > 1 or model:
        return True
    if words[0] in EVERYDAY_BRANDS:
        return False
    denied = _DENIED.search(plain[: found.start])
    if denied and denied["dash"]:
        return plain[found.end : found.end + 1] not in ("-", "'")
    if denied:
        return bool(tail) or closed_right(plain, found.end)
    indefinite = lead is not None and (lead["whose"] or "").strip() in ("a", "an")
    if lead and not indefinite and lead["lead"] != "by":
        return bool(lead["whose"]) or closed_right(plain, found.end)
    if lead is None and tail and " camera" not in tail[0]:
        return closed_left(plain, found.start)
    return closed_left(plain, found.start) and closed_right(plain, found.end)
