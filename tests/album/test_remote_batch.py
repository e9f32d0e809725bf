"""What is known of a remote caption, and what is left of a batch broken off."""

from __future__ import annotations

import pickle
import threading
import time
from collections.abc import Callable

import pytest

from album.captioners.remote_answer import MAX_REVISION_CHARS, MAX_TOKENS
from album.captioners.remote_threads import Crew
from album.errors import ModelUnavailable
from album.photo import Provenance, WrittenCaption
from tests.album.caption_server import (
    CaptionServer,
    Reply,
    Seen,
    always,
    chat,
    good,
    with_more,
)
from tests.album.test_remote import dead, numbered, remote, start, subjects
from tests.album.worker_captioners import wait_for

__all__ = ["dead", "start"]  # fixtures

Start = Callable[..., CaptionServer]


def provenance(server: CaptionServer) -> Provenance:
    (answer,) = remote(server).caption(subjects(1))
    assert isinstance(answer, WrittenCaption)
    return answer.provenance


# -- provenance --------------------------------------------------------------------


def test_tokens_seconds_and_revision_are_kept(start: Start) -> None:
    def slow(seen: Seen, nth: int) -> Reply:
        time.sleep(0.2)  # what is measured
        reply = good(seen, nth)
        return with_more(
            reply, usage={"completion_tokens": 71}, system_fingerprint=" b6887-ab1 "
        )

    how = provenance(start(slow))
    assert (how.tokens, how.revision, how.quantisation) == (71, "b6887-ab1", "")
    assert how.seconds is not None
    assert 0.2 <= how.seconds < 60


def test_the_seconds_are_those_of_the_answer_not_of_the_failures(start: Start) -> None:
    def second(seen: Seen, nth: int) -> Reply:
        if nth == 1:
            return Reply(hang=True)
        return good(seen, nth)

    how = provenance_of_slow(start(second))
    assert how.seconds is not None
    assert how.seconds < 1.5


def provenance_of_slow(server: CaptionServer) -> Provenance:
    (answer,) = remote(server, timeout_s=1.5).caption(subjects(1))
    assert isinstance(answer, WrittenCaption)
    return answer.provenance


@pytest.mark.parametrize(
    "usage",
    [
        None,
        [],
        "many",
        {},
        {"completion_tokens": None},
        {"completion_tokens": True},
        {"completion_tokens": "71"},
        {"completion_tokens": 71.5},
        {"completion_tokens": 0},
        {"completion_tokens": -1},
        {"completion_tokens": MAX_TOKENS + 1},
        {"completion_tokens": 10**300},
    ],
)
def test_a_count_that_is_none_is_left_out(start: Start, usage: object) -> None:
    assert provenance(start(always(with_more(chat("A dog."), usage=usage)))).tokens is (
        None
    )


@pytest.mark.parametrize(
    "fingerprint",
    [
        None,
        7,
        ["fp"],
        "",
        "x" * (MAX_REVISION_CHARS + 1),
        "a\nb",
        "a\x1b[31m",
        "\ud800",
    ],
)
def test_a_revision_that_is_none_is_empty(start: Start, fingerprint: object) -> None:
    reply = with_more(chat("A dog."), system_fingerprint=fingerprint)
    assert provenance(start(always(reply))).revision == ""


# -- a batch that is broken off ----------------------------------------------------


def finished(error: ModelUnavailable) -> dict[int, str]:
    return {place: written.text for place, written in error.finished.items()}


def test_what_was_finished_before_the_server_died_is_handed_on(start: Start) -> None:
    def dies(seen: Seen, nth: int) -> Reply:
        return good(seen, nth) if nth <= 5 else Reply(cut=True)

    server = start(dies)
    captioner = remote(server, in_flight=1)
    with pytest.raises(ModelUnavailable, match=server.address) as raised:
        captioner.caption(subjects(9))
    # The sixth had its tries before the server was out: it is not handed on as failed.
    assert finished(raised.value) == dict(enumerate(numbered(*range(5))))


def test_finished_ones_keep_their_place_with_many_at_once(start: Start) -> None:
    """The odd ones are answered, and have arrived, before the server fails."""

    def only_odd(seen: Seen, nth: int) -> Reply:
        if seen.number % 2:
            return good(seen, nth)
        assert wait_for(lambda: captioner._pool.answered >= 4, 60)
        return Reply(cut=True)

    captioner = remote(start(only_odd), in_flight=8)
    with pytest.raises(ModelUnavailable) as raised:
        captioner.caption(subjects(8))
    assert finished(raised.value) == {n: f"Picture number {n}." for n in (1, 3, 5, 7)}


def test_nothing_is_finished_where_nobody_answers(dead: str) -> None:
    with pytest.raises(ModelUnavailable) as raised:
        remote(dead).caption(subjects(3))
    assert raised.value.finished == {}


def test_what_is_finished_crosses_a_process_border() -> None:
    error = ModelUnavailable("gone", finished={2: WrittenCaption("A dog.")})
    copy = pickle.loads(pickle.dumps(error))  # noqa: S301 - made here
    assert (str(copy), copy.finished) == ("gone", {2: WrittenCaption("A dog.")})
    assert ModelUnavailable("gone").finished == {}


def test_closing_ends_a_batch_under_way_at_once(start: Start) -> None:
    hanging = threading.Event()

    def second_hangs(seen: Seen, nth: int) -> Reply:
        if nth == 1:
            return good(seen, nth)
        hanging.set()
        return Reply(hang=True)

    captioner = remote(start(second_hangs), in_flight=1, timeout_s=600)
    raised: list[ModelUnavailable] = []

    def batch() -> None:
        try:
            captioner.caption(subjects(3))
        except ModelUnavailable as error:
            raised.append(error)

    thread = threading.Thread(target=batch, daemon=True)
    thread.start()
    assert hanging.wait(10)
    captioner.close()
    thread.join(10)  # and not after the 600 s
    assert not thread.is_alive()
    assert [finished(error) for error in raised] == [{0: "Picture number 0."}]
    with pytest.raises(ModelUnavailable):
        captioner.caption(subjects(1))
    captioner.close()  # twice is once


def test_the_first_error_ends_the_work_and_keeps_what_is_done() -> None:
    def work(item: int) -> int:
        if item == 3:
            raise KeyError(item)
        return item * 2

    results, error = Crew().run(work, range(100), 1)
    assert results == {0: 0, 1: 2, 2: 4}
    assert isinstance(error, KeyError)
    assert Crew().run(work, [], 4) == ({}, None)
