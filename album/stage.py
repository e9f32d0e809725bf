"""What a station on a picture's way from a file to a search hit is."""

from __future__ import annotations

from typing import Protocol, runtime_checkable


class Stage(Protocol):
    """One station of a picture's way. `step` does one batch and says how many."""

    name: str

    def pending(self) -> int: ...

    def step(self) -> int: ...


@runtime_checkable
class ModelStage(Stage, Protocol):
    """A stage with a model that needs memory, and perhaps certain hours.

    `waits_s` is how many seconds until its hours begin (0: now), `waits` says so in a
    sentence. `rest` gives the memory back until the next step; `close` ends a step
    under way at once, and the model for good.
    """

    current: str | None

    def waits_s(self) -> float: ...

    def waits(self) -> str | None: ...

    def rest(self) -> None: ...

    def close(self) -> None: ...
