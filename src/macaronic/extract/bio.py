"""Records as one label a character, and back.

The first place is a mark for the text as a whole; its label is the class of the text. Characters inside a span have
`B-` and `I-` labels; of overlapping spans the longest counts.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from macaronic.extract.edges import edges
from macaronic.extract.record import Record, Schema, Span

MARK, SPACE = "[TEXT]", "␠"
"""The mark before a text, and what stands for white space in it."""
OUTSIDE, CLASS = "O", "text:"
_NEVER = -1e9


def characters(text: str) -> list[str]:
    """The mark and a text's characters.

    >>> characters("a b")
    ['[TEXT]', 'a', '␠', 'b']
    """
    return [MARK, *(SPACE if c.isspace() else c for c in text)]


def bio(record: Record) -> list[str]:
    """The label of the mark and of each character.

    >>> bio(Record("in Rome", "News", (Span("Place", "Rome", 3, 7),)))[:5]
    ['text:News', 'O', 'O', 'O', 'B-Place']
    """
    labels = [CLASS + record.text_label] + [OUTSIDE] * len(record.text)
    placed = [(span.start, span.end, span.label) for span in record.spans if span.start is not None and span.end]
    for start, end, label in sorted(placed, key=lambda one: (one[0] - one[1], one[0])):
        if all(old == OUTSIDE for old in labels[start + 1 : end + 1]):
            labels[start + 1 : end + 1] = [f"B-{label}"] + [f"I-{label}"] * (end - start - 1)
    return labels


def labels_of(schema: Schema) -> list[str]:
    """Every label that `bio` gives for records of a schema, `O` first.

    >>> labels_of(Schema(("News",), ("Place",)))
    ['O', 'B-Place', 'I-Place', 'text:News']
    """
    spans = [f"{part}-{label}" for label in schema.span_labels for part in "BI"]
    return [OUTSIDE, *spans, *(CLASS + label for label in schema.text_labels)]


def read_bio(
    record: Record,
    scores: NDArray[np.floating],
    labels: Sequence[str],
    *,
    schema: Schema | None = None,
    whole: bool = False,
) -> Record:
    """The record that a model's scores say.

    Args:
        record: the text that was asked about.
        scores: log-probabilities, shape (1 + characters, labels); a text that was cut has fewer rows.
        labels: what the columns mean.
        schema: which labels may be used; all that the model knows when left out.
        whole: no span cuts a word (see `edges`).

    Returns:
        The likeliest class, and the spans of the likeliest sequence in which every `I-` follows its like.
    """
    classes = [i for i, name in enumerate(labels) if name.startswith(CLASS) and _allowed(name, schema)]
    label = labels[classes[int(scores[0, classes].argmax())]].removeprefix(CLASS) if classes else ""
    columns = [i for i, name in enumerate(labels) if not name.startswith(CLASS) and _allowed(name, schema)]
    cuts = edges(record.text)[: len(scores) - 1] if whole else None
    path = viterbi(scores[1:, columns], [labels[i] for i in columns], cuts)
    spans = _spans(record.text, [labels[columns[i]] for i in path])
    return Record(record.text, label, spans, id=record.id, language=record.language, task=record.task)


def viterbi(scores: NDArray[np.floating], labels: Sequence[str], cuts: Sequence[bool] | None = None) -> list[int]:
    """The likeliest sequence of BIO labels.

    Args:
        scores: log-probabilities, shape (characters, labels).
        labels: the columns' names.
        cuts: before which characters a span may begin or end; before all when left out.

    Returns:
        A column a character; `I-x` stands only behind `B-x` or `I-x`.

    >>> viterbi(np.log([[0.4, 0.3, 0.3], [0.1, 0.2, 0.7]]), ["O", "B-x", "I-x"])
    [1, 2]
    """
    if not len(scores):
        return []
    free = np.array([[_follows(a, b) for b in labels] for a in labels])
    held = np.array([[b[0] != "B" and (_follows(a, b) if b[0] == "I" else a == b) for b in labels] for a in labels])
    steps = (np.where(held, 0.0, _NEVER), np.where(free, 0.0, _NEVER))
    best = scores[0] + np.array([_NEVER if name[0] == "I" else 0.0 for name in labels])
    back = []
    for at in range(1, len(scores)):
        paths = best[:, None] + steps[1 if cuts is None else int(cuts[at])]
        back.append(paths.argmax(0))
        best = paths.max(0) + scores[at]
    out = [int(best.argmax())]
    for came in reversed(back):
        out.append(int(came[out[-1]]))
    return out[::-1]


def _follows(before: str, name: str) -> bool:
    return name[0] != "I" or (before != OUTSIDE and before[2:] == name[2:])


def _allowed(name: str, schema: Schema | None) -> bool:
    if schema is None or not schema.closed or name == OUTSIDE:
        return True
    if name.startswith(CLASS):
        return not schema.text_labels or name.removeprefix(CLASS) in schema.text_labels
    return name[2:] in schema.span_labels


def _spans(text: str, path: Sequence[str]) -> tuple[Span, ...]:
    spans, begin = [], -1
    for at, name in enumerate([*path, OUTSIDE]):
        if begin >= 0 and not name.startswith("I-"):
            spans.append(Span(path[begin][2:], text[begin:at], begin, at))
            begin = -1
        if name.startswith("B-"):
            begin = at
    return tuple(spans)
