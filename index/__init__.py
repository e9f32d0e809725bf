"""Search: text, vectors and photo ids. Knows the album, and no screen."""

from index.embedder import Embedder, MiniLMEmbedder
from index.errors import EmbedderUnavailable, EmbeddingError, IndexDamaged, SearchError
from index.flat_index import FlatIndex
from index.found import Found, Hit
from index.ivf_index import IvfIndex
from index.search import Search
from index.sync import Sync
from index.vectors import VectorIndex

__all__ = [
    "Embedder",
    "EmbedderUnavailable",
    "EmbeddingError",
    "FlatIndex",
    "Found",
    "Hit",
    "IndexDamaged",
    "IvfIndex",
    "MiniLMEmbedder",
    "Search",
    "SearchError",
    "Sync",
    "VectorIndex",
]
