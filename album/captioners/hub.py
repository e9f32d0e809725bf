"""Fetching a model's weights from the hub, when the user has asked for them.

A download goes into the album's own model folder, one file after the other, each as
`NAME.part` until it is whole and its hash is right. It is done here, and not by
huggingface_hub's own download, because that one (2.4.0) drops a half-fetched file, and
the 2B model is one file of 4.26 GB.
"""

from __future__ import annotations

import hashlib
import logging
import re
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from album.captioners.weights import QWEN, Kind, download_folder, is_hub_id
from album.errors import ModelUnavailable

logger = logging.getLogger(__name__)

TIMEOUT_SECONDS = 10.0
"""For each step of a request: to connect, and between two pieces of an answer."""
ATTEMPTS = 5
CHUNK_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class HubFile:
    """One file to fetch: its size in bytes and its sha256, or git's sha1 of it."""

    name: str
    url: str
    size: int
    sha256: str | None
    git_sha1: str


def download_size(model: str, kind: Kind = QWEN, *, endpoint: str | None = None) -> int:
    """Bytes that `fetch_weights` would bring. Raises ModelUnavailable."""
    _, files = _listing(model, kind, endpoint)
    return sum(file.size for file in files)


def fetch_weights(
    model: str,
    folder: Path,
    progress: Callable[[int, int], None],
    stop: Callable[[], bool],
    kind: Kind = QWEN,
    *,
    endpoint: str | None = None,
) -> Path:
    """Bring the model's files into `folder` and return where they are.

    `progress(bytes done, bytes in all)` is called about once per MiB, and `stop()` is
    asked as often. What has come so far is kept, and the next call goes on from there.
    Raises ModelUnavailable: no network, no such model, stopped, damaged, disk full.
    """
    revision, files = _listing(model, kind, endpoint)
    target = download_folder(model, folder) / revision[:12]
    total = sum(file.size for file in files)
    try:
        target.mkdir(parents=True, exist_ok=True)
        _check_space(model, target, total)
        done = 0
        for file in sorted(files, key=lambda file: file.size):
            try:
                _fetch(model, file, target, _offset(progress, done, total), stop)
            except _Broken as error:
                raise _unavailable(model, kind) from error
            done += file.size
    except OSError as error:
        raise ModelUnavailable(f"{model} could not be kept: {error}.") from error
    if not kind.is_complete(target):
        raise ModelUnavailable(f"The hub's copy of {model} lacks files; not usable.")
    return target


def _offset(
    progress: Callable[[int, int], None], done: int, total: int
) -> Callable[[int], None]:
    return lambda came: progress(done + came, total)


class _Broken(Exception):
    """The connection broke too often."""


def _unavailable(model: str, kind: Kind) -> ModelUnavailable:
    return ModelUnavailable(
        f"{model} is not on this machine and the model hub cannot be reached: download "
        f"it elsewhere and {kind.without}."
    )


def _listing(model: str, kind: Kind, endpoint: str | None) -> tuple[str, list[HubFile]]:
    """The newest revision and its files, by one request."""
    import httpx2
    from huggingface_hub import HfApi, hf_hub_url
    from huggingface_hub.errors import HfHubHTTPError

    if not is_hub_id(model):
        raise ModelUnavailable(f"There is no complete model in the folder {model}.")
    try:
        info = HfApi(endpoint=endpoint, token=False).model_info(
            model, files_metadata=True, timeout=TIMEOUT_SECONDS
        )
        revision = str(info.sha)
        files = [
            HubFile(
                name=entry.rfilename,
                url=hf_hub_url(
                    model, entry.rfilename, revision=revision, endpoint=endpoint
                ),
                size=entry.lfs.size if entry.lfs else int(entry.size or 0),
                sha256=entry.lfs.sha256 if entry.lfs else None,
                git_sha1=entry.blob_id or "",
            )
            for entry in info.siblings or []
            if kind.wanted(entry.rfilename)
        ]
    except HfHubHTTPError as error:
        if error.response.status_code in (401, 403, 404):
            raise ModelUnavailable(f"The hub has no public model {model}.") from error
        raise _unavailable(model, kind) from error
    except (OSError, httpx2.HTTPError, ValueError, TypeError, KeyError) as error:
        raise _unavailable(model, kind) from error
    if not re.fullmatch(r"[0-9a-f]{12,64}", revision) or not files:
        raise ModelUnavailable(f"The hub's copy of {model} lacks files; not usable.")
    return revision, files


