"""A tiny Qwen3-VL with random weights, made once for all tests of this folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.models.tiny import write_tiny


@pytest.fixture(scope="session")
def tiny_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An ordinary 16-bit model folder in several shards; copy it before changing it."""
    folder = tmp_path_factory.mktemp("tiny") / "model"
    return write_tiny(folder, max_shard_size="100KB")
