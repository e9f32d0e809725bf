"""Queries whose subject is in the gallery, and queries whose subject is not.

The second are made by leaving whole subjects out: every caption that names the subject,
or whose photo a person described with it, is taken from the gallery.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from benchmarks.quality_data import Captions

_SUBJECTS = (
    "giraffe giraffes",
    "elephant elephants",
    "zebra zebras",
    "horse horses pony ponies foal",
    "cow cows cattle bull bulls calf",
    "sheep lamb lambs ram goat goats",
    "bear bears panda",
    "cat cats kitten kittens feline",
    "dog dogs puppy puppies canine",
    "bird birds parrot pigeon pigeons seagull seagulls duck ducks goose geese owl",
    "train trains locomotive railway railroad subway tram trolley",
    "bus buses busses coach",
    "airplane airplanes plane planes jet jets aircraft airliner airport runway",
    "boat boats ship ships sailboat sailboats canoe kayak ferry harbor",
    "motorcycle motorcycles motorbike motorbikes scooter moped biker",
    "bicycle bicycles bike bikes cyclist cyclists",
    "truck trucks lorry pickup",
    "surf surfing surfer surfers surfboard surfboards",
    "ski skis skiing skier skiers snowboard snowboarder snowboarding snowboards",
    "skateboard skateboarder skateboarding skateboards skater skaters skatepark",
    "tennis racket racquet",
    "baseball batter umpire pitcher bat",
    "frisbee frisbees disc",
    "kite kites",
    "umbrella umbrellas parasol",
    "pizza pizzas",
    "cake cakes cupcake cupcakes dessert pastry",
    "donut donuts doughnut doughnuts",
    "sandwich sandwiches burger hamburger hot-dog hotdog",
    "banana bananas orange oranges apple apples fruit fruits",
    "broccoli vegetables carrots salad",
    "toilet toilets urinal bathroom restroom",
    "bed beds bedroom mattress pillows",
    "couch sofa couches armchair",
    "laptop laptops computer computers keyboard monitor",
    "television tv televisions",
    "phone phones cellphone smartphone telephone",
    "clock clocks clocktower",
    "hydrant hydrants",
    "teddy bear bears plush stuffed",
    "vase vases flowers bouquet",
    "kitchen oven stove refrigerator fridge microwave",
    "tie ties necktie suit",
    "bench benches",
    "sign signs",
    "wii remote controller video-game",
    "scissors knife toothbrush",
    "luggage suitcase suitcases baggage",
    "wine glass glasses bottle bottles beer",
    "soccer football",
)
SUBJECTS = tuple(frozenset(words.split()) for words in _SUBJECTS)
NAMES = tuple(words.split()[0] for words in _SUBJECTS)
"""What a person would call each subject."""
_WORD = re.compile(r"[\w-]+")
# A subject of a photo is what at least this many of its five sentences name.
_AGREEING = 3


@dataclass(frozen=True, slots=True)
class Asked:
    """A sentence, and the captions int64 (m,) that it is asked of."""

    sentence: int
    gallery: NDArray[np.int64]


def asked(
    data: Captions, places: Sequence[int], count: int
) -> tuple[list[Asked], list[Asked]]:
    """`count` questions about the photos at `places` with an answer in their gallery,
    and as many without one, spread over the subjects as evenly as they come.

    Both are asked of the same galleries, each without one subject: those with an answer
    of galleries that lack another subject than theirs.
    """
    texts = _about(data)
    galleries = [
        np.array([n for n, text in enumerate(texts) if not text & words])
        for words in SUBJECTS
    ]
    without = [
        [
            n
            for n, sentence in enumerate(data.sentences)
            if data.owners[n] in places
            and _words(sentence) & words
            and _agreed(data, data.owners[n], words)
        ]
        for words in SUBJECTS
    ]
    absent: dict[int, Asked] = {}
    for row in range(max(map(len, without))):
        for gallery, sentences in zip(galleries, without, strict=True):
            if row < len(sentences):  # a sentence of two subjects is asked once
                absent.setdefault(sentences[row], Asked(sentences[row], gallery))
    chosen = dict(list(absent.items())[:count])
    present = []
    for n in _scattered(data, places):
        gallery = galleries[len(present) % len(galleries)]
        if n not in chosen and data.owners[n] in gallery:
            present.append(Asked(n, gallery))
    return present[:count], list(chosen.values())


def subjects_in(text: str) -> frozenset[int]:
    """Which of SUBJECTS, by their places, a text names."""
    words = _words(text)
    return frozenset(n for n, names in enumerate(SUBJECTS) if names & words)


def subjects_shown(data: Captions) -> list[frozenset[int]]:
    """The same for each photo: by its caption and by people's sentences about it."""
    return [subjects_in(" ".join(words)) for words in _about(data)]


def _scattered(data: Captions, places: Sequence[int]) -> list[int]:
    """The first sentence of every photo, then the second of every photo, and so on."""
    by_photo = [
        [n for n, owner in enumerate(data.owners) if owner == place] for place in places
    ]
    return [
        sentences[row]
        for row in range(max(map(len, by_photo)))
        for sentences in by_photo
        if row < len(sentences)
    ]


def subjects_of(data: Captions, place: int) -> set[int]:
    """The subjects of a photo, as numbers of SUBJECTS: those that people agree on."""
    return {n for n, words in enumerate(SUBJECTS) if _agreed(data, place, words)}


def _agreed(data: Captions, place: int, words: frozenset[str]) -> bool:
    naming = [
        bool(_words(sentence) & words)
        for sentence, owner in zip(data.sentences, data.owners, strict=True)
        if owner == place
    ]
    return sum(naming) >= _AGREEING


def _about(data: Captions) -> list[set[str]]:
    """The words of each caption and of the sentences about its photo."""
    texts = [_words(caption) for caption in data.captions]
    for sentence, owner in zip(data.sentences, data.owners, strict=True):
        texts[owner] |= _words(sentence)
    return texts


def _words(text: str) -> set[str]:
    return set(_WORD.findall(text.casefold()))
