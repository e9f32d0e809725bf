"""Builds the objects of the program and introduces them to each other."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from album.attention import Attention
from album.captioners.fetch import WeightsFetch
from album.captioning import FactsStage
from album.catalogue import Catalogue
from album.decoder import Decoder
from album.errors import AlbumError
from album.facets import Facets
from album.indexer import Indexer
from album.library import Library
from album.places import Places
from album.reading import ReadingStage
from album.scanner import Scanner
from album.stage import Stage
from album.thumbnails import Thumbnails
from album.uploads import Uploads
from cli.captioners import Stages
from cli.choosing import SettingChoices, choices_of, with_choices
from cli.searching import TextSearch, open_text_search
from cli.survey import Survey
from index.current_search import CurrentSearch
from settings import Settings

logger = logging.getLogger(__name__)

OWN = ("thumbnails", "uploads", "models")
"""The album's own folders below the data folder; never indexed as a user's."""
DEMO_NOTICE = (
    "This is the demo album: drawn pictures, captioned by a tiny demo model that knows "
    "nothing else."
)


@dataclass(frozen=True, slots=True)
class Album:
    """Everything a running album is made of. Close it once."""

    catalogue: Catalogue
    library: Library
    facets: Facets
    indexer: Indexer
    reading: ReadingStage
    search: CurrentSearch
    text: TextSearch
    fetches: tuple[WeightsFetch, ...]
    choices: SettingChoices
    survey: Survey
    stack: ExitStack

    def close(self) -> None:
        """Stop the indexer, write the index file, end the child processes."""
        self.stack.close()


def open_album(settings: Settings, folders: Sequence[Path]) -> Album:
    """Open the album for writing, with `folders` among its roots.

    Raises AlbumError: in use by another process, damaged, or a folder that must not be
    one of the album's.
    """
    with ExitStack() as stack:
        catalogue = stack.enter_context(Catalogue(settings.data))
        settings = with_choices(settings, catalogue.facts)
        for folder in folders:
            catalogue.roots.add(_checked_root(folder, settings.data))
        decoder = stack.enter_context(decoder_of(settings))
        thumbnails = Thumbnails(settings.data / "thumbnails")
        library = Library(catalogue, thumbnails, decoder, _uploads(settings, catalogue))
        text = open_text_search(settings, catalogue, stack)
        reading = ReadingStage(catalogue, decoder, thumbnails, Places())
        fetch = _fetch(settings)
        attention = Attention()
        models = Stages(settings, catalogue, library, attention, stack)
        quick = models.quick()
        turns: list[Stage | None] = [reading, FactsStage(catalogue), quick]
        indexer = _indexer(settings, catalogue, turns, models, attention, fetch, text)
        library.describe_with(models.describer(decoder))
        choices = _choices(settings, catalogue, models, indexer, text)
        _introduce(indexer, library, fetch, text, stack)
        return Album(
            catalogue=catalogue,
            library=library,
            facets=Facets(catalogue),
            indexer=indexer,
            reading=reading,
            search=text.search,
            text=text,
            fetches=tuple(each for each in (fetch, text.fetch) if each is not None),
            choices=choices,
            survey=Survey(catalogue, models, text, indexer, choices.running),
            stack=stack.pop_all(),
        )


def _introduce(
    indexer: Indexer,
    library: Library,
    fetch: WeightsFetch | None,
    text: TextSearch,
    stack: ExitStack,
) -> None:
    """Let the indexer hear of whatever is new."""
    stack.callback(indexer.stop)
    library.on_change(indexer.wake)
    if fetch is not None:
        fetch.on_ready(indexer.wake)
        stack.callback(fetch.stop)
    if text.fetch is not None:
        text.fetch.on_ready(lambda: _arrived(text, indexer))


def _uploads(settings: Settings, catalogue: Catalogue) -> Uploads:
    most = settings.max_upload_mb * 1_000_000
    return Uploads(catalogue, settings.data / "uploads", max_bytes=most)


def decoder_of(settings: Settings) -> Decoder:
    """The pool of decoding processes, with the limits that the settings give it."""
    return Decoder(
        workers=settings.workers,
        memory_mb=settings.decode_memory_mb,
        timeout_s=settings.decode_timeout_s,
    )


def _indexer(
    settings: Settings,
    catalogue: Catalogue,
    turns: Sequence[Stage | None],
    models: Stages,
    attention: Attention,
    fetch: WeightsFetch | None,
    text: TextSearch,
) -> Indexer:
    """The quick stages in turn, the embedding after the quick captioner, so that its
    captions are embedded and not the ones they replace; a slow captioner beside them.
    """
    turns = [*turns, text.embedding, text.learning]
    beside = models.slow(fetch)
    notices = [_notice(settings, fetch), text.learning.notice]
    if text.fetch is not None:
        notices.append(text.fetch.notice)
    return Indexer(
        catalogue,
        Scanner(catalogue, never=tuple(settings.data / name for name in OWN)),
        [stage for stage in turns if stage is not None],
        [] if beside is None else [beside],
        attention=attention,
        notice=lambda: " ".join(filter(None, (tell() for tell in notices))) or None,
        rescan_s=settings.rescan_minutes * 60 or None,
        when_done=text.search.tidy_up,
    )


def _choices(
    settings: Settings,
    catalogue: Catalogue,
    models: Stages,
    indexer: Indexer,
    text: TextSearch,
) -> SettingChoices:
    """What is chosen on the page, and what follows it at once."""

    def follow(settings: Settings) -> None:
        text.strictness.value = settings.strictness
        models.follow(settings)
        indexer.rescan_every(settings.rescan_minutes * 60 or None)

    return SettingChoices(settings, choices_of(catalogue.facts), follow)


def _arrived(text: TextSearch, indexer: Indexer) -> None:
    """The text model that was fetched is here: from now on it is learnt."""
    text.succession.settle()
    indexer.wake()


def _notice(settings: Settings, fetch: WeightsFetch | None) -> Callable[[], str | None]:
    if settings.demo:
        return lambda: DEMO_NOTICE
    return fetch.notice if fetch else lambda: None


def _fetch(settings: Settings) -> WeightsFetch | None:
    """How Qwen's weights come, unless nobody wants them."""
    if settings.demo or settings.captioner == "basic" or settings.caption_servers:
        return None
    fetch = WeightsFetch(
        settings.qwen_model, settings.data / "models", offline=settings.offline
    )
    if settings.captioner == "qwen":
        fetch.need()
    return fetch


def _checked_root(folder: Path, data: Path) -> Path:
    """The folder as the catalogue keeps it. Raises AlbumError for the album's own."""
    real = folder.resolve()
    own = [data.resolve() / name for name in OWN]
    if real == data.resolve() or any(real.is_relative_to(place) for place in own):
        raise AlbumError(f"{folder} belongs to the album's own data in {data}.")
    return real
