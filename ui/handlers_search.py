"""What the page can ask to be found: a sentence, what is like a photo or a picture that
is not in the album, in one folder or all of them, a page at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

from album.photo import Photo
from index.exemplar import Like
from ui import checks, wire, wire_captions
from ui.errors import BadRequest, NotFound
from ui.needs import Album, SearchEngine

MAX_QUERY_CHARS = 500
MAX_HITS = 500
DEFAULT_HITS = 60
MAX_DESCRIPTION_CHARS = 4000
MAX_FOLDER_CHARS = 4000
MAX_TAGS = 100
FAVOURITES = "favourites"
"""Stands for an album of them; the parser knows the word."""
_MAX_OFFSET = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Scope:
    """Among what is searched beside the sentence, and what the page shows of that."""

    like: Like | None
    folder: str | None
    card: dict[str, Any]
    album: int | None = None
    query: str = ""
    """What a smart album asks for, beside what is typed."""

    @property
    def is_whole(self) -> bool:
        """Whether nothing narrows it."""
        return (self.like, self.folder, self.album) == (None, None, None) and (
            not self.query
        )


class Searching:
    """The handlers of a search; `Handlers` hands on to these."""

    def __init__(self, library: Album, search: SearchEngine) -> None:
        self._library = library
        self._search = search

    def search(
        self,
        query: object,
        limit: object,
        order: object,
        weak: object,
        *,
        offset: object = 0,
        like: object = None,
        folder: object = None,
        album: object = None,
        counted: object = False,
        picture: object = None,
    ) -> dict[str, Any]:
        """One page of what answers a sentence, each photo with its reason.

        `like` is the id of a photo, `picture` what `describe` said of one; of the two
        the picture counts. In a smart `album` it is asked for what that asks for as
        well. Raises BadRequest, NotFound and NoSuchAlbum.
        """
        scope = self._scope(like, folder, picture)
        if album is not None and album != "":
            scope = self._within(scope, album)
        text = ""
        if scope.is_whole or (isinstance(query, str) and query.strip()):
            text = checks.text(query, MAX_QUERY_CHARS, "The search")
        text = f"{scope.query} {text}".strip()
        most = checks.number(limit, "limit")
        if not 1 <= most <= MAX_HITS:
            raise BadRequest(f"limit is a number from 1 to {MAX_HITS}.")
        first = checks.number(offset, "offset")
        if not 0 <= first <= _MAX_OFFSET:
            raise BadRequest("offset is a number from 0.")
        wished, weaker_too = checks.order(order), checks.flag(weak, "weak")
        found = self._search.find(
            text,
            most,
            order=wished,
            weak=weaker_too,
            offset=first,
            like=scope.like,
            folder=scope.folder,
            album=scope.album,
            counted=checks.flag(counted, "counted"),
        )
        card = wire.found_card(found, wished, weak=weaker_too)
        told = {
            "offset": first,
            "at_least": found.at_least,
            "text_model": self._search.text_model,
        }
        return card | told | scope.card

    def describe(self, chunks: Iterable[bytes]) -> dict[str, Any]:
        """What a picture shows; it is not added. `photo` is the id of the same picture
        in the album, or None. Raises AlbumError."""
        described = self._library.describe(chunks)
        return {
            "text": described.text,
            "tags": list(described.tags),
            "by": wire_captions.name_of(described.author.captioner),
            "photo": described.photo.id if described.photo else None,
        }

    def _scope(self, like: object, folder: object, picture: object) -> Scope:
        inside = _folder(folder)
        card: dict[str, Any] = {"like": None, "picture": None, "folder": inside}
        card |= {"album": None}
        if picture is not None:
            wanted = _pictured(picture, self._photo)
            said = {"text": wanted.text, "photo": wanted.photo_id}
            return Scope(wanted, inside, card | {"picture": said})
        if like is None:
            return Scope(None, inside, card)
        photo = self._photo(like)
        shown = wire.cell(photo) | {"name": photo.name}
        return Scope(Like.of(photo), inside, card | {"like": shown})

    def _within(self, scope: Scope, album_id: object) -> Scope:
        if album_id == FAVOURITES:
            return replace(scope, query=FAVOURITES)
        album = self._library.albums.one(checks.album_id(album_id))
        card = scope.card | {"album": wire.album_card(album)}
        if album.query is not None:
            return replace(scope, card=card, query=album.query)
        return replace(scope, card=card, album=album.id)

    def _photo(self, photo_id: object) -> Photo:
        photo = self._library.photo(checks.photo_id(photo_id))
        if photo is None:
            raise NotFound("There is no such photo in this album.")
        return photo


def _folder(value: object) -> str | None:
    if value is None or value == "":
        return None
    if not isinstance(value, str) or len(value) > MAX_FOLDER_CHARS:
        raise BadRequest("folder is the name of a folder.")
    if checks.showable(value) != value:
        raise BadRequest("folder holds half a character.")
    return value


def _pictured(value: object, photo_of: Callable[[object], Photo]) -> Like:
    """What `describe` said, as the page gives it back."""
    if not isinstance(value, dict):
        raise BadRequest("picture is an object with text, tags and photo.")
    text = checks.text(value.get("text"), MAX_DESCRIPTION_CHARS, "A description")
    tags = value.get("tags") or []
    if not isinstance(tags, list) or len(tags) > MAX_TAGS:
        raise BadRequest(f"tags are at most {MAX_TAGS} words.")
    if not all(isinstance(tag, str) for tag in tags):
        raise BadRequest("tags are words.")
    photo = value.get("photo")
    if photo is None:
        return Like(text, tuple(tags))
    return Like(text, tuple(tags), photo_of(photo).id, same=True)
