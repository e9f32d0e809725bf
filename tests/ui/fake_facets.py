"""Stand-ins that know what filters are: facets of the fake album, and a search that
reads sentences with the real parser."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from album.facets import NOT_YET, _ranked, _short
from album.naming import folder_parts, is_below, place_parts
from album.photo import BASIC, PERSON, Photo
from index.asked import Asked, Vocabulary
from index.query import QueryParser
from tests.ui.fakes import FakeLibrary, FakeSearch


class FakeFacets:
    """Counts the photos in memory."""

    def __init__(self, library: FakeLibrary) -> None:
        self.library = library
        self.asked = 0

    def all(self) -> dict[str, list[tuple[str, int]]]:
        self.asked += 1
        found: dict[str, Counter[str]] = {
            name: Counter()
            for name in ("years", "places", "countries", "cameras", "folders", "kinds",
                         "favourites", "captioned", "tags")
        }  # fmt: skip
        for photo in self.library.photos.values():
            if photo.missing:
                continue
            found["years"][str(photo.sort_at.year)] += 1
            found["kinds"][kind(photo)] += 1
            found["captioned"][captioner(photo)] += 1
            found["favourites"]["favourites"] += photo.favourite_since is not None
            if photo.place:
                found["places"][photo.place] += 1
                found["countries"][place_parts(photo.place)[-1]] += 1
            if photo.camera:
                found["cameras"][photo.camera] += 1
            if photo.folder:
                found["folders"][photo.folder] += 1
            if photo.caption:
                found["tags"].update(photo.caption.tags)
        return {name: _ranked(counts) for name, counts in found.items()}


class ParsingSearch(FakeSearch):
    """Finds what the real parser reads in a sentence."""

    def understood(self, query: str) -> Asked:  # type: ignore[override]
        photos = self.library.photos.values()
        vocabulary = Vocabulary(
            frozenset(
                name
                for p in photos
                if p.place
                for name in (p.place, *place_parts(p.place))
            ),
            frozenset(p.camera for p in photos if p.camera),
            frozenset(
                name for p in photos for name in (p.folder, *folder_parts(p.folder))
            ),
        )
        parser = QueryParser("north", lambda: datetime(2026, 11, 21, 12))
        return parser.parse(query, vocabulary)

    def allowed(self, photo: Photo, asked: Asked) -> bool:  # type: ignore[override]
        at = photo.sort_at
        one = any_of
        return (
            one(asked.spans, lambda s: (s.begin or at) <= at < (s.end or datetime.max))
            and one(
                asked.places,
                lambda p: p in (photo.place, *place_parts(photo.place or "")),
            )
            and one(asked.cameras, lambda camera: camera == photo.camera)
            and one(asked.folders, lambda folder: is_below(photo.folder, folder))
            and one(asked.kinds, lambda each: each == kind(photo))
            and one(asked.captioned, lambda who: who == captioner(photo))
            and (asked.favourite is None or photo.favourite_since is not None)
        )


def any_of(values, holds):  # type: ignore[no-untyped-def]
    """Whether there is nothing to hold, or one holds."""
    return not values or any(holds(value) for value in values)


def kind(photo: Photo) -> str:
    return "screenshot" if photo.name.startswith("Screenshot") else "photo"


def captioner(photo: Photo) -> str:
    """As the filter calls who captioned it."""
    if photo.caption is None:
        return NOT_YET
    author = photo.caption.author
    return (
        author.captioner
        if author.captioner in (PERSON, BASIC)
        else _short(author.model)
    )
