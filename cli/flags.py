"""The flags of the commands: one for each setting that a command takes."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

import click

from settings import Settings, describe, load


def setting_flags(
    names: tuple[str, ...],
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Give a command the flags of these settings; it is called with `settings`."""

    def decorate(command: Callable[..., None]) -> Callable[..., None]:
        for info in reversed([i for i in describe() if i.name in names]):
            if info.flag is None:
                continue
            text = f"{info.help}  [{info.env}]"
            kind: dict[str, Any] = (
                {"is_flag": True, "flag_value": "1", "default": None}
                if info.is_switch
                else {"type": str, "default": None}
            )
            command = click.option(info.flag, info.name, help=text, **kind)(command)
        return command

    return decorate


def settings_from(flags: dict[str, str | None]) -> Settings:
    """Settings from the flags that were given, with the log set up as they say.

    Raises SettingError.
    """
    given = {name: value for name, value in flags.items() if value is not None}
    settings = load(given)
    logging.basicConfig(
        level=settings.log_level.upper(), format="%(levelname)s %(name)s: %(message)s"
    )
    return settings
