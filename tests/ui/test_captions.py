"""Captions between the page and the album: who wrote them and how, edits that meet
another, asking for a new one, and what is looked at."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from album.errors import AlbumError, CaptionChanged
from album.photo import PERSON, Author, Caption, Provenance
from tests.ui.conftest import Site
from tests.ui.fakes import (
    FakeFailure,
    FakeIndexer,
    FakeLibrary,
    FakeSearch,
    make_caption,
    make_photo,
)
from ui.errors import BadRequest
from ui.handlers import MAX_LOOKED_AT, Handlers
from ui.wire_captions import author_of, caption_card

QWEN = "Qwen/Qwen3-VL-2B-Instruct"


@pytest.fixture
def library() -> FakeLibrary:
    return FakeLibrary(make_photo(number) for number in range(1, 5))


@pytest.fixture
def indexer() -> FakeIndexer:
    return FakeIndexer()


@pytest.fixture
def handlers(library: FakeLibrary, indexer: FakeIndexer) -> Handlers:
    return Handlers(library, FakeSearch(library), indexer, lambda: None)


@pytest.fixture
def fresh(site: Site) -> Iterator[Site]:
    """The site with its photos as they were at first."""
    photos = dict(site.library.photos)
    yield site
    site.library.photos = photos
    site.indexer.looked_at.clear()


def caption_by(author: Author, how: Provenance | None = None) -> Caption:
    return make_caption(1, "a lake", author=author, provenance=how or Provenance())


@pytest.mark.parametrize(
    ("captioner", "model", "label"),
    [
        ("qwen", QWEN, "Qwen3-VL caption"),
        ("qwen", "/home/anna/models/Qwen3-VL-2B-Instruct", "Qwen3-VL caption"),
        ("qwen", "/home/anna/models/tiny", "tiny caption"),
        ("qwen", "somebody/fine-tuned", "somebody/fine-tuned caption"),
        ("qwen", "", "Local model caption"),
        ("demo", "demo/model", "demo model"),
        ("remote", QWEN, "caption server"),
        ("basic", "facts", "basic caption"),
        (PERSON, "", "you"),
    ],
)
def test_a_stand_in_is_never_called_qwen(
    captioner: str, model: str, label: str
) -> None:
    caption = caption_by(Author(captioner, model, 1))
    assert author_of(caption) == label
    sentence = caption_card(caption)["made"]["by"]
    assert (sentence == "Written by Qwen3-VL.") == (label == "Qwen3-VL caption")


@pytest.mark.parametrize(
    ("model", "shown"),
    [
        (QWEN, QWEN),
        ("/home/anna/models/tiny", "tiny"),
        ("C:\\Users\\anna\\tiny", "tiny"),
        ("~/models/tiny", "tiny"),
        ("../models/tiny", "tiny"),
        ("", ""),
    ],
)
def test_a_models_folder_is_not_told(model: str, shown: str) -> None:
    assert caption_card(caption_by(Author("qwen", model)))["made"]["model"] == shown


def test_how_a_caption_was_made() -> None:
    how = Provenance("89644892e4d85e24eaac8bacfd4f463576704203", "INT4 (nf4)", 86, 3.2)
    author = Author("qwen", QWEN, 2, "German+context")
    assert caption_card(caption_by(author, how))["made"] == {
        "by": "Written by Qwen3-VL.",
        "model": QWEN,
        "revision": "89644892e4d85e24eaac8bacfd4f463576704203",
        "quantisation": "INT4 (nf4)",
        "written_at": "2026-11-21T09:00:00+00:00",
        "tokens": 86,
        "seconds": 3.2,
        "question": "version 2, in German, with what the file says",
    }


@pytest.mark.parametrize(
    ("author", "question"),
    [
        (Author("qwen", QWEN, 2), "version 2, in English"),
        (Author("qwen", QWEN, 2, "context"),
         "version 2, in English, with what the file says"),
        (Author("remote", QWEN, 1, "French"), "version 1, in French"),
        (Author("basic", "facts", 1), ""),
        (Author(PERSON), ""),
    ],
)  # fmt: skip
def test_the_question(author: Author, question: str) -> None:
    assert caption_card(caption_by(author))["made"]["question"] == question


def test_an_edit_says_what_it_has_seen(
    handlers: Handlers, library: FakeLibrary
) -> None:
    seen = handlers.photo(2)["caption"]["id"]
    newer = library.write(2, "written meanwhile")
    with pytest.raises(CaptionChanged):
        handlers.set_caption(2, "mine", seen)
    assert handlers.photo(2)["caption"]["text"] == "written meanwhile"
    assert handlers.set_caption(2, "mine", newer.id)["caption"]["by_person"] is True
    library.photos[3] = replace(library.photos[3], caption=None)
    assert handlers.set_caption(3, "the first", 0)["caption"]["text"] == "the first"


@pytest.mark.parametrize("seen", [-1, 1.5, True, "x", "", [1], {}, 2**53 + 1, 10**30])
def test_wrong_seen_changes_nothing(
    handlers: Handlers, library: FakeLibrary, seen: Any
) -> None:
    before = library.photos[1]
    with pytest.raises(BadRequest):
        handlers.set_caption(1, "text", seen)
    assert library.photos[1] == before


def test_a_new_caption_can_be_asked_for(
    handlers: Handlers, library: FakeLibrary
) -> None:
    asked = handlers.caption_again("1")["caption"]
    assert (asked["stale"], asked["text"]) == (True, "photo number 1 at the lake")
    library.write(2, "my own words", PERSON)
    with pytest.raises(AlbumError, match="You wrote this caption"):
        handlers.caption_again(2)


def test_captions_are_counted(handlers: Handlers, library: FakeLibrary) -> None:
    library.write(1, "by hand", PERSON)
    for number in (2, 3):
        library.write(number, "by a model")
    assert handlers.captioners() == {
        "captioners": [
            {"by": "Qwen3-VL", "photos": 2},
            {"by": "the basic captioner", "photos": 1},
            {"by": "you", "photos": 1},
        ]
    }


def test_failures_say_who_failed(handlers: Handlers, indexer: FakeIndexer) -> None:
    indexer.failed = [
        FakeFailure(), FakeFailure(photo_id=7, captioner="qwen"),
        FakeFailure(photo_id=8, captioner="ollama"),
    ]  # fmt: skip
    files = handlers.failures()["files"]
    assert [(file["photo_id"], file["by"]) for file in files] == [
        (None, None), (7, "Qwen3-VL"), (8, "ollama"),
    ]  # fmt: skip


def test_what_is_looked_at(handlers: Handlers, indexer: FakeIndexer) -> None:
    handlers.look_at([3, 1, 3, 2])
    handlers.look_at(list(range(1, MAX_LOOKED_AT + 1)))
    handlers.look_at([])
    assert indexer.looked_at[0] == [3, 1, 2]
    assert len(indexer.looked_at[1]) == MAX_LOOKED_AT
    assert indexer.looked_at[2] == []


WRONG_LOOKS: list[Any] = [
    None, "1,2", 5, {"1": 1}, [0], [-1], ["1"], [1.0], [None], [True], [[1]],
    [2**31], [1] * (MAX_LOOKED_AT + 1),
]  # fmt: skip


@pytest.mark.parametrize("wrong", WRONG_LOOKS)
def test_wrong_looks_are_refused(
    handlers: Handlers, indexer: FakeIndexer, wrong: Any
) -> None:
    with pytest.raises(BadRequest):
        handlers.look_at(wrong)
    assert indexer.looked_at == []


def test_a_conflict_over_http(fresh: Site) -> None:
    client = fresh.client
    seen = client.get("/api/photo/1").json()["caption"]["id"]
    newer = fresh.library.write(1, "written meanwhile")
    body = {"text": "mine", "seen": seen}
    refused = client.post("/api/photo/1/caption", json=body)
    assert refused.status_code == 409
    assert refused.json() == {"error": "This caption was changed meanwhile."}
    saved = client.post("/api/photo/1/caption", json=body | {"seen": newer.id})
    assert (saved.status_code, saved.json()["caption"]["text"]) == (200, "mine")
    for wrong in (-1, "x", True, 1e30, [0]):
        answer = client.post("/api/photo/1/caption", json=body | {"seen": wrong})
        assert answer.status_code == 400, wrong


def test_caption_again_over_http(fresh: Site) -> None:
    client = fresh.client
    answer = client.post("/api/photo/2/caption/again")
    assert answer.json()["caption"]["stale"] is True
    fresh.library.write(2, "my own words", PERSON)
    refused = client.post("/api/photo/2/caption/again")
    assert (refused.status_code, refused.json()["error"]) == (
        422, "You wrote this caption; a model does not replace it.",
    )  # fmt: skip
    assert client.post("/api/photo/x/caption/again").status_code == 400
    assert client.post("/api/photo/77/caption/again").status_code == 404


def test_looking_over_http(fresh: Site) -> None:
    client = fresh.client
    answer = client.post("/api/looking", json={"ids": [2, 1]})
    assert (answer.status_code, answer.content) == (204, b"")
    assert fresh.indexer.looked_at == [[2, 1]]
    for wrong in ({}, [1], {"ids": "1"}, {"ids": [0]}, {"ids": [1] * 201}):
        assert client.post("/api/looking", json=wrong).status_code == 400
    by_a_form = {"content-type": "application/x-www-form-urlencoded"}
    answer = client.post("/api/looking", content=b'{"ids": [1]}', headers=by_a_form)
    assert answer.status_code == 400
    assert len(fresh.indexer.looked_at) == 1


def test_retry_and_counts_over_http(fresh: Site) -> None:
    fresh.indexer.failed = [FakeFailure(), FakeFailure(photo_id=1, captioner="qwen")]
    answer = fresh.client.post("/api/failures/retry")
    assert (answer.status_code, answer.json()) == (200, {"retried": 2})
    counted = fresh.client.get("/api/captioners").json()["captioners"]
    assert sum(each["photos"] for each in counted) == len(fresh.library.photos)


def test_a_time_is_told_with_its_zone() -> None:
    """The browser shows it on the clock of whoever looks."""
    at = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
    made = caption_card(make_caption(1, "a lake", written_at=at))["made"]
    assert made["written_at"].endswith("+00:00")
