"""What a query does not want: "no people", "without cars or bikes", "-cat".

An unwanted phrase ends at punctuation, at something understood otherwise (a date, a
place), at "and", "with" and the like, and at a preposition: "no people on the beach" is
a beach without people. "Or" goes on with the next phrase, and so does "and" unless an
article or another word of its own begins something new: "without people and cars", but
"no people and a sunset". A doing keeps what follows: "not looking at the camera".

Set phrases are none: "no parking", "no dogs allowed", "not bad", "doctors without
borders"; nor is a "no" with nothing behind it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from index.query.text import CLAIMED, Kind, Part, Text, Values, Words, is_doing
from index.query.words import CARRIERS, CONJUNCTIONS, DENIALS, PREPOSITIONS

_MOST_WORDS = 4  # of a thing, with its adjectives: "old red fire engine"
_MOST_WORDS_DOING = 7  # "people sitting on a bench near water"

_MARK = re.compile(
    r"(?<![\w'-])(?P<mark>(?:(?:but|and|yet|or) )?(?:with )?"
    r"(?:without(?: any)?|w/o|no|not|"
    r"excluding|exclude|except(?: for)?|other than|apart from|minus|neither|nor|"
    r"(?:that |which |who )?(?:do(?:es)? not|don't|doesn't|never) "
    r"(?:show|have|contain|include|feature)|"
    r"(?:that |which |who )?(?:is|are) not|isn't|aren't|(?:any|every)thing but) )|"
    r"(?:(?<=\s)|\A|(?<=\())(?P<dash>-)(?=[a-z0-9" + CLAIMED + r"])",
    re.ASCII,
)
_NOBODY = re.compile(
    r"(?<![\w'-])(?:(?:with|but|and) )*(?:nobody|no[ -]one|noone)"
    r"(?: else)?(?: (?:in (?:it|sight|there|the (?:photo|picture))|around|there))?"
    r"(?![\w'-])"
)
_SET_PHRASE = re.compile(
    r"(?:(?:but|and|yet|or|with) )*(?:no (?:parking|entry|smoking|trespassing|stopping|"
    r"swimming|"
    r"diving|fishing|littering|cycling|loitering|overtaking|waiting|turning|exit|way|"
    r"doubt|problem|matter|longer|idea|time|less|more|man's land|vacanc|through road|"
    r"[0-9])|no (?:[^\s" + CLAIMED + r",;.]+ ){1,3}(?:signs?|signposts?|allowed|zones?|"
    r"boards?|stickers?|symbols?)\b|"
    r"not (?:bad|only|just|sure|far|yet|least|so|too|very|quite|really|all|to|long|"
    r"much|"
    r"many|enough|even|always|found|guilty|forgotten|alone|if|a lot|your)\b|"
    r"without (?:a doubt|doubt|borders|fail|saying|end)\b)"
)
_BEFORE_SET_PHRASE = re.compile(
    r"\b(?:if|or|why|whether|say|said|says|saying|dr\.?|yes|whether or|be or)\Z"
)
_FILLER = re.compile(
    r"(?:(?:any|a|an|the|my|our|his|her|other|more|single|in|on|at|from|of|with|for|"
    r"showing|containing|having|including|featuring|taken|"
    # "No photos from Portugal" speaks of the place, not of a kind of picture.
    rf"(?:{'|'.join(sorted(CARRIERS))})(?= {CLAIMED})) )+"
)
_TAIL = re.compile(
    r" (?:(?:in|on) (?:it|them|sight|view|"
    r"the (?:photo|picture|image|frame|background))|"
    r"around|there|visible)(?![\w'-])"
)
_WORD = re.compile(r" ?([^\s,;:!?()\"" + CLAIMED + r"]+)")
_NEXT = re.compile(r"(?P<comma> ?,)? ?(?:(?P<word>or|nor|and) )?(?=[^\s])")
_LISTED = re.compile(r"(?:, [^\s,;.!?]+(?: [^\s,;.!?]+){0,2})+,? (?:or|nor) ")
_NEW_THING = re.compile(r"(?:a|an|the|some|my|our|with|on|in|at|one|two|three|lots)\b")
_ALONE = frozenset(("people", "person", "persons", "humans", "text", "faces"))


def find_unwanted(text: Text) -> None:
    """Claim negations, and mark the parts that they negate."""
    for nobody in _NOBODY.finditer(text.plain):
        text.claim(
            Part(*nobody.span(), "not", "not people", Words("people"), negated=True)
        )
    at = 0
    while match := _MARK.search(text.plain, at):
        at = match.end()
        if match["dash"]:
            at = max(at, _dashed(text, match))
        elif not _is_set_phrase(text.plain, match):
            at = max(at, _said(text, match))


def _is_set_phrase(plain: str, match: re.Match[str]) -> bool:
    return bool(
        _SET_PHRASE.match(plain, match.start())
        or _BEFORE_SET_PHRASE.search(plain[: match.start()].rstrip(" "))
    )


def _dashed(text: Text, match: re.Match[str]) -> int:
    """ "-people": one word, or the part that is understood there."""
    at = match.end()
    if text.plain[at] == CLAIMED:
        return _negate(text, match.start(), at)
    word = _WORD.match(text.plain, at)
    if word is None or word[1].rstrip(".").isdecimal():
        return at  # "-5": a temperature
    end = at + len(word[1].rstrip(".-"))
    _claim_words(text, match.start(), at, end)
    return end


def _said(text: Text, match: re.Match[str]) -> int:
    """Claim all that a negating word speaks of; where reading goes on."""
    start, at = match.start(), match.end()
    joined = listed = False
    while True:
        filler = _FILLER.match(text.plain, at)
        at = filler.end() if filler else at
        if text.plain[at : at + 1] == CLAIMED:
            end = _negate(text, start, at, joined=joined)
        else:
            end = _end_of_phrase(text.plain, at)
            if end == at:
                return at
            _claim_words(text, start, at, end, joined=joined)
        end = _with_tail(text, end)
        listed = listed or bool(_LISTED.match(text.plain, end))
        following = _NEXT.match(text.plain, end)
        if following is None or not _goes_on(text, following, listed):
            return end
        start, at, joined = end, following.end(), True
        listed = listed and not following["word"]


def _with_tail(text: Text, end: int) -> int:
    """Claim what only says where it is not to be: "in it", "in the picture"."""
    tail = _TAIL.match(text.plain, end)
    last = max(text.parts, key=lambda part: part.end * (part.end <= end))
    if tail is None or not isinstance(last.meaning, Words):
        return end
    text.parts[text.parts.index(last)] = replace(last, end=tail.end())
    text.hide(end, tail.end())
    return tail.end()


def _goes_on(text: Text, following: re.Match[str], listed: bool) -> bool:
    rest = text.plain[following.end() :]
    if following["word"] in ("or", "nor"):
        return not _NEW_THING.match(rest) or following["word"] == "nor"
    if following["word"] == "and":
        first = rest.split(" ", 1)[0]
        return not (
            following["comma"] or _NEW_THING.match(rest) or first in DENIALS
            or (rest.startswith(CLAIMED) and not _alike(text, following))
        )  # fmt: skip
    return bool(following["comma"]) and listed


def _alike(text: Text, following: re.Match[str]) -> bool:
    """Whether the parts before and behind an "and" are both kinds, or both values."""
    met = sorted(
        (part for part in text.parts if part.start <= following.end()),
        key=lambda part: part.start,
    )[-2:]
    alike = len(met) == 2 and type(met[0].meaning) is type(met[1].meaning)
    return alike and isinstance(met[1].meaning, Kind | Values)


def _end_of_phrase(plain: str, at: int) -> int:
    """Where the unwanted phrase that begins at `at` ends."""
    end, last, count, doing = at, "", 0, False
    for word, word_end in _following(plain, at):
        if word in CONJUNCTIONS or word in DENIALS or word.startswith("-"):
            break
        if word in PREPOSITIONS and not (
            last and (is_doing(last) or word in ("of", "with"))
        ):
            break
        if last in _ALONE and word != "with" and not is_doing(word):
            break
        doing = doing or is_doing(word)
        if count >= (_MOST_WORDS_DOING if doing else _MOST_WORDS):
            break
        end, last, count = word_end, word, count + 1
    while end > at and plain[end - 1] in ".'-":
        end -= 1
    return end


def _following(plain: str, at: int) -> Iterator[tuple[str, int]]:
    while match := _WORD.match(plain, at):
        at = match.end()
        yield match[1], at
        if match[1].endswith("."):
            return


def _negate(text: Text, start: int, at: int, *, joined: bool = False) -> int:
    """Turn the part at `at` into an unwanted one that begins at `start`."""
    for index, part in enumerate(text.parts):
        if part.start <= at < part.end:
            label = part.label if part.negated else f"not {part.label}"
            text.parts[index] = replace(
                part, start=start, kind="not", label=label, negated=True, joined=joined
            )
            text.hide(start, part.end)
            return part.end
    return at + 1


def _claim_words(
    text: Text, start: int, first: int, end: int, *, joined: bool = False
) -> None:
    """Claim an unwanted phrase, less words for a photo itself: "no photos of cats"."""
    words = text.plain[first:end].split(" ")
    if len(words) > 2 and words[0] in CARRIERS and words[1] == "of":
        first += len(words[0]) + len(" of ")
    phrase = text.written(first, end)
    meaning: Kind | Words = Words(phrase)
    if words[0] in CARRIERS and len(words) == 1:
        phrase, meaning = "photos", Kind("photo")
    text.claim(Part(start, end, "not", f"not {phrase}", meaning, True, joined))
