"""What the views "Indexing" and "Settings" ask for.

Like those of ui/handlers.py, each method is a public door: it checks all it is given.
"""

from __future__ import annotations

from typing import Any

from ui import wire_standing
from ui.errors import BadRequest
from ui.needs import AlbumSurvey, BackgroundIndexer, PageChoices

MAX_NAME_CHARS = 40
MAX_VALUE_CHARS = 200


class IndexingPage:
    """How the album stands, and a look at the folders when somebody wants it."""

    def __init__(self, survey: AlbumSurvey, indexer: BackgroundIndexer) -> None:
        self._survey = survey
        self._indexer = indexer

    def look(self) -> dict[str, Any]:
        """Counts, folders, models and disk."""
        return wire_standing.standing_card(self._survey.look())

    def scan(self) -> dict[str, Any]:
        """Look through the folders as soon as may be. `paused`: not until work goes
        on."""
        self._indexer.request_scan()
        return {"paused": self._indexer.progress().paused}


class SettingsPage:
    """What can be chosen on the page."""

    def __init__(self, choices: PageChoices) -> None:
        self._choices = choices

    def all(self) -> dict[str, Any]:
        """Everything that can be chosen, with what it is now."""
        return {"choices": [wire_standing.choice_card(c) for c in self._choices.all()]}

    def choose(self, name: object, value: object) -> dict[str, Any]:
        """Keep a choice; None is the default again. Returns it as it is now.

        Raises AlbumError with a sentence for a value that it cannot have.
        """
        if not isinstance(name, str) or not 0 < len(name) <= MAX_NAME_CHARS:
            raise BadRequest("name says what is chosen, such as strictness.")
        if value is not None and not isinstance(value, str):
            raise BadRequest("value is text, or null for the default.")
        if value is not None and len(value) > MAX_VALUE_CHARS:
            raise BadRequest(f"value may have at most {MAX_VALUE_CHARS} characters.")
        return wire_standing.choice_card(self._choices.choose(name, value))
