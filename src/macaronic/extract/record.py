"""A text with its label and what is to be taken out of it: spans, relations, events.

Scores are counted on records, never on the strings that a model writes: every codec reads into this form.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from macaronic.core.errors import FormatError
from macaronic.core.files import atomic_write
from macaronic.core.problems import Problems
from macaronic.text.formats import jsonl, reading
from macaronic.text.formats.lines import blocks


@dataclass(frozen=True, slots=True)
class Span:
    """A labelled stretch of a text.

    Args:
        label: its class, or its role in an event.
        text: its words as they were written or answered; when located it may differ from the text in case, width or
            normal form (`offsets.same`).
        start: first code point, or None where it was not found in the text.
        end: behind the last code point; None exactly when `start` is.

    Raises:
        FormatError: only one of the two is given, or they do not ascend.
    """

    label: str
    text: str
    start: int | None = None
    end: int | None = None

    def __post_init__(self) -> None:
        if self.start is None and self.end is None:
            return
        if self.start is None or self.end is None or not 0 <= self.start < self.end:
            raise FormatError(f"a span needs 0 <= start < end, or neither; got ({self.start}, {self.end})")


@dataclass(frozen=True, slots=True)
class Relation:
    """`head` stands in relation `type` to `tail`; both are stretches of the text."""

    head: str
    type: str
    tail: str


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happens, the word that says so, and who takes part (a span's label is its role)."""

    type: str
    trigger: str = ""
    arguments: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Record:
    """One text, its label, and what is in it.

    Args:
        text: the text as it came.
        text_label: the class of the whole text.
        spans: in the order of the data.
        relations: triples of texts.
        events: with their arguments.
        id: unique in its set.
        language: a language tag, or empty.
        task: what is asked for, in English, such as `NER` (see `tasks`).
        meta: anything else that came with it (JSON-like).

    Raises:
        FormatError: a span lies outside the text.

    >>> record = Record("Giant pandas live in China.", "Nature", (Span("Nation", "China", 21, 26),))
    >>> Record.from_dict(record.asdict()) == record
    True
    """

    text: str
    text_label: str = ""
    spans: tuple[Span, ...] = ()
    relations: tuple[Relation, ...] = ()
    events: tuple[Event, ...] = ()
    id: str = ""
    language: str = ""
    task: str = "NER"
    meta: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for span in (*self.spans, *(a for event in self.events for a in event.arguments)):
            if span.end is not None and span.end > len(self.text):
                raise FormatError(f"span ({span.start}, {span.end}) lies outside the text", self.id)

    def asdict(self) -> dict[str, Any]:
        """The fields as JSON values; what is empty is left out, but for text, task, label and spans."""
        row: dict[str, Any] = {"id": self.id, "language": self.language, "task": self.task, "text": self.text}
        row["text_label"] = self.text_label
        row["spans"] = [asdict(span) for span in self.spans]
        row["relations"] = [asdict(relation) for relation in self.relations]
        row["events"] = [{**asdict(event), "arguments": [asdict(a) for a in event.arguments]} for event in self.events]
        row["meta"] = dict(self.meta)
        kept = ("task", "text", "text_label", "spans")
        return {key: value for key, value in row.items() if value or key in kept}

    @classmethod
    def from_dict(cls, row: Mapping[str, Any], where: str = "") -> Record:
        """A record out of a row; `label` is read as `text_label` and `entities` as `spans`.

        Spans may also be `{"type", "name", "span": [start, end]}`. Fields that are not known go to `meta`.

        Args:
            row: a JSON object.
            where: its place, such as `set.jsonl:7`, for messages.

        Raises:
            FormatError: a field is missing, of the wrong kind, or an offset shows other words than the span's.

        >>> Record.from_dict({"text": "so chill", "entities": [{"label": "adj", "text": "chill"}]}).spans
        (Span(label='adj', text='chill', start=None, end=None),)
        >>> Record.from_dict({"text": "hi", "spans": "none"}, "a.jsonl:3")
        Traceback (most recent call last):
            ...
        macaronic.core.errors.FormatError: a.jsonl:3: expected a list under 'spans'; got a str
        """
        from macaronic.extract.fields import record_of

        try:
            return record_of(row)
        except FormatError as error:
            raise FormatError(str(error), where) from error


@dataclass(frozen=True, slots=True)
class Schema:
    """The labels that may occur.

    Args:
        text_labels: classes of texts.
        span_labels: classes of spans.
        relation_types: types of relations.
        event_types: types of events.
        roles: roles of arguments.
        closed: whether there are no others; False for open labels, as in TCONER.

    >>> Schema.of([Record("so chill", "joy", (Span("adj", "chill"),))])
    Schema(text_labels=('joy',), span_labels=('adj',), relation_types=(), event_types=(), roles=(), closed=True)
    """

    text_labels: tuple[str, ...]
    span_labels: tuple[str, ...]
    relation_types: tuple[str, ...] = ()
    event_types: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    closed: bool = True

    @classmethod
    def of(cls, records: Iterable[Record], *, closed: bool = True) -> Schema:
        """The labels that occur in records, sorted."""
        found: tuple[set[str], ...] = (set(), set(), set(), set(), set())
        for record in records:
            found[0].update({record.text_label} - {""})
            found[1].update(span.label for span in record.spans)
            found[2].update(relation.type for relation in record.relations)
            found[3].update(event.type for event in record.events)
            found[4].update(a.label for event in record.events for a in event.arguments)
        text_labels, span_labels, types, event_types, roles = (tuple(sorted(labels)) for labels in found)
        return cls(text_labels, span_labels, types, event_types, roles, closed)


def read(path: str | os.PathLike[str], *, problems: Problems) -> Iterator[Record]:
    """The records of a JSONL file, compressed or not; what is no record is counted and left out.

    Args:
        path: a file, or `-` for standard input.
        problems: where bad rows are counted.

    Returns:
        Records; one without an id gets `<file>:<line>`.

    Raises:
        InputError: the file cannot be read.

    >>> import pathlib, tempfile
    >>> path = pathlib.Path(tempfile.mkdtemp()) / "set.jsonl"
    >>> write([Record("so chill", "joy", id="a")], path)
    >>> [record.text_label for record in read(path, problems=Problems())]
    ['joy']
    """
    for shard in reading.read(os.fspath(path), format="jsonl").shards:
        for first, lines in blocks(shard, problems):
            for number, row in jsonl.objects(lines, first, shard.where, problems):
                row = row if row.get("id") not in (None, "") else {**row, "id": f"{shard.name}:{number}"}
                try:
                    record = Record.from_dict(row)
                except FormatError as error:
                    problems.add(shard.where, number, str(error), kind="record")
                    continue
                yield record


def write(records: Iterable[Record], path: str | os.PathLike[str]) -> None:
    """Write records as JSON lines, whole or not at all.

    Raises:
        InputError: the file cannot be written.
    """
    with atomic_write(path, "w") as file:
        for record in records:
            file.write(json.dumps(record.asdict(), ensure_ascii=False) + "\n")
