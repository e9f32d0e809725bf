"""From a sentence to photos: the real text model, a real catalogue, a real index."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

import pytest

from album.catalogue_files import Fingerprint
from album.photo import Author, Reading, WrittenCaption
from index.asked import LONGEST_QUERY, normalised
from index.embedder import MiniLMEmbedder
from index.found import Found
from index.query import QueryParser
from index.search import Search
from index.sync import Sync
from tests.index.conftest import Captions

NOW = datetime(2026, 11, 21, 12, 0)
CAPTIONS = (
    (
        "A brown dog runs along a sandy beach at sunset. Waves roll.",
        2025,
        "Portugal",
    ),
    ("A family with two children sits on the beach under a red umbrella.", 2025, None),
    ("An empty beach with white sand and palm trees.", 2019, "Portugal"),
    ("A cat sleeps on a grey sofa. A lamp stands beside it.", 2024, None),
    ("A red car is parked in front of a brick house in the snow.", 2024, "Norway"),
    ("A plate with pizza and a glass of water on a wooden table.", 2026, None),
)


@pytest.fixture(scope="module")
def embedder() -> MiniLMEmbedder:
    return MiniLMEmbedder()


class House:
    """Six photos with captions, dates and places, and the search over them."""

    def __init__(
        self,
        folder: Path,
        embedder: MiniLMEmbedder,
        captions: Sequence[tuple[str, int, str | None]] = CAPTIONS,
    ) -> None:
        self.captions = Captions(folder)
        self.catalogue = self.captions.catalogue
        self.embedder = embedder
        for number, (text, year, place) in enumerate(captions):
            self.photo(f"IMG_{4711 + number}.jpg", text, year, place)
        self.sync = Sync(self.catalogue, embedder, folder / "index.faiss")
        self.sync.step()
        self.search = self.new_search()

    def new_search(self) -> Search:
        parser = QueryParser("north", lambda: NOW)
        return Search(self.catalogue, self.embedder, self.sync, parser)

    def photo(
        self, name: str, text: str, year: int, place: str | None, read: str = ""
    ) -> int:
        root = self.captions.root
        raw = name.encode()
        self.catalogue.files.add(root.id, [(raw, Fingerprint(1, 2, 3, 4))], 10**18)
        file_id = self.catalogue.files.id_at(root.id, raw)
        assert file_id is not None
        taken = datetime(year, 7, 15, 10, 0)
        reading = Reading("JPEG", 40, 30, taken_at=taken, place=place)
        photo_id = self.catalogue.photos.add(file_id, name, 1, reading, taken)
        written = WrittenCaption(text, (), read)
        self.catalogue.captions.add_many(Author("qwen", "m", 2), [(photo_id, written)])
        return photo_id

    def names(self, query: str, **options: object) -> list[str]:
        found = self.search.find(query, 50, **options)  # type: ignore[arg-type]
        return [hit.photo.name.removesuffix(".jpg")[-2:] for hit in found.hits]


@pytest.fixture
def house(tmp_path: Path, embedder: MiniLMEmbedder) -> Iterator[House]:
    made = House(tmp_path / "data", embedder)
    yield made
    made.catalogue.close()


def test_the_best_answer_comes_first_with_its_words_marked(house: House) -> None:
    found = house.search.find("dog on the beach")
    first = found.hits[0]
    assert first.photo.name == "IMG_4711.jpg"
    assert first.reason == "A brown dog runs along a sandy beach at sunset."
    marked = {first.reason[begin:end] for begin, end in first.marks}
    assert {"dog", "beach"} <= marked
    assert first.strength in ("strong", "good")
    scores = [hit.score for hit in found.hits]
    assert scores == sorted(scores, reverse=True)


@pytest.mark.parametrize("query", ["quarterly tax report", "a submarine volcano"])
def test_nothing_matches_is_an_answer(house: House, query: str) -> None:
    found = house.search.find(query)
    assert (found.total, found.hits) == (0, [])


def test_not_works_on_what_is_meant(house: House) -> None:
    """The caption says a family and two children, and never the word people."""
    with_people = house.names("beach")
    assert "12" in with_people
    found = house.search.find("beach without people")
    assert [chip.label for chip in found.asked.chips] == ["not people"]  # type: ignore[union-attr]
    assert house.names("beach without people") == [n for n in with_people if n != "12"]


def test_one_sentence_holds_content_date_and_place(house: House) -> None:
    assert house.names("beach in Portugal last summer") == []
    assert house.names("beach in Portugal in 2025") == ["11"]
    assert set(house.names("beach in Portugal")) == {"11", "13"}
    assert set(house.names("in Portugal")) == {"11", "13"}
    assert house.names("2024") == ["15", "14"]  # equal days: the later one first
    found = house.search.find("beach in Portugal in 2025")
    assert [chip.kind for chip in found.asked.chips] == ["place", "date"]  # type: ignore[union-attr]


def test_order_by_date_and_the_weaker_ones_behind_a_click(house: House) -> None:
    newest, oldest = house.names("beach", order="newest"), None
    oldest = house.names("beach", order="oldest")
    assert newest == list(reversed(oldest))
    assert set(newest) == set(house.names("beach"))
    plain, more = house.search.find("beach"), house.search.find("beach", weak=True)
    assert plain.total == more.total == len(plain.hits)
    assert len(more.hits) == more.total + more.weaker
    assert [h.photo.id for h in more.hits[: plain.total]] == [
        h.photo.id for h in plain.hits
    ]
    assert all(h.strength == "weak" for h in more.hits[plain.total :])


def test_names_and_read_text_are_found_by_their_words(house: House) -> None:
    found = house.search.find("IMG_4715")
    assert [hit.photo.name for hit in found.hits] == ["IMG_4715.jpg"]
    assert (found.hits[0].source, found.hits[0].reason) == ("name", "IMG_4715.jpg")
    sign = house.photo("sign.jpg", "A wall with a sign.", 2023, None, "EXIT 5 NORTH")
    house.sync.step()
    [hit] = house.search.find('"exit 5"').hits
    assert hit.photo.id == sign
    assert house.search.find("exit 5 north").hits[0].source == "text"


@pytest.mark.parametrize("count", [1, 3, 40])
def test_an_album_where_all_are_alike_still_answers(
    tmp_path: Path, embedder: MiniLMEmbedder, count: int
) -> None:
    """What is around a hit says nothing where everything around is a hit."""
    house = House(tmp_path / "data", embedder, captions=())
    for number in range(count):
        house.photo(f"{number}.jpg", "A dog runs on the beach.", 2024, None)
    while house.sync.step():
        pass
    for query in ("dog", "dogs", "a dog on the beach"):
        assert house.search.find(query).total == count, query
    if count < 10:  # not all of its words are there: of many, it is the usual level
        assert house.search.find("a dog at the sea").total == count
    for query in ("castle", "quarterly tax report", "a cat on a sofa"):
        assert house.search.find(query).total == 0, query
    house.catalogue.close()


def test_an_edit_and_a_vanished_file_are_seen_by_the_next_search(
    house: House,
) -> None:
    cat = next(h.photo.id for h in house.search.find("a cat").hits)
    house.catalogue.captions.add_of_person(cat, "Our zebra in the zoo.", None)
    house.sync.step()
    assert house.search.find("zebra").hits[0].photo.id == cat
    assert house.search.find("zebra").hits[0].reason == "Our zebra in the zoo."
    house.captions.missing(cat)
    assert house.search.find("zebra").hits == []


def test_older_captions_without_parts_are_found_all_the_same(house: House) -> None:
    house.catalogue.vectors.put_parts(
        house.embedder.name,
        [
            (caption.id, b"damaged")
            for key in range(1, 7)
            if (caption := house.catalogue.photos.many([key])[key].caption)
        ],
    )
    found = house.search.find("dog on the beach", 50, weak=True)
    assert found.hits[0].photo.name == "IMG_4711.jpg"
    assert found.hits[0].marks == ()


def test_the_background_is_a_fact_that_both_processes_read(house: House) -> None:
    for number in range(60):
        house.photo(f"more {number}.jpg", f"A green hill, number {number}.", 2020, None)
    while house.sync.step():
        pass
    house.search.tidy_up()
    fact = f"search_background {house.embedder.name}"
    kept = house.catalogue.facts.get(fact)
    assert kept is not None
    before = house.search.find("beach")
    again = house.new_search()
    again.tidy_up()
    assert house.catalogue.facts.get(fact) == kept
    assert [h.photo.id for h in again.find("beach").hits] == [
        h.photo.id for h in before.hits
    ]


def test_threads_search_while_captions_change(house: House) -> None:
    """Never a photo for another photo's words, never an error."""
    stop, wrong = threading.Event(), list[object]()

    def look() -> None:
        while not stop.is_set():
            try:
                found: Found = house.search.find("dog on the beach")
                for hit in found.hits:
                    if hit.reason and hit.reason not in hit.photo.caption.text:  # type: ignore[union-attr]
                        wrong.append(hit)
            except Exception as error:  # noqa: BLE001 - any is a failure here
                wrong.append(error)

    threads = [threading.Thread(target=look) for _ in range(4)]
    for thread in threads:
        thread.start()
    for turn in range(15):
        house.catalogue.captions.add_of_person(4, f"A dog on beach {turn}.", None)
        house.photo(f"new {turn}.jpg", f"A dog digs hole {turn}.", 2021, None)
        house.captions.missing(2, missing=bool(turn % 2))
        house.sync.step()
    stop.set()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_blank_finds_nothing_and_limits_hold(house: House) -> None:
    assert house.search.find(" \n\t ").hits == []
    found = house.search.find("beach", 1)
    assert len(found.hits) == 1
    assert found.total > 1


