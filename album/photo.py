"""The value objects of the album: what is known of a picture, and what was said of it.

Frozen, without behaviour that touches files, and importing nothing but the standard
library, so that every room may pass them around.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

PERSON = "person"
"""The captioner's name of a caption that a person wrote; it wins over every model."""
BASIC = "basic"
"""That of a basic caption: what the file says, and one subject that was recognised."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What the album reads from one file, by decoding it once.

    `width` and `height` are in pixels as a person sees the picture, that is after the
    EXIF orientation (1..8, 1 = upright) has been applied. `taken_at` is the wall-clock
    time where the picture was taken, aware only if the file says its zone. `colour` is
    the average colour as 0xRRGGBB; `colours` are the names of the dominant colours,
    strongest first; `brightness` is the mean luma from 0 (black) to 1 (white).
    `thumbnail` (longest side ≤ 480 px) and `view` (≤ 1600 px) are WebP bytes without
    metadata.
    """

    format: str
    width: int
    height: int
    orientation: int = 1
    taken_at: datetime | None = None
    camera: str | None = None
    lens: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    place: str | None = None
    description: str | None = None
    keywords: tuple[str, ...] = ()
    colour: int = 0x808080
    colours: tuple[str, ...] = ()
    brightness: float = 0.5
    thumbnail: bytes = field(default=b"", repr=False)
    view: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class Author:
    """Who writes captions, and asked what: two captions of a photo by equal authors
    are the same piece of work, and by different ones the older is stale.

    `captioner` is "person" or a captioner's name ("qwen", "basic", …), `model` the
    model id (empty for a person), `prompt_version` the version of the question, and
    `prompt_variant` how its wording was set: language and context, "" as it comes.
    """

    captioner: str
    model: str = ""
    prompt_version: int = 0
    prompt_variant: str = ""


@dataclass(frozen=True, slots=True)
class Provenance:
    """How one caption came to be, as far as it is known.

    `revision` of the model's weights, `quantisation` as they were in memory, `tokens`
    the number that were generated, `seconds` this picture's share of its batch (of a
    server: from the question to the answer).
    """

    revision: str = ""
    quantisation: str = ""
    tokens: int | None = None
    seconds: float | None = None


@dataclass(frozen=True, slots=True)
class WrittenCaption:
    """What a captioner says of one picture, before the catalogue keeps it.

    `text` is the caption itself, `tags` are short lower-case words, `read_text` is
    text that can be read in the picture.
    """

    text: str
    tags: tuple[str, ...] = ()
    read_text: str = ""
    provenance: Provenance = Provenance()


@dataclass(frozen=True, slots=True)
class Caption:
    """A caption as the catalogue keeps it, with who wrote it, how and when (UTC).

    `stale` says that a person asked for another: it is shown until that is there.
    """

    id: int
    photo_id: int
    text: str
    tags: tuple[str, ...]
    read_text: str
    author: Author
    written_at: datetime
    provenance: Provenance = Provenance()
    stale: bool = False

    @property
    def captioner(self) -> str:
        """The author's name."""
        return self.author.captioner


@dataclass(frozen=True, slots=True)
class Photo:
    """One picture that the album knows. Two files with the same bytes are one photo.

    `path` is its original (the first file present), never written by us; `folder` and
    `name` are for showing (undecodable bytes as \\xNN). `sort_at` orders the timeline:
    `taken_at`, or the file's modification time when the file does not say.
    `favourite_since` says when (UTC) a person made it a favourite; None: it is none.
    `removed_at` says when (UTC) a person took it out of the album; None: it is in it.
    """

    id: int
    content_hash: str
    path: Path
    folder: str
    name: str
    size_bytes: int
    format: str
    width: int
    height: int
    orientation: int
    taken_at: datetime | None
    sort_at: datetime
    added_at: datetime
    camera: str | None
    lens: str | None
    latitude: float | None
    longitude: float | None
    place: str | None
    description: str | None
    keywords: tuple[str, ...]
    colour: int
    colours: tuple[str, ...]
    brightness: float
    missing: bool
    caption: Caption | None
    favourite_since: datetime | None = None
    removed_at: datetime | None = None
