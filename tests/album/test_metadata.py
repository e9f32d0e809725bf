"""What the tags mean, one by one, and against exiftool's reading of 330 files."""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from datetime import UTC, datetime, timedelta, timezone
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from PIL.TiffImagePlugin import IFDRational

from album.errors import PictureError
from album.metadata import Embedded, Metadata, read_metadata
from album.metadata_dates import date_in_file_name
from album.metadata_xmp import parse_xmp
from album.pictures import read_picture
from album.pictures_decode import Decoded, decode
from album.pictures_file import open_picture_file
from album.pictures_formats import HEAD_BYTES, detect_format

MAKE, MODEL, DESCRIPTION = 0x010F, 0x0110, 0x010E
ORIGINAL, DIGITIZED, USER_COMMENT, LENS = 0x9003, 0x9004, 0x9286, 0xA434


def meant(**parts: Any) -> Metadata:
    return read_metadata(Embedded(**parts), "picture.jpg")


def packet(inner: str, attributes: str = "") -> bytes:
    return f"""<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:exif="http://ns.adobe.com/exif/1.0/" xmlns:xmp="http://ns.adobe.com/xap/1.0/"
 xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/"
 xmlns:tiff="http://ns.adobe.com/tiff/1.0/" {attributes}>{inner}</rdf:Description>
</rdf:RDF></x:xmpmeta><?xpacket end="w"?>\0\0""".encode()


# --- dates ---------------------------------------------------------------------------


def test_the_surest_date_wins() -> None:
    tags = {ORIGINAL: "2019:07:04 12:33:10", DIGITIZED: "2020:01:01 00:00:01"}
    xmp = packet("", 'xmp:CreateDate="2021-02-03T04:05:06"')
    iptc = {(2, 55): [b"20180506"], (2, 60): [b"070809+0200"]}
    gps = {7: (9, 8, 7), 29: "2017:06:05"}
    found = [
        meant(exif_ifd=tags, xmp=xmp, iptc=iptc, gps=gps).taken_at,
        meant(exif_ifd={DIGITIZED: tags[DIGITIZED]}, xmp=xmp, iptc=iptc).taken_at,
        meant(xmp=xmp, iptc=iptc, gps=gps).taken_at,
        meant(iptc=iptc, gps=gps).taken_at,
        meant(gps=gps).taken_at,
    ]
    two_hours = timezone(timedelta(hours=2))
    assert found == [
        datetime(2019, 7, 4, 12, 33, 10),
        datetime(2020, 1, 1, 0, 0, 1),
        datetime(2021, 2, 3, 4, 5, 6),
        datetime(2018, 5, 6, 7, 8, 9, tzinfo=two_hours),
        datetime(2017, 6, 5, 9, 8, 7, tzinfo=UTC),
    ]


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("2019:07:04 12:33:10", datetime(2019, 7, 4, 12, 33, 10)),
        ("2019-07-04T12:33:10", datetime(2019, 7, 4, 12, 33, 10)),
        ("2019/07/04 12:33", datetime(2019, 7, 4, 12, 33)),
        ("2019:07:04 12:33:60", datetime(2019, 7, 4, 12, 33, 59)),
        ("2019:07:04", datetime(2019, 7, 4)),
        ("2019:07:04 12:33:10\x00garbage", datetime(2019, 7, 4, 12, 33, 10)),
        (b"2019:07:04 12:33:10", datetime(2019, 7, 4, 12, 33, 10)),
        ("0000:00:00 00:00:00", None),
        ("    :  :     :  :  ", None),
        ("2019:13:04 12:33:10", None),
        ("2019:02:30 12:33:10", None),
        ("2019:07:04 25:33:10", None),
        ("1825:07:04 12:33:10", None),
        ("9999:12:31 23:59:59", None),
        ("yesterday", None),
        ("", None),
        (("2019:07:04 12:33:10",), datetime(2019, 7, 4, 12, 33, 10)),
        (17, None),
    ],
)
def test_dates_are_lenient_in_shape_and_strict_in_sense(
    text: object, date: datetime | None
) -> None:
    assert meant(exif_ifd={ORIGINAL: text}).taken_at == date


