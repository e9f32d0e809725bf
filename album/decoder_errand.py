"""One file on its way through the decoding processes, whatever befalls them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from album.decoder_child import Task
from album.errors import PictureError
from album.pictures import hash_only
from album.pictures_file import DecodedFile

_ATTEMPTS = 2  # when the whole pool breaks, no file is to blame: once more


class Errand:
    """One file on its way: what is to be done, and what came of it so far."""

    def __init__(self, path: Path, task: Task) -> None:
        self.path = path
        self.task = task
        self._attempts = 1
        self._error: PictureError | None = None

    def complete(self, decoded: DecodedFile) -> DecodedFile:
        """The child's answer, with the reason why an earlier child died of the file."""
        if self._error is None:
            return decoded
        return replace(decoded, reading=None, error=self._error)

    def fail(self, reason: str) -> DecodedFile | None:
        """A child died of this file: ask another for its hash, which harms nobody."""
        if self.task is hash_only or self._error is not None:
            return DecodedFile(self.path, error=self._error or PictureError(reason))
        self._error = PictureError(reason)
        self.task = hash_only
        return None

    def again(self) -> DecodedFile | None:
        """The pool broke down for a reason of its own."""
        self._attempts += 1
        if self._attempts <= _ATTEMPTS:
            return None
        reason = "The program that opens pictures stopped working."
        return DecodedFile(self.path, error=PictureError(reason))
