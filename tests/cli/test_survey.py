"""One look at a real album: counts, folders, models and the disk."""

from __future__ import annotations

from pathlib import Path

from PIL import Image

from album.disk_use import DiskUse
from cli.building import open_album
from settings import load


def test_a_look_at_an_album(tmp_path: Path) -> None:
    photos, other = tmp_path / "photos", tmp_path / "other"
    photos.mkdir()
    other.mkdir()
    for number in range(3):
        Image.new("RGB", (64, 48), (40 * number, 90, 120)).save(
            photos / f"{number}.png"
        )
    (photos / "broken.jpg").write_bytes(b"no picture")
    settings = load(
        {"data": str(tmp_path / "data"), "captioner": "basic", "offline": "1"}, {}
    )
    album = open_album(settings, [photos, other])
    try:
        assert album.indexer.scanned_at is None
        album.indexer.request_scan()
        album.indexer.run_once()
        (photos / "2.png").unlink()
        album.indexer.request_scan()
        album.indexer.run_once()
        look = album.survey.look()
        assert look.scanned_at is not None
        counts = look.counts
        assert (counts.read, counts.failed, counts.missing) == (2, 1, 1)
        assert (counts.photos, counts.captioned, counts.waiting) == (2, 2, 0)
        assert counts.embedded == counts.texts
        folders = {each.path.name: each for each in look.folders}
        assert (folders["photos"].files, folders["photos"].failed) == (3, 1)
        assert folders["other"].files == 0
        assert folders["uploads"].kind == "uploads"
        (photos / "0.png").unlink()
        (photos / "1.png").unlink()
        (photos / "broken.jpg").unlink()
        album.indexer.request_scan()
        album.indexer.run_once()
        gone = {each.path.name: each for each in album.survey.look().folders}
        assert gone["photos"].offline_since is not None
        assert gone["photos"].files == 3, "what is away is not missing"
        assert [each.model for each in look.engines if each.work == "search"] == [
            "all-MiniLM-L6-v2"
        ]
    finally:
        album.close()


def test_the_disk_is_measured_beside_and_kept_a_while() -> None:
    """The first look does not wait; later ones have what was measured."""
    sizes, now = [10, 20], [0.0]
    disk = DiskUse({"thumbnails": lambda: sizes.pop(0)}, clock=lambda: now[0])
    assert disk.look() is None
    disk.wait()
    assert disk.look() == {"thumbnails": 10}
    now[0] = 299.0
    assert disk.look() == {"thumbnails": 10}
    disk.wait()
    now[0] = 301.0
    disk.look()
    disk.wait()
    assert disk.look() == {"thumbnails": 20}
