"""`python -m benchmarks.make_basis` makes index/basis.npy, and says how it did.

The content words of real captions go through MiniLM; the basis are the 64 directions
that keep most of their hidden states' length, each state made unit length: the right
singular vectors of all states as one matrix. Only these numbers are kept.
"""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.quality_data import read
from index.embedder import MiniLMEmbedder
from index.embedder_weights import WEIGHTS_SHA256
from index.parts import TOKEN_DIM
from index.token_vectors import BASIS_PATH

NOTE = """# basis.npy

The {dim} directions (float32 (384, {dim}), orthonormal columns) in which the hidden
states of caption words lie, of MiniLM's weights `{weights}…`. sha256: `{sha256}`.

Made by `python -m benchmarks.make_basis` from {tokens:,} content word pieces of
{captions:,} long machine captions: the 1,000 of ImageInWords (google/imageinwords,
CC BY 4.0) and the tuning half of CompreCap's GPT-4o captions (MIT). No caption of the
half that results are reported on had a part in it. They keep {kept:.1%} of the squared
length. The file holds no text. A new basis needs its sha256 in token_vectors.py, and
then every caption's parts are made anew.
"""


def make(states: NDArray[np.float32]) -> tuple[NDArray[np.float32], float]:
    """The basis for hidden states float32 (n, 384), and the share of squared length
    it keeps."""
    unit = (states / np.linalg.norm(states, axis=1, keepdims=True)).astype(np.float64)
    # Right singular vectors are the eigenvectors of the 384 × 384 product.
    values, vectors = np.linalg.eigh(unit.T @ unit)
    chosen = vectors[:, ::-1][:, :TOKEN_DIM]
    # An eigenvector's sign is arbitrary: the largest component shall be positive.
    largest = chosen[np.abs(chosen).argmax(axis=0), np.arange(TOKEN_DIM)]
    kept = float(values[-TOKEN_DIM:].sum() / values.sum())
    return np.ascontiguousarray(chosen * np.sign(largest), dtype=np.float32), kept


def main() -> int:
    """Write index/basis.npy and index/basis.md."""
    shared = Path(__file__).parents[2] / "shared" / "data"
    if not shared.is_dir():
        print("the captions are not beside the repository", file=sys.stderr)
        return 1
    data = read(shared)
    captions = [data.captions[place] for place in data.not_reported]
    tokens = MiniLMEmbedder().content_tokens(captions)
    states = np.concatenate([each.hidden for each in tokens])
    basis, kept = make(states)
    np.save(BASIS_PATH, basis)
    note = NOTE.format(
        dim=TOKEN_DIM,
        weights=WEIGHTS_SHA256[:12],
        sha256=hashlib.sha256(BASIS_PATH.read_bytes()).hexdigest(),
        tokens=len(states),
        captions=len(captions),
        kept=kept,
    )
    BASIS_PATH.with_suffix(".md").write_text(note, encoding="utf-8")
    print(note)
    return 0


if __name__ == "__main__":
    sys.exit(main())
