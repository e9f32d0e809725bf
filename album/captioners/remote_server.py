"""One OpenAI-compatible server, asked for one caption at a time.

vLLM, SGLang, Ollama and llama.cpp all speak this form: POST …/chat/completions with
the picture as a data URL.
"""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from album.captioners.prompt import NEW_TOKENS
from album.captioners.remote_answer import Answer, read_answer
from album.captioners.remote_schema import Outcome, SchemaOffer, response_format
from album.captioners.remote_transport import http_client
from album.captioners.remote_trouble import Kind, OfSchema, Trouble, trouble_of_status
from album.errors import ModelError

if TYPE_CHECKING:
    import openai

CONNECT_S = 5.0
"""A machine that is switched off lets a connection hang; a living one takes it
at once, however busy its model is."""

MAX_ANSWER_BYTES = 1_000_000


class Server:
    """One address. Connects at the first question; any thread may ask.

    Nothing but the prompt, the picture, the model's name and the key (if there is one)
    is sent, to this address only: no proxy or key from the environment, no redirect
    followed, no header that describes this machine.
    """

    def __init__(
        self,
        address: str,
        model: str,
        *,
        key: str = "",
        in_flight: int = 4,
        timeout_s: float = 120.0,
    ) -> None:
        """Raises ModelError for an address or a key that cannot be one."""
        self.address = _checked(address)
        if not (key.isascii() and key.isprintable()):
            raise ModelError("The caption server's key has characters no key can have.")
        self._model = model
        self._key = key
        self._in_flight = in_flight
        self._timeout_s = timeout_s
        self._lock = threading.Lock()
        self._client: openai.OpenAI | None = None
        self._schema = SchemaOffer()

    def ask(self, picture_url: str, question: str, *, guided: bool = True) -> Answer:
        """The model's words on a picture (a data URL). Raises Trouble.

        If `guided`, the model is held to the caption's JSON schema, unless the server
        is known to take none; one that refuses it is asked again at once without.
        """
        if not (guided and self._schema.made()):
            return self._answer(picture_url, question)
        outcome = Outcome.UNSETTLED
        try:
            answer = self._answer(picture_url, question, guided=True)
            outcome = Outcome.TAKEN
        except Trouble as trouble:
            if trouble.of_schema is OfSchema.YES:
                outcome = Outcome.REFUSED
            elif trouble.of_schema is OfSchema.NO or self._schema.taken:
                raise
            answer = self._answer(picture_url, question)
            outcome = Outcome.REFUSED
        finally:
            self._schema.settle(outcome)
        return answer

    def _answer(
        self, picture_url: str, question: str, *, guided: bool = False
    ) -> Answer:
        import httpx2
        import openai

        started = time.monotonic()
        try:
            body = self._post(picture_url, question, guided)
        except openai.APIStatusError as error:
            raise trouble_of_status(
                error.status_code, error.response.headers, error.body, self._model
            ) from error
        except (openai.OpenAIError, httpx2.HTTPError) as error:
            raise self._trouble_of_connection(error.__cause__ or error) from error
        return read_answer(body, time.monotonic() - started)

    def close(self) -> None:
        """Close the connections; the next question opens them again."""
        with self._lock:
            client, self._client = self._client, None
        if client is not None:
            client.close()

    def _post(self, picture_url: str, question: str, guided: bool) -> bytes:
        import openai

        deadline = time.monotonic() + self._timeout_s
        body = bytearray()
        with self._open().chat.completions.with_streaming_response.create(
            model=self._model,
            messages=[
                {
                    "role": "user",
                    "content": [
                        # Some servers also take a bare string; all take the object.
                        {"type": "image_url", "image_url": {"url": picture_url}},
                        {"type": "text", "text": question},
                    ],
                }
            ],
            max_tokens=NEW_TOKENS,
            temperature=0,
            response_format=response_format() if guided else openai.omit,
        ) as response:
            # In pieces, since the time-out alone allows one byte every two minutes.
            for piece in response.iter_bytes():
                body += piece
                if len(body) > MAX_ANSWER_BYTES:
                    raise Trouble(Kind.GARBAGE, "gave an answer without end")
                if time.monotonic() > deadline:
                    raise self._too_slow()
        return bytes(body)

    def _open(self) -> openai.OpenAI:
        import openai

        with self._lock:
            if self._client is None:
                http = http_client(
                    self._key, self._in_flight, self._timeout_s, CONNECT_S
                )
                self._client = openai.OpenAI(
                    base_url=self.address,
                    api_key=self._key or "none",  # it insists on one
                    timeout=http.timeout,
                    max_retries=0,
                    http_client=http,
                )
            return self._client

    def _trouble_of_connection(self, cause: BaseException) -> Trouble:
        import httpx2

        if isinstance(cause, (httpx2.ConnectError, httpx2.ConnectTimeout)):
            return Trouble(Kind.UNREACHABLE, "could not be reached")
        if isinstance(cause, httpx2.TimeoutException):
            return self._too_slow()
        return Trouble(Kind.FAILED, "broke the connection off")

    def _too_slow(self) -> Trouble:
        return Trouble(Kind.SLOW, f"did not answer within {self._timeout_s:g} s")


def _checked(address: str) -> str:
    try:
        parts = urlsplit(address)
        valid = parts.scheme in ("http", "https") and bool(parts.hostname)
        valid = valid and parts.port != 0 and not any(map(str.isspace, address))
        (parts.hostname or "").encode("idna")
    except ValueError:
        valid = False
    if not valid:
        raise ModelError(
            f"{address!r} is no address of a caption server; it looks like "
            "http://127.0.0.1:8000/v1."
        )
    if parts.username or parts.password or parts.query or parts.fragment:
        # They would be shown wherever the address is.
        raise ModelError(
            "The address of a caption server holds no name, password or query; its "
            "key is a setting of its own."
        )
    return address.rstrip("/")
