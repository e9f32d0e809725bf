"""What every captioner is: a name, a model, and `caption`, which takes a batch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from album.errors import CaptionError
from album.photo import Author, Photo, WrittenCaption

if TYPE_CHECKING:
    from PIL.Image import Image


@dataclass(frozen=True, slots=True)
class Subject:
    """One picture to be captioned: what the album knows of it, and how it looks.

    `picture` is RGB and upright, at most 1600 px on its longest side.
    """

    photo: Photo
    picture: Image


class Captioner(Protocol):
    """Writes captions. Loads its model at the first call, and can give it back.

    `author` is what the catalogue calls it, with its model and its question.
    `batch_size` is how many pictures it wants at a time; it may change once the model
    is loaded.
    """

    author: Author
    batch_size: int

    def caption(
        self, subjects: Sequence[Subject]
    ) -> list[WrittenCaption | CaptionError]:
        """One answer for each subject, in the same order.

        A picture that cannot be captioned is answered by a CaptionError in its place;
        raises ModelError only when the model cannot be used at all.
        """
        ...

    def unload(self) -> None:
        """Give the model's memory back; the next `caption` loads it again."""
        ...

    def close(self) -> None:
        """End at once, for good; a `caption` under way may raise ModelError."""
        ...
