"""How a model on a CPU computes: tried, chosen, remembered, right, and given up."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from album.captioners import checkpoint, kernel, kernel_choice
from album.captioners.generation import generate, make_greedy
from album.captioners.kernel_choice import (
    BF16,
    BITSANDBYTES,
    HYBRID,
    PER_HEAD,
    SDPA,
    KernelChoice,
    Trial,
    choose,
    remembered_choice,
    remembered_trial,
)
from album.captioners.processor import load_processor

pytestmark = pytest.mark.model

DEMO = Path(__file__).parents[2] / "demo" / "model"
TRIAL = Trial({BITSANDBYTES: 4.0, HYBRID: 3.0, BF16: 3.5}, {SDPA: 2.0}, 64, 1000)


@pytest.fixture(scope="module")
def saved(tiny_model: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tiny model as a saved INT4 checkpoint."""
    model = checkpoint.load_model(tiny_model, "cpu", quantise=True)
    cache = tmp_path_factory.mktemp("kernel")
    return checkpoint.save_checkpoint(model, "tiny", tiny_model, cache)


@pytest.fixture
def model(saved: Path) -> Any:
    """Freshly loaded: a first forward, or another kernel, changes a model for good."""
    return checkpoint.load_model(saved, "cpu")


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    """The trained demo model in INT4, and what it says in the libraries' own way."""
    if not (DEMO / "config.json").is_file():
        pytest.skip("demo/model is not here")
    model = checkpoint.load_model(DEMO, "cpu", quantise=True)
    cache = tmp_path_factory.mktemp("demo")
    folder = checkpoint.save_checkpoint(model, "demo", DEMO, cache)
    return folder, said(model, folder, scenes(), new_tokens=30)


@pytest.fixture(scope="module")
def layer() -> Any:
    """A Linear4bit of 256 × 512 with a bias, never used before."""
    import torch
    from bitsandbytes.nn import Linear4bit

    torch.manual_seed(0)
    layer = Linear4bit(512, 256, compute_dtype=torch.bfloat16, quant_type="nf4")
    layer.bias = torch.nn.Parameter(torch.randn(256), requires_grad=False)
    return layer.to(torch.bfloat16).to("cpu").eval()


def choice(linear: str, packed_rows: int = 16) -> KernelChoice:
    return KernelChoice(linear, PER_HEAD, packed_rows, {linear: 1.0})


def scenes() -> list[Image.Image]:
    """Pictures that the demo model was made to describe."""
    from demo.evaluate import unseen

    return [picture for _, picture in unseen(8, seed=9)]


def pictures() -> list[Image.Image]:
    rng = np.random.default_rng(3)
    return [
        Image.fromarray(rng.integers(0, 255, (9, 9, 3), np.uint8)).resize(size)
        for size in [(200, 100), (300, 300), (90, 400), (480, 640)] * 2
    ]


def said(
    model: Any, folder: Path, asked: Sequence[Image.Image], new_tokens: int = 8
) -> list[str]:
    make_greedy(model, new_tokens)
    processor = load_processor(folder, 48)
    answers = generate(model, processor, asked, ["a dog on the beach"] * len(asked))
    return [answer.text for answer in answers]


@pytest.mark.parametrize("rows", [1, 4, 16, 17, 300])
@pytest.mark.parametrize("packed_rows", [0, 16, 1000])
def test_the_hybrid_agrees_with_the_dequantised_weights(
    layer: Any, rows: int, packed_rows: int
) -> None:
    """Within 1 % (‖difference‖ / ‖result‖), and 0.3 % where nothing is packed."""
    import torch
    from bitsandbytes.functional import dequantize_4bit, has_avx512bf16

    from album.captioners.kernel_layers import HybridLinear

    if rows <= packed_rows and not has_avx512bf16():
        pytest.skip("bitsandbytes has no packed kernel for this processor")
    x = torch.randn(2, rows, 512).to(torch.bfloat16)
    weights = dequantize_4bit(layer.weight.data, layer.weight.quant_state)
    wanted = x.float() @ weights.float().T + layer.bias.float()
    before = layer.weight.data.clone()
    hybrid = HybridLinear(layer, packed_rows)
    off = float((hybrid(x).float() - wanted).norm() / wanted.norm())
    assert hybrid(x).shape == (2, rows, 256)
    assert off < (0.01 if 2 * rows <= packed_rows else 0.003)
    assert torch.equal(layer.weight.data, before)  # the layer it came from still works


