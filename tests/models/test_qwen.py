"""The real Qwen3-VL classes in INT4: loading, keeping, batching, failing."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import threading
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from album.captioners import checkpoint, generation
from album.captioners.base import Subject
from album.captioners.generation import RawAnswer
from album.captioners.opening import Loaded
from album.captioners.processor import MAX_ASPECT, token_count, within_aspect
from album.captioners.qwen import Question, QwenCaptioner
from album.errors import CaptionError, ModelError, ModelUnavailable
from album.photo import Photo, WrittenCaption

pytestmark = pytest.mark.model

SIZES = [
    (200, 100),
    (640, 480),
    (300, 300),
    (32, 32),
    (480, 640),
    (90, 400),
    (1600, 5),
    (1, 1),
]
DEMO = Path(__file__).parents[2] / "demo" / "model"


def subject(picture: Image.Image) -> Subject:
    when = datetime(2024, 5, 1, tzinfo=UTC)
    photo = Photo(
        id=1, content_hash="00", path=Path("a.jpg"), folder="", name="a.jpg",
        size_bytes=1, format="JPEG", width=picture.width, height=picture.height,
        orientation=1, taken_at=None, sort_at=when, added_at=when, camera=None,
        lens=None, latitude=None, longitude=None, place=None, description=None,
        keywords=(), colour=0, colours=(), brightness=0.5, missing=False, caption=None,
    )  # fmt: skip
    return Subject(photo, picture)


@pytest.fixture(scope="module")
def subjects() -> list[Subject]:
    """Eight pictures of different sizes, with a 320:1 strip and a single pixel."""
    rng = np.random.default_rng(0)
    pictures = []
    for width, height in SIZES:
        blocks = rng.integers(0, 255, (height // 8 + 1, width // 8 + 1, 3), np.uint8)
        pictures.append(Image.fromarray(blocks).resize((width, height)))
    return [subject(picture) for picture in pictures]


def make(model: Path | str, cache: Path, **options: object) -> QwenCaptioner:
    chosen = {"max_new_tokens": 8, "batch_size": 8, "offline": True, **options}
    return QwenCaptioner(str(model), cache, device="cpu", **chosen)


def said(answers: Sequence[WrittenCaption | CaptionError]) -> list[str]:
    return [
        answer.text if isinstance(answer, WrittenCaption) else answer.reason
        for answer in answers
    ]


@pytest.fixture(scope="module")
def ready(tiny_model: Path, tmp_path_factory: pytest.TempPathFactory) -> QwenCaptioner:
    """A captioner on a cache of its own, for tests that only ask it."""
    return make(tiny_model, tmp_path_factory.mktemp("ready"))


@pytest.fixture(scope="module")
def answers(ready: QwenCaptioner, subjects: list[Subject]) -> list[str]:
    """What the tiny model says in one batch. Not all the same, or nothing is shown."""
    texts = said(ready.caption(subjects))
    assert len(set(texts)) >= 4
    return texts


def test_only_the_text_layers_are_four_bit(
    ready: QwenCaptioner, answers: list[str]
) -> None:
    from bitsandbytes.nn import Linear4bit

    model = ready._loaded.model  # type: ignore[union-attr]
    four_bit = [n for n, m in model.named_modules() if isinstance(m, Linear4bit)]
    assert len(four_bit) == 14  # two layers of q, k, v, o, gate, up, down
    assert all(name.startswith("model.language_model.layers") for name in four_bit)
    assert not isinstance(model.lm_head, Linear4bit)
    assert model.lm_head.weight is model.model.language_model.embed_tokens.weight


def test_what_is_kept_is_nf4_with_double_quantisation(
    ready: QwenCaptioner, answers: list[str]
) -> None:
    from safetensors import safe_open

    (home,) = ready._cache.iterdir()
    with safe_open(home / "model.safetensors", "pt") as tensors:
        names = list(tensors.keys())
    assert sum(name.endswith("weight.nested_absmax") for name in names) == 14
    assert sum("bitsandbytes__nf4" in name for name in names) == 14
    assert not any("visual" in name and "absmax" in name for name in names)
    assert "lm_head.weight" not in names  # tied: the embedding is kept once


def test_info_says_what_is_loaded(ready: QwenCaptioner, answers: list[str]) -> None:
    info = ready.info()
    assert info["loaded"] is True
    assert (info["device"], info["dtype"]) == ("cpu", "bfloat16")
    assert 100_000 < info["footprint"] < 1_000_000
    assert "INT4" in info["quantisation"]
    json.dumps(info)


def test_one_by_one_is_the_same_as_a_batch_in_order(
    ready: QwenCaptioner, subjects: list[Subject], answers: list[str]
) -> None:
    assert [said(ready.caption([one]))[0] for one in subjects] == answers
    assert said(ready.caption(subjects[::-1])) == answers[::-1]
    assert ready.caption([]) == []


def test_the_model_is_told_where_the_picture_is(
    ready: QwenCaptioner,
    subjects: list[Subject],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Without mm_token_type_ids patches are placed as words are, without any error."""
    loaded = ready._load()
    given: dict[str, object] = {}
    generate = loaded.model.generate
    monkeypatch.setattr(
        loaded.model, "generate", lambda **i: given.update(i) or generate(**i)
    )
    ready.caption(subjects[:1])
    kinds = given["mm_token_type_ids"]
    assert kinds.sum() == token_count(loaded.processor, subjects[0].picture)


