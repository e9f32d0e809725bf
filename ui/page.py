"""The Gradio page: a header with the search box, and one component that is the album.

Gradio owns the search box and its event; the grid, the photo view and the uploads are
small scripts in `assets/`, started by the component. No gr.State, no unload, no stream:
each would hold a connection per tab, and the sixth tab of a browser would never load.
"""

from __future__ import annotations

import json
from html import escape

import gradio as gr

from ui.files import SHEET, Assets
from ui.frame import ACTIONS, ALBUM, BRAND
from ui.handlers import Handlers
from ui.handlers_search import MAX_QUERY_CHARS
from ui.installing import installing_head
from ui.texts import SEARCH_HINT, SEARCH_LABEL

TITLE = "Smart Album"
START = "main.js"

_ORDER_KEPT = """
(query) => [
  query,
  new URLSearchParams(location.search).get("order") ?? "relevance",
  document.querySelector(".album")?.dataset.scope ?? "",
]
"""
"""The next sentence is answered in the order that the address says. `order` itself is
only the place through which the event takes it along; likewise `elsewhere`: where the
page shows what is like a photo, or one folder, it asks by itself."""


def build_page(handlers: Handlers, assets: Assets, texts: gr.I18n) -> gr.Blocks:
    """The page. Its one event is the search; everything else goes over our routes."""
    page: gr.Blocks = gr.Blocks(title=TITLE, analytics_enabled=False, fill_width=True)
    with page:
        with gr.Row(elem_id="bar"):
            gr.HTML(BRAND, elem_id="brand-block", apply_default_css=False)
            query = gr.Textbox(
                placeholder=texts(SEARCH_HINT),
                label=texts(SEARCH_LABEL),
                show_label=False,
                container=False,
                max_lines=1,
                max_length=MAX_QUERY_CHARS,
                elem_id="query",
                scale=1,
            )
            gr.HTML(ACTIONS, elem_id="actions", apply_default_css=False)
        order = gr.Textbox("relevance", visible=False)
        elsewhere = gr.Textbox("", visible=False)
        album = gr.HTML(
            value=None,
            html_template=ALBUM,
            js_on_load=_start(assets.address(START)),
            apply_default_css=False,
            elem_id="album",
        )
        query.submit(
            handlers.search_view,
            inputs=[query, order, elsewhere],
            outputs=album,
            js=_ORDER_KEPT,
            queue=False,
            show_progress="hidden",
            api_visibility="private",
        )
    return page


def _start(address: str) -> str:
    """The line Gradio runs; the program itself is in files. The address is made whole,
    because Chromium keeps compiled Functions with the origin that first made them, and
    an album on another port may have been open in the same tab before."""
    return (
        f"import(new URL({json.dumps(address)}, location.origin).href)"
        ".then((main) => main.start(element, props, watch));"
    )


def head(assets: Assets, *, max_upload_mb: int) -> str:
    """What our page adds to the head, behind Gradio's own style: ours, one setting."""
    lines = [f'<link rel="stylesheet" href="{assets.address(SHEET)}">']
    settings = json.dumps({"max_upload_mb": max_upload_mb})
    lines.append(f'<meta name="album-settings" content="{escape(settings)}">')
    lines.append('<meta name="color-scheme" content="light dark">')
    lines += installing_head(assets)
    return "\n".join(lines)


def early_head(assets: Assets) -> str:
    """What is fetched while Gradio itself still starts: our style and scripts. Gradio
    adds `head` only at the end of that, 0.4 s later on two cores."""
    style = f'<link rel="preload" as="style" href="{assets.address(SHEET)}">'
    scripts = [
        f'<link rel="modulepreload" href="{assets.address(name)}">'
        for name in assets.needed_by(START)
    ]
    return "\n".join([style, *scripts])


def theme() -> gr.themes.Base:
    """Gradio's plainest theme with the system's own font: no font file is fetched."""
    return gr.themes.Base(
        primary_hue="blue",
        neutral_hue="gray",
        font=["system-ui", "sans-serif"],
        font_mono=["ui-monospace", "monospace"],
    )
