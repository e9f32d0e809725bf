"""What a person chose on the page: kept in the catalogue, checked like any setting."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from album.errors import AlbumError


class Facts(Protocol):
    """Where texts outlive a restart, by name; FactTable is such a place."""

    def get(self, name: str, /) -> str | None: ...
    def set(self, name: str, value: str | None, /) -> None: ...


Check = Callable[[str], object]
"""Takes the text of a value; raises AlbumError with a sentence when it is none."""
_PREFIX = "choice:"


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing that can be chosen, as text.

    `value` is what counts from the next start on, `running` what is in use now; they
    differ only where a change must wait. `fixed_by` is the flag or variable that was
    given, which no choice changes; `options` are the values to offer, none: any that
    pass the check. `chosen`: whether a person chose it here.
    """

    name: str
    value: str
    running: str
    options: tuple[str, ...] = ()
    fixed_by: str | None = None
    chosen: bool = False

    @property
    def waits(self) -> bool:
        """Whether it is used from the next start only."""
        return self.value != self.running


class Choices:
    """Names and texts of what was chosen; nothing is kept that does not pass."""

    def __init__(self, facts: Facts, checks: Mapping[str, Check]) -> None:
        """`checks`: what can be chosen, by name."""
        self._facts = facts
        self._checks = checks

    def all(self) -> dict[str, str]:
        """What was chosen. What this version refuses, such as a choice of a later one,
        is left out, so that the program starts."""
        kept = {name: self._facts.get(_PREFIX + name) for name in self._checks}
        return {
            name: value
            for name, value in kept.items()
            if value is not None and self._passes(name, value)
        }

    def set(self, name: str, value: str | None) -> None:
        """Keep a choice; None takes it back. Raises AlbumError for what cannot be
        chosen, and a value that it cannot have."""
        if name not in self._checks:
            raise AlbumError("That cannot be chosen on the page.")
        if value is not None:
            self._checks[name](value)
        self._facts.set(_PREFIX + name, value)

    def _passes(self, name: str, value: str) -> bool:
        try:
            self._checks[name](value)
        except AlbumError:
            return False
        return True
