"""Which caption server is asked next, by a clock that the test moves."""

from __future__ import annotations

import threading
from collections import Counter
from datetime import UTC, datetime

import pytest

from album.captioners.remote_pool import Pool
from album.captioners.remote_server import Server
from album.captioners.remote_trouble import Kind, Trouble, quoted, retry_after_s
from album.errors import ModelUnavailable

MODEL = "Qwen/Qwen3-VL-2B-Instruct"


class Clock:
    """Time that passes when the test says so."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def pool(*names: str, clock: Clock, in_flight: int = 4) -> Pool:
    servers = [Server(f"http://{name}/v1", MODEL) for name in names]
    return Pool(servers, in_flight, clock=clock, chance=lambda: 0.0)


def fail(lender: Pool, kind: Kind, retry_after_s: float = 0.0) -> None:
    with pytest.raises(Trouble), lender.lend():
        raise Trouble(kind, "failed", retry_after_s)


def is_out(lender: Pool) -> bool:
    try:
        with lender.lend():
            return False
    except ModelUnavailable:
        return True


def test_rests_grow_from_half_a_minute_to_five() -> None:
    clock = Clock()
    lender = pool("a", clock=clock)
    for wait in (0.5, 1.0, 2.0):
        fail(lender, Kind.UNREACHABLE)
        clock.now += wait
    fail(lender, Kind.UNREACHABLE)
    for rest in (30, 60, 120, 240, 300, 300):
        clock.now += rest - 0.1
        with pytest.raises(ModelUnavailable, match="http://a/v1 failed"):
            fail(lender, Kind.UNREACHABLE)
        clock.now += 0.1
        fail(lender, Kind.UNREACHABLE)  # one trial, and out again
    clock.now += 300
    with lender.lend():
        pass  # it answers
    for wait in (0.5, 1.0, 2.0, 30.0):
        fail(lender, Kind.UNREACHABLE)
        clock.now += wait
    assert not is_out(lender)  # all is forgiven, rests begin small again


def test_a_busy_server_gets_over_a_minute() -> None:
    clock = Clock()
    lender = pool("a", clock=clock)
    began = clock.now
    for wait in (0.5, 1, 2, 4, 8, 16, 30):
        fail(lender, Kind.BUSY)
        clock.now += wait
    fail(lender, Kind.BUSY)
    assert clock.now - began > 60
    assert is_out(lender)


def test_a_moment_asked_for_is_bounded() -> None:
    clock = Clock()
    lender = pool("a", "b", clock=clock)
    fail(lender, Kind.BUSY, retry_after_s=1e9)
    with lender.lend() as server:
        assert server.address == "http://b/v1"
    clock.now += 300
    seen = set()
    with lender.lend() as one, lender.lend() as other:
        seen = {one.address, other.address}
    assert seen == {"http://a/v1", "http://b/v1"}


def test_what_broke_down_together_counts_once_but_silence_each_time() -> None:
    for kind, out in ((Kind.FAILED, False), (Kind.SLOW, True)):
        clock = Clock()
        lender = pool("a", clock=clock)
        together = [lender.lend() for _ in range(4)]
        for lent in together:
            lent.__enter__()
        clock.now += 1
        for lent in together:
            assert not lent.__exit__(Trouble, Trouble(kind, "failed"), None)
        clock.now += 2
        assert is_out(lender) is out


def test_a_server_in_doubt_gets_one_picture_at_a_time() -> None:
    clock = Clock()
    lender = pool("a", "b", clock=clock)
    fail(lender, Kind.FAILED)  # a, the first
    clock.now += 0.5
    with lender.lend() as one, lender.lend() as two, lender.lend() as three:
        addresses = [server.address for server in (one, two, three)]
    assert Counter(addresses) == {"http://a/v1": 1, "http://b/v1": 2}


def test_a_third_picture_waits_for_one_of_two_places() -> None:
    lender = pool("a", clock=Clock(), in_flight=2)
    got_one = threading.Event()

    def third() -> None:
        with lender.lend():
            got_one.set()

    with lender.lend():
        with lender.lend():
            thread = threading.Thread(target=third, daemon=True)
            thread.start()
            assert not got_one.wait(0.1)
        assert got_one.wait(10)
    thread.join(10)


def test_the_server_with_the_fewest_in_hand_is_next() -> None:
    lender = pool("a", "b", clock=Clock())
    with lender.lend() as one, lender.lend() as two:
        assert one is not two


def test_a_refused_picture_is_not_held_against_the_server() -> None:
    lender = pool("a", clock=Clock())
    for _ in range(10):
        fail(lender, Kind.REFUSED)  # without waiting in between
    assert not is_out(lender)


def test_where_a_picture_failed_it_goes_last() -> None:
    lender = pool("a", "b", clock=Clock())
    with lender.lend() as server:
        pass
    with lender.lend({server}) as other:
        assert other is not server
    with lender.lend({server, other}) as any_one:
        assert any_one in (server, other)


# -- small parts -------------------------------------------------------------------


def test_retry_after_is_seconds_or_a_date() -> None:
    now = datetime(2025, 6, 1, 12, 0, 0, tzinfo=UTC)
    assert retry_after_s("7", now) == 7
    assert retry_after_s("Sun, 01 Jun 2025 12:00:30 GMT", now) == 30
    for nonsense in ("", "soon", "-5", "nan", "inf", "Sun, 01 Jun 2025 11:00:00 GMT"):
        assert retry_after_s(nonsense, now) == 0


def test_a_servers_words_are_quoted_short_and_plain() -> None:
    assert quoted({"error": {"message": "a\x1b[31m\nb."}}) == ": a [31m b"
    assert quoted({"detail": "d"}) == ": d"
    assert quoted({"error": "e"}) == ": e"
    assert quoted({"error": {"message": "x" * 5_000}}) == f": {'x' * 200}…"
    for nothing in (None, "", "<html>", 7, [1], {"error": {"message": {"error": 1}}}):
        assert quoted(nothing) == ""
