"""The INT4 checkpoint: quantise a Qwen3-VL once, keep it, and load that from then on.

Quantising 4.3 GB takes about a minute of one core and 5 GB of memory; the saved
2.2 GB load in a second or two. Only the linear layers of the text model are 4 bit
(nf4, double quantisation, bfloat16 arithmetic): with its vision tower in 4 bit this
family of models is known to see the wrong things, and on a CPU it is slower as well.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import logging
import os
import shutil
from collections.abc import Iterator
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Any

from album.captioners.revision import (
    COPIED_SUFFIXES,
    RECORD,
    fingerprint,
    revision_of,
)
from album.errors import ModelError

logger = logging.getLogger(__name__)

KEPT_IN_16_BIT = ("model.visual", "lm_head")
"""Module names are matched from their start, so that a mere "visual" would match
nothing; and any list of our own ends the library's care for lm_head, which shares its
weights with the embedding."""

_NOT_COPIED = {"config.json", "generation_config.json", "model.safetensors.index.json"}


def load_int4(
    model_id: str, source: Path | None, saved: Path | None, cache: Path, device: str
) -> tuple[Any, Path, bool]:
    """The model in INT4 on `device`, the folder of its tokenizer, and whether it came
    from a saved checkpoint.

    `source` is the folder with the 16-bit weights, `saved` what `find_checkpoint`
    found; either may be None. A saved one that does not load is made again. Raises
    ModelError if there is nothing to load or it cannot be loaded.
    """
    if saved is not None:
        try:
            return load_model(saved, device), saved, True
        except ModelError:
            if source is None:
                raise
            logger.warning("The saved INT4 model in %s is unusable, made again", saved)
            shutil.rmtree(saved, ignore_errors=True)
    if source is None:
        raise ModelError(f"The weights of {model_id} are not on this machine.")
    logger.info("Quantising %s, this is done once", model_id)
    model = load_model(source, device, quantise=True)
    try:
        # Before the first forward: on a CPU that one repacks the weights in place, and
        # the way back loses 0.28 %.
        return model, save_checkpoint(model, model_id, source, cache), False
    except OSError as error:
        logger.warning("The INT4 model could not be kept: %s", error)
        return model, source, False


def find_checkpoint(model_id: str, source: Path | None, cache: Path) -> Path | None:
    """The saved INT4 checkpoint of this model, if it is there and undamaged.

    It must have been made by these versions of the libraries and, if the source is
    there, from exactly these files.
    """
    for record in _records(cache):
        try:
            made = json.loads(record.read_bytes())
            ours = made["key"]["model"] == model_id
            wanted = _key(model_id, source, made["key"]["source"])
            if not ours or made["key"] != wanted:
                continue
            if _hashes(record.parent) == made["files"]:
                return record.parent
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            logger.info("Unreadable record of an INT4 model: %s", record)
            continue
        logger.warning("The saved INT4 model in %s is damaged", record.parent)
    return None


def load_model(folder: Path, device: str, *, quantise: bool = False) -> Any:
    """A Qwen3VLForConditionalGeneration from a folder of safetensors, in eval mode.

    `device` is a torch device name. Never reads from the network, never runs a model's
    own code. Raises ModelError, with what the library says, for any folder it cannot
    load completely.
    """
    import torch

    with _quiet_libraries():
        transformers: Any = import_module("transformers")
        options: dict[str, Any] = {}
        if quantise:
            options["quantization_config"] = transformers.BitsAndBytesConfig(
                load_in_4bit=True,
                bnb_4bit_quant_type="nf4",
                bnb_4bit_use_double_quant=True,
                bnb_4bit_compute_dtype=torch.bfloat16,
                llm_int8_skip_modules=list(KEPT_IN_16_BIT),
            )
        if device.startswith("cuda"):
            # The patches as a Linear: as a Conv3d they are up to 50,000 times slower
            # on some GPUs in bfloat16 (huggingface/transformers#45750).
            options["fusion_config"] = {"patch_embeddings": True}
        try:
            model, report = (
                transformers.Qwen3VLForConditionalGeneration.from_pretrained(
                    folder,
                    dtype=torch.bfloat16,
                    device_map={"": device},
                    attn_implementation="sdpa",
                    use_safetensors=True,
                    local_files_only=True,
                    trust_remote_code=False,
                    output_loading_info=True,
                    **options,
                )
            )
        except Exception as error:  # transformers raises anything here
            raise ModelError(
                f"The model in {folder} cannot be loaded: {error}"
            ) from error
    lacking = sorted(report["missing_keys"]) + sorted(map(str, report["error_msgs"]))
    if lacking:
        raise ModelError(f"The model in {folder} lacks weights, such as {lacking[0]}.")
    return model.eval()


def save_checkpoint(model: Any, model_id: str, source: Path, cache: Path) -> Path:
    """Keep a quantised model that has not yet run, with tokenizer and record.

    Written to a folder beside, synced, then renamed: it is there whole or not at all.
    Earlier checkpoints of the same model are removed. Raises OSError.
    """
    key = _key(model_id, source)
    digest = hashlib.sha256(json.dumps(key, sort_keys=True).encode()).hexdigest()
    home = cache / f"{Path(model_id).name}-int4-{digest[:12]}"
    partial = cache / f".{home.name}.partial"
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    with _quiet_libraries():
        model.save_pretrained(partial)
    for path in source.iterdir():
        if path.suffix in COPIED_SUFFIXES and path.name not in _NOT_COPIED:
            shutil.copyfile(path, partial / path.name)
    record = {
        "key": key, "files": _hashes(partial), "revision": revision_of(source)
    }  # fmt: skip
    (partial / RECORD).write_text(json.dumps(record, indent=1), encoding="utf-8")
    for path in (*partial.iterdir(), partial):
        _sync(path)
    _remove_earlier(model_id, cache)
    shutil.rmtree(home, ignore_errors=True)
    partial.rename(home)
    _sync(cache)
    return home


def _key(
    model_id: str, source: Path | None, source_print: str | None = None
) -> dict[str, Any]:
    """What a checkpoint was made from and with."""
    return {
        "format": 1,
        "model": model_id,
        "source": source_print if source is None else fingerprint(source),
        "bitsandbytes": version("bitsandbytes"),
        "transformers": version("transformers"),
        "kept_in_16_bit": list(KEPT_IN_16_BIT),
    }


def _hashes(folder: Path) -> dict[str, str]:
    """The sha256 of every file but the record: torch notices few flipped bits."""
    hashes = {}
    for path in sorted(folder.iterdir()):
        if path.name != RECORD:
            with path.open("rb") as file:
                hashes[path.name] = hashlib.file_digest(file, "sha256").hexdigest()
    return hashes


def _records(cache: Path) -> list[Path]:
    """The records of the finished checkpoints; an unfinished one begins with a dot."""
    return sorted(
        path for path in cache.glob(f"*/{RECORD}") if path.parent.name[0] != "."
    )


def _remove_earlier(model_id: str, cache: Path) -> None:
    for record in _records(cache):
        try:
            if json.loads(record.read_bytes())["key"]["model"] == model_id:
                shutil.rmtree(record.parent, ignore_errors=True)
        except (OSError, ValueError, KeyError, TypeError):
            continue


def _sync(path: Path) -> None:
    if path.is_dir() and os.name == "nt":
        return  # Windows syncs no folders.
    handle = os.open(path, os.O_RDONLY if os.name != "nt" else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextlib.contextmanager
def _quiet_libraries() -> Iterator[None]:
    """Without transformers' progress bars, and without bitsandbytes' warning that it
    found no optional kernel on the hub; it has its own."""
    transformers_logging: Any = import_module("transformers.utils.logging")
    noisy = logging.getLogger("bitsandbytes.backends.cpu.ops")
    level = noisy.level
    noisy.setLevel(logging.ERROR)
    bars = transformers_logging.is_progress_bar_enabled()
    transformers_logging.disable_progress_bar()
    try:
        yield
    finally:
        noisy.setLevel(level)
        if bars:
            transformers_logging.enable_progress_bar()