def test_attention_head_by_head_is_attention() -> None:
    import torch
    from torch.nn.functional import scaled_dot_product_attention as fused

    from album.captioners.kernel_layers import per_head_attention

    for length in (5, 1024, 1500):
        query, key, value = (
            torch.randn(1, length, 3, 16).to(torch.bfloat16).transpose(1, 2)
            for _ in range(3)
        )
        got, _ = per_head_attention(torch.nn.Identity(), query, key, value, None)
        wanted = fused(query.float(), key.float(), value.float()).transpose(1, 2)
        assert got.shape == wanted.shape == (1, length, 3, 16)
        assert float((got.float() - wanted).norm() / wanted.norm()) < 0.01


@pytest.mark.parametrize(
    ("linear", "packed_rows"), [(HYBRID, 8), (HYBRID, 100_000), (BF16, 0)]
)
def test_a_trained_model_says_the_same_in_every_way(
    demo: tuple[Path, list[str]], linear: str, packed_rows: int
) -> None:
    """As with the libraries' own kernel, alone and in a batch. 8 rows are passed by a
    picture's prompt, and not by the words of the eight answers. (A model of random
    weights hovers between words, and any rounding decides.)"""
    from bitsandbytes.functional import has_avx512bf16

    if linear == HYBRID and not has_avx512bf16():
        pytest.skip("bitsandbytes has no packed kernel for this processor")
    folder, own = demo
    model = checkpoint.load_model(folder, "cpu")
    kernel.install(model, choice(linear, packed_rows))
    assert kernel.four_bit_layers(model) == {}
    assert said(model, folder, scenes(), new_tokens=30) == own
    assert [said(model, folder, [one], 30)[0] for one in scenes()] == own
    assert len(set(own)) > 4


