"""The Gradio page: a header with the search box, and one component that is the album.

Gradio owns the search box and its event; the grid, the photo view and the uploads are
small scripts in `assets/`, started by the component. No gr.State, no unload, no stream:
each would hold a connection per tab, and the sixth tab of a browser would never load.
"""

from __future__ import annotations

import json
from html import escape

import gradio as gr

from ui.files import Assets
from ui.handlers import Handlers
from ui.handlers_search import MAX_QUERY_CHARS

TITLE = "Smart Album"

STYLES = (
    "tokens.css",
    "frame.css",
    "album.css",
    "indexing.css",
    "grid.css",
    "search.css",
    "scope.css",
    "viewer.css",
    "caption.css",
    "tray.css",
    "marks.css",
)
"""In this order: a later sheet may refine what an earlier one says."""

_BRAND = """
<a id="brand" href="/" aria-label="Smart Album: all photos">
  <svg viewBox="0 0 24 24" width="26" height="26" aria-hidden="true">
    <rect x="2" y="3" width="20" height="18" rx="5" fill="currentColor"/>
    <circle cx="8.2" cy="9" r="2.1" fill="#fff"/>
    <path d="M4.5 18.5 10 12.4l3.2 3.4 2.6-2.7 3.9 5.4z" fill="#fff"/>
  </svg>
  <span>Smart Album</span>
</a>
"""

_ACTIONS = """
<button id="favourites-button" class="icon-button" type="button"
  aria-label="Show your favourites" title="Favourites">
  <svg viewBox="0 0 24 24" width="20" height="20" aria-hidden="true" fill="none"
    stroke="currentColor" stroke-width="2" stroke-linejoin="round">
    <path d="M12 3.5l2.7 5.6 6.1.8-4.5 4.2 1.1 6-5.4-3-5.4 3 1.1-6L3.2 9.9l6.1-.8z"/>
  </svg>
</button>
<button id="upload-button" class="button" type="button">
  <svg viewBox="0 0 24 24" width="18" height="18" aria-hidden="true" fill="none"
    stroke="currentColor" stroke-width="2" stroke-linecap="round"
    stroke-linejoin="round"><path d="M12 16V4m-5 5 5-5 5 5M4 16v4h16v-4"/></svg>
  <span>Upload</span>
</button>
<button id="theme-button" class="icon-button" type="button"
  aria-label="Switch between light and dark" title="Light or dark">
  <svg viewBox="0 0 24 24" width="18" height="18" aria-hidden="true" fill="none"
    stroke="currentColor" stroke-width="2"><circle cx="12" cy="12" r="8.5"/>
    <path d="M12 3.5a8.5 8.5 0 0 1 0 17z" fill="currentColor"/></svg>
</button>
"""

_ALBUM = """
<div class="album" data-ready="">
  <div class="banner" hidden></div>
  <p class="said" role="status" aria-live="polite"></p>
  <div class="scope" hidden></div>
  <ul class="chips" aria-label="How your search was understood" hidden></ul>
  <div class="found" hidden></div>
  <div class="stage" tabindex="-1"></div>
  <div class="fold" hidden></div>
  <p class="afterword" hidden></p>
  <div class="message" hidden></div>
</div>
"""

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


def build_page(handlers: Handlers, assets: Assets) -> gr.Blocks:
    """The page. Its one event is the search; everything else goes over our routes."""
    page: gr.Blocks = gr.Blocks(title=TITLE, analytics_enabled=False, fill_width=True)
    with page:
        with gr.Row(elem_id="bar"):
            gr.HTML(_BRAND, elem_id="brand-block", apply_default_css=False)
            query = gr.Textbox(
                placeholder="Search your photos: dog on the beach at sunset",
                label="Search your photos",
                show_label=False,
                container=False,
                max_lines=1,
                max_length=MAX_QUERY_CHARS,
                elem_id="query",
                scale=1,
            )
            gr.HTML(_ACTIONS, elem_id="actions", apply_default_css=False)
        order = gr.Textbox("relevance", visible=False)
        elsewhere = gr.Textbox("", visible=False)
        album = gr.HTML(
            value=None,
            html_template=_ALBUM,
            js_on_load=_start(assets.address("main.js")),
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
    """What our page adds to the head: style, scripts to fetch early, one setting."""
    scripts = sorted(name for name in assets.files if name.endswith(".js"))
    lines = [
        f'<link rel="stylesheet" href="{assets.address(name)}">' for name in STYLES
    ]
    lines += [
        f'<link rel="modulepreload" href="{assets.address(name)}">' for name in scripts
    ]
    settings = json.dumps({"max_upload_mb": max_upload_mb})
    lines.append(f'<meta name="album-settings" content="{escape(settings)}">')
    lines.append('<meta name="color-scheme" content="light dark">')
    return "\n".join(lines)


def theme() -> gr.themes.Base:
    """Gradio's plainest theme with the system's own font: no font file is fetched."""
    return gr.themes.Base(
        primary_hue="blue",
        neutral_hue="gray",
        font=["system-ui", "sans-serif"],
        font_mono=["ui-monospace", "monospace"],
    )