def test_a_date_of_next_week_is_nonsense() -> None:
    soon = datetime.now(UTC) + timedelta(days=7)
    tags = {ORIGINAL: f"{soon:%Y:%m:%d %H:%M:%S}", DIGITIZED: "2019:07:04 12:33:10"}
    assert meant(exif_ifd=tags).taken_at == datetime(2019, 7, 4, 12, 33, 10)


@pytest.mark.parametrize(
    ("zone", "hours"),
    [("+02:00", 2), ("-0530", -5.5), ("Z", 0), ("+14:00", 14), ("+09:00\x00", 9)],
)
def test_a_date_is_aware_only_with_a_zone(zone: str, hours: float) -> None:
    date = meant(exif_ifd={ORIGINAL: "2019:07:04 12:33:10", 0x9011: zone}).taken_at
    assert date is not None
    assert date.utcoffset() == timedelta(hours=hours)
    assert date.replace(tzinfo=None) == datetime(2019, 7, 4, 12, 33, 10)


@pytest.mark.parametrize("zone", ["   :  ", "+99:00", "", "summer", None, 7])
def test_a_zone_that_is_none_leaves_the_date_naive(zone: object) -> None:
    date = meant(exif_ifd={ORIGINAL: "2019:07:04 12:33:10", 0x9011: zone}).taken_at
    assert date == datetime(2019, 7, 4, 12, 33, 10)


def test_the_zone_may_come_from_the_same_time_in_xmp() -> None:
    tags = {ORIGINAL: "2019:07:04 12:33:10", 0x9291: "250"}
    same = packet("", 'photoshop:DateCreated="2019-07-04T12:33:10+02:00"')
    other = packet("", 'photoshop:DateCreated="2019-07-04T12:33:11+02:00"')
    aware = meant(exif_ifd=tags, xmp=same).taken_at
    assert aware is not None
    assert aware.utcoffset() == timedelta(hours=2)
    assert aware.microsecond == 250_000
    naive = meant(exif_ifd=tags, xmp=other).taken_at
    assert naive == datetime(2019, 7, 4, 12, 33, 10, 250_000)


@pytest.mark.parametrize(
    ("name", "date"),
    [
        ("IMG_20230514_153000.jpg", datetime(2023, 5, 14, 15, 30)),
        ("2019-07-04 12.33.10.jpg", datetime(2019, 7, 4, 12, 33, 10)),
        ("IMG-20200101-WA0001.jpg", datetime(2020, 1, 1)),
        ("Screenshot_20230514-153000_Maps.png", datetime(2023, 5, 14, 15, 30)),
        ("Screenshot 2023-05-14 at 15.30.05.png", datetime(2023, 5, 14, 15, 30, 5)),
        ("Screen Shot 2019-07-04 at 1.23.45 PM.png", datetime(2019, 7, 4, 13, 23, 45)),
        ("WhatsApp Image 2023-05-14 at 15.30.00.jpeg", datetime(2023, 5, 14, 15, 30)),
        ("PXL_20230514_153000123.jpg", datetime(2023, 5, 14, 15, 30, 0, 123000, UTC)),
        ("signal-2023-05-14-153000.jpg", datetime(2023, 5, 14, 15, 30)),
        ("20190704123310.jpg", datetime(2019, 7, 4, 12, 33, 10)),
        ("photo_2021-02-03_04-05-06.jpg", datetime(2021, 2, 3, 4, 5, 6)),
        ("DSC_0001.jpg", None),
        ("IMG_20231345_153000.jpg", None),
        ("120230514.jpg", None),
        ("201905141.jpg", None),
        ("invoice 18991231.jpg", None),
        ("1920x1080.png", None),
        ("holiday.jpg", None),
    ],
)
def test_dates_in_file_names(name: str, date: datetime | None) -> None:
    assert date_in_file_name(name) == date
    tagged = Embedded(exif_ifd={ORIGINAL: "2001:02:03 04:05:06"})
    assert read_metadata(tagged, name).taken_at == datetime(2001, 2, 3, 4, 5, 6)


