"""Places, cameras and folders by their exact names: place:"Lisbon, Portugal".

So does the page write its filters. In quotes nothing is guessed: what this album does
not hold (any more) is a filter that finds nothing, not words.
"""

from __future__ import annotations

import re
from typing import Literal, cast

from index.query.names import Known, Table, exact_key, named_at, plain_words
from index.query.text import BEGIN, CLAIMED, Part, Text, Values

_Kind = Literal["place", "camera", "folder"]
_WRITTEN = re.compile(
    rf"{BEGIN}(?:(?:in|from|at|near|on|with|by) )?(?P<kind>place|camera|folder):"
    rf"(?: ?\"(?P<quoted>[^\"{CLAIMED}]*)\"|(?P<bare>[^\s\"{CLAIMED},;]+))"
)


def find_exact(text: Text, names: Known) -> None:
    """Claim place:…, camera:… and folder:…, in quotes where a name has spaces."""
    tables: dict[str, Table] = {
        "place": names.places, "camera": names.cameras, "folder": names.folders,
    }  # fmt: skip
    for match in _WRITTEN.finditer(text.plain):
        kind = cast(_Kind, match["kind"])
        said = match["quoted"] if match["quoted"] is not None else match["bare"]
        values = names.exact.get((kind, exact_key(said)))
        if values is not None:
            _claim(text, match, kind, min(values), values)
        elif match["quoted"] is None:
            # find_folders reads unquoted folders, which may have several words.
            found = named_at(text.plain, tables[kind], match.start("bare"))
            if found is not None and kind != "folder":
                part = Part(match.start(), found.end, kind, found.name,
                            Values(kind, found.values))  # fmt: skip
                text.claim(part)
        elif written := text.written(*match.span("quoted")).strip():
            known = tables[kind].get(plain_words(said))
            label, values = known or (written, frozenset({written}))
            _claim(text, match, kind, label, values)


def _claim(
    text: Text, match: re.Match[str], kind: _Kind, label: str, values: frozenset[str]
) -> None:
    text.claim(Part(*match.span(), kind, label, Values(kind, values)))
