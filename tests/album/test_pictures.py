"""Reading pictures: every format and mode, upright, bounded, or one plain sentence."""

from __future__ import annotations

import hashlib
import io
import os
import random
import socket
import struct
import sys
import zlib
from itertools import pairwise
from pathlib import Path

import pillow_heif
import pytest
from PIL import Image, ImageCms, features

from album import pictures
from album.errors import PictureError
from album.pictures import (
    EXTENSION,
    MIME,
    SUFFIXES,
    decode_file,
    detect_format,
    hash_file,
    hash_only,
    open_thumbnail,
    read_picture,
)
from album.pictures_colours import colour_name
from album.pictures_file import CHANGED
from album.pictures_formats import describe_content

FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "HEIF", "AVIF")
RED, GREEN, BLUE, YELLOW = (200, 30, 30), (30, 160, 60), (30, 60, 200), (240, 220, 40)
UNDO = {  # how to turn an upright picture so that this orientation rights it again
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}
posix = pytest.mark.skipif(sys.platform == "win32", reason="POSIX files")


def quadrants(width: int = 160, height: int = 120) -> Image.Image:
    """Red, green above; blue, yellow below: tells every one of the 8 orientations."""
    picture = Image.new("RGB", (2, 2))
    for place, colour in zip(
        ((0, 0), (1, 0), (0, 1), (1, 1)), (RED, GREEN, BLUE, YELLOW), strict=True
    ):
        picture.putpixel(place, colour)
    return picture.resize((width, height), Image.Resampling.NEAREST)


def write(
    folder: Path, picture: Image.Image, name: str = "PNG", **options: object
) -> Path:
    path = folder / f"picture{EXTENSION[name]}"
    if name in ("JPEG", "WEBP", "HEIF", "AVIF"):
        options.setdefault("quality", 90)
    picture.save(path, name, **options)  # type: ignore[arg-type]
    return path


def corners(webp: bytes) -> list[str]:
    """Colour names in the middle of the four quadrants, as in `quadrants`."""
    picture = open_thumbnail(webp)
    width, height = picture.size
    return [
        colour_name(*picture.getpixel((int(width * x), int(height * y))))  # type: ignore[misc]
        for y in (0.25, 0.75)
        for x in (0.25, 0.75)
    ]


def reason(path: Path) -> str:
    with pytest.raises(PictureError) as caught:
        read_picture(path)
    return caught.value.reason


def test_decoders_are_recent_enough() -> None:
    """Older ones have holes: libheif CVE-2026-32740, Pillow CVE-2026-40192."""
    heif = tuple(map(int, pillow_heif.libheif_version().split(".")[:2]))
    assert heif >= (1, 22)
    pillow = features.version_module("pil")
    assert pillow is not None
    assert tuple(map(int, pillow.split(".")[:2])) >= (12, 2)


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_is_read_and_named(tmp_path: Path, name: str) -> None:
    path = write(tmp_path, quadrants(), name)
    reading = read_picture(path)
    assert (reading.format, reading.width, reading.height) == (name, 160, 120)
    assert corners(reading.thumbnail) == ["red", "green", "blue", "yellow"]
    assert detect_format(path.read_bytes()[:64]) == name
    assert path.suffix in SUFFIXES
    assert MIME[name].startswith("image/")


def test_content_counts_not_the_suffix(tmp_path: Path) -> None:
    path = write(tmp_path, quadrants(), "PNG").rename(tmp_path / "really.jpg")
    assert read_picture(path).format == "PNG"


