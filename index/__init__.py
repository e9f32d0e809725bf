"""Search: text, vectors and photo ids. Knows the album, and no screen."""

from index.embedder import Embedder, MiniLMEmbedder
from index.errors import EmbedderUnavailable, EmbeddingError, IndexDamaged, SearchError
from index.found import Found, Hit
from index.search import Search
from index.sync import Sync
from index.vectors import FaissIndex, VectorIndex

__all__ = [
    "Embedder",
    "EmbedderUnavailable",
    "EmbeddingError",
    "FaissIndex",
    "Found",
    "Hit",
    "IndexDamaged",
    "MiniLMEmbedder",
    "Search",
    "SearchError",
    "Sync",
    "VectorIndex",
]