def _check_space(model: str, target: Path, total: int) -> None:
    have = sum(path.stat().st_size for path in target.rglob("*") if path.is_file())
    free = shutil.disk_usage(target).free
    if total - have > free:
        raise ModelUnavailable(
            f"{model} needs {(total - have) / 1e9:.1f} GB on disk, but only "
            f"{free / 1e9:.1f} GB are free in {target}."
        )


def _fetch(
    model: str,
    file: HubFile,
    target: Path,
    progress: Callable[[int], None],
    stop: Callable[[], bool],
) -> None:
    """One file, from where it was left. The connection may break ATTEMPTS times."""
    import httpx2

    whole, part = target / file.name, target / f"{file.name}.part"
    whole.parent.mkdir(exist_ok=True)
    if whole.is_file() and whole.stat().st_size == file.size:
        progress(file.size)
        return
    attempts = ATTEMPTS
    while (before := _size(part)) < file.size or not part.exists():
        trouble: Exception | None = None
        try:
            _stream(model, file, part, progress, stop)
        except (httpx2.HTTPError, ConnectionError) as error:
            trouble = error
        if _size(part) >= file.size:
            break
        # An answer may also end early without any error.
        attempts = ATTEMPTS if _size(part) > before else attempts - 1
        if attempts == 0:
            raise _Broken from trouble
        logger.info("Download of %s broke off (%s), going on", file.name, trouble)
        time.sleep(1.0)
    _check_hash(model, file, part)
    part.replace(whole)


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _stream(
    model: str,
    file: HubFile,
    part: Path,
    progress: Callable[[int], None],
    stop: Callable[[], bool],
) -> None:
    """Append to the part what is still to come; begin anew if the server must."""
    from huggingface_hub import get_session

    if file.size == 0:
        part.touch()
        return
    have = _size(part)
    wanted = {"Range": f"bytes={have}-"} if have else {}
    with get_session().stream(
        "GET",
        file.url,
        headers={"Accept-Encoding": "identity", **wanted},
        timeout=TIMEOUT_SECONDS,
        follow_redirects=True,
    ) as response:
        response.raise_for_status()
        have = have if response.status_code == 206 else 0
        with part.open("ab" if have else "wb") as out:
            reported = have
            # Pieces as they come: with a fixed size, an unfilled last one is lost when
            # the connection breaks.
            for piece in response.iter_bytes():
                if stop():
                    raise ModelUnavailable(
                        f"The download of {model} was stopped; what came is kept."
                    )
                out.write(piece)
                have += len(piece)
                if have > file.size:
                    break
                if have - reported >= CHUNK_BYTES or have == file.size:
                    progress(have)
                    reported = have


def _check_hash(model: str, file: HubFile, part: Path) -> None:
    if file.sha256:
        digest, wanted = hashlib.sha256(), file.sha256
    else:
        # git names a small file by the sha1 of this header and its bytes.
        digest, wanted = hashlib.sha1(usedforsecurity=False), file.git_sha1
        digest.update(f"blob {file.size}\0".encode())
    with part.open("rb") as content:
        while block := content.read(CHUNK_BYTES):
            digest.update(block)
    if digest.hexdigest() != wanted or part.stat().st_size != file.size:
        part.unlink()
        raise ModelUnavailable(
            f"{file.name} of {model} arrived damaged and was dropped; try again."
        )
