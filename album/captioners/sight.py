"""From 1000 probabilities to words: what the classifier may honestly say it sees.

A name is said plainly when the classifier is sure of it, with "perhaps" when it is
not, and a broader everyday word takes its place when only that is sure: two breeds at
40 % each are a dog. Below a threshold nothing is said.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from album.captioners.words import ClassWords, Kind, Noun

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# On the 334 labelled photos 98 % of the names said plainly are right; of the words
# said with "perhaps" 24 % (share 0.2–0.3), 47 % (0.3–0.4) and 50 % (0.4–0.5).
SURE = 0.5
PERHAPS = 0.2  # below it a family of words is not mentioned at all
VAGUE_SURE = 0.5  # classes that are often mistakes are not said with a perhaps
WORTH_NAMING = 0.06  # a class below this share is not among the names
_MOST_FAMILIES = 3
_MOST_NAMES = 3


@dataclass(frozen=True, slots=True)
class Guess:
    """One family of classes (dog, bird, food) in a picture, and its share of 1."""

    word: Noun
    share: float
    members: tuple[tuple[ClassWords, float], ...] = field(default=())

    @property
    def best(self) -> ClassWords:
        """The likeliest class."""
        return self.members[0][0]

    @property
    def best_share(self) -> float:
        """The share of the likeliest class alone."""
        return self.members[0][1]


def guesses(
    probabilities: NDArray[np.float32], words: Sequence[ClassWords]
) -> list[Guess]:
    """What may be said of a picture (probabilities float32 (1000,)), surest first."""
    families: dict[Noun, list[tuple[ClassWords, float]]] = defaultdict(list)
    for index in probabilities.argsort()[::-1]:
        entry = words[index]
        families[entry.broadest].append((entry, float(probabilities[index])))
    said = []
    for word, members in families.items():
        share = sum(p for _, p in members)
        named = [(e, p) for e, p in members if p >= WORTH_NAMING] or members[:1]
        enough = VAGUE_SURE if named[0][0].kind is Kind.VAGUE else PERHAPS
        if share >= enough:
            said.append(Guess(word, share, tuple(named[:_MOST_NAMES])))
    # The best name counts too: broad families (wild animal) gather small shares.
    said.sort(key=lambda guess: -(guess.share + guess.best_share))
    return said[:_MOST_FAMILIES]


def sentence(said: Sequence[Guess]) -> str:
    """The guesses as one sentence, or "" if there are none.

    "A golden retriever, a dog, perhaps with a tennis ball, at the seashore, a beach."
    """
    places = [guess for guess in said if guess.best.kind is Kind.PLACE]
    things = [guess for guess in said if guess.best.kind is not Kind.PLACE]
    parts = [_thing(things[0])] if things else []
    parts += [_company(guess, things[0]) for guess in things[1:]]
    parts += [_place(guess) for guess in places]
    text = ", ".join(parts)
    return f"{text[0].upper()}{text[1:]}." if text else ""


def tags(said: Iterable[Guess]) -> tuple[str, ...]:
    """Every word of the guesses in lower case, each once, likeliest first."""
    words = [
        noun.text.lower()
        for guess in said
        for entry, _ in guess.members
        for noun in (entry.name, *entry.everyday)
    ]
    return tuple(dict.fromkeys(words))


def _thing(guess: Guess) -> str:
    names = _alternatives([entry.name.phrase for entry, _ in guess.members])
    if guess.best_share >= SURE:
        return ", ".join(_phrases(guess.best))
    if guess.share >= SURE:
        return f"{_common_words(guess)}, perhaps {names}"
    common = _common_words(guess)
    return f"perhaps {names}" + (f", {common}" if common != names else "")


def _company(guess: Guess, first: Guess) -> str:
    """A further thing: beside the first, or instead if both are unsure and alike."""
    text = _thing(guess)
    if not text.startswith("perhaps"):
        return f"with {text}"
    if first.share < SURE and guess.best.kind is first.best.kind:
        return f"or {text}"
    return f"perhaps with{text.removeprefix('perhaps')}"


def _place(guess: Guess) -> str:
    text = ", ".join([guess.best.place, *_phrases(guess.best)[1:]])
    return text if guess.share >= SURE else f"perhaps {text}"


def _phrases(entry: ClassWords) -> list[str]:
    return [noun.phrase for noun in (entry.name, *entry.everyday)]


def _alternatives(phrases: Sequence[str]) -> str:
    *first, last = phrases
    return f"{', '.join(first)} or {last}" if first else last


def _common_words(guess: Guess) -> str:
    """The everyday words that all named members share, nearest first."""
    shared = [
        noun
        for noun in guess.best.everyday
        if all(noun in entry.everyday for entry, _ in guess.members)
    ]
    return ", ".join(noun.phrase for noun in shared) or guess.word.phrase
