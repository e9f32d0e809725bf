"""Captions by any server that speaks OpenAI's chat-completions form."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import replace

from album.captioners.answer_fields import written_caption
from album.captioners.base import Subject
from album.captioners.prompt import Prompt
from album.captioners.remote_answer import Answer
from album.captioners.remote_picture import MAX_PIXELS, data_url
from album.captioners.remote_pool import Pace, Pool
from album.captioners.remote_server import Server
from album.captioners.remote_threads import Crew
from album.captioners.remote_trouble import Kind, Trouble
from album.errors import CaptionError, ModelError, ModelUnavailable
from album.photo import Author, Provenance, WrittenCaption

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
        self._crew = Crew()
        self._lock = threading.Lock()

    def caption(
        self, subjects: Sequence[Subject]
    ) -> list[WrittenCaption | CaptionError]:
        """One answer for each subject, in the same order.

        Raises ModelUnavailable, naming the addresses, when no server answers any more,
        with the captions that were finished, or when none ever gave a caption.
        """
        with self._lock:
            self._pool.revive()
            answers, error = self._crew.run(self._ask, subjects, self.batch_size)
        if isinstance(error, ModelUnavailable):
            # Errors are not handed on: they may come from servers that were dying.
            finished = {
                i: answer
                for i, answer in sorted(answers.items())
                if isinstance(answer, WrittenCaption)
            }
            raise ModelUnavailable(str(error), finished=finished) from error
        if error is not None:
            raise error
        if self._pool.helpless:
            # Not one picture's fault: a model that takes no pictures, say.
            raise ModelUnavailable(self._pool.trouble())
        return [answers[i] for i in range(len(subjects))]

    def unload(self) -> None:
        """Close the connections, after the batch now being captioned, if any."""
        with self._lock:
            for server in self._servers:
                server.close()

    def close(self) -> None:
        """End at once, for good: a batch under way raises ModelUnavailable with what is
        finished of it."""
        self._crew.leave(ModelUnavailable("The captions are being ended."))
        self._pool.close()
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
                    # At temperature 0 the same question gets the same bad answer; a
                    # grammar may be what a model or a server stumbles over.
                    answer = server.ask(url, question, guided=tries == 0)
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


def _written(answer: Answer, question: str) -> WrittenCaption | CaptionError:
    if answer.thought:
        return CaptionError(
            "The model only thought aloud; ask for its instruct variant instead."
        )
    try:
        written = written_caption(answer.text, capped=answer.capped, prompt=question)
    except CaptionError as error:
        return error
    seconds = None if answer.seconds is None else round(answer.seconds, 3)
    how = Provenance(answer.revision, "", answer.tokens, seconds)
    return replace(written, provenance=how)
