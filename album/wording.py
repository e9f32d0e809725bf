"""Text as plain words: without case, accents and punctuation, as it is searched.

"Café del Mar" and "CAFE DEL MAR!" are the same words. Where a script sets no spaces
between words (Chinese, Japanese, Thai, …), each of its letters counts as a word.
"""

from __future__ import annotations

import re
import unicodedata

# Kana and Han with their extensions; Thai and Lao; Burmese; Khmer.
_SPACELESS = (
    "[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\U00020000-\U0003ffff\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]"
)
_RUN = re.compile(r"[^\W_]+")
_PIECE = re.compile(rf"{_SPACELESS}|(?:(?!{_SPACELESS}).)+")
_VOICED = "\u3099\u309a"  # part of a kana letter (ka + mark = ga), no accent
# Between a small and a capital letter, a letter and a digit, a digit and a letter.
_SEAM = re.compile(
    r"(?<=[a-z])(?=[A-Z])|(?<=[^\W\d_])(?=\d)|(?<=\d)(?=[^\W\d_])", re.ASCII
)


def words_in(text: str) -> list[str]:
    """The words in their order. One of a script without spaces comes as its letters
    with blanks between them, which as a phrase stand for it."""
    return [
        run if run.isascii() else " ".join(_PIECE.findall(run))
        for run in _RUN.findall(_folded(text))
    ]


def plain_words(text: str) -> str:
    """The words with one blank between them; "" if there is none."""
    return " ".join(words_in(text))


def name_words(name: str) -> str:
    """The words of a file's name, as it stands and, if that differs, taken apart:
    "BeachDay2019.jpg" is "beachday2019 jpg" and "beach day 2019 jpg", on two lines."""
    whole = plain_words(name)
    apart = plain_words(_SEAM.sub(" ", name))
    return whole if apart == whole else f"{whole} \n {apart}"


def contains_words(words: str, wanted: str) -> bool:
    """Whether plain words contain these plain words, one right after the other."""
    return f" {wanted} " in f" {words} "


def typed(text: str) -> str:
    """Text from a person: NFC, no control characters, white space at the ends gone."""
    normal = unicodedata.normalize("NFC", text.encode("utf-8", "ignore").decode())
    return "".join(c for c in normal if c == "\n" or c.isprintable()).strip()


def _folded(text: str) -> str:
    if text.isascii():
        return text.lower()
    apart = unicodedata.normalize("NFKD", text).casefold()
    bare = "".join(
        letter
        for letter in unicodedata.normalize("NFKD", apart)
        if letter in _VOICED or not unicodedata.category(letter).startswith("M")
    )
    return unicodedata.normalize("NFC", bare)
