"""Favourites and "not this" over HTTP: what they do, and what they refuse."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.ui.conftest import Site
from tests.ui.fakes import FakeFeedback
from ui.handlers import MAX_QUERY_CHARS
from ui.handlers_marks import MAX_LISTED, Marks

HALF = "\ud800"  # of a character: JSON can spell it, UTF-8 cannot
REJECT, TAKE_BACK = "/api/feedback/reject", "/api/feedback/take-back"


@pytest.fixture(autouse=True)
def _clean(site: Site) -> Iterator[None]:
    yield
    site.search.feedback.reset()
    for number in list(site.library.photos):
        site.library.set_favourite(number, False)


def favourites(site: Site) -> list[int]:
    cells = site.client.get("/api/cells?ids=1,2,3,4").json()
    return [cell["id"] for cell in cells if cell["favourite"]]


def test_a_favourite_is_told_wherever_the_photo_is(site: Site) -> None:
    answer = site.client.post("/api/photo/2/favourite", json={"favourite": True})
    assert (answer.status_code, answer.json()["favourite"]) == (200, True)
    assert site.client.get("/api/photo/2").json()["favourite"] is True
    assert favourites(site) == [2]
    hits = site.client.get("/api/search?q=photo").json()["hits"]
    assert {hit["id"]: hit["favourite"] for hit in hits}[2] is True
    found = site.client.get("/api/search?q=favourites").json()
    assert ([hit["id"] for hit in found["hits"]], found["total"]) == ([2], 1)
    answer = site.client.post("/api/photo/2/favourite", json={"favourite": False})
    assert answer.json()["favourite"] is False
    assert favourites(site) == []


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/api/photo/77/favourite", {"favourite": True}, 404),
        ("/api/photo/x/favourite", {"favourite": True}, 400),
        ("/api/photo/1/favourite", {"favourite": "yes"}, 400),
        ("/api/photo/1/favourite", {"favourite": None}, 400),
        ("/api/photo/1/favourite", {"favourite": 1}, 400),
        ("/api/photo/1/favourite", {}, 400),
        ("/api/photo/1/favourite", [True], 400),
        (REJECT, {"query": "dog", "photo": 77}, 404),
        (REJECT, {"query": "dog", "photo": "x"}, 400),
        (REJECT, {"query": "dog", "photo": -1}, 400),
        (REJECT, {"query": "dog", "photo": True}, 400),
        (REJECT, {"query": "dog", "photo": [1]}, 400),
        (REJECT, {"query": " \n", "photo": 1}, 400),
        (REJECT, {"query": "x" * (MAX_QUERY_CHARS + 1), "photo": 1}, 400),
        (REJECT, {"query": ["dog"], "photo": 1}, 400),
        (REJECT, {"query": HALF, "photo": 1}, 400),
        (REJECT, {"query": "dog"}, 400),
        (REJECT, {"photo": 1}, 400),
        (REJECT, "dog", 400),
        (TAKE_BACK, {"query": "dog"}, 400),
        (TAKE_BACK, {"query": "", "photo": 1}, 400),
        (TAKE_BACK, {"query": "dog", "photo": 1.5}, 400),
    ],
    ids=lambda value: str(value)[:40].encode("ascii", "replace").decode(),
)
def test_wrong_bodies_change_nothing(
    site: Site, path: str, body: Any, status: int
) -> None:
    headers = {"content-type": "application/json"}
    answer = site.client.post(path, content=json.dumps(body), headers=headers)
    assert answer.status_code == status
    assert answer.json()["error"]
    assert favourites(site) == []
    assert site.search.feedback.all() == []


@pytest.mark.parametrize("path", ["/api/photo/1/favourite", REJECT, TAKE_BACK])
def test_bodies_that_are_no_json(site: Site, path: str) -> None:
    for content, kind in ((b"{", "application/json"), (b"favourite=1", "text/plain")):
        headers = {"content-type": kind}
        answer = site.client.post(path, content=content, headers=headers)
        assert answer.status_code == 400
    assert site.client.get(path).status_code in (404, 405)


@pytest.mark.parametrize(
    "path", ["/api/photo/1/favourite", REJECT, TAKE_BACK, "/api/feedback/reset"]
)
def test_another_website_may_not(site: Site, path: str) -> None:
    site.search.feedback.reject("dog", 1)
    body = {"favourite": True, "query": "dog", "photo": 1}
    headers = {"origin": "https://other.example"}
    assert site.client.post(path, json=body, headers=headers).status_code == 403
    assert site.search.feedback.rejected == {"dog": [1]}
    assert favourites(site) == []


def test_not_this_and_back(site: Site) -> None:
    body = {"query": "photo number 2", "photo": 2}
    before = site.client.get("/api/search?q=photo+number+2").json()
    answer = site.client.post(REJECT, json=body)
    assert (answer.status_code, answer.content) == (204, b"")
    found = site.client.get("/api/search?q=photo+number+2").json()
    assert 2 not in {hit["id"] for hit in found["hits"]}
    assert (found["total"], found["rejected"]) == (before["total"] - 1, 1)
    assert site.client.post(TAKE_BACK, json=body).json() == {"taken_back": 1}
    assert site.client.post(TAKE_BACK, json=body).json() == {"taken_back": 0}
    assert site.client.get("/api/search?q=photo+number+2").json() == before


def test_what_was_taken_out_is_listed_and_reset(site: Site) -> None:
    assert site.client.get("/api/feedback").json() == {"photos": 0, "searches": []}
    for query, photo in (("dog", 1), ("<b>cat", 2), ("dog", 3)):
        site.client.post(REJECT, json={"query": query, "photo": photo})
    listed = site.client.get("/api/feedback").json()
    assert listed["photos"] == 3
    told = [(s["query"], [p["id"] for p in s["photos"]]) for s in listed["searches"]]
    assert told == [("<b>cat", [2]), ("dog", [3, 1])]
    assert set(listed["searches"][0]["photos"][0]) == {
        *("id", "version", "caption", "favourite", "place")
    }
    assert site.client.post("/api/feedback/reset").json() == {"taken_back": 3}
    assert site.client.get("/api/feedback").json()["searches"] == []


def test_the_list_is_bounded_and_the_count_exact(site: Site) -> None:
    feedback = FakeFeedback()
    for number in range(3 * MAX_LISTED):
        feedback.reject(f"query {number % 2}", number % 4 + 1 + 10 * number)
    site.library.photos[10_001] = site.library.photos[1]
    listed = Marks(site.library, feedback).taken_out()
    assert listed["photos"] == 3 * MAX_LISTED
    assert sum(len(one["photos"]) for one in listed["searches"]) <= MAX_LISTED
    del site.library.photos[10_001]
