"""Captions by any server that speaks OpenAI's chat-completions form."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Sequence
from typing import TypeVar

from album.captioners.answer_fields import written_caption
from album.captioners.base import Subject
from album.captioners.prompt import Prompt
from album.captioners.remote_picture import MAX_PIXELS, data_url
from album.captioners.remote_pool import Pace, Pool
from album.captioners.remote_server import Answer, Server
from album.captioners.remote_trouble import Kind, Trouble
from album.errors import CaptionError, ModelError, ModelUnavailable
from album.photo import Author, WrittenCaption

Item = TypeVar("Item")
Result = TypeVar("Result")

_NOBODYS_FAULT = frozenset({Kind.UNREACHABLE, Kind.BUSY, Kind.UNFIT})
"""Trouble that says nothing of the picture, which is then tried as often as it takes;
the pool puts the server out in time."""


class RemoteCaptioner:
    """Writes captions with one or more servers, of which some may be down or slow.

    Every picture goes to the server with the fewest in hand and, if it fails, to the
    others before it comes back. Any thread may call any method; one batch at a time is
    captioned.
    """

    def __init__(
        self,
        addresses: Sequence[str],
        model: str,
        *,
        key: str = "",
        in_flight: int = 4,
        timeout_s: float = 120.0,
        max_pixels: int = MAX_PIXELS,
        prompt: Prompt | None = None,
        name: str = "remote",
        pace: Pace | None = None,
    ) -> None:
        """`addresses` end in /v1; `model` is the name the servers know it by, `key` is
        sent to all of them. At most `in_flight` pictures are with one server at a time,
        each for `timeout_s`. Contacts nobody yet. Raises ModelError for addresses that
        are none."""
        self._prompt = prompt or Prompt()
        self.author = Author(name, model, self._prompt.version, self._prompt.variant)
        addresses = list(dict.fromkeys(address.rstrip("/") for address in addresses))
        if not addresses or not model:
            raise ModelError(
                "A caption server needs an address such as http://127.0.0.1:8000/v1 "
                "and the name of its model."
            )
        self._servers = [
            Server(address, model, key=key, in_flight=in_flight, timeout_s=timeout_s)
            for address in addresses
        ]
        self.batch_size = in_flight * len(self._servers)
        self._pool = Pool(self._servers, in_flight, pace=pace)
        self._max_pixels = max_pixels
        self._lock = threading.Lock()

    def caption(
        self, subjects: Sequence[Subject]
    ) -> list[WrittenCaption | CaptionError]:
        """One answer for each subject, in the same order.

        Raises ModelUnavailable, naming the addresses, when no server answers or none
        ever gave a caption.
        """
        with self._lock:
            self._pool.revive()
            answers = in_threads(self._ask, subjects, self.batch_size)
            if self._pool.helpless:
                # Not one picture's fault: a model that takes no pictures, say.
                raise ModelUnavailable(self._pool.trouble())
            return answers

    def unload(self) -> None:
        """Close the connections, after the batch now being captioned, if any."""
        with self._lock:
            for server in self._servers:
                server.close()

    def _ask(self, subject: Subject) -> WrittenCaption | CaptionError:
        """Ask until there is a caption or the picture has had its tries."""
        question = self._prompt.text(subject.photo)
        try:
            url = data_url(subject.picture, self._max_pixels)
        except (OSError, ValueError) as error:
            return CaptionError(f"The picture could not be sent: {error}.")
        failed_at: set[Server] = set()
        tries = 0
        while True:
            try:
                with self._pool.lend(failed_at) as server:
                    answer = server.ask(url, question)
            except Trouble as trouble:
                failed_at.add(server)
                tries += trouble.kind not in _NOBODYS_FAULT
                if tries >= self._tries(trouble.kind):
                    return CaptionError(
                        f"The caption server {server.address} {trouble.reason}."
                    )
                continue
            written = _written(answer, question)
            tries += 1
            if isinstance(written, WrittenCaption) or tries >= 2:
                return written
            failed_at.add(server)

    def _tries(self, kind: Kind) -> int:
        """How often a picture is tried: at least once more than the first time, and at
        every server, since another may do better."""
        again = 2 if kind in (Kind.GARBAGE, Kind.REFUSED) else 3
        return max(again, len(self._servers))


def in_threads(
    work: Callable[[Item], Result], items: Sequence[Item], count: int
) -> list[Result]:
    """`work` on every item by up to `count` threads; the results in the items' order.

    The first exception is raised here, after the work in hand; no more is begun then.
    The threads are daemons, unlike those of an executor, which would keep a program
    that is told to end waiting for a server that hangs.
    """
    waiting: queue.SimpleQueue[tuple[int, Item]] = queue.SimpleQueue()
    for numbered in enumerate(items):
        waiting.put(numbered)
    results: dict[int, Result] = {}
    errors: list[BaseException] = []

    def run() -> None:
        while not errors:
            try:
                i, item = waiting.get_nowait()
            except queue.Empty:
                return
            try:
                results[i] = work(item)
            except BaseException as error:  # noqa: BLE001 - raised again by the caller
                errors.append(error)

    threads = [
        threading.Thread(target=run, name=f"remote-{i}", daemon=True)
        for i in range(min(count, len(items)))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]
    return [results[i] for i in range(len(items))]


def _written(answer: Answer, question: str) -> WrittenCaption | CaptionError:
    if answer.thought:
        return CaptionError(
            "The model only thought aloud; ask for its instruct variant instead."
        )
    try:
        return written_caption(answer.text, capped=answer.capped, prompt=question)
    except CaptionError as error:
        return error
