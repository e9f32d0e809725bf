"""Our addresses over HTTP: status, caching, types, names, and hostile input."""

from __future__ import annotations

import hashlib
import io
import json
import posixpath
import re
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from starlette.testclient import TestClient

from album.errors import UploadNotStored
from album.uploads import Uploaded
from tests.ui.conftest import Site
from tests.ui.fakes import draw, make_photo
from ui.files import Assets, disposition


def test_health(client: TestClient) -> None:
    assert client.get("/health").json() == {"status": "ok"}


@pytest.mark.parametrize("size", ["t", "v"])
def test_pictures_are_kept_by_the_browser(site: Site, size: str) -> None:
    version = site.library.photos[1].content_hash[:12]
    answer = site.client.get(f"/{size}/1?v={version}")
    assert answer.headers["content-type"] == "image/webp"
    assert answer.headers["cache-control"] == "private, max-age=31536000, immutable"
    assert answer.content[8:12] == b"WEBP"
    etag = {"if-none-match": answer.headers["etag"]}
    again = site.client.get(f"/{size}/1?v={version}", headers=etag)
    assert (again.status_code, again.content) == (304, b"")
    assert site.client.get(f"/{size}/1").headers["cache-control"] == "private, no-cache"


def test_a_picture_of_another_album_is_not_shown(client: TestClient) -> None:
    """The same port, another album: an old tab must not fill the cache wrongly."""
    answer = client.get("/t/1?v=000000000000")
    assert answer.status_code == 404
    assert "immutable" not in answer.headers.get("cache-control", "")


