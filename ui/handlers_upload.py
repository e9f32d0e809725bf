"""What the page can ask of uploads; checked as in `handlers`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from album.uploads import Uploaded
from ui import checks
from ui.errors import BadRequest
from ui.needs import Album

MAX_KNOWN = 500
_MAX_STATES = 200
_MAX_NAME_CHARS = 1000
_SHA256 = re.compile(r"[0-9a-f]{64}", re.ASCII)


class Uploading:
    """The way in for files, as the page sees it."""

    def __init__(self, library: Album) -> None:
        self._library = library

    def upload(self, name: object, chunks: Iterable[bytes]) -> Uploaded:
        """Take one file in. Raises UploadError."""
        if not isinstance(name, str) or not name.strip():
            raise BadRequest("An upload needs a file name.")
        return self._library.upload(name[:_MAX_NAME_CHARS], chunks)

    def known(self, hashes: object) -> dict[str, Any]:
        """Which contents the album has, so that they need not be sent: their photos by
        content. A content is named by its sha256 in hex."""
        if not isinstance(hashes, list) or len(hashes) > MAX_KNOWN:
            raise BadRequest(f"hashes is a list of at most {MAX_KNOWN}.")
        for each in hashes:
            if not isinstance(each, str) or not _SHA256.fullmatch(each):
                raise BadRequest("A hash is 64 hexadecimal digits in lower case.")
        return {"known": self._library.known_uploads(list(dict.fromkeys(hashes)))}

    def states(self, ids: object) -> list[dict[str, Any]]:
        """How far some uploaded files are; those unknown are left out."""
        if not isinstance(ids, str) or len(ids) > 12 * _MAX_STATES:
            raise BadRequest("ids is a list of numbers, such as 3,17,20.")
        states = []
        for number in [checks.photo_id(part) for part in ids.split(",") if part]:
            state = self._library.upload_state(number)
            if state is not None:
                states.append({"file_id": number} | asdict(state))
        return states
