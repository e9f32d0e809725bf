"""Every setting of the program: default, environment name, flag, check and help.

The only reader of the environment. A value is taken from the command line, else from
the environment variable ALBUM_<NAME>, else from the default; a wrong value is an error
that names the setting, never silently replaced.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import Field, dataclass, field, fields, replace
from pathlib import Path
from typing import Any, Literal

from platformdirs import user_data_path

import setting_values as kind

VERSION = "0.1.0"
QWEN = "Qwen/Qwen3-VL-2B-Instruct"
MINILM = "all-MiniLM-L6-v2"
LOOPBACK = ("127.0.0.1", "localhost", "::1")


class SettingError(ValueError):
    """A setting has a value it cannot have; the text names it and says why."""


def _setting(default: Any, parse: Callable[[str], Any], text: str) -> Any:
    return field(default=default, metadata={"parse": parse, "help": text})


def _secret(text: str) -> Any:
    """A setting from the environment only: every flag of a process can be listed."""
    metadata = {"parse": kind.text, "help": text, "secret": True}
    return field(default="", repr=False, metadata=metadata)


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings, checked. Made by `load`; passed on, never changed."""

    data: Path = _setting(
        user_data_path("smart-album"), kind.folder,
        "Folder of the catalogue, thumbnails, uploads and the search index.",
    )  # fmt: skip
    host: str = _setting("127.0.0.1", kind.text, "Address the page is served on.")
    port: int = _setting(
        7860, kind.whole(0, 65535), "Port of the page; 0 takes a free one."
    )
    expose: bool = _setting(
        False, kind.switch,
        "Allow an address other than this machine's own, although there is no login.",
    )  # fmt: skip
    allowed_hosts: tuple[str, ...] = _setting(
        (),
        kind.names,
        "Further host names the page may be called by, with commas between.",
    )
    demo: bool = _setting(
        False,
        kind.switch,
        "Show a small album that the program draws, beside any folders.",
    )
    captioner: str = _setting(
        "auto",
        kind.captioner,
        "Who writes captions: auto (basic at once, Qwen when its weights are there), "
        "qwen, basic, or addresses of OpenAI-compatible servers, with commas between.",
    )
    caption_model: str = _setting(
        QWEN, kind.text, "Name of the model on the caption servers."
    )
    caption_language: str = _setting(
        "English", kind.language, "Language the captions are written in."
    )
    caption_context: bool = _setting(
        False, kind.switch,
        "Tell the caption model the date, place and folder of a picture.",
    )  # fmt: skip
    caption_hours: str = _setting(
        "", kind.hours,
        "Hours in which a large model writes captions, such as 22:00-07:00; else any.",
    )  # fmt: skip
    caption_threads: int = _setting(
        0, kind.whole(0, 256), "CPU threads of the caption model; 0: as it likes."
    )
    idle_minutes: int = _setting(
        10, kind.whole(0, 10_080),
        "Give a caption model's memory back after so long without work; 0: never.",
    )  # fmt: skip
    caption_in_flight: int = _setting(
        4, kind.whole(1, 256), "Pictures at one caption server at a time."
    )
    caption_timeout_s: int = _setting(
        120, kind.whole(1, 3600), "Seconds a caption server has for one picture."
    )
    caption_key: str = _secret("Key for the caption servers.")
    qwen_model: str = _setting(
        QWEN, kind.text, "Hub id or local folder of the Qwen3-VL checkpoint."
    )
    text_model: str = _setting(
        MINILM, kind.text,
        "Text model of the search: the built-in one, or a sentence-transformers model "
        "by its hub id or local folder.",
    )  # fmt: skip
    offline: bool = _setting(False, kind.switch, "Never fetch model weights.")
    visual_tokens: int = _setting(
        300,
        kind.whole(64, 1280),
        "Most visual tokens a picture may take in the captioner.",
    )
    strictness: Literal["strict", "normal", "lenient"] = _setting(
        "normal",
        kind.choice("strict", "normal", "lenient"),
        "How like a photo must be to what was asked: strict, normal or lenient.",
    )
    hemisphere: Literal["north", "south"] = _setting(
        "north",
        kind.choice("north", "south"),
        "Where summer is when one searches for it: north (June) or south (December).",
    )
    workers: int = _setting(
        min(4, os.cpu_count() or 1),
        kind.whole(1, 64),
        "Processes that decode pictures.",
    )
    decode_memory_mb: int = _setting(
        1024, kind.whole(256, 65536), "Memory one decoding process may take, in MB."
    )
    decode_timeout_s: int = _setting(
        30, kind.whole(1, 3600), "Seconds one picture may take to decode."
    )
    max_upload_mb: int = _setting(
        200, kind.whole(1, 10_000), "Largest file that can be uploaded, in MB."
    )
    rescan_minutes: int = _setting(
        15,
        kind.whole(0, 10_080),
        "Look for new pictures this often; 0: only at start.",
    )
    map_tiles: Path | None = _setting(
        None,
        kind.map_file,
        "PMTiles file with a street map for the map of photos.",
    )
    log_level: str = _setting(
        "warning",
        kind.choice("debug", "info", "warning", "error"),
        "How much is logged.",
    )
    origins: Mapping[str, str] = field(default_factory=dict, compare=False, repr=False)
    """The flag or environment name that each setting came from, where it was given."""

    @property
    def caption_servers(self) -> tuple[str, ...]:
        """The addresses given as `captioner`; none when it is one of the names."""
        return () if self.captioner in kind.CAPTIONERS else kind.names(self.captioner)


