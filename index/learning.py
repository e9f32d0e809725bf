"""Two stages of indexing: the model in charge embeds what is new, its successor learns
what there is."""

from __future__ import annotations

from album.costly import Costly
from index.calibration import forget_background
from index.source import Source
from index.succession import Succession

BATCH = 32
"""Texts that the successor learns at a time: about a second on two cores with MiniLM,
for which a new picture waits at most."""
FORGOTTEN = 500
"""Captions whose old vectors are deleted in one transaction: 5 MB, and 18 ms of
processor time."""


class Embedding:
    """What is new becomes searchable, by the model in charge."""

    name = "embed"

    def __init__(self, succession: Succession) -> None:
        self._succession = succession

    def pending(self) -> int:
        """How many captions it has not embedded."""
        with self._succession.answering() as current:
            return current.sync.pending()

    def step(self, limit: int | None = None) -> int:
        """Embed up to `limit` captions, by default a batch; how many there were.

        Raises EmbedderUnavailable.
        """
        with self._succession.answering() as current:
            sync = current.sync
            return sync.step() if limit is None else sync.step(limit)


class Learning:
    """The successor embeds all texts, takes over, and the vectors of the one before
    are deleted. No picture is read and no caption written for it."""

    name = "learn"

    def __init__(self, catalogue: Source, succession: Succession) -> None:
        self._catalogue = catalogue
        self._succession = succession
        self._counts = Costly(self._count)
        self._tidy_at = -1
        self._forgetting: list[str] = []
        self._after = 0

    def pending(self) -> int:
        """How many texts the successor has still to learn."""
        successor = self._succession.successor
        return 0 if successor is None else successor.sync.pending()

    def step(self) -> int:
        """One batch; how many texts were learnt, or captions rid of old vectors.

        Raises EmbedderUnavailable.
        """
        successor = self._succession.successor
        if successor is None:
            return self._forget()
        successor.sync.open()
        done = successor.sync.step(BATCH)
        if done < BATCH:
            self._succession.take_over(successor)
            # One more round, to delete: whoever reports 0 is not asked again soon.
            return done + 1
        return done

    def notice(self) -> str | None:
        """How far it is, in a sentence; or what is wrong; None when there is nothing
        to say."""
        successor, trouble = self._succession.successor, self._succession.trouble
        if successor is None:
            if trouble is None:
                return None
            return f"{trouble} Search uses {self._succession.current.model.shown}."
        learnt, total = self._counts.get(self._catalogue.changes)
        answering = self._succession.current.model.shown
        told = (
            f"Search is learning a new text model, {successor.model.shown}: "
            f"{learnt:,} of {total:,}."
        )
        if trouble is None:
            return f"{told} Until then {answering} answers."
        return f"{told} {trouble}"

    def _count(self) -> tuple[int, int]:
        successor = self._succession.successor
        if successor is None:
            return 0, 0
        return learnt(self._catalogue, successor.model.name)

    def _forget(self) -> int:
        if not self._forgetting:
            settled = self._succession.settled
            if settled == self._tidy_at:
                return 0
            retired = self._succession.retired()
            if not retired:
                self._tidy_at = self._tidy_at if retired is None else settled
                return 0
            self._forgetting, self._after = retired, 0
            self._succession.discard_index(self._forgetting[0])
        name = self._forgetting[0]
        last = self._catalogue.text_models.forget(name, FORGOTTEN, self._after)
        if last is None:
            forget_background(self._catalogue.facts, name)
            self._forgetting, self._after = [], 0
        else:
            self._after = last
        return 1


def learnt(catalogue: Source, embedder: str) -> tuple[int, int]:
    """(texts that this embedder has learnt, all): those that photos show."""
    missing = catalogue.vectors.pending_count(embedder, parts=True)
    shown = catalogue.text_models.shown_texts()
    return max(0, shown - missing), shown
