"""Records out of utterances and back."""

from __future__ import annotations

from macaronic.core import utterance as core
from macaronic.core.utterance import Utterance
from macaronic.extract.fields import record_of
from macaronic.extract.record import Record, Relation, Span

ENTITY, REST = "entity", "extract"
"""The layer of the spans, and the key of `meta` for what an utterance cannot say."""


def of_utterance(
    utterance: Utterance, *, layer: str = ENTITY, label: str = "text", language: str = "", task: str = "NER"
) -> Record:
    """The record of an utterance whose entities are spans (for IOB layers see `families`).

    Args:
        utterance: with spans, relations between them and labels.
        layer: the layer of the spans that are taken, besides `entity`.
        label: which of the utterance's labels is the text label.
        language: used where the utterance does not say its own.
        task: what is asked for.

    >>> of_utterance(to_utterance(Record("so chill", "joy", (Span("adj", "chill", 3, 8),)))).spans
    (Span(label='adj', text='chill', start=3, end=8),)
    """
    text = utterance.text
    words = {span.id: text[span.start : span.end] for span in utterance.spans if span.id is not None}
    named = [s for s in utterance.spans if s.layer in (layer, ENTITY) and s.start < s.end]
    spans = [Span(s.label, text[s.start : s.end], s.start, s.end) for s in named]
    pairs = [(r, words.get(r.head), words.get(r.tail)) for r in utterance.relations]
    relations = [Relation(head, r.type, tail) for r, head, tail in pairs if head and tail]
    meta = dict(utterance.meta)
    rest = record_of({"text": text or " ", **meta.pop(REST, {})})
    return Record(
        text,
        utterance.labels.get(label, ""),
        (*spans, *rest.spans),
        (*relations, *rest.relations),
        rest.events,
        utterance.id,
        utterance.labels.get("lang", language),
        rest.task if rest.task != "NER" else task,
        meta,
    )


def to_utterance(record: Record) -> Utterance:
    """An utterance with the located spans in the layer `entity` and the text label under `text`.

    What an utterance cannot say (spans in no text, events, relations between other words) stays in its `meta`.
    """
    located = [span for span in record.spans if span.start is not None and span.end is not None]
    ids = {span.text: f"e{number}" for number, span in reversed(list(enumerate(located, 1)))}
    drawn = [r for r in record.relations if r.head in ids and r.tail in ids]
    rest = Record(
        record.text,
        spans=tuple(span for span in record.spans if span.start is None),
        relations=tuple(r for r in record.relations if r not in drawn),
        events=record.events,
        task=record.task,
    ).asdict()
    kept = {
        key: rest[key] for key in ("spans", "relations", "events", "task") if rest.get(key, "NER") not in ([], "NER")
    }
    labels = {"lang": record.language, "text": record.text_label}
    return Utterance(
        record.text,
        record.id,
        spans=tuple(
            core.Span(ENTITY, span.label, span.start or 0, span.end or 0, f"e{number}")
            for number, span in enumerate(located, 1)
        ),
        relations=tuple(core.Relation(r.type, ids[r.head], ids[r.tail]) for r in drawn),
        labels={key: value for key, value in labels.items() if value},
        meta={**record.meta, **({REST: kept} if kept else {})},
    )
