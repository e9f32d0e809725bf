"""Pages of an answer: the same list however it is cut, and a count that is true."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index import candidates, widening
from index import search as search_module
from index.embedder import MiniLMEmbedder
from index.exemplar import Like
from index.found import Found, Order
from tests.index.test_search import House

DOGS, PUPPIES, CARS = 60, 12, 40


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Many dogs, of which some are called puppies, many equal, and cars."""
    texts = [f"A brown dog runs on the beach, day {n // 3}." for n in range(DOGS)]
    texts += [f"A small puppy sleeps, number {n}." for n in range(PUPPIES)]
    texts += [f"A red car stands in the snow, day {n // 4}." for n in range(CARS)]
    captions = [(text, 2000 + n % 20, None) for n, text in enumerate(texts)]
    folder = tmp_path_factory.mktemp("pages")
    made = House(folder / "data", MiniLMEmbedder(), captions)
    while made.sync.pending():
        made.sync.step()
    yield made
    made.catalogue.close()


@pytest.fixture
def small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in an album a hundred times as large: 8 photos are compared at first, then
    20, then 15 at a time."""
    monkeypatch.setattr(candidates, "BY_WORDS", 4)
    monkeypatch.setattr(widening, "_MANY_SAY_SO", 4)
    monkeypatch.setattr(search_module, "RERANKED", 8)
    monkeypatch.setattr(widening, "FIRST_CHUNK", 6)
    monkeypatch.setattr(widening, "CHUNK", 15)


WISHES = st.fixed_dictionaries(
    {
        "order": st.sampled_from(["relevance", "newest", "oldest"]),
        "weak": st.booleans(),
        "like": st.sampled_from([None, Like("A dog on the beach.")]),
    }
)
QUERIES = st.sampled_from(["dog", "a brown dog on the beach", "snow", "in 2005", "cat"])


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(query=QUERIES, wish=WISHES, sizes=st.lists(st.integers(1, 40), max_size=12))
def test_any_pages_give_the_same_list(
    house: House, small_steps: None, query: str, wish: dict, sizes: list[int]
) -> None:
    """No gap, no repetition, whatever the sizes of the pages are."""
    whole = house.search.find(query, 1000, counted=True, **wish)
    listed = [hit.photo.id for hit in whole.hits]
    assert len(set(listed)) == len(listed)
    assert len(listed) == whole.total + (whole.weaker if wish["weak"] else 0)
    paged: list[int] = []
    for size in [*sizes, 1000]:
        page = house.search.find(query, size, offset=len(paged), **wish)
        assert page.total == whole.total or page.at_least
        assert page.total <= whole.total
        paged += [hit.photo.id for hit in page.hits]
    assert paged == listed


def dogs_among(found: Found) -> int:
    return sum("dog" in hit.reason for hit in found.hits)


@pytest.mark.parametrize("order", ["newest", "oldest"])
def test_by_date_every_match_counts(
    house: House, small_steps: None, order: Order
) -> None:
    """Although only a few are compared at first, all dogs are there."""
    found = house.search.find("dog", 1000, order=order)
    assert dogs_among(found) == DOGS
    assert not found.at_least
    assert found.total == len(found.hits)
    assert not any("car" in hit.reason for hit in found.hits)
    dates = [hit.photo.sort_at for hit in found.hits]
    assert dates == sorted(dates, reverse=order == "newest")


def test_the_first_page_says_that_there_may_be_more(
    house: House, small_steps: None
) -> None:
    first = house.search.find("dog", 5)
    assert first.at_least
    assert len(first.hits) == 5
    counted = house.search.find("dog", 5, counted=True)
    assert not counted.at_least
    assert DOGS <= counted.total <= DOGS + PUPPIES
    assert first.total < counted.total
    before = house.search.find("dog", 5)
    assert [hit.photo.id for hit in before.hits] == [h.photo.id for h in first.hits]


def test_beyond_what_is_compared_the_count_is_a_bound(
    house: House, small_steps: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(widening, "MOST", 30)
    found = house.search.find("a dog", 1000, order="newest")
    assert found.at_least
    assert 30 <= found.total < DOGS


def test_few_matches_are_counted_at_once(house: House) -> None:
    found = house.search.find("in 2005", 3)
    assert (found.total, found.at_least) == (6, False)
    assert len(found.hits) == 3


def test_a_folder_is_one_more_filter(house: House) -> None:
    """Exactly this folder, not those whose names begin like it or that lie below."""
    for name in (b"Trip/a.jpg", b"Trip/b.jpg", b"Trip/deep/c.jpg", b"Trips/d.jpg"):
        house.photo(name.decode(), "A green tent in the woods.", 2021, None)
    while house.sync.pending():
        house.sync.step()

    def names(query: str, folder: str | None) -> list[str]:
        found = house.search.find(query, 50, folder=folder)
        assert found.total == len(found.hits)
        return [hit.photo.name for hit in found.hits]

    assert names("", "pictures/Trip") == ["b.jpg", "a.jpg"]
    assert sorted(names("tent", "pictures/Trip")) == ["a.jpg", "b.jpg"]
    assert names("tent in 2020", "pictures/Trip") == []
    assert names("tent", "pictures/Trip/deep") == ["c.jpg"]
    assert names("dog", "pictures/Trip") == []
    assert names("", "nowhere") == []
    assert sorted(names("tent", None)) == ["a.jpg", "b.jpg", "c.jpg", "d.jpg"]
    tent = Like("A tent in the woods.")
    found = house.search.find("", 50, folder="pictures/Trips", like=tent)
    assert [hit.photo.name for hit in found.hits] == ["d.jpg"]
