"""EfficientNet-Lite in plain torch, with its BatchNorm folded into the convolutions.

The network of Tan and Le, "EfficientNet: Rethinking Model Scaling for Convolutional
Neural Networks" (2019), in the Lite form of the tensorflow/tpu repository: no
squeeze-and-excitation, ReLU6 instead of swish, stem, head and the depth of the first
and last stage not scaled, TensorFlow's "SAME" padding, BatchNorm epsilon 1e-3.

This module imports torch, so only `classifier` imports it, when the model is loaded.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional

BATCH_NORM_EPSILON = 1e-3
STEM_CHANNELS = 32
HEAD_CHANNELS = 1280
CLASSES = 1000


class Stage(NamedTuple):
    """A run of like blocks, as table 1 of the paper gives them for B0."""

    repeats: int
    kernel: int
    stride: int
    expansion: int
    channels: int


STAGES = (
    Stage(1, 3, 1, 1, 16),
    Stage(2, 3, 2, 6, 24),
    Stage(2, 5, 2, 6, 40),
    Stage(3, 3, 2, 6, 80),
    Stage(3, 5, 1, 6, 112),
    Stage(4, 5, 2, 6, 192),
    Stage(1, 3, 1, 6, 320),
)


class SameConv(nn.Module):
    """A convolution whose output is ceil(input / stride) pixels wide, as TensorFlow's.

    With stride 2 and an even input the one pixel of padding goes right and below,
    which a symmetric `padding=` cannot say.
    """

    def __init__(
        self, inputs: int, outputs: int, kernel: int, stride: int = 1, groups: int = 1
    ) -> None:
        super().__init__()
        self.conv = nn.Conv2d(inputs, outputs, kernel, stride, groups=groups)
        self.kernel, self.stride = kernel, stride
        if stride == 1:
            self.conv.padding = (kernel // 2, kernel // 2)

    def forward(self, x: Tensor) -> Tensor:
        if self.stride > 1:
            down, right = (self._padding(int(n)) for n in x.shape[2:])
            x = functional.pad(
                x, (right // 2, right - right // 2, down // 2, down - down // 2)
            )
        folded: Tensor = self.conv(x)
        return folded

    def _padding(self, size: int) -> int:
        outputs = math.ceil(size / self.stride)
        return max((outputs - 1) * self.stride + self.kernel - size, 0)


class Block(nn.Module):
    """An inverted residual: widen (1×1), filter each channel (k×k), narrow (1×1)."""

    def __init__(self, inputs: int, stage: Stage, stride: int, outputs: int) -> None:
        super().__init__()
        wide = inputs * stage.expansion
        self.expand = SameConv(inputs, wide, 1) if stage.expansion > 1 else None
        self.depthwise = SameConv(wide, wide, stage.kernel, stride, groups=wide)
        self.project = SameConv(wide, outputs, 1)
        self.residual = stride == 1 and inputs == outputs

    def forward(self, x: Tensor) -> Tensor:
        wide = functional.relu6(self.expand(x)) if self.expand is not None else x
        narrow: Tensor = self.project(functional.relu6(self.depthwise(wide)))
        return narrow + x if self.residual else narrow


class EfficientNetLite(nn.Module):
    """Pictures float32 (n, 3, size, size) → logits float32 (n, 1000)."""

    def __init__(self, width: float, depth: float) -> None:
        super().__init__()
        self.stem = SameConv(3, STEM_CHANNELS, 3, stride=2)
        channels = STEM_CHANNELS
        blocks = []
        for number, stage in enumerate(STAGES):
            outputs = round_channels(stage.channels * width)
            fixed = number in (0, len(STAGES) - 1)
            repeats = stage.repeats if fixed else math.ceil(stage.repeats * depth)
            for repeat in range(repeats):
                stride = stage.stride if repeat == 0 else 1
                blocks.append(Block(channels, stage, stride, outputs))
                channels = outputs
        self.blocks = nn.Sequential(*blocks)
        self.head = SameConv(channels, HEAD_CHANNELS, 1)
        self.classify = nn.Linear(HEAD_CHANNELS, CLASSES)

    def forward(self, x: Tensor) -> Tensor:
        x = self.blocks(functional.relu6(self.stem(x)))
        x = functional.relu6(self.head(x)).mean((2, 3))
        logits: Tensor = self.classify(x)
        return logits


def round_channels(channels: float) -> int:
    """To the nearest multiple of 8, but never down by more than a tenth."""
    rounded = max(8, int(channels + 4) // 8 * 8)
    return rounded + 8 if rounded < 0.9 * channels else rounded


def load_folded(model: EfficientNetLite, checkpoint: Mapping[str, Tensor]) -> None:
    """Copy a checkpoint with BatchNorms into a network that has none.

    The checkpoint names its tensors as the EfficientNet-Lite-PyTorch project does
    (`_blocks.3._depthwise_conv.weight`). A BatchNorm behind a convolution is a scale
    and a shift for each output channel, so it becomes part of weight and bias.

    Raises KeyError or RuntimeError if a tensor is missing or of the wrong shape.
    """
    _fold(model.stem, checkpoint, "_conv_stem", "_bn0")
    for number, block in enumerate(model.blocks):
        assert isinstance(block, Block)
        at = f"_blocks.{number}."
        if block.expand is not None:
            _fold(block.expand, checkpoint, f"{at}_expand_conv", f"{at}_bn0")
        _fold(block.depthwise, checkpoint, f"{at}_depthwise_conv", f"{at}_bn1")
        _fold(block.project, checkpoint, f"{at}_project_conv", f"{at}_bn2")
    _fold(model.head, checkpoint, "_conv_head", "_bn1")
    model.classify.load_state_dict(
        {"weight": checkpoint["_fc.weight"], "bias": checkpoint["_fc.bias"]}
    )


def _fold(
    layer: SameConv, checkpoint: Mapping[str, Tensor], conv: str, norm: str
) -> None:
    variance = checkpoint[f"{norm}.running_var"]
    scale = checkpoint[f"{norm}.weight"] / torch.sqrt(variance + BATCH_NORM_EPSILON)
    shift = checkpoint[f"{norm}.bias"] - checkpoint[f"{norm}.running_mean"] * scale
    weight = checkpoint[f"{conv}.weight"] * scale[:, None, None, None]
    layer.conv.load_state_dict({"weight": weight, "bias": shift})
