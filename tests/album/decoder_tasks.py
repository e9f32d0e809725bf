"""What a decoding child is made to do in tests; the file's name says which."""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path

from album.errors import PictureError
from album.pictures import decode_file
from album.pictures_file import DecodedFile

FOREVER_S = 3600


def misbehave(path: Path) -> DecodedFile:
    """Crash, hang, … as the name begins; decode every other file."""
    match path.stem.split("-")[0]:
        case "abort":
            os.abort()
        case "killed":
            os.kill(os.getpid(), signal.SIGKILL)
        case "hang":
            time.sleep(FOREVER_S)
        case "deaf":
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            time.sleep(FOREVER_S)
        case "greedy":
            bytearray(8 * 1024**3)
        case "bug":
            raise KeyError("a fault of ours")
        case "pid":
            time.sleep(FOREVER_S if path.with_suffix(".pid").write_text(pid()) else 0)
    return decode_file(path)


def pid() -> str:
    return str(os.getpid())


def tell(path: Path) -> DecodedFile:
    """What holds within the child, as an error's text, one `name=value` a word."""
    import resource

    facts = {
        "nice": os.nice(0),
        "memory": resource.getrlimit(resource.RLIMIT_AS)[0],
        "core": resource.getrlimit(resource.RLIMIT_CORE)[0],
        "heavy": ",".join(
            sorted({"torch", "numpy", "scipy", "gradio"} & set(sys.modules))
        ),
        "pid": os.getpid(),
    }
    words = " ".join(f"{name}={value}" for name, value in facts.items())
    return DecodedFile(path, error=PictureError(words))
