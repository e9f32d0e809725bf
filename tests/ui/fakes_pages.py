"""What the views "Indexing" and "Settings" ask: a standing that says what it is told,
and the real choices over facts in memory."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from album.standing import Counts, Engine, FolderStanding, Standing
from cli.choosing import SettingChoices, choices_of, with_choices
from settings import Settings, load

STANDING = Standing(
    Counts(
        waiting=1_240, read=98_760, failed=2, missing=17, photos=98_500,
        captioned=98_500, embedded=98_412, texts=98_500,
    ),
    (
        FolderStanding(Path("/srv/photos/Family"), "folder", None, 81_204, 1_240, 2),
        FolderStanding(
            Path("/media/disk/Archive"), "folder", "2026-11-20T08:00:00+00:00", 18_730,
            0, 0,
        ),
        FolderStanding(Path("/srv/album/uploads"), "uploads", None, 66, 0, 0),
    ),
    (
        Engine(
            "captions", "qwen", "Qwen/Qwen3-VL-2B-Instruct", True,
            "INT4 (nf4, double)", "cpu", "hybrid: 4-bit kernel up to 64 rows",
            seconds=8.4, threads=2, hours="22:00-07:00",
        ),
        Engine(
            "guesses", "basic", "efficientnet_lite2", False, seconds=0.11,
            built_in=True,
        ),
        Engine("search", "", "all-MiniLM-L6-v2", device="cpu", built_in=True),
    ),
    {
        "catalogue": 412_000_000, "thumbnails": 3_810_000_000, "uploads": 230_000_000,
        "index": 154_000_000, "models": 2_210_000_000,
    },
    datetime(2026, 11, 21, 9, 12, tzinfo=UTC),
    15,
)  # fmt: skip


@dataclass
class FakeSurvey:
    """Says what it is told to say."""

    standing: Standing = STANDING

    def look(self) -> Standing:
        return self.standing


@dataclass
class FakeFacts:
    """Facts in memory."""

    kept: dict[str, str] = field(default_factory=dict)

    def get(self, name: str, /) -> str | None:
        return self.kept.get(name)

    def set(self, name: str, value: str | None, /) -> None:
        if value is None:
            self.kept.pop(name, None)
        else:
            self.kept[name] = value


def make_choices(
    facts: FakeFacts,
    given: dict[str, str] | None = None,
    followed: list[Settings] | None = None,
) -> SettingChoices:
    """The choices of an album started with these flags; `followed` gets the settings
    of each change that is used at once."""
    settings = with_choices(load(given or {}, {}), facts)
    heard: list[Settings] = [] if followed is None else followed
    return SettingChoices(settings, choices_of(facts), heard.append)
