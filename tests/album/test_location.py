"""Copies of pictures without where they were taken: the same pixels, the rest of the
metadata as it was, and nothing that tells the place."""

from __future__ import annotations

import io
import random
import struct
from pathlib import Path
from typing import Any

import pillow_heif
import pytest
from PIL import Image, PngImagePlugin

from album.errors import PictureError
from album.pictures_location import without_location
from tests.ui.fakes import draw

GPS, EXIF_IFD, MAKE, ORIENTATION, TAKEN, MAKER_NOTE = (
    0x8825, 0x8769, 0x010F, 0x0112, 0x9003, 0x927C,
)  # fmt: skip
XMP = b"""<?xpacket begin='' id='W5M0MpCehiHzreSzNTczkc9d'?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF
 xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about=""
 xmlns:e="http://ns.adobe.com/exif/1.0/" e:GPSLatitude='38,43.1N' e:ISO="100 > 50"
 xmlns:ext="http://iptc.org/std/Iptc4xmpExt/2008-02-29/"
 xmlns:dc="http://purl.org/dc/elements/1.1/"><e:GPSLongitude>9,28.3W</e:GPSLongitude>
<ext:LocationShown><rdf:Bag><rdf:li ext:City="Cascais"/></rdf:Bag></ext:LocationShown>
<e:GPSMapDatum/><dc:format>kept</dc:format></rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end='w'?>"""


def exif() -> Image.Exif:
    """EXIF data with a position and other facts, some of them outside their entry."""
    made = Image.Exif()
    made[MAKE] = "A maker of cameras"
    made[ORIENTATION] = 6
    made[EXIF_IFD] = {TAKEN: "2026:11:20 17:04:00", MAKER_NOTE: b"note" * 40}
    made[GPS] = {1: "N", 2: (38.0, 43.0, 5.5), 3: "W", 4: (9.0, 28.0, 20.25)}
    return made


def picture(kind: str, **extra: Any) -> bytes:
    """A drawn picture with all of the metadata."""
    buffer = io.BytesIO()
    drawn = Image.open(io.BytesIO(draw(5)))
    drawn.save(buffer, kind, exif=exif().tobytes(), **extra)
    return buffer.getvalue()


def photoshop(datasets: list[tuple[int, bytes]]) -> bytes:
    """A JPEG segment of Photoshop's with IPTC data."""
    iptc = b"".join(
        b"\x1c\x02" + bytes([number]) + struct.pack(">H", len(text)) + text
        for number, text in datasets
    )
    body = b"Photoshop 3.0\x008BIM\x04\x04\0\0" + struct.pack(">I", len(iptc)) + iptc
    body += b"\0" * (len(iptc) % 2)
    return b"\xff\xed" + struct.pack(">H", len(body) + 2) + body


def copied(path: Path) -> bytes:
    redacted = without_location(path)
    content = b"".join(redacted.pieces())
    assert len(content) == redacted.size
    return content


def facts(image: Image.Image) -> str:
    """The main EXIF tags, but for where other directories lie."""
    tags = image.getexif().items()
    return repr({tag: value for tag, value in tags if tag not in (GPS, EXIF_IFD)})


def same_but_for_the_place(before: bytes, after: bytes) -> Image.Image:
    """The copy, once all that must be the same is seen to be."""
    old, new = (Image.open(io.BytesIO(content)) for content in (before, after))
    assert old.tobytes() == new.tobytes()
    assert new.getexif().get_ifd(GPS) == {}
    assert GPS not in new.getexif()
    assert facts(new) == facts(old)
    assert repr(new.getexif().get_ifd(EXIF_IFD)) == repr(
        old.getexif().get_ifd(EXIF_IFD)
    )
    return new


@pytest.mark.parametrize("kind", ["JPEG", "WEBP", "PNG", "HEIF", "AVIF"])
def test_exif_and_xmp(tmp_path: Path, kind: str) -> None:
    pillow_heif.register_heif_opener()
    extra: dict[str, Any] = {"xmp": XMP}
    if kind == "PNG":
        info = PngImagePlugin.PngInfo()
        info.add_itxt("XML:com.adobe.xmp", XMP.decode())
        info.add_text("exif:GPSLatitude", "38/1, 43/1, 5/1")
        info.add_text("Title", "kept")
        extra = {"pnginfo": info}
    file = tmp_path / "picture"
    file.write_bytes(picture(kind, **extra))
    before = file.read_bytes()
    assert Image.open(file).getexif().get_ifd(GPS)
    after = copied(file)
    assert file.read_bytes() == before, "the original is only read"
    assert len(after) == len(before)
    new = same_but_for_the_place(before, after)
    for gone in (b"GPS", b"38,43.1N", b"9,28.3W", b"Cascais", b"38/1"):
        assert gone not in after, gone
    assert b"<dc:format>kept</dc:format>" in after
    assert b'e:ISO="100 > 50"' in after
    if kind == "PNG":
        assert new.info["Title"] == "kept"
        Image.open(io.BytesIO(after)).verify()  # every checksum fits


