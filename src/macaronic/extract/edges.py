"""Where a word of a text may begin or end, in scripts that part words by spaces and in those that do not."""

from __future__ import annotations

from collections.abc import Iterable

import regex

from macaronic.extract.record import Record

_UNSPACED = r"\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}ー々〆"
_INSIDE = regex.compile(
    rf"(?<=[\p{{L}}\p{{M}}\p{{Nd}}--[{_UNSPACED}]])(?=[\p{{L}}\p{{M}}\p{{Nd}}--[{_UNSPACED}]])", regex.V1
)


def edges(text: str) -> list[bool]:
    """For each place between characters, the two ends with it, whether no word is cut there.

    Args:
        text: of n characters.

    Returns:
        n + 1 answers. Between characters of scripts without spaces, such as Chinese, it is always yes.

    >>> [at for at, edge in enumerate(edges("in Rome東京")) if edge]
    [0, 2, 3, 7, 8, 9]
    """
    inside = {found.start() for found in _INSIDE.finditer(text)}
    return [at not in inside for at in range(len(text) + 1)]


def whole_words(records: Iterable[Record]) -> bool:
    """Whether the spans of records (nearly) never cut a word: at most one in a hundred does."""
    cut = placed = 0
    for record in records:
        edge = edges(record.text) if record.spans else []
        for span in record.spans:
            if span.start is not None and span.end is not None:
                placed += 1
                cut += not (edge[span.start] and edge[span.end])
    return placed > 0 and cut * 100 <= placed
