"""The thumbnail cache: what is kept comes back whole, what is damaged comes not."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image

from album.thumbnails import Thumbnails

KEY = "ab12" + "0" * 60
OTHER = "ab13" + "0" * 60


def webp(edge: int) -> bytes:
    written = io.BytesIO()
    Image.effect_noise((edge, edge), 50).save(written, "WEBP")
    return written.getvalue()


SMALL, LARGE = webp(30), webp(90)


@pytest.fixture
def cache(tmp_path: Path) -> Thumbnails:
    cache = Thumbnails(tmp_path / "thumbnails")
    cache.put(KEY, SMALL, LARGE)
    return cache


def stored(cache: Thumbnails, ending: str) -> Path:
    (path,) = cache.folder.rglob(f"*-{ending}")
    return path


def test_both_sizes_come_back(cache: Thumbnails) -> None:
    assert cache.get(KEY, "thumbnail") == SMALL
    assert cache.get(KEY, "view") == LARGE
    assert cache.get(OTHER, "thumbnail") is None


def test_another_program_finds_them(cache: Thumbnails) -> None:
    assert Thumbnails(cache.folder).get(KEY, "view") == LARGE


def test_put_replaces_and_leaves_no_temporary_file(cache: Thumbnails) -> None:
    cache.put(KEY, LARGE, SMALL)
    assert cache.get(KEY, "thumbnail") == LARGE
    names = sorted(path.name for path in cache.folder.rglob("*") if path.is_file())
    assert names == [f"{KEY}-thumbnail", f"{KEY}-view"]


def test_every_flipped_byte_is_noticed(cache: Thumbnails) -> None:
    path = stored(cache, "thumbnail")
    whole = path.read_bytes()
    for place in range(len(whole)):
        damaged = bytearray(whole)
        damaged[place] ^= 0x10
        path.write_bytes(damaged)
        assert cache.get(KEY, "thumbnail") is None, place
    path.write_bytes(whole)
    assert cache.get(KEY, "thumbnail") == SMALL


@pytest.mark.parametrize("length", [0, 1, 11, 12, 16, 40, -1, -16])
def test_every_lost_end_is_noticed(cache: Thumbnails, length: int) -> None:
    path = stored(cache, "view")
    path.write_bytes(path.read_bytes()[:length])
    assert cache.get(KEY, "view") is None
    assert cache.get(KEY, "thumbnail") == SMALL
    cache.put(KEY, SMALL, LARGE)
    assert cache.get(KEY, "view") == LARGE


def test_a_folder_in_the_place_of_a_file_is_missing(cache: Thumbnails) -> None:
    path = stored(cache, "view")
    path.unlink()
    path.mkdir()
    assert cache.get(KEY, "view") is None


def test_files_are_spread_over_folders(cache: Thumbnails) -> None:
    cache.put(OTHER, SMALL, LARGE)
    folders = {
        path.parent.relative_to(cache.folder) for path in cache.folder.rglob("*-view")
    }
    assert folders == {Path("ab/12"), Path("ab/13")}


def test_bytes_used_counts_what_is_on_disk(cache: Thumbnails, tmp_path: Path) -> None:
    digests = 2 * 16
    assert cache.bytes_used() == len(SMALL) + len(LARGE) + digests
    assert Thumbnails(tmp_path / "none").bytes_used() == 0


@pytest.mark.parametrize("key", ["", "../../etc/passwd", "AB" * 32, "a" * 63, "a" * 65])
def test_only_a_hash_names_a_file(cache: Thumbnails, key: str) -> None:
    with pytest.raises(ValueError, match="sha256"):
        cache.get(key, "view")
    with pytest.raises(ValueError, match="sha256"):
        cache.put(key, SMALL, LARGE)
