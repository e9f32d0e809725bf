"""The favourites: photos that a person has marked, each with the time it was."""

from __future__ import annotations

from album.catalogue_rows import now_text
from album.catalogue_store import Store


class FavouriteTable:
    """Sets the mark; `Photo.favourite_since` shows it and FilterTable finds by it.

    It is a column of the photos and so belongs to the content of a picture: it stays
    when the file is moved, renamed, gone or back.
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    def set(self, photo_id: int, favourite: bool) -> bool:
        """Mark the photo, or take its mark away; whether there is such a photo.

        One that is a favourite already keeps its time.
        """
        since = now_text() if favourite else None
        with self._store.write() as connection:
            changed = connection.execute(
                "UPDATE photos SET favourite_since = CASE WHEN ?1 IS NULL THEN NULL "
                "ELSE coalesce(favourite_since, ?1) END WHERE id = ?2",
                (since, photo_id),
            ).rowcount
        return bool(changed)