@pytest.mark.parametrize("path", ["/t/x", "/t/-1", "/v/1e9", "/o/0", "/api/photo/a"])
def test_ids_are_numbers(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 400
    assert answer.json()["error"].startswith("A photo's id")


def test_a_missing_file_is_not_found(site: Site) -> None:
    site.library.photos[9] = make_photo(9, missing=True)
    for path in ("/t/9", "/v/9", "/o/9", "/o/1", "/t/77"):
        answer = site.client.get(path)
        assert answer.status_code == 404, path
        assert answer.json()["error"]
    del site.library.photos[9]


def test_originals(site: Site, tmp_path: Path) -> None:
    file = tmp_path / "whatever.jpg"
    file.write_bytes(draw(1, kind="JPEG"))
    photo = make_photo(20, path=file, name='Grüße "1"; a\r\nSet-Cookie: x=1/../b.jpg')
    site.library.photos[20] = photo
    shown = site.client.get("/o/20")
    assert shown.content == file.read_bytes()
    assert shown.headers["content-type"] == "image/jpeg"
    assert shown.headers["content-disposition"].startswith("inline; ")
    assert "sandbox" in shown.headers["content-security-policy"]
    saved = site.client.get("/o/20?download=1")
    assert saved.headers["content-disposition"].startswith("attachment; ")
    assert "set-cookie" not in saved.headers
    assert "Gr%C3%BC%C3%9Fe" in saved.headers["content-disposition"]
    del site.library.photos[20]


def test_originals_without_their_position(site: Site, tmp_path: Path) -> None:
    file = tmp_path / "whatever"
    exif = Image.Exif()
    exif[0x010F] = "A maker of cameras"
    exif[0x8825] = {1: "N", 2: (38.0, 43.0, 5.5)}
    drawn = Image.open(io.BytesIO(draw(1)))
    drawn.save(file, "JPEG", exif=exif.tobytes())
    site.library.photos[20] = make_photo(20, path=file)
    saved = site.client.get("/o/20?download=1&location=0")
    assert saved.headers["content-type"] == "image/jpeg"
    assert saved.headers["content-disposition"].startswith("attachment; ")
    assert int(saved.headers["content-length"]) == len(saved.content)
    left = Image.open(io.BytesIO(saved.content)).getexif()
    assert left[0x010F] == "A maker of cameras"
    assert 0x8825 not in left
    assert 0x8825 in Image.open(io.BytesIO(file.read_bytes())).getexif()
    drawn.save(file, "BMP")
    refused = site.client.get("/o/20?download=1&location=0")
    assert refused.status_code == 422
    assert refused.json()["error"].startswith("The position cannot be taken out")
    assert site.client.get("/o/20?location=no").status_code == 400
    del site.library.photos[20]


def test_other_types_are_only_saved(site: Site, tmp_path: Path) -> None:
    """A page or a drawing with scripts never runs as part of the album."""
    for form in ("SVG+XML", "HTML"):
        file = tmp_path / f"x.{form}"
        file.write_text("<script>alert(1)</script>")
        site.library.photos[21] = make_photo(21, path=file, format=form)
        answer = site.client.get("/o/21")
        assert answer.headers["content-type"] == "application/octet-stream"
        assert answer.headers["content-disposition"].startswith("attachment; ")
    del site.library.photos[21]


@pytest.mark.parametrize(
    "name",
    ["a.jpg", 'a"b.jpg', "a\r\nX: y.jpg", "\x1b[31mred.jpg", "日本.jpg", "a/../b.jpg",
     "..\\..\\x", "", "\u202egpj.exe", "😀" * 100, "\ud800.jpg", "%0d%0a.jpg", "a;b=c"],
)  # fmt: skip
def test_any_name_makes_a_sound_header(name: str) -> None:
    header = disposition(name, attachment=True)
    header.encode("ascii")
    assert header.isprintable()
    plain, _, exact = header.removeprefix('attachment; filename="').partition('"; ')
    assert '"' not in plain
    assert "/" not in header.replace("UTF-8''", "")
    assert exact.startswith("filename*=UTF-8''")
    assert "\u202e" not in header


def test_only_what_is_needed_at_once_is_fetched_early(client: TestClient) -> None:
    assets = Assets()
    needed = assets.needed_by("main.js")
    assert {"main.js", "album.js", "grid.js"} <= set(needed)
    assert "map/view.js" not in needed  # until the map is shown
    page = client.get("/").text
    assert page.count("<head>") == 1
    early = re.findall(r'rel="modulepreload" href="[^"]*?/ui/[^/]+/([^"]+)"', page)
    assert sorted(early) == needed
    for script in needed:  # no import is written in a way that is overlooked
        text = assets.files[script].decode()
        found = re.findall(r'\bfrom "(\.[^"]+)"', text)
        inside = [
            posixpath.normpath(posixpath.join(posixpath.dirname(script), one))
            for one in found
        ]
        assert set(inside) <= set(needed)


def test_assets_are_kept_until_they_change(client: TestClient) -> None:
    assets = Assets()
    answer = client.get(assets.address("main.js"))
    assert answer.headers["content-type"].startswith("text/javascript")
    assert "immutable" in answer.headers["cache-control"]
    etag = {"if-none-match": answer.headers["etag"]}
    assert client.get(assets.address("main.js"), headers=etag).status_code == 304
    assert client.get("/ui/old/main.js").headers["cache-control"] == "private, no-cache"
    assert client.get("/ui/old/server.py").status_code == 404
    page = client.get("/").text
    assert page.count("<head>") == 1
    for name in ("main.js", "page.css"):
        assert assets.address(name) in page


SINKS = (
    b"innerHTML", b"outerHTML", b"insertAdjacentHTML", b"document.write", b"eval(",
    b"createContextualFragment", b"DOMParser", b"setHTML",
)  # fmt: skip


def test_scripts_set_text_as_text() -> None:
    """No caption, name or query ever goes through a parser of HTML."""
    for name, content in Assets().files.items():
        for sink in SINKS:
            assert sink not in content, (name, sink)
        assert b"http:" not in content.replace(b"http://www.w3.org/2000/svg", b"")
        assert b"https:" not in content


def test_timeline_is_asked_again_and_rarely_sent(client: TestClient) -> None:
    answer = client.get("/api/timeline")
    etag = {"if-none-match": answer.headers["etag"]}
    assert client.get("/api/timeline", headers=etag).status_code == 304


def test_search_over_http(client: TestClient) -> None:
    assert client.get("/api/search?q=lake&limit=2").json()["total"] == 4
    assert client.get("/api/search").status_code == 400
    for wrong in ("limit=9999", "order=best", "order=", "weak=2", "weak=", "weak=true"):
        answer = client.get(f"/api/search?q=lake&{wrong}")
        assert answer.status_code == 400, wrong
        assert answer.json()["error"]
    oldest = client.get("/api/search?q=lake+in+2026&order=oldest&weak=1").json()
    assert [hit["id"] for hit in oldest["hits"]] == [4, 3, 2, 1]
    assert [chip["label"] for chip in oldest["chips"]] == ["2026"]
    broken = client.get("/api/search?q=broken+index")
    assert (broken.status_code, broken.json()["error"]) == (
        422, "The search index is being rebuilt.",
    )  # fmt: skip


def test_caption_over_http(site: Site) -> None:
    before = len(site.edits)
    edited = site.client.post("/api/photo/3/caption", json={"text": "a red kite"})
    assert edited.json()["caption"]["author"] == "you"
    assert len(site.edits) == before + 1
    undone = site.client.post("/api/photo/3/caption/undo").json()
    assert undone["caption"]["text"] == "photo number 3 at the lake"
    refused = site.client.post("/api/photo/3/caption", json={"text": "refuse this"})
    assert (refused.status_code, refused.json()["error"]) == (
        422, "That caption is refused.",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "body"),
    [("application/json", b"{"), ("application/json", b"[]"),
     ("application/json", b'{"caption": "x"}'), ("application/json", b'{"text": 5}'),
     ("application/json", b'{"text": ""}'), ("application/json", b"\xff\xfe"),
     ("application/json", b"[" * 100_000), ("application/json", b""),
     ("text/plain", b'{"text": "by a form"}'), ("", b'{"text": "x"}'),
     ("application/x-www-form-urlencoded", b"text=x")],
)  # fmt: skip
def test_wrong_bodies_are_refused(client: TestClient, kind: str, body: bytes) -> None:
    answer = client.post(
        "/api/photo/3/caption", content=body, headers={"content-type": kind}
    )
    assert answer.status_code == 400


