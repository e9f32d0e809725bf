"""Real captions and people's short sentences for the same photos, in two halves."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from index.content_words import is_content


@dataclass(frozen=True, slots=True)
class Captions:
    """A gallery of long machine captions, and short human sentences for some of them.

    `captions[:described]` are of photos that people described; the others only make
    the gallery larger. `sentences[i]` is about `captions[owners[i]]`. Constants may be
    tuned on the photos with an even place, results are reported on those with an odd.
    """

    captions: list[str]
    described: int
    sentences: list[str]
    owners: list[int]

    @property
    def not_reported(self) -> list[int]:
        """The captions that constants may be made from."""
        return [
            place
            for place in range(len(self.captions))
            if place >= self.described or not reported(place)
        ]


def reported(place: int) -> bool:
    """Whether the photo at `place` belongs to the half that results are reported on."""
    return place % 2 == 1


def read(shared: Path) -> Captions:
    """All of it, in the order of the files."""
    folder = shared / "captions"
    described = [
        row for row in _rows(folder / "short_to_long.jsonl") if row.get("gpt4o_long")
    ]
    others = [row["long"] for row in _rows(folder / "long_distractors.jsonl")]
    pairs = [
        (sentence.strip(), place)
        for place, row in enumerate(described)
        for sentence in row["human_short"]
    ]
    return Captions(
        captions=[row["gpt4o_long"] for row in described] + others,
        described=len(described),
        sentences=[sentence for sentence, _ in pairs],
        owners=[place for _, place in pairs],
    )


def keywords(sentence: str) -> str:
    """The first three content words: "A dog runs on wet sand" → "dog runs wet"."""
    words = [word.strip(".,;:!?\"'()") for word in sentence.split()]
    return " ".join([word for word in words if is_content(word)][:3])


def _rows(path: Path) -> list[dict]:  # type: ignore[type-arg]
    return [json.loads(line) for line in path.read_text("utf-8").split("\n") if line]
