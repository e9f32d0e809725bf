"""Word pieces as MiniLM leaves them, reduced from 384 to 64 dimensions, in int8.

A caption of 100 words needs about 4.5 kB instead of the 108 kB of its float32 vectors.
The basis (index/basis.npy, float32 (384, 64), orthonormal columns) holds the directions
in which caption tokens differ most; `python -m benchmarks.make_basis` makes it.
"""

from __future__ import annotations

import hashlib
from functools import cache
from io import BytesIO
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.errors import EmbedderUnavailable
from index.parts import TOKEN_DIM

BASIS_PATH = Path(__file__).parent / "basis.npy"
BASIS_SHA256 = "6fac74301696dc80cd05a679ceedc17d2efa317da61d185cc120d911079399fd"
"""Codes of another basis cannot be compared, so a change of it is a new version."""

PARTS_NAME = f"parts-1@{BASIS_SHA256[:12]}"
"""Names the reduction beside the embedder's name: only codes of one name compare."""

# A code of 127. The largest component of any of 86,694 reduced caption tokens was 0.83,
# and 99.99 % were below 0.69; what lies beyond is cut off.
_LARGEST = 0.85
STEP = _LARGEST / 127
"""What one step of a code stands for: float vectors are codes × STEP."""
_LEAST_NORM = 1e-6
_SEED = 1


@cache
def basis() -> NDArray[np.float32]:
    """float32 (384, 64), read once. Raises EmbedderUnavailable."""
    try:
        raw = BASIS_PATH.read_bytes()
    except OSError as error:
        raise EmbedderUnavailable(
            f"{BASIS_PATH.name}, a part of this program, cannot be read: {error}"
        ) from error
    if hashlib.sha256(raw).hexdigest() != BASIS_SHA256:
        raise EmbedderUnavailable(
            f"{BASIS_PATH.name} is not the one that belongs to this program."
        )
    loaded: NDArray[np.float32] = np.load(BytesIO(raw), allow_pickle=False)
    loaded.flags.writeable = False
    return loaded


@cache
def basis_for(width: int) -> NDArray[np.float32]:
    """The basis for another model's tokens: float32 (width, 64), orthonormal columns in
    directions of chance, always the same ones. A model of less width keeps its own.

    They need not be fitted to the model: with MiniLM's own tokens such bases gave R@1
    62.4, 61.7 and 62.6 % (seeds 1 to 3), the fitted one 61.8, and sentences without
    tokens 59.4 (the 705 sentences of benchmarks/quality.py). Codes of another seed
    could not be compared, so this one stays.
    """
    if width <= TOKEN_DIM:
        return np.eye(width, TOKEN_DIM, dtype=np.float32)
    # RandomState's numbers are promised to stay the same in every version of numpy.
    chance = np.random.RandomState(_SEED).standard_normal((width, TOKEN_DIM))
    orthonormal, _ = np.linalg.qr(chance)
    made: NDArray[np.float32] = np.ascontiguousarray(orthonormal, dtype=np.float32)
    made.flags.writeable = False
    return made


def reduce(
    tokens: NDArray[np.float32], directions: NDArray[np.float32] | None = None
) -> NDArray[np.float32]:
    """Unit vectors float32 (t, 64) of last hidden states float32 (t, width).

    `directions` float32 (width, 64) is the basis, by default MiniLM's. A token without
    any part in the 64 directions becomes zero: it matches nothing.
    """
    if not len(tokens):
        return np.zeros((0, TOKEN_DIM), dtype=np.float32)
    reduced = tokens @ (basis() if directions is None else directions)
    norms = np.linalg.norm(reduced, axis=1, keepdims=True)
    return np.asarray(reduced / np.maximum(norms, _LEAST_NORM), dtype=np.float32)


def encode(vectors: NDArray[np.float32]) -> NDArray[np.int8]:
    """int8 (t, 64) for unit vectors float32 (t, 64)."""
    codes: NDArray[np.int8] = np.clip(np.rint(vectors / STEP), -127, 127).astype(
        np.int8
    )
    return codes
