"""A text model with all that searches by it."""

from __future__ import annotations

from dataclasses import dataclass

from index.embedder import PartsEmbedder
from index.search import Search
from index.sync import Sync
from index.text_model import TextModel


@dataclass(slots=True, eq=False)
class ModelAtWork:
    """A text model, its index and the search over it; never those of another.

    `users` are the searches and edits under way.
    """

    model: TextModel
    embedder: PartsEmbedder
    sync: Sync
    search: Search
    users: int = 0

    def load(self) -> None:
        """Load the model now. Raises EmbedderUnavailable."""
        self.embedder.embed_query("")
