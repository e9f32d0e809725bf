"""Builds the search as the settings ask for it."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime

from album.captioners.fetch import WeightsFetch
from album.catalogue import Catalogue
from index.current_search import CurrentSearch
from index.embedder import PartsEmbedder
from index.learning import Embedding, Learning
from index.query import QueryParser
from index.search import Search
from index.sentence_folder import SENTENCE_MODEL
from index.strictness import HowStrict
from index.succession import Succession
from index.sync import Sync
from index.text_model import TextModels
from settings import Settings


@dataclass(frozen=True, slots=True)
class TextSearch:
    """The search, and the two stages of indexing that feed it. `fetch` brings another
    text model's weights, where they must be fetched."""

    succession: Succession
    embedding: Embedding
    learning: Learning
    search: CurrentSearch
    fetch: WeightsFetch | None
    strictness: HowStrict


def open_text_search(
    settings: Settings, catalogue: Catalogue, stack: ExitStack
) -> TextSearch:
    """The search of an album that is open for writing; `stack` saves its index."""

    strictness = HowStrict(settings.strictness)

    def search(embedder: PartsEmbedder, sync: Sync) -> Search:
        return build_search(settings, catalogue, embedder, sync, strictness)

    models = text_models(settings)
    succession = Succession(
        catalogue, models, settings.text_model, search, settings.data
    )
    here = models.is_fetched(settings.text_model)
    succession.settle(fetching=not here)
    stack.callback(succession.close)
    fetch = None
    if not here:
        fetch = WeightsFetch(
            settings.text_model,
            settings.data / "models",
            offline=settings.offline,
            kind=SENTENCE_MODEL,
            meanwhile=f"Search uses {succession.current.model.shown}",
            then="the search learns it now",
        )
        stack.callback(fetch.stop)
    return TextSearch(
        succession,
        Embedding(succession),
        Learning(catalogue, succession),
        CurrentSearch(succession),
        fetch,
        strictness,
    )


def text_models(settings: Settings) -> TextModels:
    """What opens this album's text models."""
    return TextModels(settings.data / "models")


def build_search(
    settings: Settings,
    catalogue: Catalogue,
    embedder: PartsEmbedder,
    sync: Sync,
    strictness: HowStrict | None = None,
) -> Search:
    """The search of this album; the page and the command line use the same.
    `strictness`: what may change while it answers; None: as the settings say."""
    parser = QueryParser(settings.hemisphere, datetime.now)
    strictness = strictness or HowStrict(settings.strictness)
    return Search(catalogue, embedder, sync, parser, strictness=strictness)
