"""What a person can say of photos: favourites, and "not this" in a search.

Like those of ui/handlers.py, each method is a public door: it checks all it is given.
"""

from __future__ import annotations

from typing import Any

from ui import checks, wire
from ui.errors import NotFound
from ui.handlers_search import MAX_QUERY_CHARS
from ui.needs import Album, SearchFeedback

MAX_LISTED = 500
"""Photos in one list of what was taken out; the count is always exact."""


class Marks:
    """The favourites of the album, and the feedback on its searches."""

    def __init__(self, library: Album, feedback: SearchFeedback) -> None:
        self._library = library
        self._feedback = feedback

    def set_favourite(self, photo_id: object, favourite: object) -> dict[str, Any]:
        """Make a photo a favourite, or none any more. Returns it as it is now."""
        number = self._existing(photo_id)
        wished = checks.flag(favourite, "favourite")
        return wire.photo_card(self._library.set_favourite(number, wished))

    def reject(self, query: object, photo_id: object) -> None:
        """Take a photo out of a search, for good."""
        text = checks.text(query, MAX_QUERY_CHARS, "The search")
        self._feedback.reject(text, self._existing(photo_id))

    def take_back(self, query: object, photo_id: object) -> dict[str, Any]:
        """Let a search find a photo again; how many were taken back: 1, or 0 if it was
        not taken out."""
        text = checks.text(query, MAX_QUERY_CHARS, "The search")
        return {
            "taken_back": int(self._feedback.take_back(text, checks.photo_id(photo_id)))
        }

    def reset(self) -> dict[str, Any]:
        """Let every search find everything again; how many photos were taken back."""
        return {"taken_back": self._feedback.reset()}

    def taken_out(self) -> dict[str, Any]:
        """The searches that photos were taken out of, the latest first, each with the
        cells of its photos. `photos` counts all of them."""
        searches, room = [], MAX_LISTED
        every = self._feedback.all()
        for one in every:
            found = [self._library.photo(key) for key in one.photo_ids[:room]]
            room -= len(found)
            cells = [wire.cell(photo) for photo in found if photo is not None]
            if cells:
                searches.append({"query": one.query, "photos": cells})
        return {
            "photos": sum(len(one.photo_ids) for one in every),
            "searches": searches,
        }

    def _existing(self, photo_id: object) -> int:
        number = checks.photo_id(photo_id)
        if self._library.photo(number) is None:
            raise NotFound("There is no such photo in this album.")
        return number