def test_a_choice_is_made_and_remembered(
    model: Any, saved: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert remembered_choice(tmp_path) is None
    words = kernel.fit_kernel(model, tmp_path, "cpu", smallest=0)
    made = remembered_choice(tmp_path)
    assert made is not None
    assert str(made) == words
    assert BITSANDBYTES in made.seconds
    assert all(0 < seconds < 60 for seconds in made.seconds.values())
    assert made.linear in (BITSANDBYTES, HYBRID, BF16)
    assert len(kernel.four_bit_layers(model)) in (0, 14)
    assert len(said(model, saved, pictures()[:2])) == 2

    def tried(*_: object) -> Trial:
        raise AssertionError("the self-test was repeated")

    monkeypatch.setattr(kernel, "_try_out", tried)
    again = checkpoint.load_model(saved, "cpu")
    assert kernel.fit_kernel(again, tmp_path, "cpu", smallest=0) == words


def test_the_self_test_leaves_the_model_as_it_was(model: Any) -> None:
    """Its 4-bit weights in particular: used once, they would be in another order."""
    import torch

    from album.captioners import kernel_trial

    layers = kernel.four_bit_layers(model)
    before = {name: layer.weight.data.clone() for name, layer in layers.items()}
    trial = kernel_trial.try_out(list(layers.values()), model.config.vision_config)
    assert next(iter(trial.linear)) == BITSANDBYTES  # which wins a draw
    assert BF16 in trial.linear
    for name, layer in layers.items():
        assert torch.equal(layer.weight.data, before[name])
        assert not getattr(layer.weight.quant_state, "packing_format_for_cpu", False)


def test_another_machine_or_version_is_tried_anew(tmp_path: Path) -> None:
    key = {"cpu": "A", "threads": 4, "shapes": [[1, 2]]}
    kernel_choice.remember(tmp_path, key, TRIAL, choose(TRIAL, None))
    assert remembered_trial(tmp_path, key) == TRIAL
    assert remembered_trial(tmp_path, {**key, "threads": 8}) is None
    assert remembered_trial(tmp_path, {**key, "torch": "9"}) is None
    assert [path.name for path in tmp_path.iterdir()] == [kernel_choice.FILE]


@pytest.mark.parametrize(
    "content", ["", "{", "[]", "{}", '{"key": {}, "trial": {}, "choice": {"x": 1}}']
)
def test_a_damaged_record_is_no_record(tmp_path: Path, content: str) -> None:
    (tmp_path / kernel_choice.FILE).write_text(content)
    assert remembered_choice(tmp_path) is None
    assert remembered_trial(tmp_path, {}) is None


def test_a_cache_that_cannot_be_written_costs_only_time(tmp_path: Path) -> None:
    occupied = tmp_path / "cache"
    occupied.write_text("a file where the folder should be")
    kernel_choice.remember(occupied, {}, TRIAL, choose(TRIAL, None))
    assert remembered_choice(occupied) is None


@pytest.mark.parametrize(
    ("linear", "free", "chosen"),
    [
        ({BITSANDBYTES: 4.0, HYBRID: 3.0, BF16: 2.9}, 10**9, HYBRID),
        ({BITSANDBYTES: 4.0, HYBRID: 3.9}, None, BITSANDBYTES),  # noise
        ({BITSANDBYTES: 4.0, BF16: 1.0}, 10**9, BF16),
        ({BITSANDBYTES: 4.0, BF16: 1.0}, 1999, BITSANDBYTES),  # too little memory
        ({BITSANDBYTES: 4.0, BF16: 1.0}, None, BITSANDBYTES),
        ({HYBRID: 4.0, BF16: 3.0}, 10**9, HYBRID),  # not worth the memory
        ({BF16: 3.0}, 10**9, BF16),
        ({}, 10**9, BITSANDBYTES),
    ],
)
def test_what_is_clearly_cheapest_and_fits_is_chosen(
    linear: dict[str, float], free: int | None, chosen: str
) -> None:
    made = choose(Trial(linear, {SDPA: 2.0, PER_HEAD: 1.0}, 64, 1000), free)
    assert (made.linear, made.attention) == (chosen, PER_HEAD)
    assert choose(Trial(linear, {SDPA: 2.0}, 64, 1000), free).attention == SDPA


def test_the_choice_is_said_in_words() -> None:
    words = str(choose(TRIAL, None))
    assert "hybrid" in words
    assert "up to 64 rows" in words
    assert "bitsandbytes 4" in words


@pytest.fixture
def without_private_functions(monkeypatch: pytest.MonkeyPatch) -> None:
    """As with a bitsandbytes that has moved them."""
    import bitsandbytes.functional

    name = "_convert_weight_packed_for_cpu"
    monkeypatch.delattr(bitsandbytes.functional, name)


@pytest.mark.usefixtures("without_private_functions")
def test_another_bitsandbytes_keeps_its_own_way(
    model: Any, saved: Path, tmp_path: Path
) -> None:
    kernel.fit_kernel(model, tmp_path, "cpu", smallest=0)
    made = remembered_choice(tmp_path)
    assert made is not None
    assert HYBRID not in made.seconds
    assert BITSANDBYTES in made.seconds
    assert len(said(model, saved, pictures()[:2])) == 2


def test_a_kernel_that_is_wrong_is_left_out(
    model: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    from album.captioners import kernel_layers, kernel_trial

    dense = kernel_layers.dense_linear

    def wrong(layer: Any) -> Any:
        linear = dense(layer)
        linear.weight.data *= 1.02
        return linear

    monkeypatch.setattr(kernel_trial, "dense_linear", wrong)
    layers = list(kernel.four_bit_layers(model).values())
    with caplog.at_level(logging.WARNING):
        trial = kernel_trial.try_out(layers, model.config.vision_config)
    assert BF16 not in trial.linear
    assert BITSANDBYTES in trial.linear
    assert "Kernel bf16 is wrong here" in caplog.text


def test_a_self_test_that_fails_changes_nothing(
    model: Any, saved: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> Trial:
        raise RuntimeError("no such instruction")

    monkeypatch.setattr(kernel, "_try_out", fail)
    words = kernel.fit_kernel(model, tmp_path, "cpu", smallest=0)
    assert words.startswith("bitsandbytes, CPU")
    assert len(kernel.four_bit_layers(model)) == 14
    assert remembered_choice(tmp_path) is None


def test_a_small_model_is_not_tried(model: Any, tmp_path: Path) -> None:
    assert kernel.fit_kernel(model, tmp_path, "cpu").startswith("bitsandbytes, CPU")
    assert list(tmp_path.iterdir()) == []
    assert kernel.fit_kernel(model, tmp_path, "cuda:0") == "bitsandbytes, GPU"


def test_what_was_exchanged_goes_with_the_model(saved: Path) -> None:
    import gc
    import weakref

    model = checkpoint.load_model(saved, "cpu")
    kernel.install(model, choice(BF16))
    said(model, saved, pictures()[:1])
    layer = weakref.ref(model.model.language_model.layers[0].mlp.gate_proj)
    assert layer() is not None
    del model
    gc.collect()
    assert layer() is None


def test_status_reads_the_choice_without_torch(tmp_path: Path) -> None:
    kernel_choice.remember(tmp_path, {}, TRIAL, choose(TRIAL, None))
    code = (
        "import sys, pathlib; "
        "from album.captioners.kernel_choice import remembered_choice; "
        "print(remembered_choice(pathlib.Path(sys.argv[1])).linear); "
        "sys.exit('torch' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout.strip()) == (0, HYBRID)
    json.loads((tmp_path / kernel_choice.FILE).read_bytes())
