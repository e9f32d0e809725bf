"""The command line: serve, index, recaption, search, feedback, removed, …

Exit code 0 is success, 2 wrong usage, 1 failure with one plain sentence on stderr.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from album.errors import AlbumError
from album.selection import KEYS, Condition, parse_condition
from cli.flags import setting_flags, settings_from
from cli.scope import Scope, scope_flags
from index.errors import SearchError
from index.found import Order
from settings import VERSION, SettingError, describe

SERVE_ONLY = (
    "demo",
    "host",
    "port",
    "expose",
    "allowed_hosts",
    "max_upload_mb",
    "rescan_minutes",
)
READERS = ("data", "log_level")
"""The settings of a command that only reads."""
DECODING = ("decode_memory_mb", "decode_timeout_s")
"""The bounds of reading a picture."""
CAPTIONING = (
    "demo",
    "captioner",
    "caption_model",
    "caption_language",
    "caption_context",
    "caption_hours",
    "qwen_model",
)
"""Those that say whose captions are wanted."""


class DefaultToServe(click.Group):
    """`python app.py ~/Pictures` means `python app.py serve ~/Pictures`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put `serve` in front unless a command or a plea for help comes first."""
        if not args or (
            args[0] not in self.commands and args[0] not in ("--help", "--version")
        ):
            args = ["serve", *args]
        return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; our errors become one sentence and exit code 1."""
        try:
            return super().invoke(ctx)
        except (AlbumError, SearchError) as error:
            raise click.ClickException(str(error)) from error
        except SettingError as error:
            raise click.UsageError(str(error)) from error
        except OSError as error:
            place = f"{error.filename}: " if error.filename else ""
            raise click.ClickException(f"{place}{error.strerror or error}") from error


_ALL = tuple(info.name for info in describe())
_INDEXING = tuple(name for name in _ALL if name not in SERVE_ONLY)
_FOLDERS = click.argument(
    "folders", nargs=-1, type=click.Path(exists=True, file_okay=False, path_type=Path)
)
_JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")


@click.group(cls=DefaultToServe)
@click.version_option(VERSION, prog_name="smart-album")
def main() -> None:
    """A private photo album you search with a sentence.

    Without a command the album is served: python app.py ~/Pictures
    """


@main.command()
@_FOLDERS
@setting_flags(_ALL)
def serve(folders: tuple[Path, ...], **flags: str | None) -> None:
    """Serve the page, and index FOLDERS in the background."""
    from cli.serving import serve_album

    serve_album(settings_from(flags), folders)


@main.command()
@click.argument(
    "folders",
    nargs=-1,
    required=True,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
)
@click.option("--retry", is_flag=True, help="Try again what failed before.")
@setting_flags(_INDEXING)
def index(folders: tuple[Path, ...], retry: bool, **flags: str | None) -> None:
    """Index FOLDERS once, and say what became of every file."""
    from cli.indexing import index_once

    index_once(settings_from(flags), folders, retry=retry)


def _conditions(
    context: click.Context, option: click.Parameter, given: tuple[str, ...]
) -> tuple[Condition, ...]:
    try:
        return tuple(map(parse_condition, given))
    except AlbumError as error:
        raise click.BadParameter(str(error)) from error


@main.command()
@click.option(
    "--where",
    "conditions",
    multiple=True,
    metavar="KEY=VALUE",
    callback=_conditions,
    help="Only photos whose shown caption is like this; several must all be true. "
    f"Keys: {', '.join(KEYS)}. prompt and written also take < and > (in quotes).",
)
@click.option("--dry-run", is_flag=True, help="Only say which photos it would be.")
@_JSON
@setting_flags(_INDEXING)
def recaption(
    conditions: tuple[Condition, ...],
    dry_run: bool,
    as_json: bool,
    **flags: str | None,
) -> None:
    """Let captions be written anew; the old ones stay until the new are there.

    A person's captions are never touched. Without --where it is the whole album.
    """
    from cli import recaptioning

    settings = settings_from(flags)
    work = recaptioning.preview if dry_run else recaptioning.recaption
    done = work(settings, conditions)
    click.echo(
        json.dumps(recaptioning.recaptioned_json(done), ensure_ascii=False)
        if as_json
        else recaptioning.recaptioned_text(done)
    )
    if done.interrupted:
        raise click.exceptions.Exit(1)


@main.command()
@scope_flags
@click.option(
    "-n", "limit", type=click.IntRange(1, 10_000), default=20, show_default=True
)
@click.option(
    "--order",
    type=click.Choice(["relevance", "newest", "oldest"]),
    default="relevance",
    show_default=True,
)
@click.option("--weak", is_flag=True, help="Also what is only weakly like it.")
@_JSON
@setting_flags((*READERS, "strictness", "hemisphere", *DECODING))
def search(
    words: str,
    scope: Scope,
    limit: int,
    order: Order,
    weak: bool,
    as_json: bool,
    **flags: str | None,
) -> None:
    """Find photos by a sentence, by a photo or picture that they are like, or both."""
    from cli.reading import found_text, search_album

    found = search_album(
        settings_from(flags), words, limit, order=order, weak=weak, scope=scope
    )
    click.echo(json.dumps(found, ensure_ascii=False) if as_json else found_text(found))


@main.command()
@click.option("--query", help="Only what was taken out of this search.")
@click.option("--reset", is_flag=True, help="Let searches find these photos again.")
@_JSON
@setting_flags(READERS)
def feedback(
    query: str | None, reset: bool, as_json: bool, **flags: str | None
) -> None:
    """List the photos that you took out of searches ("not this"), or --reset them."""
    from cli import taken_out

    work = taken_out.reset_feedback if reset else taken_out.list_feedback
    done = work(settings_from(flags), query)
    click.echo(
        json.dumps(done, ensure_ascii=False)
        if as_json
        else taken_out.feedback_text(done)
    )


@main.command()
@click.option("--restore", "ids", multiple=True, type=click.IntRange(1), metavar="ID",
              help="Bring this photo back; may be given several times.")  # fmt: skip
@_JSON
@setting_flags(READERS)
def removed(ids: tuple[int, ...], as_json: bool, **flags: str | None) -> None:
    """List the photos that you took out of the album, or --restore them."""
    from cli.removing import list_removed, removed_text, restore

    settings = settings_from(flags)
    done = restore(settings, ids) if ids else list_removed(settings)
    click.echo(json.dumps(done, ensure_ascii=False) if as_json else removed_text(done))


@main.command()
@_JSON
@setting_flags((*READERS, *CAPTIONING))
def status(as_json: bool, **flags: str | None) -> None:
    """Say how the album is: counts, captioners, index, disk, versions."""
    from cli.status import album_status, status_text

    state = album_status(settings_from(flags))
    click.echo(json.dumps(state, ensure_ascii=False) if as_json else status_text(state))


@main.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@_JSON
@setting_flags((*DECODING, "log_level"))
def inspect(file: Path, as_json: bool, **flags: str | None) -> None:
    """Say what the album reads from one FILE. Nothing is kept."""
    from cli.inspecting import inspect_file, inspection_text

    read = inspect_file(settings_from(flags), file)
    click.echo(
        json.dumps(read, ensure_ascii=False) if as_json else inspection_text(read)
    )
