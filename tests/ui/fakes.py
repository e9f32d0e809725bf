"""Small stand-ins for the album, the search and the indexer, with the same signatures.

They keep everything in memory and do the simplest honest thing, so that the page can be
tried without a catalogue, a model or an index.
"""

from __future__ import annotations

import hashlib
import io
import itertools
import re
import threading
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageDraw

from album.catalogue_feedback import RejectedPhotos
from album.describing import Described
from album.errors import AlbumError, CaptionChanged, UploadError
from album.library import Original
from album.photo import PERSON, Author, Caption, Photo
from album.positions import Positions, positions_of
from album.progress import Progress
from album.timeline import Section, Timeline, timeline_of
from album.uploads import Uploaded, UploadState
from index.answer import SAME
from index.asked import Asked, Chip, ChipKind, Span
from index.exemplar import Like
from index.found import Found, Hit, Order, Strength
from tests.ui.fake_albums import FakeAlbums, FakeMany

START = datetime(2026, 11, 20, 17, 4)


@dataclass(frozen=True)
class FakeSettings:
    """What the page reads of the settings."""

    host: str = "127.0.0.1"
    port: int = 7860
    max_upload_mb: int = 5
    map_tiles: Path | None = None
    allowed_hosts: tuple[str, ...] = ("photos.home.example",)


MODELS = {"person": "", "basic": "facts", "qwen": "Qwen/Qwen3-VL-2B-Instruct"}


def make_caption(
    photo_id: int, text: str, captioner: str = "basic", **changes: Any
) -> Caption:
    """A caption written at a fixed time; any of its facts can be given."""
    written_at = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
    author = Author(captioner, MODELS.get(captioner, captioner), 1)
    caption = Caption(photo_id, photo_id, text, (), "", author, written_at)
    return replace(caption, **changes)


def make_photo(photo_id: int, **changes: Any) -> Photo:
    """A photo with plausible facts; any of them can be given."""
    taken_at = START - timedelta(days=9 * photo_id % 5000)
    photo = Photo(
        id=photo_id,
        content_hash=hashlib.sha256(f"photo {photo_id}".encode()).hexdigest(),
        path=Path(f"/album/IMG_{photo_id:04}.jpg"),
        folder="Holidays",
        name=f"IMG_{photo_id:04}.jpg",
        size_bytes=3_400_000,
        format="JPEG",
        width=1200,
        height=800,
        orientation=1,
        taken_at=taken_at,
        sort_at=taken_at,
        added_at=START.replace(tzinfo=UTC),
        camera="Canon EOS R6",
        lens="RF 35mm F1.8",
        latitude=38.7311,
        longitude=-9.4724,
        place="Cascais, Portugal",
        description=None,
        keywords=(),
        colour=0x88A0B8,
        colours=("blue",),
        brightness=0.5,
        missing=False,
        caption=make_caption(photo_id, f"photo number {photo_id} at the lake"),
    )
    return replace(photo, **changes)