@pytest.mark.parametrize("name", ["JPEG", "PNG", "WEBP", "TIFF", "HEIF", "AVIF"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_orientation_is_righted_once(
    tmp_path: Path, name: str, orientation: int
) -> None:
    stored = quadrants()
    if orientation in UNDO:
        stored = stored.transpose(UNDO[orientation])
    exif = Image.Exif()
    exif[0x0112] = orientation
    reading = read_picture(write(tmp_path, stored, name, exif=exif.tobytes()))
    assert corners(reading.thumbnail) == ["red", "green", "blue", "yellow"]
    assert corners(reading.view) == ["red", "green", "blue", "yellow"]
    assert (reading.width, reading.height) == (160, 120)
    assert open_thumbnail(reading.thumbnail).size == (160, 120)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_heic_without_its_own_rotation_follows_exif(
    tmp_path: Path, orientation: int
) -> None:
    """As early iPhones wrote them: turned by EXIF only, like a JPEG."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    stored = quadrants()
    if orientation in UNDO:
        stored = stored.transpose(UNDO[orientation])
    # An Exif object, unlike its bytes, makes pillow_heif write no irot and no imir.
    path = write(tmp_path, stored, "HEIF", exif=exif)
    assert b"irot" not in path.read_bytes()
    reading = read_picture(path)
    assert corners(reading.thumbnail) == ["red", "green", "blue", "yellow"]
    assert (reading.width, reading.height) == (160, 120)


@pytest.mark.shared
def test_real_photos_of_all_orientations_look_alike(shared_data: Path) -> None:
    folder = shared_data / "metadata" / "exif-orientation"
    upright = open_thumbnail(read_picture(folder / "Portrait_1.jpg").thumbnail)
    expected = upright.resize((8, 8)).convert("L").tobytes()
    for number in range(2, 9):
        reading = read_picture(folder / f"Portrait_{number}.jpg")
        assert (reading.orientation, reading.width) == (number, 1200)
        seen = open_thumbnail(reading.thumbnail).resize((8, 8)).convert("L").tobytes()
        # Only the digit drawn into each picture differs.
        assert max(abs(a - b) for a, b in zip(seen, expected, strict=True)) < 24


def test_thumbnails_carry_no_metadata(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x010F] = "SecretMaker"
    exif.get_ifd(0x8825)[1] = "N"
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    path = write(
        tmp_path,
        quadrants(700, 500),
        "WEBP",
        exif=exif,
        xmp=b"<secret/>",
        icc_profile=profile,
    )
    assert b"SecretMaker" in path.read_bytes()
    reading = read_picture(path)
    for webp in (reading.thumbnail, reading.view):
        with Image.open(io.BytesIO(webp)) as small:
            assert not {"exif", "xmp", "icc_profile"} & set(small.info)
        assert not any(word in webp for word in (b"EXIF", b"XMP ", b"ICCP", b"ecret"))


@pytest.mark.parametrize(
    ("size", "thumbnail", "view"),
    [
        ((3000, 2000), (480, 320), (1600, 1067)),
        ((100, 60), (100, 60), (100, 60)),
        ((20000, 10), (480, 1), (1600, 1)),
        ((3, 9000), (1, 480), (1, 1600)),
        ((1, 1), (1, 1), (1, 1)),
    ],
)
@pytest.mark.parametrize("name", ["PNG", "JPEG"])
def test_sizes_fit_and_are_never_enlarged(
    tmp_path: Path,
    name: str,
    size: tuple[int, int],
    thumbnail: tuple[int, int],
    view: tuple[int, int],
) -> None:
    reading = read_picture(write(tmp_path, Image.new("RGB", size, RED), name))
    assert (reading.width, reading.height) == size
    assert open_thumbnail(reading.thumbnail).size == thumbnail
    assert open_thumbnail(reading.view).size == view


def test_reducing_in_bands_leaves_no_seams(tmp_path: Path) -> None:
    """9,000 px are reduced by 2 in bands; a smooth slope must stay smooth."""
    slope = Image.linear_gradient("L").resize((60, 9000), Image.Resampling.BILINEAR)
    reading = read_picture(write(tmp_path, slope.resize((1500, 9000))))
    column = open_thumbnail(reading.view).convert("L").resize((1, 1600)).tobytes()
    steps = [b - a for a, b in pairwise(column)]
    assert max(map(abs, steps)) <= 2
    assert column[-1] - column[0] > 200


def test_transparent_parts_are_white(tmp_path: Path) -> None:
    clear = Image.new("RGBA", (40, 40), (0, 0, 0, 0))
    assert read_picture(write(tmp_path, clear)).colours == ("white",)
    assert read_picture(write(tmp_path, clear.convert("LA"))).colours == ("white",)
    palette = Image.new("P", (40, 40), 0)
    palette.putpalette([0, 0, 0, 255, 0, 0])
    path = write(tmp_path, palette, "GIF", transparency=0)
    assert read_picture(path).colours == ("white",)


@pytest.mark.parametrize(
    ("mode", "value", "name", "brightness"),
    [
        ("I;16", 32768, "PNG", 0.5),
        ("I;16", 2048, "TIFF", 0.5),  # a 12-bit scan
        ("I;16B", 32768, "TIFF", 0.5),
        ("I", 100_000, "TIFF", 0.0),  # one value only: nothing to stretch
        ("F", 0.5, "TIFF", 0.5),
        ("F", 128.0, "TIFF", 0.5),
        ("1", 1, "PNG", 1.0),
        ("L", 64, "JPEG", 0.25),
        ("CMYK", (0, 0, 0, 0), "JPEG", 1.0),
        ("CMYK", (0, 0, 0, 255), "TIFF", 0.0),
    ],
)
def test_odd_modes(
    tmp_path: Path, mode: str, value: float, name: str, brightness: float
) -> None:
    path = write(tmp_path, Image.new(mode, (64, 48), value), name)
    reading = read_picture(path)
    assert reading.brightness == pytest.approx(brightness, abs=0.02)
    assert not set(reading.colours) - {"black", "grey", "white"}


def test_only_the_first_frame_is_read(tmp_path: Path) -> None:
    frames = [Image.new("RGB", (50, 40), colour) for colour in (RED, GREEN, BLUE)]
    for name in ("GIF", "WEBP", "PNG", "TIFF", "AVIF"):
        options = {"save_all": True, "append_images": frames[1:]}
        reading = read_picture(write(tmp_path, frames[0], name, **options))
        assert reading.colours == ("red",), name
    path = tmp_path / "two.mpo"
    frames[0].save(path, "MPO", save_all=True, append_images=frames[1:])
    assert (read_picture(path).format, read_picture(path).colours) == ("JPEG", ("red",))


def test_colour_profiles_are_applied_or_ignored(tmp_path: Path) -> None:
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    for profile in (b"no profile at all", lab, lab[:200]):
        path = write(tmp_path, quadrants(), "JPEG", icc_profile=profile)
        corner_names = corners(read_picture(path).thumbnail)
        assert corner_names == ["red", "green", "blue", "yellow"]


@pytest.mark.shared
def test_a_wide_gamut_photo_becomes_srgb(shared_data: Path, tmp_path: Path) -> None:
    """Display P3's pure green lies outside sRGB: its red part must sink to 0."""
    photo = shared_data / "metadata/immich-test-assets/formats/heic/IMG_2682.heic"
    pillow_heif.register_heif_opener()
    with Image.open(photo) as image:
        profile = image.info["icc_profile"]
    path = write(
        tmp_path, Image.new("RGB", (40, 40), (60, 180, 60)), icc_profile=profile
    )
    red, green, _ = open_thumbnail(read_picture(path).thumbnail).getpixel((9, 9))  # type: ignore[misc]
    assert red < 35
    assert green > 175


@pytest.mark.parametrize("name", [name for name in FORMATS if name != "BMP"])
def test_a_file_that_is_cut_off_is_an_error(tmp_path: Path, name: str) -> None:
    noise = Image.effect_noise((300, 200), 60).convert("RGB")
    path = write(tmp_path, noise, name)
    whole = path.read_bytes()
    read_picture(path)
    for share in (0.3, 0.6, 0.95):
        path.write_bytes(whole[: int(len(whole) * share)])
        assert "cut off" in reason(path) or "damaged" in reason(path), share


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"%PDF-1.7 ...", "a PDF"),
        (b"PK\x03\x04 office", "a ZIP archive or an office document"),
        (b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom", "a video"),
        (b"RIFF\x10\x00\x00\x00AVI LIST", "a video"),
        (b"RIFF\x10\x00\x00\x00WAVEfmt ", "a sound file"),
        (b"<!DOCTYPE html><html>", "a web page"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "an SVG drawing"),
        (b"Dear diary", "a text"),
    ],
)
def test_what_is_no_picture_is_called_by_its_name(
    tmp_path: Path, content: bytes, kind: str
) -> None:
    path = tmp_path / "holiday.jpg"
    path.write_bytes(content)
    expected = f"This is not a picture the album can read (it looks like {kind})."
    assert reason(path) == expected
    assert detect_format(content) is None
    assert describe_content(content) == kind


