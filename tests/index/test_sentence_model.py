"""Another text model: a tiny one, loaded as any sentence-transformers model is."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from album.captioners.fetch import WeightsFetch
from album.captioners.hub import download_size, fetch_weights
from album.captioners.weights import find_weights
from album.errors import ModelUnavailable
from index.embedder import MiniLMEmbedder
from index.errors import EmbedderUnavailable, EmbeddingError
from index.parts import CaptionParts
from index.sentence_folder import SENTENCE_MODEL, describe, wanted
from index.sentence_model import SentenceModel
from index.text_model import OWN, TextModels
from index.token_vectors import basis_for
from tests.album.test_weights import MODEL, Hub, server
from tests.index.tiny_text_model import make_text_model

__all__ = ["server"]  # a fixture

TEXTS = ["A dog runs. The cat sleeps.", "one", "", "A red bus in the city at sunset."]
E5 = {"query": "query: ", "passage": "passage: "}


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    place = tmp_path_factory.mktemp("models")
    return {
        "plain": make_text_model(place / "plain", seed=1),
        "other": make_text_model(place / "other", seed=2),
        "wide": make_text_model(place / "wide", seed=1, width=96),
        "e5": make_text_model(place / "e5", seed=1, prompts=E5),
    }


def opened(folder: Path) -> SentenceModel:
    _, embedder = TextModels(folder.parent).open(str(folder))
    assert isinstance(embedder, SentenceModel)
    return embedder


@pytest.mark.parametrize(("name", "width"), [("plain", 32), ("wide", 96)])
def test_vectors_are_those_of_the_library(
    folders: dict[str, Path], name: str, width: int
) -> None:
    from sentence_transformers import SentenceTransformer

    model = opened(folders[name])
    reference = SentenceTransformer(str(folders[name]), device="cpu")
    vectors, parts = model.embed_with_parts(TEXTS)
    assert model.dim == width
    assert np.abs(vectors - reference.encode(TEXTS)).max() < 1e-5
    assert np.abs(model.embed(TEXTS) - vectors).max() < 1e-6
    assert [len(each.sentences) for each in parts] == [2, 1, 0, 1]
    for each in parts:
        again = CaptionParts.unpack(each.pack(), width)
        assert again.sentence_vectors.shape == (len(each.sentences), width)
        assert again.token_codes.shape == (len(each.words), 64)
    query = model.embed_query("a dog at sunset")
    assert [query.text[b:e] for b, e in query.words] == ["dog", "sunset"]
    assert np.abs(query.vector - reference.encode(["a dog at sunset"])[0]).max() < 1e-5
    assert np.abs(np.linalg.norm(query.token_vectors, axis=1) - 1).max() < 1e-5


def test_a_model_that_wants_words_in_front_gets_them(folders: dict[str, Path]) -> None:
    from sentence_transformers import SentenceTransformer

    model, reference = (
        opened(folders["e5"]),
        SentenceTransformer(str(folders["plain"]), device="cpu"),
    )
    query = model.embed_query("The dog")
    assert np.abs(query.vector - reference.encode(["query: The dog"])[0]).max() < 1e-5
    assert [query.text[b:e] for b, e in query.words] == ["dog"]
    begun = model.begin_query("The dog")
    assert begun.content == "dog"
    assert np.array_equal(begun.encoded().vector, query.vector)
    vectors, [parts] = model.embed_with_parts(["A cat sleeps. A dog runs."])
    expected = reference.encode(
        ["passage: A cat sleeps. A dog runs.", "passage: A cat sleeps."]
    )
    assert np.abs(vectors[0] - expected[0]).max() < 1e-5
    assert np.abs(parts.sentence_vectors[0] - expected[1]).max() < 1e-3
    text = "A cat sleeps. A dog runs."
    assert [text[b:e] for b, e in parts.words] == ["cat", "sleeps", "dog", "runs"]


def test_other_weights_or_words_in_front_are_another_model(
    folders: dict[str, Path], tmp_path: Path
) -> None:
    names = {opened(folder).name for folder in folders.values()}
    assert len(names) == 4
    copy = tmp_path / "copy"
    shutil.copytree(folders["plain"], copy)
    (copy / "README.md").write_text("other words about it")
    assert describe(copy).digest == describe(folders["plain"]).digest
    known, _ = TextModels(tmp_path).open(str(folders["plain"]))
    moved, embedder = TextModels(tmp_path).open(str(copy), [known])
    assert (moved.name, embedder.name) == (known.name, known.name)
    assert moved.source == str(copy)
    assert {known.index_file, OWN.index_file} == {
        "index.faiss",
        f"index-{known.name[-12:]}.faiss",
    }


def test_files_that_change_after_the_start_are_not_loaded(
    folders: dict[str, Path], tmp_path: Path
) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(folders["plain"], copy)
    model = opened(copy)
    shutil.copy(folders["other"] / "model.safetensors", copy)
    with pytest.raises(EmbedderUnavailable, match="has changed"):
        model.load()


def broken(folder: Path, damage: str) -> None:
    modules = json.loads((folder / "modules.json").read_text())
    weights = folder / "model.safetensors"
    if damage == "code":
        (folder / "config.json").write_text(
            json.dumps(
                json.loads((folder / "config.json").read_text())
                | {"auto_map": {"AutoModel": "evil.Model"}}
            )
        )
    elif damage == "foreign class":
        modules[1]["type"] = "os.system"
    elif damage == "path":
        modules[1]["path"] = "../1_Pooling"
    elif damage == "no pooling":
        modules = modules[:1]
    elif damage == "cut":
        weights.write_bytes(weights.read_bytes()[:-9])
    elif damage == "pickled":
        weights.rename(folder / "pytorch_model.bin")
    elif damage == "no words":
        (folder / "tokenizer.json").unlink()
    (folder / "modules.json").write_text(json.dumps(modules))


@pytest.mark.parametrize(
    "damage",
    ["code", "foreign class", "path", "no pooling", "cut", "pickled", "no words"],
)
def test_what_is_not_safe_or_whole_is_refused(
    folders: dict[str, Path], tmp_path: Path, damage: str
) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(folders["plain"], copy)
    broken(copy, damage)
    with pytest.raises(EmbedderUnavailable):
        TextModels(tmp_path).open(str(copy))


def test_a_model_that_is_not_here_is_said_to_be(tmp_path: Path) -> None:
    models = TextModels(tmp_path)
    for source in ("/nowhere/at/all", "owner/not-fetched"):
        with pytest.raises(EmbedderUnavailable, match="is not here"):
            models.open(source)
    assert not models.is_fetched("owner/not-fetched")
    assert models.is_fetched("/nowhere/at/all")  # nothing could be fetched
    for own in ("all-MiniLM-L6-v2", "sentence-transformers/all-MiniLM-L6-v2"):
        model, embedder = models.open(own)
        assert (model, type(embedder)) == (OWN, MiniLMEmbedder)


def test_of_the_hubs_copy_only_the_model_itself_is_wanted() -> None:
    kept = (
        "modules.json", "config.json", "model.safetensors", "1_Pooling/config.json",
        "2_Dense/model.safetensors", "sentencepiece.bpe.model", "tokenizer.json",
        "model-00001-of-00002.safetensors",
    )  # fmt: skip
    left = (
        "pytorch_model.bin", "onnx/model.onnx", "openvino/openvino_model.xml",
        "model.py", "tf_model.h5", "2_Dense/pytorch_model.bin", "../config.json",
        "1_Pooling/../../config.json", "1_a/b/config.json", "/config.json",
    )  # fmt: skip
    assert [name for name in kept if not wanted(name)] == []
    assert [name for name in left if wanted(name)] == []


def test_what_was_fetched_is_found_and_used(
    folders: dict[str, Path], tmp_path: Path
) -> None:
    fetched = tmp_path / "weights" / "owner--tiny" / "0123456789ab"
    shutil.copytree(folders["plain"], fetched)
    assert find_weights("owner/tiny", tmp_path, SENTENCE_MODEL) == fetched
    assert find_weights("owner/tiny", tmp_path) is None  # it is no Qwen
    model, embedder = TextModels(tmp_path).open("owner/tiny")
    assert (model.shown, model.source) == ("owner/tiny", "owner/tiny")
    assert embedder.embed(["a dog"]).shape == (1, 32)


def test_it_is_fetched_from_a_hub_as_qwen_is(
    folders: dict[str, Path],
    tmp_path: Path,
    server: Hub,
) -> None:
    """Folders within it too, no pickles; broken off once, it goes on."""
    files = {
        path.relative_to(folders["e5"]).as_posix(): path.read_bytes()
        for path in folders["e5"].rglob("*")
        if path.is_file()
    }
    server.files = files | {"pytorch_model.bin": b"x", "onnx/model.onnx": b"y"}
    server.served = dict(server.files)
    server.break_after = [1000]
    path = fetch_weights(
        MODEL,
        tmp_path,
        lambda done, total: None,
        lambda: False,
        SENTENCE_MODEL,
        endpoint=server.url,
    )
    assert describe(path).digest == describe(folders["e5"]).digest
    brought = {p.relative_to(path).as_posix() for p in path.rglob("*") if p.is_file()}
    assert brought == set(files) - {"README.md"}
    assert ("model.safetensors", 1000) in server.asked
    model, _ = TextModels(tmp_path).open(MODEL)
    assert model.shown == MODEL


def test_without_a_hub_it_is_said_what_to_do(tmp_path: Path, server: Hub) -> None:
    server.portal = True
    with pytest.raises(ModelUnavailable, match="with --text-model"):
        download_size(MODEL, SENTENCE_MODEL, endpoint=server.url)
    fetch = WeightsFetch(MODEL, tmp_path, offline=True, kind=SENTENCE_MODEL)
    fetch.start()
    assert "pass the folder with --text-model" in (fetch.notice() or "")


def test_a_vector_without_direction_is_refused(
    folders: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    model = opened(folders["plain"])
    monkeypatch.setattr(
        model, "_pass", lambda texts, tokens_of=0: (np.zeros((1, 32), np.float32), {})
    )
    with pytest.raises(EmbeddingError):
        model.embed(["a dog"])


def test_directions_of_chance_are_the_same_ones_every_time() -> None:
    basis = basis_for(384)
    product = basis.T @ basis
    assert np.abs(product - np.eye(64)).max() < 1e-5
    # As made by numpy 2.4 on Linux: kept codes are compared with these.
    assert basis.shape == (384, 64)
    assert basis_for(32).shape == (32, 64)
    states = np.eye(32, dtype=np.float32)
    assert np.abs(states @ basis_for(32) - np.eye(32, 64)).max() == 0
    expected = [-0.0878519, -0.0297577, -0.0288907]
    assert basis[0, :3].tolist() == pytest.approx(expected, abs=1e-6)
