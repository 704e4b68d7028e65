"""Marks around the pieces of a text, `<e1>...</e1>`, which a translator carries along."""

from __future__ import annotations

import re
from collections.abc import Sequence

from macaronic.extract.translate.pieces import Place
from macaronic.extract.translate.rules import Fault

_MARK = re.compile(r"<\s*(/?)\s*e\s*(\d{1,4})\s*>", re.IGNORECASE)


def marked(text: str, places: Sequence[Place], numbers: Sequence[int] | None = None) -> str:
    """A text with marks around places; places may nest and overlap.

    Args:
        text: without marks.
        places: in code points.
        numbers: of the marks; 1, 2, ... when left out.

    >>> marked("New York Times", [(0, 14), (0, 8)])
    '<e1><e2>New York</e2> Times</e1>'
    """
    events = []
    for number, (start, end) in zip(numbers or range(1, len(places) + 1), places, strict=True):
        events.append((start, 1, -end, number, f"<e{number}>"))
        events.append((end, 0, -start, -number, f"</e{number}>"))
    pieces, last = [], 0
    for at, *_, mark in sorted(events):
        pieces += [text[last:at], mark]
        last = at
    return "".join(pieces) + text[last:]


def unmarked(text: str, count: int) -> tuple[str, list[Place]]:
    """A text without its marks, and where they stood.

    White space beside a mark that the translator moved inside or doubled is tidied.

    Args:
        text: marked from 1 to `count`.
        count: how many pieces there are.

    Raises:
        Fault: `count mismatch`: a mark is missing, doubled, in the wrong order or not known; `empty span`: nothing
            stands between two.

    >>> unmarked("Vive en <e2> Londres </e2> <e1>Bo</e1>.", 2)
    ('Vive en Londres Bo.', [(16, 18), (8, 15)])
    """
    opened: dict[int, int] = {}
    closed: dict[int, int] = {}
    plain, last = "", 0
    for found in _MARK.finditer(text):
        plain, last = plain + text[last : found.start()], found.end()
        number, into = int(found[2]), closed if found[1] else opened
        if number in into or not 1 <= number <= count or (found[1] and number not in opened):
            raise Fault("count mismatch", f"{found[0]} is doubled, out of order or not known")
        into[number] = len(plain)
    plain += text[last:]
    missing = [number for number in range(1, count + 1) if number not in closed]
    if missing:
        raise Fault("count mismatch", f"no <e{missing[0]}>...</e{missing[0]}>")
    return _tidied(plain, [(opened[number], closed[number]) for number in range(1, count + 1)])


def _tidied(text: str, places: Sequence[Place]) -> tuple[str, list[Place]]:
    """The places without white space at their ends; runs of white space become one, at the ends of the text none."""
    moved, made = [0] * (len(text) + 1), ""
    for at, character in enumerate(text):
        moved[at] = len(made)
        if character.isspace():
            made += " " if made and not made[-1].isspace() else ""
        else:
            made += character
    moved[len(text)] = len(made)
    found = []
    for number, (start, end) in enumerate(places, 1):
        start, end = moved[start], moved[end]
        while start < end and made[start].isspace():
            start += 1
        while end > start and made[end - 1].isspace():
            end -= 1
        if start == end:
            raise Fault("empty span", f"nothing stands in <e{number}></e{number}>")
        found.append((start, end))
    return made.rstrip(), found
