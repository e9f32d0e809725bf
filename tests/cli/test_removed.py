"""`removed`, as a person runs it beside an album that is being served."""

from __future__ import annotations

from pathlib import Path

from PIL import Image

from album.catalogue import Catalogue
from tests.cli.test_commands import as_json, run


def test_what_was_taken_out_is_listed_and_restored(tmp_path: Path) -> None:
    pictures, data = tmp_path / "pictures", str(tmp_path / "data")
    pictures.mkdir()
    Image.new("RGB", (320, 240), "red").save(pictures / "red barn.jpg")
    for options in ([], ["--restore", "1"]):
        assert "no album" in run("removed", *options, "--data", data, code=1).output
    run("index", str(pictures), "--data", data, "--captioner", "basic")
    assert "No photo" in run("removed", "--data", data).stdout
    with Catalogue(Path(data)) as catalogue:
        catalogue.removals.remove([1])
        [one] = as_json("removed", "--data", data)["photos"]
        assert (one["id"], Path(one["path"]).name) == (1, "red barn.jpg")
        refused = run("removed", "--restore", "1", "--data", data, code=1)
        assert "already in use" in refused.output
    run("index", str(pictures), "--data", data, "--captioner", "basic")
    assert as_json("search", "a barn", "--weak", "--data", data)["hits"] == []
    assert "red barn.jpg" in run("removed", "--data", data).stdout
    done = run("removed", "--restore", "1", "--restore", "7", "--data", data)
    assert done.stdout == "1 photo is back.\n"
    assert as_json("removed", "--data", data) == {"photos": []}
    [hit] = as_json("search", "a barn", "--weak", "--data", data)["hits"]
    assert hit["id"] == 1
