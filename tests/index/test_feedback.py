"""Favourites, "not this" and what is not to be there: real model, catalogue, index."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from album.catalogue import Catalogue
from album.errors import CatalogueError
from index.embedder import MiniLMEmbedder
from index.feedback import GAMMA, Feedback, turned_away
from index.query import QueryParser
from index.search import Search
from index.sync import Sync
from tests.index.test_search import NOW, House

BEACH = "dog on the beach"


@pytest.fixture(scope="module")
def embedder() -> MiniLMEmbedder:
    return MiniLMEmbedder()


@pytest.fixture
def house(tmp_path: Path, embedder: MiniLMEmbedder) -> Iterator[House]:
    made = House(tmp_path / "data", embedder)
    yield made
    made.catalogue.close()


def everywhere(house: House, query: str) -> list[int]:
    """All photos that the search shows for a query, weaker ones too, in their order."""
    found = house.search.find(query, 500, weak=True)
    assert len(found.hits) == found.total + found.weaker
    return [hit.photo.id for hit in found.hits]


def test_favourites_are_a_filter_like_others(house: House) -> None:
    for loved in (1, 4, 5):
        house.catalogue.favourites.set(loved, True)
    assert set(house.names("favourites")) == {"11", "14", "15"}
    assert house.names("my favourites from 2025 in Portugal") == ["11"]
    assert house.names("favourite photos of the beach") == ["11"]
    assert set(house.names("not favourites")) == {"12", "13", "16"}
    assert set(house.names("beach, not favourites")) == {"12", "13"}
    assert house.names("favourites in Portugal, not 2025") == []
    found = house.search.find("favourite photos of the beach")
    assert [chip.kind for chip in found.asked.chips] == ["favourite"]  # type: ignore[union-attr]
    house.catalogue.favourites.set(1, False)
    assert house.names("favourite photos of the beach") == []


def test_without_favourites_there_are_none(house: House) -> None:
    for query in ("favourites", "favourite photos of the beach"):
        found = house.search.find(query)
        assert (found.total, found.weaker) == (0, 0)
    assert len(house.names("not favourites")) == 6


def test_a_photo_without_a_place_is_not_in_portugal(house: House) -> None:
    assert set(house.names("not in Portugal")) == {"12", "14", "15", "16"}
    assert house.names("beach, not in Portugal") == ["12"]
    assert set(house.names("not in Portugal or Norway")) == {"12", "14", "16"}
    assert house.names("in Portugal but not in Portugal") == []
    [chip] = house.search.find("beach, not in Portugal").asked.chips  # type: ignore[union-attr]
    assert (chip.kind, chip.label) == ("not", "not Portugal")


def test_not_this_takes_a_photo_out_of_that_query_only(house: House) -> None:
    before = house.search.find(BEACH)
    wrong = before.hits[0].photo.id
    others = everywhere(house, BEACH)
    others.remove(wrong)
    house.search.feedback.reject(BEACH, wrong)
    found = house.search.find(BEACH)
    assert found.rejected == 1
    assert found.total + found.weaker <= before.total + before.weaker
    assert wrong not in everywhere(house, BEACH)
    assert set(everywhere(house, BEACH)) <= set(others)
    for order in ("newest", "oldest"):
        assert wrong not in {
            h.photo.id for h in house.search.find(BEACH, order=order).hits
        }
    for same in (f"  DOG on\nthe {'beach'.upper()} ", "Dog on the beach"):
        assert wrong not in everywhere(house, same)
    for other in ("a dog on the beach", "dog", "dog on the beach in 2025"):
        found = house.search.find(other)
        assert found.rejected == 0
        assert found.hits[0].photo.id == wrong


def test_it_is_remembered_and_can_be_taken_back(
    house: House, tmp_path: Path, embedder: MiniLMEmbedder
) -> None:
    before = house.search.find(BEACH, weak=True)
    feedback = house.search.feedback
    for key in (1, 3):
        feedback.reject(BEACH, key)
    house.sync.save()
    house.catalogue.close()
    with Catalogue(tmp_path / "data", writable=False) as reader:  # as the command does
        sync = Sync(reader, embedder, tmp_path / "data/index.faiss", read_only=True)
        sync.open()
        again = Search(reader, embedder, sync, QueryParser("north", lambda: NOW))
        ids = {hit.photo.id for hit in again.find(BEACH, weak=True).hits}
        assert ids
        assert not ids & {1, 3}
        [listed] = again.feedback.all()
        assert (listed.query, set(listed.photo_ids)) == (BEACH, {1, 3})
    with Catalogue(tmp_path / "data") as catalogue:
        feedback = Feedback(catalogue)
        assert feedback.take_back("Dog on the BEACH", 3)
        assert not feedback.take_back(BEACH, 3)
        assert feedback.rejected(BEACH) == {1}
        assert feedback.reset() == 1
        sync = Sync(catalogue, embedder, tmp_path / "data/index.faiss")
        sync.open()
        again = Search(catalogue, embedder, sync, QueryParser("north", lambda: NOW))
        after = again.find(BEACH, weak=True)
    told = [(hit.photo.id, hit.score, hit.strength) for hit in after.hits]
    assert told == [(hit.photo.id, hit.score, hit.strength) for hit in before.hits]


def test_a_list_without_words_leaves_out_what_was_rejected(house: House) -> None:
    house.search.feedback.reject("in Portugal", 1)
    found = house.search.find("in Portugal")
    assert ([hit.photo.id for hit in found.hits], found.total) == ([3], 1)
    house.search.feedback.reject("in Portugal", 3)
    assert house.search.find("in Portugal").hits == []
    assert house.search.feedback.reset("IN portugal") == 2
    assert house.search.find("in Portugal").total == 2


def test_every_match_may_be_rejected(house: House) -> None:
    for key in everywhere(house, "beach"):
        house.search.feedback.reject("beach", key)
    found = house.search.find("beach", weak=True)
    assert set(found.hits) == set()
    assert (found.total, found.weaker) == (0, 0)


def test_totals_stay_right_where_many_match(
    tmp_path: Path, embedder: MiniLMEmbedder
) -> None:
    """More than are compared word by word at first, and some of the first taken out."""
    house = House(tmp_path / "data", embedder, captions=())
    for number in range(230):
        house.photo(f"{number}.jpg", "A dog runs on the beach.", 2024, None)
    while house.sync.step():
        pass
    assert house.search.find("dog", counted=True).total == 230
    for key in (1, 2, 3):
        house.search.feedback.reject("dog", key)
    found = house.search.find("dog", 500)
    assert (found.total, found.rejected) == (227, 3)
    assert not {hit.photo.id for hit in found.hits} & {1, 2, 3}
    house.catalogue.close()


def test_what_is_like_the_rejected_is_lowered(house: House) -> None:
    """Of two captions as near to the query, the one like what was rejected falls."""
    house.photo("again.jpg", "A brown dog runs along a beach at sunset.", 2021, None)
    house.photo("other.jpg", "A white dog swims in the sea at the beach.", 2021, None)
    house.sync.step()
    before = {h.photo.id: h.score for h in house.search.find(BEACH, weak=True).hits}
    house.search.feedback.reject(BEACH, 1)
    after = {h.photo.id: h.score for h in house.search.find(BEACH, weak=True).hits}
    assert after[7] < before[7]
    assert before[7] - after[7] > before[8] - after[8]


def test_blank_queries_and_unknown_photos(house: House) -> None:
    feedback = house.search.feedback
    feedback.reject(" \n", 1)
    assert feedback.all() == []
    assert not feedback.take_back(" ", 1)
    with pytest.raises(CatalogueError):
        feedback.reject(BEACH, 99)
    assert feedback.reset() == 0


def units(seed: int, count: int, dim: int = 384) -> NDArray[np.float32]:
    rows = np.random.default_rng(seed).standard_normal((count, dim))
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


@pytest.mark.parametrize("count", [1, 2, 500])
@pytest.mark.parametrize("like", [0.0, 0.5, 0.98, -0.5, -1.0])
def test_the_turn_is_away_and_bounded(like: float, count: int) -> None:
    [query], others = units(1, 1), units(2, count)
    mixed = like * query + (1 - abs(like)) * others
    rejected = mixed / np.linalg.norm(mixed, axis=1, keepdims=True)
    turned = turned_away(query, rejected)
    assert turned.dtype == np.float32
    assert np.linalg.norm(turned) == pytest.approx(1, abs=1e-6)
    assert float(turned @ query) > 0.998
    mean = rejected.mean(axis=0)
    assert float(turned @ mean) <= float(query @ mean) + 1e-6


@pytest.mark.parametrize("gamma", [0.01, GAMMA, 0.5, 0.9])
def test_the_bound_is_what_it_is_said_to_be(gamma: float) -> None:
    [query], others = units(3, 1), units(4, 50)
    across = others - (others @ query)[:, None] * query
    for row in across / np.linalg.norm(across, axis=1, keepdims=True):
        for like in np.linspace(-1, 1, 41):
            one = like * query + math.sqrt(max(0, 1 - like**2)) * row
            turned = turned_away(query, one[None, :].astype(np.float32), gamma)
            assert float(turned @ query) >= math.sqrt(1 - gamma**2) - 1e-5


def test_the_query_itself_rejected_turns_nothing() -> None:
    [query] = units(5, 1)
    assert turned_away(query, query[None, :]) == pytest.approx(query, abs=1e-7)