# --- camera, lens, place -------------------------------------------------------------


@pytest.mark.parametrize(
    ("make", "model", "camera"),
    [
        ("Canon", "Canon EOS R6", "Canon EOS R6"),
        ("Canon", "EOS R5", "Canon EOS R5"),
        ("NIKON CORPORATION", "NIKON D70", "Nikon D70"),
        ("OLYMPUS IMAGING CORP.", "E-P3", "Olympus E-P3"),
        ("EASTMAN KODAK COMPANY", "KODAK DC240", "Kodak DC240"),
        ("Apple", "iPhone 15 Pro", "Apple iPhone 15 Pro"),
        ("samsung", "SM-G900F", "Samsung SM-G900F"),
        ("Hewlett-Packard", "HP PhotoSmart 318", "HP PhotoSmart 318"),
        ("HMD Global", "Nokia 8.3 5G", "Nokia 8.3 5G"),
        ("Jolla", "Jolla", "Jolla"),
        ("GoPro", "HD2\x00\xfc\xcdx\xc0", "GoPro HD2"),
        ("LG\x07Electronics", "Nexus\n5X  ", "LG Nexus 5X"),
        (None, "C-1", "C-1"),
        ("Canon", None, "Canon"),
        ("  ", "\x00\x00", None),
        (None, None, None),
        (3, 4, None),
    ],
)
def test_a_camera_is_named_once(make: object, model: object, camera: str) -> None:
    assert meant(exif={MAKE: make, MODEL: model}).camera == camera


def test_camera_and_lens_from_xmp() -> None:
    xmp = packet("<tiff:Model>X-T5</tiff:Model>", 'tiff:Make="FUJIFILM"')
    assert meant(xmp=xmp).camera == "Fujifilm X-T5"


@pytest.mark.parametrize(
    ("lens", "expected"),
    [
        ("EF24-105mm f/4L IS USM", "EF24-105mm f/4L IS USM"),
        ("16.0-35.0 mm f/4.0", "16.0-35.0 mm f/4.0"),
        ("----", None),
        ("0.0 mm f/0.0", None),
        ("Unknown (0)", None),
        ("", None),
    ],
)
def test_lenses(lens: str, expected: str | None) -> None:
    assert meant(exif_ifd={LENS: lens}).lens == expected


def degrees(value: float) -> tuple[Fraction, Fraction, Fraction]:
    whole, rest = divmod(value, 1)
    minutes, rest = divmod(rest * 60, 1)
    return Fraction(int(whole)), Fraction(int(minutes)), Fraction(rest * 60)


@pytest.mark.parametrize(
    ("north", "east"), [("N", "E"), ("S", "W"), ("n\x00", b"W"), ("S", "E")]
)
def test_positions(north: str, east: str | bytes) -> None:
    gps = {1: north, 2: degrees(38.6979), 3: east, 4: degrees(9.4215)}
    found = meant(gps=gps)
    assert found.latitude == pytest.approx(-38.6979 if "S" in north else 38.6979)
    west = east in ("W", b"W")
    assert found.longitude == pytest.approx(-9.4215 if west else 9.4215)


@pytest.mark.parametrize(
    "wrong",
    [
        {2: (0, 0, 0), 4: (0, 0, 0)},
        {2: (91, 0, 0)},
        {4: (180, 0, 1)},
        {2: (float("nan"), 0, 0)},
        {2: ()},
        {2: (1, 2, 3, 4)},
        {2: None},
        {2: "north"},
        {1: "E"},
        {1: None},
        {3: ""},
    ],
)
def test_positions_that_make_no_sense(wrong: dict[int, object]) -> None:
    gps = {1: "N", 2: (38, 41, 52), 3: "W", 4: (9, 25, 17)}
    assert meant(gps=gps).latitude is not None
    found = meant(gps={**gps, **wrong})
    assert (found.latitude, found.longitude) == (None, None)


