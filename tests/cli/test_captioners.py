"""The captioners as the settings ask for them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from cli.captioners import caption_hours, qwen_captioner
from settings import SettingError, load

ROOT = Path(__file__).parents[2]

CAPTION_ONE = """
import sys
from contextlib import ExitStack
from pathlib import Path
from album.attention import Attention
from album.catalogue import Catalogue
from album.library import Library
from album.places import Places
from album.reading import ReadingStage
from album.scanner import Scanner
from album.thumbnails import Thumbnails
from album.uploads import Uploads
from cli.building import decoder_of
from cli.captioners import Stages
from settings import load

def main(folder):
    settings = load({"data": str(folder / "data"), "captioner": "basic"})
    with ExitStack() as stack:
        catalogue = stack.enter_context(Catalogue(settings.data))
        decoder = stack.enter_context(decoder_of(settings))
        thumbnails = Thumbnails(settings.data / "thumbnails")
        uploads = Uploads(catalogue, settings.data / "uploads", max_bytes=1)
        library = Library(catalogue, thumbnails, decoder, uploads)
        Scanner(catalogue).scan(catalogue.roots.add(folder / "pictures"))
        ReadingStage(catalogue, decoder, thumbnails, Places()).step()
        stage = Stages(settings, catalogue, library, Attention(), stack).quick()
        print(stage.step(), catalogue.captions.by_model())
        print(sorted({"torch", "transformers", "bitsandbytes"} & set(sys.modules)))

if __name__ == "__main__":
    main(Path(sys.argv[1]))
"""


def test_to_caption_loads_no_torch_in_the_process_of_the_page(tmp_path: Path) -> None:
    """The small classifier's torch is in a process of its own as well."""
    (tmp_path / "pictures").mkdir()
    picture = Image.new("RGB", (300, 200), "skyblue")
    ImageDraw.Draw(picture).ellipse((100, 60, 200, 160), "orange")
    picture.save(tmp_path / "pictures" / "ball.png")
    program = tmp_path / "program.py"
    program.write_text(CAPTION_ONE)
    done = subprocess.run(
        [sys.executable, str(program), str(tmp_path)],
        cwd=ROOT, env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"},
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.stdout.splitlines() == ["1 {'efficientnet-lite2': 1}", "[]"], (
        done.stderr
    )


def test_the_question_s_wording_is_part_of_the_author() -> None:
    plain = qwen_captioner(load({}, {})).author
    german = qwen_captioner(load({"caption_language": "german"}, {})).author
    told = qwen_captioner(load({"caption_context": "1"}, {})).author
    assert (plain.prompt_variant, german.prompt_variant) == ("", "German")
    assert told.prompt_variant == "context"
    assert len({plain, german, told}) == 3


def test_impossible_hours_are_a_setting_s_error() -> None:
    assert caption_hours(load({}, {})) is None
    assert str(caption_hours(load({"caption_hours": "22-7"}, {}))) == "22:00-07:00"
    with pytest.raises(SettingError, match="--caption-hours cannot be '25-7'"):
        caption_hours(load({"caption_hours": "25-7"}, {}))
