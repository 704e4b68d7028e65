"""What an encoder such as GLiNER is given and gives back: labels as text, then scored offsets. It has no text label."""

from __future__ import annotations

import json
import math
from dataclasses import asdict, dataclass
from typing import Any

from macaronic.extract.codecs.codec import NO_ANSWER, TRUNCATED, Decoded, clean, decoded, failed
from macaronic.extract.codecs.json_codec import NOT_JSON, first_value
from macaronic.extract.record import Record, Schema, Span


@dataclass(frozen=True, slots=True)
class Gliner:
    """A list of `{"label", "text", "start", "end", "score"}`; text label, relations and events cannot be said.

    Source: GLiNER's form, as the overview of interfaces beside S001 describes it.

    >>> record = Record("so chill", "joy", (Span("adj", "chill", 3, 8),))
    >>> Gliner().encode(record)
    '[{"label": "adj", "text": "chill", "start": 3, "end": 8, "score": 1.0}]'
    >>> Gliner().decode(Gliner().encode(record), record.text, task="NER").record.text_label
    ''
    """

    name: str = "gliner"

    def prompt(self, record: Record, schema: Schema | None = None) -> str:
        """The labels and the text, as JSON."""
        labels = list(schema.span_labels) if schema else []
        return json.dumps({"labels": labels, "text": record.text}, ensure_ascii=False)

    def encode(self, record: Record) -> str:
        """The spans, with a score of 1."""
        return json.dumps([{**asdict(span), "score": 1.0} for span in record.spans], ensure_ascii=False)

    def decode(self, output: str, text: str, *, task: str, schema: Schema | None = None) -> Decoded:
        """Read the list; offsets that do not show the span's words are looked up anew. Scores go to `meta`."""
        if not output.strip():
            return failed(NO_ANSWER)
        notes: dict[str, int] = {}
        rows = first_value(output, notes)
        if not isinstance(rows, list):
            return failed(TRUNCATED if output.lstrip().startswith("[") else NOT_JSON)
        read = [_span(row, text) for row in rows]
        spans = [span for span, _ in filter(None, read)]
        notes["incomplete item"] = len(rows) - len(spans)
        meta = {"scores": [score for _, score in filter(None, read)]}
        return decoded(text, task=task, spans=spans, schema=schema, notes=notes, meta=meta)


def _span(row: Any, text: str) -> tuple[Span, float | None] | None:
    if not isinstance(row, dict) or not isinstance(row.get("label"), str):
        return None
    start, end, words = row.get("start"), row.get("end"), row.get("text")
    inside = type(start) is int and type(end) is int and 0 <= start < end <= len(text)
    if not isinstance(words, str) or not words:
        if not inside:
            return None
        words = text[start:end]
    here = (start, end) if inside and text[start:end] == words else (None, None)
    score: Any = row.get("score")
    known = float(score) if type(score) in (int, float) and math.isfinite(score) else None
    return Span(clean(row["label"]), clean(words), *here), known
