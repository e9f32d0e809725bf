"""The flags that say among what is searched: like a photo or picture, in a folder."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import Any

import click


@dataclass(frozen=True, slots=True)
class Scope:
    """Among what is searched: like a photo (its id or file), like a picture, in a
    folder."""

    like: str | None = None
    picture: Path | None = None
    folder: str | None = None


def scope_flags(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command these flags; it is called with `words` as one text and `scope`.

    Raises UsageError where nothing is searched for.
    """

    @click.argument("words", nargs=-1)
    @click.option(
        "--like", metavar="PHOTO", help="Like a photo of the album: its id or its file."
    )
    @click.option(
        "--picture",
        type=click.Path(exists=True, dir_okay=False, path_type=Path),
        help="Like a picture, which is described and not added.",
    )
    @click.option("--folder", help="Only in exactly this folder, as photos show it.")
    @wraps(command)
    def with_scope(
        words: tuple[str, ...],
        like: str | None,
        picture: Path | None,
        folder: str | None,
        **rest: Any,
    ) -> None:
        if not (words or like or picture or folder):
            raise click.UsageError("Say what to search for: words, --like, --picture.")
        if like and picture:
            raise click.UsageError("--like and --picture cannot be used together.")
        command(words=" ".join(words), scope=Scope(like, picture, folder), **rest)

    return with_scope
