"""Builds the captioners that the settings ask for, and their stages."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from pathlib import Path

from album.attention import Attention
from album.captioners.base import Captioner
from album.captioners.basic import BasicCaptioner
from album.captioners.fetch import WeightsFetch
from album.captioners.prompt import Prompt
from album.captioners.qwen import QwenCaptioner
from album.captioners.remote import RemoteCaptioner
from album.captioners.worker import WorkerCaptioner
from album.captioning import CaptioningStage
from album.captioning_ahead import PicturesAhead, ThumbnailSize
from album.catalogue import Catalogue
from album.decoder import Decoder
from album.describing import Describer
from album.hours import Hours
from album.library import Library
from settings import SettingError, Settings

DEMO_MODEL = Path(__file__).parent.parent / "demo" / "model"
TOKEN_PIXELS = 32 * 32
"""A visual token of the released models is a square of 32 × 32 pixels."""
BASIC_PICTURE_S = 30.0
"""The small classifier needs a tenth of a second; after this it hangs."""


class Stages:
    """Makes the captioning stages of one album. What must be closed goes on `stack`."""

    def __init__(
        self,
        settings: Settings,
        catalogue: Catalogue,
        library: Library,
        attention: Attention,
        stack: ExitStack,
    ) -> None:
        self._settings = settings
        self._catalogue = catalogue
        self._library = library
        self._attention = attention
        self._stack = stack
        self._quick: WorkerCaptioner | None = None
        self._slow: WorkerCaptioner | RemoteCaptioner | None = None
        self._beside: CaptioningStage | None = None

    def quick(self) -> CaptioningStage | None:
        """The small classifier's stage; the demo album has none."""
        if self._settings.demo:
            return None
        self._quick = basic_captioner(self._settings)
        return self._stage(self._quick, self._ahead("thumbnail", None))

    def slow(self, fetch: WeightsFetch | None) -> CaptioningStage | None:
        """The large model's stage, if the settings ask for one; `fetch` brings its
        weights. Raises ModelError, SettingError."""
        settings = self._settings
        captioner: WorkerCaptioner | RemoteCaptioner
        if settings.caption_servers:
            captioner = remote_captioner(settings)
        elif settings.demo or fetch is not None:
            captioner = qwen_captioner(settings)
        else:
            return None
        self._slow = captioner
        self._beside = self._stage(
            captioner,
            self._ahead("view", settings.visual_tokens * TOKEN_PIXELS),
            fetch.ready if fetch is not None else lambda: True,
            caption_hours(settings),
        )
        return self._beside

    @property
    def captioners(self) -> tuple[WorkerCaptioner | RemoteCaptioner, ...]:
        """Those that have been asked for, the best first."""
        return tuple(one for one in (self._slow, self._quick) if one is not None)

    def follow(self, settings: Settings) -> None:
        """Keep to the hours and threads of these settings from now on."""
        for captioner in self.captioners:
            if isinstance(captioner, WorkerCaptioner):
                captioner.threads = settings.caption_threads or None
        if self._beside is not None:
            self._beside.keep_hours(caption_hours(settings))

    def describer(self, decoder: Decoder) -> Describer:
        """Describes pictures by the captioners of `slow` and `quick`, which were asked
        for before. A large model is only asked while it is loaded: loading it would
        take longer than anybody waits."""
        quick, slow = self._quick, self._slow
        if quick is None:
            quick = basic_captioner(self._settings)
            self._stack.callback(quick.close)
        quick_to_load = self._settings.demo or isinstance(slow, RemoteCaptioner)
        return Describer(
            self._catalogue,
            decoder,
            quick,
            slow,
            ready=lambda: quick_to_load or _is_loaded(slow),
            max_pixels=self._settings.visual_tokens * TOKEN_PIXELS,
        )

    def _ahead(self, size: ThumbnailSize, max_pixels: int | None) -> PicturesAhead:
        return PicturesAhead(
            self._library.thumbnail_of, size=size, max_pixels=max_pixels
        )

    def _stage(
        self,
        captioner: Captioner,
        pictures: PicturesAhead,
        ready: Callable[[], bool] = lambda: True,
        hours: Hours | None = None,
    ) -> CaptioningStage:
        stage = CaptioningStage(
            self._catalogue,
            captioner,
            pictures,
            ready=ready,
            first=self._attention.ids,
            hours=hours,
        )
        self._stack.callback(stage.close)
        return stage


def _is_loaded(captioner: WorkerCaptioner | RemoteCaptioner | None) -> bool:
    return isinstance(captioner, WorkerCaptioner) and bool(captioner.info()["loaded"])


def caption_hours(settings: Settings) -> Hours | None:
    """When a large model may write. Raises SettingError."""
    if not settings.caption_hours:
        return None
    try:
        return Hours.parse(settings.caption_hours)
    except ValueError as error:
        raise SettingError(
            f"--caption-hours cannot be {settings.caption_hours!r}: {error}."
        ) from error


def basic_captioner(settings: Settings) -> WorkerCaptioner:
    """The small classifier, whose torch is in a process of its own as well."""
    return WorkerCaptioner(
        BasicCaptioner,
        author=BasicCaptioner.author,
        batch_size=BasicCaptioner.batch_size,
        picture_s=BASIC_PICTURE_S,
        idle_s=settings.idle_minutes * 60 or None,
        threads=settings.caption_threads or None,
    )


def qwen_captioner(settings: Settings) -> WorkerCaptioner:
    """The INT4 captioner in a process of its own, so that running out of memory, a hang
    or a crash never ends the page; on the real checkpoint or the demo's small one."""
    factory = partial(
        QwenCaptioner,
        model=str(DEMO_MODEL) if settings.demo else settings.qwen_model,
        cache=settings.data / "models",
        visual_tokens=settings.visual_tokens,
        offline=settings.offline,
        prompt=Prompt(settings.caption_language, settings.caption_context),
        name="demo" if settings.demo else "qwen",
        model_name="demo/model" if settings.demo else None,
    )
    named = factory()  # loads nothing; only its names are wanted
    return WorkerCaptioner(
        factory,
        author=named.author,
        batch_size=named.batch_size,
        idle_s=settings.idle_minutes * 60 or None,
        threads=settings.caption_threads or None,
    )


def remote_captioner(settings: Settings) -> RemoteCaptioner:
    """Captions by the servers that the settings name. Raises ModelError for a bad
    address."""
    return RemoteCaptioner(
        settings.caption_servers,
        settings.caption_model,
        key=settings.caption_key,
        in_flight=settings.caption_in_flight,
        timeout_s=settings.caption_timeout_s,
        max_pixels=settings.visual_tokens * TOKEN_PIXELS,
        prompt=Prompt(settings.caption_language, settings.caption_context),
    )
