"""When hits are strong, and when nothing matches."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from index.embedder import MiniLMEmbedder
from index.evidence import evidence
from index.ranking import Candidate, Ranked, rank
from index.strictness import (
    UNRELATED_QUERIES,
    Background,
    background,
    judge,
)

SUBJECTS = (
    "a brown dog runs along a sandy beach",
    "a plate of pasta with tomatoes on a wooden table",
    "a steam train crosses a stone bridge",
    "two children build a snowman in a garden",
    "a red vintage car parked in a narrow street",
    "a church with a tall tower at sunset",
    "a grey cat sleeps on a sofa",
    "a bride and groom dance in a hall",
    "a sailing boat on a calm lake",
    "a bowl of oranges beside a window",
)
CAPTIONS = [f"{start} {one}." for one in SUBJECTS for start in ("The picture shows",)]
Ask = Callable[..., list[Ranked]]


@pytest.fixture(scope="module")
def ask() -> Ask:
    minilm = MiniLMEmbedder()
    vectors, parts = minilm.embed_with_parts(CAPTIONS)

    def asked(text: str, *unwanted: str) -> list[Ranked]:
        query = minilm.embed_query(text)
        cosines = vectors @ query.vector
        return rank(
            query,
            [
                Candidate(n, float(cosines[n]), text, parts[n])
                for n, text in enumerate(CAPTIONS)
            ],
            [minilm.embed_query(each) for each in unwanted],
        )

    return asked


PRESENT = ["dog at the seaside", "pasta", "an old car", "cat", "wedding dance", "boat"]
ABSENT = ["giraffe", "a submarine under the ice", "rock concert", "passport"]


@pytest.mark.parametrize("query", PRESENT)
def test_what_is_there_is_found(ask: Ask, query: str) -> None:
    verdict = judge(ask(query))
    assert not verdict.nothing
    assert verdict.strengths[0] in ("strong", "good")
    assert verdict.strengths[-1] == "weak"


@pytest.mark.parametrize("query", [*ABSENT, *UNRELATED_QUERIES])
def test_what_is_not_there_is_refused(ask: Ask, query: str) -> None:
    verdict = judge(ask(query))
    assert verdict.nothing
    assert set(verdict.strengths) == {"weak"}


def test_another_models_scale_is_that_of_the_album() -> None:
    """A model to which all texts are near: unrelated ones have 4.5, its own 7.4."""
    narrow = Background(4.5, 7.4)
    assert narrow.seen(4.5) < -5
    assert narrow.seen(6.4) < 0.2 < narrow.seen(6.6)  # 70 % of the way
    assert narrow.seen(7.4) > 1.5
    # A model that cannot tell them apart silences nothing.
    assert Background(4.5, 4.4).seen(-9.0) >= 0.2
    assert Background(None, None).seen(1.0) == 1.0


@pytest.mark.parametrize("query", PRESENT + ABSENT)
def test_the_three_words_are_in_order(ask: Ask, query: str) -> None:
    ranked = ask(query)
    shown = [
        sum(each != "weak" for each in judge(ranked, level).strengths)
        for level in ("strict", "normal", "lenient")
    ]
    assert shown == sorted(shown)


def test_each_word_wants_more_evidence_than_the_next() -> None:
    # Evidence: 18.6 × cosine - 15.25 = 1.49, 0.93, -0.93 and -2.79.
    def refused(cosine: float) -> list[bool]:
        hit = Ranked(1, 1, 0, cosine, cosine, 0, (), 0)
        return [
            judge([hit] * 50, word).nothing for word in ("strict", "normal", "lenient")
        ]

    assert refused(0.90) == [False, False, False]
    assert refused(0.87) == [True, False, False]
    assert refused(0.77) == [True, True, False]
    assert refused(0.67) == [True, True, True]


def test_unwanted_hits_are_weak_and_alone_they_are_nothing(ask: Ask) -> None:
    verdict = judge(ask("dog", "dog"))
    ranked = ask("an animal", "cats")
    assert judge(ask("cat", "cats", "dog")).strengths.count("weak") >= 2
    for hit, strength in zip(ranked, judge(ranked).strengths, strict=True):
        assert hit.penalty < 0.5 or strength == "weak"
    assert verdict.nothing
    unwanted = [hit for hit in ask("dog", "dog") if hit.penalty > 0.5]
    assert unwanted
    assert judge(unwanted).nothing
    assert judge([]).nothing
    assert judge([]).strengths == ()


def test_an_album_that_answers_everything_asks_for_more(ask: Ask) -> None:
    ranked = ask("dog at the seaside")
    usual = judge(ranked).evidence
    assert judge(ranked, album=Background(-3)).evidence < usual
    assert judge(ranked, album=Background(-9)).evidence > usual
    assert judge(ranked, album=Background(50)).evidence == usual - 1
    assert judge(ranked, album=Background()).evidence == usual


def test_the_background_is_the_median_and_small_albums_have_none(ask: Ask) -> None:
    answers = [ask(query) for query in UNRELATED_QUERIES]
    assert background(answers, photos=10) == Background()
    assert background([], photos=1000) == Background()
    odds = sorted(evidence(ranked) for ranked in answers)
    middle = background(answers, photos=1000).level
    assert middle is not None
    assert odds[0] < middle < odds[-1]
    assert background([*answers, []], photos=1000).level == middle