def test_a_zero_denominator_is_no_position(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif.get_ifd(0x8825).update(
        {1: "N", 2: (38, IFDRational(41, 0), 52), 3: "W", 4: (9, 25, IFDRational(0, 0))}
    )
    path = tmp_path / "picture.jpg"
    Image.new("RGB", (9, 9)).save(path, exif=exif.tobytes())
    reading = read_picture(path)
    assert (reading.latitude, reading.longitude) == (None, None)


def test_positions_from_xmp() -> None:
    attributes = 'exif:GPSLatitude="38,41.874S" exif:GPSLongitude="9,25,17.4W"'
    found = meant(xmp=packet("", attributes))
    assert found.latitude == pytest.approx(-38.6979)
    assert found.longitude == pytest.approx(-9.4215)


# --- text ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "junk",
    [
        *("OLYMPUS DIGITAL CAMERA         ", "SONY DSC", "DCIM", "DCIM\\100GOPRO"),
        *("KONICA MINOLTA DIGITAL CAMERA", "SAMSUNG", "Exif_JPEG_PICTURE", "oplus_32"),
        *("Created with GIMP", "LEAD Technologies Inc. V1.01", "DSC_0123.JPG", "\n"),
        *("                    ", "12345", "a5cb01550dbb9a6bf732f87e413f6e23", "rhdr"),
        *('{"source":"app"}', "filter: 0; fileterIntensity: 0.0;", "?\ufffd\ufffdxx"),
    ],
)
def test_what_cameras_write_by_themselves_is_no_description(junk: str) -> None:
    assert meant(exif={DESCRIPTION: junk}).description is None
    kept = meant(exif={DESCRIPTION: junk, 0x9C9C: "Oma im Garten".encode("utf-16-le")})
    assert kept.description == "Oma im Garten"


@pytest.mark.parametrize(
    "words",
    [
        *("Digital camera shop in Tokyo", "Samsung tower", "The photo of the year"),
        *(
            "El cielo sobre Berlín",
            "母の誕生日",
            "1999 in Rome",
            "Ana",
            "Hdr of a church",
        ),
    ],
)
def test_what_people_write_is_kept(words: str) -> None:
    assert meant(exif={DESCRIPTION: words.encode()}).description == words


def test_a_cameras_own_name_is_no_description() -> None:
    exif = {MAKE: "WWL", MODEL: "ION230", DESCRIPTION: "ION230  "}
    assert meant(exif=exif).description is None


@pytest.mark.parametrize(
    "comment",
    [
        b"ASCII\0\0\0" + b"Oma im Garten",
        b"UNICODE\0" + "Oma im Garten".encode("utf-16-le"),
        b"UNICODE\0" + "Oma im Garten".encode("utf-16-be"),
        b"UNICODE\0" + "Oma im Garten\0\0".encode("utf-16"),
        b"\0\0\0\0\0\0\0\0" + b"Oma im Garten\0\0\0",
        b"Oma im Garten",
    ],
)
def test_user_comments_of_every_code(comment: bytes) -> None:
    assert meant(exif_ifd={USER_COMMENT: comment}).description == "Oma im Garten"


def test_japanese_user_comments() -> None:
    words = "母の誕生日"
    for code, encoding in (
        (b"JIS\0\0\0\0\0", "iso2022_jp"),
        (b"JIS\0\0\0\0\0", "shift_jis"),
        (b"UNICODE\0", "utf-16-le"),
        (b"UNICODE\0", "utf-16-be"),
    ):
        comment = code + words.encode(encoding)
        assert meant(exif_ifd={USER_COMMENT: comment}).description == words, encoding


def test_title_and_caption_are_joined_once() -> None:
    iptc = {(2, 5): [b"Birthday"], (2, 120): ["Oma im Gärten".encode()]}
    assert meant(iptc=iptc).description == "Birthday. Oma im Gärten"
    same = {(2, 5): [b"oma"], (2, 120): [b"Oma im Garten"]}
    assert meant(iptc=same).description == "Oma im Garten"
    assert meant(iptc={(2, 5): [b"Birthday!"]}).description == "Birthday!"


