"""Captions by other servers: real HTTP on this machine, well and badly behaved."""

from __future__ import annotations

import base64
import io
import json
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from album.captioners.base import Captioner, Subject
from album.captioners.prompt import Prompt
from album.captioners.remote import RemoteCaptioner
from album.captioners.remote_picture import MAX_PIXELS, data_url
from album.captioners.remote_pool import Pace
from album.captioners.remote_server import MAX_ANSWER_BYTES, Server
from album.captioners.remote_trouble import Trouble
from album.errors import CaptionError, ModelError, ModelUnavailable
from album.photo import WrittenCaption
from tests.album.caption_server import (
    Behaviour,
    CaptionServer,
    Reply,
    Seen,
    always,
    chat,
    first,
    good,
    only_picture,
)
from tests.album.test_facts import NOTHING_KNOWN

ROOT = Path(__file__).parents[2]
MODEL = "Qwen/Qwen3-VL-2B-Instruct"
QUICK = Pace(first_s=0.01, longest_s=0.05, rest_s=60.0, longest_rest_s=60.0)


PIXEL = data_url(Image.new("RGB", (1, 1))).partition(",")[2]

Start = Callable[..., CaptionServer]


@pytest.fixture
def start() -> Iterator[Start]:
    """Starts servers, and ends them with the test."""
    running: list[CaptionServer] = []

    def begin(behaviour: Behaviour = good, port: int = 0) -> CaptionServer:
        running.append(CaptionServer(behaviour, port))
        return running[-1]

    yield begin
    for server in running:
        server.close()


