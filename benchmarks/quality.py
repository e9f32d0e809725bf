"""Whether the right photo is found, and whether an absent one is said to be absent.

Constants of the ranking were tuned on one half of the described photos; everything
here is about the other half, beside whole-caption MiniLM in the same run.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.quality_bm25 import Bm25
from benchmarks.quality_data import Captions, keywords, read, reported
from benchmarks.quality_feedback import feedback_rows
from benchmarks.quality_subjects import Asked, asked
from benchmarks.table import Measurement
from index.embedder import MiniLMEmbedder
from index.evidence import evidence
from index.parts import CaptionParts, EncodedQuery
from index.ranking import Candidate, Ranked, rank
from index.strictness import (
    UNRELATED_QUERIES,
    Background,
    Strictness,
    background,
    judge,
)

CANDIDATES = 100  # that the vectors of whole captions hand to the ranking
QUESTIONS = 200  # with their subject in the gallery, and as many without
FIRST = (1, 5, 10)
GAINS = {"sentence": ("+5", "+3", "+1.5"), "keywords": ("+3", "none", "none")}


@dataclass(frozen=True, slots=True)
class Gallery:
    """Captions, embedded; `vectors` float32 (n, 384)."""

    data: Captions
    vectors: NDArray[np.float32]
    parts: list[CaptionParts]
    words: Bm25

    def ask(
        self, query: EncodedQuery, among: NDArray[np.int64] | None = None
    ) -> list[Ranked]:
        """The candidates among the captions int64 (m,), by default all, ranked."""
        places = np.arange(len(self.parts)) if among is None else among
        cosines = self.vectors @ query.vector
        best = places[np.argsort(-cosines[places], kind="stable")[:CANDIDATES]]
        bm25 = self.words.scores(query.text)
        most = max(float(bm25[best].max()), 1e-6)
        texts = self.data.captions
        return rank(
            query,
            [
                Candidate(n, float(cosines[n]), texts[n], self.parts[n], bm25[n] / most)
                for n in best.tolist()
            ],
        )


def measure(shared: Path | None) -> list[Measurement]:
    """The recall of sentences and of keywords, and of "nothing matches"."""
    if shared is None:
        return []
    data = read(shared)
    embedder = MiniLMEmbedder()
    vectors, parts = embedder.embed_with_parts(data.captions)
    gallery = Gallery(data, vectors, parts, Bm25(data.captions))
    kept = [n for n, place in enumerate(data.owners) if reported(place)]
    rows: list[Measurement] = []
    for kind, texts in (
        ("sentence", [data.sentences[n] for n in kept]),
        ("keywords", [keywords(data.sentences[n]) for n in kept]),
    ):
        queries = [embedder.embed_query(text) for text in texts]
        owners = [data.owners[n] for n in kept]
        rows += _recall(kind, gallery, queries, owners, GAINS[kind])
        if kind == "sentence":
            rows += feedback_rows(
                gallery, list(zip(texts, owners, queries, strict=True))
            )
    return rows + _tuning_half(gallery, embedder) + _nothing(gallery, embedder)


def _tuning_half(gallery: Gallery, embedder: MiniLMEmbedder) -> list[Measurement]:
    """The sentences of the other half, to see how far two halves differ by chance."""
    data = gallery.data
    other = [n for n, place in enumerate(data.owners) if not reported(place)]
    queries = [embedder.embed_query(data.sentences[n]) for n in other]
    owners = [data.owners[n] for n in other]
    return _recall("sentence of the tuning half", gallery, queries, owners)


def _recall(
    kind: str,
    gallery: Gallery,
    queries: Sequence[EncodedQuery],
    owners: Sequence[int],
    gains: Sequence[str] = ("none", "none", "none"),
) -> list[Measurement]:
    """R@1, R@5 and R@10 beside those of whole captions."""
    ours, whole = [], []
    for query, owner in zip(queries, owners, strict=True):
        cosines = gallery.vectors @ query.vector
        whole.append(int((cosines > cosines[owner]).sum()))
        order = [each.photo_id for each in gallery.ask(query)]
        ours.append(order.index(owner) if owner in order else len(gallery.parts))
    return [
        _points(
            f"{kind} → caption, R@{k} ({len(owners)} queries)",
            float(np.mean(np.array(ours) < k)),
            "whole caption",
            float(np.mean(np.array(whole) < k)),
            f"{gain} points" if gain != "none" else gain,
        )
        for k, gain in zip(FIRST, gains, strict=True)
    ]


def _nothing(gallery: Gallery, embedder: MiniLMEmbedder) -> list[Measurement]:
    """How often an absent subject is refused and a present one is not."""
    data = gallery.data
    places = [place for place in range(data.described) if reported(place)]
    present, absent = asked(data, places, QUESTIONS)
    unrelated = [gallery.ask(embedder.embed_query(q)) for q in UNRELATED_QUERIES]
    album = background(unrelated, len(gallery.parts))

    def answers(questions: Sequence[Asked]) -> list[list[Ranked]]:
        return [
            gallery.ask(embedder.embed_query(data.sentences[one.sentence]), one.gallery)
            for one in questions
        ]

    have, lack = answers(present), answers(absent)
    whole = [max(each.whole for each in ranked) for ranked in have + lack]
    likeness = [max(each.likeness for each in ranked) for ranked in have + lack]
    known = np.repeat([True, False], [len(have), len(lack)])
    odds = np.array([evidence(ranked) for ranked in have + lack]) - album.shift
    _print_roc(odds, known)
    bare = _balanced_at(np.array(whole), known, FIXED_WHOLE)
    fixed = _balanced_at(np.array(likeness), known, FIXED_LIKENESS)
    normal, lenient = (
        (_silenced(have, level, album), _silenced(lack, level, album))
        for level in ("normal", "lenient")
    )
    return [
        _share(
            "nothing matches, balanced accuracy",
            (1 - normal[0] + normal[1]) / 2,
            "fixed cutoff on the whole caption",
            bare,
            "≥ 90 %",
        ),
        _share("the same", (1 - normal[0] + normal[1]) / 2,
               "fixed cutoff on mix + 0.5 late", fixed, "none"),
        _share("AUC", _auc(odds, known), "whole caption",
               _auc(np.array(whole), known), "none"),
        _share("lenient: present ones silenced", lenient[0],
               "normal", normal[0], "≤ 3 %"),
        _share("lenient: absent ones refused", lenient[1],
               "normal", normal[1], "≥ 75 %"),
    ]  # fmt: skip


# The cutoffs that part the tuning half's questions best.
FIXED_WHOLE = 0.549
FIXED_LIKENESS = 0.926


def _silenced(
    answers: Sequence[list[Ranked]], level: Strictness, album: Background
) -> float:
    return float(np.mean([judge(ranked, level, album).nothing for ranked in answers]))


def _balanced_at(
    values: NDArray[np.float64], known: NDArray[np.bool_], cutoff: float
) -> float:
    return float(
        ((values[known] >= cutoff).mean() + (values[~known] < cutoff).mean()) / 2
    )


def _auc(values: NDArray[np.float64], known: NDArray[np.bool_]) -> float:
    """The chance that a present subject has more than an absent one."""
    above = values[known][:, None] > values[~known][None, :]
    equal = values[known][:, None] == values[~known][None, :]
    return float((above + equal / 2).mean())


def _print_roc(odds: NDArray[np.float64], known: NDArray[np.bool_]) -> None:
    print("| evidence at least | present silenced | absent refused | balanced |")
    print("|---|---|---|---|")
    for cutoff in np.arange(-4, 4.01, 0.5):
        silenced = float((odds[known] < cutoff).mean())
        refused = float((odds[~known] < cutoff).mean())
        print(
            f"| {cutoff:+.1f} | {silenced:.1%} | {refused:.1%} "
            f"| {(1 - silenced + refused) / 2:.1%} |"
        )


def _points(
    name: str, value: float, baseline: str, other: float, limit: str
) -> Measurement:
    gained = 100 * (value - other)
    return _share(f"{name}, {gained:+.1f} points", value, baseline, other, limit)


def _share(
    name: str, value: float, baseline: str, other: float, limit: str
) -> Measurement:
    ratio = value / other if other else float("inf")
    return Measurement(name, 100 * value, "%", baseline, 100 * other, ratio, limit)
