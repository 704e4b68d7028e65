"""A list of Python objects, as in GoLLIE: `[TextLabel("Nature"), Nation(span="China")]`. Nothing is ever executed.

The prompt shows a dataclass for each label. A label that is no Python name is written `Span(label="Animal Name",
span="panda")`, so that every label comes back. The answer is taken apart by its own grammar; only single string
literals are given to `ast.literal_eval`.
"""

from __future__ import annotations

import ast
import keyword
import re
import unicodedata
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice

from macaronic.extract.codecs.codec import NO_ANSWER, TRUNCATED, Decoded, decoded, failed
from macaronic.extract.codecs.objects import Call, calls
from macaronic.extract.record import Event, Record, Relation, Schema, Span

NO_LIST = "no list of objects"
OWN = frozenset({"TextLabel", "Span", "Relation", "Event", "Argument"})
_SIMPLE = re.compile(r"""(["'])[^\\\n]*\1""")
_OPENING = re.compile(r"\[(?=\s*(?:[^\W\d]|\]|$))")
_TRIED = 16


@dataclass(frozen=True, slots=True)
class Gollie:
    """Dataclasses in, a list of objects out.

    Source: GoLLIE's form, as the overview of interfaces beside S001 describes it; the text label is ours.

    >>> record = Record("Pandas live in China.", "Nature", (Span("Nation", "China"), Span("Animal Name", "Pandas")))
    >>> Gollie().encode(record)
    "[TextLabel('Nature'), Nation(span='China'), Span(label='Animal Name', span='Pandas')]"
    >>> Gollie().decode("[Nation(span='China')", record.text, task="NER").failure
    'truncated'
    """

    name: str = "gollie"

    def prompt(self, record: Record, schema: Schema | None = None) -> str:
        """A dataclass for each label, then the text and the beginning of the answer."""
        parts = [_definition(label) for label in (schema.span_labels if schema else ())]
        for name, labels in _choices(schema).items():
            parts.append(f"# {name}: {', '.join(map(repr, labels))}")
        parts.append(f"# task: {record.task}\ntext = {record.text!r}\nresult =")
        return "\n\n".join(parts)

    def encode(self, record: Record) -> str:
        """The list on one line."""
        found = [f"TextLabel({record.text_label!r})"] if record.text_label else []
        found += [_span(span) for span in record.spans]
        found += [f"Relation(head={r.head!r}, type={r.type!r}, tail={r.tail!r})" for r in record.relations]
        for event in record.events:
            arguments = ", ".join(f"Argument(role={a.label!r}, span={a.text!r})" for a in event.arguments)
            found.append(f"Event(type={event.type!r}, trigger={event.trigger!r}, arguments=[{arguments}])")
        return f"[{', '.join(found)}]"

    def decode(self, output: str, text: str, *, task: str, schema: Schema | None = None) -> Decoded:
        """Read the first list in the answer."""
        if not output.strip():
            return failed(NO_ANSWER)
        for opening in islice(_OPENING.finditer(output), _TRIED):
            found, whole = calls(output, opening.start(), literal)
            if found is not None:
                return _record(found, text, task, schema) if whole else failed(TRUNCATED)
        return failed(NO_LIST)


def literal(token: str) -> str | None:
    """The value of one Python string literal, or None when it is none.

    >>> literal("'caf\\\\u00e9'"), literal("'\\\\x'")
    ('café', None)
    """
    if _SIMPLE.fullmatch(token):
        return token[1:-1]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            value = ast.literal_eval(token)
        except (ValueError, SyntaxError, MemoryError, RecursionError):
            return None
    return value if isinstance(value, str) else None


def _named(label: str) -> bool:
    """Whether a label can be a class name and comes back the same."""
    plain = label.isidentifier() and not keyword.iskeyword(label) and label not in OWN
    return plain and unicodedata.normalize("NFKC", label) == label


def _definition(label: str) -> str:
    if not _named(label):
        return f"# {label!r} is written Span(label={label!r}, span=...)"
    return f'@dataclass\nclass {label}:\n    """A stretch of the text that is: {label}."""\n    span: str'


def _choices(schema: Schema | None) -> Mapping[str, tuple[str, ...]]:
    if schema is None:
        return {}
    named = {
        "TextLabel": schema.text_labels,
        "Relation types": schema.relation_types,
        "Event types": schema.event_types,
        "Argument roles": schema.roles,
    }
    return {name: labels for name, labels in named.items() if labels}


def _span(span: Span) -> str:
    if _named(span.label):
        return f"{span.label}(span={span.text!r})"
    return f"Span(label={span.label!r}, span={span.text!r})"


def _record(found: list[Call], text: str, task: str, schema: Schema | None) -> Decoded:
    label, odd = "", 0
    spans, relations, events = [], [], []
    for one in found:
        get = one.values.get
        if one.name == "TextLabel" and ("" in one.values or "label" in one.values):
            label = get("", get("label", ""))
        elif one.name == "Relation" and {"head", "type", "tail"} <= set(one.values):
            relations.append(Relation(get("head", ""), get("type", ""), get("tail", "")))
        elif one.name == "Event" and "type" in one.values:
            inner = [a for a in one.inner if a.values.get("span") and "role" in a.values]
            odd += len(one.inner) - len(inner)
            arguments = tuple(Span(a.values["role"], a.values["span"]) for a in inner)
            events.append(Event(get("type", ""), get("trigger", ""), arguments))
        elif one.name == "Span" and get("span") and "label" in one.values:
            spans.append(Span(get("label", ""), get("span", "")))
        elif one.name not in OWN and (words := get("span", get("", ""))):
            spans.append(Span(one.name, words))
        else:
            odd += 1
    return decoded(
        text, task=task, text_label=label, spans=spans, relations=relations, events=events, schema=schema,
        notes={"incomplete item": odd},
    )  # fmt: skip
