"""Finding a model's weights, refusing bad ones, fetching them from a (local) hub."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import socket
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from album.captioners import hub
from album.captioners.hub import download_size, fetch_weights
from album.captioners.weights import check_folder, find_weights, is_complete
from album.errors import ModelError, ModelUnavailable

MODEL = "Someone/Small-Model"
REVISION = "0123456789abcdef0123456789abcdef01234567"
SHARD_BYTES = 3_000_000


def safetensors(byte: int, size: int = SHARD_BYTES) -> bytes:
    """One uint8 tensor of `size` bytes, as the format's page describes it."""
    header = json.dumps(
        {"t": {"dtype": "U8", "shape": [size], "data_offsets": [0, size]}}
    ).encode()
    return struct.pack("<Q", len(header)) + header + bytes([byte]) * size


def index(*names: str) -> bytes:
    return json.dumps({"weight_map": {f"w{n}": n for n in names}}).encode()


FILES = {
    "config.json": b'{"model_type": "qwen3_vl"}',
    "preprocessor_config.json": b"{}",
    "tokenizer.json": b"{}",
    "empty.txt": b"",
    "model.safetensors.index.json": index("a.safetensors", "b.safetensors"),
    "a.safetensors": safetensors(1),
    "b.safetensors": safetensors(2),
}
NOT_WANTED = {"README.md": b"hello", "modeling.py": b"x", "old.bin": b"y"}
TOTAL = sum(map(len, FILES.values()))


def write(folder: Path, files: dict[str, bytes]) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return folder