def test_changes_need_a_post(client: TestClient) -> None:
    for path in (
        "/api/pause",
        "/api/resume",
        "/api/upload",
        "/api/looking",
        "/api/failures/retry",
        "/api/photo/1/caption",
        "/api/photo/1/caption/again",
    ):
        assert client.get(path).status_code in (404, 405)


def test_uploads(site: Site) -> None:
    picture = draw(50, kind="JPEG")
    name = "Sommer 2026 – See.jpg"
    stored = site.client.post("/api/upload", params={"name": name}, content=picture)
    assert stored.status_code == 200
    answer = stored.json()
    assert answer["duplicate"] is False
    assert site.library.received[name] == picture
    states = site.client.get(f"/api/uploads?ids={answer['file_id']},99").json()
    assert [state["state"] for state in states] == ["read"]
    again = site.client.post("/api/upload", params={"name": "b.jpg"}, content=picture)
    assert again.json()["duplicate"] is True
    refused = site.client.post("/api/upload?name=x.exe", content=b"MZ...")
    assert refused.status_code == 422
    assert refused.json()["error"] == "This is not a picture the album can read."
    assert site.client.post("/api/upload", content=picture).status_code == 400


def test_what_is_known_need_not_be_sent(site: Site) -> None:
    picture = draw(51, kind="JPEG")
    site.client.post("/api/upload", params={"name": "known.jpg"}, content=picture)
    here, elsewhere = hashlib.sha256(picture).hexdigest(), "0" * 64
    asked = {"hashes": [here, elsewhere, here]}
    answer = site.client.post("/api/upload/known", json=asked)
    assert answer.json() == {"known": {here: max(site.library.photos)}}
    many = site.client.post("/api/upload/known", json={"hashes": [elsewhere] * 500})
    assert (many.status_code, many.json()) == (200, {"known": {}})


@pytest.mark.parametrize(
    "hashes",
    [None, 7, "0" * 64, {"0": 1}, ["0" * 64] * 501, [None], [7], [[]], ["0" * 63],
     ["0" * 65], ["g" * 64], ["A" * 64], ["0" * 63 + "\n"], ["\u0661" * 64],
     ["' OR 1=1 --".ljust(64)], ["\ud800" * 64]],
)  # fmt: skip
def test_hashes_are_checked(client: TestClient, hashes: object) -> None:
    body = json.dumps({"hashes": hashes})
    kind = {"content-type": "application/json"}
    answer = client.post("/api/upload/known", content=body, headers=kind)
    assert answer.status_code == 400
    assert "hash" in answer.json()["error"].lower()


