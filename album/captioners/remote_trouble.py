"""What can go wrong with a caption server, sorted by who is to blame for it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from enum import Enum, auto
from typing import Any

MAX_QUOTED_CHARS = 200
_UNFIT = frozenset({401, 402, 403, 404, 405, 407, 410})
_SLOW = frozenset({408, 425, 504})
_KEY = frozenset({401, 403})
_BUSY = frozenset({429, 503})
_SCHEMA = re.compile(
    r"response_?format|schema|grammar|guided|structured.?output", re.IGNORECASE
)
_SAYING = ("error", "message", "detail", "msg", "loc", "param", "type", "code")


class Kind(Enum):
    """The sorts of trouble; each calls for something else."""

    UNREACHABLE = auto()  # no connection: no picture's fault
    BUSY = auto()  # 429 or 503: later, says the server
    FAILED = auto()  # 5xx or broken off: may be the picture's fault
    SLOW = auto()  # no answer in time: may be the picture's fault as well
    GARBAGE = auto()  # an answer, but not in the chat-completions form
    REFUSED = auto()  # 400 and the like: this request, not the server
    UNFIT = auto()  # wrong key, model or address: nothing will work here


class OfSchema(Enum):
    """Whether the JSON schema in a question may be what the trouble is about."""

    NO = auto()
    MAYBE = auto()  # the same question without it will tell
    YES = auto()  # the server says so


class Trouble(Exception):
    """A server did not caption a picture.

    `reason` continues a sentence that begins with the server's address;
    `retry_after_s` is how long the server asks to be left alone, 0 if it does not;
    `of_schema` matters only where a schema was sent.
    """

    def __init__(
        self,
        kind: Kind,
        reason: str,
        retry_after_s: float = 0.0,
        of_schema: OfSchema = OfSchema.NO,
    ) -> None:
        super().__init__(reason)
        self.kind = kind
        self.reason = reason
        self.retry_after_s = retry_after_s
        self.of_schema = of_schema


def trouble_of_status(
    status: int, headers: Mapping[str, str], body: object, model: str
) -> Trouble:
    """What an HTTP status other than 2xx means; `body` is parsed JSON or text."""
    kind, reason = _meaning(status, model)
    wait = retry_after_s(headers.get("retry-after", "")) if kind is Kind.BUSY else 0.0
    words = "" if 300 <= status < 400 else quoted(body)
    return Trouble(kind, f"{reason} ({status}){words}", wait, _of_schema(status, body))


def _meaning(status: int, model: str) -> tuple[Kind, str]:
    if status in _BUSY:
        return Kind.BUSY, "is busy"
    if 300 <= status < 400:
        return Kind.UNFIT, "redirects elsewhere"
    if status in _KEY:
        return Kind.UNFIT, "does not accept the key"
    if status == 404:
        return Kind.UNFIT, f"does not know the model {model} or the path"
    if status in _UNFIT:
        return Kind.UNFIT, "cannot be used"
    if status in _SLOW:
        return Kind.SLOW, "took too long"
    if status >= 500:
        return Kind.FAILED, "failed"
    return Kind.REFUSED, "refused the picture"


def _of_schema(status: int, body: object) -> OfSchema:
    """vLLM, for one, refuses a schema with 400 in some cases and 500 in others."""
    if status < 400 or status in _BUSY | _SLOW | _KEY:
        return OfSchema.NO
    if _SCHEMA.search(_sayings(body)):
        return OfSchema.YES
    # A server that only breaks down (5xx) does so for many reasons, as it does for
    # a picture that is too large (413); one that has no such feature says 501.
    told = (status in _UNFIT and status != 404) or status == 413
    return OfSchema.NO if told or status > 501 or status == 500 else OfSchema.MAYBE


def retry_after_s(header: str, now: datetime | None = None) -> float:
    """Seconds a Retry-After header asks for, as a number or a date; 0 for nonsense."""
    try:
        seconds = float(header)
    except ValueError:
        try:
            date = parsedate_to_datetime(header)
        except (ValueError, TypeError):
            return 0.0
        aware = date if date.tzinfo else date.replace(tzinfo=UTC)
        seconds = (aware - (now or datetime.now(UTC))).total_seconds()
    return seconds if 0 < seconds < float("inf") else 0.0


def quoted(body: object) -> str:
    """What a server says of an error, as ": …" on one short line, or nothing.

    The message stands in different places with different servers; a page of HTML has
    none.
    """
    words = _message(body)
    plain = "".join(c if c.isprintable() else " " for c in words[:2_000])
    plain = " ".join(plain.split()).rstrip(".")
    if not plain or plain.startswith("<"):
        return ""
    short = plain[:MAX_QUOTED_CHARS]
    return f": {short}" + ("…" if short != plain else "")


def parsed(body: bytes | str) -> Any:
    """JSON, or None when it is none."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def _message(body: object) -> str:
    for _ in range(3):
        if not isinstance(body, dict):
            break
        body = body.get("error") or body.get("message") or body.get("detail")
    return body if isinstance(body, str) else ""


def _sayings(body: object, depth: int = 6) -> str:
    """All that an error's message, place and parameter say, wherever they stand; not
    the question that some servers send back with it."""
    if isinstance(body, str):
        return body[:2_000]
    if isinstance(body, dict):
        body = [body[name] for name in _SAYING if name in body]
    if not isinstance(body, list) or not depth:
        return ""
    return " ".join(_sayings(part, depth - 1) for part in body[:20])
