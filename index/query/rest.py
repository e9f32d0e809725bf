"""The words of a query that are left when all that was understood is taken out."""

from __future__ import annotations

import re
from collections.abc import Iterator

from index.query.text import Text, When
from index.query.words import ASKING, CARRIERS, LEFT_BEFORE, LEFT_BEHIND, LINKS

_ASKING = re.compile(
    r"(?:please )?(?:(?:show|find|give|get)(?: me| us)? |search (?:for )?)?"
    r"(?:(?:all|every|any|some) )?(?:of )?(?:(?:the|my|our|a|an) )?"
    r"(?P<photos>[a-z]+) "
    r"(?:of|with|showing|containing|that show|which show|where|in which|that have) "
    r"(?=\w)",
    re.IGNORECASE,
)
_SHOW_ME = re.compile(r"(?:please )?(?:show|find|give) (?:me|us) (?=\w)", re.IGNORECASE)
_PUNCTUATION = frozenset(",;:.!?&+/–—-()")


def rest_of(text: Text) -> str:
    """What is not claimed, as it was written, without the words that only linked the
    claimed parts or asked for photos."""
    pieces = _pieces(text)
    words: list[str] = []
    for piece in pieces:
        tokens = list(_tokens(piece))
        if words:
            words = _shortened(words, LINKS if tokens else LEFT_BEFORE, ",")
        words += tokens if words else _without_lead(tokens, pieces[0] == "")
    if len(pieces) > 1:
        if all(_is_asking(word) for word in words):
            return ""
        if not pieces[-1].strip(" ,;.!?"):
            words = _shortened(words, LEFT_BEFORE, "")
    return _without_asking(_joined(words))


def _pieces(text: Text) -> list[str]:
    """The stretches between claimed parts, as written; the first and last may be
    empty. Parts that also say what is seen ("at night") are no gap."""
    pieces, at = [], 0
    for part in text.parts:
        if isinstance(part.meaning, When) and part.meaning.content and not part.negated:
            continue
        pieces.append(text.written(at, part.start))
        at = part.end
    pieces.append(text.written(at, len(text.plain)))
    return [piece.replace('"', " ").strip() for piece in pieces]


def _tokens(piece: str) -> Iterator[str]:
    """Words, and the commas behind them; "1,900" is one."""
    for chunk in piece.split():
        word = chunk.rstrip(",;:")
        if word:
            yield word
        yield from chunk[len(word) :]


def _shortened(words: list[str], links: frozenset[str], keep: str) -> list[str]:
    """Without the links that led to what was claimed: "dogs and [last summer]"."""
    end = len(words)
    while end and (
        words[end - 1].lower() in links
        or (_is_punctuation(words[end - 1]) and words[end - 1] != keep)
    ):
        end -= 1
    return words[:end]


def _without_lead(words: list[str], claimed_before: bool) -> list[str]:
    start = 0
    while (
        start < len(words)
        and claimed_before
        and (words[start].lower() in LEFT_BEHIND or _is_punctuation(words[start]))
    ):
        start += 1
    return words[start:]


def _joined(words: list[str]) -> str:
    """As a line, with one of the commas or links that met: "cats, [no dogs], and"."""
    kept: list[str] = []
    for word in words:
        if kept and word in (",", ";", ":"):
            if kept[-1] not in (",", ";", ":"):
                kept.append(word)
        elif kept and word.lower() in LINKS and kept[-1].lower() in LINKS:
            kept[-1] = word
        elif word != ")" or "(" in kept:
            kept.append(word)
    while kept and kept[-1] in (",", ";", ":"):
        kept.pop()
    return re.sub(r" (?=[,;:])", "", " ".join(kept))


def _without_asking(words: str) -> str:
    asking = _ASKING.match(words)
    if asking and asking["photos"].lower() in CARRIERS:
        return words[asking.end() :]
    show_me = _SHOW_ME.match(words)
    return words[show_me.end() :] if show_me else words


def _is_asking(word: str) -> bool:
    plain = word.lower().strip(".!?")
    return plain in ASKING or plain in CARRIERS or _is_punctuation(word)


def _is_punctuation(word: str) -> bool:
    return all(char in _PUNCTUATION for char in word)
