"""The real MiniLM against known answers."""

from __future__ import annotations

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from index.embedder import MiniLMEmbedder, unit_length
from index.errors import EmbedderUnavailable, EmbeddingError


@pytest.fixture(scope="module")
def minilm() -> MiniLMEmbedder:
    embedder = MiniLMEmbedder()
    embedder.load()
    return embedder


TEXTS = [
    "a dog runs along a beach",
    "a puppy plays in the sand by the sea",
    "a plate of pasta on a wooden table",
]


def test_known_texts_have_known_nearness(minilm: MiniLMEmbedder) -> None:
    vectors = minilm.embed(TEXTS)
    assert vectors.dtype == np.float32
    assert vectors.shape == (3, minilm.dim)
    cosines = vectors @ vectors.T
    assert cosines[0, 1] > cosines[0, 2] > cosines[1, 2]
    # By sentence-transformers 6.2.0's own encode() with torch 2.13.0.
    expected = [0.61905, 0.03575, 0.02852]
    assert [cosines[0, 1], cosines[0, 2], cosines[1, 2]] == pytest.approx(
        expected, abs=1e-4
    )


def test_company_in_a_batch_changes_nothing(minilm: MiniLMEmbedder) -> None:
    texts = [" ".join(TEXTS * n) for n in range(12)] + TEXTS
    together = minilm.embed(texts)
    alone = np.concatenate([minilm.embed([text]) for text in texts])
    assert np.abs(together - alone).max() < 1e-6
    assert np.abs(np.linalg.norm(together, axis=1) - 1).max() < 1e-6


def test_any_text_has_a_vector(minilm: MiniLMEmbedder) -> None:
    odd = ["", " ", "\x00", "half an emoji \ud83d", "語" * 1000, "word " * 5000]
    assert np.isfinite(minilm.embed(odd)).all()
    assert minilm.embed([]).shape == (0, 384)


def test_threads_do_not_disturb_each_other(minilm: MiniLMEmbedder) -> None:
    expected = minilm.embed(TEXTS)
    wrong: list[str] = []

    def work() -> None:
        try:
            for size in (1, 2, 3) * 4:
                got = minilm.embed(TEXTS[:size])
                if np.abs(got - expected[:size]).max() > 1e-6:
                    wrong.append("another vector")
        except Exception as error:  # noqa: BLE001  (a thread's error must be seen)
            wrong.append(repr(error))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_altered_or_absent_weights_are_refused(tmp_path: Path) -> None:
    with pytest.raises(EmbedderUnavailable, match="cannot be read"):
        MiniLMEmbedder(tmp_path).load()
    (tmp_path / "model.safetensors").write_bytes(b"other weights")
    with pytest.raises(EmbedderUnavailable, match="not the released ones"):
        MiniLMEmbedder(tmp_path).embed(["a dog"])


@pytest.mark.parametrize("bad", [np.nan, np.inf, 0.0])
def test_vectors_without_direction_are_refused(bad: float) -> None:
    rows = np.ones((2, 3), np.float32)
    rows[1] = bad
    with pytest.raises(EmbeddingError):
        unit_length(rows, 3)
    with pytest.raises(EmbeddingError):
        unit_length(np.ones((2, 4), np.float32), 3)


def test_parts_come_with_the_same_vectors(minilm: MiniLMEmbedder) -> None:
    texts = ["A dog runs. It is wet.", "one sentence", "", "Third. Fourth. Fifth."]
    vectors, parts = minilm.embed_with_parts(texts)
    assert np.abs(vectors - minilm.embed(texts)).max() < 1e-6
    for text, each in zip(texts, parts, strict=True):
        own = [text[begin:end] for begin, end in each.sentences]
        expected = minilm.embed(own).astype(np.float16)
        assert np.abs(each.sentence_vectors - expected).max(initial=0) < 1e-3
    assert [len(each.sentences) for each in parts] == [2, 1, 0, 3]
    assert [texts[0][b:e] for b, e in parts[0].words] == ["dog", "runs", "wet"]
    vectors, parts = minilm.embed_with_parts([])
    assert vectors.shape == (0, 384)
    assert parts == []


