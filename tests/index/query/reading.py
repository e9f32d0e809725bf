"""A reading of a query as one line, and the album and the day of the tables."""

from __future__ import annotations

from datetime import datetime

from index.asked import Asked, Span, Vocabulary
from index.query import QueryParser

NOW = datetime(2026, 11, 21, 12)  # a Saturday
ALBUM = Vocabulary(
    places=frozenset(
        {
            "Lisbon, Portugal", "Porto, Portugal", "New York City, United States",
            "London, United Kingdom", "Ankara, Turkey", "Nice, France",
            "Zürich, Switzerland", "São Paulo, Brazil", "Beach, United States",
            "Reading, United Kingdom", "Christmas Island", "May, United States",
        }
    ),
    cameras=frozenset(
        {
            "Canon EOS R6", "Canon PowerShot G7 X", "Apple iPhone 12",
            "Apple iPhone 12 Pro", "Nikon D750", "Google Pixel 6", "Sony",
        }
    ),
    folders=frozenset({"2019/Holiday", "Holiday 2020", "Family/Wedding", "Scans"}),
    albums=frozenset({"Norway trip", "Scans", "2019", "Best of Lisbon, Portugal"}),
)  # fmt: skip


def parser(hemisphere: str = "north", now: datetime = NOW) -> QueryParser:
    """A parser on the tables' day."""
    assert hemisphere in ("north", "south")
    return QueryParser("south" if hemisphere == "south" else "north", lambda: now)


def told(asked: Asked) -> str:
    """All fields that are set, words first, spans as days or hours:
    "dogs | not people | 2019-07-03..2019-07-04 | hours 5-11"."""
    fields = [
        asked.words or "–",
        *(f"not {phrase}" for phrase in asked.unwanted),
        *(f'"{phrase}"' for phrase in asked.phrases),
        *_spans(asked.spans),
        *(f"hours {first}-{last}" for first, last in asked.hours),
        *_list("weekdays", asked.weekdays),
        *_list("months", asked.months),
        *(f"at {place}" for place in asked.places),
        *(f"by {camera}" for camera in asked.cameras),
        *(f"in {folder}" for folder in asked.folders),
        *(f"album {album}" for album in asked.albums),
        *(f"not at {place}" for place in asked.unwanted_places),
        *(f"not by {camera}" for camera in asked.unwanted_cameras),
        *(f"not in {folder}" for folder in asked.unwanted_folders),
        *(f"not album {album}" for album in asked.unwanted_albums),
        *_list("only", asked.kinds),
        *_list("no", asked.unwanted_kinds),
        *(f"captioned: {who}" for who in asked.captioned),
        *(f"not captioned: {who}" for who in asked.unwanted_captioned),
    ]
    if asked.favourite is not None:
        fields.append("favourite" if asked.favourite else "no favourite")
    return " | ".join(fields)


def _list(name: str, values: tuple[object, ...]) -> list[str]:
    return [f"{name} {','.join(map(str, values))}"] if values else []


def _spans(spans: tuple[Span, ...]) -> list[str]:
    if len(spans) > 9:
        return [f"{len(spans)} spans to {_span(spans[-1])}"]
    return [_span(span) for span in spans]


def _span(span: Span) -> str:
    return f"{_time(span.begin)}..{_time(span.end)}"


def _time(at: datetime | None) -> str:
    if at is None:
        return ""
    return f"{at:%Y-%m-%d}" if at.hour == 0 else f"{at:%Y-%m-%dT%H}"
