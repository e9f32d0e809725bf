"""Captions marked as stale, on a real SQLite file."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from album.catalogue import FILE_NAME, Catalogue
from album.catalogue_files import Fingerprint
from album.catalogue_staleness import Selected
from album.errors import AlbumError, CatalogueError
from album.library import Library
from album.photo import PERSON, Author, Provenance, Reading, WrittenCaption
from album.selection import parse_condition
from album.thumbnails import Thumbnails

FACTS = Author("basic", "facts", 1)
BASIC = Author("basic", "lite2", 1)
QWEN = Author("qwen", "Qwen/2B", 1)
NEWER = Author("qwen", "Qwen/2B", 2)
REMOTE = Author("remote", "other", 1, "German")


class Album:
    """A catalogue whose photos need no files."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.catalogue = Catalogue(folder)
        self.root = self.catalogue.roots.add(Path("/home/me/pictures"))
        self.again = self.catalogue.staleness

    def photo(self, path: bytes, *said: tuple[Author, str]) -> int:
        self.catalogue.files.add(
            self.root.id, [(path, Fingerprint(1, 2, 3, 4))], 10**18
        )
        file_id = self.catalogue.files.id_at(self.root.id, path)
        assert file_id is not None
        photo_id = self.catalogue.photos.add(
            file_id, repr(path), 1, Reading("JPEG", 4, 3), datetime(2024, 5, 6)
        )
        for author, text in said:
            self.say(photo_id, author, text)
        return photo_id

    def say(self, photo_id: int, author: Author, text: str, **how: str) -> None:
        caption = WrittenCaption(text, provenance=Provenance(**how))
        self.catalogue.captions.add_many(author, [(photo_id, caption)])

    def shown(self, photo_id: int) -> str:
        photo = self.catalogue.photos.one(photo_id)
        assert photo is not None
        assert photo.caption is not None
        return photo.caption.text

    def lose(self, path: bytes) -> None:
        file_id = self.catalogue.files.id_at(self.root.id, path)
        assert file_id is not None
        self.catalogue.files.set_missing([file_id], True)

    def wanted(self, author: Author) -> list[int]:
        return sorted(self.catalogue.queue.wanted(author, 100))

    def stale(self, photo_id: int) -> set[str]:
        history = self.catalogue.captions.history(photo_id)
        return {c.author.model for c in history if c.stale}

    def count(self, *conditions: str) -> Selected:
        return self.again.count([parse_condition(text) for text in conditions])

    def mark(self, *conditions: str) -> Selected:
        return self.again.mark([parse_condition(text) for text in conditions])


@pytest.fixture
def album(tmp_path: Path) -> Iterator[Album]:
    made = Album(tmp_path / "data")
    yield made
    made.catalogue.close()


def test_a_marked_photo_is_wanted_again_and_shows_the_old_until_the_new(
    album: Album,
) -> None:
    key = album.photo(b"a.jpg", (BASIC, "basic"), (QWEN, "a dog"))
    assert album.wanted(QWEN) == []
    assert album.mark() == Selected(1, 0)
    assert album.wanted(QWEN) == [key]
    assert album.shown(key) == "a dog"
    assert album.again.waiting() == 1
    album.say(key, QWEN, "a brown dog")
    assert album.shown(key) == "a brown dog"
    assert album.wanted(QWEN) == []
    assert album.again.waiting() == 0


def test_only_captions_of_the_kind_shown_become_stale(album: Album) -> None:
    basic = album.photo(b"a.jpg", (BASIC, "seen"), (FACTS, "facts"))
    model = album.photo(b"b.jpg", (FACTS, "f"), (BASIC, "b"), (REMOTE, "r"))
    album.say(model, QWEN, "q")
    album.mark()
    assert album.stale(basic) == {"lite2"}
    assert album.stale(model) == {"Qwen/2B", "other"}
    assert album.wanted(FACTS) == []
    assert album.wanted(BASIC) == [basic]


