"""The hours in which captions may be written, such as only at night."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta

_FORM = re.compile(r"(\d{1,2})(?::(\d{2}))?\s*[-–]\s*(\d{1,2})(?::(\d{2}))?")


@dataclass(frozen=True, slots=True)
class Hours:
    """From `begin` (included) to `end` (not), past midnight when `end` is earlier."""

    begin: time
    end: time

    @classmethod
    def parse(cls, text: str) -> Hours:
        """ "22:00-07:00" or "22-7". Raises ValueError with a reason for people."""
        found = _FORM.fullmatch(text.strip())
        if found is None:
            raise ValueError("it is a span of hours such as 22:00-07:00")
        hour, minute, end_hour, end_minute = (int(part or 0) for part in found.groups())
        if max(hour, end_hour) > 24 or max(minute, end_minute) > 59:
            raise ValueError("a day has 24 hours of 60 minutes")
        begin, end = time(hour % 24, minute), time(end_hour % 24, end_minute)
        if begin == end:
            raise ValueError("it begins when it ends; leave it out for any hour")
        return cls(begin, end)

    def __str__(self) -> str:
        return f"{self.begin:%H:%M}-{self.end:%H:%M}"

    def open_at(self, now: datetime) -> bool:
        """Whether the moment (of the machine's own clock) lies within."""
        moment = now.time()
        if self.begin < self.end:
            return self.begin <= moment < self.end
        return moment >= self.begin or moment < self.end

    def seconds_to_open(self, now: datetime) -> float:
        """0 within the hours; else how long until they begin, by the wall clock."""
        if self.open_at(now):
            return 0.0
        begin = now.replace(
            hour=self.begin.hour, minute=self.begin.minute, second=0, microsecond=0
        )
        if begin <= now:
            begin += timedelta(days=1)
        return (begin - now).total_seconds()
