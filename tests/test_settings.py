"""Settings: flags over environment over defaults, each checked, each documented."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, fields
from pathlib import Path

import pytest

from settings import SettingError, Settings, changed, describe, load

README = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")


def test_flags_win_over_environment_over_defaults() -> None:
    assert load({}, {}).port == 7860
    assert load({}, {"ALBUM_PORT": "8000"}).port == 8000
    assert load({"port": "9000"}, {"ALBUM_PORT": "8000"}).port == 9000


def test_it_is_known_where_a_setting_came_from() -> None:
    loaded = load({"port": "9000"}, {"ALBUM_PORT": "8000", "ALBUM_WORKERS": "2"})
    assert loaded.origins == {"port": "--port", "workers": "ALBUM_WORKERS"}
    assert loaded == load({"port": "9000", "workers": "2"}, {})


def test_one_setting_is_changed_with_the_same_check() -> None:
    loaded = load({}, {})
    assert changed(loaded, "caption_language", "german").caption_language == "German"
    assert loaded.caption_language == "English"
    with pytest.raises(SettingError, match="The language cannot be '5'"):
        changed(loaded, "caption_language", "5", called="The language")


def test_settings_are_frozen() -> None:
    with pytest.raises(FrozenInstanceError):
        load({}, {}).port = 1  # type: ignore[misc]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("port", "high"),
        ("port", "70000"),
        ("port", "-1"),
        ("port", "²"),
        ("captioner", "gpt"),
        ("offline", "perhaps"),
        ("visual_tokens", "5"),
        ("workers", "0"),
        ("log_level", "loud"),
        ("map_tiles", "/nowhere/at/all.pmtiles"),
    ],
)
def test_a_wrong_value_is_an_error_that_names_the_setting(
    name: str, value: str
) -> None:
    with pytest.raises(SettingError, match="--" + name.replace("_", "-")):
        load({name: value}, {})
    with pytest.raises(SettingError, match=f"ALBUM_{name.upper()}"):
        load({}, {f"ALBUM_{name.upper()}": value})


@pytest.mark.parametrize(
    ("raw", "value"),
    [("1", True), ("TRUE", True), ("on", True), ("0", False), ("No", False)],
)
def test_switches(raw: str, value: bool) -> None:
    assert load({}, {"ALBUM_OFFLINE": raw}).offline is value


def test_names_and_folders() -> None:
    loaded = load({}, {"ALBUM_ALLOWED_HOSTS": "a.lan, b.lan,", "ALBUM_DATA": "~/x"})
    assert loaded.allowed_hosts == ("a.lan", "b.lan")
    assert loaded.data == Path.home() / "x"


def test_an_open_address_needs_a_second_word() -> None:
    with pytest.raises(SettingError, match="no login"):
        load({"host": "0.0.0.0"}, {})
    assert load({"host": "0.0.0.0", "expose": "1"}, {}).host == "0.0.0.0"
    for host in ("127.0.0.1", "localhost", "::1"):
        assert load({"host": host}, {}).host == host


def test_captioners_and_servers() -> None:
    assert load({"captioner": "basic"}, {}).caption_servers == ()
    servers = "http://a:8000/v1, https://b/v1"
    loaded = load({"captioner": servers}, {"ALBUM_CAPTION_KEY": "secret"})
    assert loaded.caption_servers == ("http://a:8000/v1", "https://b/v1")
    assert loaded.caption_key == "secret"
    assert "secret" not in repr(loaded)
    for wrong in ("ftp://a", "a:8000", "http://a,gpt"):
        with pytest.raises(SettingError, match="--captioner"):
            load({"captioner": wrong}, {})


@pytest.mark.parametrize(
    ("name", "good", "bad"),
    [
        ("caption_hours", ("22:00-07:00", "22-7", ""), ("night", "22", "22:00")),
        ("caption_language", ("German", "Chinese (simplified)"), ("", "x", "de\nDE")),
        ("idle_minutes", ("0", "10"), ("-1", "ten")),
    ],
)
def test_settings_of_the_caption_model(
    name: str, good: tuple[str, ...], bad: tuple[str, ...]
) -> None:
    for value in good:
        assert str(getattr(load({name: value}, {}), name)) == value
    for value in bad:
        with pytest.raises(SettingError, match="--" + name.replace("_", "-")):
            load({name: value}, {})


def test_a_secret_has_no_flag() -> None:
    [info] = [info for info in describe() if info.name == "caption_key"]
    assert info.flag is None


def test_every_setting_stands_in_the_readme() -> None:
    for info in describe():
        told_in_words = info.name in ("data", "workers", "caption_key", "caption_hours")
        default = "" if told_in_words else _shown(info.default)
        flag = f"`{info.flag}`" if info.flag else "–"
        row = f"| {flag} | `{info.env}` | {default}"
        assert row in README, f"README lacks the row {row!r}"
        assert info.help in README, f"README lacks the help of {info.name}"
    assert {info.name for info in describe()} | {"origins"} == {
        field.name for field in fields(Settings)
    }


def _shown(default: object) -> str:
    if isinstance(default, bool):
        return "off" if not default else "on"
    if default is None or default == ():
        return "none"
    return f"`{default}`"
