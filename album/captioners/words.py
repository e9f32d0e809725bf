"""What people call the 1000 things the classifier knows: `imagenet_words.tsv`, read.

Each class has the name ImageNet gives it, the everyday words for it (golden retriever:
dog; cheeseburger: burger, food) and a kind, which decides its place in a sentence.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from importlib.resources import files

CLASSES = 1000
_NO_ARTICLE = "*"
# Sounds, not letters, decide between "a" and "an".
_A_BEFORE_VOWEL = ("eu", "uni", "one")
_AN_BEFORE_CONSONANT = ("hour",)


class Kind(StrEnum):
    """What sort of thing a class is."""

    ANIMAL = "animal"
    BUILDING = "building"
    CLOTHING = "clothing"
    DRINK = "drink"
    FOOD = "food"
    MUSIC = "music"
    PERSON = "person"
    PLACE = "place"  # becomes where the picture is: "at the seashore"
    PLANT = "plant"
    THING = "thing"
    VAGUE = "vague"  # often a mistake (velvet, hook, web site): said only when sure
    VEHICLE = "vehicle"


@dataclass(frozen=True, slots=True)
class Noun:
    """A word or a few, and whether it takes an article ("a dog", but "food")."""

    text: str
    article: bool = True

    @property
    def phrase(self) -> str:
        """The noun as it stands in a sentence."""
        if not self.article:
            return self.text
        lower = self.text.lower()
        vowel = lower[0] in "aeiou" and not lower.startswith(_A_BEFORE_VOWEL)
        an = vowel or lower.startswith(_AN_BEFORE_CONSONANT)
        return f"{'an' if an else 'a'} {self.text}"


@dataclass(frozen=True, slots=True)
class ClassWords:
    """One class: its name, its everyday words (nearest first, broadest last), its kind.

    A name that is an everyday word itself ("umbrella") needs no others. `where` is
    what a place begins with: "at the", "in a", …
    """

    index: int
    name: Noun
    everyday: tuple[Noun, ...]
    kind: Kind
    where: str = ""

    @property
    def broadest(self) -> Noun:
        """The word that groups this class with its likes: dog, bird, food."""
        return self.everyday[-1] if self.everyday else self.name

    @property
    def place(self) -> str:
        """The class as a place in a sentence: "at the seashore"."""
        article = self.where.rpartition(" ")[2] in ("a", "an")
        if article:
            return f"{self.where.rpartition(' ')[0]} {self.name.phrase}"
        return f"{self.where} {self.name.text}"


def read_words() -> tuple[ClassWords, ...]:
    """The table, 1000 entries, entry i for class i."""
    table = files(__package__).joinpath("imagenet_words.tsv")
    lines = table.read_text(encoding="utf-8").splitlines()
    words = tuple(_entry(line) for line in lines if line and not line.startswith("#"))
    assert [entry.index for entry in words] == list(range(CLASSES))
    return words


def _entry(line: str) -> ClassWords:
    index, name, everyday, kind = line.split("\t")
    kind, _, where = kind.partition(" ")
    nouns = tuple(_noun(word) for word in everyday.split(", ") if word)
    return ClassWords(int(index), _noun(name), nouns, Kind(kind), where)


def _noun(text: str) -> Noun:
    return Noun(text.removeprefix(_NO_ARTICLE), not text.startswith(_NO_ARTICLE))
