"""What may be chosen on the page, and how a choice becomes a setting.

A flag or an environment variable wins over a choice, which wins over the default.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from functools import partial
from types import MappingProxyType

from album.choices import Choice, Choices, Facts
from album.errors import AlbumError
from cli.captioners import caption_hours
from settings import SettingError, Settings, changed

Follow = Callable[[Settings], None]
"""Lets what runs keep to changed settings."""

LABELS = MappingProxyType(
    {
        "captioner": "The captioner",
        "caption_language": "The language of captions",
        "caption_hours": "The hours of captions",
        "caption_threads": "The number of threads",
        "strictness": "The strictness",
        "hemisphere": "The hemisphere",
        "rescan_minutes": "The minutes between two looks",
        "workers": "The number of processes",
    }
)
"""What can be chosen, and what an error calls it."""
LIVE = ("caption_hours", "caption_threads", "strictness", "rescan_minutes")
"""What is used at once; anything else from the next start."""
LANGUAGES = (
    "Arabic", "Chinese", "Czech", "Danish", "Dutch", "English", "Finnish", "French",
    "German", "Greek", "Hindi", "Hungarian", "Indonesian", "Italian", "Japanese",
    "Korean", "Norwegian", "Polish", "Portuguese", "Romanian", "Russian", "Spanish",
    "Swedish", "Thai", "Turkish", "Ukrainian", "Vietnamese",
)  # fmt: skip
_CORES = tuple(str(n + 1) for n in range(min(16, os.cpu_count() or 1)))
_OPTIONS = MappingProxyType(
    {
        # A server gets pictures and the key: who may start the program names it. And a
        # model that must be here could keep the program from starting again.
        "captioner": ("auto", "basic"),
        "caption_language": LANGUAGES,
        "caption_threads": ("0", *_CORES),
        "strictness": ("strict", "normal", "lenient"),
        "hemisphere": ("north", "south"),
        "rescan_minutes": ("0", "5", "15", "60", "360", "1440"),
        "workers": _CORES,
    }
)
_DEFAULTS = Settings()


def choices_of(facts: Facts) -> Choices:
    """What was chosen for the album with these facts."""
    return Choices(facts, {name: partial(_check, name) for name in LABELS})


def with_choices(settings: Settings, facts: Facts) -> Settings:
    """The settings with what was chosen, where nothing was given at the start."""
    for name, raw in choices_of(facts).all().items():
        if name not in settings.origins:
            settings = changed(settings, name, raw)
    return settings


def _check(name: str, raw: str) -> Settings:
    """Raises AlbumError with a sentence for what this cannot be."""
    try:
        settings = changed(_DEFAULTS, name, raw, called=LABELS[name])
        caption_hours(settings)
    except SettingError as error:
        raise AlbumError(str(error)) from error
    if name == "captioner" and raw not in _OPTIONS[name]:
        raise AlbumError("Only the start of the program can name another captioner.")
    return settings


class SettingChoices:
    """The choices of an album that is being served. Safe from any thread."""

    def __init__(
        self, settings: Settings, choices: Choices, follow: Follow = lambda _: None
    ) -> None:
        """`settings` are those it was started with, choices included; `follow` is
        called with them when one of LIVE was changed."""
        self._running = self._wanted = settings
        self._choices = choices
        self._follow = follow
        self._lock = threading.Lock()

    def running(self) -> Settings:
        """The settings in use now."""
        return self._running

    def all(self) -> list[Choice]:
        """Everything that can be chosen."""
        with self._lock:
            chosen = self._choices.all()
            return [self._choice(name, name in chosen) for name in LABELS]

    def choose(self, name: str, value: str | None) -> Choice:
        """Keep a choice, and use it at once where that can be; None: the default again.

        Raises AlbumError for what cannot be chosen, a value that it cannot have, and
        what was set at the start.
        """
        with self._lock:
            if name in LABELS and (origin := self._fixed_by(name)):
                raise AlbumError(
                    f"{LABELS[name]} was set at the start of the program ({origin}), "
                    "which wins over the page."
                )
            self._choices.set(name, value)
            raw = str(getattr(_DEFAULTS, name)) if value is None else value
            self._wanted = changed(self._wanted, name, raw)
            if name in LIVE:
                self._running = changed(self._running, name, raw)
                self._follow(self._running)
            return self._choice(name, value is not None)

    def _choice(self, name: str, chosen: bool) -> Choice:
        value, running = (
            str(getattr(settings, name)) for settings in (self._wanted, self._running)
        )
        options = _OPTIONS.get(name, ())
        if options and value not in options:
            options = (*options, value)  # from the command line, or another machine
        return Choice(name, value, running, options, self._fixed_by(name), chosen)

    def _fixed_by(self, name: str) -> str | None:
        if self._wanted.demo and name in ("captioner", "caption_language"):
            return "--demo"  # its small model knows only its own pictures, in English
        return self._wanted.origins.get(name)