class Hub(ThreadingHTTPServer):
    """The two requests of the hub that a download makes, with faults to order."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), HubRequest)
        self.files = {**FILES, **NOT_WANTED}
        self.asked: list[tuple[str, int]] = []
        self.status = 200
        self.portal = False
        self.hang = threading.Event()
        self.hang.set()
        self.break_after: list[int] = []
        self.ranges = True
        self.served = dict(self.files)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class HubRequest(BaseHTTPRequestHandler):
    server: Hub

    def do_GET(self) -> None:
        self.server.hang.wait(20)
        if self.server.status != 200:
            self.answer(self.server.status, b"{}")
        elif self.server.portal:
            self.answer(200, b"<html>Please log in</html>")
        elif self.path.startswith(f"/api/models/{MODEL}"):
            self.answer(200, json.dumps(self.listing()).encode())
        else:
            self.answer_file(self.path.partition(f"/resolve/{REVISION}/")[2])

    def listing(self) -> dict[str, object]:
        siblings = []
        for name, content in self.server.files.items():
            git = hashlib.sha1(f"blob {len(content)}\0".encode() + content)
            entry = {"rfilename": name, "size": len(content), "blobId": git.hexdigest()}
            if name.endswith(".safetensors"):
                sha256 = hashlib.sha256(content).hexdigest()
                entry["lfs"] = {
                    "sha256": sha256, "size": len(content), "pointerSize": 130
                }  # fmt: skip
            siblings.append(entry)
        siblings.append({"rfilename": "sub/config.json", "size": 2, "blobId": "00"})
        siblings.append({"rfilename": "../escape.json", "size": 2, "blobId": "00"})
        return {"id": MODEL, "sha": REVISION, "siblings": siblings}

    def answer_file(self, name: str) -> None:
        assert f"/{MODEL}/resolve/{REVISION}/" in self.path
        content = self.server.served[name]
        wanted = self.headers.get("Range")
        start = 0
        if wanted and self.server.ranges:
            start = int(wanted.removeprefix("bytes=").removesuffix("-"))
        self.server.asked.append((name, start))
        self.send_response(206 if start else 200)
        self.send_header("Content-Length", str(len(content) - start))
        self.end_headers()
        if name.endswith(".safetensors") and self.server.break_after:
            cut = self.server.break_after.pop(0)
            self.wfile.write(content[start : start + cut])
            self.close_connection = True
        else:
            self.wfile.write(content[start:])

    def answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        """Silent."""


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    """A hub of our own; the library is told that it may go online to reach it."""
    import huggingface_hub.constants

    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_OFFLINE", False)
    # A broken connection is waited for; there is nothing to wait for here.
    monkeypatch.setattr(hub.time, "sleep", lambda seconds: None)
    server = Hub()
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield server
    server.hang.set()
    server.shutdown()
    server.server_close()
    thread.join(5)


class Watcher:
    """Notes the progress, and asks to stop after so many reports."""

    def __init__(self, stop_after: int = 10**9) -> None:
        self.seen: list[tuple[int, int]] = []
        self.stop_after = stop_after

    def progress(self, done: int, total: int) -> None:
        self.seen.append((done, total))

    def stop(self) -> bool:
        return len(self.seen) >= self.stop_after


def fetch(server: Hub, folder: Path, stop_after: int = 10**9) -> tuple[Path, Watcher]:
    watcher = Watcher(stop_after)
    path = fetch_weights(
        MODEL, folder, watcher.progress, watcher.stop, endpoint=server.url
    )
    return path, watcher


def test_fetches_what_is_wanted_and_nothing_else(server: Hub, tmp_path: Path) -> None:
    assert download_size(MODEL, endpoint=server.url) == TOTAL
    assert find_weights(MODEL, tmp_path) is None
    path, watcher = fetch(server, tmp_path)
    assert {p.name: p.read_bytes() for p in path.iterdir()} == FILES
    assert find_weights(MODEL, tmp_path) == path
    assert {total for _, total in watcher.seen} == {TOTAL}
    done = [done for done, _ in watcher.seen]
    assert done == sorted(done)
    assert done[-1] == TOTAL
    assert len(done) >= 6  # about once per MiB of two files of 3 MB
    assert [p for p in tmp_path.rglob("*") if "escape" in p.name] == []


def test_a_second_fetch_brings_nothing(server: Hub, tmp_path: Path) -> None:
    fetch(server, tmp_path)
    server.asked.clear()
    _, watcher = fetch(server, tmp_path)
    assert server.asked == []
    assert watcher.seen[-1] == (TOTAL, TOTAL)


def test_a_stopped_fetch_goes_on_where_it_was(server: Hub, tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable, match="stopped"):
        fetch(server, tmp_path, stop_after=6)
    assert find_weights(MODEL, tmp_path) is None
    (part,) = tmp_path.rglob("*.part")
    have = part.stat().st_size
    assert have > 1_000_000
    server.asked.clear()
    path, _ = fetch(server, tmp_path)
    assert server.asked[0] == (part.stem, have)
    assert (path / part.stem).read_bytes() == FILES[part.stem]


def test_a_broken_connection_goes_on_where_it_broke(
    server: Hub, tmp_path: Path
) -> None:
    server.break_after = [1_500_000, 700_000]
    path, _ = fetch(server, tmp_path)
    assert (path / "a.safetensors").read_bytes() == FILES["a.safetensors"]
    starts = [start for name, start in server.asked if name == "a.safetensors"]
    assert starts == [0, 1_500_000, 2_200_000]


def test_a_server_without_ranges_begins_anew(server: Hub, tmp_path: Path) -> None:
    server.break_after, server.ranges = [1_500_000], False
    path, _ = fetch(server, tmp_path)
    assert (path / "a.safetensors").read_bytes() == FILES["a.safetensors"]


def test_a_connection_that_always_breaks_ends_with_a_sentence(
    server: Hub, tmp_path: Path
) -> None:
    server.break_after = [0] * 50
    with pytest.raises(ModelUnavailable, match="--captioner basic"):
        fetch(server, tmp_path)
    assert len(server.break_after) == 50 - hub.ATTEMPTS


@pytest.mark.parametrize("ranges", [True, False])
def test_a_server_whose_file_is_too_short_is_given_up(
    server: Hub, tmp_path: Path, ranges: bool
) -> None:
    server.served["a.safetensors"] = FILES["a.safetensors"][:1000]
    server.ranges = ranges
    with pytest.raises(ModelUnavailable, match="--captioner basic"):
        fetch(server, tmp_path)
    assert len(server.asked) < 20


@pytest.mark.parametrize("name", ["a.safetensors", "config.json"])
def test_wrong_bytes_are_dropped(server: Hub, tmp_path: Path, name: str) -> None:
    server.served[name] = bytes(len(FILES[name]))
    with pytest.raises(ModelUnavailable, match=f"{name}.*damaged"):
        fetch(server, tmp_path)
    assert list(tmp_path.rglob(f"{name}*")) == []
    server.served = dict(server.files)
    assert is_complete(fetch(server, tmp_path)[0])


@pytest.mark.parametrize("missing", ["b.safetensors", "tokenizer.json", "config.json"])
def test_a_hub_copy_that_lacks_a_file_is_not_used(
    server: Hub, tmp_path: Path, missing: str
) -> None:
    del server.files[missing]
    with pytest.raises(ModelUnavailable, match="lacks files"):
        fetch(server, tmp_path)
    assert find_weights(MODEL, tmp_path) is None


@pytest.mark.parametrize(
    ("status", "words"),
    [(401, "no public model"), (404, "no public model"), (500, "--captioner basic")],
)
def test_an_error_of_the_hub_is_one_sentence(
    server: Hub, tmp_path: Path, status: int, words: str
) -> None:
    server.status = status
    with pytest.raises(ModelUnavailable, match=words):
        fetch(server, tmp_path)


def test_a_login_page_instead_of_the_hub(server: Hub, tmp_path: Path) -> None:
    server.portal = True
    with pytest.raises(ModelUnavailable, match="cannot be reached"):
        download_size(MODEL, endpoint=server.url)


def test_a_hub_that_hangs_is_given_up(
    server: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub, "TIMEOUT_SECONDS", 0.2)
    server.hang.clear()
    with pytest.raises(ModelUnavailable, match="cannot be reached"):
        fetch(server, tmp_path)


def test_a_full_disk_is_said_before_the_download(
    server: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shutil.disk_usage(tmp_path)._replace(free=1_000_000)
    monkeypatch.setattr(hub.shutil, "disk_usage", lambda path: usage)
    with pytest.raises(ModelUnavailable, match="GB on disk"):
        fetch(server, tmp_path)
    assert server.asked == []


@pytest.mark.parametrize("offline", ["0", "1"])
def test_without_a_network_it_says_what_to_do_at_once(
    tmp_path: Path, offline: str
) -> None:
    """Against a closed port of this machine, in a process of its own."""
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
        code = (
            "import sys, pathlib; from album.captioners.hub import fetch_weights\n"
            f"try: fetch_weights({MODEL!r}, pathlib.Path({str(tmp_path)!r}), "
            "lambda a, b: None, lambda: False)\n"
            "except Exception as error: print(type(error).__name__, error, sep='|')"
        )
        started = time.monotonic()
        done = subprocess.run(
            [sys.executable, "-c", code],
            env={
                **os.environ,
                "HF_ENDPOINT": f"http://127.0.0.1:{port}",
                "HF_HUB_OFFLINE": offline,
            },
            capture_output=True,
            text=True,
            check=False,
            timeout=30,
        )
    assert time.monotonic() - started < 30  # no minutes of trying again
    kind, _, sentence = done.stdout.strip().partition("|")
    assert kind == "ModelUnavailable"
    assert sentence == (
        f"{MODEL} is not on this machine and the model hub cannot be reached: download "
        "it elsewhere and pass the folder with --qwen-model, or use --captioner basic."
    )
    assert done.stderr == ""


def test_a_whole_local_folder_is_found(tmp_path: Path) -> None:
    folder = write(tmp_path / "model", FILES)
    assert find_weights(str(folder), tmp_path / "none") == folder
    assert find_weights(str(tmp_path / "nowhere"), tmp_path) is None
    with pytest.raises(ModelUnavailable, match="no complete model"):
        download_size(str(tmp_path / "nowhere"))


def test_what_other_programs_fetched_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the hub's own cache; a snapshot without all of its files is not."""
    import huggingface_hub.constants

    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_CACHE", str(tmp_path))
    home = tmp_path / "models--Someone--Small-Model"
    snapshot = write(home / "snapshots" / REVISION, FILES)
    write(home / "refs", {"main": REVISION.encode()})
    assert find_weights(MODEL, tmp_path / "none") == snapshot
    (snapshot / "b.safetensors").unlink()
    assert find_weights(MODEL, tmp_path / "none") is None


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.safetensors", FILES["a.safetensors"][:-1]),
        ("a.safetensors", FILES["a.safetensors"] + b"\0"),
        ("a.safetensors", b""),
        ("a.safetensors", b"\0" * 100),
        ("a.safetensors", struct.pack("<Q", 2**60) + b"{}"),
        ("a.safetensors", struct.pack("<Q", 2) + b"[]"),
        ("a.safetensors", struct.pack("<Q", 7) + b'{"a":1}'),
        ("a.safetensors", struct.pack("<Q", 4) + b"\xff\xfe\xff\xfe"),
        ("b.safetensors", None),
        ("config.json", None),
        ("tokenizer.json", None),
        ("preprocessor_config.json", None),
        ("model.safetensors.index.json", b"{"),
        ("model.safetensors.index.json", b"[]"),
        ("model.safetensors.index.json", b'{"weight_map": {}}'),
        ("model.safetensors.index.json", None),
    ],
)
def test_a_half_written_folder_is_not_complete(
    tmp_path: Path, name: str, content: bytes | None
) -> None:
    folder = write(tmp_path / "model", FILES)
    assert is_complete(folder)
    if content is None:
        (folder / name).unlink()
    else:
        (folder / name).write_bytes(content)
    assert not is_complete(folder)


