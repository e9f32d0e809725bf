"""What a query asks for, as the parser understood it."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

LONGEST_QUERY = 500
"""Characters; MiniLM itself reads no more than 256 word pieces."""

ChipKind = Literal[
    "not",
    "date",
    "place",
    "camera",
    "folder",
    "album",
    "kind",
    "phrase",
    "favourite",
    "captioned",
]
PhotoKind = Literal["photo", "screenshot", "panorama", "selfie", "video"]


@dataclass(frozen=True, slots=True)
class Chip:
    """One part of the query that was understood as something else than words.

    `label` is for people ("summer 2025", "not people"); `start` and `end` say which
    characters of the query it stands for, so that it can be taken away.
    """

    kind: ChipKind
    label: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Span:
    """Wall-clock time where a picture was taken, from `begin` (included) to `end`
    (not). None: open on that side."""

    begin: datetime | None
    end: datetime | None


@dataclass(frozen=True, slots=True)
class Asked:
    """A query, taken apart. Whatever is not understood stays in `words`.

    `words` is what goes to the text model; `unwanted` are phrases after NOT and its
    like; `phrases` must stand in the caption word for word. A photo must lie in one
    of the `spans`, if there are any, and within one of `hours` (first, last; past
    midnight if the first is larger); `weekdays` are 0 (Monday) to 6. `places`,
    `cameras`, `folders` and `albums` are values of this album, of each of which one
    must hold, `kinds` likewise; of the `unwanted_…` none may. `captioned` says whose
    caption is shown, see album/catalogue_captioned.py. `favourite` None: any.
    """

    query: str
    words: str
    unwanted: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()
    spans: tuple[Span, ...] = ()
    hours: tuple[tuple[int, int], ...] = ()
    weekdays: tuple[int, ...] = ()
    months: tuple[int, ...] = ()
    places: tuple[str, ...] = ()
    cameras: tuple[str, ...] = ()
    folders: tuple[str, ...] = ()
    albums: tuple[str, ...] = ()
    kinds: tuple[PhotoKind, ...] = ()
    captioned: tuple[str, ...] = ()
    unwanted_places: tuple[str, ...] = ()
    unwanted_cameras: tuple[str, ...] = ()
    unwanted_folders: tuple[str, ...] = ()
    unwanted_albums: tuple[str, ...] = ()
    unwanted_kinds: tuple[PhotoKind, ...] = ()
    unwanted_captioned: tuple[str, ...] = ()
    favourite: bool | None = None
    chips: tuple[Chip, ...] = ()

    @property
    def filtered(self) -> bool:
        """Whether anything but words narrows the search."""
        return any(
            (
                self.spans, self.hours, self.weekdays, self.months, self.places,
                self.cameras, self.folders, self.albums, self.kinds,
                self.unwanted_places, self.unwanted_albums,
                self.unwanted_cameras, self.unwanted_folders, self.unwanted_kinds,
                self.captioned, self.unwanted_captioned,
                self.favourite is not None,
            )
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The values that this album holds: only these are taken for places, cameras,
    folders or albums, so that "Turkey dinner" stays words where no picture is from
    Turkey."""

    places: frozenset[str] = frozenset()
    cameras: frozenset[str] = frozenset()
    folders: frozenset[str] = frozenset()
    albums: frozenset[str] = frozenset()


def normalised(query: str) -> str:
    """The query as one line in Unicode's composed form, at most 500 characters."""
    line = " ".join(unicodedata.normalize("NFC", query[: 4 * LONGEST_QUERY]).split())
    return line[:LONGEST_QUERY].rstrip()
