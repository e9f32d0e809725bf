"""The sheets of the page's style, and their order."""

from __future__ import annotations

STYLES = (
    "tokens.css",
    "frame.css",
    "controls.css",
    "bar.css",
    "menu.css",
    "album.css",
    "banner.css",
    "sheet.css",
    "pages.css",
    "indexing/indexing.css",
    "settings/settings.css",
    "grid.css",
    "search.css",
    "scope.css",
    "viewer.css",
    "caption.css",
    "photo/beside.css",
    "upload/tray.css",
    "marks.css",
    "map/map.css",
    "suggest/suggest.css",
    "filters/filters.css",
    "selection/selection.css",
    "albums/albums.css",
)
"""A later sheet may refine what an earlier one says. They are sent as one."""
