"""Sentences and words of captions, and the bytes they are kept as."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.content_words import is_content
from index.errors import IndexDamaged
from index.parts import SENTENCE_DIM, TOKEN_DIM, CaptionParts
from index.sentences import sentence_spans
from index.token_vectors import STEP, basis, encode, reduce


def made(sentences: int = 3, words: int = 17, seed: int = 1) -> CaptionParts:
    random = np.random.default_rng(seed)
    return CaptionParts(
        tuple((10 * n, 10 * n + 9) for n in range(sentences)),
        random.standard_normal((sentences, SENTENCE_DIM)).astype(np.float16),
        tuple((4 * n, 4 * n + 3) for n in range(words)),
        random.integers(-127, 128, (words, TOKEN_DIM)).astype(np.int8),
    )


def same(one: CaptionParts, other: CaptionParts) -> bool:
    return (
        one.sentences == other.sentences
        and one.words == other.words
        and np.array_equal(one.sentence_vectors, other.sentence_vectors)
        and np.array_equal(one.token_codes, other.token_codes)
        and other.sentence_vectors.dtype == np.float16
        and other.token_codes.dtype == np.int8
    )


@pytest.mark.parametrize(("sentences", "words"), [(0, 0), (1, 0), (0, 1), (64, 256)])
def test_what_is_packed_comes_back(sentences: int, words: int) -> None:
    parts = made(sentences, words)
    assert same(parts, CaptionParts.unpack(parts.pack()))


def test_a_caption_of_the_usual_length_needs_little() -> None:
    assert len(made(sentences=6, words=70).pack()) < 10_000


def test_every_altered_byte_is_noticed() -> None:
    packed = made(2, 5).pack()
    for place in range(len(packed)):
        altered = bytearray(packed)
        altered[place] ^= 0x10
        with pytest.raises(IndexDamaged):
            CaptionParts.unpack(bytes(altered))


def test_missing_and_additional_bytes_are_noticed() -> None:
    packed = made(2, 5).pack()
    for length in range(len(packed)):
        with pytest.raises(IndexDamaged):
            CaptionParts.unpack(packed[:length])
    with pytest.raises(IndexDamaged):
        CaptionParts.unpack(packed + b"\0")


@given(st.binary(max_size=400))
@settings(max_examples=200, deadline=None)
def test_arbitrary_bytes_are_refused(raw: bytes) -> None:
    with pytest.raises(IndexDamaged):
        CaptionParts.unpack(raw)


def test_fields_that_do_not_fit_together_are_not_packed() -> None:
    good = made(2, 5)
    with pytest.raises(ValueError, match="each sentence"):
        CaptionParts(
            good.sentences[:1], good.sentence_vectors, good.words, good.token_codes
        ).pack()
    with pytest.raises(ValueError, match="each word piece"):
        CaptionParts(
            good.sentences, good.sentence_vectors, good.words, good.token_codes[:, :8]
        ).pack()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        (" \n . … !", []),
        ("a dog", ["a dog"]),
        ("A dog runs. It is wet!  Why?", ["A dog runs.", "It is wet!", "Why?"]),
        (
            "St. Peter's in Rome. No. 5 is red.",
            ["St. Peter's in Rome.", "No. 5 is red."],
        ),
        ("By J. Smith. Fine.", ["By J. Smith.", "Fine."]),
        ('It reads "Stop." A car waits.', ['It reads "Stop."', "A car waits."]),
        ("- a cat\n- a dog\r\n\r\nthe end", ["- a cat", "- a dog", "the end"]),
        ("一只狗在海滩上。天空很蓝！", ["一只狗在海滩上。", "天空很蓝！"]),
        ("costs 3.50 euros", ["costs 3.50 euros"]),
    ],
)
def test_sentences_end_where_people_end_them(text: str, expected: list[str]) -> None:
    assert [text[begin:end] for begin, end in sentence_spans(text)] == expected


@given(st.text(max_size=300))
@settings(max_examples=200, deadline=None)
def test_sentences_are_in_order_and_leave_no_letter_out(text: str) -> None:
    spans = sentence_spans(text)
    assert all(0 <= b < e <= len(text) for b, e in spans)
    assert all(one[1] <= other[0] for one, other in pairwise(spans))
    letters = [c for c in text if c.isalnum()]
    assert letters == [c for b, e in spans for c in text[b:e] if c.isalnum()]


def test_stop_words_and_dots_are_no_content() -> None:
    assert [
        w for w in ["The", "dog", ",", "of", "2", "語", "—", "Image"] if is_content(w)
    ] == [
        "dog",
        "2",
        "語",
    ]


def test_the_basis_is_orthonormal_and_codes_keep_the_direction() -> None:
    product = basis().T @ basis()
    assert np.abs(product - np.eye(TOKEN_DIM)).max() < 1e-5
    random = np.random.default_rng(2)
    states = random.standard_normal((50, TOKEN_DIM)).astype(np.float32) @ basis().T
    vectors = reduce(states)
    assert np.abs(np.linalg.norm(vectors, axis=1) - 1).max() < 1e-5
    again = encode(vectors).astype(np.float32) * STEP
    cosines = (vectors * again).sum(axis=1) / np.linalg.norm(again, axis=1)
    assert cosines.min() > 0.999
    assert reduce(np.zeros((2, 384), np.float32)).tolist() == np.zeros((2, 64)).tolist()
    assert reduce(np.zeros((0, 384), np.float32)).shape == (0, TOKEN_DIM)
