"""One look at everything, for the page: counts, folders, models, disk."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from album.captioners.remote import RemoteCaptioner
from album.captioners.worker import WorkerCaptioner
from album.catalogue import Catalogue
from album.catalogue_roots import Root
from album.costly import Costly
from album.disk_use import DiskUse, file_bytes, tree_bytes
from album.indexer import Indexer
from album.standing import Counts, Engine, FolderStanding, Standing
from cli.captioners import Stages
from cli.searching import TextSearch
from index.learning import learnt
from settings import Settings

ByRoot = dict[int, dict[str, int]]
"""How many files a root has in each state."""


class Survey:
    """Looks at an album that is being served. Safe from any thread."""

    def __init__(
        self,
        catalogue: Catalogue,
        models: Stages,
        text: TextSearch,
        indexer: Indexer,
        settings: Callable[[], Settings],
    ) -> None:
        """`settings`: those in use now."""
        self._catalogue = catalogue
        self._models = models
        self._text = text
        self._settings = settings
        self._indexer = indexer
        self._lock = threading.Lock()
        self._counted = Costly(self._count)
        self._disk = DiskUse(_parts(settings()))

    def look(self) -> Standing:
        """How the album stands. Counting takes 0.3 s at 100,000 photos; what was
        counted is kept until something changes, and then as long as Costly says."""
        with self._lock:
            counts, by_root = self._counted.get(self._catalogue.changes)
        folders = (_folder(root, by_root) for root in self._catalogue.roots.all())
        settings = self._settings()
        return Standing(
            counts,
            tuple(folders),
            tuple(self._engines(settings)),
            self._disk.look(),
            self._indexer.scanned_at,
            settings.rescan_minutes,
        )

    def _count(self) -> tuple[Counts, ByRoot]:
        catalogue = self._catalogue
        files, photos = catalogue.files.counts(), catalogue.photos.counts()
        embedder = self._text.succession.current.model.name
        embedded, texts = learnt(catalogue, embedder)
        counts = Counts(
            waiting=files["found"],
            read=files["read"],
            failed=files["failed"],
            missing=files["missing"],
            photos=photos["photos"] - photos["missing"],
            captioned=catalogue.photos.present_captioned(),
            embedded=embedded,
            texts=texts,
        )
        return counts, catalogue.roots.files()

    def _engines(self, settings: Settings) -> list[Engine]:
        engines = []
        for captioner in self._models.captioners:
            if isinstance(captioner, WorkerCaptioner):
                engines.append(_of_worker(captioner, settings))
            else:
                engines.append(_of_servers(captioner, settings))
        current = self._text.succession.current
        model = current.model
        engines.append(
            Engine("search", "", model.shown, device="cpu", built_in=model.built_in)
        )
        return engines


def _folder(root: Root, by_root: ByRoot) -> FolderStanding:
    states = by_root.get(root.id, {})
    return FolderStanding(
        root.path,
        root.kind,
        root.offline_since,
        files=sum(states.values()),
        waiting=states.get("found", 0),
        failed=states.get("failed", 0),
    )


def _of_worker(captioner: WorkerCaptioner, settings: Settings) -> Engine:
    info: dict[str, Any] = captioner.info()
    basic = captioner.author.captioner == "basic"
    return Engine(
        work="guesses" if basic else "captions",
        by=captioner.author.captioner,
        model=captioner.model,
        loaded=bool(info["loaded"]),
        quantisation=str(info.get("quantisation") or ""),
        device=str(info.get("device") or ""),
        kernel=str(info.get("kernel") or ""),
        seconds=info["seconds_per_picture"],
        threads=captioner.threads,
        hours="" if basic else settings.caption_hours,
        built_in=basic,
    )


def _of_servers(captioner: RemoteCaptioner, settings: Settings) -> Engine:
    hosts = (urlsplit(address) for address in settings.caption_servers)
    return Engine(
        work="captions",
        by=captioner.author.captioner,
        model=captioner.author.model,
        hours=settings.caption_hours,
        # Without a name and password that an address may carry.
        servers=tuple(each.netloc.rpartition("@")[2] for each in hosts),
    )


def _parts(settings: Settings) -> dict[str, Callable[[], int]]:
    data = settings.data
    return {
        "catalogue": lambda: sum(map(file_bytes, data.glob("catalogue.*"))),
        "thumbnails": lambda: tree_bytes(data / "thumbnails"),
        "uploads": lambda: tree_bytes(data / "uploads"),
        "index": lambda: sum(map(file_bytes, data.glob("index*.faiss"))),
        "models": lambda: tree_bytes(data / "models"),
    }
