"""What several tests of the album use."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from album.decoder import Decoder


@pytest.fixture(scope="session")
def decoder() -> Iterator[Decoder]:
    """One real decoding process; starting it for each test would cost 0.5 s."""
    with Decoder(workers=1) as one:
        yield one
