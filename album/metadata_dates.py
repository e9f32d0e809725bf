"""Dates out of tags and file names: lenient in their shape, strict in their sense."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo

from album.metadata_text import as_text

FIRST_YEAR = 1826
"""The year of the oldest photograph that is still kept; earlier dates are nonsense."""

_FIRST_DIGITAL_YEAR = 1990  # file names with dates are younger than digital cameras

_WRITTEN = re.compile(
    r"\s*(\d{4})[:\-/. ](\d{1,2})[:\-/. ](\d{1,2})"
    r"(?:[T ]+(\d{1,2})[:.](\d{1,2})(?:[:.](\d{1,2})(?:[.,](\d+))?)?)?"
    r"\s*(Z|[+-]\d{1,2}:?\d{2})?"
)
_OFFSET = re.compile(r"\s*(?:(Z)|([+-])(\d{1,2}):?(\d{2}))\s*$")
_MOST_HOURS = 14  # no zone is further from UTC than Kiribati's +14:00

_IN_NAME = re.compile(
    r"(?<!\d)(?P<year>(?:19|20)\d\d)(?P<sep>[-_.]?)(?P<month>\d\d)(?P=sep)(?P<day>\d\d)"
    r"(?:(?:[-_ T.,]|\s+at\s+|\s+-\s+)?"
    r"(?P<hour>\d{1,2})(?P<tsep>[-_.:h]?)(?P<minute>\d\d)(?:(?P=tsep)|[.m])(?P<second>\d\d)"
    r"(?P<fraction>\d{3})?(?!\d)\s*(?P<half>[AaPp][Mm])?)?"
)


@dataclass(frozen=True, slots=True)
class DatedValue:
    """One date as a tag holds it, with the tags of its fraction and its zone."""

    text: object
    fraction: object = None
    zone: object = None

    def parse(self) -> datetime | None:
        """The date, aware only if a zone is written; None if it makes no sense."""
        found = _WRITTEN.match(as_text(self.text))
        if not found:
            return None
        *numbers, fraction, zone = found.groups(default="")
        digits = fraction or "".join(
            re.findall(r"^\d+", as_text(self.fraction).strip())
        )
        year, month, day, hour, minute, second = (int(n or 0) for n in numbers)
        return _sensible(
            (year, month, day, hour, minute, min(second, 59)),  # leap seconds are 60
            int(digits[:6].ljust(6, "0")),
            parse_offset(zone) or parse_offset(as_text(self.zone)),
        )


def best_date(
    values: Iterable[DatedValue], zones_from: Iterable[DatedValue] = ()
) -> datetime | None:
    """The first of the values that makes sense.

    If it lacks a zone, and one of `zones_from` is the same wall-clock time with a zone,
    that zone is taken.
    """
    for value in values:
        date = value.parse()
        if date is None:
            continue
        if date.tzinfo is None:
            for other in zones_from:
                same = other.parse()
                if same and same.replace(tzinfo=None, microsecond=0) == date.replace(
                    microsecond=0
                ):
                    return date.replace(tzinfo=same.tzinfo)
        return date
    return None


def parse_offset(text: str) -> tzinfo | None:
    """A zone such as "+02:00", "-0530" or "Z"; None for anything else."""
    found = _OFFSET.match(text.replace("\x00", ""))
    if not found:
        return None
    if found[1]:
        return UTC
    offset = timedelta(hours=int(found[3]), minutes=int(found[4]))
    if offset > timedelta(hours=_MOST_HOURS):
        return None
    return timezone(offset if found[2] == "+" else -offset)


def iptc_date(iptc: Mapping[tuple[int, int], list[bytes]]) -> datetime | None:
    """DateCreated (2:55, "20190704") with TimeCreated (2:60, "123310+0200")."""
    day = _first(iptc, (2, 55))
    time = _first(iptc, (2, 60))
    if not re.fullmatch(r"\d{8}", day):
        return None
    written = f"{day[:4]}-{day[4:6]}-{day[6:]}"
    if found := re.match(r"(\d\d)(\d\d)(\d\d)([+-]\d{4})?", time):
        hour, minute, second, zone = found.groups(default="")
        written += f" {hour}:{minute}:{second}{zone}"
    return DatedValue(written).parse()


def gps_date(gps: Mapping[int, object]) -> datetime | None:
    """GPSDateStamp with GPSTimeStamp, which are always UTC; None without the time."""
    time = gps.get(7)
    if not isinstance(time, tuple) or len(time) != 3:
        return None
    try:
        hour, minute, second = (int(float(part)) for part in time)
    except (TypeError, ValueError, ZeroDivisionError, OverflowError):
        return None
    day = as_text(gps.get(29)).strip()
    return DatedValue(f"{day} {hour:02}:{minute:02}:{second:02}Z").parse()


def date_in_file_name(name: str) -> datetime | None:
    """The date that cameras, phones and messengers write into a file's name.

    Pixel phones (PXL_…) write UTC, the others the wall clock. A name with a date only
    (IMG-20200101-WA0001) gives midnight.
    """
    for found in _IN_NAME.finditer(name):
        date = _named_date(found, UTC if name.startswith("PXL_") else None)
        if date:
            return date
    return None


def _named_date(found: re.Match[str], zone: tzinfo | None) -> datetime | None:
    part = found.groupdict(default="")
    day = (int(part["year"]), int(part["month"]), int(part["day"]))
    if day[0] < _FIRST_DIGITAL_YEAR:
        return None
    if not part["hour"]:
        # Eight digits within a longer number are no date.
        if not part["sep"] and found.string[found.end() : found.end() + 1].isdigit():
            return None
        return _sensible((*day, 0, 0, 0), 0, None)
    hour = int(part["hour"])
    if half := part["half"].lower():
        hour = hour % 12 + (12 if half == "pm" else 0)
    time = (hour, int(part["minute"]), int(part["second"]))
    return _sensible((*day, *time), int(part["fraction"] or 0) * 1000, zone)


def _sensible(
    numbers: tuple[int, int, int, int, int, int], microsecond: int, zone: tzinfo | None
) -> datetime | None:
    """The date of these numbers, unless no photograph can be from then."""
    if not FIRST_YEAR <= numbers[0] <= datetime.now(UTC).year + 1:
        return None
    try:
        date = datetime(*numbers, microsecond, tzinfo=zone)
    except ValueError:
        return None
    # A camera's clock may be off or in another zone by a day, not by more.
    now = datetime.now(UTC) + timedelta(days=2)
    return date if date.replace(tzinfo=zone or UTC) <= now else None


def _first(iptc: Mapping[tuple[int, int], list[bytes]], key: tuple[int, int]) -> str:
    values = iptc.get(key) or [b""]
    return as_text(values[0]).strip()
