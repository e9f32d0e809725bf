"""The query parser: a table of sentences, what chips promise, and bounded work."""

from __future__ import annotations

import random
import sys
import unicodedata
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from index.asked import Asked, Span, Vocabulary
from index.query import QueryParser
from index.query.text import LONGEST_QUERY
from tests.index.query.reading import ALBUM, parser, told

EMPTY = Vocabulary()
TABLE = Path(__file__).with_name("sentences.txt")
FUZZED = 2000
# What is left is read in another way: a part of the day without its day, and a bird
# that stands alone, as the country does.
LEANING = {"on the morning of 3 July 2019", "last Monday evening", "turkey in Turkey"}


def sentences() -> Iterator[tuple[str, str]]:
    """(query, reading) of each line of the table."""
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("# "):
            query, reading = line.split("  =>  ")
            yield query, reading


SENTENCES = list(sentences())


def assert_chips_hold(query: str, asked: Asked) -> None:
    """Chips lie in the query, in order, without touching each other's characters."""
    end = 0
    for chip in asked.chips:
        assert end <= chip.start < chip.end <= len(query), (query, chip)
        assert chip.label
        end = chip.end


def test_the_table_is_large() -> None:
    assert len({query for query, _ in SENTENCES}) == len(SENTENCES) >= 200


@pytest.mark.parametrize(("query", "reading"), SENTENCES)
def test_reads_a_sentence(query: str, reading: str) -> None:
    asked = parser().parse(query, ALBUM)
    assert told(asked) == reading
    assert asked.query == query
    assert_chips_hold(query, asked)


@pytest.mark.parametrize(
    "query", [q for q, _ in SENTENCES if q not in LEANING and "at night" not in q]
)
def test_a_chip_taken_away_leaves_the_others(query: str) -> None:
    asked = parser().parse(query, ALBUM)
    for chip in asked.chips:
        left = query[: chip.start] + query[chip.end :]
        labels = [other.label for other in asked.chips if other is not chip]
        assert [c.label for c in parser().parse(left, ALBUM).chips] == labels, left


def test_words_are_the_querys_own_letters() -> None:
    asked = parser().parse("Café TERRASSE in Zurich", ALBUM)
    assert asked.words == "Café TERRASSE"


def test_chips_say_how_it_was_understood() -> None:
    query = (
        "dogs but no people on the beach, last summer in Portugal, shot on the Canon"
    )
    asked = parser().parse(query, ALBUM)
    shown = [(c.kind, c.label, query[c.start : c.end]) for c in asked.chips]
    assert shown == [
        ("not", "not people", "but no people"),
        ("date", "summer 2026", "last summer"),
        ("place", "Portugal", "in Portugal"),
        ("camera", "Canon", "shot on the Canon"),
    ]


@pytest.mark.parametrize(
    ("query", "label"),
    [
        ("no people, cars or bikes", "not people, cars, bikes"),
        ("not screenshots or videos", "not screenshots, videos"),
        ("not in 2019", "not 2019"),
        ("-cat", "not cat"),
        ('"red car"', '"red car"'),
        ("nyc", "New York City"),
        ("zurich", "Zürich"),
        ("iphone 12", "iPhone 12"),
        ("folder holiday", "Holiday"),
        ("winter 2018", "winter 2018/19"),
        ("before 2015", "before 2015"),
        ("between May and July 2019", "May – July 2019"),
        ("at night", "night"),
        ("my favorites", "favourites"),
    ],
)
def test_one_chip_with_its_label(query: str, label: str) -> None:
    assert [chip.label for chip in parser().parse(query, ALBUM).chips] == [label]


def test_spans_count_in_the_query_as_it_was_typed() -> None:
    # Decomposed accents and an emoji are several characters before the place.
    query = unicodedata.normalize("NFD", "déjà vu 👩‍👧  in São Paulo!")
    (chip,) = parser().parse(query, ALBUM).chips
    assert query[chip.start : chip.end] == unicodedata.normalize("NFD", "in São Paulo")


def test_without_vocabulary_no_place_camera_or_folder() -> None:
    for query, _ in SENTENCES:
        if ':"' in query:
            continue  # an exact name asks for what may not be there
        asked = parser().parse(query, EMPTY)
        assert asked.places == asked.cameras == asked.folders == ()


