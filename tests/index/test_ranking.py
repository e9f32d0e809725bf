"""The ranking with the real MiniLM: order, NOT, marks and reasons."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pytest

from index.embedder import MiniLMEmbedder
from index.parts import CaptionParts
from index.ranking import Candidate, Ranked, rank
from index.unwanted import is_negated

CAPTIONS = [
    "A wide sandy beach at low tide. Gentle waves roll in under a clear blue sky.",
    "A sandy beach with blue water. A crowd lies on towels under the parasols.",
    "A beach at sunset with waves. A family builds a sandcastle near the water.",
    "A beach with white sand. In the foreground a man walks towards the sea.",
    "A quiet beach with dunes and waves. No people are visible in the scene.",
    "A brown puppy chases a red ball through wet sand. The sea is behind it.",
    "A plate of spaghetti with tomato sauce stands on a wooden table.",
    "A train crosses a stone bridge in the mountains. Snow lies on the peaks.",
    "",
]
WITH_PEOPLE = {1, 2, 3}
Ask = Callable[..., list[Ranked]]


@pytest.fixture(scope="module")
def minilm() -> MiniLMEmbedder:
    return MiniLMEmbedder()


@pytest.fixture(scope="module")
def ask(minilm: MiniLMEmbedder) -> Ask:
    vectors, parts = minilm.embed_with_parts(CAPTIONS)

    def asked(
        text: str, *unwanted: str, bm25: Sequence[float] = (0.0,) * len(CAPTIONS)
    ) -> list[Ranked]:
        query = minilm.embed_query(text)
        cosines = vectors @ query.vector
        candidates = [
            Candidate(n, float(cosines[n]), CAPTIONS[n], parts[n], bm25[n])
            for n in range(len(CAPTIONS))
        ]
        return rank(query, candidates, [minilm.embed_query(each) for each in unwanted])

    return asked


def marked(hit: Ranked) -> set[str]:
    return {CAPTIONS[hit.photo_id][begin:end] for begin, end in hit.marks}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("a dog plays on the shore", 5),
        ("pasta", 6),
        ("railway viaduct in winter", 7),
        ("children build a castle of sand", 2),
    ],
)
def test_the_caption_that_is_meant_comes_first(
    ask: Ask, query: str, expected: int
) -> None:
    assert ask(query)[0].photo_id == expected


@pytest.mark.parametrize("unwanted", ["people", "persons", "anybody"])
def test_without_people_means_without_crowd_family_and_man(
    ask: Ask, unwanted: str
) -> None:
    hits = ask("beach", unwanted)
    assert {hit.photo_id for hit in hits[:2]} == {0, 4}
    assert {hit.photo_id for hit in hits[-3:]} == WITH_PEOPLE
    assert all(hit.penalty == (hit.photo_id in WITH_PEOPLE) for hit in hits)


def test_not_means_what_is_like_the_word_and_nothing_else(ask: Ask) -> None:
    penalty = {hit.photo_id: hit.penalty for hit in ask("sea", "dogs")}
    assert penalty[5] > 0.5  # a puppy
    assert sum(value > 0.2 for value in penalty.values()) == 1


def test_every_unwanted_phrase_counts(ask: Ask) -> None:
    hits = ask("sand", "people", "a red ball")
    assert {hit.photo_id for hit in hits if hit.penalty > 0.5} == WITH_PEOPLE | {5}


@pytest.mark.parametrize(
    ("text", "word", "expected"),
    [
        ("No people are here", "people", True),
        ("without any visible cars or people", "people", True),
        ("The street is devoid of people", "people", True),
        ("There aren't any people", "people", True),
        ("No cars, but people walk", "people", False),
        ("Nothing moves. People sleep", "People", False),
        ("people", "people", False),
    ],
)
def test_what_a_caption_denies_is_not_in_the_picture(
    text: str, word: str, expected: bool
) -> None:
    start = text.index(word)
    assert is_negated(text, (start, start + len(word))) is expected


def test_marks_are_the_words_that_answer(ask: Ask) -> None:
    hit = ask("a dog on the shore")[0]
    assert "puppy" in marked(hit)
    assert not marked(hit) & {"A", "brown", "red", "ball", "The"}
    assert list(hit.marks) == sorted(set(hit.marks))


def test_the_reason_is_the_sentence_with_the_answer(ask: Ask) -> None:
    best = ask("snowy mountain tops")[0]
    assert best.sentence is not None
    assert CAPTIONS[7][slice(*best.sentence)] == "Snow lies on the peaks."
    assert "Snow" in marked(best)


def test_words_decide_between_equals(minilm: MiniLMEmbedder) -> None:
    vectors, parts = minilm.embed_with_parts(["a red car"])
    query = minilm.embed_query("car")
    whole = float(vectors[0] @ query.vector)
    same = [Candidate(n, whole, "a red car", parts[0], n / 10) for n in (1, 9, 5)]
    assert [hit.photo_id for hit in rank(query, same)] == [9, 5, 1]


def test_an_empty_caption_has_no_reason(ask: Ask) -> None:
    (hit,) = [hit for hit in ask("a beach", "people") if hit.photo_id == 8]
    assert (hit.sentence, hit.marks, hit.penalty) == (None, (), 0)


def test_equals_keep_the_order_of_their_ids(minilm: MiniLMEmbedder) -> None:
    vectors, parts = minilm.embed_with_parts(["a red car"])
    query = minilm.embed_query("car")
    whole = float(vectors[0] @ query.vector)
    same = [Candidate(n, whole, "a red car", parts[0]) for n in (7, 3, 5)]
    assert [hit.photo_id for hit in rank(query, same)] == [3, 5, 7]


def test_the_answer_is_the_same_every_time_and_after_packing(
    minilm: MiniLMEmbedder,
) -> None:
    vectors, parts = minilm.embed_with_parts(CAPTIONS)
    query = minilm.embed_query("dogs and waves")
    cosines = vectors @ query.vector

    def run(kept: list[CaptionParts]) -> list[Ranked]:
        return rank(
            query,
            [
                Candidate(n, float(cosines[n]), CAPTIONS[n], kept[n])
                for n in range(len(CAPTIONS))
            ],
        )

    packed = [CaptionParts.unpack(each.pack()) for each in parts]
    assert run(parts) == run(parts) == run(packed)
    assert [(hit.sentence, hit.marks) for hit in run(parts)] == [
        (hit.sentence, hit.marks) for hit in run(packed)
    ]


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "the of and",
        "!!!",
        "海滩上的狗",
        "Собака на пляже",
        "🐶🏖",
        "\ud83d",
        "x" * 600,
    ],
)
def test_any_query_is_ranked(ask: Ask, text: str) -> None:
    hits = ask(text, text)
    assert len(hits) == len(CAPTIONS)
    assert np.isfinite([[hit.score, hit.likeness, hit.coverage] for hit in hits]).all()


def test_any_caption_has_parts(minilm: MiniLMEmbedder) -> None:
    texts = [
        "",
        "\n\n",
        "语言" * 900,
        "A dog runs. " * 833,  # 10,000 characters
        "nospace" * 400,
        "Straße, café — naïve “quotes” 🐶.",
        "half an emoji \ud83d",
    ]
    vectors, parts = minilm.embed_with_parts(texts)
    assert np.abs(vectors - minilm.embed(texts)).max() < 1e-6
    for text, each in zip(texts, parts, strict=True):
        assert len(each.words) == len(each.token_codes) <= 256
        assert len(each.sentences) == len(each.sentence_vectors) <= 64
        assert all(0 <= b < e <= len(text) for b, e in each.words + each.sentences)
    assert not parts[0].words
    assert len(parts[3].sentences) == 64
    assert [texts[5][b:e] for b, e in parts[5].words[:1]] == ["Straße"]
    query = minilm.embed_query("a dog")
    assert rank(query, []) == []
    hits = rank(
        query,
        [
            Candidate(n, float(vectors[n] @ query.vector), texts[n], parts[n])
            for n in range(len(texts))
        ],
        [query],
    )
    assert {hit.photo_id for hit in hits if hit.penalty > 0.5} == {3}
