"""A record out of the fields of a JSON object, each checked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from macaronic.core.errors import FormatError
from macaronic.extract.offsets import same
from macaronic.extract.record import Event, Record, Relation, Span

KNOWN = frozenset(
    {"id", "language", "task", "text", "text_label", "label", "spans", "entities", "relations", "events", "meta"}
)


def record_of(row: Mapping[str, Any]) -> Record:
    """The record that a JSON object holds; see `Record.from_dict`, which adds the place to the message.

    Raises:
        FormatError: a field is missing or of the wrong kind.

    >>> record_of({"text": "so chill", "spans": [{"type": "adj", "name": "chill", "span": [3, 8]}]}).spans
    (Span(label='adj', text='chill', start=3, end=8),)
    """
    text = _string(row, "text")
    if not text.strip():
        raise FormatError("expected a text under 'text'; got an empty one")
    spans = [_span(one, text) for one in _list(row, "spans" if "spans" in row else "entities")]
    relations = [
        Relation(_string(one, "head"), _string(one, "type"), _string(one, "tail")) for one in _list(row, "relations")
    ]
    meta = row.get("meta") or {}
    if not isinstance(meta, Mapping):
        raise FormatError(f"expected an object under 'meta'; got a {type(meta).__name__}")
    return Record(
        text,
        _string(row, "text_label" if "text_label" in row else "label", ""),
        tuple(spans),
        tuple(relations),
        tuple(_event(one, text) for one in _list(row, "events")),
        _id(row.get("id")),
        _string(row, "language", ""),
        _string(row, "task", "NER"),
        {**{key: value for key, value in row.items() if key not in KNOWN}, **meta},
    )


def _event(row: Mapping[str, Any], text: str) -> Event:
    arguments = tuple(_span(one, text) for one in _list(row, "arguments"))
    return Event(_string(row, "type"), _string(row, "trigger", ""), arguments)


def _span(row: Mapping[str, Any], text: str) -> Span:
    words = _string(row, "text" if "text" in row else "name")
    if not words:
        raise FormatError("expected the words of a span; got an empty text")
    ends = row["span"] if "span" in row else (row.get("start"), row.get("end"))
    if not isinstance(ends, Sequence) or len(ends) != 2 or any(type(e) is not int for e in ends if e is not None):
        raise FormatError(f"expected whole numbers as start and end; got {ends!r}")
    span = Span(_string(row, "label" if "label" in row else "type"), words, *ends)
    if span.start is not None and not same(text[span.start : span.end], words):
        raise FormatError(f"({span.start}, {span.end}) is {text[span.start : span.end]!r}, not {words!r}")
    return span


def _string(row: Mapping[str, Any], key: str, default: str | None = None) -> str:
    value = row.get(key, default)
    if value is None and default is not None:
        return default
    if not isinstance(value, str):
        got = "nothing" if value is None else f"a {type(value).__name__}"
        raise FormatError(f"expected a string under {key!r}; got {got}")
    if not value.isascii() and any("\ud800" <= c <= "\udfff" for c in value):
        raise FormatError(f"expected Unicode text under {key!r}; got half a surrogate pair")
    return value


def _list(row: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    value = row.get(key)
    if value is None:
        return []
    if not isinstance(value, list):
        raise FormatError(f"expected a list under {key!r}; got a {type(value).__name__}")
    for one in value:
        if not isinstance(one, Mapping):
            raise FormatError(f"expected objects under {key!r}; got a {type(one).__name__}")
    return value


def _id(value: object) -> str:
    if value is None:
        return ""
    if not isinstance(value, str | int):
        raise FormatError(f"expected a string under 'id'; got a {type(value).__name__}")
    return str(value)
