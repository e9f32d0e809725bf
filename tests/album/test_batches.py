"""How many pictures a GPU captions at once: a function of its free memory."""

from __future__ import annotations

import pytest

from album.captioners.batches import MOST, batch_that_fits, bytes_of_a_picture

GB = 10**9


def test_a_picture_takes_at_least_its_keys_and_values() -> None:
    """114,688 bytes a token in the 2B model."""
    assert bytes_of_a_picture(300, 256) > (300 + 256) * 114_688


@pytest.mark.parametrize("free", [-GB, 0, GB // 2, 5 * GB, 140 * GB, 10**15])
def test_the_batch_is_bounded(free: int) -> None:
    assert 1 <= batch_that_fits(free, 300, 256) <= MOST == 64


def test_usual_cards_get_sensible_batches() -> None:
    """What is left beside the 2.2 GB of the model and 0.5 GB of the driver."""
    assert 8 <= batch_that_fits(3_300_000_000, 300, 256) <= 16  # of 6 GB
    assert 16 <= batch_that_fits(5_300_000_000, 300, 256) <= 32  # of 8 GB
    assert batch_that_fits(21 * GB, 300, 256) == MOST  # of 24 GB


def test_more_memory_never_means_a_smaller_batch_nor_more_tokens_a_larger() -> None:
    sizes = [batch_that_fits(free * GB, 300, 256) for free in range(20)]
    assert sizes == sorted(sizes)
    assert len(set(sizes)) > 10
    by_tokens = [batch_that_fits(8 * GB, tokens, 256) for tokens in range(64, 2000, 64)]
    assert by_tokens == sorted(by_tokens, reverse=True)
    assert batch_that_fits(8 * GB, 300, 64) > batch_that_fits(8 * GB, 300, 512)


def test_the_whole_batch_fits_into_what_is_free() -> None:
    for free in range(GB, 12 * GB, GB // 3):
        size = batch_that_fits(free, 300, 256)
        assert size == 1 or size * bytes_of_a_picture(300, 256) < free
