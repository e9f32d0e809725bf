"""How a caption travels to the browser: its words, who wrote it, and how it was made.

Whoever wrote a caption is named for what it is: the demo album's small model is never
called Qwen, and neither is another model that happens to run in Qwen's place.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import PurePosixPath, PureWindowsPath
from typing import Any

from album.captioners.prompt import ENGLISH
from album.photo import PERSON, Author, Caption

_QWEN = "Qwen3-VL"
_BASIC = "basic"
_NAMES = {
    PERSON: "you",
    _BASIC: "the basic captioner",
    "qwen": _QWEN,
    "demo": "the demo model",
    "remote": "the caption server",
}
_LABELS = {
    PERSON: "you",
    _BASIC: "basic caption",
    "demo": "demo model",
    "remote": "caption server",
}
_UNASKED = (PERSON, _BASIC)  # they write without being asked a question


def name_of(captioner: str) -> str:
    """A captioner as it stands after "by": "you", "Qwen3-VL", "the demo model"."""
    return _NAMES.get(captioner, captioner)


def engine_name(captioner: str, model: str) -> tuple[str, str]:
    """What runs, as a title, and its model; of the text model only that."""
    name = {
        "": _shown_model(model),
        _BASIC: "Basic captions",
        "demo": "Demo model",
        "remote": "Caption server",
        "qwen": _family(model),
    }.get(captioner, captioner)
    return name, _shown_model(model)


def author_of(caption: Caption) -> str:
    """Who wrote it, in two or three words for a label."""
    author = caption.author
    if author.captioner == "qwen":
        return f"{_family(author.model)} caption"
    return _LABELS.get(author.captioner, f"{author.captioner} caption")


def caption_card(caption: Caption) -> dict[str, Any]:
    """A caption, who wrote it and how. `id` is what an edit of it says it has seen.

    `provisional` is one that a better captioner may replace at any moment.
    """
    return {
        "id": caption.id,
        "text": caption.text,
        "tags": list(caption.tags),
        "read_text": caption.read_text,
        "author": author_of(caption),
        "by_person": caption.captioner == PERSON,
        "provisional": caption.captioner == _BASIC,
        "stale": caption.stale,
        "made": _made(caption),
    }


def captioners_card(captions: dict[str, int]) -> dict[str, Any]:
    """How many of the captions shown each captioner wrote, most first."""
    most_first = sorted(captions.items(), key=lambda item: (-item[1], item[0]))
    return {"captioners": [{"by": name_of(c), "photos": n} for c, n in most_first if n]}


def _made(caption: Caption) -> dict[str, Any]:
    """How it came to be; what is not known is empty or None."""
    author, how = caption.author, caption.provenance
    return {
        "by": _sentence(author),
        "model": _shown_model(author.model),
        "revision": how.revision,
        "quantisation": how.quantisation,
        "written_at": _iso(caption.written_at),
        "tokens": how.tokens,
        "seconds": how.seconds,
        "question": _question(author),
    }


def _sentence(author: Author) -> str:
    """Who wrote it, as a sentence."""
    if author.captioner == PERSON:
        return "Written by a person."
    if author.captioner == _BASIC and author.model == "facts":
        return "Put together from what the file itself says."
    if author.captioner == _BASIC:
        return "A quick guess by a small classifier, and what the file itself says."
    if author.captioner == "demo":
        return "Written by the demo album's small model, which is not Qwen3-VL."
    if author.captioner == "remote":
        return "Written by a caption server."
    if author.captioner == "qwen":
        return f"Written by {_family(author.model)}."
    return f"Written by {author.captioner}."


def _question(author: Author) -> str:
    """The version of the question, its language, and whether facts were told; or ""."""
    if author.captioner in _UNASKED or not author.prompt_version:
        return ""
    told = author.prompt_variant.split("+") if author.prompt_variant else []
    language = next((part for part in told if part != "context"), ENGLISH)
    context = ", with what the file says" if "context" in told else ""
    return f"version {author.prompt_version}, in {language}{context}"


def _family(model: str) -> str:
    """Qwen3-VL if the model says so itself, or else its own name."""
    named = _shown_model(model)
    return _QWEN if _QWEN.lower() in named.lower() else named or "Local model"


def _shown_model(model: str) -> str:
    """A model's name; of a folder on this machine only the last part."""
    if PurePosixPath(model).is_absolute() or PureWindowsPath(model).drive:
        return PureWindowsPath(model).name
    if model.startswith((".", "~")):
        return PureWindowsPath(model).name
    return model


def _iso(moment: datetime) -> str:
    return moment.isoformat()
