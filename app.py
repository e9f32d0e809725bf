"""Smart Album starts here: `python app.py ~/Pictures` serves an album of a folder."""

from __future__ import annotations

import io
import os
import sys

from settings import QUIET_ENVIRONMENT


def run() -> None:
    """Set the quiet environment before any heavy import, then hand over."""
    for name, value in QUIET_ENVIRONMENT.items():
        os.environ.setdefault(name, value)
    # A name that is not UTF-8 is printed with \\xNN instead of ending the program.
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    from cli.commands import main

    main(prog_name="python app.py")


if __name__ == "__main__":
    run()