@pytest.fixture
def dead() -> str:
    """An address where nobody listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{free.getsockname()[1]}/v1"


def subjects(count: int, begin: int = 0) -> list[Subject]:
    """Plain pictures that differ in their red, which tells the server which it is."""
    return [
        Subject(
            replace(NOTHING_KNOWN, id=number),
            Image.new("RGB", (64, 48), (number * 8, 90, 90)),
        )
        for number in range(begin, begin + count)
    ]


def remote(*servers: CaptionServer | str, **more: Any) -> RemoteCaptioner:
    addresses = [s if isinstance(s, str) else s.address for s in servers]
    return RemoteCaptioner(addresses, MODEL, **{"pace": QUICK, **more})


def texts(captioner: Captioner, wanted: list[Subject]) -> list[str]:
    return [
        answer.text if isinstance(answer, WrittenCaption) else f"! {answer.reason}"
        for answer in captioner.caption(wanted)
    ]


def numbered(*numbers: int) -> list[str]:
    return [f"Picture number {number}." for number in numbers]


# -- all is well -------------------------------------------------------------------


def test_three_servers_share_the_work_and_the_order_is_kept(start: Start) -> None:
    # Nobody answers before every server has a question: all three must be in use.
    meeting = threading.Barrier(3)

    def together(seen: Seen, nth: int) -> Reply:
        if nth == 1:
            meeting.wait(10)
        return good(seen, nth)

    servers = [start(together) for _ in range(3)]
    captioner = remote(*servers)
    assert captioner.batch_size == 12
    assert texts(captioner, subjects(30)) == numbered(*range(30))
    assert sum(len(server.seen) for server in servers) == 30


def test_no_server_has_more_in_hand_than_it_may(start: Start) -> None:
    def server() -> CaptionServer:
        meeting = threading.Barrier(3)

        def slow(seen: Seen, nth: int) -> Reply:
            if nth <= 3:
                meeting.wait(10)  # three at once must come, or this breaks
            time.sleep(0.02)  # keeps them in hand, so that a fourth would be counted
            return good(seen, nth)

        return start(slow)

    servers = [server(), server()]
    captioner = remote(*servers, in_flight=3)
    assert texts(captioner, subjects(24)) == numbered(*range(24))
    assert [server.most_in_flight for server in servers] == [3, 3]


def test_the_request_holds_the_picture_the_prompt_and_nothing_else(
    start: Start, monkeypatch: pytest.MonkeyPatch, dead: str
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, dead)
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret-of-another-program")
    monkeypatch.setenv("OPENAI_ORG_ID", "org-secret")
    monkeypatch.setenv("OPENAI_CUSTOM_HEADERS", "X-Else: secret")
    server = start()
    photo = replace(NOTHING_KNOWN, name="secret.jpg", description="secret", place="X")
    picture = Image.effect_noise((1600, 1200), 60).convert("RGB")
    picture.info["comment"] = b"secret comment"
    remote(server).caption([Subject(photo, picture)])
    (seen,) = server.seen
    assert seen.path == "/v1/chat/completions"
    assert set(seen.body) == {
        "model", "messages", "max_tokens", "temperature", "response_format"
    }  # fmt: skip
    assert (seen.body["model"], seen.body["temperature"]) == (MODEL, 0)
    assert 100 <= seen.body["max_tokens"] <= 300
    (message,) = seen.body["messages"]
    kinds = [part["type"] for part in message["content"]]
    assert (message["role"], kinds) == ("user", ["image_url", "text"])
    assert message["content"][1]["text"] == Prompt().text(subjects(1)[0].photo)
    assert b"secret" not in seen.jpeg
    assert "secret" not in json.dumps([seen.body, seen.headers])
    assert not {name for name in seen.headers if name.startswith(("x-", "openai"))}
    assert "authorization" not in seen.headers
    with Image.open(io.BytesIO(seen.jpeg)) as sent:
        assert (sent.format, sent.mode) == ("JPEG", "RGB")
        assert 0.98 * MAX_PIXELS < sent.width * sent.height <= MAX_PIXELS
        assert sent.width / sent.height == pytest.approx(4 / 3, rel=0.01)


def test_the_key_is_sent_when_there_is_one(start: Start) -> None:
    server = start()
    remote(server, key="abc123").caption(subjects(1))
    assert server.seen[0].headers["authorization"] == "Bearer abc123"


@pytest.mark.parametrize("size", [(1, 1), (900, 3), (3, 1600), (1600, 1600)])
def test_any_shape_becomes_a_bounded_jpeg(size: tuple[int, int]) -> None:
    url = data_url(Image.new("RGB", size, (200, 10, 10)), max_pixels=50_000)
    data = base64.b64decode(url.removeprefix("data:image/jpeg;base64,"))
    with Image.open(io.BytesIO(data)) as sent:
        sent.load()
        assert sent.width * sent.height <= 50_000
        assert max(sent.size) <= 51 * min(sent.size)


def test_an_answer_is_cleaned_and_an_unfinished_sentence_dropped(start: Start) -> None:
    words = "The image shows a dog on a beach. Behind it a red sail and"
    server = start(always(chat(words, finish="length")))
    assert texts(remote(server), subjects(1)) == ["A dog on a beach."]


def test_an_answer_in_parts_is_read(start: Start) -> None:
    parts = [{"type": "text", "text": "A dog."}, {"type": "else"}, 7]
    assert texts(remote(start(always(chat(parts)))), subjects(1)) == ["A dog."]


def test_unload_closes_and_the_next_caption_connects_again(start: Start) -> None:
    captioner = remote(start())
    captioner.unload()
    assert texts(captioner, subjects(2)) == numbered(0, 1)
    captioner.unload()
    assert texts(captioner, subjects(2)) == numbered(0, 1)


def test_nothing_to_caption_contacts_nobody(dead: str) -> None:
    assert remote(dead).caption([]) == []


# -- trouble -----------------------------------------------------------------------


def test_a_busy_server_is_left_alone_as_long_as_it_asks(start: Start) -> None:
    busy = Reply(429, b'{"error": "queue full"}', (("Retry-After", "0.4"),))
    server = start(first(1, busy))
    captioner = remote(server, in_flight=1)
    assert texts(captioner, subjects(3)) == numbered(0, 1, 2)
    assert server.seen[1].at - server.seen[0].at >= 0.4
    assert len(server.seen) == 4


def test_busy_again_and_again_costs_no_caption(start: Start) -> None:
    busy = Reply(503, b"loading model")

    def every_third(seen: Seen, nth: int) -> Reply:
        return good(seen, nth) if nth % 3 == 0 else busy

    captioner = remote(start(every_third))
    assert texts(captioner, subjects(8)) == numbered(*range(8))


def test_a_failed_request_is_tried_again(start: Start) -> None:
    server = start(first(2, Reply(500, b"oops")))
    assert texts(remote(server, in_flight=1), subjects(2)) == numbered(0, 1)
    assert [seen.number for seen in server.seen] == [0, 0, 0, 1]


def test_a_picture_the_server_fails_on_costs_only_itself(start: Start) -> None:
    words = {"error": {"message": "image\nis cursed", "code": 500}}
    server = start(only_picture(5, Reply(500, json.dumps(words).encode())))
    answers = texts(remote(server), subjects(12))
    failed = answers.pop(5)
    assert answers == numbered(0, 1, 2, 3, 4, *range(6, 12))
    assert failed == (
        f"! The caption server {server.address} failed (500): image is cursed."
    )
    assert Counter(seen.number for seen in server.seen)[5] == 3


HTML = Reply(200, b"<html>Please log in</html>", (("Content-Type", "text/html"),))
GARBAGE = {
    "a page": HTML,
    "not JSON": Reply(200, b'{"choices": [{'),
    "deep": Reply(200, b"[" * 100_000),
    "not UTF-8": Reply(200, b"\xff\xfe\x00"),
    "a list": Reply(200, b"[1, 2]"),
    "no choices": Reply(200, b'{"choices": []}'),
    "odd choices": Reply(200, b'{"choices": {"0": 1}}'),
    "no message": Reply(200, b'{"choices": [{"text": "a dog"}]}'),
    "an error": Reply(200, b'{"error": {"message": "no such thing"}}'),
    "nothing": Reply(200, b""),
    "endless": Reply(200, b" " * (MAX_ANSWER_BYTES + 1)),
    "empty text": chat("  "),
    "no text": chat(None),
    "only thoughts": chat("", reasoning="Let me look at this picture"),
    "a loop": chat("dog " * 60),
    "refused": Reply(400, b'{"error": {"message": "bad picture"}}'),
    "too large": Reply(413, b"<html>413</html>"),
}


@pytest.mark.parametrize("reply", GARBAGE.values(), ids=GARBAGE.keys())
def test_garbage_is_that_pictures_error_after_one_more_try(
    start: Start, reply: Reply
) -> None:
    server = start(only_picture(2, reply))
    captioner = remote(server)
    captioner.caption(subjects(1, begin=20))  # now it is known to take the schema
    answers = captioner.caption(subjects(6))
    failed = answers.pop(2)
    assert isinstance(failed, CaptionError)
    assert failed.reason.endswith(".")
    assert "\n" not in failed.reason
    kept = [a.text for a in answers if isinstance(a, WrittenCaption)]
    assert kept == numbered(0, 1, 3, 4, 5)
    assert Counter(seen.number for seen in server.seen)[2] == 2


def test_garbage_from_two_servers_is_made_good_by_the_third(start: Start) -> None:
    bad = start(always(HTML)), start(always(HTML))

    def patient(seen: Seen, nth: int) -> Reply:
        # Answers once a picture has failed at both others, and can only come here.
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            here, there = ({one.number for one in server.seen} for server in bad)
            if here & there:
                return good(seen, nth)
            time.sleep(0.005)
        return Reply(500)

    captioner = remote(*bad, start(patient), in_flight=1)
    assert texts(captioner, subjects(3)) == numbered(0, 1, 2)


def test_an_answer_is_read_up_to_its_bound_only(start: Start) -> None:
    server = start(always(replace(GARBAGE["endless"], drip=True)))
    with pytest.raises(Trouble, match="without end"):
        Server(server.address, MODEL).ask("data:image/jpeg;base64," + PIXEL, "What?")


def test_a_model_that_only_thinks_is_told_apart(start: Start) -> None:
    thoughts = chat(None, finish="length", reasoning_content="The user wants")
    (answer,) = texts(remote(start(always(thoughts))), subjects(1))
    assert "instruct" in answer


@pytest.mark.parametrize("kind", ["a page", "refused", "no choices"])
def test_only_garbage_from_the_start_is_the_servers_fault(
    start: Start, kind: str
) -> None:
    server = start(always(GARBAGE[kind]))
    with pytest.raises(ModelUnavailable, match=server.address):
        remote(server).caption(subjects(5))


def test_one_hanging_server_of_three_costs_no_caption(start: Start) -> None:
    hanging = start(always(Reply(hang=True)))
    captioner = remote(start(), hanging, start(), timeout_s=0.4)
    assert texts(captioner, subjects(30)) == numbered(*range(30))
    asked = len(hanging.seen)
    assert asked >= 1
    assert texts(captioner, subjects(24)) == numbered(*range(24))
    assert len(hanging.seen) == asked  # out for a minute


def test_an_answer_that_only_drips_is_given_up(start: Start) -> None:
    dripping = start(always(Reply(drip=True)))
    captioner = remote(dripping, start(), timeout_s=0.4)
    assert texts(captioner, subjects(8)) == numbered(*range(8))
    assert len(dripping.seen) >= 1


def test_dead_failing_and_busy_servers_beside_one_good(start: Start, dead: str) -> None:
    failing = start(always(Reply(500)))
    busy = start(always(Reply(429)))
    captioner = remote(dead, failing, busy, start())
    for begin in (0, 12):
        wanted = subjects(12, begin)
        assert texts(captioner, wanted) == numbered(*range(begin, begin + 12))
    # Four at once are one breakdown; then one by one, until it is out.
    assert len(failing.seen) <= 4 + 3


def test_a_server_that_dies_in_mid_batch_costs_no_caption(start: Start) -> None:
    def dies(seen: Seen, nth: int) -> Reply:
        return good(seen, nth) if nth <= 3 else Reply(cut=True)

    dying = start(dies)
    captioner = remote(dying, start())
    assert texts(captioner, subjects(24)) == numbered(*range(24))
    assert len(dying.seen) > 3


def test_when_none_answers_the_addresses_are_named(start: Start, dead: str) -> None:
    failing = start(always(Reply(500, b'{"error": {"message": "no mmproj"}}')))
    captioner = remote(dead, failing)
    with pytest.raises(ModelUnavailable) as raised:
        captioner.caption(subjects(8))
    words = str(raised.value)
    assert f"{dead} could not be reached" in words
    assert f"{failing.address} failed (500): no mmproj" in words


def test_a_server_that_comes_back_is_used_by_the_next_batch(
    start: Start, dead: str
) -> None:
    captioner = remote(dead)
    for _ in range(2):
        with pytest.raises(ModelUnavailable):
            captioner.caption(subjects(2))
    start(port=int(dead.removesuffix("/v1").rpartition(":")[2]))
    assert texts(captioner, subjects(2)) == numbered(0, 1)


@pytest.mark.parametrize(
    ("status", "words", "asked"),
    [
        (401, "does not accept the key", 1),
        # A second time without the schema, which is unknown to some as well.
        (404, f"does not know the model {MODEL}", 2),
    ],
)
def test_a_wrong_key_or_model_is_said_and_not_asked_again(
    start: Start, status: int, words: str, asked: int
) -> None:
    server = start(always(Reply(status, b'{"message": "go away", "code": 1}')))
    with pytest.raises(ModelUnavailable) as raised:
        remote(server, key="sesame", in_flight=1).caption(subjects(4))
    assert words in str(raised.value)
    assert "go away" in str(raised.value)
    assert "sesame" not in str(raised.value)
    assert len(server.seen) == asked


def test_a_redirect_is_not_followed(start: Start) -> None:
    elsewhere = start()
    location = f"{elsewhere.address}/chat/completions"
    server = start(always(Reply(307, headers=(("Location", location),))))
    with pytest.raises(ModelUnavailable, match="redirects elsewhere"):
        remote(server).caption(subjects(3))
    assert elsewhere.seen == []


@pytest.mark.parametrize(
    "address",
    [
        "",
        "127.0.0.1:8000",
        "ftp://host/v1",
        "http://",
        "http://host:99999/v1",
        "http://ho st/v1",
        "http://me:secret@host/v1",
        "http://host/v1?key=secret",
        "http://[::1/v1",
        f"http://{'a' * 70}/v1",
    ],
)
def test_an_address_that_is_none_is_refused(address: str) -> None:
    with pytest.raises(ModelError, match="caption server"):
        RemoteCaptioner([address], MODEL)


def test_addresses_a_model_and_a_plain_key_are_needed() -> None:
    good_address = "http://127.0.0.1:8000/v1"
    for addresses, model in (([], MODEL), ([good_address], "")):
        with pytest.raises(ModelError, match="needs an address"):
            RemoteCaptioner(addresses, model)
    with pytest.raises(ModelError, match="key"):
        RemoteCaptioner([good_address], MODEL, key="a\nb")
    twice = RemoteCaptioner([good_address, good_address + "/"], MODEL)
    assert (twice.batch_size, twice.author.model) == (4, MODEL)


# -- the program around it ------------------------------------------------------


def test_the_client_is_loaded_with_the_first_question_only() -> None:
    code = (
        "import sys; from album.captioners.remote import RemoteCaptioner as R; "
        "R(['http://127.0.0.1:1/v1'], 'm'); "
        "sys.exit(bool({'openai', 'httpx2', 'PIL'} & set(sys.modules)))"
    )
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, timeout=30)


def test_a_hanging_server_does_not_keep_the_program_from_ending(start: Start) -> None:
    server = start(always(Reply(hang=True)))
    code = (
        "import sys, threading; from PIL import Image; "
        "from album.captioners.base import Subject; "
        "from album.captioners.remote import RemoteCaptioner as R; "
        "from tests.album.test_facts import NOTHING_KNOWN as photo; "
        "r = R([sys.argv[1]], 'm', timeout_s=600); "
        "s = [Subject(photo, Image.new('RGB', (8, 8)))]; "
        "threading.Thread(target=r.caption, args=(s,), daemon=True).start(); "
        "sys.stdin.readline()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, server.address], cwd=ROOT, stdin=subprocess.PIPE
    ) as child:
        try:
            deadline = time.monotonic() + 30
            while not server.seen and time.monotonic() < deadline:
                time.sleep(0.02)
            assert server.seen
            child.communicate(b"\n", timeout=20)
            assert child.returncode == 0
        finally:
            child.kill()
