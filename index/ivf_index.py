"""Search that looks only where the query's neighbours are likely to be, with 8 bits for
each number; the true cosines come from where the vectors are kept."""

from __future__ import annotations

import logging
import math
import tempfile
from typing import Any, ClassVar, Self

import numpy as np

from index.faiss_index import FaissIndex, library, one_thread, selector
from index.stamped_file import Stamp
from index.vectors import ExactVectors, Ids, Vectors, best_first, nothing

_log = logging.getLogger(__name__)

TRAINED_PER_LIST = 40
"""Vectors to train with for each list; FAISS asks for 39."""

EXACTLY = 100
"""How many of an answer are compared by their true vectors. Reading one takes 10 to 15
µs: 2.3 ms for 210, more than all the rest of a search by codes, and 65 ms for the 2,000
that are compared by their words where many match. Behind the first hundred an error of
0.0004 in the cosine does not show."""

MOST_LISTS = 4096
"""For 7 million photos; with many more, lists become longer."""

# One seed, so that the same catalogue gives the same lists.
_SEED = 20240501

# Measured on mixtures of the vectors of 1,282 real captions, 100 to 128 people's
# sentences as queries, milliseconds of one busy core, without filter and k = 100:
#
#   photos     lists  training  adding  looked into  recall@100  time
#     100,000    316     0.5 s   0.5 s    10 / 20   .967 / .984  0.31 / 0.50 ms
#     100,000    632     1.6 s   0.8 s    10 / 20   .970 / .987  0.25 / 0.35 ms
#   1,000,000  1,000     4.3 s  11.1 s    14 / 29   .996 / .999  0.99 / 1.76 ms
#
# Twice the lists cost four times the training and halve what is read for a query.
_LISTS_PER_ROOT = 1.5
# And for the narrower searches: with a share s of all photos wanted (k, as many more,
# divided by the photos allowed), recall .98 took 18 of 316 lists at s = 0.002, 81 at
# 0.02; 17 of 632 at 0.002, 162 at 0.02; 262 of 1,000 at 0.02. The least is for small
# albums: of 20,500 photos recall@100 was .978 with 12, .982 with 20, .986 with 28.
_LEAST_PROBED = 24
_PROBED_PER_SHARE = 12.5
# How many more than wanted are looked at by their codes.
_EXTRA = 100
# A cosine by the codes differs from the true one by 0.00036 (standard deviation); the
# difference of two by 0.0005, and four times that lifts nobody from further behind.
_CODE_ERROR = 0.002
# What FAISS writes around lists, codes and ids, 8 bytes a dimension among it.
_MOST_FRAME = 16_384


def lists_for(count: int) -> int:
    """How many lists suit `count` vectors."""
    return min(MOST_LISTS, max(1, round(_LISTS_PER_ROOT * math.sqrt(count))))


def probed(lists: int, share: float) -> int:
    """How many of the `lists` to look into for the nearest `share` (0 to 1) of all."""
    return min(lists, math.ceil(_LEAST_PROBED + _PROBED_PER_SHARE * share * lists))


