"""An album on a real catalogue, and a small embedder that counts what it is asked."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from album.catalogue import Catalogue
from album.catalogue_files import Fingerprint
from album.photo import Author, Reading, WrittenCaption
from index.sync import Sync


class WordEmbedder:
    """The vector of a text is the sum of its words' fixed directions, so that texts
    with words in common are near. Counts the texts it has embedded."""

    def __init__(self, name: str = "words", dim: int = 256) -> None:
        self.name = name
        self.dim = dim
        self.embedded = 0

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.embedded += len(texts)
        rows = np.stack([self._one(text) for text in texts])
        return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)

    def _one(self, text: str) -> NDArray[np.float64]:
        words = text.lower().replace(".", "").split() or [""]
        return np.sum([self._direction(word) for word in words], axis=0)

    def _direction(self, word: str) -> NDArray[np.float64]:
        seed = int.from_bytes(hashlib.sha256(word.encode()).digest()[:8], "little")
        return np.random.default_rng(seed).standard_normal(self.dim)


class Captions:
    """Puts photos and captions into a catalogue without any picture."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.catalogue = Catalogue(folder)
        self.root = self.catalogue.roots.add(Path("/pictures"))

    def photo(self, text: str, captioner: str = "qwen") -> int:
        number = self.catalogue.photos.counts()["photos"]
        name = b"%d.jpg" % number
        self.catalogue.files.add(
            self.root.id, [(name, Fingerprint(1, 2, 3, 4))], 10**18
        )
        photo_id = self.catalogue.photos.add(
            self._file(name), f"hash {number}", 1, Reading("JPEG", 4, 3), datetime.min
        )
        self.caption(photo_id, text, captioner)
        return photo_id

    def caption(self, photo_id: int, text: str, captioner: str = "person") -> None:
        self.catalogue.captions.add_many(
            Author(captioner, "", 1), [(photo_id, WrittenCaption(text))]
        )

    def missing(self, photo_id: int, missing: bool = True) -> None:
        photo = self.catalogue.photos.one(photo_id)
        assert photo is not None
        file_id = self._file(photo.name.encode())
        self.catalogue.files.set_missing([file_id], missing)

    def _file(self, name: bytes) -> int:
        found = self.catalogue.files.id_at(self.root.id, name)
        assert found is not None
        return found


@pytest.fixture
def captions(tmp_path: Path) -> Iterator[Captions]:
    album = Captions(tmp_path / "data")
    yield album
    album.catalogue.close()


@pytest.fixture
def embedder() -> WordEmbedder:
    return WordEmbedder()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "index" / "photos.index"


def everything(sync: Sync, dim: int = 256) -> list[tuple[int, float]]:
    """All the index holds, by its nearness to one fixed direction."""
    query = np.zeros(dim, np.float32)
    query[0] = 1
    ids, scores = sync.index.nearest(query, 10**6)
    return [(int(i), float(s)) for i, s in zip(ids, scores, strict=True)]
