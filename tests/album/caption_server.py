"""A server in the chat-completions form that behaves as a test wants, and counts."""

from __future__ import annotations

import base64
import io
import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from PIL import Image


@dataclass
class Reply:
    """What the server does with one request."""

    status: int = 200
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()
    hang: bool = False
    cut: bool = False
    drip: bool = False


@dataclass(frozen=True)
class Seen:
    """One request as the server received it."""

    path: str
    headers: dict[str, str]
    body: dict[str, Any]
    jpeg: bytes
    number: int
    at: float

    @property
    def guided(self) -> bool:
        """Whether the answer was asked for in the form of a schema."""
        return "response_format" in self.body


Behaviour = Callable[[Seen, int], Reply]


def chat(text: object, finish: str = "stop", **more: object) -> Reply:
    message = {"role": "assistant", "content": text, **more}
    choice = {"index": 0, "message": message, "finish_reason": finish}
    body = {"id": "1", "object": "chat.completion", "choices": [choice]}
    return Reply(body=json.dumps(body).encode())


def with_more(reply: Reply, **more: object) -> Reply:
    """The same answer with further fields beside its choices."""
    return replace(reply, body=json.dumps({**json.loads(reply.body), **more}).encode())


def error(status: int, message: str, **more: object) -> Reply:
    return Reply(status, json.dumps({"error": {"message": message, **more}}).encode())


def good(seen: Seen, _nth: int) -> Reply:
    return chat(f"Picture number {seen.number}.")


def always(reply: Reply) -> Behaviour:
    return lambda _seen, _nth: reply


def first(count: int, reply: Reply, then: Behaviour = good) -> Behaviour:
    return lambda seen, nth: reply if nth <= count else then(seen, nth)


def only_picture(number: int, reply: Reply) -> Behaviour:
    return lambda seen, nth: reply if seen.number == number else good(seen, nth)


def without_schema(refusal: Reply, then: Behaviour = good) -> Behaviour:
    """Refuses whatever comes with a schema."""
    return lambda seen, nth: refusal if seen.guided else then(seen, nth)


class CaptionServer:
    """Speaks the chat-completions form on a port of its own, and counts."""

    def __init__(self, behaviour: Behaviour = good, port: int = 0) -> None:
        self.seen: list[Seen] = []
        self.in_flight = 0
        self.most_in_flight = 0
        self.released = threading.Event()
        self._behaviour = behaviour
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", port), self._handler())
        self._server.daemon_threads = True
        self.address = f"http://127.0.0.1:{self._server.server_port}/v1"
        threading.Thread(
            target=self._server.serve_forever, args=(0.02,), daemon=True
        ).start()

    def close(self) -> None:
        self.released.set()
        self._server.shutdown()
        self._server.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                server.answer(self)

            def do_GET(self) -> None:
                server.answer(self)

            def log_message(self, *_: object) -> None:
                pass

        return Handler

    def answer(self, http: BaseHTTPRequestHandler) -> None:
        with self._lock:
            self.in_flight += 1
            self.most_in_flight = max(self.most_in_flight, self.in_flight)
        seen = self._read(http)
        with self._lock:
            self.seen.append(seen)
            nth = len(self.seen)
        reply = self._behaviour(seen, nth)
        if reply.hang:
            self.released.wait()
        with self._lock:
            # Before the reply: after it the client may already have sent the next.
            self.in_flight -= 1
        if reply.cut:
            http.close_connection = True
            return
        try:
            self._send(http, reply)
        except OSError:
            http.close_connection = True  # the client gave up, as the test wants

    def _read(self, http: BaseHTTPRequestHandler) -> Seen:
        raw = http.rfile.read(int(http.headers.get("Content-Length", 0)))
        body = json.loads(raw or b"{}")
        jpeg, number = b"", -1
        if body:
            url = body["messages"][0]["content"][0]["image_url"]["url"]
            kind, _, data = url.partition(",")
            assert kind == "data:image/jpeg;base64"
            jpeg = base64.b64decode(data, validate=True)
            with Image.open(io.BytesIO(jpeg)) as picture:
                pixel = picture.convert("RGB").getpixel((0, 0))
            assert isinstance(pixel, tuple)
            number = round(pixel[0] / 8)
        headers = {name.lower(): value for name, value in http.headers.items()}
        return Seen(http.path, headers, body, jpeg, number, time.monotonic())

    def _send(self, http: BaseHTTPRequestHandler, reply: Reply) -> None:
        http.send_response(reply.status)
        for name, value in reply.headers or (("Content-Type", "application/json"),):
            http.send_header(name, value)
        length = len(reply.body) + (1_000_000 if reply.drip else 0)
        http.send_header("Content-Length", str(length))
        http.end_headers()
        http.wfile.write(reply.body)
        while reply.drip and not self.released.wait(0.02):
            http.wfile.write(b" ")
            http.wfile.flush()
