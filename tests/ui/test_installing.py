"""What a browser needs to install the page like an app."""

from __future__ import annotations

import io
import re

from PIL import Image
from starlette.testclient import TestClient

from ui.files import Assets
from ui.installing import installing_head


def test_the_manifest_and_its_icons(client: TestClient) -> None:
    """By the name that Gradio's page links, and by ours; each icon is what it says."""
    answer = client.get("/manifest.json")
    assert answer.headers["content-type"] == "application/manifest+json"
    manifest = answer.json()
    assert (manifest["name"], manifest["start_url"]) == ("Smart Album", "/")
    assert manifest["display"] == "standalone"
    seen = set()
    for icon in manifest["icons"]:
        found = client.get(icon["src"])
        assert found.headers["content-type"] == icon["type"]
        assert "immutable" in found.headers["cache-control"]
        seen.add((icon["purpose"], icon["sizes"]))
        if icon["type"] == "image/svg+xml":
            continue
        picture = Image.open(io.BytesIO(found.content))
        assert "x".join(map(str, picture.size)) == icon["sizes"]
        corner = picture.convert("RGBA").getpixel((0, 0))
        assert isinstance(corner, tuple)
        assert corner[3] == (255 if icon["purpose"] == "maskable" else 0)
    assert {("any", "192x192"), ("any", "512x512"), ("maskable", "512x512")} <= seen


def test_what_the_head_links_is_there(client: TestClient) -> None:
    links = re.findall(
        r'<link rel="(.*?)".*?href="(.*?)"', str(installing_head(Assets()))
    )
    types = {rel: client.get(address).headers["content-type"] for rel, address in links}
    assert types == {
        "manifest": "application/manifest+json",
        "icon": "image/svg+xml",
        "apple-touch-icon": "image/png",
    }
    favicon = Image.open(io.BytesIO(client.get("/favicon.ico").content))
    assert favicon.size == (48, 48)
    drawn = favicon.convert("RGB").getpixel((24, 4))
    assert drawn == (0x25, 0x59, 0xD8), "ours, not Gradio's"
