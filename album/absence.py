"""A file that is not there when it is to be read: gone, or the whole disk is?"""

from __future__ import annotations

import logging
import os
from pathlib import Path

from album.catalogue import Catalogue

logger = logging.getLogger(__name__)


def note_absence(catalogue: Catalogue, file_id: int, root_id: int, path: Path) -> bool:
    """Whether the file is absent; if so the catalogue knows it after this.

    Absence is no failure of the file: it costs no attempt, and when the file or its
    disk returns everything goes on where it was.
    """
    if os.path.lexists(path):
        return False
    root = next(root for root in catalogue.roots.all() if root.id == root_id)
    if root.path.is_dir():
        catalogue.files.set_missing([file_id], True)
        logger.info("Not there any more: %r", str(path))
    elif root.offline_since is None:
        catalogue.roots.set_offline(root_id, True)
        logger.warning("Offline: %r", str(root.path))
    return True
