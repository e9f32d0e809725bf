"""Durations and rates in words, for a terminal."""

from __future__ import annotations

from album.progress import Progress


def time_left(seconds: float) -> str:
    """A duration as one says it after "about"."""
    minutes = seconds / 60
    if minutes < 1:
        return "a minute" if seconds > 30 else "half a minute"
    if minutes < 90:
        return _count(round(minutes), "minute")
    hours = minutes / 60
    return (
        _count(round(hours), "hour") if hours < 48 else _count(round(hours / 24), "day")
    )


def progress_text(progress: Progress) -> str:
    """What stands behind the bar: the rate, the time left, the picture at hand."""
    parts = []
    if progress.per_minute is not None:
        parts.append(f"{progress.per_minute:.3g} a minute")
    if progress.eta_s is not None:
        parts.append(f"about {time_left(progress.eta_s)} left")
    if progress.failed:
        parts.append(f"{progress.failed} failed")
    parts.append(progress.current or progress.stage)
    return ", ".join(part for part in parts if part)


def _count(number: int, unit: str) -> str:
    return f"{number} {unit}{'' if number == 1 else 's'}"