def test_a_query_is_encoded_with_its_content_words(minilm: MiniLMEmbedder) -> None:
    query = minilm.embed_query("a photo of the Golden Gate Bridge at snowboarding")
    assert query.vector @ minilm.embed([query.text])[0] > 0.9999
    words = [query.text[begin:end] for begin, end in query.words]
    assert list(dict.fromkeys(words)) == ["Golden", "Gate", "Bridge", "snowboarding"]
    assert query.token_vectors.shape == (len(words), 64)
    assert np.abs(np.linalg.norm(query.token_vectors, axis=1) - 1).max() < 1e-5
    assert query.weights.sum() == pytest.approx(1, abs=1e-5)


def test_the_words_of_a_query_are_known_before_its_vectors(
    minilm: MiniLMEmbedder,
) -> None:
    for text in [*TEXTS, "", "who is it"]:
        begun, query = minilm.begin_query(text), minilm.embed_query(text)
        assert begun.content == query.content
        assert begun.content.split() == [text[slice(*span)] for span in query.words]
        assert np.array_equal(begun.encoded().vector, query.vector)
        assert np.array_equal(begun.encoded().token_vectors, query.token_vectors)


def test_the_quick_way_of_a_query_agrees_with_the_library(
    minilm: MiniLMEmbedder,
) -> None:
    from index.embedder_network import QueryNetwork

    model: Any = minilm._loaded()
    tokenizer = model.tokenizer.backend_tokenizer
    network = QueryNetwork(model[0].auto_model, tokenizer, 256)
    for text in [*_sentences(), *TEXTS, "", "語" * 40, "word " * 300]:
        expected = model.encode(text, output_value=None, convert_to_numpy=False)
        states = expected["token_embeddings"].numpy()
        _, hidden = network.encode(text)
        assert hidden.shape == states.shape
        assert _cosines(hidden, states).min() > 0.9999
        whole = expected["sentence_embedding"].numpy()[None]
        assert _cosines(hidden.mean(axis=0)[None], whole)[0] > 0.9999


def _sentences() -> list[str]:
    """What people wrote of every fifth photo; nothing where that is absent."""
    path = Path(__file__).parents[3] / "shared/data/captions/short_to_long.jsonl"
    if not path.exists():
        return []
    rows = map(json.loads, path.read_text("utf-8").splitlines())
    return [row["human_short"][0] for row in rows][::5]


def _cosines(
    ours: NDArray[np.float32], theirs: NDArray[np.float32]
) -> NDArray[np.float32]:
    """float32 (n,) of each row with the same row of the other."""
    lengths = np.linalg.norm(ours, axis=1) * np.linalg.norm(theirs, axis=1)
    return np.asarray((ours * theirs).sum(axis=1) / lengths, dtype=np.float32)


def test_queries_in_threads_are_as_alone(minilm: MiniLMEmbedder) -> None:
    import torch

    usual = torch.get_num_threads()
    expected = [minilm.embed_query(text) for text in TEXTS]
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(minilm.embed_query, TEXTS * 8))
        # Other threads still share their work among the cores.
        assert set(threads.map(lambda _: torch.get_num_threads(), range(8))) == {usual}
    for query, alone in zip(found, expected * 8, strict=True):
        assert np.array_equal(query.vector, alone.vector)
        assert np.array_equal(query.token_vectors, alone.token_vectors)


def test_a_query_of_stop_words_keeps_them(minilm: MiniLMEmbedder) -> None:
    assert len(minilm.embed_query("who is it").words) == 3
    assert minilm.embed_query("").words == ()


def test_an_altered_or_absent_basis_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from index import token_vectors

    token_vectors.basis.cache_clear()
    monkeypatch.setattr(token_vectors, "BASIS_PATH", tmp_path / "basis.npy")
    with pytest.raises(EmbedderUnavailable, match="cannot be read"):
        token_vectors.basis()
    (tmp_path / "basis.npy").write_bytes(b"other numbers")
    with pytest.raises(EmbedderUnavailable, match="is not the one"):
        token_vectors.basis()
    token_vectors.basis.cache_clear()
