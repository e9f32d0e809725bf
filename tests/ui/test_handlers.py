"""Each handler: what it answers, and that it takes nothing it should not."""

from __future__ import annotations

import json
import struct
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from album.errors import AlbumError
from index.found import Hit
from tests.ui.fakes import (
    BUSY,
    FakeFailure,
    FakeIndexer,
    FakeLibrary,
    FakeSearch,
    ManyPhotos,
    make_caption,
    make_photo,
)
from ui import wire
from ui.errors import BadRequest, NotFound
from ui.handlers import MAX_CELLS, Handlers
from ui.handlers_search import MAX_HITS


def handlers_for(library: FakeLibrary) -> Handlers:
    return Handlers(library, FakeSearch(library), FakeIndexer(), lambda: None)


@pytest.fixture
def library() -> FakeLibrary:
    return FakeLibrary(make_photo(number) for number in range(1, 5))


def test_timeline_can_be_read_back() -> None:
    library = ManyPhotos(1000)
    body = handlers_for(library).timeline()
    length = struct.unpack("<I", body[:4])[0]
    head = json.loads(body[4 : 4 + length])
    start = 4 + length
    assert start % 4 == 0
    assert len(body) == start + 10 * 1000
    timeline = library.timeline()
    ids = np.frombuffer(body, "<u4", 1000, start)
    colours = np.frombuffer(body, "<u4", 1000, start + 4000)
    ratios = np.frombuffer(body, "<u2", 1000, start + 8000) / 1000
    assert ids.tolist() == timeline.ids.tolist()
    assert colours.tolist() == timeline.colours.tolist()
    assert np.abs(ratios - timeline.ratios).max() <= 0.0005
    assert head["count"] == 1000
    assert sum(count for _, _, count in head["sections"]) == 1000
    assert head["sections"][0][:2] == [2026, 11]


def test_an_empty_album_has_a_timeline() -> None:
    body = handlers_for(FakeLibrary()).timeline()
    assert json.loads(body[4:]) == {"count": 0, "sections": []}


def test_extreme_shapes_fit_the_timeline() -> None:
    photos = [
        make_photo(1, width=90_000, height=1),
        make_photo(2, width=1, height=90_000),
    ]
    body = handlers_for(FakeLibrary(photos)).timeline()
    assert sorted(np.frombuffer(body[-4:], "<u2").tolist()) == [1, 65535]


WRONG_IDS: list[Any] = [
    "", "x", "1.5", "-1", "0", "99999999999999999999", "1e3", "１２", " 1", "1;2", None,
    True, 1.5, [1], {"id": 1}, "2147483648", "../1", "0x1",
]  # fmt: skip


@pytest.mark.parametrize("wrong", WRONG_IDS)
def test_wrong_ids_are_refused(library: FakeLibrary, wrong: Any) -> None:
    handlers = handlers_for(library)
    for ask in (
        handlers.photo,
        handlers.original,
        handlers.undo_caption,
        handlers.caption_again,
        lambda number: handlers.look_at([number]),
        lambda number: handlers.picture(number, "thumbnail", None),
        lambda number: handlers.set_caption(number, "text"),
    ):
        with pytest.raises(BadRequest):
            ask(wrong)


def test_unknown_ids_are_not_found(library: FakeLibrary) -> None:
    handlers = handlers_for(library)
    for ask in (
        handlers.photo,
        handlers.original,
        handlers.undo_caption,
        handlers.caption_again,
    ):
        with pytest.raises(NotFound):
            ask("77")


def test_cells_leave_out_the_unknown(library: FakeLibrary) -> None:
    cells = handlers_for(library).cells("3,77,1")
    assert [cell["id"] for cell in cells] == [3, 1]
    assert cells[0]["caption"] == "photo number 3 at the lake"
    assert cells[0]["version"] == library.photos[3].content_hash[:12]


def test_cells_are_bounded(library: FakeLibrary) -> None:
    handlers = handlers_for(library)
    assert handlers.cells("") == []
    for wrong in (",".join(["1"] * (MAX_CELLS + 1)), "1,x", "9" * 5000, None, [1]):
        with pytest.raises(BadRequest):
            handlers.cells(wrong)


