"""What stands in a chat-completions answer. It comes from elsewhere: nothing in it is
believed to have the type, the size or the letters it should have."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from album.captioners.remote_trouble import Kind, Trouble, parsed, quoted

MAX_TOKENS = 100_000
"""A count above it is no count: we ask for 256, a thinking model may add thousands."""

MAX_REVISION_CHARS = 64
"""Ollama's fingerprint has 9 characters, llama.cpp's about 15, OpenAI's 13."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A server's raw words. `capped`: stopped at the token limit; `thought`: there was
    nothing but a thinking model's thoughts; `tokens` that were generated and `revision`
    as the server states them, None and "" if it does not."""

    text: str
    capped: bool
    thought: bool = False
    tokens: int | None = None
    revision: str = ""
    seconds: float | None = None


def read_answer(body: bytes, seconds: float | None = None) -> Answer:
    """The words in an answer that took `seconds`. Raises Trouble if it is none."""
    data = parsed(body)
    message, finish = _first_choice(data)
    if not isinstance(message, dict):
        raise Trouble(
            Kind.GARBAGE, f"did not answer like a chat-completions server{quoted(data)}"
        )
    text = _text(message.get("content"))
    thoughts = message.get("reasoning_content") or message.get("reasoning")
    return Answer(
        text,
        capped=finish == "length",
        thought=not text.strip() and bool(thoughts),
        tokens=_tokens(data.get("usage")),
        revision=_revision(data.get("system_fingerprint")),
        seconds=seconds,
    )


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


def _tokens(usage: object) -> int | None:
    count = usage.get("completion_tokens") if isinstance(usage, dict) else None
    if isinstance(count, bool) or not isinstance(count, int):
        return None
    return count if 1 <= count <= MAX_TOKENS else None


def _revision(fingerprint: object) -> str:
    if not isinstance(fingerprint, str) or len(fingerprint) > MAX_REVISION_CHARS:
        return ""
    short = fingerprint.strip()
    return short if short.isprintable() else ""
