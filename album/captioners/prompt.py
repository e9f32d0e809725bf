"""The question a caption model is asked: one wording, with a version of its own."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

from album.photo import Photo

PROMPT_VERSION = 2
"""Counts up with any change of the words below; captions by an older one are stale."""

ENGLISH = "English"
NEW_TOKENS = 256
"""A caption of 80 words is about 110 tokens, twelve tags 40, the JSON around them 20;
the rest is for read text and for a model that counts badly."""

SCHEMA = {
    "type": "object",
    "properties": {
        "caption": {"type": "string"},
        "tags": {"type": "array", "items": {"type": "string"}},
        "text": {"type": "string"},
    },
    "required": ["caption", "tags", "text"],
    "additionalProperties": False,
}
"""What an answer looks like, for servers that can hold a model to a JSON schema."""

_QUESTION = (
    "Describe this photo so that someone can find it by searching. Answer only with "
    'JSON: {"caption": "...", "tags": ["..."], "text": "..."}. '
    '"caption": 40 to 80 words in plain sentences, the main subjects and what they do '
    "first, then the place, the time of day, the weather, notable objects with their "
    "colours and how many there are. Say only what is visible; do not guess names or "
    'feelings, and do not begin with words like "The image shows". '
    '"tags": 5 to 12 short lower-case words for what is in it. '
    '"text": any words that can be read in the picture, copied, or "".'
)
_LANGUAGE = " Write the caption and the tags in {language}; copy read words unchanged."
_CONTEXT = (
    " What its file says, not the picture: {facts}. You may use it to understand what "
    "you see, but do not claim to see it."
)
_TOKEN = re.compile(r"<\|[^<>]*\|>")
_LONGEST_FACT = 80  # characters of a folder's or a place's name in the question


@dataclass(frozen=True, slots=True)
class Prompt:
    """The question in one language, with or without what the file says."""

    language: str = ENGLISH
    context: bool = False
    version: int = PROMPT_VERSION

    @property
    def variant(self) -> str:
        """What sets it apart from the question as it comes, for the catalogue."""
        parts = [] if self.language == ENGLISH else [self.language]
        return "+".join([*parts, "context"] if self.context else parts)

    def text(self, photo: Photo) -> str:
        """The words for one photo."""
        text = _QUESTION
        if self.language != ENGLISH:
            text += _LANGUAGE.format(language=self.language)
        facts = _facts(photo) if self.context else ""
        return text + _CONTEXT.format(facts=facts) if facts else text


def _facts(photo: Photo) -> str:
    """Date, place and folder as JSON strings: a folder may be called anything, also
    like a control token of the model, and must stay a name."""
    known = {
        "taken": photo.taken_at.date().isoformat() if photo.taken_at else "",
        "place": photo.place or "",
        "album folder": photo.folder,
    }
    return ", ".join(
        f"{name} {json.dumps(_plain(value), ensure_ascii=False)}"
        for name, value in known.items()
        if _plain(value)
    )


def _plain(value: str) -> str:
    printable = "".join(c if c.isprintable() else " " for c in value)
    return " ".join(_TOKEN.sub(" ", printable).split())[:_LONGEST_FACT]
