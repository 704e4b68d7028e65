"""What every codec does, and what comes of an answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable

from macaronic.extract.offsets import locate
from macaronic.extract.record import Event, Record, Relation, Schema, Span

TRUNCATED = "truncated"
BROKEN = "broken item"
NO_TASK = "no task word"
UNKNOWN_TASK = "unknown task word"
OTHER_TASK = "word of another task"
NO_ANSWER = "empty answer"
FAILURES = (TRUNCATED, BROKEN, NO_TASK, UNKNOWN_TASK, OTHER_TASK, NO_ANSWER)


@dataclass(frozen=True, slots=True)
class Decoded:
    """An answer as a record, or why it is none.

    Args:
        record: what it says; None exactly where `failure` is named.
        failure: such as `truncated`; empty where there is a record.
        notes: what is odd about it all the same, counted: `not in text`, `repaired`, `named again`, `unknown label`,
            `mended`, ...
    """

    record: Record | None
    failure: str = ""
    notes: Mapping[str, int] = field(default_factory=dict)


@runtime_checkable
class Codec(Protocol):
    """A way to ask for a record and to read the answer; anything with these three fits."""

    @property
    def name(self) -> str:
        """What `codec` finds it by."""
        ...

    def prompt(self, record: Record, schema: Schema | None = None) -> str:
        """What the model is given."""
        ...

    def encode(self, record: Record) -> str:
        """What it should answer."""
        ...

    def decode(self, output: str, text: str, *, task: str, schema: Schema | None = None) -> Decoded:
        """What it answered; any string gives a record or a named failure."""
        ...


def failed(why: str) -> Decoded:
    """No record, and why.

    >>> failed("truncated").record is None
    True
    """
    return Decoded(None, why)


def decoded(
    text: str,
    *,
    task: str,
    text_label: str = "",
    spans: Sequence[Span] = (),
    relations: Sequence[Relation] = (),
    events: Sequence[Event] = (),
    schema: Schema | None = None,
    notes: Mapping[str, int] | None = None,
    meta: Mapping[str, object] | None = None,
) -> Decoded:
    """A record of what an answer says, with its spans found in the text and what is odd counted.

    Args:
        text: what was asked about.
        task: what was asked for.
        text_label, spans, relations, events: what the answer says.
        schema: which labels there are; labels outside a closed one are kept and counted.
        notes: what was odd in the answer's form.
        meta: of the record.

    >>> decoded("so chill", task="NER", spans=[Span("adj", "chill"), Span("adj", "cold")]).notes
    {'not in text': 1}
    """
    if not _is_clean(text_label, spans, relations, events):
        spans, relations, events = _clean_all(spans, relations, events)
    flat = [*spans, *(a for event in events for a in event.arguments)]
    found = locate(flat, text)
    counts = {key: value for key, value in (notes or {}).items() if value}
    counts["not in text"] = found.missing + sum((r.head not in text) + (r.tail not in text) for r in relations)
    counts["repaired"], counts["named again"] = found.repaired, found.again
    counts["unknown label"] = _unknown(text_label, spans, relations, events, schema)
    rest = iter(found.spans[len(spans) :])
    placed = tuple(Event(e.type, e.trigger, tuple(next(rest) for _ in e.arguments)) for e in events)
    record = Record(
        text, clean(text_label), found.spans[: len(spans)], tuple(relations), placed, task=task, meta=dict(meta or {})
    )
    return Decoded(record, "", {key: value for key, value in counts.items() if value})


def clean(text: str) -> str:
    """The text with half surrogate pairs, which no file can hold, replaced by question marks.

    >>> clean("a\\ud800b")
    'a?b'
    """
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


def _is_clean(label: str, spans: Sequence[Span], relations: Sequence[Relation], events: Sequence[Event]) -> bool:
    parts = [label, *(s.label + s.text for s in spans), *(r.head + r.type + r.tail for r in relations)]
    for event in events:
        parts += [event.type, event.trigger, *(a.label + a.text for a in event.arguments)]
    try:
        "".join(parts).encode()
    except UnicodeEncodeError:
        return False
    return True


def _clean_all(
    spans: Sequence[Span], relations: Sequence[Relation], events: Sequence[Event]
) -> tuple[list[Span], list[Relation], list[Event]]:
    def cleaned(some: Sequence[Span]) -> list[Span]:
        return [Span(clean(span.label), clean(span.text), span.start, span.end) for span in some]

    triples = [Relation(clean(r.head), clean(r.type), clean(r.tail)) for r in relations]
    happened = [Event(clean(e.type), clean(e.trigger), tuple(cleaned(e.arguments))) for e in events]
    return cleaned(spans), triples, happened


def _unknown(
    text_label: str,
    spans: Sequence[Span],
    relations: Sequence[Relation],
    events: Sequence[Event],
    schema: Schema | None,
) -> int:
    if schema is None or not schema.closed:
        return 0
    pairs: list[tuple[str, tuple[str, ...]]] = [(text_label, schema.text_labels)] if text_label else []
    pairs += [(span.label, schema.span_labels) for span in spans]
    pairs += [(relation.type, schema.relation_types) for relation in relations]
    pairs += [(event.type, schema.event_types) for event in events]
    pairs += [(a.label, schema.roles) for event in events for a in event.arguments]
    return sum(label not in known for label, known in pairs)
