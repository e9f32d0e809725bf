"""One text model follows another, and no search ever waits, fails or mixes the two.

The model whose vectors are complete is in charge, whatever the setting says. Another
one that the setting names learns the texts in the background, in its own index, and
takes over in one step: a fact of the catalogue. Only then are the vectors of the one
before deleted. Everything is found again by asking the catalogue, so that it may be
killed anywhere, and a setting that is set back makes the successor the one to delete.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from index.absent_model import AbsentModel
from index.embedder import PartsEmbedder
from index.errors import EmbedderUnavailable
from index.model_at_work import ModelAtWork
from index.search import Search
from index.source import Source
from index.sync import Sync
from index.text_model import (
    IN_CHARGE,
    NEXT,
    OWN,
    TextModel,
    TextModels,
    remember,
    remembered,
)

_log = logging.getLogger(__name__)

BuildSearch = Callable[[PartsEmbedder, Sync], Search]
"""The search over the vectors of one model."""


class Succession:
    """The text model in charge, and the one that is to follow it. Safe from any thread;
    `settle`, `learn` and `retired` belong to the one that indexes."""

    def __init__(
        self,
        catalogue: Source,
        models: TextModels,
        wanted: str,
        build_search: BuildSearch,
        folder: Path,
        *,
        patience_s: float = 5.0,
    ) -> None:
        """`wanted` is the setting; `folder` takes the index files. So long is waited
        for searches by a model whose vectors shall go. Call `settle`."""
        self._catalogue = catalogue
        self._models = models
        self._wanted = wanted
        self._build_search = build_search
        self._folder = folder
        self._lock = threading.Condition()
        self._patience_s = patience_s
        self._current: ModelAtWork | None = None
        self._next: ModelAtWork | None = None
        self._before: list[ModelAtWork] = []
        self._away = False
        self.settled = 0
        """Grows whenever another model answers or is to follow."""
        self.trouble: str | None = None
        """Why the wanted model, or the one in charge, cannot be had; a sentence."""

    def settle(self, *, fetching: bool = False) -> None:
        """Find out who is in charge and who is to follow: at the start, and when the
        wanted model has arrived. No model is loaded for it, and no text embedded.

        `fetching`: that the wanted one is not here is no trouble, it is on its way."""
        facts = self._catalogue.facts
        charge = remembered(facts, IN_CHARGE) or OWN
        follower = remembered(facts, NEXT)
        self.trouble, self._away = None, False
        known = [charge] if follower is None else [charge, follower]
        try:
            wanted = self._at_work(*self._models.open(self._wanted, known))
        except EmbedderUnavailable as error:
            self.trouble, self._away = (None if fetching else str(error)), True
            self._keep_on(charge, follower)
            return
        if wanted.model.name == charge.name or not self._holds(charge):
            remember(facts, IN_CHARGE, wanted.model)
            remember(facts, NEXT, None)
            self._set(wanted, None)
            return
        remember(facts, NEXT, wanted.model)
        try:
            old = self._at_work(charge, self._models.open_again(charge))
        except EmbedderUnavailable as error:
            self.trouble = (
                f"{error} Search answers with {wanted.model.shown} as far as that has "
                "learnt this album."
            )
            self._set(wanted, wanted)
            return
        self._set(old, wanted)

    def _keep_on(self, charge: TextModel, follower: TextModel | None) -> None:
        """The wanted one is not here: whoever is in charge stays it."""
        if follower is not None and follower.source != self._wanted:
            remember(self._catalogue.facts, NEXT, None)
        try:
            embedder = self._models.open_again(charge)
        except EmbedderUnavailable as error:
            self.trouble = str(error)
            embedder = AbsentModel(charge, self._models)
        self._set(self._at_work(charge, embedder), None)

    @contextmanager
    def answering(self) -> Iterator[ModelAtWork]:
        """The model in charge, for one search or one edit: its vectors stay until that
        is over, also when another takes over meanwhile."""
        with self._lock:
            current = self.current
            current.users += 1
        try:
            yield current
        finally:
            with self._lock:
                current.users -= 1
                self._lock.notify_all()

    @property
    def current(self) -> ModelAtWork:
        """The model in charge. Raises RuntimeError before `settle`."""
        if self._current is None:
            raise RuntimeError("the succession has not been settled")
        return self._current

    @property
    def successor(self) -> ModelAtWork | None:
        """The one that learns, if any; for want of the other it may answer already."""
        return self._next

    def take_over(self, complete: ModelAtWork) -> None:
        """`complete` has learnt every text: from now on it answers."""
        complete.search.tidy_up()  # what this album's background is to it, and its file
        # With this fact it is done, also for other processes; what is left to do after
        # a crash here is found at the next start.
        remember(self._catalogue.facts, IN_CHARGE, complete.model)
        self._set(complete, None)
        self.trouble = None
        remember(self._catalogue.facts, NEXT, None)
        _log.info("searching with %s from now on", complete.model.name)

    def retired(self) -> list[str] | None:
        """Embedders whose vectors nobody needs any more; None while that is unsure: the
        wanted model is away, or a search still uses another."""
        if self._away or self.trouble:
            return None
        with self._lock:
            if not self._lock.wait_for(self._unused, self._patience_s):
                return None
            retired, self._before = self._before, []
        for old in retired:
            old.sync.close()
        kept = {self.current.model.name}
        if self._next is not None:
            kept.add(self._next.model.name)
        return [name for name in self._catalogue.text_models.all() if name not in kept]

    def discard_index(self, embedder: str) -> None:
        """Delete the index file of a retired embedder."""
        path = self._folder / TextModel(embedder, "", 0).index_file
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            _log.warning("the index file of %s could not be deleted: %s", path, error)

    def close(self) -> None:
        """Write the index files that have changed, and give up what is being built. To
        be called before the catalogue is closed."""
        for each in {self.current, self._next or self.current, *self._before}:
            each.sync.close()

    def _unused(self) -> bool:
        return not any(old.users for old in self._before)

    def _holds(self, model: TextModel) -> bool:
        return model.name in self._catalogue.text_models.all()

    def _set(self, current: ModelAtWork, follower: ModelAtWork | None) -> None:
        """In one step, and only with an index that is open."""
        current.sync.open()
        with self._lock:
            if self._current not in (None, current):
                self._before.append(self.current)
            self._current, self._next = current, follower
            self.settled += 1

    def _at_work(self, model: TextModel, embedder: PartsEmbedder) -> ModelAtWork:
        """Those at work already go on."""
        for each in (self._current, self._next):
            if each is not None and each.model.name == model.name:
                return each
        sync = Sync(self._catalogue, embedder, self._folder / model.index_file)
        return ModelAtWork(model, embedder, sync, self._build_search(embedder, sync))
