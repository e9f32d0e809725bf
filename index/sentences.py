"""Where the sentences of a text begin and end."""

from __future__ import annotations

import re

# Latin sentences end with a dot and white space, Chinese and Japanese ones with a full
# stop of their own, a list's items with the line. A dot after a single capital letter
# or a common short form ends nothing: "J. Smith", "St. Peter's", "e.g. a dog".
_END = re.compile(
    r"(?<!\b[A-Z]\.)(?<!\b(?:St|Mt|Mr|Dr|vs|No)\.)(?<!\bMrs\.)(?<!\b[ei]\.[ge]\.)"
    r"(?<=[.!?…])[\"'”’)\]]*\s+|(?<=[。！？])|\s*[\r\n]+\s*"
)


def sentence_spans(text: str) -> list[tuple[int, int]]:
    """(first character, behind the last) of every sentence, white space left out.

    A text without a letter or digit has none.
    """
    spans, start = [], 0
    for end in [*_END.finditer(text), None]:
        # Closing quotes belong to the sentence before: only white space is cut away.
        stop = len(text) if end is None else end.end()
        part = text[start:stop]
        begin = start + len(part) - len(part.lstrip())
        behind = start + len(part.rstrip())
        if any(map(str.isalnum, part)):
            spans.append((begin, behind))
        start = stop
    return spans
