"""`python -m benchmarks.fit_strictness` fits the constants of index/evidence.py anew.

Two logistic models of "this answers the query": one for captions in sentences, one for
basic captions. Both are fitted on one half of the questions and measured on the other,
for each form of question by itself. It takes some ten minutes on two cores.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.basic import basic_captions
from benchmarks.quality_data import read, reported
from benchmarks.strictness_questions import Question, of_basic, of_long, of_short
from benchmarks.strictness_questions import short_captions as short
from index.embedder import MiniLMEmbedder
from index.evidence import basic_evidence, evidence, likeness_around
from index.parts import CaptionParts
from index.ranking import Candidate, Ranked, rank

CANDIDATES = 100
QUESTIONS = 120  # of each form and size of gallery, with an answer and without
NORMAL = 0.2  # the cutoff of "normal"
# Keeps the model of few questions from trusting any one feature beyond reason.
_PENALTY = {"sentences": 1e-4, "basic": 1e-2}


@dataclass(frozen=True, slots=True)
class Shelf:
    """Captions, embedded; `vectors` float32 (n, 384)."""

    name: str
    texts: list[str]
    vectors: NDArray[np.float32]
    parts: list[CaptionParts]
    basic: bool = False

    def ask(self, embedder: MiniLMEmbedder, question: Question) -> list[Ranked]:
        """The candidates of a question, ranked."""
        query = embedder.embed_query(question.text)
        cosines, among = self.vectors @ query.vector, question.gallery
        best = among[np.argsort(-cosines[among], kind="stable")[:CANDIDATES]]
        return rank(
            query,
            [
                Candidate(
                    n, float(cosines[n]), self.texts[n], self.parts[n], 0.0, self.basic
                )
                for n in best.tolist()
            ],
        )


@dataclass(frozen=True, slots=True)
class Answer:
    """What was measured of one question's candidates; `now` is their evidence by the
    constants as they are."""

    shelf: str
    form: str
    half: int
    present: bool
    features: tuple[float, ...]
    now: float


def main() -> int:
    """Print both models, and how they judge beside the constants in use."""
    shared = Path(__file__).parents[2] / "shared" / "data"
    if not shared.is_dir():
        print("the captions are not beside the repository", file=sys.stderr)
        return 1
    answers = _answers(shared)
    for name, of_model in (
        ("sentences", [one for one in answers if one.shelf != "basic"]),
        ("basic", [one for one in answers if one.shelf == "basic"]),
    ):
        tuned = [
            one for one in of_model if one.half == 0 and one.shelf in ("long", "basic")
        ]
        weights = _fitted(tuned, _PENALTY[name])
        print(f"{name}: {', '.join(f'{weight:.2f}' for weight in weights)}")
        _print_forms(of_model, weights)
    return 0


def _answers(shared: Path) -> list[Answer]:
    embedder, data = MiniLMEmbedder(), read(shared)
    labels, basic = basic_captions(shared)
    shelves = [
        Shelf(name, texts, *embedder.embed_with_parts(texts), basic=name == "basic")
        for name, texts in (
            ("long", data.captions), ("short", short(data)), ("basic", basic),
        )
    ]  # fmt: skip
    found = []
    for half in (0, 1):
        places = [n for n in range(data.described) if reported(n) == bool(half)]
        asked = (
            of_long(data, places, QUESTIONS),
            of_short(data, places, QUESTIONS),
            of_basic(labels, half),
        )
        for shelf, questions in zip(shelves, asked, strict=True):
            for question in questions:
                ranked = shelf.ask(embedder, question)
                found.append(_answer(shelf, question, half, ranked))
    return found


def _answer(
    shelf: Shelf, question: Question, half: int, ranked: Sequence[Ranked]
) -> Answer:
    around = likeness_around(ranked)
    whole = max(each.whole for each in ranked)
    if shelf.basic:
        token = max(max(each.late, default=0.0) for each in ranked)
        features: tuple[float, ...] = (whole, token, around)
        now = max(basic_evidence(each, around) for each in ranked)
    else:
        nearest = max(each.nearest for each in ranked)
        features = (whole, nearest, max(each.coverage for each in ranked), around)
        now = evidence(ranked)
    return Answer(shelf.name, question.form, half, question.present, features, now)


def _fitted(answers: Sequence[Answer], penalty: float) -> NDArray[np.float64]:
    """The weights of the features and the constant, by Newton's method: every form of
    question counts the same, with an answer as much as without."""
    features = np.array([one.features for one in answers])
    present = np.array([one.present for one in answers], dtype=float)
    groups = [(one.shelf, one.form, one.present) for one in answers]
    share = np.array([1 / groups.count(group) for group in groups])
    share /= share.sum()
    middle, spread = features.mean(axis=0), features.std(axis=0)
    rows = np.column_stack([(features - middle) / spread, np.ones(len(features))])
    ridge = 2 * penalty * np.diag([1.0] * features.shape[1] + [0.0])
    weights = np.zeros(rows.shape[1])
    for _ in range(50):
        chance = 1 / (1 + np.exp(-(rows @ weights)))
        slope = rows.T @ (share * (chance - present)) + ridge @ weights
        curve = (rows.T * (share * chance * (1 - chance))) @ rows + ridge
        step = np.linalg.solve(curve, slope)
        weights = weights - step
        if float(np.abs(step).max()) < 1e-9:
            break
    scaled = weights[:-1] / spread
    return np.append(scaled, weights[-1] - scaled @ middle)


def _print_forms(answers: Sequence[Answer], weights: NDArray[np.float64]) -> None:
    print("| album | question | half | balanced, in use | refitted | present silenced "
          "| absent refused |")  # fmt: skip
    print("|---|---|---|---|---|---|---|")
    for group in sorted({(one.shelf, one.form, one.half) for one in answers}):
        own = [one for one in answers if (one.shelf, one.form, one.half) == group]
        now = np.array([one.now for one in own])
        again = np.array([one.features for one in own]) @ weights[:-1] + weights[-1]
        known = np.array([one.present for one in own])
        silenced, refused = (float((now[side] < NORMAL).mean())
                             for side in (known, ~known))  # fmt: skip
        refit = (again[known] >= NORMAL).mean() + (again[~known] < NORMAL).mean()
        print(
            f"| {group[0]} | {group[1]} | {'reported' if group[2] else 'tuning'} "
            f"| {(1 - silenced + refused) / 2:.1%} | {refit / 2:.1%} "
            f"| {silenced:.1%} | {refused:.1%} |"
        )


if __name__ == "__main__":
    sys.exit(main())
