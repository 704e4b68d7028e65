"""Answers to token tasks: lists of token and tag, whole or broken, laid beside the tokens that were asked about."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

Pair = tuple[str, str]
_LINE = re.compile(r"^(?:\d+[.)]\s+|[*-]\s+)?(?P<token>\S.*?)\s*(?:[:\t/|]|->|=>|→)\s*(?P<tag>[^\s:/|]+)\W*$")
_OBJECT = re.compile(r"""[{,\[]\s*["']((?:[^"'\\]|\\.)+)["']\s*:\s*["']((?:[^"'\\]|\\.)*)["']""")
_STRING = r""""(?:[^"\\]|\\.){0,200}+"|'(?:[^'\\]|\\.){0,200}+'"""
_PIECE = re.compile(rf"""[\[({{](?:{_STRING}|[^\[\](){{}}"']{{1,20}}){{0,20}}+[\])}}]""")
MOST = 200_000


@dataclass(frozen=True, slots=True)
class Aligned:
    """The tags of the tokens that were asked about.

    Args:
        tags: one a token; None where the answer has none for it.
        extra: tokens of the answer that were not asked about.
        parsed: whether any pair was found at all.
    """

    tags: tuple[str | None, ...]
    extra: int
    parsed: bool


def pairs(reply: str) -> list[Pair]:
    """(token, tag) pairs of a reply, in order: JSON or Python lists of pairs or objects, also cut short, or lines.

    >>> pairs('[{"so": "en"}, {"yaar": "hi"}]'), pairs("so: en\\nyaar -> hi"), pairs("[['so', 'en'], ['yaa")
    ([('so', 'en'), ('yaar', 'hi')], [('so', 'en'), ('yaar', 'hi')], [('so', 'en')])
    """
    text = reply[:MOST]
    start, end = text.find("["), text.rfind("]")
    for piece in ([text[start : end + 1]] if 0 <= start < end else []) + [text.strip()]:
        found = _literal(piece)
        if found:
            return found
    found = [pair for piece in _PIECE.findall(text) for pair in _of(_value(piece))]
    if found:
        return found
    loose = [(_unescaped(a), b) for a, b in _OBJECT.findall(text)]
    if loose:
        return loose
    lines = (_LINE.match(line.strip()) for line in text.splitlines()[:5000] if len(line) < 500)
    return [(match["token"].strip("\"'`*- "), match["tag"].strip("\"'`*")) for match in lines if match]


def _literal(piece: str) -> list[Pair]:
    """What a JSON text or a Python literal of plain values holds; nothing is ever run."""
    value = _value(piece)
    if isinstance(value, dict):
        value = next((v for v in value.values() if isinstance(v, list)), [value])
    return [pair for one in value for pair in _of(one)] if isinstance(value, list) else []


def _value(piece: str) -> Any:
    for read in (json.loads, ast.literal_eval):
        try:
            return read(piece)
        except (ValueError, SyntaxError, RecursionError, MemoryError, TypeError):
            continue
    return None


def _of(one: Any) -> list[Pair]:
    if isinstance(one, dict):
        keys = {str(k).lower(): v for k, v in one.items()}
        token, tag = keys.get("token", keys.get("word")), keys.get("tag", keys.get("label"))
        if token is not None and tag is not None:
            return [(str(token), str(tag))]
        return [(str(k), str(v)) for k, v in one.items() if isinstance(v, str | int | float)]
    if isinstance(one, list | tuple) and len(one) == 2:
        return [(str(one[0]), str(one[1]))]
    return []


def _unescaped(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text)


def align(tokens: Sequence[str], found: Sequence[Pair], *, ahead: int = 8) -> Aligned:
    """Tags for the tokens, in order: an answer may leave tokens out and put others in.

    Args:
        tokens: what was asked about.
        found: of `pairs`.
        ahead: how far a token is looked for behind the last one that was found.

    >>> align(["so", "chalo", "yaar"], [("so", "en"), ("um", "x"), ("yaar", "hi")])
    Aligned(tags=('en', None, 'hi'), extra=1, parsed=True)
    """
    tags: list[str | None] = []
    at = used = 0
    for token in tokens:
        window = range(at, min(at + ahead, len(found)))
        hit = next((i for i in window if found[i][0].casefold() == token.casefold()), None)
        tags.append(None if hit is None else found[hit][1].strip())
        if hit is not None:
            at, used = hit + 1, used + 1
    return Aligned(tuple(tags), len(found) - used, bool(found))


def spans(tags: Sequence[str | None]) -> set[tuple[str, int, int]]:
    """Entities in BIO tags (an I without a B begins one): (label, first token, token behind the last).

    >>> sorted(spans(["B-PER", "I-PER", "O", "I-LOC", None]))
    [('LOC', 3, 4), ('PER', 0, 2)]
    """
    out: set[tuple[str, int, int]] = set()
    begun, label = 0, ""
    for i, tag in enumerate([*tags, "O"]):
        mark, _, kind = (tag or "O").partition("-")
        goes_on = mark in ("I", "E") and kind == label and label
        if label and not goes_on:
            out.add((label, begun, i))
            label = ""
        if not goes_on and mark in ("B", "I", "S", "E") and kind:
            begun, label = i, kind
    return out