def test_the_older_caption_of_another_model_does_not_count_as_done(
    album: Album,
) -> None:
    key = album.photo(b"a.jpg", (REMOTE, "ein Hund"), (QWEN, "a dog"))
    album.mark("captioner=qwen")
    assert album.wanted(REMOTE) == [key]
    album.say(key, REMOTE, "ein brauner Hund")
    assert album.shown(key) == "ein brauner Hund"


def test_another_question_makes_everything_wanted_and_shows_the_old(
    album: Album,
) -> None:
    key = album.photo(b"a.jpg", (QWEN, "a dog"))
    assert album.wanted(NEWER) == [key]
    assert album.shown(key) == "a dog"
    album.say(key, NEWER, "a brown dog")
    assert album.shown(key) == "a brown dog"
    assert album.wanted(NEWER) == []


def test_a_persons_captions_are_never_marked(album: Album) -> None:
    key = album.photo(b"a.jpg", (QWEN, "a dog"))
    album.say(key, Author(PERSON), "Rex")
    other = album.photo(b"b.jpg", (QWEN, "a cat"))
    assert album.mark() == Selected(1, 1)
    assert album.stale(key) == set()
    assert album.stale(other) == {"Qwen/2B"}
    assert album.mark("captioner=qwen") == Selected(1, 0)
    assert album.mark("text=rex") == Selected(0, 1)


def test_a_persons_words_that_come_later_stay(album: Album) -> None:
    key = album.photo(b"a.jpg", (QWEN, "a dog"))
    album.mark()
    album.say(key, Author(PERSON), "Rex")
    assert album.wanted(QWEN) == []
    album.say(key, QWEN, "a brown dog")  # a batch that was under way
    assert album.shown(key) == "Rex"


def test_missing_photos_are_left_alone(album: Album) -> None:
    key = album.photo(b"a.jpg", (QWEN, "a dog"))
    album.lose(b"a.jpg")
    assert album.mark() == album.count() == Selected(0, 0)
    assert album.stale(key) == set()


def test_what_was_given_up_is_tried_afresh_where_it_was_marked(album: Album) -> None:
    first, second = (album.photo(name, (BASIC, "x")) for name in (b"1", b"2"))
    for key in (first, second):
        for _ in range(2):
            album.catalogue.queue.record_failure(key, QWEN, "it hung")
    assert album.wanted(QWEN) == []
    album.mark(f"photo={first}")
    assert album.wanted(QWEN) == [first]
    assert album.catalogue.queue.count_failed() == 1


def test_a_photo_without_any_caption_is_tried_afresh_too(album: Album) -> None:
    key = album.photo(b"a.jpg")
    for _ in range(2):
        album.catalogue.queue.record_failure(key, QWEN, "it hung")
    assert album.mark("captioner=qwen") == Selected(0, 0)
    assert album.mark() == Selected(1, 0)
    assert album.wanted(QWEN) == [key]


def test_every_condition_chooses_by_the_caption_shown(album: Album) -> None:
    album.photo(b"Ferien/a.jpg", (QWEN, "hidden"), (NEWER, "A red barn"))
    german = album.photo(b"Ferien/2024/b.jpg")
    album.say(german, REMOTE, "Eine Straße", revision="r1", quantisation="nf4")
    album.photo(b"Ferien2/c\xff.jpg", (BASIC, "100% wool"))
    album.photo(b"bad\xff_/d.jpg", (FACTS, "facts"))
    for conditions, photos in {
        (): 4,
        ("captioner=basic",): 2,
        ("captioner=basic", "model=facts"): 1,
        ("model=other",): 1,
        ("revision=r1",): 1,
        ("revision=",): 3,
        ("quantisation=nf4",): 1,
        ("language=german",): 1,
        ("language=English",): 3,
        ("variant=",): 3,
        ("prompt<2",): 3,
        ("prompt>1",): 1,
        ("prompt=2", "captioner=qwen"): 1,
        ("text=hidden",): 0,
        ("text=STRASSE",): 1,
        ("text=RED BARN",): 1,
        ("folder=pictures",): 4,
        ("folder=pictures/Ferien",): 2,
        ("folder=pictures/bad\\xff_",): 1,
        ("folder=pictures/bad____",): 0,
        ("folder=%",): 0,
        ("photo=1,3,999",): 2,
        ("photo=1", "captioner=basic"): 0,
        ("captioner=' OR 1=1 --",): 0,
    }.items():
        assert album.count(*conditions) == Selected(photos, 0), conditions


