"""Threads that share a batch, and can be left behind when there is no time to wait."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Sequence
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


class Crew:
    """Works on one batch at a time.

    The threads are daemons, unlike those of an executor, which would keep a program
    that is told to end waiting for a server that hangs.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._left: BaseException | None = None

    def run(
        self, work: Callable[[Item], Result], items: Sequence[Item], count: int
    ) -> tuple[dict[int, Result], BaseException | None]:
        """`work` on every item by up to `count` threads: the results, each under the
        place of its item, and the first exception, after which no more is begun."""
        waiting = deque(enumerate(items))
        results: dict[int, Result] = {}
        errors: list[BaseException] = []
        running = min(count, len(items))

        def thread() -> None:
            nonlocal running
            while waiting and not errors and self._left is None:
                try:
                    i, item = waiting.popleft()
                except IndexError:
                    break  # another thread was quicker
                try:
                    result = work(item)
                except BaseException as error:  # noqa: BLE001 - handed to the caller
                    errors.append(error)
                else:
                    with self._changed:
                        results[i] = result
            with self._changed:
                running -= 1
                self._changed.notify_all()

        for i in range(running):
            threading.Thread(target=thread, name=f"remote-{i}", daemon=True).start()
        with self._changed:
            self._changed.wait_for(lambda: not running or self._left is not None)
            # A copy: threads that were left behind may still finish something.
            return dict(results), self._left or (errors[0] if errors else None)

    def leave(self, error: BaseException) -> None:
        """End the present and all later batches at once, with this error; work under
        way goes on unheard."""
        with self._changed:
            self._left = error
            self._changed.notify_all()