def test_unknown_bytes_are_refused_plainly(tmp_path: Path) -> None:
    path = tmp_path / "noise.png"
    path.write_bytes(b"\x01\x02\x03\xfe" * 50)
    assert reason(path) == "This is not a picture the album can read."


def flood(path: Path, width: int, height: int) -> Path:
    """A PNG of a few kB that asks for width × height pixels."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        check = zlib.crc32(kind + body)
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", check)

    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    rows = zlib.compress(bytes(1000))
    path.write_bytes(
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows)
    )
    return path


@pytest.mark.parametrize(
    ("width", "height", "megapixels"),
    [(30_000, 20_000, "600"), (13_000, 13_000, "169"), (60_000, 60_000, "3,600")],
)
def test_a_pixel_flood_is_refused_before_it_is_decoded(
    tmp_path: Path, width: int, height: int, megapixels: str
) -> None:
    path = flood(tmp_path / "flood.png", width, height)
    expected = f"The picture is too large: {megapixels} megapixels, the limit is 150."
    assert reason(path) == expected


def test_a_60_megapixel_jpeg_is_read_reduced(tmp_path: Path) -> None:
    path = write(tmp_path, Image.new("L", (10_000, 6_000), 90), "JPEG")
    reading = read_picture(path)
    assert (reading.width, reading.height) == (10_000, 6_000)
    assert open_thumbnail(reading.view).size == (1600, 960)


def test_broken_metadata_never_costs_the_picture(tmp_path: Path) -> None:
    chance = random.Random(7)
    exif = Image.Exif()
    exif[0x010F] = "Canon"
    exif.get_ifd(0x8769)[0x9003] = "2019:07:04 12:33:10"
    good = exif.tobytes()
    for _ in range(40):
        broken = bytearray(good)
        for _ in range(6):
            broken[chance.randrange(6, len(broken))] = chance.randrange(256)
        path = write(
            tmp_path, quadrants(), "JPEG", exif=bytes(broken), xmp=bytes(broken)
        )
        reading = read_picture(path)
        assert reading.orientation in range(1, 9)
        assert len(corners(reading.thumbnail)) == 4


def test_what_is_no_file_is_an_answer_not_a_hang(tmp_path: Path) -> None:
    assert "folder" in reason(tmp_path)
    assert "no longer there" in reason(tmp_path / "gone.jpg")
    assert "name" in reason(tmp_path / "nul\x00.jpg")
    empty = tmp_path / "empty.jpg"
    empty.touch()
    assert reason(empty) == "The file is empty."
    sparse = tmp_path / "sparse.jpg"
    with open(sparse, "wb") as file:
        file.truncate(2**40)
    assert reason(sparse) == "The file is too large: 1,024.0 GB, the limit is 2."


@posix
def test_pipes_sockets_devices_and_links_are_answers(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.jpg")
    assert "pipe or a device" in reason(tmp_path / "pipe.jpg")
    assert "pipe or a device" in reason(Path(os.devnull))
    (tmp_path / "link.jpg").symlink_to(write(tmp_path, quadrants()))
    assert "link" in reason(tmp_path / "link.jpg")
    with socket.socket(socket.AF_UNIX) as listening:
        here = Path.cwd()
        os.chdir(tmp_path)  # the name of a socket has at most 107 bytes
        try:
            listening.bind("socket.jpg")
        finally:
            os.chdir(here)
        assert "pipe or a device" in reason(tmp_path / "socket.jpg")


@posix
@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="as root")
def test_a_forbidden_file_is_an_answer(tmp_path: Path) -> None:
    path = write(tmp_path, quadrants())
    path.chmod(0)
    assert "not allowed" in reason(path)


def test_the_hash_is_given_even_if_the_picture_is_damaged(tmp_path: Path) -> None:
    path = write(tmp_path, quadrants(), "JPEG")
    path.write_bytes(path.read_bytes()[:-900])
    expected = hashlib.sha256(path.read_bytes()).hexdigest()
    decoded = decode_file(path)
    assert decoded.error is not None
    assert decoded.reading is None
    assert decoded.content_hash == hash_file(path) == expected
    assert hash_only(path).content_hash == expected
    status = path.stat()
    stamp = (decoded.size, decoded.mtime_ns, decoded.ctime_ns, decoded.inode)
    assert stamp == (
        status.st_size,
        status.st_mtime_ns,
        status.st_ctime_ns,
        status.st_ino,
    )


def test_a_file_that_changes_meanwhile_is_not_believed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path, quadrants(), "JPEG")
    honest = pictures.decode

    def decode_while_copying(*arguments: object) -> object:
        with open(path, "ab") as file:
            file.write(b"more")
        return honest(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(pictures, "decode", decode_while_copying)
    decoded = decode_file(path)
    assert decoded.error is not None
    assert decoded.error.reason == CHANGED
    assert (decoded.reading, decoded.content_hash, decoded.size) == (None, None, 0)


@pytest.mark.parametrize(
    ("rgb", "name"),
    [
        ((220, 20, 30), "red"),
        ((250, 140, 20), "orange"),
        ((250, 230, 40), "yellow"),
        ((40, 140, 50), "green"),
        ((90, 110, 40), "green"),
        ((30, 70, 190), "blue"),
        ((130, 180, 230), "blue"),
        ((120, 40, 170), "purple"),
        ((250, 150, 190), "pink"),
        ((120, 75, 40), "brown"),
        ((15, 15, 18), "black"),
        ((248, 248, 245), "white"),
        ((128, 128, 130), "grey"),
    ],
)
def test_colours_have_everyday_names(rgb: tuple[int, int, int], name: str) -> None:
    assert colour_name(*rgb) == name


def test_average_colour_and_brightness(tmp_path: Path) -> None:
    picture = Image.new("RGB", (90, 60), (0, 0, 255))
    picture.paste((255, 255, 255), (0, 0, 30, 60))
    reading = read_picture(write(tmp_path, picture))
    assert reading.colours == ("blue", "white")
    assert abs((reading.colour >> 16) - 85) <= 3
    assert reading.colour & 0xFF == 255
    assert reading.brightness == pytest.approx((0.114 * 2 + 1) / 3, abs=0.02)


def test_open_thumbnail_refuses_what_is_damaged(tmp_path: Path) -> None:
    webp = read_picture(write(tmp_path, quadrants())).thumbnail
    assert open_thumbnail(webp).mode == "RGB"
    for bad in (b"", webp[:40], b"\x89PNG\r\n\x1a\n" + webp):
        with pytest.raises(PictureError):
            open_thumbnail(bad)