def test_a_place_counts_only_in_an_album_that_has_it() -> None:
    query = "dinner in Turkey"
    assert parser().parse(query, ALBUM).places == ("Ankara, Turkey",)
    assert parser().parse(query, EMPTY).words == query


def test_the_parser_follows_a_changed_vocabulary() -> None:
    one = parser()
    assert one.parse("in Oslo", ALBUM).places == ()
    oslo = Vocabulary(places=frozenset({"Oslo, Norway"}))
    assert one.parse("in Oslo", oslo).places == ("Oslo, Norway",)


def test_names_within_names_are_asked_for_once() -> None:
    album = Vocabulary(
        places=frozenset({"Lisbon", "Porto", "Portugal", "Lisbon, Portugal"}),
        cameras=frozenset({"Canon", "EOS R6", "Canon EOS R6", "Canon EOS R6 II"}),
        folders=frozenset({"2019", "Holiday", "2019/Holiday"}),
    )
    query = "in Portugal, shot on the Canon, in folder Holiday"
    asked = parser().parse(query, album)
    assert asked.places == ("Portugal",)
    assert asked.cameras == ("Canon", "Canon EOS R6", "Canon EOS R6 II")
    assert asked.folders == ("Holiday",)
    asked = parser().parse("Lisbon in Portugal, with the EOS R6", album)
    assert asked.places == ("Lisbon, Portugal",)
    assert asked.cameras == ("Canon EOS R6", "EOS R6")


@pytest.mark.parametrize(
    ("query", "reading"),
    [
        ("in summer", "– | months 1,2,12"),
        ("in winter", "– | months 6,7,8"),
        ("autumn 2019", "– | 2019-03-01..2019-06-01"),
        ("summer 2018/19", "– | 2018-12-01..2019-03-01"),
        ("last summer", "– | 2025-12-01..2026-03-01"),
        ("this spring", "– | 2026-09-01..2026-12-01"),
        ("last spring", "– | 2025-09-01..2025-12-01"),
    ],
)
def test_seasons_of_the_south(query: str, reading: str) -> None:
    assert told(parser("south").parse(query, ALBUM)) == reading


@pytest.mark.parametrize(
    ("today", "query", "reading"),
    [
        ("2026-01-05", "last summer", "– | 2025-06-01..2025-09-01"),
        ("2026-01-05", "this winter", "– | 2025-12-01..2026-03-01"),
        ("2026-01-05", "last winter", "– | 2024-12-01..2025-03-01"),
        ("2026-01-05", "last month", "– | 2025-12-01..2026-01-01"),
        ("2026-03-31", "last month", "– | 2026-02-01..2026-03-01"),
        ("2024-02-29", "a year ago", "– | 2023-01-01..2024-01-01"),
        ("2026-07-15", "last summer", "– | 2025-06-01..2025-09-01"),
        ("2026-07-15", "this summer", "– | 2026-06-01..2026-09-01"),
        ("2026-11-23", "last weekend", "– | 2026-11-21..2026-11-23"),
        ("2026-11-22", "this weekend", "– | 2026-11-21..2026-11-23"),
        ("2026-11-20", "last Friday", "– | 2026-11-13..2026-11-14"),
        ("2026-11-20", "on Friday", "– | 2026-11-20..2026-11-21"),
        ("2026-12-25", "last Christmas", "– | 2025-12-24..2025-12-27"),
        ("2026-12-25", "this Christmas", "– | 2026-12-24..2026-12-27"),
        ("2019-05-01", "the 90s", "– | 1990-01-01..2000-01-01"),
        ("2019-05-01", "the 20s", "– | 1920-01-01..1930-01-01"),
        ("2019-05-01", "dogs 2025", "dogs 2025"),
    ],
)
def test_what_is_told_from_today(today: str, query: str, reading: str) -> None:
    now = datetime.fromisoformat(today).replace(hour=15)
    assert told(parser(now=now).parse(query, ALBUM)) == reading


def test_a_clock_with_a_zone_is_read_as_wall_clock() -> None:
    now = datetime(2026, 11, 21, 23, 30, tzinfo=UTC)
    (span,) = parser(now=now).parse("today", ALBUM).spans
    assert span == Span(datetime(2026, 11, 21), datetime(2026, 11, 22))


