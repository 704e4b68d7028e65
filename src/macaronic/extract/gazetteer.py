"""The answers that need no model: the commonest class for every text, and the names that were seen before."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from macaronic.extract.codecs.codec import Decoded
from macaronic.extract.record import Record, Span


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """A list of names with their labels, and the commonest class of each language.

    Args:
        labels: name -> its commonest label.
        text_labels: language -> its commonest class; the one of all texts under the empty string.

    >>> told = gazetteer([Record("Pandas live in China.", "Nature", (Span("Nation", "China", 15, 20),))])
    >>> told.answer(Record("To China!")).record.spans
    (Span(label='Nation', text='China', start=3, end=8),)
    """

    labels: Mapping[str, str]
    text_labels: Mapping[str, str]

    def answer(self, record: Record) -> Decoded:
        """The commonest class and, from left to right, the longest names that the text holds."""
        text = record.text
        longest = max(map(len, self.labels), default=0)
        spans, at = [], 0
        while at < len(text):
            sizes = range(min(longest, len(text) - at), 0, -1)
            size = next((n for n in sizes if text[at : at + n] in self.labels and _whole(text, at, at + n)), 0)
            if size:
                name = text[at : at + size]
                spans.append(Span(self.labels[name], name, at, at + size))
            at += size or 1
        label = self.text_labels.get(record.language, self.text_labels.get("", ""))
        return Decoded(Record(text, label, tuple(spans), id=record.id, language=record.language, task=record.task))


def gazetteer(records: Iterable[Record]) -> Gazetteer:
    """Learn names and classes from records; the first label wins among equals."""
    seen: defaultdict[str, Counter[str]] = defaultdict(Counter)
    classes: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for record in records:
        for span in record.spans:
            if span.text:
                seen[span.text][span.label] += 1
        for key in {record.language, ""}:
            classes[key][record.text_label] += 1
    return Gazetteer(
        {name: count.most_common(1)[0][0] for name, count in seen.items()},
        {tag: count.most_common(1)[0][0] for tag, count in classes.items()},
    )


def _whole(text: str, start: int, end: int) -> bool:
    """Whether no Latin, Greek, ... word is cut: letters of alphabets do not touch the name at both of its sides."""
    return not (_joined(text, start) or _joined(text, end))


def _joined(text: str, at: int) -> bool:
    if not 0 < at < len(text):
        return False
    left, right = text[at - 1], text[at]
    return all(c.isalnum() and (c.islower() or c.isupper()) for c in (left, right))