def draw(seed: int, width: int = 360, height: int = 240, kind: str = "WEBP") -> bytes:
    """A small landscape: sky, sun and hill, different for every seed."""
    rng = np.random.default_rng(seed)
    picture = Image.new(
        "RGB", (width, height), tuple(rng.integers(90, 240, 3).tolist())
    )
    pen = ImageDraw.Draw(picture)
    x, y = int(rng.integers(40, width - 40)), int(rng.integers(30, height // 2))
    pen.ellipse((x - 22, y - 22, x + 22, y + 22), fill=(250, 220, 120))
    hill = tuple(rng.integers(20, 110, 3).tolist())
    top = int(rng.integers(height // 2, height - 20))
    pen.polygon([(0, height), (0, top), (width // 2, top - 40), (width, top + 15),
                 (width, height)], fill=hill)  # fmt: skip
    buffer = io.BytesIO()
    picture.save(buffer, kind)
    return buffer.getvalue()


class FakeLibrary:
    """An album in memory. Pictures are drawn, or those that are given."""

    def __init__(
        self,
        photos: Iterable[Photo] = (),
        pictures: dict[int, tuple[bytes, bytes]] | None = None,
    ) -> None:
        """`pictures`: thumbnail and view of some photos, WebP."""
        self.photos = {photo.id: photo for photo in photos}
        self.pictures = pictures or {}
        self.written: dict[int, list[Caption]] = {}
        self.files: dict[int, UploadState] = {}
        self.received: dict[str, bytes] = {}
        self.same: dict[bytes, int] = {}
        self.lock = threading.Lock()
        self.caption_ids = itertools.count(10_001)
        self.albums = FakeAlbums(self.photos)
        self.many = FakeMany(self.photos)

    def photo(self, photo_id: int) -> Photo | None:
        return self.photos.get(photo_id)

    def timeline(self) -> Timeline:
        photos = sorted(self.photos.values(), key=lambda p: p.sort_at, reverse=True)
        return timeline_of(
            (p.id, p.width, p.height, p.colour, p.sort_at.isoformat()) for p in photos
        )

    def positions(self) -> Positions:
        photos = sorted(self.photos.values(), key=lambda p: p.sort_at, reverse=True)
        return positions_of(
            (p.id, p.latitude, p.longitude)
            for p in photos
            if p.latitude is not None and p.longitude is not None
        )

    def history(self, photo_id: int) -> list[Caption]:
        return self.written.get(photo_id, [])

    def set_caption(self, photo_id: int, text: str, seen: int | None = None) -> Caption:
        if "refuse" in text:
            raise AlbumError("That caption is refused.")
        shown = self.photos[photo_id].caption
        if seen is not None and seen != (shown.id if shown else 0):
            raise CaptionChanged("This caption was changed meanwhile.")
        return self.write(photo_id, text, PERSON)

    def write(self, photo_id: int, text: str, captioner: str = "qwen") -> Caption:
        """Somebody's new caption, as it comes while the page is open."""
        photo = self.photos[photo_id]
        if photo.caption is not None:
            self.written.setdefault(photo_id, []).append(photo.caption)
        number = next(self.caption_ids)
        caption = make_caption(photo_id, text, captioner, id=number)
        self.photos[photo_id] = replace(photo, caption=caption)
        return caption

    def caption_again(self, photo_id: int) -> Photo:
        photo = self.photos[photo_id]
        if photo.caption is not None and photo.caption.captioner == PERSON:
            raise AlbumError("You wrote this caption; a model does not replace it.")
        if photo.caption is not None:
            photo = replace(photo, caption=replace(photo.caption, stale=True))
            self.photos[photo_id] = photo
        return photo

    def set_favourite(self, photo_id: int, favourite: bool) -> Photo:
        since = datetime(2026, 11, 21, tzinfo=UTC) if favourite else None
        photo = replace(self.photos[photo_id], favourite_since=since)
        self.photos[photo_id] = photo
        return photo

    def by_captioner(self) -> dict[str, int]:
        captions = (photo.caption for photo in self.photos.values())
        return dict(Counter(c.captioner for c in captions if c is not None))

    def undo_caption(self, photo_id: int) -> Caption | None:
        photo = self.photos[photo_id]
        before = self.written.get(photo_id)
        caption = before.pop() if before else photo.caption
        self.photos[photo_id] = replace(photo, caption=caption)
        return caption

    def thumbnail_of(self, photo: Photo, size: str) -> bytes | None:
        if photo.missing:
            return None
        given = self.pictures.get(photo.id)
        if given is not None:
            return given[0 if size == "thumbnail" else 1]
        factor = 1 if size == "thumbnail" else 3
        width = max(20, 240 * photo.width // photo.height)
        return draw(photo.id, width * factor, 240 * factor)

    def original(self, photo_id: int) -> Original | None:
        photo = self.photos.get(photo_id)
        if photo is None or photo.missing:
            return None
        return Original(photo.path, f"image/{photo.format.lower()}", photo.name)

    def upload(self, name: str, chunks: Iterable[bytes]) -> Uploaded:
        content = b"".join(chunks)
        with self.lock:  # uploads come in several threads
            return self._take(name, content)

    def _take(self, name: str, content: bytes) -> Uploaded:
        self.received[name] = content
        if content in [self.received[n] for n in self.received if n != name]:
            return Uploaded(0, 1, True)
        try:
            picture = Image.open(io.BytesIO(content))
        except OSError:
            raise UploadError("This is not a picture the album can read.") from None
        file_id = len(self.files) + 1
        photo_id = max(self.photos, default=0) + 1
        buffer = io.BytesIO()
        picture.convert("RGB").save(buffer, "WEBP")
        webp = buffer.getvalue()
        self.pictures[photo_id] = (webp, webp)
        self.photos[photo_id] = make_photo(
            photo_id, name=name, width=picture.width, height=picture.height,
            sort_at=START + timedelta(days=1), taken_at=None,
            caption=make_caption(photo_id, f"a new picture called {name}"),
        )  # fmt: skip
        self.files[file_id] = UploadState("read", photo_id, None)
        return Uploaded(file_id, None, False)

    def known_uploads(self, content_hashes: Sequence[str]) -> dict[str, int]:
        """Of uploads, those whose photo is there."""
        with self.lock:
            received = list(self.received.items())
        have = {hashlib.sha256(content).hexdigest(): name for name, content in received}
        ids = {photo.name: photo.id for photo in self.photos.values()}
        return {h: ids[have[h]] for h in content_hashes if have.get(h) in ids}

    def describe(self, chunks: Iterable[bytes]) -> Described:
        """Says "A blue picture" of a blue one; knows the pictures in `same`."""
        content = b"".join(chunks)
        try:
            picture = Image.open(io.BytesIO(content)).convert("RGB").resize((1, 1))
        except OSError:
            raise UploadError("This is not a picture the album can read.") from None
        colour = picture.getpixel((0, 0))
        name = max(zip(colour, ("red", "green", "blue"), strict=True))[1]  # type: ignore[arg-type]
        known = self.same.get(content)
        photo = self.photos[known] if known else None
        text = photo.caption.text if photo and photo.caption else f"A {name} picture"
        return Described(text, (name,), Author("basic", "facts", 1), photo)

    def upload_state(self, file_id: int) -> UploadState | None:
        return self.files.get(file_id)


class ManyPhotos(FakeLibrary):
    """Very many photos, over fifteen years, each made only when it is asked for."""

    def __init__(self, count: int) -> None:
        super().__init__()
        rng = np.random.default_rng(3)
        self.count = count
        self.ratios = rng.choice([1.5, 1.33, 0.75, 1.78, 1.0], count).astype(np.float32)
        self.drawn = [draw(seed) for seed in range(24)]
        months = 15 * 12
        each = np.full(months, count // months)
        each[: count % months] += 1
        first = 2026 * 12 + 10  # November 2026, counted in months
        self.sections = tuple(
            Section((first - back) // 12, (first - back) % 12 + 1, int(photos))
            for back, photos in enumerate(each)
        )

    def photo(self, photo_id: int) -> Photo | None:
        if not 0 < photo_id <= self.count:
            return None
        return make_photo(photo_id, taken_at=START, sort_at=START)

    def timeline(self) -> Timeline:
        ids = np.arange(self.count, 0, -1, dtype=np.int64)
        colours = np.full(self.count, 0x8899AA, dtype=np.uint32)
        return Timeline(ids, self.ratios, colours, self.sections)

    def thumbnail_of(self, photo: Photo, size: str) -> bytes | None:
        return self.drawn[photo.id % len(self.drawn)]


WORD = re.compile(r"\w+")
UNDERSTOOD = re.compile(
    r"""(?P<not>\bnot\ \S+) | (?P<date>\bin\ (?P<year>\d{4})\b)
      | (?P<place>\bin\ (?P<town>[A-Z]\w+)) | (?P<loved>\bfavourites\b)""",
    re.VERBOSE,
)


def understood(query: str) -> Asked:
    """Takes "not people", "in 2025", "in Cascais" and "favourites" out; the rest is
    words."""
    chips, spans, places, unwanted = [], [], [], []
    loved: bool | None = None
    for match in UNDERSTOOD.finditer(query):
        label = match[0]
        kind: ChipKind = "not"
        if match["year"]:
            year, label, kind = int(match["year"]), match["year"], "date"
            spans.append(Span(datetime(year, 1, 1), datetime(year + 1, 1, 1)))
        elif match["loved"]:
            kind, loved = "favourite", True
        elif match["town"]:
            label, kind = match["town"], "place"
            places.append(label)
        else:
            unwanted.append(label.removeprefix("not ").lower())
        chips.append(Chip(kind, label, match.start(), match.end()))
    words = " ".join(UNDERSTOOD.sub(" ", query).split())
    return Asked(
        query, words, unwanted=tuple(unwanted), spans=tuple(spans),
        places=tuple(places), favourite=loved, chips=tuple(chips),
    )  # fmt: skip


def allowed(photo: Photo, asked: Asked) -> bool:
    """Whether a photo has what the query demands beside its words."""
    text = photo.caption.text.lower() if photo.caption else ""
    return (
        not any(word in text for word in asked.unwanted)
        and all(s.begin <= photo.sort_at < s.end for s in asked.spans)  # type: ignore[operator]
        and all(place in (photo.place or "") for place in asked.places)
        and (asked.favourite is None or photo.favourite_since is not None)
    )


def hit_of(photo: Photo, wanted: set[str]) -> Hit | None:
    """How a photo answers some words: by the one of its texts that has most of them."""
    caption = photo.caption
    texts = {"name": photo.name, "place": photo.place or ""}
    if caption is not None:
        texts = {"caption": caption.text, "text": caption.read_text} | texts
    best = Hit(photo, 0.0, "")
    for source, text in texts.items():
        found = [m for m in WORD.finditer(text) if m[0].lower() in wanted]
        score = len({m[0].lower() for m in found}) / max(len(wanted), 1)
        if score > best.score:
            strength: Strength = (
                "strong" if score == 1 else "good" if score >= 0.5 else "weak"
            )
            marks = tuple(m.span() for m in found)
            best = Hit(photo, score, text, strength, marks, source)
    return best if best.score else None


class FakeFeedback:
    """Remembers what was taken out of each query, the latest last."""

    def __init__(self) -> None:
        self.rejected: dict[str, list[int]] = {}

    def reject(self, query: str, photo_id: int) -> None:
        if photo_id not in self.rejected.setdefault(query, []):
            self.rejected[query].append(photo_id)

    def take_back(self, query: str, photo_id: int) -> bool:
        known = photo_id in self.rejected.get(query, [])
        if known:
            self.rejected[query].remove(photo_id)
        return known

    def reset(self) -> int:
        count = sum(map(len, self.rejected.values()))
        self.rejected.clear()
        return count

    def all(self) -> list[RejectedPhotos]:
        at = datetime(2026, 11, 21, tzinfo=UTC)
        return [
            RejectedPhotos(query, tuple(reversed(ids)), at)
            for query, ids in reversed(self.rejected.items())
            if ids
        ]


class FakeSearch:
    """Finds photos by words that stand in their texts, most words first.

    Less than half of the words is a weaker match. Without words, everything that the
    rest of the query allows matches. Like a caption is what has words of it. Where more
    than 400 match, the first page says "at least 400", unless they are counted.
    """

    understood = staticmethod(understood)
    allowed = staticmethod(allowed)

    def __init__(self, library: FakeLibrary) -> None:
        self.library = library
        self.text_model: str | None = None
        self.feedback = FakeFeedback()

    def find(
        self, query: str, limit: int, /, *, order: Order = "relevance",
        weak: bool = False, offset: int = 0, like: Like | None = None,
        folder: str | None = None, album: int | None = None,
        counted: bool = False,
    ) -> Found:  # fmt: skip
        if "broken index" in query:
            raise AlbumError("The search index is being rebuilt.")
        asked = self.understood(query)
        said = f"{like.text if like else ''} {asked.words}"
        wanted = set(WORD.findall(said.lower()))
        hits = []
        gone = self.feedback.rejected.get(query, [])
        for photo in self.library.photos.values():
            if like is None and photo.id in gone:
                continue
            if folder is not None and photo.folder != folder:
                continue
            if album is not None and photo.id not in self.library.albums.members[album]:
                continue
            if like is not None and photo.id == like.photo_id:
                if like.same:
                    hits.append(Hit(photo, 9.0, SAME, "strong", (), "same"))
                continue
            hit = (
                hit_of(photo, wanted) if wanted else Hit(photo, 1.0, "", source="date")
            )
            if hit is not None and self.allowed(photo, asked):
                hits.append(hit)
        hits.sort(key=lambda hit: (-hit.score, hit.photo.id))
        if order != "relevance":
            newest = order == "newest"
            hits.sort(key=lambda hit: hit.photo.sort_at, reverse=newest)
        matching = [hit for hit in hits if hit.strength != "weak"]
        weaker = [hit for hit in hits if hit.strength == "weak"]
        shown = matching + weaker if weak else matching
        total, more = len(matching), False
        if total > 400 and not offset and not counted:
            total, more = 400, True
        page = shown[offset : offset + limit]
        return Found(query, total, page, len(weaker), asked, len(gone), more)


@dataclass(frozen=True)
class FakeFailure:
    name: str = "broken.jpg"
    folder: str = "Holidays"
    reason: str = "The picture ends too early."
    attempts: int = 2
    photo_id: int | None = None
    captioner: str = ""


IDLE = Progress("", 4, 4, None, None, None, 0, False, False, None)
BUSY = Progress(
    stage="caption",
    done=61_684,
    total=100_000,
    per_minute=118.0,
    eta_s=540.0,
    current="IMG_2043.jpg",
    failed=3,
    paused=False,
    busy=True,
    notice="Captions: basic (quick guesses). Qwen3-VL is being fetched: 1.2 of 4.3 GB.",
)


@dataclass
class FakeIndexer:
    """Says what it is told to say."""

    state: Progress = IDLE
    failed: list[FakeFailure] = field(default_factory=list)
    looked_at: list[list[int]] = field(default_factory=list)
    scans: int = 0

    def progress(self) -> Progress:
        return self.state

    def pause(self) -> None:
        self.state = replace(self.state, paused=True)

    def resume(self) -> None:
        self.state = replace(self.state, paused=False)

    def failures(self) -> list[FakeFailure]:
        return self.failed

    def retry_failures(self) -> int:
        count = len(self.failed)
        self.failed = []
        self.state = replace(self.state, failed=0)
        return count

    def look_at(self, photo_ids: Sequence[int]) -> None:
        self.looked_at.append(list(photo_ids))

    def request_scan(self) -> None:
        self.scans += 1
