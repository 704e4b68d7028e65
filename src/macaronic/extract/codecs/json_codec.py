"""Strict JSON out; in comes what models make of it: code fences, words before and behind, an end that is missing."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import islice
from typing import Any

from macaronic.extract.codecs.codec import NO_ANSWER, TRUNCATED, Decoded, clean, decoded, failed
from macaronic.extract.codecs.mend import closed
from macaronic.extract.record import Event, Record, Relation, Schema, Span

NOT_JSON = "not JSON"
NOTHING_KNOWN = "no known field"
FIELDS = ("text_label", "label", "spans", "entities", "relations", "events")
_TRIED = 16
_OPENING = re.compile(r'\{(?=\s*(?:"|\}|$))|\[(?=\s*(?:\{|\]|$))')
_PLAIN = json.JSONDecoder()


@dataclass(frozen=True, slots=True)
class Json:
    """An object `{"text_label", "spans", "relations", "events"}`; offsets are found again, not asked for.

    >>> line = Json().encode(Record("so chill", "joy", (Span("adj", "chill", 3, 8),)))
    >>> line
    '{"text_label": "joy", "spans": [{"label": "adj", "text": "chill"}]}'
    >>> Json().decode(f"Sure! {line[:-6]}", "so chill", task="NER").notes
    {'mended': 1, 'words before': 1, 'incomplete item': 1}
    """

    name: str = "json"

    def prompt(self, record: Record, schema: Schema | None = None) -> str:
        """What is asked for, the labels where they are known, and the text."""
        asked = {"task": record.task, **_labels(schema), "text": record.text}
        fields = ", ".join(FIELDS[i] for i in (0, 2, 4, 5))
        return f"Answer with one JSON object with the fields {fields}.\n{json.dumps(asked, ensure_ascii=False)}"

    def encode(self, record: Record) -> str:
        """The object on one line; what is empty is left out, but for the label and the spans."""
        row: dict[str, Any] = {"text_label": record.text_label, "spans": list(map(_bare, record.spans))}
        if record.relations:
            row["relations"] = [asdict(relation) for relation in record.relations]
        if record.events:
            row["events"] = [
                {"type": e.type, "trigger": e.trigger, "arguments": list(map(_bare, e.arguments))}
                for e in record.events
            ]
        return json.dumps(row, ensure_ascii=False)

    def decode(self, output: str, text: str, *, task: str, schema: Schema | None = None) -> Decoded:
        """Read the first object (or list of spans) in the answer."""
        if not output.strip():
            return failed(NO_ANSWER)
        notes: dict[str, int] = {}
        value = first_value(output, notes)
        if value is None:
            return failed(_why(output))
        row = {"spans": value} if isinstance(value, list) else value
        label = row.get("text_label", row.get("label"))
        return decoded(
            text,
            task=task,
            text_label=label if isinstance(label, str) else "",
            spans=spans_of(row.get("spans", row.get("entities")), notes),
            relations=_relations(row.get("relations"), notes),
            events=_events(row.get("events"), notes),
            schema=schema,
            notes=notes,
        )


def first_value(output: str, notes: dict[str, int]) -> Any:
    """The first JSON object or list of objects in an answer, mended when its end is missing; None without any of use.

    >>> first_value("```json\\n[{\\"label\\": \\"a\\"}]\\n``` Done.", notes := {}), notes
    ([{'label': 'a'}], {'words before': 1, 'words behind': 1})
    """
    for opening in islice(_OPENING.finditer(output), _TRIED):
        start = opening.start()
        try:
            value, end = _PLAIN.raw_decode(output, start)
        except (ValueError, RecursionError):
            value, end = closed(output[start:]), len(output)
            notes["mended"] = 1
        if _fits(value):
            notes["words before"] = int(bool(output[:start].strip()))
            notes["words behind"] = int(bool(output[end:].strip()))
            return value
        notes.clear()
    return None


def _fits(value: Any) -> bool:
    if isinstance(value, dict):
        return any(field in value for field in FIELDS)
    return isinstance(value, list) and (not value or any(isinstance(row, dict) for row in value))


def spans_of(value: object, notes: dict[str, int]) -> list[Span]:
    """The spans in a list of objects; items without a label or words are counted as `incomplete item`.

    >>> spans_of([{"label": "adj", "text": "chill"}, {"label": "adj"}], notes := {}), notes
    ([Span(label='adj', text='chill', start=None, end=None)], {'incomplete item': 1})
    """
    found = []
    for row in _rows(value, notes):
        label, words = row.get("label", row.get("type")), row.get("text", row.get("span", row.get("name")))
        if isinstance(label, str) and isinstance(words, str) and words:
            found.append(Span(clean(label), clean(words)))
        else:
            _count(notes)
    return found


def _why(output: str) -> str:
    """Why nothing in an answer can be used."""
    opening = _OPENING.search(output)
    if not opening:
        return NOT_JSON
    try:
        _PLAIN.raw_decode(output, opening.start())
    except (ValueError, RecursionError):
        return TRUNCATED
    return NOTHING_KNOWN


def _relations(value: object, notes: dict[str, int]) -> list[Relation]:
    found = []
    for row in _rows(value, notes):
        head, kind, tail = row.get("head"), row.get("type"), row.get("tail")
        if isinstance(head, str) and isinstance(kind, str) and isinstance(tail, str):
            found.append(Relation(head, kind, tail))
        else:
            _count(notes)
    return found


def _events(value: object, notes: dict[str, int]) -> list[Event]:
    found = []
    for row in _rows(value, notes):
        kind, trigger = row.get("type"), row.get("trigger", "")
        if isinstance(kind, str) and isinstance(trigger, str):
            found.append(Event(kind, trigger, tuple(spans_of(row.get("arguments"), notes))))
        else:
            _count(notes)
    return found


def _rows(value: object, notes: dict[str, int]) -> list[Mapping[str, Any]]:
    if value is None:
        return []
    if not isinstance(value, Sequence) or isinstance(value, str):
        _count(notes)
        return []
    rows = [row for row in value if isinstance(row, Mapping)]
    for _ in range(len(value) - len(rows)):
        _count(notes)
    return rows


def _count(notes: dict[str, int]) -> None:
    notes["incomplete item"] = notes.get("incomplete item", 0) + 1


def _bare(span: Span) -> dict[str, str]:
    return {"label": span.label, "text": span.text}


def _labels(schema: Schema | None) -> dict[str, Any]:
    if schema is None:
        return {}
    named = asdict(schema)
    return {key: list(value) for key, value in named.items() if key != "closed" and value}
