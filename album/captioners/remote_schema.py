"""Whether a caption server can hold its model to a JSON schema; asked for only once."""

from __future__ import annotations

import threading
from enum import Enum, auto
from typing import TYPE_CHECKING

from album.captioners.prompt import SCHEMA

if TYPE_CHECKING:
    from openai.types.shared_params import ResponseFormatJSONSchema


class Outcome(Enum):
    """What came of a question with a schema."""

    TAKEN = auto()
    REFUSED = auto()
    UNSETTLED = auto()  # a trouble that says nothing of schemas


class SchemaOffer:
    """What is known of one server; any thread may ask it.

    While the first question with the schema is under way, the others go without it:
    they need not wait, and a server that refuses does so once.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: Outcome = Outcome.UNSETTLED
        self._trying = False

    def made(self) -> bool:
        """Whether the next question has the schema; if so, `settle` must follow."""
        with self._lock:
            if self._known is not Outcome.UNSETTLED:
                return self._known is Outcome.TAKEN
            first, self._trying = not self._trying, True
            return first

    @property
    def taken(self) -> bool:
        """Whether the server ever answered a question with the schema."""
        return self._known is Outcome.TAKEN

    def settle(self, outcome: Outcome) -> None:
        """Remember what came of it. A refusal is final, since answers to questions sent
        before may still come in."""
        with self._lock:
            if self._known is Outcome.UNSETTLED:
                self._trying = False
            if outcome is not Outcome.UNSETTLED and self._known is not Outcome.REFUSED:
                self._known = outcome


def response_format() -> ResponseFormatJSONSchema:
    """The schema of a caption as a chat-completions request names it."""
    return {
        "type": "json_schema",
        "json_schema": {"name": "caption", "strict": True, "schema": SCHEMA},
    }
