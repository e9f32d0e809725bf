"""Other ways to compute a 4-bit linear layer, and attention, on a CPU.

This module imports torch, so only `kernel` imports it, when a model is loaded. It uses
functions of bitsandbytes that are not meant for others: whoever builds these layers
must be ready for any error, and must compare their results before trusting them.
"""

from __future__ import annotations

import copy
from importlib import import_module
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

ATTENTION = "album_per_head"
"""The name under which transformers knows `per_head_attention`."""

_QUERY_ROWS = 1024  # a head's scores: 2 MB in bfloat16, about a core's own cache


class HybridLinear(nn.Module):
    """A Linear4bit that dequantises for many rows and uses the 4-bit kernel for few.

    Many rows are limited by arithmetic, where a matrix product in bfloat16 is fastest,
    and dequantising is soon paid. Few are limited by reading the weights, of which the
    packed kernel reads a quarter. It wants them in an order of its own: this second
    copy is made when first needed. The first one stays where it was, usually in the
    mapped file, which the system can drop and read again.
    """

    weight: Tensor
    bias: Tensor | None

    def __init__(self, layer: Any, packed_rows: int) -> None:
        super().__init__()
        self._functional: Any = import_module("bitsandbytes.functional")
        self._state = layer.weight.quant_state
        self._packed: tuple[Tensor, Any] | None = None
        self.packed_rows = packed_rows
        self.register_buffer("weight", layer.weight.data)
        self.register_buffer("bias", layer.bias)

    def forward(self, x: Tensor) -> Tensor:
        """`x` is bfloat16 (…, in), the result bfloat16 (…, out)."""
        if x.numel() // x.shape[-1] > self.packed_rows:
            return functional.linear(x, self.dense(), self.bias)
        codes, state = self._pack()
        product: Tensor = self._functional.gemv_4bit(x.contiguous(), codes, state=state)
        return product if self.bias is None else product + self.bias

    def dense(self) -> Tensor:
        """The weights in bfloat16, (out, in)."""
        weights: Tensor = self._functional.dequantize_4bit(self.weight, self._state)
        return weights.to(torch.bfloat16)

    def _pack(self) -> tuple[Tensor, Any]:
        if self._packed is None:
            # bitsandbytes turns the state it is given into that of the packed weights.
            state = copy.deepcopy(self._state)
            self._packed = self._functional._convert_weight_packed_for_cpu(
                self.weight, state
            )
        return self._packed


def dense_linear(layer: Any) -> nn.Linear:
    """The layer in bfloat16: four times the memory, and no dequantising ever again."""
    weights = HybridLinear(layer, 0).dense()
    linear = nn.Linear(
        weights.shape[1], weights.shape[0], layer.bias is not None, device="meta"
    )
    linear.weight = nn.Parameter(weights, requires_grad=False)
    if layer.bias is not None:
        bias = layer.bias.data.to(torch.bfloat16)
        linear.bias = nn.Parameter(bias, requires_grad=False)
    return linear


def per_head_attention(
    module: nn.Module,
    query: Tensor,
    key: Tensor,
    value: Tensor,
    attention_mask: Tensor | None,
    scaling: float | None = None,
    **_options: Any,
) -> tuple[Tensor, None]:
    """Attention without a mask, one head after the other, each by plain products.

    Shapes as in transformers: (batch, heads, length, width) in, (batch, length, heads,
    width) out. On a CPU without AMX, torch's fused attention in bfloat16 does not use
    the processor's bfloat16 products: 46 ms for 16 heads of 1024 × 64 on one core of
    an EPYC 9005, against 18 ms so.
    """
    if attention_mask is not None:
        raise ValueError("this attention knows no mask")
    query = query * (query.shape[-1] ** -0.5 if scaling is None else scaling)
    batch, heads, length, _ = query.shape
    result = query.new_empty(batch, length, heads, value.shape[-1])
    for picture in range(batch):
        for head in range(heads):
            keys = key[picture, head].transpose(0, 1)
            for start in range(0, length, _QUERY_ROWS):
                rows = slice(start, start + _QUERY_ROWS)
                scores = torch.mm(query[picture, head, rows], keys)
                weights = torch.softmax(scores, dim=-1)
                result[picture, rows, head] = torch.mm(weights, value[picture, head])
    return result, None