class IvfIndex(FaissIndex):
    """An inverted file with 8-bit codes: 0.4 kB a photo.

    It is FAISS's IVF with its own ids, and a hash table from the ids to their places:
    IDMap2 around IVF loses the ids, and without the table a removal reads all lists.
    """

    kind: ClassVar[str] = "ivf"

    def __init__(self, dim: int, index: Any, exact: ExactVectors | None = None) -> None:
        """`index` is FAISS's own. With `exact`, the first 100 of an answer come with
        the true cosines of the vectors it reads, and without what it no longer has; the
        rest, or without `exact` all, with those of the codes."""
        super().__init__(dim, index)
        self.exact = exact

    @classmethod
    def trained(
        cls, sample: Vectors, lists: int, exact: ExactVectors | None = None
    ) -> Self:
        """An empty index of `lists` lists for vectors like `sample` float32 (m, dim),
        of which there must be at least `lists`."""
        faiss = library()
        sample = np.ascontiguousarray(sample, dtype=np.float32)
        dim = sample.shape[1]
        index = faiss.IndexIVFScalarQuantizer(
            faiss.IndexFlatIP(dim),
            dim,
            lists,
            faiss.ScalarQuantizer.QT_8bit,
            faiss.METRIC_INNER_PRODUCT,
        )
        index.cp.seed = _SEED
        index.cp.min_points_per_centroid = 1  # fewer are no reason to write to stderr
        index.cp.max_points_per_centroid = 2 * TRAINED_PER_LIST
        with one_thread():
            index.train(sample)
        index.set_direct_map_type(faiss.DirectMap.Hashtable)
        return cls(dim, index, exact)

    @property
    def lists(self) -> int:
        """How many lists there are."""
        return int(self._index.nlist)

    def compact(self) -> None:
        """Give back the room that lists which have grown keep for more: 665 MB became
        527 at a million photos (429 in a process that loads its file). Goes through a
        temporary file; where that cannot be written, all stays as it is."""
        with self._lock.alone(), tempfile.TemporaryFile() as file:
            try:
                self._write(file.write)
            except (OSError, RuntimeError) as error:
                _log.warning("the index keeps more memory than it needs: %s", error)
                return
            file.seek(0)
            self._index = None  # at no time are both in memory
            self._index = self._from(file)

    def nearest(
        self, query: Vectors, k: int, allowed: Ids | None = None
    ) -> tuple[Ids, Vectors]:
        """See VectorIndex. If at most 100 are `allowed`, all are compared exactly."""
        row = self._checked_query(query)
        if k < 1 or not len(self) or (allowed is not None and not len(allowed)):
            return nothing()
        if allowed is not None and self.exact and len(allowed) <= EXACTLY:
            return best_first(*self._truly(row[0], np.asarray(allowed, np.int64)), k)
        with self._lock.shared(), one_thread():
            ids, cosines = self._roughly(row, k, allowed)
        if self.exact is not None and len(ids):
            last = cosines[min(k, EXACTLY, len(ids)) - 1]
            first = cosines >= last - _CODE_ERROR
            behind = ~first & (np.arange(len(ids)) < k)
            true_ids, true_cosines = self._truly(row[0], ids[first])
            ids = np.concatenate([true_ids, ids[behind]])
            cosines = np.concatenate([true_cosines, cosines[behind]])
        return best_first(ids, cosines, k)

    def _truly(self, query: Vectors, ids: Ids) -> tuple[Ids, Vectors]:
        """Those of the ids that have a vector where it is kept, and its cosine."""
        assert self.exact is not None
        found, vectors = self.exact(ids)
        return (found, vectors @ query) if len(found) else nothing()

    def _roughly(
        self, row: Vectors, k: int, allowed: Ids | None
    ) -> tuple[Ids, Vectors]:
        """Those nearest by their codes, best first, some more than `k`. Looks into more
        lists until there are enough."""
        faiss = library()
        chosen = None if allowed is None else selector(allowed)
        among = len(self) if allowed is None else min(len(allowed), len(self))
        wanted = min(k + max(_EXTRA, k // 8), len(self))
        probes = probed(self.lists, wanted / max(among, 1))
        while True:
            params = faiss.SearchParametersIVF(nprobe=probes, sel=chosen)
            scores, ids = self._index.search(row, wanted, params=params)
            cosines, ids = scores[0][ids[0] >= 0], ids[0][ids[0] >= 0]
            if len(ids) >= min(k, among) or probes == self.lists:
                break
            probes = min(4 * probes, self.lists)
        return ids, cosines

    def _remove(self, ids: Ids) -> None:
        self._index.remove_ids(library().IDSelectorArray(ids))

    @classmethod
    def _is_likely(cls, stamp: Stamp, payload_bytes: int) -> bool:
        """Code, id, and the two numbers of the hash table for each vector; centre and
        size of each list."""
        least = stamp.count * (stamp.dim + 24)
        most = least + MOST_LISTS * (4 * stamp.dim + 16) + _MOST_FRAME
        return least <= payload_bytes <= most

    @classmethod
    def _around(cls, loaded: Any) -> Self | None:
        faiss = library()
        fits = (
            isinstance(loaded, faiss.IndexIVFScalarQuantizer)
            and loaded.metric_type == faiss.METRIC_INNER_PRODUCT
            and loaded.direct_map.type == faiss.DirectMap.Hashtable
        )
        return cls(loaded.d, loaded) if fits else None
