"""What the two kinds of FAISS index have in common: who may change them when, and the
file they are kept in."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, BinaryIO, ClassVar, Self

import numpy as np

from index import stamped_file
from index.errors import IndexDamaged
from index.shared_lock import SharedLock
from index.stamped_file import Stamp
from index.vectors import Ids, Vectors, checked

_BLOCK = 1 << 20

# An id up to some millions costs a bit of a bitmap, and each test 1 ns; from here on
# (16 MB of bitmap) a set of the ids is kept instead, at 5 ns a test.
_LARGEST_IN_BITMAP = 1 << 27


class FaissIndex(ABC):
    """A VectorIndex (index/vectors.py) around an index of FAISS."""

    kind: ClassVar[str]

    def __init__(self, dim: int, index: Any) -> None:
        """`index` is FAISS's own, and from now on nobody else's."""
        self.dim = dim
        self._index = index
        self._lock = SharedLock()

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def put(self, ids: Ids, vectors: Vectors) -> None:
        """See VectorIndex. Raises ValueError when an id is given twice."""
        ids, vectors = checked(ids, vectors, self.dim)
        if not len(ids):
            return
        with self._lock.alone(), one_thread():
            self._remove(ids)  # FAISS keeps both when an id is added twice
            self._index.add_with_ids(vectors, ids)

    def remove(self, ids: Ids) -> None:
        """See VectorIndex."""
        ids = np.ascontiguousarray(ids, dtype=np.int64)
        if len(ids):
            with self._lock.alone(), one_thread():
                self._remove(ids)

    @abstractmethod
    def _remove(self, ids: Ids) -> None:
        """Forget what is held of `ids` int64 (m,), m > 0; nobody else is at work."""

    @abstractmethod
    def nearest(
        self, query: Vectors, k: int, allowed: Ids | None = None
    ) -> tuple[Ids, Vectors]:
        """See VectorIndex."""

    def save(self, path: Path, *, seq: int, embedder: str, catalogue_id: str) -> None:
        """See VectorIndex. Searches go on meanwhile. Raises OSError."""
        with self._lock.shared():
            stamp = Stamp(seq, len(self), self.dim, embedder, catalogue_id, self.kind)
            stamped_file.write(path, stamp, self._write)

    def _write(self, append: stamped_file.Append) -> None:
        faiss = library()
        faiss.write_index(self._index, faiss.PyCallbackIOWriter(append, _BLOCK))

    @staticmethod
    def _from(file: IO[bytes]) -> Any:
        """What FAISS reads from the file. Raises RuntimeError."""
        faiss = library()
        return faiss.read_index(faiss.PyCallbackIOReader(file.read, _BLOCK))

    @classmethod
    def read(cls, file: BinaryIO, stamp: Stamp, payload_bytes: int) -> Self:
        """The index that `file`, `payload_bytes` from here on, holds.

        Only for a payload whose checksum was right. Raises IndexDamaged when it is
        another than the stamp says.
        """
        if not stamp.dim or not cls._is_likely(stamp, payload_bytes):
            raise IndexDamaged("The index file has an unlikely length.")
        try:
            loaded = cls._from(file)
        except RuntimeError as error:
            raise IndexDamaged(f"FAISS cannot read the index file: {error}") from error
        index = cls._around(loaded)
        if index is None or (len(index), index.dim) != (stamp.count, stamp.dim):
            raise IndexDamaged("The index file is not what its stamp says.")
        return index

    @classmethod
    @abstractmethod
    def _is_likely(cls, stamp: Stamp, payload_bytes: int) -> bool:
        """Whether what the stamp says can be that long: asked before FAISS reads, which
        allocates whatever a header asks for."""

    @classmethod
    @abstractmethod
    def _around(cls, loaded: Any) -> Self | None:
        """An index around one that FAISS has read; None if that is of another kind."""

    def _checked_query(self, query: Vectors) -> Vectors:
        """float32 (1, dim). Raises EmbeddingError."""
        return checked(np.zeros(1, np.int64), np.reshape(query, (1, -1)), self.dim)[1]


def library() -> Any:
    """FAISS, loaded when first needed."""
    import faiss

    return faiss


@contextmanager
def one_thread() -> Iterator[None]:
    """What this thread asks of FAISS meanwhile is done by it alone, so that several
    searches at once do not fight over the cores. The number is OpenMP's, which PyTorch
    has in common with FAISS: left at 1, this thread's next captions took twice as long.
    """
    faiss = library()
    usual = faiss.omp_get_max_threads()
    faiss.omp_set_num_threads(1)
    try:
        yield
    finally:
        faiss.omp_set_num_threads(usual)


def selector(allowed: Ids) -> Any:
    """What lets FAISS look at the ids `allowed` int64 (m,), m > 0, alone."""
    allowed = np.ascontiguousarray(allowed, dtype=np.int64)
    last = int(allowed.max())
    if not 0 <= int(allowed.min()) <= last < _LARGEST_IN_BITMAP:
        return library().IDSelectorBatch(allowed)
    chosen = np.zeros(last + 1, dtype=bool)
    chosen[allowed] = True
    return library().IDSelectorBitmap(np.packbits(chosen, bitorder="little"))
