"""The stretches of a record's text that must be found again in its translation, each once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from macaronic.extract.offsets import locate, same
from macaronic.extract.record import Event, Record, Relation, Span

Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Piece:
    """One stretch of the source text.

    Args:
        labels: what it is, one label or more; empty for the end of a relation that is no span.
        text: the stretch itself.
        start, end: where it stands, in code points, end exclusive.
    """

    labels: tuple[str, ...]
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Pieces:
    """A record's pieces, and which of them each span, event and relation is made of (positions in `items`)."""

    items: tuple[Piece, ...]
    spans: tuple[int, ...] = ()
    relations: tuple[tuple[int, int], ...] = ()
    events: tuple[tuple[int | None, tuple[int, ...]], ...] = ()
    lost: tuple[str, ...] = ()


@dataclass
class _Collected:
    text: str
    items: list[Piece] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)

    def add(self, span: Span) -> int:
        """The piece of a span; spans at the same place share one."""
        if span.start is None or span.end is None or not same(self.text[span.start : span.end], span.text):
            self.lost.append(span.text)
            return -1
        for number, piece in enumerate(self.items):
            if (piece.start, piece.end) == (span.start, span.end):
                labels = (*piece.labels, span.label) if span.label and span.label not in piece.labels else piece.labels
                self.items[number] = replace(piece, labels=labels)
                return number
        labels = (span.label,) if span.label else ()
        self.items.append(Piece(labels, self.text[span.start : span.end], span.start, span.end))
        return len(self.items) - 1

    def named(self, text: str, label: str = "") -> int:
        """The piece with this text; the text is looked up when there is none."""
        for number, piece in enumerate(self.items):
            if piece.text == text:
                return number
        return self.add(locate([Span(label, text)], self.text).spans[0])


def pieces_of(record: Record) -> Pieces:
    """The pieces of a record: spans first, then what events and relations name besides.

    A span without offsets is looked up (`offsets.locate`): the second of two with the same text further on.

    Args:
        record: any record.

    Returns:
        The pieces; `lost` lists texts that do not stand in the record's text (or not where their offsets say).

    >>> record = Record("Ann met Bo. Ann left.", spans=(Span("PER", "Ann"), Span("PER", "Bo"), Span("PER", "Ann")))
    >>> [(piece.text, piece.start) for piece in pieces_of(record).items]
    [('Ann', 0), ('Bo', 8), ('Ann', 12)]
    """
    held = _Collected(record.text)
    spans = tuple(held.add(span) for span in locate(record.spans, record.text).spans)
    events = tuple(
        (
            held.named(event.trigger) if event.trigger else None,
            tuple(
                held.add(one) if one.start is not None else held.named(one.text, one.label) for one in event.arguments
            ),
        )
        for event in record.events
    )
    relations = tuple((held.named(one.head), held.named(one.tail)) for one in record.relations)
    return Pieces(tuple(held.items), spans, relations, events, tuple(held.lost))


def rebuilt(record: Record, pieces: Pieces, text: str, places: Sequence[Place]) -> Record:
    """The record over another text, labels unchanged: spans, relations and events follow their pieces.

    Args:
        record: the source.
        pieces: its pieces, none lost.
        text: the translation.
        places: where each piece stands in it.

    >>> source = Record("Ann left.", spans=(Span("PER", "Ann", 0, 3),))
    >>> rebuilt(source, pieces_of(source), "Se fue Ann.", [(7, 10)]).spans
    (Span(label='PER', text='Ann', start=7, end=10),)
    """
    texts = [text[start:end] for start, end in places]
    spans = tuple(Span(s.label, texts[i], *places[i]) for s, i in zip(record.spans, pieces.spans, strict=True))
    relations = tuple(
        Relation(texts[head], one.type, texts[tail])
        for one, (head, tail) in zip(record.relations, pieces.relations, strict=True)
    )
    events = tuple(
        Event(
            one.type,
            "" if trigger is None else texts[trigger],
            tuple(Span(a.label, texts[i], *places[i]) for a, i in zip(one.arguments, arguments, strict=True)),
        )
        for one, (trigger, arguments) in zip(record.events, pieces.events, strict=True)
    )
    return replace(record, text=text, spans=spans, relations=relations, events=events)
