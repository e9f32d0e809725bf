"""Conditions as people write them: what is understood, and what is refused and how."""

from __future__ import annotations

from datetime import date

import pytest

from album.errors import AlbumError
from album.selection import KEYS, Condition, lies_in, parse_condition, says


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("captioner=qwen", Condition("captioner", "=", "qwen")),
        (" Captioner = qwen ", Condition("captioner", "=", "qwen")),
        ("model=Qwen/Qwen3=VL", Condition("model", "=", "Qwen/Qwen3=VL")),
        ("model=", Condition("model", "=", "")),
        ("revision=89644", Condition("revision", "=", "89644")),
        ("quantisation=nf4", Condition("quantisation", "=", "nf4")),
        ("variant=German+context", Condition("variant", "=", "German+context")),
        ("language=english", Condition("language", "=", ("", "context"))),
        ("language=German", Condition("language", "=", ("German", "German+context"))),
        ("prompt<2", Condition("prompt", "<", 2)),
        ("prompt > 0", Condition("prompt", ">", 0)),
        ("prompt=1", Condition("prompt", "=", 1)),
        ("written<2026-05-01", Condition("written", "<", date(2026, 5, 1))),
        ("folder=pictures/Ferien/", Condition("folder", "=", "pictures/Ferien")),
        ("folder=a\udcff", Condition("folder", "=", "a\\xff")),
        ("text=The image shows", Condition("text", "=", "The image shows")),
        ("photo=7, 12,31", Condition("photo", "=", (7, 12, 31))),
    ],
)
def test_what_people_write_is_understood(text: str, expected: Condition) -> None:
    assert parse_condition(text) == expected


@pytest.mark.parametrize("text", ["", "qwen", "colour=red", "captioner!=qwen", "=x"])
def test_no_condition_is_answered_with_the_keys(text: str) -> None:
    with pytest.raises(AlbumError) as caught:
        parse_condition(text)
    assert all(key in str(caught.value) for key in KEYS)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("captioner=", "it needs a value"),
        ("language=", "it needs a value"),
        ("folder=/", "it needs a value"),
        ("captioner<qwen", "captioner takes only ="),
        ("photo>3", "photo takes only ="),
        ("prompt=two", "a whole number"),
        ("prompt>=2", "a whole number"),
        ("prompt=-1", "a whole number"),
        ("prompt=99999999999999999999", "a whole number"),
        ("written=May", "like 2026-05-31"),
        ("written<2026-02-30", "like 2026-05-31"),
        ("written>9999-12-31", "like 2026-05-31"),
        ("photo=1,,2", "by their ids"),
        ("photo=-1", "by their ids"),
        ("photo=1;DROP TABLE photos", "by their ids"),
        ("text=\ud800", "not text"),
    ],
)
def test_a_wrong_value_is_answered_with_what_it_must_be(text: str, why: str) -> None:
    with pytest.raises(AlbumError, match=why):
        parse_condition(text)


@pytest.mark.parametrize(
    ("words", "caption", "found"),
    [
        ("red barn", "A RED\n barn in snow.", True),
        ("red barn", "A barn that is red.", False),
        ("cat", "A catalogue on a table.", False),
        ("cat", "Two cats.", False),
        ("cat", "The cat, asleep.", True),
        ("straße", "Eine STRASSE.", True),
        ("cafe\u0301", "Ein Caf\u00e9.", True),
        ("猫", "一只黑猫坐着", True),
        ("狗", "一只黑猫坐着", False),
        ("100%", "It says 100% wool.", True),
        (".*", "anything", False),
    ],
)
def test_words_are_found_as_they_stand(words: str, caption: str, found: bool) -> None:
    assert says(words)(caption) is found


@pytest.mark.parametrize(
    ("folder", "shown", "inside"),
    [
        ("pictures", "pictures", True),
        ("pictures", "pictures/Ferien/2024", True),
        ("pictures/Fer", "pictures/Ferien", False),
        ("a_b", "axb", False),
        ("100%", "100 percent", False),
        ("a\\xff", "a\\xff/c", True),
        ("Bo\u0308e", "B\u00f6e/c", True),
    ],
)
def test_a_folder_holds_itself_and_what_is_inside(
    folder: str, shown: str, inside: bool
) -> None:
    assert lies_in(folder)(shown) is inside
