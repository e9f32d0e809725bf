"""The self-test: a model's own layers for some seconds, in every way there is.

This module imports torch, so only `kernel` imports it, when a model is loaded.
"""

from __future__ import annotations

import copy
import logging
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

from album.captioners.kernel_choice import (
    BF16,
    BITSANDBYTES,
    HYBRID,
    PER_HEAD,
    SDPA,
    Trial,
)
from album.captioners.kernel_layers import (
    HybridLinear,
    dense_linear,
    per_head_attention,
)

logger = logging.getLogger(__name__)

Way = Callable[[Tensor], Tensor]

MAX_DIFFERENCE = 0.01
"""Of ‖result − reference‖ / ‖reference‖, the reference being the dequantised weights in
float32. bfloat16 alone is at 0.0017; the packed kernel, which also rounds the scales of
the 4-bit blocks to bfloat16, at 0.0029; NF4 itself is 0.09 away from the 16-bit
weights (measured with normal random numbers)."""

PROMPT_ROWS = 512  # 300 visual tokens and a question of about 200, in tokens
ANSWER_TOKENS = 110  # a caption of 80 words
BATCH = 4
_ROWS = (8, 16, 32, 64, 128, 256)  # where the hybrid may change from one to the other
_PATCHES = 1024  # of a picture of 256 visual tokens
_REPEATS = 5
_PATIENCE_S = (
    0.4  # of processor time for one measurement, then it is not repeated any more
)
_FLUSH_BYTES = 128 << 20  # more than most last-level caches


def try_out(layers: Sequence[Any], vision: Any) -> Trial:
    """Measure on a model's Linear4bit layers (left as they are) and on attention in the
    shape of its vision config. A way that fails or disagrees is left out."""
    shapes: dict[tuple[int, int], list[Any]] = {}
    for layer in layers:
        shapes.setdefault((layer.out_features, layer.in_features), []).append(layer)
    with torch.inference_mode(), _one_thread():
        ways = _agreeing([same[0] for same in shapes.values()])
        seconds = dict.fromkeys(ways, 0.0)
        for number, same in enumerate(shapes.values()):
            for name, of_shapes in ways.items():
                cost = _seconds_of_a_caption(of_shapes[number], same[0].in_features)
                seconds[name] += cost * len(same)
        attention = _try_attention(vision.num_heads, vision.hidden_size)
        largest = max(shapes, key=lambda shape: shape[0] * shape[1])
        rows = _packed_rows(shapes[largest][0]) if HYBRID in ways else 0
    return Trial(
        linear=seconds,
        attention=attention,
        packed_rows=rows,
        bf16_bytes=sum(2 * la.out_features * la.in_features for la in layers),
    )


def _agreeing(layers: Sequence[Any]) -> dict[str, list[Way]]:
    """name → one way for each layer, of those whose results are right."""
    makers: dict[str, Callable[[Any], Way]] = {
        # A copy, since its first use changes the order of its weights for good.
        BITSANDBYTES: copy.deepcopy,
        # Between the two numbers of rows that are timed.
        HYBRID: lambda layer: HybridLinear(layer, BATCH),
        BF16: dense_linear,
    }
    agreeing = {}
    for name, make in makers.items():
        try:
            ways = [make(layer) for layer in layers]
            worst = max(map(_difference, layers, ways))
        except Exception as error:  # noqa: BLE001 - private functions of a library
            logger.info("Kernel %s does not work here: %r", name, error)
            continue
        if worst <= MAX_DIFFERENCE:
            agreeing[name] = ways
        else:
            logger.warning("Kernel %s is wrong here, by %.3f: unused", name, worst)
    return agreeing


def _difference(layer: Any, way: Way) -> float:
    """The worse of few and many rows, against the dequantised weights in float32."""
    weights = HybridLinear(layer, 0).dense().float()
    bias = None if layer.bias is None else layer.bias.float()
    worst = 0.0
    for rows in (BATCH, 4 * BATCH):
        x = _random(rows, layer.in_features)
        wanted = functional.linear(x.float(), weights, bias)
        off = (way(x).float() - wanted).norm() / wanted.norm()
        # NaN compares as false and must not pass.
        worst = max(worst, float(off) if bool(off.isfinite()) else float("inf"))
    return worst


def _seconds_of_a_caption(way: Way, width: int) -> float:
    prompt, step = _random(PROMPT_ROWS, width), _random(BATCH, width)
    steps = core_seconds_of(lambda: way(step), cold=True) / BATCH * ANSWER_TOKENS
    return core_seconds_of(lambda: way(prompt)) + steps


def _packed_rows(layer: Any) -> int:
    """The most rows, of _ROWS, at which the packed kernel is still the faster one."""
    packed, dense = HybridLinear(layer, _ROWS[-1]), HybridLinear(layer, 0)
    best = BATCH
    for rows in _ROWS:
        x = _random(rows, layer.in_features)
        if core_seconds_of(partial(dense, x)) < core_seconds_of(partial(packed, x)):
            break
        best = rows
    return best


def _try_attention(heads: int, width: int) -> dict[str, float]:
    """Core-seconds of one layer's attention among the patches of one picture."""
    query, key, value = (
        _random(_PATCHES, width).view(1, _PATCHES, heads, -1).transpose(1, 2)
        for _ in range(3)
    )
    fused = functional.scaled_dot_product_attention
    seconds = {SDPA: core_seconds_of(lambda: fused(query, key, value))}
    module = torch.nn.Identity()
    wanted = fused(query.float(), key.float(), value.float()).transpose(1, 2)
    ours, _ = per_head_attention(module, query, key, value, None)
    if float((ours.float() - wanted).norm() / wanted.norm()) <= MAX_DIFFERENCE:
        seconds[PER_HEAD] = core_seconds_of(
            lambda: per_head_attention(module, query, key, value, None)
        )
    return seconds


def core_seconds_of(act: Callable[[], object], *, cold: bool = False) -> float:
    """The least of a few runs, after one to warm up; `cold`: with the processor's
    caches emptied before each, as when a model's other layers came between.

    Processor time and not time: a machine that is busy with something else at this
    moment, or has a thread waiting for another, would choose wrongly and for long.
    """
    act()
    flush = torch.zeros(_FLUSH_BYTES, dtype=torch.uint8) if cold else None
    best = spent = 0.0
    for _ in range(_REPEATS):
        if flush is not None:
            flush.add_(1)
        start = time.process_time()
        act()
        cost = time.process_time() - start
        best = min(best or cost, cost)
        spent += cost
        if spent > _PATIENCE_S:
            break
    return best


@contextmanager
def _one_thread() -> Iterator[None]:
    """Of torch; bitsandbytes has its own count, and processor time counts them all."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(threads)


def _random(rows: int, width: int) -> Tensor:
    generator = torch.Generator().manual_seed(rows)
    return torch.randn(rows, width, generator=generator).to(torch.bfloat16)
