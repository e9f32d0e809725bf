"""Single facts about the album that must outlive a restart, by name."""

from __future__ import annotations

from album.catalogue_store import Store


class FactTable:
    """Names and values, both text."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def get(self, name: str) -> str | None:
        """The value, or None if it was never set or is taken back."""
        row = (
            self._store.reader()
            .execute("SELECT value FROM facts WHERE key = ?", (name,))
            .fetchone()
        )
        return None if row is None else str(row[0])

    def set(self, name: str, value: str | None) -> None:
        """Keep the value; None takes it back."""
        with self._store.write() as connection:
            if value is None:
                connection.execute("DELETE FROM facts WHERE key = ?", (name,))
            else:
                connection.execute(
                    "INSERT INTO facts VALUES (?, ?) ON CONFLICT(key) DO UPDATE SET "
                    "value = excluded.value",
                    (name, value),
                )