def test_the_query_is_bounded_and_composed() -> None:
    assert normalised("  cafe\u0301 \n au  lait ") == "caf\u00e9 au lait"
    assert len(normalised("x" * 10**6)) == LONGEST_QUERY


def test_an_album_narrows_a_search(house: House) -> None:
    albums = house.catalogue.albums
    trip = albums.create("Norway trip")
    albums.add(trip, [1, 3, 5])
    assert house.names("", album=trip) == ["11", "15", "13"]  # the newest first
    assert set(house.names("beach", album=trip)) == {"11", "13"}
    assert set(house.names("beach in album norway trip")) == {"11", "13"}
    assert house.names('album:"Norway trip" 2024') == ["15"]
    assert house.names("in album Norway trip", folder="nowhere") == []
    found = house.search.find("beach not in the Norway trip album")
    assert [hit.photo.id for hit in found.hits] == [2]
    assert [chip.label for chip in found.asked.chips] == ["not Norway trip"]  # type: ignore[union-attr]
    albums.rename(trip, "Summer")
    assert house.names("in album Summer") == ["11", "15", "13"]
    albums.remove(trip, [1])
    assert house.names("beach", album=trip) == ["13"]


def test_what_was_removed_is_found_by_no_search(house: House) -> None:
    everything = house.names("beach", weak=True)
    removed = house.search.find("dog on the beach").hits[0].photo.id
    other = house.new_search()
    other.find("dog")  # its index has seen the photo, and follows
    assert house.catalogue.removals.remove([removed]) == [removed]
    asked = ("dog on the beach", "IMG_4711", '"brown dog"', "2025", "not a cat")
    for search in (house.search, other):
        for query in asked:
            hits = search.find(query, 50, weak=True).hits
            assert removed not in [hit.photo.id for hit in hits], query
    assert len(house.sync.index) == 5
    house.catalogue.removals.restore([removed])
    assert house.names("beach", weak=True) == everything
    assert house.search.find("dog on the beach").hits[0].photo.id == removed
    assert house.sync.pending() == 0
