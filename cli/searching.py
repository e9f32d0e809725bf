"""Builds the search as the settings ask for it."""

from __future__ import annotations

from datetime import datetime

from album.catalogue import Catalogue
from index.embedder import MiniLMEmbedder
from index.query import QueryParser
from index.search import Search
from index.sync import Sync
from settings import Settings


def build_search(
    settings: Settings, catalogue: Catalogue, embedder: MiniLMEmbedder, sync: Sync
) -> Search:
    """The search of this album; the page and the command line use the same."""
    parser = QueryParser(settings.hemisphere, datetime.now)
    return Search(catalogue, embedder, sync, parser, strictness=settings.strictness)