def test_written_compares_days_of_this_machines_time_zone(
    album: Album, monkeypatch: pytest.MonkeyPatch
) -> None:
    album.photo(b"a.jpg", (QWEN, "a dog"))
    with sqlite3.connect(album.folder / FILE_NAME) as connection:
        # 23:30 on 30 April in London is 1 May in Tokyo.
        connection.execute("UPDATE captions SET written_at='2026-04-30T23:30:00+00:00'")
    connection.close()
    for zone, day in (("UTC", "2026-04-30"), ("Asia/Tokyo", "2026-05-01")):
        monkeypatch.setenv("TZ", zone)
        time.tzset()
        assert album.count(f"written={day}").photos == 1
        assert album.count(f"written<{day}").photos == 0
        assert album.count(f"written>{day}").photos == 0
        assert album.count("written<2026-05-02", "written>2026-04-29").photos == 1
    monkeypatch.undo()
    time.tzset()


def test_count_and_first_change_nothing_and_need_no_lock(album: Album) -> None:
    old = album.photo(b"a.jpg", (QWEN, "a dog"))
    album.photo(b"b.jpg", (Author(PERSON), "Rex"))
    new = album.photo(b"c.jpg", (QWEN, "a cat"))
    with Catalogue(album.folder, writable=False) as reader:
        assert reader.staleness.count([]) == Selected(2, 1)
        assert reader.staleness.first([], 10) == [new, old]
        assert reader.staleness.first([], 1) == [new]
        with pytest.raises(CatalogueError, match="reading only"):
            reader.staleness.mark([])
    assert album.again.waiting() == 0


def test_a_fault_in_the_middle_of_marking_marks_nothing(album: Album) -> None:
    key = album.photo(b"a.jpg", (QWEN, "a dog"))
    album.catalogue.queue.record_failure(key, REMOTE, "it hung")
    with album.catalogue._store.write() as connection:
        connection.execute(
            "CREATE TRIGGER broken BEFORE DELETE ON caption_failures "
            "BEGIN SELECT RAISE(ABORT, 'the disk is full'); END"
        )
    with pytest.raises(CatalogueError, match="the disk is full"):
        album.mark()
    assert album.stale(key) == set()


def library_of(album: Album, woken: list[int]) -> Library:
    """Only its captions are used here: no decoder, no uploads."""
    thumbnails = Thumbnails(album.folder / "thumbnails")
    return Library(
        album.catalogue,
        thumbnails,
        None,  # type: ignore[arg-type]
        None,  # type: ignore[arg-type]
        changed=lambda: woken.append(1),
    )


def test_one_photo_is_captioned_again_on_request(album: Album) -> None:
    woken: list[int] = []
    library = library_of(album, woken)
    key = album.photo(b"a.jpg", (QWEN, "a dog"))
    other = album.photo(b"b.jpg", (QWEN, "a cat"))
    photo = library.caption_again(key)
    assert photo.caption is not None
    assert (photo.caption.text, photo.caption.stale) == ("a dog", True)
    assert woken == [1]
    assert album.wanted(QWEN) == [key]
    assert album.stale(other) == set()


def test_one_photo_is_not_captioned_again_for_good_reasons(album: Album) -> None:
    woken: list[int] = []
    library = library_of(album, woken)
    key = album.photo(b"a.jpg", (QWEN, "a dog"), (Author(PERSON), "Rex"))
    with pytest.raises(AlbumError, match="You wrote this caption; undo it first"):
        library.caption_again(key)
    album.catalogue.captions.withdraw_newest_of_person(key)
    album.lose(b"a.jpg")
    with pytest.raises(AlbumError, match="original is not there"):
        library.caption_again(key)
    with pytest.raises(AlbumError, match="no such photo"):
        library.caption_again(999)
    assert woken == []
    assert album.stale(key) == set()
