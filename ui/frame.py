"""The page's fixed markup: header, menu, and the places that our scripts fill.

Everything here is in English; the scripts put it into the reader's language.
"""

from __future__ import annotations


def _icon(path: str, size: int = 20) -> str:
    return (
        f'<svg class="icon" viewBox="0 0 24 24" width="{size}" height="{size}" '
        f'aria-hidden="true"><path d="{path}"/></svg>'
    )


def _view(name: str, label: str, path: str) -> str:
    address = f"/?view={name}" if name else "/"
    return (
        f'<a href="{address}" data-view="{name}" title="{label}">'
        f"{_icon(path)}<span>{label}</span></a>"
    )


def _item(label: str, path: str, attributes: str) -> str:
    tag = "a" if "href" in attributes else "button"
    kind = "" if tag == "a" else ' type="button"'
    return f"<{tag} {attributes}{kind}>{_icon(path, 18)}<span>{label}</span></{tag}>"


_PICTURE = "M3 5h18v14H3zM3 16l5-5 4 4 3-3 6 6M15.5 9.5h.01"
_ALBUMS = "M4 8h16v12H4zM6.5 8V5h11v3M9 5V3h6"
_MAP = "M9 4 3 6.500v13.500l6-2.500 6 2.500 6-2.500V4l-6 2.500zM9 4v13.500M15 6.500V20"
_MORE = "M5 12h.01M12 12h.01M19 12h.01"
_INDEXING = "M20 11a8 8 0 0 0-14.500-4L3 9.500M3 4v5.500h5.500M4 13a8 8 0 0 0 14.500 4"
_SETTINGS = "M4 7h10M18 7h2M4 17h2M10 17h10M16 5v4M8 15v4"
_KEYS = "M3 6h18v12H3zM7 10h.01M11 10h.01M15 10h.01M8 14h8"
_STAR = (
    "M12 3.500l2.700 5.600 6.100.8-4.500 4.200 1.100 6-5.400-3-5.400 3 1.100-6"
    "L3.200 9.900l6.100-.8z"
)
_UPLOAD = "M12 16V4m-5 5 5-5 5 5M4 16v4h16v-4"

BRAND = f"""
<div class="brand-row">
<a id="brand" href="/" aria-label="Smart Album: all photos">
  <svg viewBox="0 0 24 24" width="26" height="26" aria-hidden="true">
    <rect x="2" y="3" width="20" height="18" rx="5" fill="currentColor"/>
    <circle cx="8.2" cy="9" r="2.1" fill="#fff"/>
    <path d="M4.5 18.5 10 12.4l3.2 3.4 2.6-2.7 3.9 5.4z" fill="#fff"/>
  </svg>
  <span>Smart Album</span>
</a>
<nav id="views" aria-label="Views">
  {_view("", "Photos", _PICTURE)}
  {_view("albums", "Albums", _ALBUMS)}
  {_view("map", "Map", _MAP)}
</nav>
</div>
"""

ACTIONS = f"""
<button id="favourites-button" class="icon-button" type="button"
  aria-label="Show your favourites" title="Favourites">{_icon(_STAR)}</button>
<button id="upload-button" class="button" type="button" aria-label="Upload">
  {_icon(_UPLOAD, 18)}<span>Upload</span>
</button>
<button id="theme-button" class="icon-button" type="button"
  aria-label="Switch between light and dark" title="Light or dark">
  <svg viewBox="0 0 24 24" width="18" height="18" aria-hidden="true" fill="none"
    stroke="currentColor" stroke-width="2"><circle cx="12" cy="12" r="8.5"/>
    <path d="M12 3.5a8.5 8.5 0 0 1 0 17z" fill="currentColor"/></svg>
</button>
<button id="menu-button" class="icon-button" type="button" popovertarget="menu"
  aria-label="More" title="More">{_icon(_MORE)}</button>
<div id="menu" popover>
  {_item("Indexing", _INDEXING, 'href="/?view=indexing" data-view="indexing"')}
  {_item("Settings", _SETTINGS, 'href="/?view=settings" data-view="settings"')}
  {_item("Keyboard shortcuts", _KEYS, 'id="keys-button"')}
</div>
"""

ALBUM = """
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
  <div class="view" tabindex="-1" hidden></div>
</div>
"""