def test_a_full_disk_is_no_fault_of_the_file(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_name: str, _chunks: Iterable[bytes]) -> Uploaded:
        raise UploadNotStored("No space left on device")

    monkeypatch.setattr(site.library, "upload", full)
    answer = site.client.post("/api/upload?name=a.jpg", content=b"x")
    assert answer.status_code == 507
    assert answer.json()["error"].endswith("No space left on device.")


@pytest.mark.parametrize(
    "name",
    ["../../x.jpg", "..\\x.jpg", "/etc/passwd", "a\x00b.jpg", "x" * 5000, "con.jpg",
     "<img src=x onerror=alert(1)>.jpg", "\u202egpj.exe", "a\r\nb.jpg", "."],
)  # fmt: skip
def test_hostile_upload_names_never_break(site: Site, name: str) -> None:
    answer = site.client.post(
        "/api/upload", params={"name": name}, content=draw(len(name))
    )
    assert answer.status_code == 200
    photo = site.client.get(f"/api/photo/{max(site.library.photos)}").json()
    assert len(photo["name"]) <= 1000


def gradio_run(client: TestClient, data: list[Any], fn_index: int = 0) -> Any:
    body = {
        "data": data,
        "fn_index": fn_index,
        "session_hash": "abc",
        "event_data": None,
    }
    return client.post(
        "/gradio_api/run/predict",
        content=json.dumps(body),
        headers={"content-type": "application/json"},
    )


def test_gradios_event_is_the_same_search(client: TestClient) -> None:
    answer = gradio_run(client, ["number 2", "relevance", ""])
    assert answer.status_code == 200
    view = answer.json()["data"][0]
    assert view["hits"][0]["id"] == 2
    view = gradio_run(client, ["number", "oldest", ""]).json()["data"][0]
    assert [hit["id"] for hit in view["hits"]] == [4, 3, 2, 1]
    wrong = gradio_run(client, ["lake", "x", ""]).json()["data"][0]
    assert wrong["view"] == "error"
    scoped = gradio_run(client, ["lake", "newest", "1"]).json()["data"][0]
    assert scoped["view"] == "elsewhere", "the page asks by itself"


@pytest.mark.parametrize(
    "data",
    [[], [None], [7], [["x"]], ["x", "y"], ["x", None], ["x", {"path": "/etc/passwd"}],
     ["z" * 5000, "newest"], [{"path": "/etc/passwd",
     "meta": {"_type": "gradio.FileData"}}, "newest"], [{"__type__": "update"}],
     ["lake \ud800", "relevance"], ["lake", "\ud800"], ["x", "newest", "y"],
     ["x", "newest", {"path": "/etc/passwd"}], ["x", "newest", "", ""]],
)  # fmt: skip
def test_gradios_event_survives_any_input(client: TestClient, data: list[Any]) -> None:
    answer = gradio_run(client, data)
    assert "root:" not in answer.text
    assert "Traceback" not in answer.text


def test_gradio_is_switched_as_it_must_be(client: TestClient) -> None:
    config = client.get("/config").json()
    kinds = {component["type"] for component in config["components"]}
    assert "state" not in kinds
    assert config["connect_heartbeat"] is False
    assert config.get("run_history") in (False, None)
    assert config["analytics_enabled"] is False
    assert config["footer_links"] == []
    assert config["show_error"] is False
    assert all(d["api_visibility"] == "private" for d in config["dependencies"])
    text = json.dumps(config)
    assert "fonts.googleapis" not in text
    assert "/album/" not in text


def test_hostile_texts_travel_as_data(site: Site) -> None:
    payload = "</script><script>window.__x=1</script>"
    site.library.photos[30] = replace(make_photo(30), name=payload)
    answer = site.client.get("/api/photo/30")
    assert answer.headers["content-type"] == "application/json"
    assert answer.json()["name"] == payload
    found = site.client.get("/api/search", params={"q": f"lake not {payload}"})
    assert found.headers["content-type"] == "application/json"
    assert found.json()["chips"][0]["label"] == f"not {payload}"
    assert payload not in site.client.get("/").text
    del site.library.photos[30]
