"""Links as text: `i-j` pairs, one line a pair of sentences, positions from 0.

`i-j:0.83` carries a confidence; `i?j` (also `ipj`) is a possible link, kept apart from the sure ones.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from macaronic.core.errors import FormatError
from macaronic.synth.align.aligner import Alignment

Order = Literal["second-first", "first-second"]
"""Which side the number before the dash counts: `second-first`, the second column's words."""

_LINK = re.compile(r"([0-9]{1,9})([-?p])([0-9]{1,9})(?::([0-9.eE+-]+))?")


@dataclass(frozen=True, slots=True)
class Linked:
    """One line of links.

    Args:
        links: the sure links as (word of the first side, word of the second), ascending.
        confidence: how sure each is, in [0, 1]; 1 where the line says nothing.
        possible: links that the line marks as possible only.
    """

    links: tuple[tuple[int, int], ...] = ()
    confidence: tuple[float, ...] = ()
    possible: tuple[tuple[int, int], ...] = ()


def parse(line: str, *, order: Order = "second-first", where: str = "") -> Linked:
    """The links of one line.

    Args:
        line: links with white space between them; may be empty.
        order: which side the number before the dash counts.
        where: file and line, for the message.

    Raises:
        FormatError: something that is no link, or a confidence outside of [0, 1].

    >>> parse("0-1 2-0:0.5 1?1")
    Linked(links=((0, 2), (1, 0)), confidence=(0.5, 1.0), possible=((1, 1),))
    """
    sure: dict[tuple[int, int], float] = {}
    possible: set[tuple[int, int]] = set()
    for item in line.split():
        match = _LINK.fullmatch(item)
        value = _confidence(match[4]) if match else None
        if match is None or value is None:
            raise FormatError(f"expected a link such as 0-2 or 0-2:0.9, got {item[:40]!r}", where)
        a, b = int(match[1]), int(match[3])
        link = (a, b) if order == "first-second" else (b, a)
        if match[2] == "-":
            sure[link] = max(value, sure.get(link, 0.0))
        else:
            possible.add(link)
    links = tuple(sorted(sure))
    return Linked(links, tuple(sure[link] for link in links), tuple(sorted(possible - set(links))))


def _confidence(text: str | None) -> float | None:
    try:
        value = float(text) if text is not None else 1.0
    except ValueError:
        return None
    return value if 0 <= value <= 1 else None


def read(path: str | Path, *, order: Order = "second-first") -> Iterator[Linked]:
    """The links of a file, line by line.

    Raises:
        FormatError: a line that does not follow the format, with the file and the line.
    """
    with Path(path).open(encoding="utf-8-sig") as rows:
        for number, row in enumerate(rows, 1):
            yield parse(row, order=order, where=f"{path}:{number}")


def line(found: Alignment | Linked, *, order: Order = "second-first", confidence: bool = False) -> str:
    """One alignment as a line without its end, links ascending, possible links last.

    Args:
        found: the links.
        order: which side the number before the dash counts.
        confidence: also write how sure each link is, to three digits.

    >>> line(Alignment(((0, 2), (1, 0)), (0.5, 1.0))), line(Alignment(((0, 2),), (0.5,)), confidence=True)
    ('0-1 2-0', '2-0:0.500')
    """

    def turned(link: tuple[int, int]) -> tuple[int, int]:
        return link if order == "first-second" else link[::-1]

    rows = sorted((turned(link), value) for link, value in zip(found.links, found.confidence))
    sure = [f"{a}-{b}:{value:.3f}" if confidence else f"{a}-{b}" for (a, b), value in rows]
    possible = found.possible if isinstance(found, Linked) else ()
    return " ".join(sure + [f"{a}?{b}" for a, b in sorted(map(turned, possible))])


def checked(links: Sequence[tuple[int, int]], n: int, m: int) -> str | None:
    """What is wrong with links of sentences of n and m words, in words for people; None when all point at words.

    >>> checked([(0, 0), (2, 1)], 2, 2)
    'the link of words 2 and 1 (from 0) points outside: the first side has 2 words, the second 2'
    >>> checked([(1, 1)], 2, 2)
    """
    for i, j in links:
        if not (0 <= i < n and 0 <= j < m):
            sizes = f"the first side has {n} words, the second {m}"
            return f"the link of words {i} and {j} (from 0) points outside: {sizes}"
    return None
