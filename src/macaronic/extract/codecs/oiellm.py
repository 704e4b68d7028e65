"""The line that OIELLM writes: `{text label}/{task}/:{label};{span}:{label};{span}`.

Two dialects. `compat` is the line as released: nothing is escaped, so that `: ; /` within a label or a span can be
read in two ways; known labels and the text decide. `escaped` puts a backslash before `: ; /` and backslashes (a line
break is a backslash and n) and always comes back as it went.

Relations are `:{head};{type};{tail}`. How the authors write events is documented only as "text label and participants":
here an event with a type or a trigger begins with `:{type};{trigger};`, and each argument follows as `:{role};{span}`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from macaronic.core.errors import UnknownName
from macaronic.extract import tasks
from macaronic.extract.codecs import items
from macaronic.extract.codecs.codec import (
    BROKEN,
    NO_ANSWER,
    NO_TASK,
    OTHER_TASK,
    TRUNCATED,
    UNKNOWN_TASK,
    Decoded,
    decoded,
    failed,
)
from macaronic.extract.record import Event, Record, Relation, Schema, Span

Dialect = Literal["escaped", "compat"]
_WRITTEN = re.compile(r"[\\:;/\n]")
_READ = re.compile(r"\\([\\:;/n])")
_HELD = {":": "\ud800", ";": "\ud801", "/": "\ud802", "\\": "\ud803", "n": "\ud804"}
"""Halves of surrogate pairs, which no text holds, stand for escaped characters while a line is taken apart."""
_BACK = {ord(held): "\n" if written == "n" else written for written, held in _HELD.items()}


@dataclass(frozen=True, slots=True)
class Oiellm:
    """The authors' line, escaped or as released.

    Source: S001, figure of inputs and outputs.

    >>> line = Oiellm().encode(Record("Pandas live in China.", "Nature", (Span("Nation", "China"),)))
    >>> line
    'Nature/NER/:Nation;China'
    >>> Oiellm().decode(line, "Pandas live in China.", task="NER").record.spans
    (Span(label='Nation', text='China', start=15, end=20),)
    """

    dialect: Dialect = "escaped"
    name: str = "oiellm"

    def prompt(self, record: Record, schema: Schema | None = None) -> str:
        """`{text}/{task}`, with the task in the language of the record; the labels are not told."""
        return f"{record.text}/{tasks.word(record.task, record.language)}"

    def encode(self, record: Record) -> str:
        """The text label, the task and what the task is about: spans, relations or events."""
        parts = [":" + ";".join(map(self._out, fields)) for fields in _fields(record)]
        body = "".join(parts) or f":{tasks.none(record.language)};"
        return f"{self._out(record.text_label)}/{tasks.word(record.task, record.language)}/{body}"

    def decode(self, output: str, text: str, *, task: str, schema: Schema | None = None) -> Decoded:
        """Read a line; see `FAILURES` of `codec` for what can be wrong with it."""
        line = output.lstrip()
        if not line:
            return failed(NO_ANSWER)
        if self.dialect == "escaped":
            line = _READ.sub(lambda found: _HELD[found[1]], line.partition("\n")[0])
            if line.endswith("\\"):
                return failed(TRUNCATED)
        task = _english(task)
        cut = _head(line.rstrip(), task, anywhere=self.dialect == "compat")
        if isinstance(cut, str):
            return failed(cut)
        found = self._items(cut[1], text, task, schema)
        if isinstance(found, str):
            return failed(found)
        loose = self.dialect == "compat"
        return _record(cut[0].translate(_BACK), found, text, task, schema, loose=loose)

    def _out(self, part: str) -> str:
        if self.dialect == "compat":
            return part
        return _WRITTEN.sub(lambda found: "\\n" if found[0] == "\n" else "\\" + found[0], part)

    def _items(self, body: str, text: str, task: str, schema: Schema | None) -> list[tuple[str, ...]] | str:
        part = tasks.part(task)
        known = _known(part, schema)
        if self.dialect == "escaped":
            return items.strict(body, {tasks.RELATIONS: (3,), tasks.EVENTS: (2, 3)}.get(part, (2,)), _BACK)
        if part == tasks.RELATIONS:
            return items.triples(body, known, text)
        return items.anchored(body, (*known, *tasks.nones()) if known else (), text)


def _fields(record: Record) -> list[tuple[str, ...]]:
    part = tasks.part(record.task)
    if part == tasks.RELATIONS:
        return [(r.head, r.type, r.tail) for r in record.relations]
    if part == tasks.SPANS:
        return [(span.label, span.text) for span in record.spans if span.text]
    found: list[tuple[str, ...]] = []
    for event in record.events:
        found += [(event.type, event.trigger, "")] if event.type or event.trigger or found else []
        found += [(a.label, a.text) for a in event.arguments if a.text]
    return found


def _known(part: str, schema: Schema | None) -> tuple[str, ...]:
    if schema is None or not schema.closed:
        return ()
    if part == tasks.RELATIONS:
        return schema.relation_types
    return schema.span_labels if part == tasks.SPANS else (*schema.event_types, *schema.roles)


def _english(task: str) -> str:
    try:
        return tasks.of_word(task)
    except UnknownName:
        return task


def _head(line: str, task: str, *, anywhere: bool) -> tuple[str, str] | str:
    """(text label, what follows the task word), or why there is none."""
    found = _task_word(task).search(line)
    first = line.find("/")
    if found and (anywhere or found.start() == first):
        body = line[found.end() :].removeprefix("/").lstrip()
        if not body:
            return TRUNCATED
        return (line[: found.start()], body) if body[0] in ":：" else BROKEN
    if first < 0:
        return NO_TASK
    written = re.split("[/:：]", line[first + 1 :], maxsplit=1)[0]
    if len(line) == first + 1 + len(written) and any(word.startswith(written) for word in tasks.words(task)):
        return TRUNCATED
    return OTHER_TASK if _english(written.strip()) in tasks.names() else UNKNOWN_TASK


@lru_cache(maxsize=64)
def _task_word(task: str) -> re.Pattern[str]:
    return re.compile(rf"/(?:{'|'.join(map(re.escape, tasks.words(task)))})(?=[/:：]|$)")


def _record(
    label: str, found: list[tuple[str, ...]], text: str, task: str, schema: Schema | None, *, loose: bool
) -> Decoded:
    part, label = tasks.part(task), label.strip()
    found = [tuple(field.strip() for field in item) for item in found]
    if part == tasks.RELATIONS:
        triples = [Relation(*item) for item in found]
        return decoded(text, task=task, text_label=label, relations=triples, schema=schema)
    if found and found[-1][1:] == ("",):
        return failed(TRUNCATED)
    if part == tasks.EVENTS:
        return decoded(text, task=task, text_label=label, events=_events(found, schema, loose), schema=schema)
    spans = [Span(name, words) for name, words in found if words]
    notes = {"empty span": len(found) - len(spans)}
    return decoded(text, task=task, text_label=label, spans=spans, schema=schema, notes=notes)


def _events(found: list[tuple[str, ...]], schema: Schema | None, loose: bool) -> list[Event]:
    """Events out of items; where delimiters may stand anywhere (`loose`) a span that ends in one is a trigger."""
    events: list[Event] = []
    for name, words, *rest in found:
        role = schema is not None and name in schema.roles and name not in schema.event_types
        if rest or (loose and words.endswith(";") and not role):
            events.append(Event(name, words if rest else words[:-1]))
        elif words:
            last = events.pop() if events else Event("")
            events.append(Event(last.type, last.trigger, (*last.arguments, Span(name, words))))
    return events
