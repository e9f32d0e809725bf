"""From a ranked candidate to a hit: how strong it is, and which reason is shown."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from album.photo import Photo
from album.wording import plain_words
from index.asked import Asked
from index.found import Hit, Strength
from index.parts import TextSpan
from index.ranking import Ranked

LEAST_LIKENESS = 0.25
"""Weak hits below this cosine are not even worth a click: 0.2 % of the right captions
of 564 people's sentences lie below it."""
MOST_WEAK = 60

SAME = "This picture is already in the album."

_SENTENCE = re.compile(r"[^.!?]+[.!?]*")


@dataclass(frozen=True, slots=True)
class Answered:
    """A photo that answers a query. `ranked` knows the reason, if it was compared and
    has a caption, unless that is given by `sentence` and `marks`, spans of its caption.
    `exactly` are words that it may say word for word elsewhere. `same`: it is the very
    picture that was asked with."""

    photo_id: int
    score: float
    strength: Strength
    ranked: Ranked | None = None
    exactly: str = ""
    same: bool = False
    sentence: TextSpan | None = None
    marks: tuple[TextSpan, ...] = ()

    def hit(self, photo: Photo) -> Hit:
        """With the photo, and the sentence that says why."""
        if self.same:
            return Hit(photo, self.score, SAME, self.strength, (), "same")
        text = photo.caption.text if photo.caption is not None else ""
        elsewhere = _elsewhere(photo, self.exactly, text)
        if elsewhere is not None:
            source, reason = elsewhere
            return Hit(photo, self.score, reason, self.strength, (), source)
        sentence, spans = self.sentence, self.marks
        if sentence is None and self.ranked is not None:
            sentence, spans = self.ranked.reason
        begin, end = sentence or _first_sentence(text)
        if end > len(text):  # it was edited in this very moment
            begin, end = _first_sentence(text)
        marks = tuple(
            (max(first, begin) - begin, min(last, end) - begin)
            for first, last in spans
            if first < end and last > begin
        )
        return Hit(photo, self.score, text[begin:end], self.strength, marks)


def answered(
    asked: Asked,
    ranked: Sequence[Ranked],
    strengths: Sequence[Strength],
    texts: Mapping[int, str],
    said: Collection[int],
) -> list[Answered]:
    """The candidates in their order, the weak ones last and not more than 60.

    A photo in `said` has the query's words somewhere, be it in its name or in read
    text, of which the caption's vector knows nothing: it is never weak.
    """
    answers: list[Answered] = []
    weak: list[Answered] = []
    for each, strength in zip(ranked, strengths, strict=True):
        exact = each.photo_id in said and each.penalty < 0.5
        answer = Answered(
            each.photo_id,
            each.score,
            "good" if exact and strength == "weak" else strength,
            each if texts.get(each.photo_id) else None,
            asked.words if exact and strength == "weak" else "",
        )
        if answer.strength != "weak":
            answers.append(answer)
        elif each.whole >= LEAST_LIKENESS and each.penalty < 0.5:
            weak.append(answer)
    return answers + weak[:MOST_WEAK]


def _elsewhere(photo: Photo, words: str, caption: str) -> tuple[str, str] | None:
    """(source, text) where the words stand, if not in the caption."""
    wanted = plain_words(words)
    if not wanted or f" {wanted} " in f" {plain_words(caption)} ":
        return None
    read = photo.caption.read_text if photo.caption is not None else ""
    places = (
        ("text", read),
        ("name", photo.name),
        ("name", photo.folder),
        ("place", photo.place or ""),
        ("name", photo.description or ""),
    )
    for source, text in places:
        if f" {wanted} " in f" {plain_words(text)} ":
            return source, text
    return None


def _first_sentence(text: str) -> TextSpan:
    found = _SENTENCE.match(text)
    return (0, len(text)) if found is None else (0, found.end())
