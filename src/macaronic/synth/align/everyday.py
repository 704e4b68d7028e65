"""The bundled sentences as text to learn from, where a file has too few pairs to tell which words belong together."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from macaronic.bundled import parallel
from macaronic.core.errors import UnknownName
from macaronic.core.languages import parse
from macaronic.text.words import words

Pair = tuple[Sequence[str], Sequence[str]]
FEW = 1000
"""With fewer pairs the bundled sentences of the two languages, if there are any, are learnt from as well."""


def beside(pairs: Sequence[Pair], first: str | None, second: str | None) -> list[Pair]:
    """What to learn from beside these pairs: the bundled sentences that are not among them, if the pairs are few.

    >>> pairs = [(("good", "day"), ("buen", "día"))]
    >>> len(beside(pairs, "en", "es")) > 50, beside(pairs * FEW, "en", "es")
    (True, [])
    """
    if len(pairs) >= FEW:
        return []
    held = {(tuple(a), tuple(b)) for a, b in pairs}
    return [pair for pair in everyday(first, second) if pair not in held]


@lru_cache(maxsize=64)
def everyday(first: str | None, second: str | None) -> tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]:
    """The words of the bundled sentences that both languages have; nothing for other languages.

    >>> everyday("en", "es")[0][0][:3], everyday("en", "qaa")
    (('The', 'kitchen', 'light'), ())
    """
    pair = (_known(first), _known(second))
    rows = [(row.get(pair[0], ""), row.get(pair[1], "")) for row in parallel()]
    return tuple((tuple(words(a)), tuple(words(b))) for a, b in rows if a and b and pair[0] != pair[1])


def _known(tag: str | None) -> str:
    try:
        return parse(tag) if tag else ""
    except UnknownName:
        return ""
