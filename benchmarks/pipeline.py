"""How little a caption model waits: 12-megapixel JPEGs through the captioning stage and
the worker process to a model of fixed cost, beside that model alone."""

from __future__ import annotations

import io
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from PIL import Image

from album.captioners.base import Subject
from album.captioners.worker import WorkerCaptioner
from album.captioning import CaptioningStage
from album.captioning_ahead import PicturesAhead
from album.catalogue import Catalogue
from album.decoder import Decoder
from album.errors import CaptionError
from album.indexer import Indexer
from album.library import Library
from album.photo import Author, WrittenCaption
from album.places import Places
from album.reading import ReadingStage
from album.scanner import Scanner
from album.thumbnails import Thumbnails
from album.uploads import Uploads
from benchmarks.decode import WORKERS, draw_photo
from benchmarks.table import Measurement

PICTURES = 96
BATCH = 8
SECONDS = 0.05  # of the model, for each picture
LIMIT = 0.9
MAX_PIXELS = 300 * 32 * 32
"""What a model with 300 visual tokens is given; see cli/captioners.py."""


class FixedCost:
    """A model that does nothing but take its time, as one on a GPU seems to."""

    author = Author("fixed", "fixed-cost", 1)
    batch_size = BATCH

    def caption(
        self, subjects: Sequence[Subject]
    ) -> list[WrittenCaption | CaptionError]:
        """A caption for each, after 50 ms for each."""
        time.sleep(SECONDS * len(subjects))
        return [WrittenCaption(f"picture {s.photo.id}") for s in subjects]

    def unload(self) -> None:
        """Nothing to give back."""

    def close(self) -> None:
        """Nothing to end."""


def measure(shared: Path | None) -> list[Measurement]:
    """Pictures a second: from an album that has been read, and from bare files."""
    del shared
    with tempfile.TemporaryDirectory(prefix="album-pipeline-") as temporary:
        folder = Path(temporary)
        _write_photos(folder / "pictures")
        read_first, reading = _captioning(folder, "first", read_before=True)
        from_files, _ = _captioning(folder, "second", read_before=False)
    alone = 1 / SECONDS
    bound = min(alone, reading)
    return [
        Measurement(
            "captioning 12 MP JPEGs, read before, model of 50 ms", read_first,
            "pictures/s", "the model alone", alone, read_first / alone, f"≥ {LIMIT}",
        ),
        Measurement(
            f"the same from bare files, {WORKERS} processes reading", from_files,
            "pictures/s", "the slower of reading and model alone", bound,
            from_files / bound, "≥ 0.8 on idle cores",
        ),
    ]  # fmt: skip


def _write_photos(folder: Path) -> None:
    """The same picture with another comment each: as many different contents."""
    folder.mkdir()
    with Image.open(io.BytesIO(draw_photo())) as image:
        image.load()
        for number in range(PICTURES):
            file = folder / f"{number}.jpg"
            image.save(file, "JPEG", quality=90, comment=f"{number}".encode())


def _captioning(folder: Path, name: str, *, read_before: bool) -> tuple[float, float]:
    """Pictures a second until all have their caption, and of the reading, if it was
    done before. The worker is up before."""
    with ExitStack() as stack:
        album = _Album(folder, name, stack)
        album.scan()
        began = time.perf_counter()
        if read_before:
            album.read_all()
        reading = PICTURES / (time.perf_counter() - began)
        captioner = WorkerCaptioner(
            FixedCost, author=FixedCost.author, batch_size=BATCH
        )
        stack.callback(captioner.close)
        captioner.caption([])
        pictures = PicturesAhead(
            album.library.thumbnail_of, size="view", max_pixels=MAX_PIXELS
        )
        stack.callback(pictures.close)
        slow = CaptioningStage(album.catalogue, captioner, pictures)
        indexer = Indexer(
            album.catalogue, Scanner(album.catalogue), [album.reading], [slow]
        )
        began = time.perf_counter()
        indexer.run_once()
        seconds = time.perf_counter() - began
        if album.catalogue.captions.by_captioner() != {"fixed": PICTURES}:
            raise RuntimeError("not every picture has its caption")
        return PICTURES / seconds, reading


class _Album:
    """A catalogue of its own over the pictures."""

    def __init__(self, folder: Path, name: str, stack: ExitStack) -> None:
        data = folder / name
        self.catalogue = stack.enter_context(Catalogue(data))
        self.root = self.catalogue.roots.add(folder / "pictures")
        decoder = stack.enter_context(Decoder(workers=WORKERS))
        thumbnails = Thumbnails(data / "thumbnails")
        uploads = Uploads(self.catalogue, data / "uploads", max_bytes=1)
        self.library = Library(self.catalogue, thumbnails, decoder, uploads)
        self.reading = ReadingStage(self.catalogue, decoder, thumbnails, Places())

    def scan(self) -> None:
        Scanner(self.catalogue).scan(self.root)

    def read_all(self) -> None:
        while self.reading.step():
            pass
