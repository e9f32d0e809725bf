"""What of a model's answer is caption, tags and read text, however it was written.

A small model is asked for JSON and mostly gives it: fenced, cut off in the middle, with
single quotes, or as lines with labels. Whatever cannot be read as fields is a caption.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import json_repair

from album.captioners.answer import clean_answer, plain_line, without_wrapping
from album.photo import WrittenCaption

MAX_TAGS = 16
MAX_TAG_CHARS = 40
MAX_READ_CHARS = 600
MAX_JSON_CHARS = 8_000
"""256 tokens are about 1,200 characters; more is no answer to our question."""

_LABELS = re.compile(
    r"^\W{0,3}(caption|description|tags|keywords|text|read[ _]text)\W{0,3}:[*_]*",
    re.IGNORECASE | re.MULTILINE,
)
_NOTHING = frozenset(
    {"", "none", "null", "n/a", "no text", "no readable text", "nothing", "..."}
)
_BARE = re.compile(r"\s*[\"']caption[\"']\s*:", re.IGNORECASE)
_SEPARATORS = re.compile(r"[,;\n•|#]")


@dataclass(frozen=True, slots=True)
class Fields:
    """The parts of an answer as the model wrote them."""

    caption: str
    tags: tuple[str, ...] = ()
    read_text: str = ""
    cut: bool = False  # the caption itself was not finished


def written_caption(
    raw: str, *, capped: bool = False, prompt: str = ""
) -> WrittenCaption:
    """The caption, tags and read text in a model's answer, cleaned and bounded.

    `capped` says that it was stopped at its token limit, `prompt` is what it was asked,
    which some models repeat. Raises CaptionError when there is no caption in it.
    """
    fields = _read(without_wrapping(raw, prompt), capped)
    caption = clean_answer(fields.caption, capped=fields.cut)
    return WrittenCaption(caption, _tags(fields.tags), _read_text(fields.read_text))


def _read(text: str, capped: bool) -> Fields:
    if _BARE.match(text):
        text = "{" + text
    start = text.find("{")
    if start >= 0 and re.match(r"""\{\s*["'“]?\w""", text[start:]):
        fields = _from_json(text[start : start + MAX_JSON_CHARS], capped)
        if fields is not None:
            return fields
    return _from_labels(text, capped) or Fields(text, cut=capped)


def _from_json(text: str, capped: bool) -> Fields | None:
    """The fields of the first object that has a caption; None if there is none."""
    try:
        data: Any = json_repair.loads(text, skip_json_loads=False)
    except (ValueError, RecursionError):
        return None
    objects = data if isinstance(data, list) else [data]
    for one in objects:
        if not isinstance(one, dict):
            continue
        named = {str(k).strip().lower(): v for k, v in one.items()}
        caption = named.get("caption") or named.get("description")
        if isinstance(caption, str):
            rest = {"tags", "keywords", "text", "read_text"} & named.keys()
            tags = named.get("tags") or named.get("keywords")
            read = named.get("text") or named.get("read_text")
            return Fields(
                caption, _strings(tags), " / ".join(_strings(read)), capped and not rest
            )
        if named.keys() & {"caption", "description", "tags", "text"}:
            return Fields("")  # our form without a caption: nothing to fall back to
    return None


def _from_labels(text: str, capped: bool) -> Fields | None:
    """Lines such as "Tags: dog, beach". None without a label for the tags or text."""
    marks = list(_LABELS.finditer(text))
    parts: dict[str, str] = {}
    ends = [*(mark.start() for mark in marks[1:]), len(text)]
    for mark, end in zip(marks, ends, strict=False):
        parts.setdefault(mark[1].lower()[:4], text[mark.end() : end].strip())
    tags = parts.get("tags", parts.get("keyw"))
    read = parts.get("text", parts.get("read"))
    if tags is None and read is None:
        return None
    before = text[: marks[0].start()].strip()
    caption = parts.get("capt") or parts.get("desc") or before
    return Fields(caption, _strings(tags), read or "")


def _strings(value: object) -> tuple[str, ...]:
    """The texts in a value that should be a list of them, or one."""
    if isinstance(value, str):
        return (value,)
    if isinstance(value, list | tuple):
        return tuple(str(v) for v in value if isinstance(v, str | int | float))
    return ()


def _tags(found: Iterable[str]) -> tuple[str, ...]:
    """Short lower-case words, each once."""
    words = (part for text in found for part in _SEPARATORS.split(text[:1_000]))
    cleaned = (" ".join(_clean(word).casefold().split()) for word in words)
    good = (
        tag.strip(" .\"'“”[]{}_-")
        for tag in cleaned
        if len(tag) <= MAX_TAG_CHARS and any(map(str.isalnum, tag))
    )
    return tuple(dict.fromkeys(tag for tag in good if tag not in _NOTHING))[:MAX_TAGS]


def _read_text(found: str) -> str:
    """What can be read in the picture, on one line; "" for "none" and its like."""
    text = plain_line(found)[:MAX_READ_CHARS].rstrip()
    return "" if text.casefold().strip(" .\"'“”") in _NOTHING else text


def _clean(word: str) -> str:
    return "".join(c if c.isprintable() else " " for c in word)
