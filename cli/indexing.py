"""`index`: bring folders in once, with a progress bar and a full account."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import click
from tqdm import tqdm

from album.scanner import ScanSummary
from cli.building import Album, open_album
from cli.reading import shown
from cli.words import progress_text
from settings import Settings


def index_once(settings: Settings, folders: Sequence[Path], *, retry: bool) -> None:
    """Scan, read, caption and embed until nothing is left; print a summary.

    `retry`: also what was given up before.
    """
    album = open_album(settings, folders)
    try:
        if retry:
            album.indexer.retry_failures()
        start_fetch(album)
        scans = album.indexer.scan()
        for path, reason in (u for scan in scans for u in scan.unreadable):
            click.echo(f"Cannot read the folder {path}: {reason}", err=True)
        work_off(album, "Indexing")
        click.echo(summary_text(album))
    finally:
        album.close()


def start_fetch(album: Album) -> None:
    """Let missing weights come in the background, if anybody wants them."""
    for fetch in album.fetches:
        fetch.on_news(lambda sentence: tqdm.write(sentence, sys.stderr))
        fetch.start()
        notice = fetch.notice()
        if notice:
            click.echo(notice, err=True)
    told = album.text.learning.notice()
    if told:
        click.echo(told, err=True)


def work_off(album: Album, title: str) -> None:
    """Let every stage work until nothing waits, with a progress bar on stderr.

    Also when the page was paused: whoever runs a command wants it done now.
    """
    album.indexer.resume(remember=False)
    # The rate and the time left are ours: the bar's own would take the reading of a
    # thousand pictures for the pace of a caption model.
    form = "{desc}: {percentage:3.0f}%|{bar}| {n_fmt}/{total_fmt} photos{postfix}"
    with tqdm(dynamic_ncols=True, desc=title, bar_format=form) as bar:

        def show() -> None:
            progress = album.indexer.progress()
            bar.total = progress.total
            bar.n = progress.done
            bar.set_postfix_str(progress_text(progress), refresh=True)

        album.indexer.run_once(show)
        if album.fetches:
            for fetch in album.fetches:
                fetch.wait()
            album.indexer.run_once(show)  # the turn of the models that came
        show()


def summary_text(album: Album) -> str:
    """What became of every file: counts, then each failure with its reason."""
    read, scans = album.reading.summary, album.indexer.summaries
    parts = [
        ("added", read.added),
        ("changed", read.changed),
        ("moved", read.moved),
        ("same picture as another file", read.duplicates),
        ("returned", _sum(scans, "returned")),
        ("missing", _sum(scans, "missing")),
    ]
    failures = album.indexer.failures()
    lines = [
        f"{_sum(scans, 'seen')} files seen: "
        + ", ".join(f"{count} {name}" for name, count in parts)
        + f", {len(failures)} failed."
    ]
    passed = sum((scan.passed_over for scan in scans), Counter())
    if passed:
        kinds = ", ".join(
            f"{n} {kind or 'without suffix'}" for kind, n in sorted(passed.items())
        )
        lines.append(f"{passed.total()} other files passed over: {kinds}.")
    offline = [r.path for r in album.catalogue.roots.all() if r.offline_since]
    lines += [f"Offline, left as it was: {shown(path)}" for path in offline]
    lines += [f"  failed: {f.folder}/{f.name}: {f.reason}" for f in failures]
    by = album.catalogue.captions.by_captioner()
    lines.append(
        "Captions: " + (", ".join(f"{n} by {who}" for who, n in by.items()) or "none")
    )
    progress = album.indexer.progress()
    lines += [text for text in (progress.notice, progress.waits) if text]
    return "\n".join(lines)


def _sum(scans: Sequence[ScanSummary], name: str) -> int:
    return sum(getattr(scan, name) for scan in scans)
