"""Builds the captioners that the settings ask for, and their stages."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from pathlib import Path

from album.captioners.base import Captioner
from album.captioners.basic import BasicCaptioner
from album.captioners.fetch import WeightsFetch
from album.captioners.qwen import QwenCaptioner
from album.captioners.remote import RemoteCaptioner
from album.captioners.worker import WorkerCaptioner
from album.captioning import CaptioningStage, ThumbnailSize
from album.catalogue import Catalogue
from album.library import Library
from settings import Settings

DEMO_MODEL = Path(__file__).parent.parent / "demo" / "model"
IDLE_S = 600.0
"""After so long without a picture to caption the model's memory is given back."""


def captioning_stages(
    settings: Settings,
    catalogue: Catalogue,
    library: Library,
    fetch: WeightsFetch | None,
    stack: ExitStack,
) -> list[CaptioningStage]:
    """The quick captioner's stage, then the slow one's, if there is one.

    What must be closed is put on `stack`.
    """

    def stage(
        captioner: Captioner, ready: Callable[[], bool] = lambda: True
    ) -> CaptioningStage:
        basic = captioner.author.captioner == "basic"
        size: ThumbnailSize = "thumbnail" if basic else "view"
        return CaptioningStage(
            catalogue, captioner, library.thumbnail_of, size=size, ready=ready
        )

    def qwen() -> WorkerCaptioner:
        captioner = qwen_captioner(settings)
        stack.callback(captioner.close)
        return captioner

    if settings.demo:
        return [stage(qwen())]
    stages = [stage(BasicCaptioner())]
    if settings.caption_servers:
        remote = remote_captioner(settings)
        stack.callback(remote.unload)
        stages.append(stage(remote))
    elif fetch is not None:
        stages.append(stage(qwen(), fetch.ready))
    return stages


def qwen_captioner(settings: Settings) -> WorkerCaptioner:
    """The INT4 captioner in a process of its own, so that running out of memory, a hang
    or a crash never ends the page; on the real checkpoint or the demo's small one."""
    factory = partial(
        QwenCaptioner,
        model=str(DEMO_MODEL) if settings.demo else settings.qwen_model,
        cache=settings.data / "models",
        visual_tokens=settings.visual_tokens,
        offline=settings.offline,
        name="demo" if settings.demo else "qwen",
        model_name="demo/model" if settings.demo else None,
    )
    named = factory()  # loads nothing; only its names are wanted
    return WorkerCaptioner(
        factory,
        author=named.author,
        batch_size=named.batch_size,
        idle_s=IDLE_S,
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
        max_pixels=settings.visual_tokens * 32 * 32,  # a visual token is 32 x 32 pixels
    )