def test_a_jpeg_with_everything(tmp_path: Path) -> None:
    """IPTC, a second picture with its own position, and a film that has one too."""
    inner = picture("JPEG")
    segment = photoshop([(5, b"A title"), (90, b"Cascais"), (101, b"Portugal")])
    long = b"http://ns.adobe.com/xmp/extension/\0" + b"A" * 40 + b"<gps>38.7</gps>"
    extended = b"\xff\xe1" + struct.pack(">H", len(long) + 2) + long
    whole = inner[:2] + segment + extended + inner[2:] + b"\0" * 6 + inner
    file = tmp_path / "picture.jpg"
    file.write_bytes(whole + b"\0\0\0\x14ftypmp42 +38.7-009.4/")
    after = copied(file)
    assert len(after) == len(whole), "the film is left out"
    same_but_for_the_place(whole, after)
    second = after[after.rindex(b"\xff\xd8\xff") :]
    same_but_for_the_place(inner, second)
    for gone in (b"Cascais", b"Portugal", b"38.7"):
        assert gone not in after, gone
    assert b"A title" in after


def test_broken_xmp_and_exif_are_blanked(tmp_path: Path) -> None:
    """What cannot be understood cannot be known to be without a place."""
    entity = b'<!DOCTYPE x [<!ENTITY a "38.7">]><x:xmpmeta>&a;</x:xmpmeta>' + b" " * 40
    for number, xmp in enumerate((b"<x:xmpmeta><GPS>38.7</x>" * 3, entity)):
        file = tmp_path / f"{number}.jpg"
        file.write_bytes(picture("JPEG", xmp=xmp))
        assert b"38.7" not in copied(file)
    file = tmp_path / "exif.jpg"
    file.write_bytes(picture("JPEG").replace(b"MM\0*", b"ZZ\0*"))
    assert b"maker of cameras" not in copied(file)


def test_other_files_are_refused_with_a_reason(tmp_path: Path) -> None:
    file = tmp_path / "file"
    for content, reason in (
        (draw(1, kind="BMP"), "taken out of BMP files"),
        (b"hello", "taken out of this kind of file"),
        (b"", "taken out of this kind of file"),
        (b"\xff\xd8\xff\xe1\xff\xff", "damaged"),
        (b"\xff\xd8" + b"\xff\xe1\x00\x01", "damaged"),
        (draw(1, kind="PNG")[:90], "damaged"),
        (b"RIFF\xff\xff\xff\xffWEBPEXIF\xff\xff\xff\x7f", "damaged"),
        (b"\0\0\0\x18ftypheic\0\0\0\0heicmif1", "damaged"),
    ):
        file.write_bytes(content)
        with pytest.raises(PictureError, match=reason):
            without_location(file)
    with pytest.raises(PictureError, match="cannot be read"):
        without_location(tmp_path / "none")


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIF"])
def test_hostile_files_end_in_a_plain_error(tmp_path: Path, kind: str) -> None:
    """Hundreds of files with bytes changed at random, mostly among the metadata."""
    pillow_heif.register_heif_opener()
    whole = picture(kind, **({} if kind == "PNG" else {"xmp": XMP}))
    dice = random.Random(7)
    file = tmp_path / "file"
    outcomes = set()
    for _ in range(400):
        bad = bytearray(whole)
        for _ in range(dice.randint(1, 8)):
            place = int(len(bad) * dice.random() ** 3)
            bad[place] = dice.choice((0, 1, 0x7F, 0x80, 0xFF, dice.randrange(256)))
        if dice.random() < 0.2:
            del bad[dice.randrange(len(bad)) :]
        file.write_bytes(bad)
        try:
            assert len(copied(file)) <= len(bad)
            outcomes.add("copied")
        except PictureError:
            outcomes.add("refused")
    assert outcomes == {"copied", "refused"}


@pytest.mark.shared
def test_real_files(shared_data: Path) -> None:
    """Cameras and telephones of many makers."""
    pillow_heif.register_heif_opener()
    with_position = 0
    for path in sorted((shared_data / "metadata" / "exif-samples").rglob("*")):
        if path.suffix.lower() not in (".jpg", ".heic"):
            continue
        if "gps" not in path.as_posix().lower() and path.suffix != ".heic":
            continue
        before = path.read_bytes()
        if Image.open(path).getexif().get_ifd(GPS):
            with_position += 1
        same_but_for_the_place(before, copied(path))
    assert with_position >= 5