def test_one_weight_file_needs_no_index(tmp_path: Path) -> None:
    files = {k: v for k, v in FILES.items() if "safetensors" not in k}
    folder = write(tmp_path, {**files, "model.safetensors": safetensors(1)})
    assert is_complete(folder)


def test_shards_outside_the_folder_are_refused(tmp_path: Path) -> None:
    write(tmp_path, {"secret.safetensors": safetensors(1)})
    folder = write(tmp_path / "model", FILES)
    (folder / "model.safetensors.index.json").write_bytes(
        index("../secret.safetensors")
    )
    assert not is_complete(folder)


@pytest.mark.parametrize("name", ["m.py", "m.bin", "m.pt", "m.PKL", "m.so", "m.ckpt"])
def test_code_and_pickles_are_refused(tmp_path: Path, name: str) -> None:
    folder = write(tmp_path, FILES)
    check_folder(folder)
    (folder / name).touch()
    with pytest.raises(ModelError, match="may run code"):
        check_folder(folder)


@pytest.mark.parametrize("name", ["config.json", "tokenizer_config.json"])
def test_a_model_with_code_of_its_own_is_refused(tmp_path: Path, name: str) -> None:
    content = b'{"model_type": "qwen3_vl", "auto\\u005fmap": {}}'
    folder = write(tmp_path, {**FILES, name: content})
    with pytest.raises(ModelError, match="auto_map"):
        check_folder(folder)