def test_a_photo_without_caption_is_described_by_its_name(library: FakeLibrary) -> None:
    library.photos[1] = replace(library.photos[1], caption=None)
    handlers = handlers_for(library)
    assert handlers.cells("1")[0]["caption"] == "IMG_0001.jpg"
    assert handlers.photo("1")["caption"] is None


@pytest.mark.parametrize(
    ("captioner", "author"),
    [
        ("person", "you"),
        ("basic", "basic caption"),
        ("qwen", "Qwen3-VL caption"),
        ("demo", "demo model"),
        ("ollama", "ollama caption"),
    ],
)
def test_who_wrote_it(library: FakeLibrary, captioner: str, author: str) -> None:
    library.photos[1] = replace(
        library.photos[1], caption=make_caption(1, "a lake", captioner)
    )
    handlers = handlers_for(library)
    assert handlers.photo(1)["caption"]["author"] == author
    assert handlers.search("lake")["hits"][0]["source"] in (author, "basic caption")


def test_no_path_of_the_disk_is_told(library: FakeLibrary) -> None:
    assert "/album/" not in json.dumps(handlers_for(library).photo(1))


def test_search_has_reasons_and_a_count(library: FakeLibrary) -> None:
    found = handlers_for(library).search("  number 3 at the lake ", "2")
    assert found["query"] == "number 3 at the lake"
    assert found["total"] == 4
    assert len(found["hits"]) == 2
    best = found["hits"][0]
    assert (best["id"], best["reason"]) == (3, "photo number 3 at the lake")
    assert best["ratio"] == 1.5
    json.dumps(found)


def test_search_says_how_the_sentence_was_understood(library: FakeLibrary) -> None:
    found = handlers_for(library).search("🐕 lake in 2026 not boats")
    assert found["query"] == "🐕 lake in 2026 not boats"
    assert found["chips"] == [
        {"kind": "date", "label": "2026", "start": 7, "end": 14},
        {"kind": "not", "label": "not boats", "start": 15, "end": 24},
    ], "counted in whole characters"
    assert found["hits"][0]["marks"] == [[22, 26]]
    reason = found["hits"][0]["reason"]
    assert reason[22:26] == "lake"


def test_order_and_weaker_matches(library: FakeLibrary) -> None:
    handlers = handlers_for(library)
    newest = handlers.search("lake", order="newest")
    assert [hit["id"] for hit in newest["hits"]] == [1, 2, 3, 4]
    assert newest["order"] == "newest"
    oldest = handlers.search("lake", "2", "oldest")
    assert [hit["id"] for hit in oldest["hits"]] == [4, 3]
    silent = handlers.search("three zebras and 3 lakes at noon")
    assert (silent["total"], silent["weaker"], silent["hits"]) == (0, 4, [])
    asked = handlers.search("three zebras and 3 lakes at noon", weak="1")
    assert (asked["total"], asked["weaker"], asked["weak"]) == (0, 4, True)
    assert asked["hits"][0]["id"] == 3
    assert {hit["strength"] for hit in asked["hits"]} == {"weak"}


@pytest.mark.parametrize(
    "order",
    ["", "best", "Newest", "newest ", None, True, 0, ["newest"], {"order": "newest"}],
)
def test_wrong_orders_are_refused(library: FakeLibrary, order: Any) -> None:
    handlers = handlers_for(library)
    with pytest.raises(BadRequest):
        handlers.search("lake", order=order)
    assert handlers.search_view("lake", order)["view"] == "error"


@pytest.mark.parametrize("weak", ["", "2", "yes", "true", "01", None, 1, 1.0, ["1"]])
def test_wrong_flags_are_refused(library: FakeLibrary, weak: Any) -> None:
    with pytest.raises(BadRequest):
        handlers_for(library).search("lake", weak=weak)


def test_half_a_character_is_refused(library: FakeLibrary) -> None:
    """JSON can spell it, and no answer could carry it back."""
    handlers = handlers_for(library)
    with pytest.raises(BadRequest):
        handlers.search("lake \ud83d")
    answer = handlers.search_view("lake \ud83d")
    assert answer["view"] == "error"
    json.dumps(answer, ensure_ascii=False).encode()
    with pytest.raises(BadRequest):
        handlers.set_caption(1, "lake \ud83d")


