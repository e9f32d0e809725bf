"""The scan on real folders: odd names, links, pipes, lost roots, and what changed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from album.catalogue import Catalogue
from album.catalogue_roots import Root
from album.scanner import Scanner, ScanSummary

LONG_AGO = 1_500_000_000


class Place:
    """A root with files, a catalogue beside it, and scans of one into the other."""

    def __init__(self, folder: Path) -> None:
        self.pictures = folder / "pictures"
        self.pictures.mkdir()
        self.catalogue = Catalogue(folder / "data")
        self.catalogue.roots.add(self.pictures)
        self.scanner = Scanner(self.catalogue, never=(folder / "data",))

    @property
    def root(self) -> Root:
        return self.catalogue.roots.all()[0]

    def write(self, name: bytes | str, content: bytes = b"x") -> Path:
        path = Path(os.fsdecode(os.path.join(os.fsencode(self.pictures), _b(name))))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        os.utime(path, (LONG_AGO, LONG_AGO))
        return path

    def scan(self) -> ScanSummary:
        return self.scanner.scan(self.root)

    def paths(self) -> set[bytes]:
        return set(self.catalogue.files.known(self.root.id))

    def missing(self) -> set[bytes]:
        known = self.catalogue.files.known(self.root.id)
        return {path for path, file in known.items() if file.missing}


def _b(name: bytes | str) -> bytes:
    return name if isinstance(name, bytes) else os.fsencode(name)


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    made = Place(tmp_path)
    yield made
    made.catalogue.close()


def test_only_pictures_are_found_by_their_suffix(place: Place) -> None:
    for name in ("a.jpg", "B.JPEG", "sub/c.png", "d.HeIc", "notes.txt", "e.mp4"):
        place.write(name)
    for name in (".hidden/x.jpg", "@eaDir/a.jpg", "$RECYCLE.BIN/y.jpg", "._a.jpg"):
        place.write(name)
    assert place.scan().new == 4
    assert place.paths() == {b"a.jpg", b"B.JPEG", b"sub/c.png", b"d.HeIc"}


@pytest.mark.skipif(sys.platform != "linux", reason="names of bytes: Linux")
@pytest.mark.parametrize(
    "name",
    [
        b"not utf-8 \xff\xfe.jpg",
        b"new\nline.jpg",
        "😀 emoji.jpg".encode(),
        b"a" * 251 + b".jpg",
        b"-rf.jpg",
        b"quote'\"<b>%00#?;.jpg",
        "\u202ertl.jpg".encode(),
        b"trailing dot. /x.jpg",
    ],
)
def test_odd_names_are_kept_byte_by_byte(place: Place, name: bytes) -> None:
    place.write(name)
    assert place.scan().new == 1
    assert place.paths() == {name}
    [file] = place.catalogue.files.to_read(9)
    assert file.path.read_bytes() == b"x"
    assert place.scan().changed == 0


def test_links_pipes_and_circles_do_not_stop_it(place: Place, tmp_path: Path) -> None:
    place.write("real/a.jpg")
    (place.pictures / "loop").symlink_to(place.pictures)
    (place.pictures / "out.jpg").symlink_to("/etc/passwd")
    (place.pictures / "dangling.jpg").symlink_to("/nowhere")
    os.mkfifo(place.pictures / "pipe.jpg")
    assert place.scan().new == 1
    assert place.paths() == {b"real/a.jpg"}


def test_an_unchanged_tree_changes_nothing(place: Place) -> None:
    place.write("a.jpg")
    place.scan()
    before = place.catalogue.changes
    summary = place.scan()
    assert (summary.new, summary.changed, summary.missing) == (0, 0, 0)
    # One empty transaction is allowed for, and no more: nothing was rewritten.
    assert place.catalogue.changes - before <= 1


@pytest.mark.parametrize("how", ["content", "touched", "same size and time"])
def test_a_changed_file_is_to_be_read_again(place: Place, how: str) -> None:
    path = place.write("a.jpg")
    place.scan()
    [file] = place.catalogue.files.to_read(9)
    place.catalogue.failures.record(file.id, "bad")
    place.catalogue.failures.record(file.id, "bad")
    assert place.catalogue.files.count_to_read() == 0
    if how == "content":
        path.write_bytes(b"longer")
    elif how == "touched":
        os.utime(path, (LONG_AGO + 9, LONG_AGO + 9))
    else:
        path.write_bytes(b"y")
        os.utime(path, (LONG_AGO, LONG_AGO))
    assert place.scan().changed == 1
    assert place.catalogue.files.count_to_read() == 1


def test_a_file_written_just_now_is_looked_at_once_more(place: Place) -> None:
    path = place.write("a.jpg")
    os.utime(path)  # within the 2 s that a coarse clock cannot tell apart
    place.scan()
    assert place.scan().changed == 1
    later = Scanner(place.catalogue, clock_ns=lambda: time.time_ns() + 10_000_000_000)
    later.scan(place.root)
    assert later.scan(place.root).changed == 0


def test_a_vanished_file_is_missing_and_may_return(place: Place) -> None:
    place.write("stays.jpg")
    path = place.write("goes.jpg")
    place.scan()
    path.rename(path.with_suffix(".away"))
    assert place.scan().missing == 1
    assert place.missing() == {b"goes.jpg"}
    path.with_suffix(".away").rename(path)
    summary = place.scan()
    assert (summary.returned, summary.new) == (1, 0)
    assert place.missing() == set()


@pytest.mark.parametrize("how", ["gone", "empty", "a file"])
def test_a_lost_root_is_offline_and_changes_nothing(place: Place, how: str) -> None:
    for number in range(5):
        place.write(f"{number}.jpg")
    place.scan()
    known = place.catalogue.files.known(place.root.id)
    aside = place.pictures.with_name("aside")
    place.pictures.rename(aside)
    if how == "empty":
        place.pictures.mkdir()
    elif how == "a file":
        place.pictures.write_bytes(b"")
    summary = place.scan()
    assert summary.offline
    assert place.root.offline_since is not None
    assert place.catalogue.files.known(place.root.id) == known
    assert place.catalogue.files.count_to_read() == 0  # they cannot be read now
    if how == "a file":
        place.pictures.unlink()
    else:
        shutil.rmtree(place.pictures, ignore_errors=True)
    aside.rename(place.pictures)
    summary = place.scan()
    assert (summary.offline, summary.new, summary.changed) == (False, 0, 0)
    assert place.root.offline_since is None


def test_an_unreadable_folder_is_named_and_loses_nothing(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    place.write("open/a.jpg")
    place.write("closed/b.jpg")
    place.scan()
    real = os.scandir

    # Permission bits do not stop root, who may run the tests; the call's answer does.
    def scandir(folder: bytes) -> object:
        if folder.endswith(b"closed"):
            raise PermissionError(13, "Permission denied", folder)
        return real(folder)

    monkeypatch.setattr(os, "scandir", scandir)
    summary = place.scan()
    [(folder, reason)] = summary.unreadable
    assert folder.endswith("closed")
    assert reason == "Permission denied"
    assert place.missing() == set()


def test_the_data_folder_is_never_indexed(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with Catalogue(data) as catalogue:
        root = catalogue.roots.add(tmp_path)
        (data / "thumbnail.webp").write_bytes(b"x")
        (tmp_path / "photo.webp").write_bytes(b"x")
        scanner = Scanner(catalogue, never=(data,))
        assert scanner.scan(root).seen == 1


def test_a_stopped_scan_marks_nothing_missing(place: Place) -> None:
    for number in range(600):
        place.write(f"{number:03}.jpg")
    place.scan()
    for path in list(place.pictures.iterdir())[:50]:
        path.unlink()
    summary = place.scanner.scan(place.root, stopped=lambda: True)
    assert summary.missing == 0
    assert place.missing() == set()


@pytest.mark.skipif(
    sys.platform != "linux" or os.geteuid() != 0, reason="mounting needs root on Linux"
)
def test_a_folder_mounted_twice_is_scanned_once(place: Place) -> None:
    place.write("one/a.jpg")
    twin = place.pictures / "twin"
    twin.mkdir()
    mounted = subprocess.run(
        ["mount", "--bind", str(place.pictures / "one"), str(twin)], check=False
    )
    if mounted.returncode:
        pytest.skip("this sandbox does not let us mount")
    try:
        assert place.scan().seen == 1
    finally:
        subprocess.run(["umount", str(twin)], check=True)


def test_files_that_are_no_pictures_are_counted_by_suffix(place: Place) -> None:
    for name in ("a.jpg", "film.MP4", "b.mp4", "README", "link.jpg.txt"):
        place.write(name)
    (place.pictures / "link.jpg").symlink_to(place.pictures / "a.jpg")
    summary = place.scan()
    assert summary.seen == 1
    assert summary.passed_over == {".mp4": 2, "": 1, ".txt": 1, ".jpg": 1}


def test_one_entry_without_stat_hides_no_other(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(4):
        place.write(f"{number}.jpg")
    place.scan()
    real = os.scandir

    class Broken:
        """An entry on a disk with a bad sector."""

        def __init__(self, entry: os.DirEntry[bytes]) -> None:
            self.name, self.path = entry.name, entry.path

        def is_file(self, *, follow_symlinks: bool) -> bool:
            raise OSError(5, "Input/output error", self.path)

        def is_dir(self, *, follow_symlinks: bool) -> bool:
            return False

    class Listing:
        def __init__(self, folder: bytes) -> None:
            self._entries = real(folder)

        def __enter__(self) -> Iterator[object]:
            return (Broken(e) if e.name == b"2.jpg" else e for e in self._entries)

        def __exit__(self, *_: object) -> None:
            self._entries.close()

    monkeypatch.setattr(os, "scandir", Listing)
    summary = place.scan()
    assert summary.seen == 3
    assert [reason for _, reason in summary.unreadable] == ["Input/output error"]
    assert place.missing() == set()


def test_an_emptied_uploads_folder_is_not_offline(tmp_path: Path) -> None:
    with Catalogue(tmp_path / "data") as catalogue:
        uploads = tmp_path / "uploads"
        uploads.mkdir()
        catalogue.roots.add(uploads, "uploads")
        (uploads / "a.jpg").write_bytes(b"x")
        scanner = Scanner(catalogue)
        scanner.scan(catalogue.roots.all()[0])
        (uploads / "a.jpg").unlink()
        summary = scanner.scan(catalogue.roots.all()[0])
        assert (summary.offline, summary.missing) == (False, 1)
