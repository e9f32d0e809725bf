"""Who wrote a photo's caption: "captioned by me", "not captioned yet", "captioning
failed"."""

from __future__ import annotations

import re

from album.catalogue_captioned import A_MODEL, FAILED, NOT_YET
from album.photo import BASIC, PERSON
from index.query.text import BEGIN, CLAIMED, Captioned, Part, Text, every

# An unquoted name is one only where it looks like a model's: "captioned by grandma"
# speaks of something that this album does not know.
_BY = re.compile(
    rf"{BEGIN}(?:captioned|captions?(?: written)?) by (?:"
    r"(?P<person>me|myself|us|you|hand|a person)|"
    r"(?P<basic>(?:the )?basic(?: captioner)?)|"
    r"(?P<model>(?:an? |the |any )?(?:ai|ai model|model|models|machine))|"
    rf"\"(?P<quoted>[^\"{CLAIMED}]+)\"|"
    r"(?P<name>qwen|demo|remote|(?=[\w./:-]*[0-9/:])\w[\w./:-]*\w)"
    r")(?![\w'-])"
)
_NOT_YET = re.compile(
    rf"{BEGIN}(?:not (?:yet )?captioned(?: yet)?|uncaptioned|"
    r"without (?:a )?captions?|no captions?(?: yet)?)(?! by\b)(?![\w'-])"
)
_FAILED = re.compile(
    rf"{BEGIN}(?:caption(?:ing|s)? (?:has |have )?failed|"
    r"failed (?:captions?|captioning))(?![\w'-])"
)


def find_captioned(text: Text) -> None:
    """Claim what is said of captions and who wrote them."""
    every(_BY, text, lambda match: _by(text, match))
    for pattern, who, label in (
        (_NOT_YET, NOT_YET, "not captioned yet"),
        (_FAILED, FAILED, "captioning failed"),
    ):
        part = (who, label)
        every(pattern, text, lambda match, part=part: _part(match, *part))  # type: ignore[misc]


def _by(text: Text, match: re.Match[str]) -> Part | None:
    if match["person"]:
        return _part(match, PERSON, "captioned by you")
    if match["basic"]:
        return _part(match, BASIC, "captioned by basic")
    if match["model"]:
        return _part(match, A_MODEL, "captioned by a model")
    which = "quoted" if match["quoted"] else "name"
    name = text.written(*match.span(which)).strip()
    return _part(match, name, f"captioned by {name}") if name else None


def _part(match: re.Match[str], who: str, label: str) -> Part:
    return Part(*match.span(), "captioned", label, Captioned(who))