def test_an_answer_knows_whether_it_was_cut(
    ready: QwenCaptioner,
    subjects: list[Subject],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """With a word as the end of an answer that only some of them say."""
    loaded = ready._load()
    pictures = [within_aspect(one.picture) for one in subjects]
    texts = ["What is it?"] * len(pictures)
    whole = generation.generate(loaded.model, loaded.processor, pictures, texts)
    said = [set(answer.text.split()) for answer in whole]
    word = min(set.union(*said) - set.intersection(*said))
    end = loaded.processor.tokenizer.convert_tokens_to_ids(word)
    monkeypatch.setattr(loaded.model.generation_config, "eos_token_id", [2, end])
    raw = generation.generate(loaded.model, loaded.processor, pictures, texts)
    assert {answer.capped for answer in raw} == {True, False}
    limit = loaded.model.generation_config.max_new_tokens
    for answer in raw:
        words = answer.text.split()
        assert answer.capped != (bool(words) and words[-1] == word)
        # The model of noise also says special tokens, which are no words.
        assert len(words) <= answer.tokens <= limit
        assert not answer.capped or answer.tokens == limit


@pytest.mark.parametrize(
    ("sampled", "own", "used"),
    [(True, 1.0, 1.05), (True, 1.2, 1.2), (False, 1.0, 1.0), (False, 1.1, 1.1)],
)
def test_only_a_model_made_for_sampling_is_kept_from_repeating(
    sampled: bool, own: float, used: float
) -> None:
    from transformers import GenerationConfig

    class Model:
        generation_config = GenerationConfig(
            do_sample=sampled, repetition_penalty=own, eos_token_id=2
        )

    model = Model()
    generation.make_greedy(model, 7)
    config = model.generation_config
    assert (config.do_sample, config.repetition_penalty) == (False, used)
    assert (config.max_new_tokens, config.eos_token_id) == (7, 2)


def test_small_batches_give_the_same(
    tiny_model: Path, tmp_path: Path, subjects: list[Subject], answers: list[str]
) -> None:
    sizes: list[int] = []

    class Counting(QwenCaptioner):
        def _generate(
            self, loaded: Loaded, questions: Sequence[Question]
        ) -> list[RawAnswer]:
            counts = [token_count(loaded.processor, q.picture) for q in questions]
            assert counts == sorted(counts)
            sizes.append(len(questions))
            return super()._generate(loaded, questions)

    captioner = Counting(
        str(tiny_model), tmp_path, device="cpu", max_new_tokens=8, batch_size=3
    )
    assert said(captioner.caption(subjects)) == answers
    assert sizes == [3, 3, 2]


def test_visual_tokens_are_bounded(
    tiny_model: Path, tmp_path: Path, subjects: list[Subject]
) -> None:
    """By the setting, and by the checkpoint's own limit of 48 (see tiny.py)."""
    for wanted, most in ((20, 20), (300, 48)):
        captioner = make(tiny_model, tmp_path, visual_tokens=wanted)
        loaded = captioner._load()
        counts = [
            token_count(loaded.processor, within_aspect(one.picture))
            for one in subjects
            if min(one.picture.size) > 50
        ]
        assert most / 2 < max(counts) <= most


@pytest.mark.parametrize("size", [(1600, 5), (5, 1600), (300, 1), (1, 1)])
def test_strips_are_padded_and_nothing_is_cut(size: tuple[int, int]) -> None:
    padded = within_aspect(Image.new("RGB", size, (255, 0, 0)))
    assert max(padded.size) / min(padded.size) <= MAX_ASPECT
    assert np.all(np.asarray(padded) == (255, 0, 0), axis=2).sum() == size[0] * size[1]


def test_the_second_start_loads_what_was_saved(
    tiny_model: Path, tmp_path: Path, subjects: list[Subject], answers: list[str]
) -> None:
    source, cache = tmp_path / "source", tmp_path / "cache"
    shutil.copytree(tiny_model, source)
    first = make(source, cache)
    assert said(first.caption(subjects)) == answers
    assert first.info()["from_saved_int4"] is False
    second = make(source, cache)
    assert said(second.caption(subjects)) == answers
    assert second.info()["from_saved_int4"] is True
    shutil.rmtree(source)  # the 16-bit weights are not needed any more
    third = make(source, cache)
    assert said(third.caption(subjects)) == answers
    assert third.info()["from_saved_int4"] is True


@pytest.mark.parametrize("damage", ["flipped", "cut", "gone", "no record"])
def test_a_damaged_checkpoint_is_made_again(
    tiny_model: Path,
    tmp_path: Path,
    subjects: list[Subject],
    answers: list[str],
    damage: str,
) -> None:
    make(tiny_model, tmp_path)._load()
    (home,) = tmp_path.iterdir()
    weights = home / "model.safetensors"
    content = bytearray(weights.read_bytes())
    if damage == "flipped":
        content[-1000] ^= 1
        weights.write_bytes(content)
    elif damage == "cut":
        weights.write_bytes(content[:-1000])
    elif damage == "gone":
        weights.unlink()
    else:
        (home / checkpoint.RECORD).unlink()
    again = make(tiny_model, tmp_path)
    assert said(again.caption(subjects[:3])) == answers[:3]
    assert again.info()["from_saved_int4"] is False
    last = make(tiny_model, tmp_path)
    last._load()
    assert last.info()["from_saved_int4"] is True


def test_an_unfinished_save_is_not_taken_and_goes(
    tiny_model: Path, tmp_path: Path
) -> None:
    make(tiny_model, tmp_path)._load()
    (home,) = tmp_path.iterdir()
    partial = home.rename(tmp_path / f".{home.name}.partial")
    captioner = make(tiny_model, tmp_path)
    captioner._load()
    assert captioner.info()["from_saved_int4"] is False
    assert home.is_dir()
    assert not partial.exists()


def test_other_weights_replace_the_saved_ones(tiny_model: Path, tmp_path: Path) -> None:
    source, cache = tmp_path / "source", tmp_path / "cache"
    shutil.copytree(tiny_model, source)
    make(source, cache)._load()
    (before,) = cache.iterdir()
    shutil.copyfile(source / "config.json", source / "notes.json")
    captioner = make(source, cache)
    captioner._load()
    assert captioner.info()["from_saved_int4"] is False
    (after,) = cache.iterdir()
    assert before != after


def test_a_cache_that_cannot_be_written_costs_only_time(
    tiny_model: Path, tmp_path: Path, subjects: list[Subject], answers: list[str]
) -> None:
    occupied = tmp_path / "cache"
    occupied.write_text("a file where the folder should be")
    captioner = make(tiny_model, occupied)
    assert said(captioner.caption(subjects[:2])) == answers[:2]


def test_unload_frees_and_the_next_caption_loads(
    ready: QwenCaptioner, subjects: list[Subject], answers: list[str]
) -> None:
    import weakref

    model = weakref.ref(ready._load().model)
    ready.unload()
    assert model() is None
    assert ready.info()["loaded"] is False
    ready.unload()
    assert said(ready.caption(subjects[:2])) == answers[:2]


def test_threads_take_turns(
    ready: QwenCaptioner, subjects: list[Subject], answers: list[str]
) -> None:
    results: dict[int, list[str]] = {}
    threads = [
        threading.Thread(
            target=lambda n=n: results.update({n: said(ready.caption(subjects[:4]))})
        )
        for n in range(3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert results == dict.fromkeys(range(3), answers[:4])


class Failing(QwenCaptioner):
    """Fails as a model does: for more than `room` pictures at once, or a given size."""

    room = 8
    odd: tuple[int, int] | None = None
    error: type[Exception] = ValueError
    calls: list[int]

    def _generate(
        self, loaded: Loaded, questions: Sequence[Question]
    ) -> list[RawAnswer]:
        import torch

        self.calls.append(len(questions))
        if len(questions) > self.room:
            raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 9 GiB")
        if any(question.picture.size == self.odd for question in questions):
            raise self.error("something about this picture")
        return super()._generate(loaded, questions)


def failing(tiny_model: Path, cache: Path) -> Failing:
    captioner = Failing(
        str(tiny_model), cache, device="cpu", max_new_tokens=8, batch_size=8
    )
    captioner.calls = []
    return captioner


def test_out_of_memory_halves_the_batch(
    tiny_model: Path, tmp_path: Path, subjects: list[Subject], answers: list[str]
) -> None:
    captioner = failing(tiny_model, tmp_path)
    captioner.room = 2
    assert said(captioner.caption(subjects)) == answers
    assert captioner.calls == [8, 4, 2, 2, 4, 2, 2]


def test_out_of_memory_for_one_picture_is_its_own_failure(
    tiny_model: Path, tmp_path: Path, subjects: list[Subject]
) -> None:
    captioner = failing(tiny_model, tmp_path)
    captioner.room = 0
    texts = said(captioner.caption(subjects[:2]))
    assert texts == ["There was not enough memory to caption this picture."] * 2


@pytest.mark.parametrize("error", [KeyError, MemoryError])
def test_one_odd_picture_costs_one_caption(
    tiny_model: Path,
    tmp_path: Path,
    subjects: list[Subject],
    answers: list[str],
    error: type[Exception],
) -> None:
    captioner = failing(tiny_model, tmp_path)
    captioner.odd, captioner.error = (300, 300), error
    results = captioner.caption(subjects)
    assert isinstance(results[2], CaptionError)
    del results[2]
    assert said(results) == answers[:2] + answers[3:]


def test_an_empty_answer_is_an_error_and_not_a_caption(
    ready: QwenCaptioner, subjects: list[Subject], answers: list[str]
) -> None:
    results = ready.caption(subjects)
    empty = [answer for answer in results if isinstance(answer, CaptionError)]
    assert empty  # the tiny model has nothing to say of the single pixel
    assert {error.reason for error in empty} == {
        "The caption model gave an empty answer."
    }


@pytest.mark.parametrize(
    ("name", "content", "word"),
    [
        ("modeling.py", b"import os", "modeling.py"),
        ("pytorch_model.bin", b"\x80\x04", "pytorch_model.bin"),
        ("weights.PT", b"", "weights.PT"),
        ("tokenizer.pkl", b"", "tokenizer.pkl"),
        ("processor_config.json", b'{"auto_map": {}}', "auto_map"),
        ("config.json", b'{"model_type": "llama"}', "llama"),
        ("config.json", b"{", "configuration"),
        ("config.json", b"[]", "configuration"),
        (
            "config.json",
            b'{"model_type": "qwen3_vl", "quantization_config": {"a": 1}}',
            "quantised already",
        ),
    ],
)
def test_a_suspicious_model_folder_is_refused(
    tiny_model: Path, tmp_path: Path, name: str, content: bytes, word: str
) -> None:
    source = tmp_path / "source"
    shutil.copytree(tiny_model, source)
    (source / name).write_bytes(content)
    captioner = make(source, tmp_path / "cache")
    with pytest.raises(ModelError, match=word):
        captioner.caption([subject(Image.new("RGB", (64, 64)))])
    assert not (tmp_path / "cache").exists()


def test_weights_that_lack_a_layer_are_refused(
    tiny_model: Path, tmp_path: Path
) -> None:
    """The library would fill the gap with random numbers."""
    source = tmp_path / "source"
    shutil.copytree(tiny_model, source)
    index = source / "model.safetensors.index.json"
    entries = json.loads(index.read_bytes())
    shards = sorted(set(entries["weight_map"].values()))
    kept = {k: v for k, v in entries["weight_map"].items() if v != shards[-1]}
    index.write_text(json.dumps({**entries, "weight_map": kept}))
    with pytest.raises(ModelError, match="lacks weights"):
        make(source, tmp_path / "cache")._load()


def test_without_weights_and_offline_it_says_what_to_do(tmp_path: Path) -> None:
    captioner = make("Someone/not-on-this-machine", tmp_path)
    with pytest.raises(ModelUnavailable, match="--captioner basic") as caught:
        captioner.caption([subject(Image.new("RGB", (8, 8)))])
    assert str(caught.value).count("\n") == 0


def test_a_gpu_that_is_not_there_is_a_clear_error(
    tiny_model: Path, tmp_path: Path
) -> None:
    import torch

    if torch.cuda.is_available():
        pytest.skip("this machine has a GPU")
    captioner = QwenCaptioner(str(tiny_model), tmp_path, device="cuda")
    with pytest.raises(ModelError, match="no GPU"):
        captioner.caption([subject(Image.new("RGB", (8, 8)))])


def test_importing_loads_no_heavy_library() -> None:
    code = (
        "import sys, album.captioners.qwen as q, pathlib; "
        "c = q.QwenCaptioner('a/b', pathlib.Path('x')); c.info(); c.unload(); "
        "heavy = {'torch', 'transformers', 'bitsandbytes', 'huggingface_hub', 'PIL'}; "
        "sys.exit(','.join(heavy & set(sys.modules)) or 0)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> QwenCaptioner:
    """The trained demo checkpoint, through the same door as the released model."""
    if not (DEMO / "config.json").is_file():
        pytest.skip("demo/model is not here")
    return make(DEMO, tmp_path_factory.mktemp("demo"), name="demo", max_new_tokens=40)


def test_the_demo_model_says_what_is_drawn(demo: QwenCaptioner) -> None:
    """In INT4, on scenes it was not trained on, with the application's own prompt."""
    from demo.evaluate import unseen

    scenes = unseen(24, seed=7)
    texts = said(demo.caption([subject(picture) for _, picture in scenes]))
    wrong = [
        (text, scene.caption)
        for text, (scene, _) in zip(texts, scenes, strict=True)
        if text != scene.caption
    ]
    assert len(wrong) <= 3, wrong


def test_the_demo_model_says_the_same_one_by_one(demo: QwenCaptioner) -> None:
    from demo.evaluate import unseen

    pictures = [subject(picture) for _, picture in unseen(8, seed=8)]
    together = said(demo.caption(pictures))
    assert [said(demo.caption([one]))[0] for one in pictures] == together
    assert len(set(together)) > 4
