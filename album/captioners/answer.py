"""What is kept of a caption model's words.

An answer is untrusted text: a small model loops, wraps its words in Markdown, repeats
the question or says nothing, and a picture of text can make it say anything at all.
`clean_answer` turns it into one short line of plain text, or raises CaptionError.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence

from album.errors import CaptionError

MAX_CHARS = 1_000
"""Longest caption kept. 80 words are about 500 characters; the embedder reads no more
than 256 word pieces, which are about 1,000."""

_MAX_RAW_CHARS = 20_000
"""Only so much of an answer is looked at, which bounds the work below."""

_THINKING = re.compile(r"<think>.*?(?:</think>|\Z)", re.DOTALL | re.IGNORECASE)
_SPECIAL_TOKEN = re.compile(r"<\|[^|<>]{0,60}\|>")
_TAG = re.compile(r"</?[A-Za-z][^<>]{0,200}>")
_ROLE = re.compile(r"\A\s*(?:assistant|caption|description)\s*[:\n]\s*", re.IGNORECASE)
_FENCE = re.compile(r"^\s*```\w*\s*$", re.MULTILINE)
_EMPHASIS = re.compile(r"(\*\*\*|\*\*|\*|__|`)(?=\S)(.+?)(?<=\S)\1", re.DOTALL)
_LINE_MARKER = re.compile(r"^\s*(?:#{1,6}\s+|>\s+|[-*+•]\s+|\d{1,2}[.)]\s+)")
_BULLET = re.compile(r"^\s*(?:[-*+•]|\d{1,2}[.)])\s+")

_PICTURE = r"(?:image|photo|photograph|picture|scene|snapshot|caption)"
_SHOWS = (
    r"(?:shows|depicts|features|displays|captures|presents|portrays|contains|"
    r"illustrates|is of|is a (?:photo|photograph|picture|close-up) of|"
    r"is showing|you can see|there (?:is|are)|we (?:can )?see|(?:is|are) seen)"
)
_OPENING = re.compile(
    r"\A(?:"
    r"(?:sure|certainly|of course|okay)[!,.]\s*"
    r"|here(?: is|'s|’s) (?:a|the|your) [\w -]{0,40}caption[^:]{0,60}:\s*"
    rf"|(?:in|on) (?:the|this) {_PICTURE},?\s+(?:{_SHOWS}\s+)?"
    rf"|(?:the|this)(?: [\w-]+)? {_PICTURE}\s+{_SHOWS}(?: that)?(?:\s+|\Z)"
    rf"|(?:an?|the) {_PICTURE} (?:of|showing|depicting)\s+"
    r"|this is an? (?:photo|photograph|picture|image) (?:of|showing)\s+"
    r"|(?:we|you|i) (?:can )?see(?: that)?\s+"
    r")",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"[.!?…][\"'”’)\]]*(?=\s|\Z)|[。！？]")
_STUTTER = re.compile(r"(\S.{0,19}?)\1{9,}", re.DOTALL)

_MAX_REPEATS = 3
"""A run of the same words is a loop when it comes more often than this."""
_LONGEST_LOOP = 20
_LONG_PHRASE = 6
"""Six same words in order, more than three times anywhere, are a loop as well."""


def clean_answer(raw: str, *, capped: bool = False) -> str:
    """What a model said, as one line of at most 1,000 characters.

    `capped` says that the model was stopped at its token limit: then the last,
    unfinished sentence goes, if a whole one comes before it. Raises CaptionError when
    nothing is left, or nothing but one repeated word.
    """
    text = _ROLE.sub("", without_wrapping(raw))
    text = _without_markdown(_TAG.sub(" ", text))
    text = _without_opening(text.strip(" \"“”'"))
    whole = _without_loops(text)
    if whole != text or capped or len(raw) > _MAX_RAW_CHARS:
        whole = _up_to_last_sentence(whole)
    whole = _bounded(whole)
    if not any(character.isalnum() for character in whole):
        raise CaptionError("The caption model gave an empty answer.")
    return whole


def without_wrapping(raw: str, prompt: str = "") -> str:
    """The answer itself, at most 20,000 characters: no thoughts, no special tokens, no
    repeated question, no control characters; NFC."""
    text = _without_controls(raw[:_MAX_RAW_CHARS])
    text = _SPECIAL_TOKEN.sub(" ", _THINKING.sub(" ", text))
    return text.replace(prompt, " ") if prompt else text


def plain_line(text: str) -> str:
    """Words of any kind on one line, up to where they begin to repeat themselves."""
    return _without_loops(" ".join(without_wrapping(text).split()))


def _without_controls(text: str) -> str:
    """NFC; no lone surrogates, no control or invisible formatting characters.

    Joiners stay: emoji and several scripts are written with them.
    """
    kept = (
        " " if character == "\t" else character
        for character in text.replace("\r\n", "\n").replace("\r", "\n")
        if character in "\n\t\u200c\u200d"
        or unicodedata.category(character) not in {"Cc", "Cf", "Cs", "Co", "Cn"}
    )
    return unicodedata.normalize("NFC", "".join(kept))


def _without_markdown(text: str) -> str:
    """The same words as one line; points of a list are joined by commas."""
    text = _EMPHASIS.sub(r"\2", _FENCE.sub("", text))
    words = ""
    after_bullet = False
    for line in text.split("\n"):
        plain = " ".join(_LINE_MARKER.sub("", line).split())
        if not plain:
            continue
        bullet = bool(_BULLET.match(line))
        comma = bullet and after_bullet and words[-1:].isalnum()
        words += (", " if comma else " ") + plain if words else plain
        after_bullet = bullet
    return words


def _without_opening(text: str) -> str:
    """Drop "The image shows" and its like, and begin with a capital again."""
    start = text
    while opening := _OPENING.match(text):
        text = text[opening.end() :].lstrip(" ,:\"“'")
    return text[:1].upper() + text[1:] if text != start else text


def _without_loops(text: str) -> str:
    """The text up to where the model begins to repeat itself."""
    if stutter := _STUTTER.search(text):
        text = text[: stutter.start()].rstrip()
    words = text.split(" ")
    end = min(_end_of_first_run(words), _end_of_phrases(words))
    return _without_repeated_sentence(" ".join(words[:end]))


def _end_of_first_run(words: Sequence[str]) -> int:
    """How many words come before the second round of a loop such as "a cat, a cat,".

    0 when the answer is nothing but one or two words over and over.
    """
    folded = [word.casefold().strip(".,;:!") for word in words]
    for start in range(len(folded)):
        for size in range(1, min(_LONGEST_LOOP, (len(folded) - start) // 4) + 1):
            loop = folded[start : start + size]
            rounds = 1
            while folded[start + rounds * size : start + (rounds + 1) * size] == loop:
                rounds += 1
            if rounds > _MAX_REPEATS and any(loop):
                return start + size if start + size > 2 else 0
    return len(folded)


def _end_of_phrases(words: Sequence[str]) -> int:
    """How many words come before a phrase that is said too often comes again."""
    folded = [word.casefold() for word in words]
    phrases = [
        tuple(folded[i : i + _LONG_PHRASE])
        for i in range(len(folded) - _LONG_PHRASE + 1)
    ]
    looped = {p for p, times in Counter(phrases).items() if times > _MAX_REPEATS}
    seen: set[tuple[str, ...]] = set()
    for i, phrase in enumerate(phrases):
        if phrase in looped and phrase in seen:
            return i
        seen.add(phrase)
    return len(folded)


def _without_repeated_sentence(text: str) -> str:
    seen: set[str] = set()
    start = 0
    for end in _SENTENCE_END.finditer(text):
        sentence = text[start : end.end()].strip().casefold()
        if sentence in seen and len(sentence.split()) > 2:
            return text[:start].rstrip()
        seen.add(sentence)
        start = end.end()
    rest = text[start:].strip().casefold()
    unfinished_copy = len(rest.split()) > 2 and any(s.startswith(rest) for s in seen)
    return text[:start].rstrip() if unfinished_copy else text


def _up_to_last_sentence(text: str) -> str:
    ends = [end.end() for end in _SENTENCE_END.finditer(text)]
    return text[: ends[-1]] if ends else text.rstrip(" ,;:-–")


def _bounded(text: str) -> str:
    """At most MAX_CHARS: whole sentences if the first one fits, else whole words."""
    if len(text) <= MAX_CHARS:
        return text
    ends = [end.end() for end in _SENTENCE_END.finditer(text, 0, MAX_CHARS)]
    if ends:
        return text[: ends[-1]]
    words, _, _ = text[:MAX_CHARS].rpartition(" ")
    return words or text[:MAX_CHARS]
