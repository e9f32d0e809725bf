"""From text to vectors: MiniLM, loaded when first needed."""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from index.embedder_parts import (
    BegunQuery,
    ContentTokens,
    Passages,
    batches,
    content_tokens,
    content_words,
    encoded_query,
    tokenizable,
    unit_length,
)
from index.embedder_weights import WEIGHTS_SHA256, checked_folder
from index.errors import EmbedderUnavailable
from index.parts import CaptionParts, EncodedQuery, content_of

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

    from index.embedder_network import QueryNetwork

_log = logging.getLogger(__name__)


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


class PartsEmbedder(Embedder, Protocol):
    """Tells sentences and words apart, too, for ranking."""

    def embed_with_parts(
        self, texts: Sequence[str]
    ) -> tuple[NDArray[np.float32], list[CaptionParts]]:
        """`embed(texts)`, and the parts of each text."""
        ...

    def embed_query(self, text: str) -> EncodedQuery:
        """The vector of a query, and those of its content words."""
        ...

    def begin_query(self, text: str) -> BegunQuery:
        """The same, perhaps in another thread while this one does something else."""
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
        self._network: QueryNetwork | None = None
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
        self._single()

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """float32 (n, 384), each row of unit length, in the order of `texts`.

        Empty text has a vector too. Raises EmbedderUnavailable and EmbeddingError.
        """
        return unit_length(self._pass(tokenizable(texts))[0], self.dim)

    def embed_with_parts(
        self, texts: Sequence[str]
    ) -> tuple[NDArray[np.float32], list[CaptionParts]]:
        """`embed(texts)` and the parts of each, from one pass through the model.

        Words behind the 256th word piece, and sentences behind the 64th, have no part.
        Raises EmbedderUnavailable and EmbeddingError.
        """
        passages = Passages(tokenizable(texts))
        vectors, tokens = self._pass(passages.texts, tokens_of=len(texts))
        vectors = unit_length(vectors, self.dim)
        return vectors[: len(texts)], passages.parts(vectors, tokens)

    def embed_parts(self, texts: Sequence[str]) -> list[CaptionParts]:
        """The parts alone."""
        return self.embed_with_parts(texts)[1]

    def embed_query(self, text: str) -> EncodedQuery:
        """The query's vector and its content words', from one pass through the model.

        On a CPU by index/embedder_network.py, which agrees with `embed` to a cosine of
        0.9999. Raises EmbedderUnavailable and EmbeddingError.
        """
        return self.begin_query(text).encoded()

    def begin_query(self, text: str) -> BegunQuery:
        """`embed_query`, without waiting where a thread of its own computes it."""
        network, clean = self._single(), tokenizable([text])
        if network is None:
            vectors, found = self._pass(clean, tokens_of=1)
            query = encoded_query(text, unit_length(vectors, self.dim)[0], found[0])
            return BegunQuery(query.content, lambda: query)
        encoding, states = network.begin(clean[0])
        words, kept = content_words(clean[0], encoding)

        def encoded() -> EncodedQuery:
            hidden = states()
            vector = unit_length(hidden.mean(axis=0, keepdims=True), self.dim)[0]
            return encoded_query(text, vector, ContentTokens(words, hidden[kept]))

        return BegunQuery(content_of(text, words), encoded)

    def content_tokens(self, texts: Sequence[str]) -> list[ContentTokens]:
        """The content words of each text. Raises EmbedderUnavailable."""
        tokens = self._pass(tokenizable(texts), tokens_of=len(texts))[1]
        return [tokens[place] for place in range(len(texts))]

    def _pass(
        self, texts: list[str], tokens_of: int = 0
    ) -> tuple[NDArray[np.float32], dict[int, ContentTokens]]:
        """float32 (n, 384), not yet of unit length, in the order of `texts`; and the
        content words of the first `tokens_of` texts."""
        vectors = np.zeros((len(texts), self.dim), dtype=np.float32)
        tokens: dict[int, ContentTokens] = {}
        if not texts:
            return vectors, tokens
        model = self._loaded()
        for places in batches(texts, model.max_seq_length or 256):
            batch = [texts[place] for place in places]
            rows = [row for row, place in enumerate(places) if place < tokens_of]
            vectors[places], found = self._forward(model, batch, rows)
            tokens.update((places[row], found[row]) for row in rows)
        return vectors, tokens

    def _forward(
        self, model: SentenceTransformer, texts: list[str], rows: Sequence[int]
    ) -> tuple[NDArray[np.float32], dict[int, ContentTokens]]:
        """The texts' vectors, and the content words of those in `rows`."""
        import torch

        # Not the library's own preprocess(): it says not where a token stands.
        tokenizer: Any = model.tokenizer
        with self._tokenizing:
            features = tokenizer(
                texts,
                padding=True,
                truncation=True,
                max_length=model.max_seq_length,
                return_tensors="pt",
            )
        # In the thread that runs it: inference_mode is set for each thread by itself.
        with torch.inference_mode():
            output = model({k: v.to(model.device) for k, v in features.items()})
            vectors = output["sentence_embedding"].float().cpu().numpy()
            hidden = output["token_embeddings"][list(rows)].float().cpu().numpy()
        tokens = {
            row: content_tokens(texts[row], features.encodings[row], states)
            for row, states in zip(rows, hidden, strict=True)
        }
        return np.asarray(vectors, dtype=np.float32), tokens

    def _loaded(self) -> SentenceTransformer:
        if self._model is None:
            with self._loading:
                if self._model is None:
                    self._model = self._open()
        return self._model

    def _open(self) -> SentenceTransformer:
        return load_model(checked_folder(self._folder), self._device)

    def _single(self) -> QueryNetwork | None:
        """The quick way for a single text; None on a device that has none."""
        model: Any = self._loaded()
        if self._network is None and model.device.type == "cpu":
            with self._loading:
                if self._network is None:
                    from index.embedder_network import QueryNetwork

                    tokenizer = model.tokenizer.backend_tokenizer
                    self._network = QueryNetwork(
                        model[0].auto_model, tokenizer, model.max_seq_length
                    )
        return self._network


def load_model(folder: Path, device: str) -> SentenceTransformer:
    """The model in a folder of weights that were checked; nothing is fetched, and no
    code of the folder's is run. Raises EmbedderUnavailable."""
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
