"""Photos are found by their words, whatever is typed, and as they are just now."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from album.catalogue import Catalogue
from album.catalogue_files import Fingerprint
from album.catalogue_rows import describe_all
from album.photo import PERSON, Author, Reading, WrittenCaption
from album.wording import name_words, plain_words, words_in


class Words:
    """An album of photos without pictures."""

    def __init__(self, folder: Path) -> None:
        self.catalogue = Catalogue(folder)
        self.root = self.catalogue.roots.add(Path("/home/me/Pictures"))

    def photo(
        self,
        path: str = "",
        text: str = "",
        place: str | None = None,
        description: str | None = None,
        keywords: tuple[str, ...] = (),
    ) -> int:
        number = self.catalogue.photos.counts()["photos"]
        reading = Reading(
            "JPEG", 4, 3, place=place, description=description, keywords=keywords
        )
        file_id = self.file(path or f"{number}.jpg")
        key = self.catalogue.photos.add(
            file_id, f"hash {number}", 1, reading, datetime(2024, 5, 6)
        )
        if text:
            self.caption(key, WrittenCaption(text))
        return key

    def file(self, path: str) -> int:
        raw = path.encode()
        self.catalogue.files.add(self.root.id, [(raw, Fingerprint(1, 2, 3, 4))], 10**18)
        found = self.catalogue.files.id_at(self.root.id, raw)
        assert found is not None
        return found

    def caption(
        self, key: int, written: WrittenCaption, captioner: str = "qwen"
    ) -> None:
        self.catalogue.captions.add_many(Author(captioner, "", 1), [(key, written)])

    def found(self, words: str, limit: int = 100) -> list[int]:
        return [key for key, _ in self.catalogue.words.find(words, limit)]


@pytest.fixture
def album(tmp_path: Path) -> Iterator[Words]:
    made = Words(tmp_path)
    yield made
    made.catalogue.close()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Café del Mar!", ["cafe", "del", "mar"]),
        ("Straße — ÅNGSTRÖM", ["strasse", "angstrom"]),
        ("İstanbul", ["istanbul"]),
        ("a\ud800b\x00c_d", ["a", "b", "c", "d"]),
        ("子猫 cat", ["子 猫", "cat"]),
        ("ガラス", ["ガ ラ ス"]),
        ("한국어 사진", ["한국어", "사진"]),
        ("!? …", []),
    ],
)
def test_text_as_plain_words(text: str, words: list[str]) -> None:
    assert words_in(text) == words
    assert plain_words(plain_words(text)) == plain_words(text)


def test_names_are_taken_apart() -> None:
    assert name_words("IMG_1234.JPG") == "img 1234 jpg"
    apart = "beachday2019 jpg \n beach day 2019 jpg"
    assert name_words("BeachDay2019.jpg") == apart


def test_every_source_of_words_is_searched(album: Words) -> None:
    key = album.photo(
        "Summer Holidays/BeachDay2019.jpg",
        place="Cascais, Portugal",
        description="Grandma’s birthday",
        keywords=("family reunion",),
    )
    album.caption(key, WrittenCaption("Two dogs run.", ("lighthouse",), "EXIT 42"))
    album.photo("other.jpg", "A red bus.")
    for words in (
        *(
            "dog",
            "DOGS",
            "running",
            "lighthouse",
            "exit",
            "42",
            "beach",
            "BeachDay2019",
        ),
        *("holiday", "portugal", "grandma's", "reunion", "pictures dog"),
    ):
        assert album.found(words)[:1] == [key], words
    for words in ("zebra", "", "  ", "'\"", "AND", "dogs:"):
        assert album.found(words) == ([key] if words == "dogs:" else []), words


def test_the_best_come_first_and_scores_fall(album: Words) -> None:
    both = album.photo(text="A dog on a beach.")
    album.photo(text="A dog beside a very long and quite crowded harbour promenade.")
    one = album.photo(text="A dog.")
    for number in range(20):
        album.photo(text=f"Nothing of it {number}.")
    scored = album.catalogue.words.find("dog beach", 10)
    scores = [score for _, score in scored]
    assert scored[0][0] == both
    assert scores == sorted(scores, reverse=True)
    assert min(scores) > 0
    assert album.found("dog beach", 2) == [both, one]
    allowed = np.array([one, 999], dtype=np.int64)
    assert [k for k, _ in album.catalogue.words.find("dog beach", 10, allowed)] == [one]
    assert album.catalogue.words.find("dog", 0) == []
    assert album.catalogue.words.find("dog", 9, np.array([], dtype=np.int64)) == []


def test_frequent_words_leave_the_comparison_but_not_the_answer(
    album: Words, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("album.catalogue_words._SCORED", 5)  # else 1,000
    for number in range(12):
        album.photo(text=f"A dog {number}.")
        album.photo(text=f"A beach {number}.")
    named = album.photo("IMG_4711.jpg", text="A dog.")
    both = album.photo(text="A dog on the beach.")
    assert album.found("dog", 1) == []  # 14 say it: more than 5 and ten times 1
    assert len(album.found("dog", 2)) == 2  # 14 are fewer than 20
    assert album.found("IMG_4711 dog", 1) == [named]
    assert album.found("dog beach", 1) == [both]
    allowed = np.array([named], dtype=np.int64)
    assert album.catalogue.words.find("dog beach", 1, allowed) == []


def test_what_was_looked_up_once_answers_for_any_photos_allowed(
    album: Words, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("album.catalogue_words._SCORED", 5)  # else 1,000
    dogs = [album.photo(text=f"A dog {number}.") for number in range(22)]
    both = album.photo(text="A dog on the beach.")
    words = album.catalogue.words
    mentions = words.mentions("dog beach", 2)
    assert mentions.each == [both]
    for allowed in (None, np.array([dogs[3], both]), np.array(dogs[:2])):
        found = words.best(mentions, 2, allowed)
        assert found == words.find("dog beach", 2, allowed)
    assert words.mentions("dog", 2).each is None  # 23 say it: more than ten times 2
    assert words.mentions("!?", 2) == words.mentions("zebra", 0) == ((), ())


def test_missing_photos_take_no_place(album: Words) -> None:
    keys = [album.photo(f"{number}.jpg", text="A zebra.") for number in range(300)]
    gone = {album.file(f"{number}.jpg") for number in range(298)}
    album.catalogue.files.set_missing(sorted(gone), True)
    assert album.found("zebra", 5) == keys[298:]


@pytest.mark.parametrize("passed", [1, 10_000], ids=["one by one", "all passed by"])
def test_which_of_some_photos_say_all_words(
    album: Words, monkeypatch: pytest.MonkeyPatch, passed: int
) -> None:
    monkeypatch.setattr("album.catalogue_words._PASSED", passed)
    dogs = [album.photo(text=f"A dog {number}.") for number in range(9)]
    both = [album.photo(text=f"Dogs on the beach {number}.") for number in range(9)]
    among = [*dogs[:3], *both[:2]]
    assert album.catalogue.words.all_of("dog", among) == set(among)
    assert album.catalogue.words.all_of("dog beach", among) == set(both[:2])
    assert album.catalogue.words.all_of("!?", among) == set()
    assert album.catalogue.words.all_of("dog", []) == set()


def test_names_with_numbers_are_looked_for_as_they_stand(album: Words) -> None:
    keys = [album.photo(f"IMG_{number}.JPG") for number in (4711, 4712)]
    assert album.found("IMG_4711") == [keys[0]]
    assert album.found("img_4711.jpg") == [keys[0]]
    assert set(album.found("img 4711")) == set(keys)


def test_a_changed_caption_is_found_at_once(album: Words) -> None:
    key = album.photo(text="A cat.")
    album.caption(key, WrittenCaption("Our dog Rex."), PERSON)
    assert (album.found("cat"), album.found("rex")) == ([], [key])
    album.caption(key, WrittenCaption("A horse."))  # a person's text stays what counts
    assert (album.found("horse"), album.found("rex")) == ([], [key])
    album.catalogue.captions.withdraw_newest_of_person(key)
    assert (album.found("horse"), album.found("rex")) == ([key], [])


def test_a_moved_photo_is_found_under_its_new_name_only(album: Words) -> None:
    key = album.photo("Rome/fountain.jpg", "A cat.")
    album.catalogue.files.set_missing([album.file("Rome/fountain.jpg")], True)
    assert album.found("fountain") == album.found("cat") == []  # it is not there
    assert album.catalogue.words.phrase("a cat") == set()
    assert album.catalogue.photos.link(album.file("Oslo/harbour.jpg"), key) == "moved"
    assert album.found("fountain") == album.found("rome") == []
    assert album.found("harbour") == album.found("oslo") == album.found("cat") == [key]


def test_phrases_are_exact_but_for_case_accents_and_punctuation(album: Words) -> None:
    key = album.photo("Trip to Oslo/a.jpg", "She said: “Café, del MAR!” Two dogs run.")
    album.caption(
        key, WrittenCaption("She said: “Café, del MAR!” Two dogs run.", ("red", "bus"))
    )
    phrase = album.catalogue.words.phrase
    for said in ("cafe del mar", "CAFÉ DEL MAR", "two dogs run", "trip to oslo", "bus"):
        assert phrase(said) == {key}, said
    for unsaid in (
        *("dog run", "two dog", "dogs two", "del mar caf", "red bus", "wo dogs"),
        *("two dogs runs", "", "!?", "oslo a"),
    ):
        assert phrase(unsaid) == set(), unsaid


def test_scripts_without_spaces(album: Words) -> None:
    key = album.photo(text="黒い子猫がソファにいる")
    album.photo(text="子犬と猫がいる")
    assert album.found("子猫") == [key]
    assert album.catalogue.words.phrase("子猫がソファ") == {key}
    assert album.catalogue.words.phrase("猫子") == set()


SYNTAX = st.sampled_from(
    [
        *"\"'()*:^+-{}[],;.\\/ \x00\n\t\ud83d_%?#@",
        *("AND", "OR", "NOT", "NEAR(a b, 2)", "caption:", "-dog", "dog*", "^dog", '""'),
        *("rowid", "photo_words", "e\u0301", "子", "\u0301", "🎉", "a" * 300, "½"),
    ]
)


@settings(
    max_examples=500,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.lists(st.one_of(SYNTAX, st.text(max_size=9)), max_size=20).map("".join))
def test_no_text_is_ever_an_error(album: Words, text: str) -> None:
    """The album grows by nothing: the photo is made for the first text."""
    key = album.catalogue.photos.id_of("hash 0") or album.photo(
        text="NOT a dog AND cat"
    )
    assert set(album.found(text)) | album.catalogue.words.phrase(text) <= {key}
    assert album.found(f"dog {text}") == [key]


def test_a_text_of_many_words_is_cut(album: Words) -> None:
    key = album.photo(text="a dog")
    many = " ".join(f"word{number}" for number in range(5000))
    assert album.found(f"dog {many}") == [key]
    assert album.found(f"{many} dog") == []


def test_words_follow_whatever_happens(album: Words) -> None:
    """After a random life every row is what it would be if it were made now."""
    random_ = random.Random(7)
    keys = [album.photo(f"f{n}/DayOne {n}.jpg", f"caption {n}") for n in range(4)]
    for turn in range(120):
        key = random_.choice(keys)
        photo = album.catalogue.photos.one(key)
        assert photo is not None
        file_id = album.catalogue.files.place_of(key)
        match random_.randrange(5):
            case 0:
                author = random_.choice(["qwen", "basic", PERSON])
                album.caption(key, WrittenCaption(f"text {turn}", ("tag",)), author)
            case 1:
                album.catalogue.captions.withdraw_newest_of_person(key)
            case 2 if file_id is not None:
                album.catalogue.files.set_missing([file_id[0]], random_.random() < 0.7)
            case 3:
                album.catalogue.photos.link(album.file(f"g{turn}/new {turn}.jpg"), key)
            case 4 if file_id is not None:
                album.catalogue.files.unlink_photo(file_id[0])
    kept = rows(album)
    with album.catalogue._store.write() as connection:
        connection.execute("DELETE FROM photo_words")
        connection.execute("UPDATE photos SET folder = '', kind = 'video'")
        describe_all(connection)
    assert kept == rows(album)
    assert len(kept[0]) == len(keys)


def rows(album: Words) -> tuple[list[tuple[object, ...]], ...]:
    reader = album.catalogue._store.reader()
    return (
        reader.execute("SELECT rowid, * FROM photo_words ORDER BY rowid").fetchall(),
        reader.execute("SELECT id, folder, kind FROM photos ORDER BY id").fetchall(),
    )
