"""`serve`: the page, with the indexer in the background."""

from __future__ import annotations

import logging
import signal
import socket
import threading
from collections.abc import Sequence
from pathlib import Path

import click
import uvicorn

from album.errors import AlbumError
from cli.building import Album, open_album
from index.errors import SearchError
from settings import Settings

logger = logging.getLogger(__name__)


def serve_album(settings: Settings, folders: Sequence[Path]) -> None:
    """Serve until interrupted. Raises AlbumError: port taken, album in use."""
    # Being stopped is no failure. uvicorn stops at these signals and then sends itself
    # the same one again, which by default would end us before the index is written.
    for stop in (signal.SIGTERM, signal.SIGINT):
        signal.signal(stop, _leave)
    with _listen(settings) as listener:
        if settings.demo:
            folders = [*folders, _draw_demo(settings.data / "photos")]
        album = open_album(settings, folders)
        try:
            _run(settings, album, listener)
        finally:
            album.close()


def _leave(number: int, frame: object) -> None:
    raise SystemExit(0)


def _run(settings: Settings, album: Album, listener: socket.socket) -> None:
    from ui import build_app

    def after_edit() -> None:
        # A person's captions come first; a whole batch would take over a second.
        album.text.embedding.step(4)

    app = build_app(
        album.library,
        album.search,
        album.indexer,
        after_edit,
        settings,
        survey=album.survey,
        choices=album.choices,
        facets=album.facets,
    )
    config = uvicorn.Config(
        app,
        log_level="warning",
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=5,
        timeout_graceful_shutdown=5,
        limit_concurrency=200,
    )
    for fetch in album.fetches:
        fetch.on_news(click.echo)
        fetch.start()
    album.indexer.start()
    _warm_up(album)
    port = listener.getsockname()[1]
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    click.echo(f"Smart Album is at http://{host}:{port}  (Ctrl+C stops it)")
    for notice in (*(fetch.notice() for fetch in album.fetches), _text_notice(album)):
        if notice:
            click.echo(notice)
    uvicorn.Server(config).run(sockets=[listener])


def _text_notice(album: Album) -> str | None:
    """Which text model answers, unless that goes without saying."""
    name = album.search.text_model
    used = None if name is None else f"The text model of the search is {name}."
    return album.text.learning.notice() or used


def _warm_up(album: Album) -> None:
    """Load the embedder in the background: the first search must not wait for it."""

    def load() -> None:
        try:
            with album.text.succession.answering() as current:
                current.load()
        except SearchError as error:
            logger.warning("%s", error)

    threading.Thread(target=load, name="warm-up", daemon=True).start()


def _listen(settings: Settings) -> socket.socket:
    """Take the port before anything else, so that a taken one is said at once."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((settings.host, settings.port))
        listener.listen(2048)  # a browser that is quicker than the start-up waits
    except OSError as error:
        listener.close()
        raise AlbumError(
            f"Port {settings.port} on {settings.host} cannot be used "
            f"({error.strerror}). Choose another with --port."
        ) from error
    return listener


def _draw_demo(folder: Path) -> Path:
    from demo.album import write_album

    click.echo("Drawing the demo album …")
    write_album(folder)
    return folder