def test_text_is_nfc_bounded_and_without_control_characters() -> None:
    words = "Cafe\u0301\x1b[31m\x00hidden"
    found = meant(exif={DESCRIPTION: words.encode()}).description
    assert found == "Café [31m"
    long = meant(exif={DESCRIPTION: "word " * 4000}).description
    assert long is not None
    assert len(long) <= 500
    assert long.endswith("…")
    assert unicodedata.is_normalized("NFC", found)


def test_latin_1_and_utf_8_are_told_apart() -> None:
    for raw in ("Gärten in Köln".encode(), "Gärten in Köln".encode("latin-1")):
        assert meant(exif={DESCRIPTION: raw}).description == "Gärten in Köln"
        as_read_by_pillow = raw.decode("latin-1")
        found = meant(exif={DESCRIPTION: as_read_by_pillow}).description
        assert found == "Gärten in Köln"


def test_keywords_are_gathered_once_and_bounded() -> None:
    items = "<rdf:li>Beach</rdf:li><rdf:li> </rdf:li>"
    subjects = f"<dc:subject><rdf:Bag>{items}</rdf:Bag></dc:subject>"
    found = meant(
        xmp=packet(subjects),
        iptc={(2, 25): [b"beach", "Köln".encode("latin-1")]},
        exif={0x9C9E: tuple("Dog; beach;Köln".encode("utf-16-le"))},
    )
    assert found.keywords == ("Beach", "Köln", "Dog")
    many = meant(iptc={(2, 25): [f"word{number}".encode() for number in range(400)]})
    assert len(many.keywords) == 50


# --- XMP -----------------------------------------------------------------------------


def test_xmp_takes_the_default_language_and_both_spellings() -> None:
    title = (
        '<dc:title><rdf:Alt><rdf:li xml:lang="de">Garten</rdf:li>'
        '<rdf:li xml:lang="x-default">Garden</rdf:li></rdf:Alt></dc:title>'
        "<xmp:CreateDate>2019-07-04</xmp:CreateDate>"
    )
    found = parse_xmp(packet(title, 'dc:description="Roses"'))
    assert found["dc:title"] == ["Garden", "Garten"]
    assert found["dc:description"] == ["Roses"]
    assert found["xmp:CreateDate"] == ["2019-07-04"]
    assert meant(xmp=packet(title)).description == "Garden"


@pytest.mark.parametrize(
    "bad",
    [
        b"",
        b"no xml",
        b"<x:xmpmeta",
        packet("<dc:title>")[:400],
        b'<!DOCTYPE a [<!ENTITY b "cc">]><a>&b;</a>',
        b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>',
        b"<a " + b"\xff\xfe" * 40 + b">",
        b'<?xml version="1.0" encoding="no-such"?><a/>',
    ],
)
def test_xmp_that_is_broken_or_sly_gives_nothing(bad: bytes) -> None:
    assert parse_xmp(bad) == {}
    assert meant(xmp=bad, exif={MODEL: "X"}).camera == "X"


def test_entities_are_never_expanded() -> None:
    """A billion laughs within 1 kB; an honest packet behind it is not read either."""
    laughs = "".join(
        f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' if n else '<!ENTITY l0 "ha">'
        for n in range(10)
    )
    body = packet("<dc:title>&l9;</dc:title>").split(b"?>", 1)[1]
    assert parse_xmp(f"<!DOCTYPE x [{laughs}]>".encode() + body) == {}


# --- against exiftool ----------------------------------------------------------------

DATES = (
    "ExifIFD:DateTimeOriginal",
    "ExifIFD:CreateDate",
    "XMP-exif:DateTimeOriginal",
    "XMP-photoshop:DateCreated",
    "XMP-xmp:CreateDate",
    "XMP-exif:DateTimeDigitized",
    "Composite:DateTimeCreated",
    "Composite:GPSDateTime",
)
WRITTEN = re.compile(r"(\d+)[:/-](\d+)[:/-](\d+)(?:[ T](\d+):(\d+)(?::(\d+))?)?")


