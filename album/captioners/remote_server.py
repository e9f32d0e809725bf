"""One OpenAI-compatible server, asked for one caption at a time.

vLLM, SGLang, Ollama and llama.cpp all speak this form: POST …/chat/completions with
the picture as a data URL.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from album.captioners.prompt import NEW_TOKENS
from album.captioners.remote_transport import http_client
from album.captioners.remote_trouble import (
    Kind,
    Trouble,
    parsed,
    quoted,
    trouble_of_status,
)
from album.errors import ModelError

if TYPE_CHECKING:
    import openai

CONNECT_S = 5.0
"""A machine that is switched off lets a connection hang; a living one takes it
at once, however busy its model is."""

MAX_ANSWER_BYTES = 1_000_000


@dataclass(frozen=True, slots=True)
class Answer:
    """A server's raw words. `capped`: stopped at the token limit; `thought`: there was
    nothing but a thinking model's thoughts."""

    text: str
    capped: bool
    thought: bool = False


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

    def ask(self, picture_url: str, question: str) -> Answer:
        """The model's words on a picture (a data URL). Raises Trouble."""
        import httpx2
        import openai

        try:
            body = self._post(picture_url, question)
        except openai.APIStatusError as error:
            raise trouble_of_status(
                error.status_code, error.response.headers, error.body, self._model
            ) from error
        except (openai.OpenAIError, httpx2.HTTPError) as error:
            raise self._trouble_of_connection(error.__cause__ or error) from error
        return read_answer(body)

    def close(self) -> None:
        """Close the connections; the next question opens them again."""
        with self._lock:
            client, self._client = self._client, None
        if client is not None:
            client.close()

    def _post(self, picture_url: str, question: str) -> bytes:
        deadline = time.monotonic() + self._timeout_s
        body = bytearray()
        # A server that can be held to a JSON schema would get it here, as
        # `response_format`; `read_answer` is then where its fields are read.
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


def read_answer(body: bytes) -> Answer:
    """The words in a chat-completions answer. Raises Trouble if it is not one."""
    data = parsed(body)
    message, finish = _first_choice(data)
    if not isinstance(message, dict):
        raise Trouble(
            Kind.GARBAGE, f"did not answer like a chat-completions server{quoted(data)}"
        )
    text = _text(message.get("content"))
    thoughts = message.get("reasoning_content") or message.get("reasoning")
    thought = not text.strip() and bool(thoughts)
    return Answer(text, capped=finish == "length", thought=thought)


def _first_choice(data: Any) -> tuple[Any, Any]:
    choices = data.get("choices") if isinstance(data, dict) else None
    first = choices[0] if isinstance(choices, list) and choices else None
    if not isinstance(first, dict):
        return None, None
    return first.get("message"), first.get("finish_reason")


def _text(content: object) -> str:
    """A message's content is text, or a list of parts some of which are text."""
    if isinstance(content, str):
        return content
    parts = content if isinstance(content, list) else []
    texts = (part.get("text") for part in parts if isinstance(part, dict))
    return " ".join(text for text in texts if isinstance(text, str))


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
