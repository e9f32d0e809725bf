"""What the file itself says, in words: names, dates, seasons, places, colours."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from album.captioners.facts import facts_caption, part_of_day, season
from album.captioners.names import folder_words, name_words
from album.photo import Photo

NOW = datetime(2024, 1, 1, tzinfo=UTC)
NOTHING_KNOWN = Photo(
    id=1,
    content_hash="0" * 64,
    path=Path("IMG_0001.JPG"),
    folder="",
    name="IMG_0001.JPG",
    size_bytes=1,
    format="JPEG",
    width=640,
    height=480,
    orientation=1,
    taken_at=None,
    sort_at=NOW,
    added_at=NOW,
    camera=None,
    lens=None,
    latitude=None,
    longitude=None,
    place=None,
    description=None,
    keywords=(),
    colour=0x808080,
    colours=(),
    brightness=0.5,
    missing=False,
    caption=None,
)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("IMG_1234.JPG", ""),
        ("DSC0001.jpg", ""),
        ("DSCF2041.RAF", ""),
        ("P1010023.JPG", ""),
        ("PXL_20230812_142233123.jpg", ""),
        ("IMG-20230812-WA0012.jpg", ""),
        ("WhatsApp Image 2023-08-12 at 14.22.33.jpeg", ""),
        ("GOPR0042.JPG", ""),
        ("DJI_0815.JPG", ""),
        ("20230812_142233.jpg", ""),
        ("IMG_1234 (1).JPG", ""),
        ("d41d8cd98f00b204e9800998ecf8427e.png", ""),
        ("550e8400-e29b-41d4-a716-446655440000.webp", ""),
        ("00000017.jpg", ""),
        ("download.png", ""),
        ("Screenshot_2023-08-12-14-22-33.png", "screenshot"),
        ("Screenshot from 2023-08-12 14-22-33.png", "screenshot"),
        ("Screen Shot 2023-08-12 at 2.22.33 PM.png", "screenshot"),
        ("my_old-dog.jpg", "my old dog"),
        ("black cat sleeping on a chair.JPG", "black cat sleeping on a chair"),
        ("BirthdayParty.jpg", "Birthday Party"),
        ("Paris 2019 - Eiffel Tower.jpg", "Paris 2019 Eiffel Tower"),
        ("IMG_1234_Oma's cake.jpg", "Oma's cake"),
        ("Straße am Müggelsee.jpg", "Straße am Müggelsee"),
        ("海边的狗.jpg", "海边的狗"),
        ("4th of July.jpg", "4th of July"),
        ("broken\\xff\\xfename.jpg", "broken name"),
        ("defaced.jpg", "defaced"),
        (".hidden", "hidden"),
        ("", ""),
    ],
)
def test_a_name_becomes_words(name: str, words: str) -> None:
    assert name_words(name) == words


@pytest.mark.parametrize(
    ("folder", "words"),
    [
        ("/home/ada/Pictures/Summer in Italy", "Summer in Italy"),
        ("2023/Wedding_of_Jo", "Wedding of Jo"),
        ("DCIM/100CANON", ""),
        ("Pictures", ""),
        ("Camera Roll", ""),
        ("2023/08", ""),
        ("C:\\Photos\\Lake Como", "Lake Como"),
        ("/", ""),
        ("", ""),
    ],
)
def test_only_the_innermost_folder_speaks(folder: str, words: str) -> None:
    assert folder_words(folder) == words


@pytest.mark.parametrize(
    ("month", "latitude", "expected"),
    [
        (1, None, "winter"),
        (12, 52.5, "winter"),
        (3, 52.5, "spring"),
        (8, 38.7, "summer"),
        (11, 38.7, "autumn"),
        (8, -33.9, "winter"),
        (12, -33.9, "summer"),
        (8, 1.3, ""),
        (8, -23.0, ""),
    ],
)
def test_the_season_knows_the_hemisphere(
    month: int, latitude: float | None, expected: str
) -> None:
    assert season(datetime(2023, month, 12), latitude) == expected


@pytest.mark.parametrize(
    ("hour", "minute", "expected"),
    [
        (0, 0, ""),
        (0, 1, "night"),
        (4, 59, "night"),
        (5, 0, "morning"),
        (12, 0, "afternoon"),
        (17, 0, "evening"),
        (21, 0, "night"),
    ],
)
def test_the_part_of_the_day(hour: int, minute: int, expected: str) -> None:
    assert part_of_day(datetime(2023, 8, 12, hour, minute)) == expected


def test_everything_the_file_says_in_one_caption() -> None:
    photo = replace(
        NOTHING_KNOWN,
        name="grandma_at_the_lake.jpg",
        folder="2023/Italy trip",
        description="Grandma feeding the ducks",
        keywords=("Family", "ducks"),
        taken_at=datetime(2023, 8, 12, 15, 30),
        latitude=45.99,
        place="Como, Italy",
        camera="Canon EOS 5D",
        colours=("blue", "green", "white"),
        brightness=0.9,
    )
    caption = facts_caption(photo)
    assert caption.text == (
        "Grandma feeding the ducks. Grandma at the lake. From Italy trip. "
        "Family, ducks. "
        "A summer afternoon, Saturday 12 August 2023, in Como, Italy. "
        "Taken with Canon EOS 5D. Mostly blue and green, bright."
    )
    assert {"family", "ducks", "grandma", "italy", "summer", "blue"} <= set(
        caption.tags
    )
    assert "the" not in caption.tags
    assert len(set(caption.tags)) == len(caption.tags)


@pytest.mark.parametrize(
    ("known", "text"),
    [
        ({}, "A picture."),
        ({"colours": ("red",)}, "Mostly red."),
        ({"brightness": 0.05}, "Dark."),
        ({"place": "Oslo, Norway"}, "In Oslo, Norway."),
        ({"taken_at": datetime(2020, 2, 1)}, "Winter, Saturday 1 February 2020."),
        (
            {"taken_at": datetime(2020, 10, 4, 8), "latitude": 50.0},
            "An autumn morning, Sunday 4 October 2020.",
        ),
        (
            {"taken_at": datetime(2020, 2, 1), "latitude": 0.0},
            "Saturday 1 February 2020.",
        ),
        ({"description": "  two\n lines! "}, "Two lines!"),
        ({"name": "Oma.jpg", "description": "oma und opa"}, "Oma und opa."),
        ({"name": "Lake.jpg", "folder": "trips/lake"}, "Lake."),
    ],
)
def test_only_what_is_known_is_said(known: dict[str, object], text: str) -> None:
    assert facts_caption(replace(NOTHING_KNOWN, **known)).text == text  # type: ignore[arg-type]


def test_a_long_description_is_cut() -> None:
    photo = replace(NOTHING_KNOWN, description="word " * 10_000)
    assert len(facts_caption(photo).text) < 700


@given(name=st.text(max_size=80), folder=st.text(max_size=80))
def test_any_name_gives_a_caption(name: str, folder: str) -> None:
    photo = replace(NOTHING_KNOWN, name=name, folder=folder)
    caption = facts_caption(photo)
    assert caption.text.strip()
    assert all(tag and tag == tag.lower() for tag in caption.tags)
