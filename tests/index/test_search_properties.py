"""What holds for every search: hits lie within the filters, nothing that is gone or
another's comes back, and eight may search while one changes the album."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from album.catalogue_files import Fingerprint
from album.photo import Author, Reading, WrittenCaption
from index.embedder import MiniLMEmbedder
from index.exemplar import Like
from index.found import Found, Order
from index.query import QueryParser
from index.search import Search
from index.sync import Sync
from tests.index.conftest import Captions

NOW = datetime(2026, 11, 21, 12, 0)
SUBJECTS = ("dog", "cat", "red car", "sailing boat", "birthday cake", "mountain")
SCENES = ("on a beach at sunset", "in the snow", "in a garden with children")
PLACES = ("Lisbon, Portugal", "Oslo, Norway", None)
CAMERAS = ("Canon EOS R6", "Apple iPhone 12", None)
FOLDERS = ("trips", "home")
YEARS = (2015, 2019, 2024)


@dataclass(frozen=True)
class Fact:
    """What is known of one photo of the album below."""

    year: int
    place: str | None
    camera: str | None
    folder: str


Fits = Callable[[Fact], bool]
# Words of a query that narrow it, and what then must be true of every hit; one of each
# kind at most, since "2019, before 2016" is read as either.
FILTERS: tuple[tuple[str, Fits], ...] = (
    ("2019", lambda fact: fact.year == 2019),
    ("before 2016", lambda fact: fact.year == 2015),
    ("not in 2024", lambda fact: fact.year != 2024),
    ("in Portugal", lambda fact: bool(fact.place and "Portugal" in fact.place)),
    ("not in Norway", lambda fact: not (fact.place and "Norway" in fact.place)),
    ("shot on the Canon", lambda fact: bool(fact.camera and "Canon" in fact.camera)),
    ("not from the Canon", lambda fact: not (fact.camera and "Canon" in fact.camera)),
    ("in folder trips", lambda fact: fact.folder == "trips"),
)


KINDS = ((0, 1, 2), (3, 4), (5, 6), (7,))  # dates, places, cameras, folders


class Album:
    """A real catalogue of photos that differ in all of these, and the search."""

    def __init__(self, folder: Path, embedder: MiniLMEmbedder, flat_most: int) -> None:
        self.captions = Captions(folder)
        self.catalogue = self.captions.catalogue
        self.facts: dict[int, Fact] = {}
        self.files: dict[int, int] = {}
        self.sync = Sync(
            self.catalogue, embedder, folder / "index.faiss", flat_most=flat_most
        )
        parser = QueryParser("north", lambda: NOW)
        self.search = Search(self.catalogue, embedder, self.sync, parser)

    def add(self, text: str, fact: Fact) -> int:
        root, name = self.captions.root, f"{fact.folder}/{len(self.facts)}.jpg"
        raw = name.encode()
        self.catalogue.files.add(root.id, [(raw, Fingerprint(1, 2, 3, 4))], 10**18)
        file_id = self.catalogue.files.id_at(root.id, raw)
        assert file_id is not None
        taken = datetime(fact.year, 7, 15, 10)
        reading = Reading(
            "JPEG", 40, 30, taken_at=taken, place=fact.place, camera=fact.camera
        )
        photo_id = self.catalogue.photos.add(file_id, name, 1, reading, taken)
        self.say(photo_id, text, "qwen")
        self.facts[photo_id], self.files[photo_id] = fact, file_id
        return photo_id

    def say(self, photo_id: int, text: str, captioner: str = "person") -> None:
        written = [(photo_id, WrittenCaption(text))]
        self.catalogue.captions.add_many(Author(captioner, "m", 2), written)

    def set_missing(self, photo_id: int, missing: bool) -> None:
        self.catalogue.files.set_missing([self.files[photo_id]], missing)

    def learn(self) -> None:
        while self.sync.step():
            pass

    def close(self) -> None:
        self.sync.close()
        self.catalogue.close()


@pytest.fixture(scope="module")
def embedder() -> MiniLMEmbedder:
    return MiniLMEmbedder()


@pytest.fixture(scope="module", params=[10**9, 20], ids=["exact", "lists"])
def album(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    embedder: MiniLMEmbedder,
) -> Iterator[Album]:
    made = Album(tmp_path_factory.mktemp("album"), embedder, request.param)
    for number in range(72):
        text = f"A {SUBJECTS[number % 6]} {SCENES[number // 6 % 3]}."
        fact = Fact(
            YEARS[number % 3], PLACES[number // 3 % 3], CAMERAS[number // 2 % 3],
            FOLDERS[number // 5 % 2],
        )  # fmt: skip
        made.add(text, fact)
    made.learn()
    yield made
    made.close()


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    words=st.sampled_from(["", "dog", "a cat in the snow", "cake", "quarterly tax"]),
    chosen=st.tuples(*(st.none() | st.sampled_from(kind) for kind in KINDS)),
    order=st.sampled_from(["relevance", "newest", "oldest"]),
    weak=st.booleans(),
    like=st.none() | st.integers(1, 72),
)
def test_every_hit_lies_within_the_filters(
    album: Album,
    words: str,
    chosen: tuple[int | None, ...],
    order: Order,
    weak: bool,
    like: int | None,
) -> None:
    narrowed = [FILTERS[n] for n in chosen if n is not None]
    query = " ".join([words, *(text for text, _ in narrowed)]).strip()
    alike = None
    if like is not None:
        photo = album.catalogue.photos.one(like)
        assert photo is not None
        alike = Like.of(photo)
    found = album.search.find(query, 500, order=order, weak=weak, like=alike)

    allowed = {
        key
        for key, fact in album.facts.items()
        if all(fits(fact) for _, fits in narrowed)
    }
    ids = [hit.photo.id for hit in found.hits]
    assert set(ids) <= allowed, query
    assert len(ids) == len(set(ids))
    assert found.total == sum(hit.strength != "weak" for hit in found.hits)
    if narrowed and not words and alike is None:
        assert set(ids) == allowed, "nothing but filters: all that they let through"
    for hit in found.hits:
        assert hit.photo.caption is not None
        assert hit.reason in hit.photo.caption.text


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["vanish", "return", "edit", "reject", "take back"]),
            st.integers(1, 72),
        ),
        max_size=6,
    )
)
def test_what_is_gone_does_not_come_back(
    album: Album, steps: list[tuple[str, int]]
) -> None:
    gone, rejected, edited = set[int](), set[int](), dict[int, str]()
    for what, key in steps:
        if what in ("vanish", "return"):
            album.set_missing(key, what == "vanish")
            (gone.add if what == "vanish" else gone.discard)(key)
        elif what == "edit":
            edited[key] = f"A dog wears hat number {key}."
            album.say(key, edited[key])
            album.learn()
        elif what == "reject":
            album.search.feedback.reject("dog", key)
            rejected.add(key)
        else:
            album.search.feedback.take_back("dog", key)
            rejected.discard(key)
    try:
        found = album.search.find("dog", 500, weak=True)
        hits = {hit.photo.id: hit for hit in found.hits}
        assert not hits.keys() & (gone | rejected)
        for key, text in edited.items():
            if key not in gone | rejected:
                assert hits[key].reason == text
    finally:
        album.search.feedback.reset()
        for key in gone:
            album.set_missing(key, False)
        for key in edited:
            album.catalogue.captions.withdraw_newest_of_person(key)
        album.learn()


ANCHORS = {
    "A zebra drinks from a water hole.": "zebra at a water hole",
    "An astronaut floats above the blue earth.": "astronaut above the earth",
    "A pizza with olives on a wooden table.": "pizza with olives",
    "A steam train crosses a stone bridge.": "steam train on a bridge",
}


def test_eight_search_while_one_adds_edits_and_removes(
    tmp_path: Path, embedder: MiniLMEmbedder
) -> None:
    """No photo is found by another's words, at no moment, and no search fails; among
    the changes is the one from the exact index to the one in lists."""
    album = Album(tmp_path / "data", embedder, flat_most=60)
    fact = Fact(2024, None, None, "trips")
    anchors = {album.add(text, fact): query for text, query in ANCHORS.items()}
    others = [album.add(f"A dog digs hole {n} in the garden.", fact) for n in range(40)]
    album.learn()
    stop, wrong, searches = threading.Event(), list[object](), list[int]()

    def look(turn: int) -> None:
        while not stop.is_set():
            key, query = list(anchors.items())[turn % len(anchors)]
            turn += 1
            try:
                found: Found = album.search.find(query)
                if not found.hits or found.hits[0].photo.id != key:
                    wrong.append((query, [hit.photo.id for hit in found.hits]))
                dogs = album.search.find("a dog in the garden", order="newest").hits
                wrong.extend(hit for hit in dogs if hit.photo.id in anchors)
            except Exception as error:  # noqa: BLE001 - any is a failure here
                wrong.append(error)
            searches.append(turn)

    threads = [threading.Thread(target=look, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    try:
        for turn in range(24):
            album.say(others[turn], f"A dog sleeps beside flower bed {turn}.")
            album.set_missing(others[-1 - turn % 8], missing=bool(turn // 8 % 2 == 0))
            others.append(album.add(f"A dog jumps over fence {turn}.", fact))
            album.sync.step()
        album.search.tidy_up()
        album.sync._renewal.wait()
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    assert wrong == []
    assert len(searches) >= 8, "each thread has searched"
    assert album.sync.index.kind == "ivf"
    album.close()
