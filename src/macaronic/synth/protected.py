"""The spans of a prompt that are code, keys or examples, and so not to be touched."""

from __future__ import annotations

import re
from collections.abc import Iterator

from macaronic.text.words import tokenise

_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})")
_INLINE = re.compile(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)", re.DOTALL)
_KEY = re.compile(r"^[ \t]*(?:[-*+][ \t]+)?(?:\*\*)?[A-Za-z_][\w.]*(?:\*\*)?(?:[ \t]*\([^)\n]*\))?[ \t]*:")
_EXAMPLE = re.compile(r"^[ \t]*>>>")
_PARTS = re.compile(r"[_=/\\@#]|[(]$")
_DOTTED = re.compile(r"\.\w")
_INDENTED = re.compile(r"^(?: {4,}|\t)\S")


def protected(text: str) -> list[tuple[int, int]]:
    """Where code, keys and examples stand.

    Fenced blocks (an open one reaches to the end), indented blocks right after one, `inline code`, doctest examples
    with their output up to the next empty line, and keys at the beginning of a line (`- numbers (list):`, `Args:`).

    Args:
        text: a prompt.

    Returns:
        (start, end) code-point offsets, ascending, not overlapping.

    >>> [("a `b` c")[s:e] for s, e in protected("a `b` c")], protected("Args: x")
    (['`b`'], [(0, 5)])
    """
    blocks = list(_blocks(text))
    found, at = list(blocks), 0
    for start, end in [*blocks, (len(text), len(text))]:
        found += [(at + m.start(), at + m.end()) for m in _INLINE.finditer(text[at:start])]
        at = end
    return _joined(found)


def prose(text: str) -> Iterator[tuple[int, int]]:
    """The word tokens of a prompt that may change: outside of protected spans, and no part of an identifier.

    >>> [("Usa `lista` y lista_a ya")[s:e] for s, e in prose("Usa `lista` y lista_a ya")]
    ['Usa', 'y', 'lista_a', 'ya']
    """
    spans = protected(text)
    k = 0
    for start, end in tokenise(text):
        while k < len(spans) and spans[k][1] <= start:
            k += 1
        if k < len(spans) and spans[k][0] < end:
            continue
        around = text[max(start - 1, 0) : start] + text[end : end + 1]
        if not _PARTS.search(around) and not _DOTTED.match(text[end : end + 2]):
            yield start, end


def _blocks(text: str) -> Iterator[tuple[int, int]]:
    """Spans of whole lines, and of the keys that begin one."""
    fence, example, after = "", False, False
    at = 0
    for line in text.splitlines(keepends=True):
        start, at = at, at + len(line)
        mark = _FENCE.match(line)
        if fence:
            closes = mark is not None and mark[1].startswith(fence) and not line.strip().strip(fence[0])
            fence, after = ("", True) if closes else (fence, False)
            yield start, at
        elif mark:
            fence, example = mark[1], False
            yield start, at
        elif _EXAMPLE.match(line) or (example and line.strip()):
            example, after = True, False
            yield start, at
        elif after and (_INDENTED.match(line) or not line.strip()):
            yield start, at
        else:
            example = after = False
            key = _KEY.match(line)
            if key:
                yield start, start + key.end()


def _joined(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    out: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if out and start <= out[-1][1]:
            out[-1] = out[-1][0], max(end, out[-1][1])
        else:
            out.append((start, end))
    return out
