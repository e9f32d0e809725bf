"""The search of whichever text model is in charge."""

from __future__ import annotations

from collections.abc import Callable
from typing import Concatenate, ParamSpec, TypeVar

from index.feedback import Feedback
from index.search import Search
from index.succession import Succession

_P = ParamSpec("_P")
_R = TypeVar("_R")


def _in_charge(
    method: Callable[Concatenate[Search, _P], _R],
) -> Callable[Concatenate[CurrentSearch, _P], _R]:
    """A method of Search, asked of the one that is in charge when it begins; it is the
    one until the end."""

    def ask(self: CurrentSearch, /, *args: _P.args, **options: _P.kwargs) -> _R:
        with self._succession.answering() as current:
            return method(current.search, *args, **options)

    ask.__doc__ = method.__doc__
    return ask


class CurrentSearch:
    """Search, over a change of the text model. Safe to use from several threads."""

    def __init__(self, succession: Succession) -> None:
        self._succession = succession

    find = _in_charge(Search.find)
    tidy_up = _in_charge(Search.tidy_up)

    @property
    def feedback(self) -> Feedback:
        """What people took out of searches; the same whichever text model answers."""
        return self._succession.current.search.feedback

    @property
    def text_model(self) -> str | None:
        """What people call the text model that answers; None if it is the built-in."""
        model = self._succession.current.model
        return None if model.built_in else model.shown
