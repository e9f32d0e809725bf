"""Lets a slow stage run beside the quick ones, and knows when nobody has work left.

The stages that take milliseconds (reading, facts, embedding) take turns in one lane. A
caption model that needs a minute for a batch has a lane of its own: an uploaded picture
is read, searchable and shown while the model is busy.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence

from album.rounds import Rounds

LOOK_S = 0.5
"""A lane without work looks this often whether somebody else has made some."""


class Lanes:
    """One or more Rounds, each in a thread of its own while there is work."""

    def __init__(self, lanes: Sequence[Rounds], changes: Callable[[], int]) -> None:
        """`changes`: a number that grows with every change of the catalogue."""
        self.all = list(lanes)
        self._changes = changes
        self._news = threading.Condition()
        # What each lane had seen of the catalogue when it found nothing to do.
        self._idle: list[int | None] = [None] * len(self.all)
        self._over = True

    def work(self, halted: Callable[[], bool], on_round: Callable[[int], None]) -> None:
        """Until no lane has anything left, or `halted`. The first lane works in the
        calling thread; `on_round` is called there after each of its rounds with the
        number of pictures dealt with.

        Raises the first error (not of a model) that a lane met.
        """
        self._over = False
        self._idle = [None] * len(self.all)
        errors: list[BaseException] = []
        threads = [
            threading.Thread(
                target=self._beside, args=(n, halted, errors), daemon=True, name="lane"
            )
            for n in range(1, len(self.all))
        ]
        for thread in threads:
            thread.start()
        try:
            self._run(0, halted, on_round)
        finally:
            # Broken off here, the others end with the batch at hand.
            self._finish()
        for thread in threads:
            thread.join()
        if errors:
            raise errors[0]
        for lane in self.all:
            lane.end()

    def notify(self) -> None:
        """There may be something new to do."""
        with self._news:
            self._news.notify_all()

    def _beside(
        self, number: int, halted: Callable[[], bool], errors: list[BaseException]
    ) -> None:
        try:
            self._run(number, halted, lambda _done: None)
        except BaseException as error:  # noqa: BLE001 - raised again by `work`
            errors.append(error)
            self._finish()

    def _run(
        self, number: int, halted: Callable[[], bool], on_round: Callable[[int], None]
    ) -> None:
        lane = self.all[number]
        lane.begin()
        while not self._over and not halted():
            seen = self._changes()
            done = lane.once(lambda: self._over or halted())
            on_round(done)
            if done:
                self._idle[number] = None
                self.notify()
            elif not self._rest(number, seen, halted):
                break
        # Halted, be it for a moment only: a lane that has left does not come back, so
        # that the others must not go on without it.
        self._finish()

    def _rest(self, number: int, seen: int, halted: Callable[[], bool]) -> bool:
        """Until there is news; False when all lanes have seen that there is none."""
        with self._news:
            self._idle[number] = seen
            while not (self._over or halted()):
                now = self._changes()
                if all(idle == now for idle in self._idle):
                    self._over = True
                    self._news.notify_all()
                elif now != seen:
                    return True
                else:
                    self._news.wait(LOOK_S)
        return False

    def _finish(self) -> None:
        with self._news:
            self._over = True
            self._news.notify_all()
