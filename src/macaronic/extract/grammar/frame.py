"""What stands around the copied words in a codec's answers, found by asking the codec itself."""

from __future__ import annotations

from dataclasses import dataclass

from macaronic.core.errors import UsageError
from macaronic.extract.codecs.codec import Codec
from macaronic.extract.record import Record, Relation, Schema, Span

MARKS = ("Ꚗ", "Ꚙ", "Ꚛ", "Ꚃ")
"""Stand for copied words while a codec is asked; letters that hardly any text holds."""


@dataclass(frozen=True, slots=True)
class Frame:
    """The answers to a task as pieces: a head, then nothing (`empties`) or items of one or two copies each, and an end.

    Args:
        heads: what an answer begins with, one a text label.
        empties: what may follow a head where there is no item.
        opens: what may stand before the first item's words.
        thens: what may stand between the two copies of one item; empty where an item has one.
        nexts: what may stand between two items.
        close: what stands behind the last one.
    """

    heads: tuple[str, ...]
    empties: tuple[str, ...]
    opens: tuple[str, ...]
    thens: tuple[str, ...]
    nexts: tuple[str, ...]
    close: str


@dataclass(frozen=True, slots=True)
class _Asked:
    codec: Codec
    task: str
    language: str
    relations: bool

    def answer(self, text_label: str, kinds: list[str], words: str = MARKS[0], before: str = "") -> str:
        """The answer with one item a kind: marks in place of the words, for the first one `words`."""
        marks = [words, *MARKS[1:]]
        text, spans, relations = before + "".join(marks), [], []
        for i, kind in enumerate(kinds):
            if self.relations:
                relations.append(Relation(marks[2 * i], kind, marks[2 * i + 1]))
            else:
                at = text.index(marks[i])
                spans.append(Span(kind, marks[i], at, at + len(marks[i])))
        record = Record(text, text_label, tuple(spans), tuple(relations), language=self.language, task=self.task)
        return self.codec.encode(record)


def frame(codec: Codec, schema: Schema, *, task: str = "NER", language: str = "") -> Frame:
    """Find the pieces of a codec's answers to a task.

    Args:
        codec: any whose answers hold the words of spans or relations as they stand in the text.
        schema: the labels that an answer may use; items are relations where it has their types, else spans.
        task: what is asked for.
        language: of the text, for localised task words.

    Raises:
        UsageError: the codec's answers hold something else (offsets, say), or the schema has events.

    >>> from macaronic.extract.codecs.named import codec
    >>> told = frame(codec("oiellm"), Schema(("Nature",), ("Animal", "Nation")), language="en")
    >>> told.heads, told.nexts
    (('Nature/NER/:',), (':Animal;', ':Nation;'))
    """
    if schema.event_types:
        raise UsageError("expected spans or relations; answers with events cannot be held to a grammar yet")
    asked = _Asked(codec, task, language, bool(schema.relation_types))
    kinds = list(schema.relation_types or schema.span_labels)
    last = 1 if asked.relations else 0
    found: dict[str, list[str]] = {"heads": [], "empties": [], "opens": [], "thens": [], "nexts": [], "close": []}
    for text_label in schema.text_labels or ("",):
        empty = asked.answer(text_label, [])
        single = [asked.answer(text_label, [kind]) for kind in kinds]
        if single != [asked.answer(text_label, [kind], before="x ") for kind in kinds]:
            raise UsageError(f"the answers of codec {codec.name!r} hold offsets; they cannot be held to a grammar")
        double = [asked.answer(text_label, [kinds[0], kind]) for kind in kinds]
        head = _shared([empty, *single])
        found["heads"].append(head)
        found["empties"].append(empty[len(head) :])
        found["opens"] += [_parted(answer, MARKS[0], codec)[0][len(head) :] for answer in single]
        found["close"] += [_parted(answer, MARKS[last], codec)[1] for answer in single]
        found["nexts"] += [between(answer, MARKS[last], MARKS[last + 1], codec) for answer in double]
        if asked.relations:
            found["thens"] += [between(answer, MARKS[0], MARKS[1], codec) for answer in single]
    if len(set(found["close"])) > 1:
        raise UsageError(f"the answers of codec {codec.name!r} do not end alike; they cannot be held to a grammar")
    close = found.pop("close")
    return Frame(**{name: tuple(dict.fromkeys(each)) for name, each in found.items()}, close=(close or [""])[0])


def escaped(codec: Codec, text: str, schema: Schema, *, task: str = "NER", language: str = "") -> tuple[str, ...]:
    """Each character of a text as the codec writes it inside copied words; `""` for one that it cannot write.

    >>> from macaronic.extract.codecs.named import codec
    >>> escaped(codec("oiellm"), "a:b", Schema((), ("x",)))
    ('a', '\\\\:', 'b')
    """
    asked = _Asked(codec, task, language, bool(schema.relation_types))
    kinds = [*schema.relation_types, *schema.span_labels][:1]
    text_label = (*schema.text_labels, "")[0]
    plain = asked.answer(text_label, kinds)
    known: dict[str, str] = {}
    for c in dict.fromkeys(text):
        known[c] = c
        if kinds and not c.isalnum():
            first, second = MARKS[2:]
            answer = asked.answer(text_label, kinds, words=f"{first}{c}{second}")
            form = between(answer, first, second, codec) if first in answer and second in answer else ""
            known[c] = form if answer == plain.replace(MARKS[0], f"{first}{form}{second}") else ""
    return tuple(known[c] for c in text)


def between(answer: str, first: str, second: str, codec: Codec) -> str:
    """What stands between two marks.

    Raises:
        UsageError: one of them does not stand in the answer exactly once.
    """
    return _parted(_parted(answer, first, codec)[1], second, codec)[0]


def _shared(answers: list[str]) -> str:
    """What all of them begin with."""
    first, last = min(answers), max(answers)
    return first[: next((i for i, c in enumerate(first) if last[i : i + 1] != c), len(first))]


def _parted(answer: str, mark: str, codec: Codec) -> tuple[str, str]:
    before, found, behind = answer.partition(mark)
    if not found or mark in behind:
        raise UsageError(
            f"the answers of codec {codec.name!r} do not quote the words once each; they cannot be held to a grammar"
        )
    return before, behind
