"""What the album and the caption model's own process say to each other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PIL import Image

from album.captioners.base import Captioner, Subject
from album.errors import CaptionError
from album.photo import Photo, WrittenCaption

Factory = Callable[[], Captioner]
"""Makes the captioner; picklable, such as a `partial` of a captioner's class."""

Answer = WrittenCaption | CaptionError


@dataclass(frozen=True, slots=True)
class PackedSubject:
    """A Subject on its way through the pipe. `pixels` are RGB, `size` is (w, h)."""

    photo: Photo
    size: tuple[int, int]
    pixels: bytes

    @classmethod
    def pack(cls, subject: Subject) -> PackedSubject:
        """For sending."""
        picture = subject.picture.convert("RGB")
        return cls(subject.photo, picture.size, picture.tobytes())

    def unpack(self) -> Subject:
        """After receiving."""
        return Subject(self.photo, Image.frombytes("RGB", self.size, self.pixels))


@dataclass(frozen=True, slots=True)
class Start:
    """The first message to the child: make the captioner and load its model."""

    factory: Factory
    timeout_s: float


@dataclass(frozen=True, slots=True)
class Batch:
    """Every further message to the child: caption these."""

    subjects: tuple[PackedSubject, ...]
    timeout_s: float


@dataclass(frozen=True, slots=True)
class Started:
    """The model is loaded; `info` is what the captioner says of itself."""

    info: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Answers:
    """One answer for each subject of a batch, in the same order."""

    answers: tuple[Answer, ...]


@dataclass(frozen=True, slots=True)
class Refusal:
    """The model cannot be used at all: a ModelError in words."""

    text: str
    unavailable: bool