def exiftool_date(tags: dict[str, Any]) -> datetime | None:
    """The date by the album's order of tags, out of exiftool's values."""
    for name in DATES:
        found = WRITTEN.match(str(tags.get(name, "")))
        numbers = [int(n) for n in found.groups("0")] if found else [0]
        if numbers[0] >= 1826:
            date = datetime(*numbers)  # type: ignore[arg-type]
            if date <= datetime.now() + timedelta(days=2):
                return date
    return None


def compare(tags: dict[str, Any], decoded: Decoded) -> dict[str, tuple[object, object]]:
    """(exiftool's value, ours) of each field that either of the two knows."""
    ours = read_metadata(decoded.embedded, "")
    turn = tags.get("IFD0:Orientation") or tags.get("XMP-tiff:Orientation") or 1
    rotation = (
        tags.get("QuickTime:Rotation", 0) if "HEI" in tags["File:FileType"] else 0
    )
    size = [int(n) for n in tags["Composite:ImageSize"].split()]
    if rotation in (90, 270) or (turn >= 5 and not tags.get("QuickTime:Rotation")):
        size.reverse()
    position = tags.get("Composite:GPSPosition")
    date = ours.taken_at and ours.taken_at.replace(tzinfo=None, microsecond=0)
    model = tags.get("IFD0:Model") or tags.get("XMP-tiff:Model")
    lens = (
        tags.get("ExifIFD:LensModel")
        or tags.get("XMP-exifEX:LensModel")
        or tags.get("XMP-aux:Lens")
    )
    pairs: dict[str, tuple[object, object]] = {
        "taken_at": (exiftool_date(tags), date),
        "camera": (last_word(model), last_word(ours.camera)),
        "lens": (lens and " ".join(str(lens).split()), ours.lens),
        "gps": (
            position and tuple(round(float(n), 3) for n in position.split()),
            ours.latitude is not None
            and (round(ours.latitude, 3), round(ours.longitude or 0, 3)),
        ),
        "orientation": (turn, decoded.orientation),
        "size": (tuple(size), (decoded.width, decoded.height)),
    }
    return {field: pair for field, pair in pairs.items() if any(pair)}


def last_word(name: object) -> str | None:
    return str(name).split()[-1].lower() if name else None


UNDERSTOOD = {
    # No fix: the position is 0, 0. Or beyond the pole: latitude 213.6.
    ("image-2011.jpg", "gps"),
    ("buggy_panorama.jpg", "gps"),
}


@pytest.mark.shared
def test_tags_mean_what_exiftool_reads(shared_data: Path) -> None:
    """Every disagreement is one that is understood."""
    golden = json.loads((shared_data / "metadata/exiftool_golden.json").read_text())
    agreed: Counter[str] = Counter()
    known: Counter[str] = Counter()
    unreadable, disagreed = set(), {}
    for tags in golden:
        path = shared_data / tags["SourceFile"]
        try:
            with open_picture_file(path) as (file, _):
                name = detect_format(file.read(HEAD_BYTES))
                file.seek(0)
                if name is None:
                    continue
                decoded = decode(file, name, 64)
        except PictureError:
            unreadable.add(path.name)
            continue
        for field, (theirs, mine) in compare(tags, decoded).items():
            known[field] += 1
            if theirs == mine:
                agreed[field] += 1
            else:
                disagreed[path.name, field] = (theirs, mine)
    assert set(disagreed) == UNDERSTOOD, disagreed
    assert unreadable == {
        *("animated-earth.jpg", "broken.jpg"),  # cut off
        "canon_eos_6d.dng",  # a raw file
        "cmyk.tif",  # five channels, which Pillow cannot read
        "2018-04-12 19_24_49.mov",  # empty
    }
    assert known["taken_at"] >= 180
    assert known["size"] >= 290
    for field, number in known.items():
        least = 0.96 if field == "gps" else 1.0  # 64 of 66
        assert agreed[field] >= least * number, field
