"""Answers held to a JSON schema where a server offers it, and not lost where not."""

from __future__ import annotations

import json
import threading
from collections import Counter
from collections.abc import Callable

import pytest

from album.captioners.prompt import SCHEMA
from album.captioners.remote_schema import Outcome, SchemaOffer
from album.captioners.remote_trouble import OfSchema, Trouble, trouble_of_status
from album.errors import CaptionError, ModelUnavailable
from album.photo import WrittenCaption
from tests.album.caption_server import (
    CaptionServer,
    Reply,
    Seen,
    chat,
    error,
    good,
    only_picture,
    without_schema,
)
from tests.album.test_remote import PIXEL, numbered, remote, start, subjects, texts

__all__ = ["start"]  # a fixture

Start = Callable[..., CaptionServer]

SAID = '{"caption": "A dog on a beach.", "tags": ["dog", "beach"], "text": "ICE"}'

REFUSALS = {
    "vllm": error(400, "The provided JSON schema has features xgrammar cannot do."),
    "param": error(400, "Unsupported value.", param="response_format"),
    "llama.cpp": error(500, "Failed to initialize samplers: failed to parse grammar"),
    "pydantic": Reply(
        422,
        b'{"detail": [{"loc": ["body", "response_format", "type"], "msg": "Bad"}]}',
    ),
    "not there": error(404, "Nothing was found that can handle these parameters."),
    "not built": Reply(501, b"Not implemented"),
    "wordless": Reply(400, b""),
    "text": Reply(400, b"guided decoding is off"),
}


def counts(server: CaptionServer) -> tuple[int, int]:
    """How many questions came with the schema, and how many without."""
    guided = sum(seen.guided for seen in server.seen)
    return guided, len(server.seen) - guided


def test_the_schema_is_sent_and_its_answer_read(start: Start) -> None:
    server = start(lambda *_: chat(SAID))
    (answer,) = remote(server).caption(subjects(1))
    assert isinstance(answer, WrittenCaption)
    assert (answer.text, answer.tags, answer.read_text) == (
        "A dog on a beach.", ("dog", "beach"), "ICE"
    )  # fmt: skip
    assert server.seen[0].body["response_format"] == {
        "type": "json_schema",
        "json_schema": {"name": "caption", "strict": True, "schema": SCHEMA},
    }


@pytest.mark.parametrize("refusal", REFUSALS.values(), ids=REFUSALS.keys())
def test_a_refused_schema_costs_one_request_and_no_try(
    start: Start, refusal: Reply
) -> None:
    server = start(without_schema(refusal))
    captioner = remote(server, in_flight=1)
    assert texts(captioner, subjects(3)) == numbered(0, 1, 2)
    assert texts(captioner, subjects(3, begin=3)) == numbered(3, 4, 5)
    assert counts(server) == (1, 6)
    assert [seen.number for seen in server.seen] == [0, 0, 1, 2, 3, 4, 5]


def test_many_threads_at_once_cost_one_request_as_well(start: Start) -> None:
    meeting = threading.Barrier(8)

    def together(seen: Seen, nth: int) -> Reply:
        if nth <= 8:
            meeting.wait(10)  # all eight are asked before any is answered
        return REFUSALS["vllm"] if seen.guided else good(seen, nth)

    server = start(together)
    assert texts(remote(server, in_flight=8), subjects(24)) == numbered(*range(24))
    assert counts(server) == (1, 24)


def test_each_server_is_remembered_for_itself(start: Start) -> None:
    refusing = start(without_schema(REFUSALS["param"]))
    taking = start()
    captioner = remote(refusing, taking, in_flight=1)
    assert texts(captioner, subjects(6)) == numbered(*range(6))
    assert texts(captioner, subjects(6)) == numbered(*range(6))
    assert counts(refusing)[0] == 1
    assert counts(taking)[1] == 0


def test_a_try_is_not_lost_by_the_schema(start: Start) -> None:
    # The picture fails twice after the refusal, and still has its third try.
    failures = iter([Reply(500), Reply(500)])
    server = start(
        without_schema(REFUSALS["param"], lambda s, n: next(failures, good(s, n)))
    )
    assert texts(remote(server), subjects(1)) == numbered(0)
    assert counts(server) == (1, 3)


def test_a_bad_picture_is_not_taken_for_a_refused_schema(start: Start) -> None:
    server = start(only_picture(0, error(400, "cannot identify image file")))
    captioner = remote(server, in_flight=1)
    failed, *others = captioner.caption(subjects(3))
    assert isinstance(failed, CaptionError)
    assert "cannot identify" in failed.reason
    assert all(isinstance(answer, WrittenCaption) for answer in others)
    assert [seen.guided for seen in server.seen if seen.number] == [True, True]


