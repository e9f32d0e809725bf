"""What every test may use: an isolated environment, and real photos if present."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
os.environ["OMP_WAIT_POLICY"] = "PASSIVE"

REPOSITORY = Path(__file__).parent.parent


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """A developer's own ALBUM_… variables never reach a test."""
    for name in [name for name in os.environ if name.startswith("ALBUM_")]:
        monkeypatch.delenv(name)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Real photos and damaged files that live beside the repository, not in it."""
    folder = REPOSITORY.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip(
            f"the real photos are not at {folder.relative_to(folder.parents[2])}"
        )
    return folder


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Iterator[None]:
    """Under CI a skipped browser or model test is a failure: none passes unseen."""
    outcome = yield
    report = outcome.get_result()  # type: ignore[attr-defined]
    must_run = any(item.get_closest_marker(name) for name in ("browser", "model"))
    if os.environ.get("CI") == "true" and report.skipped and must_run:
        report.outcome = "failed"
        report.longrepr = f"skipped under CI: {report.longrepr}"
