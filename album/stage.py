"""What a station on a picture's way from a file to a search hit is."""

from __future__ import annotations

from typing import Protocol


class Stage(Protocol):
    """One station of a picture's way. `step` does one batch and says how many."""

    name: str

    def pending(self) -> int: ...

    def step(self) -> int: ...
