"""Where the words of an answer stand in the text: left to right, each place once, else in another form."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from macaronic.extract.record import Span

_SPACED = "\u0e00"
"""Scripts below this code point (Latin to Sinhala) part words by spaces; behind it (Thai, Chinese, ...) many do not."""
_LONGER = 8
"""Words so many times longer than the text cannot stand in it in any form."""


@dataclass(frozen=True, slots=True)
class Located:
    """Spans with their places.

    Args:
        spans: as many as were given, in their order.
        repaired: how many stand in the text only in another case, width, normal form or spacing.
        missing: how many stand nowhere in it; they keep `start=None`.
        again: how many were named more often than they occur; they share the last place.
    """

    spans: tuple[Span, ...]
    repaired: int = 0
    missing: int = 0
    again: int = 0


def locate(spans: Sequence[Span], text: str) -> Located:
    """Find the places of spans that have none.

    A span takes the first place behind the span before it that no other has taken and that cuts no word; failing
    that, an earlier place, then one that overlaps or cuts. Words that stand nowhere as they are written are looked up
    without case, width and normal form. Time grows with the answer and with the text for each distinct span.

    Args:
        spans: in the order of the answer; those with offsets stay where they are.
        text: what they should stand in.

    >>> found = locate([Span("a", "Rome"), Span("b", "rome"), Span("c", "Oslo")], "Rome, Rome!")
    >>> [(span.start, span.end) for span in found.spans], found.repaired, found.missing
    ([(0, 4), (6, 10), (None, None)], 1, 1)
    """
    search = _Search(text)
    return Located(tuple(search.place(span) for span in spans), search.repaired, search.missing, search.again)


def same(one: str, other: str) -> bool:
    """Whether two strings are the same but for case, width, normal form and spacing.

    >>> same("ＡＢＣ", "abc"), same("cafe\\u0301", "café"), same("a", "b")
    (True, True, False)
    """
    return one == other or folded(one) == folded(other)


def folded(text: str) -> str:
    """The text without case and width, in compatibility normal form, with single spaces.

    >>> folded("Straße  ＡＢＣ")
    'strasse abc'
    """
    whole = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return " ".join(whole.split())


class _Search:
    """One text in which spans are looked up one behind the other."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.taken = bytearray(len(text))
        self.places: dict[str, list[tuple[int, int]]] = {}
        self.last: dict[str, tuple[int, int]] = {}
        self.behind = self.repaired = self.missing = self.again = 0
        self._folded: tuple[str, list[tuple[int, int]]] | None = None

    def place(self, span: Span) -> Span:
        """The span with its place, or as it was where there is none."""
        if span.start is not None and span.end is not None:
            return self._took(span, (span.start, span.end))
        if span.text not in self.places:
            self.places[span.text] = self._all(span.text)
        free = self.places[span.text]
        if free:
            return self._took(span, free.pop(self._best(free)))
        if span.text in self.last:
            self.again += 1
            return self._took(span, self.last[span.text])
        self.missing += 1
        return span

    def _took(self, span: Span, place: tuple[int, int]) -> Span:
        start, end = place
        self.taken[start:end] = b"\1" * (end - start)
        self.behind, self.last[span.text] = end, place
        self.repaired += self.text[start:end] != span.text
        return Span(span.label, span.text, start, end)

    def _best(self, free: Sequence[tuple[int, int]]) -> int:
        """Which of the places: the first that is whole and not taken, from here on and then from the start."""
        if len(free) == 1:
            return 0
        here: int = bisect_left(free, (self.behind, 0))
        order: list[int] = [*range(here, min(len(free), here + 8)), *range(min(here, 8))]
        whole = [i for i in order if not self._cuts(*free[i])]
        for choice in (whole, order):
            for i in choice:
                if self.taken.find(1, *free[i]) < 0:
                    return i
        return (whole or order)[0]

    def _cuts(self, start: int, end: int) -> bool:
        return self._joined(start - 1) or self._joined(end - 1)

    def _joined(self, at: int) -> bool:
        """Whether a word goes on from this character to the next."""
        pair = self.text[at : at + 2] if at >= 0 else ""
        return len(pair) == 2 and all(c.isalnum() and c < _SPACED for c in pair)

    def _all(self, words: str) -> list[tuple[int, int]]:
        if len(words) > _LONGER * len(self.text) or not words.strip():
            return []
        found = _occurrences(words, self.text)
        return [(at, at + len(words)) for at in found] or self._all_folded(folded(words))

    def _all_folded(self, words: str) -> list[tuple[int, int]]:
        if self._folded is None:
            self._folded = _with_origins(self.text)
        whole, origins = self._folded
        found = []
        for at in _occurrences(words, whole) if words else ():
            place = (origins[at][0], origins[at + len(words) - 1][1])
            if folded(self.text[place[0] : place[1]]) == words:
                found.append(place)
        return found


def _occurrences(words: str, text: str) -> list[int]:
    """Where words begin that do not overlap."""
    found = []
    at = text.find(words)
    while at >= 0:
        found.append(at)
        at = text.find(words, at + len(words))
    return found


def _with_origins(text: str) -> tuple[str, list[tuple[int, int]]]:
    """The folded text, and for each of its characters the stretch of the text that it comes from."""
    pieces: list[str] = []
    origins: list[tuple[int, int]] = []
    for cluster in re.finditer(r"\s+|.[\u0300-\u036f\u3099\u309a\uff9e\uff9f]*", text, re.DOTALL):
        piece = " " if cluster.group().isspace() else folded(cluster.group())
        pieces.append(piece)
        origins.extend([cluster.span()] * len(piece))
    return "".join(pieces), origins
