"""What kind of picture a file is, as far as the file itself gives it away."""

from __future__ import annotations

import os
from typing import Literal, TypeAlias

from album.wording import contains_words, name_words, plain_words

Kind: TypeAlias = Literal["photo", "screenshot", "panorama", "selfie", "video"]

# How phones and computers name their screenshots, in the languages of their makers'
# larger markets; compared as plain words.
_SCREENSHOT_NAMES = tuple(
    map(
        plain_words,
        (
            *("screenshot", "screenshots", "screen shot", "screen capture"),
            *("bildschirmfoto", "schermafbeelding", "schermata", "zrzut ekranu"),
            *("captura de pantalla", "captura de tela", "captura de ecrã"),
            *("capture d'écran", "skärmbild", "skärmavbild", "skjermbilde"),
            *("skærmbillede", "snímek obrazovky", "ekran görüntüsü", "ekran resmi"),
            *("スクリーンショット", "截屏", "截图", "螢幕截圖", "螢幕快照"),
            "스크린샷",
        ),
    )
)
_PANORAMA_NAMES = ("pano", "panorama")
# Wider than every film and screen but the cinema's (2.39), ...
_PANORAMA_RATIO = 2.2
# ... and larger than a telephone's (1440 × 3200) and an ultra-wide screen (3440 × 1440,
# 4.95 megapixels): what a telephone stitches together has 5 to 60.
_PANORAMA_PIXELS = 5_000_000


def kind_of(
    *,
    name: str,
    folder: str,
    width: int,
    height: int,
    camera: str | None,
    lens: str | None,
    description: str | None,
) -> Kind:
    """The kind of a picture of `width` × `height` pixels; in doubt "photo".

    * screenshot: no camera, and the name says so in one of several languages, or the
      last folder is called "Screenshots", or the description is "Screenshot" (written
      so by iOS, whose screenshots are named like its photos);
    * panorama: more than 2.2 times as wide as high, or as high as wide, and of 5
      megapixels and more or named "pano" or "panorama";
    * selfie: the lens or the camera is called "front", or the name says "selfie";
    * video: never yet, since the album reads none.
    """
    named = name_words(name)
    if camera is None and _is_screenshot(named, folder, description):
        return "screenshot"
    if max(width, height) > _PANORAMA_RATIO * min(width, height) and (
        width * height >= _PANORAMA_PIXELS or _any_of(_PANORAMA_NAMES, named)
    ):
        return "panorama"
    made_with = plain_words(f"{camera or ''} {lens or ''}")
    if contains_words(made_with, "front") or contains_words(named, "selfie"):
        return "selfie"
    return "photo"


def _is_screenshot(named: str, folder: str, description: str | None) -> bool:
    last = plain_words(folder.replace(os.sep, "/").rpartition("/")[2])
    says = plain_words(description or "")
    return (
        _any_of(_SCREENSHOT_NAMES, named)
        or last in _SCREENSHOT_NAMES
        or says == "screenshot"
    )


def _any_of(names: tuple[str, ...], words: str) -> bool:
    return any(contains_words(words, name) for name in names)
