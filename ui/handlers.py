"""What the page can ask for. Plain values in, plain values out, all of them checked.

Each method is a public door: it is reached over HTTP, and `search_view` through Gradio
as well, whose events anybody who reaches the port can call with any JSON.
"""

from __future__ import annotations

import itertools
import logging
from collections.abc import Callable, Iterable
from dataclasses import asdict
from typing import Any, Literal

from album.errors import AlbumError
from album.photo import Photo
from ui import checks, wire, wire_captions
from ui.errors import BadRequest, NotFound
from ui.handlers_search import DEFAULT_HITS, MAX_QUERY_CHARS, Searching
from ui.needs import Album, BackgroundIndexer, OriginalFile, SearchEngine

logger = logging.getLogger(__name__)

MAX_CAPTION_CHARS = 2000
MAX_CELLS = 200
MAX_LOOKED_AT = 200


class Handlers:
    """The album, the search and the indexer, as the page sees them."""

    def __init__(
        self,
        library: Album,
        search: SearchEngine,
        indexer: BackgroundIndexer,
        after_edit: Callable[[], None],
    ) -> None:
        """`after_edit` makes the search follow an edited caption at once."""
        self._library = library
        self._searching = Searching(library, search)
        self._indexer = indexer
        self._after_edit = after_edit
        self._numbers = itertools.count(1)

    # -- looking -------------------------------------------------------------------

    def timeline(self) -> bytes:
        """The whole timeline; see `wire.pack_timeline`."""
        return wire.pack_timeline(self._library.timeline())

    def cells(self, ids: object) -> list[dict[str, Any]]:
        """The cells of some photos, "3,17,20"; those unknown are left out."""
        if not isinstance(ids, str) or len(ids) > 12 * MAX_CELLS:
            raise BadRequest("ids is a list of numbers, such as 3,17,20.")
        numbers = [checks.photo_id(part) for part in ids.split(",") if part]
        if len(numbers) > MAX_CELLS:
            raise BadRequest(f"At most {MAX_CELLS} ids at a time.")
        photos = (self._library.photo(number) for number in numbers)
        return [wire.cell(photo) for photo in photos if photo is not None]

    def photo(self, photo_id: object) -> dict[str, Any]:
        """Everything known of one photo."""
        return wire.photo_card(self._photo(photo_id))

    def picture(
        self, photo_id: object, size: Literal["thumbnail", "view"], version: object
    ) -> bytes:
        """A photo's WebP. A version, where given, must be that of this very photo."""
        photo = self._photo(photo_id)
        if version is not None and version != wire.version_of(photo):
            raise NotFound("That picture is not in this album any more.")
        webp = self._library.thumbnail_of(photo, size)
        if webp is None:
            raise NotFound("The file of this photo is not there now.")
        return webp

    def original(self, photo_id: object) -> OriginalFile:
        """A photo's original file."""
        found = self._library.original(checks.photo_id(photo_id))
        if found is None or not found.path.is_file():
            raise NotFound("The file of this photo is not there now.")
        return found

    # -- searching -----------------------------------------------------------------

    def search(
        self,
        query: object = "",
        limit: object = DEFAULT_HITS,
        order: object = "relevance",
        weak: object = False,
        **scope: object,
    ) -> dict[str, Any]:
        """The photos that answer a sentence, each with its reason; with `weak` those
        that are only weakly like it as well. See Searching.search."""
        return self._searching.search(query, limit, order, weak, **scope)

    def describe(self, chunks: Iterable[bytes]) -> dict[str, Any]:
        """What a picture shows that is to be searched by; it is not added."""
        return self._searching.describe(chunks)

    def search_view(
        self, query: object, order: object = "relevance", elsewhere: object = ""
    ) -> dict[str, Any]:
        """What the grid shows for the text of the search box; never raises for it.

        With `elsewhere` the page asks by itself, since more than the text counts.

        Each answer has a number of its own: Gradio tells the page of a value only when
        it differs from the one before, and a search may be asked twice.
        """
        answer: dict[str, Any] = {"view": "elsewhere" if elsewhere else "timeline"}
        if not elsewhere and isinstance(query, str) and query.strip():
            try:
                answer = self.search(query, order=order)
            except (BadRequest, AlbumError) as error:
                shown = checks.showable(query.strip()[:MAX_QUERY_CHARS])
                answer = {"view": "error", "query": shown, "message": str(error)}
        return answer | {"number": next(self._numbers)}

    # -- captions ------------------------------------------------------------------

    def set_caption(
        self, photo_id: object, text: object, seen: object = None
    ) -> dict[str, Any]:
        """Keep a person's caption. Returns the photo as it is now.

        `seen` is the id of the caption they had before them (0: there was none); None
        if they do not say. Raises CaptionChanged when another is shown by now.
        """
        number = self._photo(photo_id).id
        words = checks.text(text, MAX_CAPTION_CHARS, "A caption")
        self._library.set_caption(number, words, checks.caption_id(seen))
        return self._edited(number)

    def undo_caption(self, photo_id: object) -> dict[str, Any]:
        """Take back a person's newest caption. Returns the photo as it is now."""
        number = self._photo(photo_id).id
        self._library.undo_caption(number)
        return self._edited(number)

    def caption_again(self, photo_id: object) -> dict[str, Any]:
        """Ask for another caption of a photo; its old one is shown until that is there.
        Raises AlbumError for a person's caption."""
        number = self._photo(photo_id).id
        photo = self._library.caption_again(number)
        self._indexer.look_at([number])  # whoever asks for it is waiting for it
        return wire.photo_card(photo)

    def captioners(self) -> dict[str, Any]:
        """How many captions each captioner wrote."""
        return wire_captions.captioners_card(self._library.by_captioner())

    def _edited(self, photo_id: int) -> dict[str, Any]:
        try:
            self._after_edit()
        except AlbumError as error:
            # The edit itself is safe in the catalogue; the indexer embeds it later.
            logger.warning("search could not follow the edit at once: %s", error)
        return self.photo(photo_id)

    # -- indexing ------------------------------------------------------------------

    def progress(self) -> dict[str, Any]:
        """How far the indexing is."""
        return asdict(self._indexer.progress())

    def pause(self) -> dict[str, Any]:
        """Stop indexing until `resume`."""
        self._indexer.pause()
        return self.progress()

    def resume(self) -> dict[str, Any]:
        """Go on indexing."""
        self._indexer.resume()
        return self.progress()

    def failures(self) -> dict[str, Any]:
        """What could not be read or captioned, and why."""
        return wire.failures_card(list(self._indexer.failures()))

    def retry_failures(self) -> dict[str, Any]:
        """Try again what failed; how many that are."""
        return {"retried": self._indexer.retry_failures()}

    def look_at(self, ids: object) -> None:
        """These photos are before a person's eyes, what matters most first."""
        if not isinstance(ids, list) or len(ids) > MAX_LOOKED_AT:
            raise BadRequest(f"ids is a list of at most {MAX_LOOKED_AT} numbers.")
        if not all(isinstance(number, int) for number in ids):
            raise BadRequest("ids is a list of whole numbers.")
        self._indexer.look_at(list(dict.fromkeys(map(checks.photo_id, ids))))

    def _photo(self, photo_id: object) -> Photo:
        photo = self._library.photo(checks.photo_id(photo_id))
        if photo is None:
            raise NotFound("There is no such photo in this album.")
        return photo