def test_once_taken_a_refused_picture_is_not_asked_for_without(start: Start) -> None:
    server = start(only_picture(1, error(400, "too small")))
    captioner = remote(server, in_flight=1)
    captioner.caption(subjects(1))
    (answer,) = captioner.caption(subjects(1, begin=1))
    assert isinstance(answer, CaptionError)
    # Its second try goes without, as any second try does.
    assert [seen.guided for seen in server.seen] == [True, True, False]


def test_a_server_that_stops_taking_it_is_followed(start: Start) -> None:
    def changed(seen: Seen, nth: int) -> Reply:
        return REFUSALS["vllm"] if seen.guided and nth > 1 else good(seen, nth)

    server = start(changed)
    assert texts(remote(server, in_flight=1), subjects(4)) == numbered(*range(4))
    assert [seen.guided for seen in server.seen] == [True, True, *[False] * 3]


def test_nonsense_under_the_schema_is_asked_for_freely(start: Start) -> None:
    def blank(seen: Seen, nth: int) -> Reply:
        return chat("\n" * 256, finish="length") if seen.guided else good(seen, nth)

    server = start(blank)
    assert texts(remote(server, in_flight=1), subjects(2)) == numbered(0, 1)
    assert [seen.guided for seen in server.seen] == [True, False, True, False]


@pytest.mark.parametrize(
    "words",
    [
        "A dog on a beach.",
        SAID[:35],
        f"```json\n{SAID}\n```",
        "Caption: A dog on a beach.\nTags: dog",
    ],
)
def test_a_schema_that_is_ignored_or_cut_is_read_leniently(
    start: Start, words: str
) -> None:
    server = start(lambda *_: chat(words))
    assert texts(remote(server), subjects(1)) == ["A dog on a beach."]


@pytest.mark.parametrize("reply", [Reply(500), Reply(hang=True), Reply(cut=True)])
def test_an_unsettled_first_question_leaves_the_offer_open(
    start: Start, reply: Reply
) -> None:
    def first_guided(seen: Seen, nth: int) -> Reply:
        return reply if nth == 1 else good(seen, nth)

    server = start(first_guided)
    captioner = remote(server, in_flight=1, timeout_s=0.4)
    assert texts(captioner, subjects(2)) == numbered(0, 1)
    assert [seen.guided for seen in server.seen] == [True, False, True]


def test_when_all_is_refused_the_servers_own_words_are_shown(start: Start) -> None:
    def both(seen: Seen, _nth: int) -> Reply:
        return error(400, "no grammar" if seen.guided else "model has no eyes")

    with pytest.raises(ModelUnavailable, match="model has no eyes"):
        remote(start(both)).caption(subjects(3))


# -- small parts -------------------------------------------------------------------


def of_schema(status: int, body: object) -> OfSchema:
    return trouble_of_status(status, {}, body, "m").of_schema


def test_what_may_be_of_the_schema() -> None:
    named = {"error": {"message": "unknown field json_schema"}}
    for status in (400, 404, 405, 413, 415, 422, 500, 501):
        assert of_schema(status, named) is OfSchema.YES
    for status in (401, 403, 408, 429, 503, 504, 302):
        assert of_schema(status, named) is OfSchema.NO
    for status in (400, 404, 406, 409, 415, 422, 501):
        assert of_schema(status, None) is OfSchema.MAYBE
    for status in (402, 405, 413, 500, 502, 520):
        assert of_schema(status, None) is OfSchema.NO


def test_a_question_sent_back_is_not_what_the_server_says() -> None:
    echo = {"detail": [{"loc": ["body", "messages"], "input": {"response_format": 1}}]}
    assert of_schema(422, echo) is OfSchema.MAYBE
    deep: object = "schema"
    for _ in range(50):
        deep = {"error": deep}
    assert of_schema(400, deep) is OfSchema.MAYBE
    assert of_schema(400, json.loads('{"error": [{"message": "grammar"}]}')) is (
        OfSchema.YES
    )


def test_a_refusal_outlives_answers_that_come_in_late() -> None:
    offer = SchemaOffer()
    assert [offer.made(), offer.made(), offer.made()] == [True, False, False]
    offer.settle(Outcome.UNSETTLED)
    assert [offer.made(), offer.made()] == [True, False]
    offer.settle(Outcome.TAKEN)
    assert [offer.made(), offer.made(), offer.taken] == [True, True, True]
    offer.settle(Outcome.REFUSED)
    offer.settle(Outcome.TAKEN)
    assert (offer.made(), offer.taken) == (False, False)


def test_a_garbled_answer_says_nothing_of_schemas(start: Start) -> None:
    from album.captioners.remote_server import Server

    page = Reply(200, b"<html>Log in</html>")
    server = start(lambda seen, nth: page if nth == 1 else good(seen, nth))
    one = Server(server.address, "m")
    url = "data:image/jpeg;base64," + PIXEL
    with pytest.raises(Trouble):
        one.ask(url, "What?")
    one.ask(url, "What?")
    assert Counter(seen.guided for seen in server.seen) == {True: 2}
