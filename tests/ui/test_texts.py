"""The page's texts: none is forgotten in a translation, and none is left over."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from ui import texts

ROOM = Path(texts.__file__).parent.parent
SCRIPTS = {path: path.read_text("utf-8") for path in (ROOM / "assets").rglob("*.js")}
TRANSLATIONS = sorted(Path(texts.__file__).parent.glob("*.json"))

STRING = r'"((?:[^"\\]|\\.)*)"'
SAID = re.compile(rf"\bt\(\s*{STRING}")
EITHER = re.compile(rf"\bt\(\s*[^()\"]*\? {STRING}\s*: {STRING}")
COUNTED = re.compile(rf"\bcounted\([^\"]*?,\s*{STRING}, {STRING}\)")


def said() -> set[str]:
    """Every English text that a script says outright."""
    found = {text for script in SCRIPTS.values() for text in SAID.findall(script)}
    for script in SCRIPTS.values():
        found.update(text for pair in EITHER.findall(script) for text in pair)
        for one, many in COUNTED.findall(script):
            found |= {f"{{n}} {one}", f"{{n}} {many}"}
    return {json.loads(f'"{text}"') for text in found}


@pytest.mark.parametrize("path", TRANSLATIONS, ids=lambda path: path.stem)
def test_no_text_is_forgotten(path: Path) -> None:
    table = json.loads(path.read_text("utf-8"))
    assert len(said()) > 50  # the patterns do find them
    assert sorted(said() - set(table)) == []


@pytest.mark.parametrize("path", TRANSLATIONS, ids=lambda path: path.stem)
def test_values_stay_in_a_translation(path: Path) -> None:
    for text, translated in json.loads(path.read_text("utf-8")).items():
        names = sorted(re.findall(r"\{\w+\}", text))
        assert sorted(re.findall(r"\{\w+\}", translated)) == names, text
        assert translated.strip(), text


@pytest.mark.parametrize("path", TRANSLATIONS, ids=lambda path: path.stem)
def test_no_translation_is_left_over(path: Path) -> None:
    """Each text is a literal of some script or of the program (those of the server)."""
    everything = "\n".join(
        source.read_text("utf-8")
        for room in ("ui", "album", "index", "cli")
        for source in (ROOM.parent / room).rglob("*.[pj]*")
        if source.suffix in (".py", ".js")
    )
    for text in json.loads(path.read_text("utf-8")):
        bare = text.removeprefix("{n} ")
        last = bare.rsplit(" ", 1)
        known = json.dumps(bare, ensure_ascii=False)[1:-1] in everything
        pieces = (
            len(last) == 2 and last[1] in ("match",) and f'"{last[0]}"' in everything
        )
        assert known or pieces, text


def test_gradio_gets_the_hint_in_both_languages() -> None:
    tables = texts.texts().translations_dict
    assert tables["en"][texts.SEARCH_HINT] == texts.SEARCH_HINT
    assert tables["zh-CN"][texts.SEARCH_HINT] != texts.SEARCH_HINT
