"""How far the captioning is, as the catalogue tells it: also while `serve` is at it."""

from __future__ import annotations

from typing import Any

from album.captioners.fetch import is_here
from album.captioners.kernel_choice import remembered_choice
from album.catalogue import Catalogue
from album.indexer import PAUSED
from album.photo import Author
from cli.captioners import basic_captioner, qwen_captioner, remote_captioner
from cli.words import time_left
from settings import Settings


def authors_in_use(settings: Settings) -> list[Author]:
    """Who writes captions with these settings, the best first. Loads nothing."""
    if settings.demo:
        return [qwen_captioner(settings).author]
    authors = [basic_captioner(settings).author]
    if settings.caption_servers:
        authors.insert(0, remote_captioner(settings).author)
    elif settings.captioner == "qwen" or (
        settings.captioner == "auto"
        and is_here(settings.qwen_model, settings.data / "models")
    ):
        authors.insert(0, qwen_captioner(settings).author)
    return authors


def captioning_state(settings: Settings, catalogue: Catalogue) -> dict[str, Any]:
    """The captioning of the best author in use: how many photos wait for it or were
    given up by it, at which pace it writes, and what holds it up."""
    author = authors_in_use(settings)[0]
    waiting = catalogue.queue.count_wanted(author)
    photos = catalogue.photos.counts()
    pace = catalogue.queue.pace(author)
    per_minute = None if pace is None else pace.count / pace.seconds * 60
    kernel = remembered_choice(settings.data / "models")
    return {
        "captioner": author.captioner,
        "model": author.model,
        "prompt_version": author.prompt_version,
        "prompt_variant": author.prompt_variant,
        "photos": photos["photos"] - photos["missing"],
        "waiting": waiting,
        "failed": catalogue.queue.count_failed([author]),
        "stale": catalogue.staleness.waiting(),
        "per_minute": per_minute,
        "eta_s": waiting / per_minute * 60 if per_minute and waiting else None,
        "paused": catalogue.facts.get(PAUSED) is not None,
        "hours": settings.caption_hours or None,
        "kernel": str(kernel) if kernel and author.captioner != "basic" else None,
    }


def captioning_text(state: dict[str, Any]) -> str:
    """The same for a terminal."""
    done = state["photos"] - state["waiting"] - state["failed"]
    parts = [
        f"{done} of {state['photos']} are through {state['captioner']} "
        f"({state['model']}, question {state['prompt_version']}"
        + (f", {state['prompt_variant']})" if state["prompt_variant"] else ")")
    ]
    if state["failed"]:
        parts.append(f"{state['failed']} failed")
    if state["stale"]:
        parts.append(f"{state['stale']} to be written again")
    if state["paused"]:
        parts.append("paused")
    if state["hours"]:
        parts.append(f"only {state['hours']}")
    if state["eta_s"] is not None:
        parts.append(
            f"{state['per_minute']:.3g} a minute lately: "
            f"about {time_left(state['eta_s'])} left"
        )
    if state["kernel"]:
        parts.append(f"kernel: {state['kernel']}")
    return "; ".join(parts)
