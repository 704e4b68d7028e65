"""Characters that change how other text is shown, made visible.

Text from elsewhere may hold terminal escapes, NUL bytes or bidi overrides that turn a line around. A report shows such
a character by its number instead of obeying it. Joiners (U+200C, U+200D), direction marks (U+200E, U+200F, U+061C) and
variation selectors stay: Persian, the Indic scripts and emoji need them, and each word is isolated anyway.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_CONTROL = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff\ud800-\udfff]"
)


def pieces(text: str) -> Iterator[tuple[bool, str]]:
    """Cut text into (is a control character, piece); a control comes as its code point's name.

    >>> list(pieces("a\\u202eb"))
    [(False, 'a'), (True, 'U+202E'), (False, 'b')]
    """
    at = 0
    for match in _CONTROL.finditer(text):
        if match.start() > at:
            yield False, text[at : match.start()]
        yield True, f"U+{ord(match[0]):04X}"
        at = match.end()
    if at < len(text):
        yield False, text[at:]


def visible(text: str) -> str:
    """The text with each control character written out, for a terminal, a cell or a tooltip.

    >>> visible("red\\x1b[31m")
    'red[U+001B][31m'
    """
    return "".join(f"[{piece}]" if control else piece for control, piece in pieces(text))
