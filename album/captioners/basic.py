"""The basic captioner: what a small classifier sees, and what the file itself says.

It needs no download and no GPU, so every picture has its caption within seconds; a
person's text or a larger model's caption replaces it.
"""

from __future__ import annotations

from collections.abc import Sequence

from album.captioners.base import Subject
from album.captioners.classifier import LITE2, Classifier
from album.captioners.facts import facts_caption, read_facts
from album.captioners.sight import Guess, guesses, sentence, tags
from album.captioners.words import ClassWords, read_words
from album.errors import CaptionError
from album.photo import Author, Photo, WrittenCaption


class FactsCaptioner:
    """Writes what the file says, at once and without any model."""

    author = Author("basic", "facts", 1)
    batch_size = 64

    def caption(
        self, subjects: Sequence[Subject]
    ) -> list[WrittenCaption | CaptionError]:
        """One caption for each subject, in the same order. Never fails."""
        return [facts_caption(subject.photo) for subject in subjects]

    def unload(self) -> None:
        """Nothing to give back."""

    def close(self) -> None:
        """Nothing to end."""


class BasicCaptioner:
    """Writes what the classifier sees, with what the file says around it."""

    author = Author("basic", LITE2.name, 1)
    batch_size = 16

    def __init__(self, classifier: Classifier | None = None) -> None:
        self._classifier = classifier or Classifier()
        self._words: tuple[ClassWords, ...] = ()

    def caption(
        self, subjects: Sequence[Subject]
    ) -> list[WrittenCaption | CaptionError]:
        """One caption for each subject, in the same order.

        Raises ModelUnavailable if the classifier's weights are not here or not good.
        """
        self._words = self._words or read_words()
        seen = self._classifier.look([subject.picture for subject in subjects])
        return [
            describe(subject.photo, guesses(row, self._words))
            for subject, row in zip(subjects, seen, strict=True)
        ]

    def unload(self) -> None:
        """Give the classifier's memory back (about 25 MB)."""
        self._classifier.unload()

    def close(self) -> None:
        """The same: what is under way is over in a moment."""
        self.unload()


def describe(photo: Photo, said: Sequence[Guess]) -> WrittenCaption:
    """The caption: people's own words first, then what is seen, then when and where.

    The camera is left to the tags: in the text it made other words harder to find
    (R@1 94.3 → 92.5 % on the labelled photos with a made-up date, place and camera).
    """
    if not said:
        return facts_caption(photo)
    facts = read_facts(photo)
    parts = [*facts.human, sentence(said), *facts.circumstances, *facts.looks]
    text = " ".join(parts)
    return WrittenCaption(text, tuple(dict.fromkeys([*tags(said), *facts.tags])))
