"""What the file itself says of a picture, in one or two plain sentences, no model."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from album.captioners.names import folder_words, name_words
from album.photo import Photo, WrittenCaption

TROPIC = 23.44  # degrees of latitude; nearer to the equator there are no four seasons
DARK = 0.2  # mean luma (0 black, 1 white) below which a picture is called dark
BRIGHT = 0.8  # and above which it is called bright

_SEASONS = (
    "winter",
    "spring",
    "summer",
    "autumn",
)  # of the northern half, from December
_LONGEST_DESCRIPTION = 600  # characters; MiniLM reads about 256 word pieces
_SMALL_WORDS = "a an and at by for from i in my of on or our the to with"
_IGNORED_TAGS = frozenset(_SMALL_WORDS.split())


@dataclass(frozen=True, slots=True)
class Facts:
    """What a file says, each field a list of whole sentences.

    `human` is what people wrote, `circumstances` when and where it was taken, `camera`
    with what, and `looks` its colours and light.
    """

    human: tuple[str, ...]
    circumstances: tuple[str, ...]
    camera: tuple[str, ...]
    looks: tuple[str, ...]
    tags: tuple[str, ...]


def facts_caption(photo: Photo) -> WrittenCaption:
    """The caption of a picture nobody has looked at. Its text is never empty."""
    facts = read_facts(photo)
    sentences = [*facts.human, *facts.circumstances, *facts.camera, *facts.looks]
    return WrittenCaption(" ".join(sentences) or "A picture.", facts.tags)


def read_facts(photo: Photo) -> Facts:
    """What the catalogue knows of a picture from its file, as sentences and tags."""
    name, folder = name_words(photo.name), folder_words(photo.folder)
    return Facts(
        tuple(_human(photo, name, folder)),
        tuple(_circumstances(photo)),
        (_sentence(f"Taken with {photo.camera}"),) if photo.camera else (),
        tuple(_looks(photo)),
        _tags(photo, name, folder),
    )


def season(when: datetime, latitude: float | None) -> str:
    """Winter, spring, summer or autumn there and then; "" in the tropics.

    Without a place, the northern half of the earth is assumed, where nine in ten
    people live.
    """
    if latitude is not None and abs(latitude) < TROPIC:
        return ""
    half_a_year = 2 if latitude is not None and latitude < 0 else 0
    return _SEASONS[(when.month % 12 // 3 + half_a_year) % 4]


def part_of_day(when: datetime) -> str:
    """Morning, afternoon, evening or night; "" for midnight to the second.

    00:00:00 is what programs write that know the day only.
    """
    if (when.hour, when.minute, when.second) == (0, 0, 0):
        return ""
    for until, name in ((5, "night"), (12, "morning"), (17, "afternoon")):
        if when.hour < until:
            return name
    return "evening" if when.hour < 21 else "night"


def _human(photo: Photo, name: str, folder: str) -> Iterable[str]:
    description = " ".join((photo.description or "").split())[:_LONGEST_DESCRIPTION]
    if description:
        yield _sentence(description)
    if name and name.lower() not in description.lower():
        yield _sentence(name)
    if folder and folder.lower() != name.lower():
        yield _sentence(f"From {folder}")
    if photo.keywords:
        yield _sentence(", ".join(photo.keywords))


def _circumstances(photo: Photo) -> Iterable[str]:
    parts = []
    when = photo.taken_at
    if when is not None:
        time, day = season(when, photo.latitude), part_of_day(when)
        if day:
            text = f"{time} {day}".strip()
            parts.append(f"{'an' if text[0] in 'aeiou' else 'a'} {text}")
        elif time:
            parts.append(time)
        parts.append(f"{when:%A} {when.day} {when:%B} {when.year}")
    if photo.place:
        parts.append(f"in {photo.place}")
    if parts:
        yield _sentence(", ".join(parts))


def _looks(photo: Photo) -> Iterable[str]:
    colours = " and ".join(photo.colours[:2])
    light = "dark" if photo.brightness < DARK else ""
    light = "bright" if photo.brightness > BRIGHT else light
    words = ", ".join(part for part in (colours and f"mostly {colours}", light) if part)
    if words:
        yield _sentence(words)


def _tags(photo: Photo, name: str, folder: str) -> tuple[str, ...]:
    words = [*photo.keywords, *name.split(), *folder.split()]
    words += (photo.place or "").split(", ")
    if photo.taken_at is not None:
        words += [season(photo.taken_at, photo.latitude), part_of_day(photo.taken_at)]
    words += [*photo.colours, photo.camera or ""]
    lower = (word.strip().lower() for word in words)
    return tuple(dict.fromkeys(w for w in lower if w and w not in _IGNORED_TAGS))


def _sentence(text: str) -> str:
    text = text.strip() or "Untitled"
    end = "" if text[-1] in ".!?…。" else "."
    return f"{text[0].upper()}{text[1:]}{end}"
