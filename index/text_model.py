"""The text models of an album: the one that answers, and perhaps one that follows it.

Two facts of the catalogue name them, so that another process (the command line) asks
the one whose vectors are complete, whatever the settings say.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

from album.captioners.weights import find_weights, is_hub_id
from index.embedder import MiniLMEmbedder, PartsEmbedder
from index.embedder_weights import weights_folder
from index.errors import EmbedderUnavailable
from index.sentence_folder import SENTENCE_MODEL, describe
from index.sentence_model import SentenceModel
from index.source import FactSource, Source

BUILT_IN = "all-MiniLM-L6-v2"
_ITS_NAMES = (BUILT_IN, f"sentence-transformers/{BUILT_IN}")
Role = Literal["text_model", "text_model_next"]
IN_CHARGE: Role = "text_model"
NEXT: Role = "text_model_next"
"""The names of the two facts."""


@dataclass(frozen=True, slots=True)
class TextModel:
    """A text model: its embedder's `name`, the `dim` of its vectors, and the `source`
    it is loaded from: a folder, a hub name, or the name of the built-in one."""

    name: str
    source: str
    dim: int

    @property
    def shown(self) -> str:
        """What people call it."""
        return self.name.rpartition("@")[0]

    @property
    def built_in(self) -> bool:
        """Whether it comes with the program."""
        return self.name == MiniLMEmbedder.name

    @property
    def index_file(self) -> str:
        """The name of its index file in the data folder."""
        if self.built_in:
            return "index.faiss"
        return f"index-{self.name.rpartition('@')[2]}.faiss"


OWN = TextModel(MiniLMEmbedder.name, BUILT_IN, MiniLMEmbedder.dim)
"""The built-in one."""


def remembered(facts: FactSource, role: Role) -> TextModel | None:
    """The model that has this role in the album; None if there is none, or the fact
    cannot be read."""
    kept = facts.get(role)
    if kept is None:
        return None
    try:
        told = json.loads(kept)
        return TextModel(str(told["name"]), str(told["source"]), int(told["dim"]))
    except (ValueError, KeyError, TypeError):
        return None


def remember(facts: FactSource, role: Role, model: TextModel | None) -> None:
    """Write it down, or that there is none. Nothing is written that stands there."""
    if remembered(facts, role) != model:
        kept = None if model is None else json.dumps(asdict(model))
        facts.set(role, kept)


class TextModels:
    """Opens text models by the words of the setting."""

    def __init__(self, folder: Path) -> None:
        """`folder` is where fetched models are kept."""
        self._folder = folder

    def is_fetched(self, source: str) -> bool:
        """Whether nothing must be fetched for it, because it is here or is a folder."""
        if source in _ITS_NAMES or not is_hub_id(source):
            return True
        return find_weights(source, self._folder, SENTENCE_MODEL) is not None

    def open(
        self, source: str, known: Sequence[TextModel] = ()
    ) -> tuple[TextModel, PartsEmbedder]:
        """The model and its embedder, not loaded yet. One of the `known` that has the
        same files keeps its name, wherever they are now.

        Raises EmbedderUnavailable.
        """
        if source in _ITS_NAMES:
            weights_folder()
            return OWN, MiniLMEmbedder()
        try:
            folder = find_weights(source, self._folder, SENTENCE_MODEL)
        except OSError as error:
            raise EmbedderUnavailable(
                f"The text model {source} cannot be read: {error}"
            ) from error
        if folder is None:
            raise EmbedderUnavailable(
                f"The text model {source} is not here: no folder with a complete "
                "sentence-transformers model, and nothing that was fetched."
            )
        described = describe(folder)
        short = described.digest[:12]
        names = [
            model.shown for model in known if model.name.rpartition("@")[2] == short
        ]
        name = names[0] if names else _shown_name(source)
        embedder = SentenceModel(name, described)
        where = source if is_hub_id(source) and not Path(source).is_dir() else None
        return (
            TextModel(embedder.name, where or str(folder.absolute()), embedder.dim),
            embedder,
        )

    def open_again(self, model: TextModel) -> PartsEmbedder:
        """The embedder of a model that the album has used before.

        Raises EmbedderUnavailable when its files are gone or are others now.
        """
        found, embedder = self.open(model.source, [model])
        if found.name != model.name:
            raise EmbedderUnavailable(
                f"The files of the text model {model.shown} in {model.source} are not "
                "those any more that this album was embedded with."
            )
        return embedder


def answering_model(
    catalogue: Source, models: TextModels
) -> tuple[TextModel, PartsEmbedder]:
    """Who answers for a process that only reads: the model in charge or, where its
    files are gone, the one that is to follow it, with what that has learnt.

    Raises EmbedderUnavailable."""
    charge = remembered(catalogue.facts, IN_CHARGE) or OWN
    follower = remembered(catalogue.facts, NEXT)
    try:
        return charge, models.open_again(charge)
    except EmbedderUnavailable:
        if follower is None:
            raise
        return follower, models.open_again(follower)


def _shown_name(source: str) -> str:
    """The hub's name, or that of the folder."""
    if is_hub_id(source) and not Path(source).is_dir():
        return source
    return Path(source).expanduser().resolve().name