@dataclass(frozen=True, slots=True)
class SettingInfo:
    """One setting as documents and the command line show it."""

    name: str
    env: str
    flag: str | None
    default: Any
    help: str
    is_switch: bool


def _flag(name: str) -> str:
    return "--" + name.replace("_", "-")


def _fields() -> list[Field[Any]]:
    return [f for f in fields(Settings) if "parse" in f.metadata]


def describe() -> list[SettingInfo]:
    """Every setting, in the order of the class."""
    return [
        SettingInfo(
            name=f.name,
            env=f"ALBUM_{f.name.upper()}",
            flag=None if "secret" in f.metadata else _flag(f.name),
            default=f.default,
            help=f.metadata["help"],
            is_switch=f.metadata["parse"] is kind.switch,
        )
        for f in _fields()
    ]


def load(given: Mapping[str, str], environ: Mapping[str, str] = os.environ) -> Settings:
    """Settings from flags (`given`, by name) over the environment over the defaults.

    Raises SettingError.
    """
    values: dict[str, Any] = {}
    origins: dict[str, str] = {}
    for f in _fields():
        env = f"ALBUM_{f.name.upper()}"
        if f.name in given:
            raw, origins[f.name] = given[f.name], _flag(f.name)
        elif env in environ:
            raw, origins[f.name] = environ[env], env
        else:
            continue
        values[f.name] = _parsed(f, raw, origins[f.name])
    settings = Settings(**values, origins=origins)
    if settings.demo and "data" not in values:
        # The drawn pictures never mix with a real album.
        settings = replace(settings, data=settings.data / "demo")
    _check_together(settings)
    return settings


def changed(settings: Settings, name: str, raw: str, *, called: str = "") -> Settings:
    """The same with another value of one setting, checked like a flag; `called`: what
    an error calls it. Raises SettingError."""
    one = next(f for f in _fields() if f.name == name)
    return replace(settings, **{name: _parsed(one, raw, called or _flag(name))})


def _parsed(one: Field[Any], raw: str, called: str) -> Any:
    try:
        return one.metadata["parse"](raw)
    except ValueError as error:
        raise SettingError(f"{called} cannot be {raw!r}: {error}.") from error


def _check_together(settings: Settings) -> None:
    if settings.host not in LOOPBACK and not settings.expose:
        raise SettingError(
            f"The page would be open to everybody who can reach {settings.host}: there "
            "is no login yet. Use --host 127.0.0.1, or --expose if something in front "
            "(a container that publishes the port to 127.0.0.1 only, a proxy with a "
            "login) keeps others out."
        )


QUIET_ENVIRONMENT = kind.QUIET_ENVIRONMENT
"""Set by app.py before anything heavy is imported."""
