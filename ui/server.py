"""Puts the web application together: our routes, Gradio below, the guard around."""

from __future__ import annotations

from collections.abc import Callable

import gradio as gr
from fastapi import FastAPI, Request
from fastapi.middleware.cors import CORSMiddleware
from starlette.responses import JSONResponse

from album.errors import AlbumError, CaptionChanged, NoSuchAlbum
from ui.early import EarlyHead
from ui.errors import PageError
from ui.files import Assets, asset_routes, picture_routes
from ui.guard import Guard
from ui.handlers import Handlers
from ui.handlers_albums import AlbumHandlers
from ui.handlers_map import MapHandlers
from ui.handlers_marks import Marks
from ui.handlers_pages import IndexingPage, SettingsPage
from ui.handlers_selection import Selecting
from ui.handlers_upload import Uploading
from ui.installing import installing_routes
from ui.map_tiles import TileFile
from ui.needs import (
    Album,
    AlbumFacets,
    AlbumSurvey,
    BackgroundIndexer,
    PageChoices,
    PageSettings,
    SearchEngine,
)
from ui.page import build_page, early_head, head, theme
from ui.routes import (
    changing_routes,
    looking_routes,
    marking_routes,
    searching_routes,
)
from ui.routes_albums import album_routes, selection_routes
from ui.routes_facets import facet_routes
from ui.routes_map import map_routes
from ui.routes_pages import indexing_routes, settings_routes
from ui.texts import texts
from ui.upload import describing_routes, upload_routes

_CLOSED: dict[str, None] = {"openapi_url": None, "docs_url": None, "redoc_url": None}


def build_app(
    library: Album,
    search: SearchEngine,
    indexer: BackgroundIndexer,
    after_edit: Callable[[], None],
    settings: PageSettings,
    *,
    survey: AlbumSurvey | None = None,
    choices: PageChoices | None = None,
    facets: AlbumFacets | None = None,
) -> FastAPI:
    """The whole application, ready for uvicorn. Loads no model.

    Without `survey` or `choices` it lacks the addresses that ask these; without
    `facets` it suggests nothing and offers few filters. Raises AlbumError for a street
    map that cannot be read.
    """
    tiles = None if settings.map_tiles is None else TileFile(settings.map_tiles)
    handlers = Handlers(library, search, indexer, after_edit)
    assets = Assets()
    app = FastAPI(title="Smart Album", openapi_url=None, docs_url=None, redoc_url=None)
    app.add_exception_handler(PageError, _page_error)
    app.add_exception_handler(CaptionChanged, _caption_changed)
    app.add_exception_handler(NoSuchAlbum, _no_such_album)
    app.add_exception_handler(AlbumError, _album_error)
    for router in (
        looking_routes(handlers),
        searching_routes(handlers),
        facet_routes(facets),
        changing_routes(handlers),
        marking_routes(Marks(library, search.feedback)),
        upload_routes(Uploading(library)),
        map_routes(MapHandlers(library, tiles)),
        album_routes(AlbumHandlers(library)),
        selection_routes(Selecting(library, indexer.look_at)),
        describing_routes(handlers),
        picture_routes(handlers),
        asset_routes(assets),
        installing_routes(assets),
    ):
        app.include_router(router)
    if survey is not None:
        app.include_router(indexing_routes(IndexingPage(survey, indexer)))
    if choices is not None:
        app.include_router(settings_routes(SettingsPage(choices)))
    # Gradio's own CORS layer, which answers to any Origin, steps aside for this one.
    app.add_middleware(CORSMiddleware, allow_origins=[])
    app.add_middleware(EarlyHead, lines=early_head(assets))
    app.add_middleware(
        Guard,
        hosts=(*settings.allowed_hosts, *_name_to_bind(settings.host)),
        max_upload_bytes=settings.max_upload_mb * 1_000_000,
    )
    return _mount(app, handlers, assets, settings)


def _mount(
    app: FastAPI, handlers: Handlers, assets: Assets, settings: PageSettings
) -> FastAPI:
    """Gradio at "/", below our own routes. Every switch is set, because environment
    variables could turn each of them on."""
    spoken = texts()
    mounted: FastAPI = gr.mount_gradio_app(
        app,
        build_page(handlers, assets, spoken),
        path="/",
        server_name=settings.host,
        server_port=settings.port,
        app_kwargs=dict(_CLOSED),
        allowed_paths=[],
        show_error=False,
        max_file_size="1mb",
        ssr_mode=False,
        enable_monitoring=False,
        pwa=False,
        mcp_server=False,
        run_history=False,
        footer_links=[],
        theme=theme(),
        i18n=spoken,
        head=head(assets, max_upload_mb=settings.max_upload_mb),
    )
    return mounted


def _name_to_bind(host: str) -> tuple[str, ...]:
    """The address we listen on is a name of ours, unless it means "everywhere"."""
    return () if host in ("0.0.0.0", "::", "") else (host,)


def _page_error(_request: Request, error: Exception) -> JSONResponse:
    status = error.status if isinstance(error, PageError) else 500
    return JSONResponse({"error": str(error)}, status)


def _album_error(_request: Request, error: Exception) -> JSONResponse:
    """The album refused; its errors are written to be read by people."""
    return JSONResponse({"error": str(error)}, 422)


def _caption_changed(_request: Request, error: Exception) -> JSONResponse:
    """Somebody was first: the page shows both texts, and asks."""
    return JSONResponse({"error": str(error)}, 409)


def _no_such_album(_request: Request, error: Exception) -> JSONResponse:
    return JSONResponse({"error": str(error)}, 404)
