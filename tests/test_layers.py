"""The rooms and who may know whom: the house's plan, held by a test."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
# From the left to the right; imports go to the right only. `demo` draws and trains the
# demo album's pictures and model; only the command line and tests know it.
ARROW = ("app", "cli", "ui", "index", "album")
ROOMS = {*ARROW, "demo", "settings", "setting_values"}
MAY_IMPORT = {
    "app": {"cli", "ui", "index", "album", "settings"},
    "cli": {"ui", "index", "album", "settings", "demo"},
    "ui": {"index", "album", "settings"},
    "index": {"album"},
    "album": set(),
    "demo": {"album"},
    "settings": {"setting_values"},
    "setting_values": set(),
}
# Heavy libraries and the only places that may import them.
HOMES = {
    "gradio": ("ui/",),
    "fastapi": ("ui/",),
    "torch": ("album/captioners/", "demo/", "index/embedder"),
    "transformers": ("album/captioners/", "demo/"),
    "bitsandbytes": ("album/captioners/", "demo/"),
    "sentence_transformers": ("index/embedder.py",),
    "faiss": ("index/faiss_index.py",),
    "sqlite3": ("album/catalogue", "album/migrations.py"),
    "PIL": ("album/pictures", "album/metadata", "album/captioners/", "demo/"),
    "pillow_heif": ("album/pictures",),
    "openai": ("album/captioners/",),
    "pebble": ("album/decoder",),
    "click": ("cli/",),
    "zipstream": ("ui/archive.py",),
}


def sources() -> list[Path]:
    """Every module of the program, tests and benchmarks left out."""
    rooms = [p for room in ROOMS for p in (ROOT / room).rglob("*.py")]
    alone = ("app.py", "settings.py", "setting_values.py")
    return sorted([*rooms, *(ROOT / name for name in alone)])


def imports(path: Path) -> Iterator[tuple[str, bool]]:
    """(top-level module, whether only for type checking) of every import in a file."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    typing_only = {
        id(node)
        for block in ast.walk(tree)
        if isinstance(block, ast.If) and "TYPE_CHECKING" in ast.dump(block.test)
        for node in ast.walk(block)
    }
    for node in ast.walk(tree):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            names = [node.module]
        for name in names:
            yield name.split(".")[0], id(node) in typing_only


def room_of(path: Path) -> str:
    """The room a module is in: its folder at the top, or its own name."""
    return path.relative_to(ROOT).parts[0].removesuffix(".py")


@pytest.mark.parametrize("path", sources(), ids=lambda p: str(p.relative_to(ROOT)))
def test_imports_follow_the_arrow(path: Path) -> None:
    room = room_of(path)
    known = {name for name, _ in imports(path) if name in ROOMS and name != room}
    assert known <= MAY_IMPORT[room], f"{room} must not import {known}"


@pytest.mark.parametrize("path", sources(), ids=lambda p: str(p.relative_to(ROOT)))
def test_heavy_libraries_stay_at_home(path: Path) -> None:
    place = path.relative_to(ROOT).as_posix()
    for name, typing_only in imports(path):
        if name in HOMES and not typing_only:
            assert place.startswith(HOMES[name]), f"{place} imports {name}"


@pytest.mark.parametrize("path", sources(), ids=lambda p: str(p.relative_to(ROOT)))
def test_rooms_are_small(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 250
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert node.end_lineno is not None
            body = node.body[1:] if ast.get_docstring(node) else node.body
            lines = node.end_lineno - body[0].lineno + 1 if body else 0
            assert lines <= 40, f"{node.name} has {lines} lines below its docstring"


SCRIPTS = sorted((ROOT / "ui/assets").rglob("*.js"))


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda p: str(p.relative_to(ROOT)))
def test_scripts_are_small_and_typed(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    assert lines[0] == "// @ts-check"
    assert len(lines) <= 250


def test_only_settings_reads_the_environment() -> None:
    for path in sources():
        # ui/__init__ only sets two variables, before Gradio is imported.
        if room_of(path) in ("settings", "app") or path == ROOT / "ui/__init__.py":
            continue
        text = path.read_text(encoding="utf-8")
        assert "os.environ" not in text, path
        assert "getenv" not in text, path


def test_importing_the_rooms_loads_no_model_library() -> None:
    """The page is up in about a second because nothing heavy is loaded to show it."""
    code = (
        "import sys, album.library, album.indexer, album.captioners.qwen, "
        "album.captioners.basic, index.search, index.sync, cli.commands\n"
        "heavy = {'torch', 'transformers', 'sentence_transformers', 'bitsandbytes'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True
    )
    assert done.stdout.strip() == "[]", done.stdout + done.stderr
