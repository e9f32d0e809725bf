"""Questions with and without an answer, asked of three kinds of albums.

"Nothing matches" must hold for an album of long captions, of short ones and of basic
ones, for whole sentences and for single words; each question is asked once of a gallery
with its subject and once of one without. Subjects that a gallery lacks are left out of
it with every caption that names them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from benchmarks.quality_data import Captions, keywords
from benchmarks.quality_subjects import NAMES, SUBJECTS, asked
from index.sentences import sentence_spans

Form = Literal["sentence", "keywords", "words", "with a place"]

# Coarse kinds of what the labelled photos show, by words of their labels, and what a
# person would type for them.
BASIC_KINDS: tuple[tuple[str, str], ...] = (
    ("bird", "finch robin magpie kite owl ostrich ptarmigan peacock grey lorikeet "
     "hornbill toucan goose spoonbill egret limpkin bustard redshank pelican"),
    ("dog", "dog spaniel ridgeback beagle coonhound redbone greyhound elkhound "
     "deerhound terrier cairn bull schnauzer Lhasa retriever pointer setter clumber "
     "kuvasz malinois komondor collie Rottweiler pinscher Appenzeller mastiff Dane "
     "malamute affenpinscher Leonberg Samoyed keeshond Cardigan poodle"),
    ("snake", "snake cobra viper"),
    ("lizard", "eft iguana agama monster dragon"),
    ("monkey", "gorilla siamang baboon colobus capuchin monkey indri"),
    ("insect", "beetle bee cricket mantis lacewing admiral butterfly"),
    ("fish", "tench shark stingray eel fish lionfish"),
    ("cat", "cat leopard lion"),
    ("bear", "bear"),
    ("car", "cab jeep limousine minibus pickup van truck engine car"),
    ("boat", "gondola schooner paddle ship"),
    ("guitar", "guitar banjo"),
    ("fruit", "Smith lemon banana pomegranate"),
)  # fmt: skip
_AROUND = ("in a tree", "on the grass", "at home in the evening", "by the sea")
_FIRST_WORDS = re.compile(r"[\w-]+")


@dataclass(frozen=True, slots=True)
class Question:
    """`text` is asked of the captions int64 (m,) of a shelf; `present`: one of them
    answers it."""

    text: str
    form: Form
    gallery: NDArray[np.int64]
    present: bool


def of_long(data: Captions, places: Sequence[int], count: int) -> list[Question]:
    """Of the long captions, and of parts of them as small as 150."""
    chance = np.random.default_rng(5)
    found = []
    for size in (150, 500, len(data.captions)):
        for form, text in _FORMS:
            for part, present in zip(asked(data, places, count), (True, False),
                                     strict=True):  # fmt: skip
                for one in part:
                    owner = data.owners[one.sentence] if present else None
                    found.append(
                        Question(
                            text(data.sentences[one.sentence]), form,
                            _part(one.gallery, size, owner, chance), present,
                        )
                    )  # fmt: skip
    return found + list(_words(data, places))


def short_captions(data: Captions) -> list[str]:
    """A caption of one sentence for each photo: a person's for those described, else
    the first of the long one."""
    first: dict[int, str] = {}
    for sentence, owner in zip(data.sentences, data.owners, strict=True):
        first.setdefault(owner, sentence)
    others = []
    for text in data.captions[data.described :]:
        begin, end = sentence_spans(text)[0]
        others.append(text[begin:end])
    return [first[place] for place in range(data.described)] + others


def of_short(data: Captions, places: Sequence[int], count: int) -> list[Question]:
    """The same questions of `short_captions`; never the very sentence that is one."""
    captions = set(short_captions(data))
    return [
        question
        for question in of_long(data, places, count)
        if question.text not in captions
    ]


def of_basic(labels: Sequence[str], half: int) -> list[Question]:
    """Of basic captions of labelled photos: a kind alone, and with a place that basic
    captions know nothing of. `half` 0 or 1 chooses every other kind."""
    kinds = [_photos_of(labels, words) for _, words in BASIC_KINDS]
    everything = np.arange(len(labels))
    found = []
    for n, ((name, _), own) in enumerate(zip(BASIC_KINDS, kinds, strict=True)):
        if n % 2 != half:
            continue
        without = np.setdiff1d(everything, own)
        other = np.setdiff1d(everything, kinds[(n + 1) % len(kinds)])
        article = "an" if name[0] in "aeiou" else "a"
        asks: list[tuple[Form, str]] = [("words", name), ("words", f"{article} {name}")]
        asks += [("with a place", f"{article} {name} {where}") for where in _AROUND]
        for form, text in asks:
            found.append(Question(text, form, other, True))
            found.append(Question(text, form, without, False))
    return found


_FORMS: tuple[tuple[Form, Callable[[str], str]], ...] = (
    ("sentence", str),
    ("keywords", keywords),
)


def _words(data: Captions, places: Sequence[int]) -> Iterator[Question]:
    """Each subject's first word alone and with "a", of galleries with and without."""
    texts = [set(_FIRST_WORDS.findall(text.lower())) for text in data.captions]
    kept = np.array(
        [n for n in range(len(texts)) if n >= data.described or n in set(places)]
    )
    for n, (word, words) in enumerate(zip(NAMES, SUBJECTS, strict=True)):
        if n % 2 != places[0] % 2:
            continue
        having = np.array([bool(texts[place] & words) for place in kept])
        if not having.any():
            continue
        for text in (word, f"a {word}"):
            yield Question(text, "words", kept, True)
            yield Question(text, "words", kept[~having], False)


def _photos_of(labels: Sequence[str], words: str) -> NDArray[np.int64]:
    wanted = {word.lower() for word in words.split()}
    return np.array(
        [
            n
            for n, label in enumerate(labels)
            if wanted & set(_FIRST_WORDS.findall(label.lower().replace("_", " ")))
        ],
        dtype=np.int64,
    )


def _part(
    gallery: NDArray[np.int64],
    size: int,
    owner: int | None,
    chance: np.random.Generator,
) -> NDArray[np.int64]:
    """`size` of the gallery, with the owner among them if there is one."""
    if size >= len(gallery):
        return gallery
    part = chance.choice(gallery, size, replace=False)
    if owner is not None and owner not in part:
        part[0] = owner
    return np.sort(part)
