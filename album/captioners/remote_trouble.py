"""What can go wrong with a caption server, sorted by who is to blame for it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from enum import Enum, auto
from typing import Any

MAX_QUOTED_CHARS = 200
_UNFIT = frozenset({401, 402, 403, 404, 405, 407, 410})
_SLOW = frozenset({408, 425, 504})


class Kind(Enum):
    """The sorts of trouble; each calls for something else."""

    UNREACHABLE = auto()  # no connection: no picture's fault
    BUSY = auto()  # 429 or 503: later, says the server
    FAILED = auto()  # 5xx or broken off: may be the picture's fault
    SLOW = auto()  # no answer in time: may be the picture's fault as well
    GARBAGE = auto()  # an answer, but not in the chat-completions form
    REFUSED = auto()  # 400 and the like: this request, not the server
    UNFIT = auto()  # wrong key, model or address: nothing will work here


class Trouble(Exception):
    """A server did not caption a picture.

    `reason` continues a sentence that begins with the server's address;
    `retry_after_s` is how long the server asks to be left alone, 0 if it does not.
    """

    def __init__(self, kind: Kind, reason: str, retry_after_s: float = 0.0) -> None:
        super().__init__(reason)
        self.kind = kind
        self.reason = reason
        self.retry_after_s = retry_after_s


def trouble_of_status(
    status: int, headers: Mapping[str, str], body: object, model: str
) -> Trouble:
    """What an HTTP status other than 2xx means; `body` is parsed JSON or text."""
    words = quoted(body)
    if status in (429, 503):
        wait = retry_after_s(headers.get("retry-after", ""))
        return Trouble(Kind.BUSY, f"is busy ({status}){words}", wait)
    if 300 <= status < 400:
        return Trouble(Kind.UNFIT, f"redirects elsewhere ({status})")
    if status in (401, 403):
        return Trouble(Kind.UNFIT, f"does not accept the key ({status}){words}")
    if status == 404:
        return Trouble(
            Kind.UNFIT, f"does not know the model {model} or the path (404){words}"
        )
    if status in _UNFIT:
        return Trouble(Kind.UNFIT, f"cannot be used ({status}){words}")
    if status in _SLOW:
        return Trouble(Kind.SLOW, f"took too long ({status}){words}")
    if status >= 500:
        return Trouble(Kind.FAILED, f"failed ({status}){words}")
    return Trouble(Kind.REFUSED, f"refused the picture ({status}){words}")


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
