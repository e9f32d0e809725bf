"""What can be drawn, and that it is drawn the same each time."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from demo.lessons import is_held_out
from demo.scenes import COLOURS, PLACES, THINGS, TIMES, Scene, all_scenes, compose, draw

DOG = Scene("dog", "brown", "beach", "sunset")


def test_caption_is_a_sentence_one_would_say() -> None:
    assert DOG.caption == "a brown dog on the beach at sunset"
    child = Scene("child", "red", "park", "morning")
    assert child.caption == "a child in red in the park in the morning"
    boat = Scene("boat", "white", "lake", "noon")
    assert boat.caption == "a white boat by the lake at noon"


def test_every_word_is_used_and_no_caption_twice() -> None:
    scenes = all_scenes()
    assert len({scene.caption for scene in scenes}) == len(scenes) > 3000
    assert {scene.thing for scene in scenes} == set(THINGS)
    assert {scene.colour for scene in scenes} == set(COLOURS)
    assert {scene.place for scene in scenes} == set(PLACES)
    assert {scene.time for scene in scenes} == set(TIMES)
    assert DOG in scenes


@pytest.mark.parametrize(
    "unclear",
    [
        Scene("cat", "black", "park", "night"),
        Scene("car", "white", "snow", "noon"),
        Scene("tent", "green", "forest", "noon"),
        Scene("horse", "blue", "lake", "noon"),
    ],
)
def test_what_the_eye_could_not_tell_is_not_drawn(unclear: Scene) -> None:
    assert unclear not in all_scenes()


def test_some_scenes_of_every_thing_are_held_out_of_training() -> None:
    held_out = [scene for scene in all_scenes() if is_held_out(scene)]
    assert 0.08 < len(held_out) / len(all_scenes()) < 0.12
    assert {scene.thing for scene in held_out} == set(THINGS)


def test_same_seed_same_picture_other_seed_another() -> None:
    first, again, other = (draw(DOG, (320, 240), seed) for seed in (3, 3, 4))
    assert first.tobytes() == again.tobytes()
    assert first.tobytes() != other.tobytes()
    assert (first.mode, first.size) == ("RGB", (320, 240))


@pytest.mark.parametrize("size", [(960, 720), (90, 160), (64, 64), (333, 97)])
def test_any_size_is_filled(size: tuple[int, int]) -> None:
    image = draw(DOG, size, 1)
    assert image.size == size
    # Canvas that nothing was drawn on is pure black; the ink is not.
    assert (np.asarray(image).sum(axis=2) > 0).all()


def test_small_and_large_show_the_same() -> None:
    large = draw(DOG, (640, 480), 9).resize((160, 120), Image.Resampling.BOX)
    small = draw(DOG, (160, 120), 9)
    apart = np.abs(np.asarray(large, float) - np.asarray(small, float)).mean()
    assert apart < 6  # of 255


def test_thing_is_inside_and_a_good_part_of_the_picture() -> None:
    for number, scene in enumerate(all_scenes()[::97]):
        _, (left, top, right, bottom) = compose(scene, (160, 120), number)
        assert 0 <= left < right <= 1, scene
        assert -0.01 <= top < bottom <= 1, scene
        assert 0.12 < (right - left) * (bottom - top) < 0.4, scene


@pytest.mark.parametrize("colour", list(COLOURS))
def test_thing_has_its_colour(colour: str) -> None:
    scene = Scene("umbrella", colour, "mountains", "noon")
    image, box = compose(scene, (200, 150), 5)
    area = [round(edge * size) for edge, size in zip(box, (200, 150) * 2, strict=True)]
    left, top, right, bottom = area
    middle = np.asarray(image)[top : (top + bottom) // 2, left:right].reshape(-1, 3)
    near = np.abs(middle.astype(int) - np.array(COLOURS[colour])).max(axis=1) < 12
    assert near.mean() > 0.25
