"""More like this: real MiniLM, a real catalogue and a real index."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from album.photo import Author, WrittenCaption
from index.answer import SAME
from index.embedder import MiniLMEmbedder
from index.exemplar import Like
from index.found import Hit
from index.likeness_levels import levels_of
from tests.index.test_search import House

CAPTIONS = (
    ("A brown dog runs along a sandy beach at sunset. Waves roll in.", 2025, None),
    ("A black dog plays in the waves on the beach. The sand is wet.", 2025, "Portugal"),
    ("A white puppy digs a hole in the sand by the sea at night.", 2019, "Portugal"),
    ("Two children and a brown dog run along the beach at sunset.", 2024, None),
    ("A cat sleeps on a grey sofa. A lamp stands beside it.", 2024, None),
    ("A red car is parked in front of a brick house in the snow.", 2024, "Norway"),
    ("A plate with pizza and a glass of water on a wooden table.", 2026, None),
    ("A red car is parked in front of a brick house in the snow.", 2023, "Norway"),
)
DOG, BLACK_DOG, PUPPY, FAMILY, CAT, CAR, PIZZA, TWIN = range(1, 9)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("likes")
    made = House(folder / "data", MiniLMEmbedder(), CAPTIONS)
    yield made
    made.catalogue.close()


def like(house: House, photo_id: int) -> Like:
    photo = house.catalogue.photos.one(photo_id)
    assert photo is not None
    return Like.of(photo)


def ids(hits: list[Hit]) -> list[int]:
    return [hit.photo.id for hit in hits]


def test_what_says_nearly_the_same_comes_first_and_says_why(house: House) -> None:
    found = house.search.find("", like=like(house, DOG))
    assert set(ids(found.hits)) == {FAMILY, BLACK_DOG}
    assert found.total == len(found.hits)
    first = next(hit for hit in found.hits if hit.photo.id == BLACK_DOG)
    assert first.reason == "A black dog plays in the waves on the beach."
    marked = {first.reason[begin:end] for begin, end in first.marks}
    assert {"dog", "beach"} <= marked
    assert first.strength in ("strong", "good")


def test_a_photo_is_not_like_itself_but_like_its_twin(house: House) -> None:
    found = house.search.find("", like=like(house, CAR))
    assert ids(found.hits) == [TWIN]
    assert found.hits[0].strength == "strong"


def test_nothing_is_like_the_only_cat(house: House) -> None:
    found = house.search.find("", like=like(house, CAT))
    assert (found.total, found.hits) == (0, [])
    weak = house.search.find("", like=like(house, CAT), weak=True)
    assert all(hit.strength == "weak" for hit in weak.hits)


def test_words_and_filters_narrow_what_is_alike(house: House) -> None:
    dog = like(house, DOG)
    assert ids(house.search.find("in Portugal", like=dog).hits)[0] == BLACK_DOG
    assert ids(house.search.find("in 2024", like=dog).hits) == [FAMILY]
    assert ids(house.search.find("puppy digging", like=dog).hits) == [PUPPY]
    assert CAR not in ids(house.search.find("red car", like=dog, weak=True).hits)
    with_people = ids(house.search.find("", like=dog).hits)
    assert FAMILY in with_people
    without = ids(house.search.find("not people", like=dog).hits)
    assert without == [each for each in with_people if each != FAMILY]
    family = house.search.find("children", like=dog)
    assert ids(family.hits)[:1] == [FAMILY]
    reason = family.hits[0].reason
    assert "children" in {reason[a:b] for a, b in family.hits[0].marks}


def test_a_described_picture_and_words(house: House) -> None:
    picture = Like("A dog by the sea. The sand is yellow.")
    found = house.search.find("", like=picture)
    assert {DOG, BLACK_DOG} <= set(ids(found.hits))
    assert not {CAT, CAR, PIZZA} & set(ids(found.hits))
    puppies = house.search.find("puppy digging", like=picture)
    assert ids(puppies.hits)[0] == PUPPY


def test_the_very_picture_comes_first_if_the_filters_let_it(house: House) -> None:
    dog = replace(like(house, DOG), same=True)
    found = house.search.find("", like=dog)
    assert ids(found.hits)[0] == DOG
    assert set(ids(found.hits)[1:]) == {FAMILY, BLACK_DOG}
    assert (found.hits[0].reason, found.hits[0].source) == (SAME, "same")
    assert DOG not in ids(house.search.find("in Portugal", like=dog).hits)


def test_a_photo_without_a_caption_is_like_nothing(house: House) -> None:
    assert house.search.find("", like=Like("  ")).total == 0
    same = house.search.find("", like=Like("", photo_id=PIZZA, same=True))
    assert ids(same.hits) == [PIZZA]


def test_common_tags_decide_between_equals(house: House) -> None:
    told = WrittenCaption("A boat on a lake at noon.", ("boat", "lake", "holiday"))
    bare = WrittenCaption("A boat on a lake at noon.", ())
    first = house.photo("boat 1.jpg", "x", 2020, None)
    second = house.photo("boat 2.jpg", "x", 2020, None)
    for key, written in ((first, bare), (second, told)):
        house.catalogue.captions.add_many(Author("person"), [(key, written)])
    house.sync.step()
    asked = Like("A boat on the lake.", ("holiday", "lake"))
    assert ids(house.search.find("", like=asked).hits) == [second, first]


def test_an_edit_is_followed_at_once(house: House) -> None:
    assert PIZZA not in ids(house.search.find("", like=like(house, DOG)).hits)
    house.captions.caption(PIZZA, "A brown dog runs along a beach at sunset.")
    house.sync.step()
    assert ids(house.search.find("", like=like(house, DOG)).hits)[0] == PIZZA


def test_levels_follow_the_captions_and_stay_in_bounds() -> None:
    chance = np.random.default_rng(1)
    short = chance.normal(0.08, 0.09, 1000).astype(np.float32)
    long = chance.normal(0.33, 0.11, 1000).astype(np.float32)
    assert levels_of(short, "normal").least < levels_of(long, "normal").least
    alike = chance.normal(0.6, 0.08, 1000).astype(np.float32)  # as basic captions are
    same = np.ones(99, np.float32)
    for cosines, most in (
        (short, 0.62), (long, 0.62), (long[:0], 0.62), (long[:1], 0.62), (alike, 0.7),
        (same, 0.85),
    ):  # fmt: skip
        strict, normal, lenient = (
            levels_of(cosines, one) for one in ("strict", "normal", "lenient")
        )  # type: ignore[arg-type]
        assert 0.3 <= lenient.least <= normal.least <= strict.least <= most
        assert normal.weakest < normal.least <= normal.strong
        assert normal.strength_of(normal.least - 0.01) == "weak"
        assert normal.strength_of(normal.strong) == "strong"
    assert levels_of(alike, "normal").least > 0.62, "not most of the album"
    assert levels_of(same, "strict").strength_of(1.0) == "strong"