def test_nothing_left_of_a_time_matches_no_photo() -> None:
    (span,) = parser().parse("in 2019 but not in 2019", ALBUM).spans
    assert span.begin == span.end


def test_another_hemisphere_is_an_error() -> None:
    with pytest.raises(ValueError, match="east"):
        QueryParser("east", datetime.now)  # type: ignore[arg-type]


def fuzzed(count: int) -> Iterator[str]:
    """Random characters, random words of the table, repeats, and broken sentences."""
    chance = random.Random(20261121)
    queries = [query for query, _ in SENTENCES]
    words = sorted({word for query in queries for word in query.split()})
    marks = "\"-'“” ,.:;()0123456789/no not in may 2019 '90s –"
    for number in range(count):
        way = number % 5
        if way == 0:
            ranges = ((32, 127), (0x80, 0x3000), (0, 0x110000))
            yield "".join(
                chr(chance.randrange(*chance.choice(ranges)))
                for _ in range(chance.randrange(200))
            )
        elif way == 1:
            yield " ".join(chance.choices(words, k=chance.randrange(1, 90)))
        elif way == 2:
            yield "".join(chance.choices(marks, k=chance.randrange(500)))
        elif way == 3:
            gap = chance.choice([" ", "", "-", ", ", " and ", " to "])
            yield gap.join([chance.choice(words)] * chance.randrange(1, 200))
        else:
            letters = list(chance.choice(queries))
            for _ in range(4):
                at = chance.randrange(len(letters))
                letters[at] = chr(chance.choice([0, 9, *range(32, 127), 0x301, 0x200D]))
            yield "".join(letters)


def test_no_text_is_an_error() -> None:
    reader = parser()
    understood = 0
    for query in fuzzed(FUZZED):
        asked = reader.parse(query, ALBUM)
        assert_chips_hold(query, asked)
        understood += bool(asked.chips)
    assert understood > FUZZED // 4  # the noise does reach the rules


@pytest.mark.parametrize("query", ["", " ", "\n\t", '"', "-", "--", "\x00", "\ud800"])
def test_texts_without_words(query: str) -> None:
    assert parser().parse(query, ALBUM).chips == ()


def calls(reader: QueryParser, query: str, vocabulary: Vocabulary) -> int:
    """How many calls of functions, Python's and C's, one parse makes."""
    count = 0

    def counted(_frame: FrameType, event: str, _arg: Any) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    reader.parse(query, vocabulary)
    before = sys.getprofile()
    sys.setprofile(counted)
    try:
        reader.parse(query, vocabulary)
    finally:
        sys.setprofile(before)
    return count


@pytest.mark.parametrize(
    "word",
    [
        "no ",
        "not in ",
        "may, ",
        "-x ",
        "christmas ",
        "between ",
        "2019-",
        '"',
        "Lisbon ",
    ],
)
def test_work_grows_with_the_length_not_faster(word: str) -> None:
    half, full = (word * LONGEST_QUERY)[: LONGEST_QUERY // 2], word * LONGEST_QUERY
    reader = parser()
    # Twice the text may cost twice the calls, and a part that does not grow.
    assert calls(reader, full, ALBUM) <= 2.6 * calls(reader, half, ALBUM) + 2000


def test_what_is_behind_the_longest_query_costs_nothing() -> None:
    reader = parser()
    text = "dogs in Lisbon, not in 2019. " * 20
    once = calls(reader, text[:LONGEST_QUERY], ALBUM)
    # The one character behind it is looked at: an accent belongs to the letter before.
    assert calls(reader, text[:LONGEST_QUERY] + "x" * 100_000, ALBUM) <= once + 1


def test_a_large_vocabulary_costs_nothing_once_read() -> None:
    large = Vocabulary(
        places=ALBUM.places | {f"Town{n}, Land{n % 90}" for n in range(5000)},
        cameras=ALBUM.cameras,
        folders=ALBUM.folders,
    )
    query = "dogs in Lisbon or Porto without people, shot on the Canon"
    reader = parser()
    assert calls(reader, query, large) <= 1.05 * calls(reader, query, ALBUM)
