"""The basic captioner: what is seen and what the file says, in one honest caption."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from album.captioners.base import Captioner, Subject
from album.captioners.basic import BasicCaptioner, FactsCaptioner, describe
from album.captioners.classifier import Classifier
from album.captioners.sight import guesses
from album.captioners.words import read_words
from album.errors import ModelUnavailable
from album.photo import Photo, WrittenCaption
from tests.album.test_classifier import drawn, spread
from tests.album.test_facts import NOTHING_KNOWN

ROOT = Path(__file__).parents[2]
WORDS = read_words()


@pytest.fixture(scope="module")
def basic() -> BasicCaptioner:
    return BasicCaptioner()


def subject(number: int, picture: Image.Image) -> Subject:
    return Subject(replace(NOTHING_KNOWN, id=number), picture)


def texts(captioner: Captioner, subjects: list[Subject]) -> list[str]:
    answers = captioner.caption(subjects)
    assert all(isinstance(answer, WrittenCaption) for answer in answers)
    return [answer.text for answer in answers if isinstance(answer, WrittenCaption)]


def test_people_speak_first_then_the_classifier_then_the_file() -> None:
    photo: Photo = replace(
        NOTHING_KNOWN,
        description="Our Bella",
        keywords=("holiday",),
        taken_at=datetime(2023, 8, 12, 15),
        place="Cascais, Portugal",
        camera="Pixel 7",
        colours=("blue", "brown"),
    )
    seen = spread(golden_retriever=0.55, tennis_ball=0.22, seashore=0.21)
    caption = describe(photo, guesses(seen, WORDS))
    assert caption.text == (
        "Our Bella. Holiday. "
        "A golden retriever, a dog, perhaps with a tennis ball, a ball, tennis, "
        "perhaps at the seashore, a beach, sea, nature. "
        "A summer afternoon, Saturday 12 August 2023, in Cascais, Portugal. "
        "Mostly blue and brown."
    )
    wanted = {"dog", "golden retriever", "beach", "holiday", "portugal", "pixel 7"}
    assert wanted <= set(caption.tags)


def test_a_grey_picture_is_not_named(basic: BasicCaptioner) -> None:
    photo = replace(NOTHING_KNOWN, colours=("grey",))
    flat = Subject(photo, Image.new("RGB", (320, 240), (127, 127, 127)))
    assert texts(basic, [flat]) == ["Mostly grey."]


def test_order_is_kept_and_batches_do_not_matter(basic: BasicCaptioner) -> None:
    places = ["Oslo", "Rome", "Lima", "Cairo", "Quito"]
    subjects = [
        Subject(replace(NOTHING_KNOWN, id=i, place=place), drawn(i))
        for i, place in enumerate(places)
    ]
    together = texts(basic, subjects)
    assert together == [texts(basic, [one])[0] for one in subjects]
    assert all(place in text for place, text in zip(places, together, strict=True))
    assert basic.caption([]) == []


def test_facts_need_no_model() -> None:
    captioner = FactsCaptioner()
    subjects = [subject(i, drawn(i)) for i in range(3)]
    assert texts(captioner, subjects) == ["A picture."] * 3
    captioner.unload()


def test_both_are_captioners_named_basic(basic: BasicCaptioner) -> None:
    both: list[Captioner] = [basic, FactsCaptioner()]
    assert [c.author.captioner for c in both] == ["basic", "basic"]
    assert [c.author.model for c in both] == ["efficientnet-lite2", "facts"]


def test_without_weights_the_model_is_unavailable(tmp_path: Path) -> None:
    damaged = tmp_path / "weights.pth"
    damaged.write_bytes(b"not weights")
    captioner = BasicCaptioner(Classifier(weights=damaged))
    with pytest.raises(ModelUnavailable, match="again"):
        captioner.caption([subject(1, drawn(1))])


def test_importing_it_loads_no_torch() -> None:
    code = (
        "import sys, album.captioners.basic as b; b.BasicCaptioner();"
        "print([m for m in ('torch', 'numpy', 'PIL') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True
    )
    assert done.stdout.strip() == "[]", done.stdout + done.stderr


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "said", "never"),
    [
        ("n02099601_golden_retriever", "a dog", "perhaps a cat"),
        ("n02980441_castle", "A castle, a building", "dog"),
        ("n07697313_cheeseburger", "A cheeseburger", "animal"),
        ("n09428293_seashore", "t the seashore, a beach", "dog"),
        ("n03461385_grocery_store", "n a grocery store", "dog"),
        ("n04147183_schooner", "boat", "dog"),
    ],
)
def test_real_photos_are_captioned_in_everyday_words(
    shared_data: Path, basic: BasicCaptioner, name: str, said: str, never: str
) -> None:
    with Image.open(shared_data / "photos" / "labelled" / f"{name}.JPEG") as image:
        picture = image.convert("RGB")
    [text] = texts(basic, [subject(1, picture)])
    assert said in text
    assert never not in text


@pytest.mark.shared
def test_a_page_of_text_is_no_thing(shared_data: Path, basic: BasicCaptioner) -> None:
    folder = shared_data / "photos" / "extras" / "qwen3-vl" / "cookbooks" / "assets"
    subjects = []
    for number, path in enumerate(sorted((folder / "document_parsing").iterdir())):
        with Image.open(path) as image:
            picture = image.convert("RGB")
        picture.thumbnail((1600, 1600))
        subjects.append(subject(number, picture))
    named = [text for text in texts(basic, subjects) if text != "A picture."]
    assert np.mean(["page of text" in text for text in named]) >= 0.9, named
