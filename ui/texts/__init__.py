"""The page's texts in other languages, given to Gradio and read by our scripts.

One file a language, named by its BCP 47 tag. English texts are their own keys (see
assets/i18n.js), so English needs no file and a missing text is shown in English.
"""

from __future__ import annotations

import json
from pathlib import Path

import gradio as gr

_FOLDER = Path(__file__).parent

SEARCH_HINT = "Search your photos: dog on the beach at sunset"
SEARCH_LABEL = "Search your photos"


def texts() -> gr.I18n:
    """Every language there is, for `mount_gradio_app`."""
    english = {text: text for text in (SEARCH_HINT, SEARCH_LABEL)}
    others = {
        path.stem: json.loads(path.read_text(encoding="utf-8"))
        for path in sorted(_FOLDER.glob("*.json"))
    }
    return gr.I18n(en=english, **others)
