"""Kinds of pictures (screenshots, videos …) and favourites.

"Video game", "selfie stick", "watching a video" and "my favourite toy" are what is on a
picture, not what it is.
"""

from __future__ import annotations

import re
from functools import partial

from index.asked import PhotoKind
from index.query.text import BEGIN, Favourite, Kind, Part, Text, closed_right, every

_PHOTOS = r"(?:photo(?:graph)?s?|pictures?|pics?|images?|shots?|snaps?)"
_OTHERS = r"(?:videos?|screenshots?|panoramas?|selfies?)\b"
_NAMES: dict[str, PhotoKind] = {
    r"screen ?(?:shot|grab|cap|capture)s?": "screenshot",
    rf"panoramas?|panoramics|panoramic {_PHOTOS}": "panorama",
    rf"selfies?(?: {_PHOTOS})?": "selfie",
    r"videos?(?: clips?)?|video recordings?|video footage": "video",
    rf"(?:only|just) {_PHOTOS}|{_PHOTOS} only": "photo",
}
_NOT_KIND_BEFORE = (
    r"(?<!taking )(?<!taking a )(?<!takes a )(?<!take a )(?<!watching )"
    r"(?<!watching a )(?<!playing )(?<!posing for a )(?<!making a )(?<!recording a )"
    r"(?<!filming a )(?<!shooting a )(?<!on a )(?<!music )"
)
_NOT_KIND_AFTER = (
    r"(?! (?:games?|gaming|cameras?|calls?|walls?|screens?|conferenc\w+|consoles?|"
    r"recorders?|players?|monitors?|stores?|shops?|projectors?|editing|editors?|cards?|"
    r"tapes?|arcade|sticks?|mode|booths?|meetings?|cassettes?|display|windows?|views?|"
    r"station|stand)\b)"
)
_KINDS = tuple(
    (
        re.compile(
            rf"{BEGIN}{_NOT_KIND_BEFORE}(?:(?:all|any|the|my|our|a|an) )?(?:{name})"
            rf"(?![\w'-]){_NOT_KIND_AFTER}(?: of| showing| containing)?(?![\w'-])"
        ),
        kind,
    )
    for name, kind in _NAMES.items()
)
_FAVOURITES = re.compile(
    rf"{BEGIN}(?:(?:(?:among|in|from|only|all|all of|just) )?(?:(?:my|our|the) )?"
    rf"(?:favou?rites|fave?s|(?:favou?rited?|starred|liked) {_PHOTOS}(?: of)?|"
    rf"favou?rited?(?= {_OTHERS})|starred(?= {_OTHERS}))(?: only)?|"
    rf"{_PHOTOS} (?:(?:that|which) )?(?:i|we)(?: have|'ve)? "
    r"(?:starred|favou?rited|liked|loved)|"
    r"(?:(?<=not )|(?<=are )|(?<=is ))(?:starred|favou?rited)|"
    r"(?:(?:that are|which are|are|is) )?marked (?:as )?(?:an? )?favou?rites?|"
    r"is:favou?rite)(?![\w'-])"
)
_NO_FAVOURITES = re.compile(
    rf"{BEGIN}(?:non-?favou?rites?|unstarred)(?: {_PHOTOS}(?: of)?)?(?![\w'-])"
)
_LONE_FAVOURITE = re.compile(r"\A(?:my )?(?:favou?rite|starred)(?= ?\Z)")


def find_kinds(text: Text) -> None:
    """Claim kinds of pictures and favourites."""
    every(
        _NO_FAVOURITES,
        text,
        lambda match: Part(*match.span(), "not", "not favourites", Favourite(False)),
    )
    for pattern in (_FAVOURITES, _LONE_FAVOURITE):
        every(
            pattern,
            text,
            lambda match: Part(*match.span(), "favourite", "favourites", Favourite()),
        )
    for pattern, kind in _KINDS:
        every(pattern, text, partial(_kind, text, kind))


def _kind(text: Text, kind: PhotoKind, match: re.Match[str]) -> Part | None:
    if kind == "photo" and not (
        match[0].endswith(" of") or closed_right(text.plain, match.end())
    ):
        return None
    return Part(*match.span(), "kind", f"{kind}s", Kind(kind))
