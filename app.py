"""Smart Album starts here: `python app.py ~/Pictures` serves an album of a folder."""

from __future__ import annotations

import os

from settings import QUIET_ENVIRONMENT


def run() -> None:
    """Set the quiet environment before any heavy import, then hand over."""
    for name, value in QUIET_ENVIRONMENT.items():
        os.environ.setdefault(name, value)
    from cli.commands import main

    main(prog_name="python app.py")


if __name__ == "__main__":
    run()
