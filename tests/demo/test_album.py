"""The demo album on disk."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from pathlib import Path

import pytest
from PIL import Image
from PIL.ExifTags import GPS, IFD, Base

from demo.album import WANTED, WANTED_COUNT, AlbumPhoto, plan_album, write_album


@pytest.fixture(scope="module")
def album(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("album")
    write_album(folder)
    return folder


def states(folder: Path) -> dict[str, tuple[int, str]]:
    return {
        path.relative_to(folder).as_posix(): (
            path.stat().st_mtime_ns,
            hashlib.sha256(path.read_bytes()).hexdigest(),
        )
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_holds_what_was_planned_and_no_photo_twice(album: Path) -> None:
    found = states(album)
    plan = plan_album()
    assert sorted(found) == sorted(photo.file for photo in plan)
    assert len(found) == 120
    assert len({digest for _, digest in found.values()}) == 120
    assert len({Path(file).parent for file in found}) >= 8


def test_written_twice_is_the_same_and_changes_nothing(
    album: Path, tmp_path: Path
) -> None:
    before = states(album)
    assert len(write_album(album)) == 120
    assert states(album) == before
    write_album(tmp_path, count=20)
    other = tmp_path / "again"
    write_album(other, count=20)
    for path in write_album(tmp_path, count=20):
        twin = other / path.relative_to(tmp_path)
        assert path.read_bytes() == twin.read_bytes()


def test_a_cut_short_album_is_completed_and_an_edited_photo_kept(
    tmp_path: Path,
) -> None:
    first, second, *_ = write_album(tmp_path, count=20)
    whole = first.read_bytes()
    first.unlink()
    second.write_bytes(b"mine")
    write_album(tmp_path, count=20)
    assert first.read_bytes() == whole
    assert second.read_bytes() == b"mine"


def test_dogs_and_the_wanted_scene() -> None:
    plan = plan_album()
    dogs = [photo for photo in plan if photo.scene.thing == "dog"]
    assert len(dogs) >= 10
    at_sea = [p for p in dogs if (p.scene.place, p.scene.time) == ("beach", "sunset")]
    assert [photo.scene for photo in at_sea] == [WANTED] * WANTED_COUNT
    assert len({photo.taken.year for photo in at_sea}) == 3


def test_dates_span_years_and_suit_the_time_of_day() -> None:
    plan = plan_album()
    days = [photo.taken.replace(tzinfo=None) for photo in plan]
    assert timedelta(days=700) < max(days) - min(days) < timedelta(days=1100)
    spans = {
        "morning": (5, 12),
        "noon": (11, 14),
        "sunset": (14, 22),
        "night": (16, 24),
    }
    for photo in plan:
        first, last = spans[photo.scene.time]
        assert first <= photo.taken.hour < last, photo


@pytest.fixture
def planned() -> dict[str, AlbumPhoto]:
    return {photo.file: photo for photo in plan_album()}


def test_exif_tells_date_zone_camera_and_place(
    album: Path, planned: dict[str, AlbumPhoto]
) -> None:
    placed = 0
    for file, photo in planned.items():
        with Image.open(album / file) as image:
            assert (image.format, image.size) == ("JPEG", photo.size)
            exif = image.getexif()
        assert (exif[Base.Make], exif[Base.Model]) == photo.camera
        details = exif.get_ifd(IFD.Exif)
        assert details[Base.DateTimeOriginal] == f"{photo.taken:%Y:%m:%d %H:%M:%S}"
        offset = details.get(Base.OffsetTimeOriginal)
        assert (offset is None) == (photo.taken.tzinfo is None)
        if offset is not None:
            assert offset == str(photo.taken)[-6:]
        if photo.position is not None:
            placed += 1
            gps = exif.get_ifd(IFD.GPSInfo)
            found = decimal(gps[GPS.GPSLatitude]), decimal(gps[GPS.GPSLongitude])
            west = gps[GPS.GPSLongitudeRef] == "W"
            assert found[0] == pytest.approx(photo.position[0], abs=1e-5)
            assert found[1] * (-1 if west else 1) == pytest.approx(
                photo.position[1], abs=1e-5
            )
    assert 90 < placed < 120


def decimal(parts: tuple[float, float, float]) -> float:
    degrees, minutes, seconds = (float(part) for part in parts)
    return degrees + minutes / 60 + seconds / 3600
