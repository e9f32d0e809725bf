"""What is kept of a caption model's answer, whatever it says."""

from __future__ import annotations

import unicodedata

import pytest

from album.captioners.answer import MAX_CHARS, clean_answer
from album.errors import CaptionError

DOG = "A brown dog runs along a sandy beach at sunset."
SEA = "Small waves reach its paws."

KEPT = [
    ("plain", f"{DOG} {SEA}", f"{DOG} {SEA}"),
    ("without a full stop", "a red car by the sea", "a red car by the sea"),
    ("the image shows", "The image shows a cat on a sofa.", "A cat on a sofa."),
    ("this photo depicts", "This photo depicts two boats.", "Two boats."),
    ("in this picture, we see", "In this picture, we see a castle.", "A castle."),
    ("in the image there is", "In the image, there is a lamp.", "A lamp."),
    ("an image of", "An image of three ducks.", "Three ducks."),
    ("this is a photo of", "This is a photo of a bridge.", "A bridge."),
    ("we can see", "We can see a tall tower.", "A tall tower."),
    ("the black-and-white photo", "The old photograph shows snow.", "Snow."),
    ("two openings", "Sure! This image features a lake.", "A lake."),
    ("here is the caption", "Here is a caption for you:\nA lake.", "A lake."),
    ("caption:", "Caption: A lake.", "A lake."),
    ("an opening that is not one", "The image on the wall is old.", None),
    ("bold and code", "A **brown dog** near `EXIT`.", "A brown dog near EXIT."),
    ("heading", "# Beach\nA dog runs.", "Beach A dog runs."),
    ("list", "- a dog\n- a beach\n- a ball", "a dog, a beach, a ball"),
    ("numbers", "1. A dog runs.\n2. A man waits.", "A dog runs. A man waits."),
    ("fence", "```text\nA dog runs.\n```", "A dog runs."),
    ("wrapped lines", "A dog runs\nalong the sea.\n\n", "A dog runs along the sea."),
    ("special tokens", "<|im_start|>A dog.<|im_end|><|endoftext|>", "A dog."),
    ("role", "assistant\nA dog runs.", "A dog runs."),
    ("thinking", "<think>What is it?\nA dog.</think>\nA dog runs.", "A dog runs."),
    ("nul and bell", "A d\x00og\x07 runs.", "A dog runs."),
    ("terminal colours", "A \x1b[31mred dog.", "A [31mred dog."),
    ("lone surrogate", "A dog\ud83d runs.", "A dog runs."),
    ("bidi override", "A \u202egod\u202c dog.", "A god dog."),
    ("decomposed accents", "A cafe\u0301 at night.", "A café at night."),
    ("emoji family", "A sign with 👨\u200d👩\u200d👧.", None),
    ("tags", "<b>A dog</b> <script>alert(1)</script>", "A dog alert(1)"),
    ("SQL stays text", "A wall reads '; DROP TABLE photos;--", None),
    ("less than", "A sign reads 3 < 5.", None),
    ("other language", "Ein Hund läuft am Strand.", None),
    ("Chinese", "一只狗在海滩上。天空是红色的。", None),
    ("quoted whole", '"A dog runs."', "A dog runs."),
    ("sentence again", f"{DOG} {SEA} {DOG} {DOG}", f"{DOG} {SEA}"),
    ("sentence again, unfinished", f"{DOG} {SEA} A brown dog runs", f"{DOG} {SEA}"),
    ("phrase loop", f"{DOG} It has {'a red ball, ' * 40}", DOG),
    ("loop in one sentence", "A man with " + "a hat and " * 9, "A man with a hat and"),
    ("token 500 times at the end", f"{DOG} {'wave ' * 500}", DOG),
    ("no spaces", f"{DOG} {'ha' * 400}", DOG),
    ("three in a row is fine", "A big, big, big dog.", None),
]


@pytest.mark.parametrize(
    ("raw", "kept"), [(r, k) for _, r, k in KEPT], ids=[name for name, _, _ in KEPT]
)
def test_keeps_the_words_and_drops_the_wrapping(raw: str, kept: str | None) -> None:
    assert clean_answer(raw) == (raw if kept is None else kept)


@pytest.mark.parametrize(
    "raw",
    [
        "",
        "  \n\t ",
        "\x00\x01",
        "...",
        "<|im_end|>",
        "<think>I do not know",
        "**",
        "dog " * 500,
        "the the the the the the",
        "ha" * 5_000,
        "!" * 600,
        "\ud800" * 50,
        "The image shows ",
    ],
)
def test_an_answer_that_says_nothing_is_an_error(raw: str) -> None:
    with pytest.raises(CaptionError) as caught:
        clean_answer(raw)
    assert caught.value.reason.endswith(".")


def test_a_capped_answer_loses_its_unfinished_sentence() -> None:
    assert clean_answer(f"{DOG} Behind it a tall", capped=True) == DOG
    assert clean_answer(f"{DOG} Text: EXIT") == f"{DOG} Text: EXIT"


def test_a_capped_answer_without_a_whole_sentence_is_kept() -> None:
    assert (
        clean_answer("A brown dog and a tall,", capped=True) == "A brown dog and a tall"
    )


def test_a_long_answer_ends_with_a_whole_sentence() -> None:
    raw = " ".join(f"Door {n} is red, door {n + 1} blue." for n in range(400))
    kept = clean_answer(raw)
    assert MAX_CHARS - 40 < len(kept) <= MAX_CHARS
    assert kept.endswith(" blue.")
    assert raw.startswith(kept)


def test_a_megabyte_is_bounded() -> None:
    raw = " ".join(str(n) for n in range(150_000))
    kept = clean_answer(raw)
    assert len(kept) <= MAX_CHARS
    assert raw.startswith(kept + " ")


@pytest.mark.parametrize("step", [7, 101, 997])
def test_any_unicode_gives_clean_text_or_an_error(step: int) -> None:
    """Every character class there is, cut into answers of 400 characters."""
    everything = [chr(code) for code in range(0, 0x110000, step)]
    for start in range(0, len(everything), 400):
        raw = "".join(everything[start : start + 400])
        try:
            kept = clean_answer(raw)
        except CaptionError:
            continue
        kept.encode("utf-8")
        assert unicodedata.is_normalized("NFC", kept)
        assert not any(unicodedata.category(c) in {"Cc", "Cs"} for c in kept)


def test_cleaning_a_clean_caption_changes_nothing() -> None:
    for _, raw, _ in KEPT:
        once = clean_answer(raw)
        assert clean_answer(once) == once
