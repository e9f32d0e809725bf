"""Which words say what a sentence is about, and which only hold it together."""

from __future__ import annotations

# English only, as the text model is. The second part are words that every caption
# has and that say nothing of the picture; the last what is left of "it's" and "don't"
# where the tokenizer cuts at the apostrophe.
_TEXT = """
    a an the and or but nor if so than then as of in on at to for from by with without
    into onto over under near next up down out off about through between around across
    is are was were be been being am do does did has have had having can could may might
    will would shall should must not no it its this that these those there here who whom
    whose which what where when while how why i me my we us our you your he him his she
    her they them their some any each every all both other another such also very too
    just only own same more most much many several few one ones something

    image images picture pictures photo photos photograph photographs depict depicts
    depicted show shows shown showing feature features featuring appear appears seen
    visible scene

    s t re ll ve d m don
"""
_STOP_WORDS = frozenset(_TEXT.split())


def is_content(word: str) -> bool:
    """Whether `word`, as the tokenizer cuts words, is more than grammar and dots."""
    return any(map(str.isalnum, word)) and word.casefold() not in _STOP_WORDS
