"""UIE's structured extraction language: `((type: span (relation: tail)) (type: span))`, with escapes.

The text label, which UIE has not, stands behind the first parenthesis: `(Nature (Nation: China))`. A relation hangs on
the span that is its head (on a span without a label when the head is none); an event is a span with its type and its
trigger, on which its arguments hang.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from macaronic.extract import tasks
from macaronic.extract.codecs.codec import BROKEN, NO_ANSWER, TRUNCATED, Decoded, decoded, failed
from macaronic.extract.record import Event, Record, Relation, Schema, Span

NO_TREE = "no parenthesis"
_WRITTEN = re.compile(r"[\\():\n]|^\s|\s\Z")
_TOKEN = re.compile(r"[()]|(?:[^()\\]++|\\.)++|\\", re.DOTALL)
_READ = re.compile(r"\\(.)", re.DOTALL)
_COLON = re.compile(r"((?:[^:\\]++|\\.)*+):", re.DOTALL)
_DEPTH = 3


@dataclass(slots=True)
class _Node:
    words: str = ""
    inner: list[_Node] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Sel:
    """Nested parentheses, and a prompt that names what may stand in them.

    Source: UIE's SEL and SSI, as the overview of interfaces beside S001 describes them.

    >>> record = Record("Jobs led Apple", "news", (Span("person", "Jobs"),), (Relation("Jobs", "led", "Apple"),))
    >>> Sel().encode(record)
    '(news (person: Jobs (led: Apple)))'
    >>> Sel().decode('(news (person: Jobs (led: Apple)))', record.text, task="NER").record.relations
    (Relation(head='Jobs', type='led', tail='Apple'),)
    """

    name: str = "sel"

    def prompt(self, record: Record, schema: Schema | None = None) -> str:
        """`[label] ... [spot] ... [asso] ... [text] ...`, with the labels of the schema."""
        if schema is None:
            return f"[task] {tasks.word(record.task, record.language)} [text] {record.text}"
        spots = (*schema.span_labels, *schema.event_types)
        named = [("[label]", schema.text_labels), ("[spot]", spots)]
        named.append(("[asso]", (*schema.relation_types, *schema.roles)))
        return " ".join([f"{mark} {label}" for mark, labels in named for label in labels] + [f"[text] {record.text}"])

    def encode(self, record: Record) -> str:
        """The tree on one line."""
        hung: dict[str, list[tuple[str, str]]] = {}
        for relation in record.relations:
            hung.setdefault(relation.head, []).append((relation.type, relation.tail))
        nodes = [_node(span.label, span.text, hung.pop(span.text, ())) for span in record.spans]
        nodes += [_node("", head, ends) for head, ends in hung.items()]
        nodes += [_node(e.type, e.trigger, [(a.label, a.text) for a in e.arguments]) for e in record.events]
        return "(" + " ".join([*([_out(record.text_label)] if record.text_label else []), *nodes]) + ")"

    def decode(self, output: str, text: str, *, task: str, schema: Schema | None = None) -> Decoded:
        """Read the first tree in the answer."""
        start = output.find("(")
        if start < 0:
            return failed(NO_TREE if output.strip() else NO_ANSWER)
        tree = _tree(output[start:])
        if isinstance(tree, str):
            return failed(tree)
        try:
            return _record(tree, text, task, schema)
        except _Unreadable:
            return failed(BROKEN)


class _Unreadable(Exception):
    pass


def _node(label: str, words: str, hung: Iterable[tuple[str, str]]) -> str:
    inner = "".join(f" ({_out(kind)}: {_out(end)})" for kind, end in hung)
    return f"({_out(label)}: {_out(words)}{inner})"


def _out(part: str) -> str:
    return _WRITTEN.sub(lambda found: "\\n" if found[0] == "\n" else "\\" + found[0], part)


def _in(part: str) -> str:
    return _READ.sub(lambda found: "\n" if found[1] == "n" else found[1], part)


def _tree(output: str) -> _Node | str:
    """The first whole parenthesis, or why there is none."""
    root = _Node()
    stack = [root]
    for token in _TOKEN.finditer(output):
        match token[0]:
            case "(":
                if len(stack) > _DEPTH:
                    return BROKEN
                node = _Node()
                stack[-1].inner.append(node)
                stack.append(node)
            case ")":
                stack.pop()
                if len(stack) == 1:
                    return root.inner[0]
            case words if not stack[-1].inner:
                stack[-1].words += words
            case words if words.strip():
                return BROKEN
    return TRUNCATED


def _record(tree: _Node, text: str, task: str, schema: Schema | None) -> Decoded:
    spans, relations, events = [], [], []
    for node in tree.inner:
        label, words = _pair(node)
        ends = [_pair(end) for end in node.inner]
        if _is_event(label, task, schema):
            events.append(Event(label, words, tuple(Span(kind, end) for kind, end in ends if end)))
            continue
        if label and words:
            spans.append(Span(label, words))
        relations += [Relation(words, kind, end) for kind, end in ends]
    return decoded(
        text, task=task, text_label=_in(_bare(tree.words)), spans=spans, relations=relations, events=events,
        schema=schema,
    )  # fmt: skip


def _is_event(label: str, task: str, schema: Schema | None) -> bool:
    if schema is not None and (label in schema.event_types) != (label in schema.span_labels):
        return label in schema.event_types
    return tasks.part(task) == tasks.EVENTS


def _pair(node: _Node) -> tuple[str, str]:
    found = _COLON.match(node.words)
    if not found:
        raise _Unreadable
    return _in(_bare(found[1])), _in(_bare(node.words[found.end() :]))


def _bare(part: str) -> str:
    """Without the space around it; a space that is escaped stays."""
    stripped = part.strip()
    escaped = len(stripped) - len(stripped.rstrip("\\"))
    if escaped % 2:
        stripped += part[len(part.rstrip()) : len(part.rstrip()) + 1]
    return stripped
