"""From a sentence to photos, with a small embedder."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from index.search import LONGEST_QUERY, Search, normalised
from index.sync import Sync
from tests.index.conftest import Captions, WordEmbedder


@pytest.fixture
def search(captions: Captions, embedder: WordEmbedder, path: Path) -> Search:
    captions.photo("blue sky. dog beach. green grass")
    captions.photo("cat sofa")
    captions.photo("dog sofa")
    sync = Sync(captions.catalogue, embedder, path)
    sync.step()
    return Search(captions.catalogue, embedder, sync)


def test_finds_the_nearest_first_and_says_why(search: Search) -> None:
    found = search.find("dog beach")
    assert found.hits[0].photo.id == 1
    assert found.hits[0].reason == "dog beach."
    scores = [hit.score for hit in found.hits]
    assert scores == sorted(scores, reverse=True)
    assert min(scores) > 0.25


def test_total_counts_beyond_the_limit(search: Search) -> None:
    found = search.find("sofa", limit=1)
    assert (found.total, len(found.hits)) == (2, 1)


def test_only_allowed_photos_are_found(search: Search) -> None:
    found = search.find("sofa", allowed=np.array([3]))
    assert [hit.photo.id for hit in found.hits] == [3]


def test_nonsense_and_blank_find_nothing(
    search: Search, embedder: WordEmbedder
) -> None:
    assert search.find("zebra").total == 0
    asked = embedder.embedded
    assert search.find(" \n\t ").hits == []
    assert embedder.embedded == asked


def test_an_edit_and_a_vanished_file_are_seen_by_the_next_search(
    search: Search, captions: Captions, embedder: WordEmbedder, path: Path
) -> None:
    captions.caption(2, "zebra")
    Sync(captions.catalogue, embedder, path).step()  # whoever embeds it
    assert [hit.photo.id for hit in search.find("zebra").hits] == [2]
    captions.missing(2)
    assert search.find("zebra").total == 0


def test_the_query_is_bounded_and_composed() -> None:
    assert normalised("  cafe\u0301 \n au  lait ") == "caf\u00e9 au lait"
    assert len(normalised("x" * 10**6)) == LONGEST_QUERY