@pytest.mark.parametrize(
    ("source", "words"),
    [("caption", "Qwen3-VL caption"), ("text", "text in the picture"),
     ("name", "file name"), ("date", "date"), ("place", "place")],
)  # fmt: skip
def test_where_a_reason_comes_from(source: str, words: str) -> None:
    photo = make_photo(1, caption=make_caption(1, "a lake", "qwen"))
    assert wire.source_of(Hit(photo, 1.0, "a lake", source=source)) == words
    bare = replace(photo, caption=None)
    assert wire.source_of(Hit(bare, 1.0, "IMG_0001.jpg")) == "file name"


@pytest.mark.parametrize("query", ["", "   ", "x" * 501, None, 7, ["lake"], {"a": 1}])
def test_wrong_queries_are_refused(library: FakeLibrary, query: Any) -> None:
    with pytest.raises(BadRequest):
        handlers_for(library).search(query)


@pytest.mark.parametrize("limit", [0, -1, MAX_HITS + 1, "x", "1.5", True, None, 10**30])
def test_wrong_limits_are_refused(library: FakeLibrary, limit: Any) -> None:
    with pytest.raises(BadRequest):
        handlers_for(library).search("lake", limit)


def test_the_search_box_gets_a_view_whatever_it_sends(library: FakeLibrary) -> None:
    handlers = handlers_for(library)
    assert handlers.search_view("lake")["view"] == "search"
    for nothing in ("", "  ", None, 7, {"path": "/etc/passwd"}, ["x"]):
        assert handlers.search_view(nothing)["view"] == "timeline"
    first, second = handlers.search_view("lake"), handlers.search_view("lake")
    assert first != second, "Gradio tells the page only of a value that differs"
    broken = handlers.search_view("broken index")
    assert broken["message"] == "The search index is being rebuilt."
    long = handlers.search_view("y" * 9999)
    assert long["view"] == "error"
    assert len(long["query"]) <= 500


def test_an_edit_reaches_the_search_and_can_be_undone(library: FakeLibrary) -> None:
    told = list[int]()
    handlers = Handlers(
        library, FakeSearch(library), FakeIndexer(), lambda: told.append(1)
    )
    edited = handlers.set_caption("2", "  Grandma's sailing boat ")
    assert edited["caption"]["text"] == "Grandma's sailing boat"
    assert edited["caption"]["by_person"] is True
    assert handlers.search("sailing")["hits"][0]["id"] == 2
    assert handlers.undo_caption("2")["caption"]["text"] == "photo number 2 at the lake"
    assert len(told) == 2


@pytest.mark.parametrize(
    "text", ["", "  \n ", "x" * 2001, None, 5, ["a"], {"text": "a"}]
)
def test_wrong_captions_change_nothing(library: FakeLibrary, text: Any) -> None:
    with pytest.raises(BadRequest):
        handlers_for(library).set_caption(1, text)
    caption = library.photos[1].caption
    assert caption is not None
    assert caption.text == "photo number 1 at the lake"


def test_an_edit_is_kept_when_the_search_cannot_follow(library: FakeLibrary) -> None:
    def unavailable() -> None:
        raise AlbumError("the embedder is busy")

    handlers = Handlers(library, FakeSearch(library), FakeIndexer(), unavailable)
    assert handlers.set_caption(1, "kept")["caption"]["text"] == "kept"


def test_progress_pause_and_failures(library: FakeLibrary) -> None:
    indexer = FakeIndexer(BUSY, [FakeFailure()] * 700)
    handlers = Handlers(library, FakeSearch(library), indexer, lambda: None)
    assert handlers.progress()["done"] == 61_684
    assert handlers.pause()["paused"] is True
    assert handlers.resume()["paused"] is False
    failures = handlers.failures()
    assert failures["total"] == 700
    assert len(failures["files"]) == 500
    assert failures["files"][0]["reason"] == "The picture ends too early."
    assert handlers.retry_failures() == {"retried": 700}
    assert handlers.failures() == {"total": 0, "files": []}
