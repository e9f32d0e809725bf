"""A small album with real stages around a small fake captioner."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from PIL import Image

from album.attention import Attention
from album.captioners.base import Captioner, Subject
from album.captioning import CaptioningStage
from album.captioning_ahead import PicturesAhead
from album.catalogue import Catalogue
from album.decoder import Decoder
from album.errors import CaptionError, ModelUnavailable
from album.hours import Hours
from album.indexer import Indexer
from album.library import Library
from album.photo import Author, WrittenCaption
from album.places import Places
from album.reading import ReadingStage
from album.scanner import Scanner
from album.stage import Stage
from album.thumbnails import Thumbnails
from album.uploads import Uploads


class FakeCaptioner:
    """Says the size of each picture; can be told to fail."""

    author = Author("fake", "fake-1", 1)
    batch_size = 2

    def __init__(self) -> None:
        self.seen: list[int] = []
        self.sizes: list[tuple[int, int]] = []
        self.fail_on: set[int] = set()
        self.unavailable = False
        self.unloaded = 0
        self.act: Callable[[], None] = lambda: None

    def caption(
        self, subjects: Sequence[Subject]
    ) -> list[WrittenCaption | CaptionError]:
        if self.unavailable:
            raise ModelUnavailable("There are no weights.")
        self.act()
        self.seen.extend(s.photo.id for s in subjects)
        self.sizes.extend(s.picture.size for s in subjects)
        return [
            CaptionError("It made no sense.")
            if s.photo.id in self.fail_on
            else WrittenCaption(f"a picture {s.picture.width} wide")
            for s in subjects
        ]

    def unload(self) -> None:
        self.unloaded += 1

    def close(self) -> None: ...


class House:
    """An indexer over five drawn pictures."""

    def __init__(
        self,
        folder: Path,
        decoder: Decoder,
        captioner: Captioner | None = None,
        max_pixels: int | None = None,
    ) -> None:
        self.pictures = folder / "pictures"
        self.pictures.mkdir()
        for number in range(5):
            self.draw(f"{number}.png", 40 + number)
        catalogue = Catalogue(folder / "data")
        catalogue.roots.add(self.pictures)
        self._furnish(folder, catalogue, decoder, captioner, max_pixels)

    @classmethod
    def on(
        cls,
        folder: Path,
        catalogue: Catalogue,
        decoder: Decoder,
        captioner: Captioner | None = None,
    ) -> House:
        """The same house again, after a restart of the program."""
        made = cls.__new__(cls)
        made.pictures = folder / "pictures"
        made._furnish(folder, catalogue, decoder, captioner, None)
        return made

    def _furnish(
        self,
        folder: Path,
        catalogue: Catalogue,
        decoder: Decoder,
        captioner: Captioner | None,
        max_pixels: int | None,
    ) -> None:
        self.max_pixels = max_pixels
        self.catalogue = catalogue
        self.fake = FakeCaptioner()
        self.captioner = captioner or self.fake
        thumbnails = Thumbnails(folder / "data" / "thumbnails")
        uploads = Uploads(self.catalogue, folder / "data/uploads", max_bytes=10**6)
        self.library = Library(self.catalogue, thumbnails, decoder, uploads)
        self.stages: list[Stage] = [
            ReadingStage(self.catalogue, decoder, thumbnails, Places(), batch_size=2),
        ]
        self.attention = Attention()
        self.hours: Hours | None = None
        self.now = datetime(2026, 11, 21, 12, 0)
        self.indexer = self.new_indexer()

    def new_indexer(self) -> Indexer:
        """With a captioning stage of its own, since a closed one stays closed."""
        self.captioning = CaptioningStage(
            self.catalogue,
            self.captioner,
            PicturesAhead(
                self.library.thumbnail_of, size="thumbnail", max_pixels=self.max_pixels
            ),
            first=self.attention.ids,
            hours=self.hours,
            now=lambda: self.now,
        )
        return Indexer(
            self.catalogue,
            Scanner(self.catalogue),
            self.stages,
            [self.captioning],
            attention=self.attention,
        )

    def close(self) -> None:
        self.indexer.stop()
        self.catalogue.close()

    def draw(self, name: str, width: int) -> None:
        Image.new("RGB", (width, 30), (width, 0, 0)).save(self.pictures / name)

    def run(self) -> None:
        self.indexer.request_scan()
        self.indexer.run_once()

    def captions(self) -> set[str]:
        ids = self.library.timeline().ids.tolist()
        photos = self.catalogue.photos.many(ids).values()
        return {p.caption.text for p in photos if p.caption}


def wait_until(condition: Callable[[], bool], timeout_s: float = 60.0) -> None:
    """Until the background thread has got there; the limit is only against a hang."""
    done = threading.Event()
    for _ in range(int(timeout_s / 0.02)):
        if condition():
            return
        done.wait(0.02)
    raise AssertionError("it did not come to that")
