"""docker-compose.yml: reaches nobody else, writes to no original, names real settings.

Docker itself is not run here; what Compose would make of the file is read from it.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

import settings

ROOT = Path(__file__).parent.parent
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
ALBUMS = ("album", "album-vllm")


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    text = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    read = yaml.safe_load(text)
    assert isinstance(read, dict)
    return read


def mounts(service: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {mount["target"]: mount for mount in service["volumes"]}


def flags(service: dict[str, Any]) -> dict[str, str]:
    pairs = (word.partition("=") for word in service["command"] if word[:2] == "--")
    return {name: value for name, _, value in pairs}


def test_the_services_and_who_comes_only_with_the_profile(
    compose: dict[str, Any],
) -> None:
    services = compose["services"]
    profiles = {name: one.get("profiles", []) for name, one in services.items()}
    assert profiles == {"album": [], "album-vllm": ["vllm"], "vllm": ["vllm"]}
    # A service may only depend on what its own profile brings along.
    assert services["album-vllm"]["depends_on"] == ["vllm"]
    assert "depends_on" not in services["album"]


def test_ports_are_published_to_this_machine_only(compose: dict[str, Any]) -> None:
    published = {
        name: one["ports"]
        for name, one in compose["services"].items()
        if "ports" in one
    }
    assert set(published) == set(ALBUMS)
    (exposed,) = re.findall(r"^EXPOSE (\d+)$", DOCKERFILE, re.MULTILINE)
    for ports in published.values():
        assert ports == [f"127.0.0.1:{exposed}:{exposed}"]
    for service in compose["services"].values():
        assert "network_mode" not in service


@pytest.mark.parametrize("name", ALBUMS)
def test_photos_are_read_only_and_data_is_kept(
    compose: dict[str, Any], name: str
) -> None:
    here = mounts(compose["services"][name])
    (inside,) = re.findall(r"^VOLUME (.+)$", DOCKERFILE, re.MULTILINE)
    assert set(here) == set(json.loads(inside)) == {"/data", "/photos"}
    photos = here["/photos"]
    assert (photos["type"], photos["read_only"]) == ("bind", True)
    assert photos["source"].startswith("${PHOTOS:?")  # asked for, never guessed
    assert photos["bind"]["create_host_path"] is False
    data = here["/data"]
    assert (data["type"], data.get("read_only", False)) == ("volume", False)
    assert data["source"] in compose["volumes"]


@pytest.mark.parametrize("name", ALBUMS)
def test_an_album_is_built_here(compose: dict[str, Any], name: str) -> None:
    service = compose["services"][name]
    assert (ROOT / service["build"] / "Dockerfile").is_file()
    assert service["image"] == "smart-album"


def test_every_album_variable_is_a_setting_with_a_good_value(
    compose: dict[str, Any],
) -> None:
    text = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    known = {one.env for one in settings.describe()}
    assert set(re.findall(r"ALBUM_\w+", text)) <= known
    for name in ALBUMS:
        given = compose["services"][name].get("environment", {})
        assert all(isinstance(value, str) for value in given.values())
        settings.load({}, given)  # raises for a value it cannot have


def test_the_album_of_the_profile_asks_its_vllm(compose: dict[str, Any]) -> None:
    services = compose["services"]
    album = settings.load({}, services["album-vllm"]["environment"])
    served = flags(services["vllm"])
    assert album.caption_servers == (f"http://vllm:{served['--port']}/v1",)
    assert services["vllm"]["command"][0] == album.caption_model == settings.QWEN
    assert served["--host"] == "0.0.0.0"
    assert (
        settings.load({}, services["album"].get("environment", {})).captioner == "auto"
    )


def test_vllm_has_a_gpu_its_cache_and_a_pinned_version(compose: dict[str, Any]) -> None:
    vllm = compose["services"]["vllm"]
    found = re.fullmatch(r"vllm/vllm-openai:v(\d+)\.(\d+)\.(\d+)", vllm["image"])
    assert found
    assert tuple(map(int, found.groups())) >= (0, 11, 0)
    (device,) = vllm["deploy"]["resources"]["reservations"]["devices"]
    assert device == {"driver": "nvidia", "count": 1, "capabilities": ["gpu"]}
    assert mounts(vllm)["/root/.cache/huggingface"]["source"] in compose["volumes"]
    assert vllm["environment"]["VLLM_NO_USAGE_STATS"] == "1"
    served = flags(vllm)
    assert served["--limit-mm-per-prompt.video"] == "0"
    assert served["--mm-processor-cache-gb"] == "0"
    assert served["--max-model-len"] == "8192"


def test_the_health_of_vllm_is_asked_at_its_own_port(compose: dict[str, Any]) -> None:
    vllm = compose["services"]["vllm"]
    kind, program, option, code = vllm["healthcheck"]["test"]
    assert (kind, program, option) == ("CMD", "python3", "-c")
    compile(code, "healthcheck", "exec")
    assert f"http://127.0.0.1:{flags(vllm)['--port']}/health" in code
    for name in ("interval", "timeout", "start_period"):
        assert re.fullmatch(r"\d+[sm]", vllm["healthcheck"][name])
