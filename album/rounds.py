"""Lets each stage do a batch in turn, and keeps one stage's trouble to itself."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence

from album.errors import AlbumError, ModelError
from album.stage import ModelStage, Stage

logger = logging.getLogger(__name__)

MODEL_RETRY_S = 60.0
"""A stage whose model cannot be used tries again after so long."""


class Rounds:
    """The stages, and which of them are of no use for the moment."""

    def __init__(self, stages: Sequence[Stage], changes: Callable[[], int]) -> None:
        """`changes`: a number that grows with every change of the catalogue."""
        self.stages = list(stages)
        self._changes = changes
        # Stages whose model cannot be used: why, and when it is tried again.
        self._broken: dict[str, tuple[str, float]] = {}
        # What a stage that found nothing to do had seen of the catalogue: until that
        # changes it need not ask again, which at 100,000 photos costs 0.1 s a time.
        self._idle: dict[str, int] = {}
        self._errors: dict[str, AlbumError | OSError] = {}
        self.stage = ""

    def begin(self) -> None:
        """A new run: whatever was idle or in trouble is asked again."""
        self._idle.clear()
        self._errors.clear()

    def once(self, halted: Callable[[], bool]) -> int:
        """One batch of each stage, in order; how many pictures were dealt with."""
        return sum(self._step(stage, halted) for stage in self.stages if not halted())

    def end(self) -> None:
        """Raise the first error (not of a model) that a stage had in this run."""
        self.stage = ""
        for error in self._errors.values():
            raise error

    def pending(self) -> dict[str, int]:
        """What waits before each stage that can be used."""
        return {s.name: s.pending() for s in self.stages if s.name not in self._broken}

    def current(self) -> str | None:
        """The name of the picture at hand, if a stage tells it."""
        names = (stage.current for stage in self.models())
        return next((name for name in names if name), None)

    def notice(self) -> str | None:
        """Why a stage cannot work, or None."""
        return next((why for why, _ in self._broken.values()), None)

    def next_try(self) -> float | None:
        """When (monotonic seconds) a model is tried again or its hours begin, or None
        if nobody waits."""
        moments = [until for _, until in self._broken.values()]
        waits = [stage.waits_s() for stage in self.models()]
        moments += [time.monotonic() + seconds for seconds in waits if seconds > 0]
        return min(moments, default=None)

    def waits(self) -> str | None:
        """What a stage waits for, in a sentence, or None."""
        sentences = (stage.waits() for stage in self.models())
        return next((sentence for sentence in sentences if sentence), None)

    def models(self) -> list[ModelStage]:
        """The stages that hold a model."""
        return [stage for stage in self.stages if isinstance(stage, ModelStage)]

    def _step(self, stage: Stage, halted: Callable[[], bool]) -> int:
        name, before = stage.name, self._changes()
        rests = time.monotonic() < self._broken.get(name, ("", 0.0))[1]
        if rests or name in self._errors or self._idle.get(name) == before:
            return 0
        self.stage = name
        try:
            done = stage.step()
        except ModelError as error:
            if halted():
                return 0  # it was ended under its work, and that is no trouble
            # Without its model a stage can do nothing; the others go on. A server that
            # is started again, or a disk that returns, is noticed a little later.
            logger.error("Stage %s rests %.0f s: %s", name, MODEL_RETRY_S, error)
            self._broken[name] = (str(error), time.monotonic() + MODEL_RETRY_S)
            return 0
        except (AlbumError, OSError) as error:
            # It is tried again in a later run; this one goes on with the others.
            self._errors[name] = error
            return 0
        self._broken.pop(name, None)
        if done == 0:
            self._idle[name] = before
        return done
