"""Entities out of a token layer of IOB, IOBES or BILOU tags."""

from __future__ import annotations

from collections.abc import Sequence

from macaronic.core.utterance import Utterance
from macaronic.extract.record import Span

_FIRST, _LAST = frozenset("BSU"), frozenset("SUEL")


def entities(utterance: Utterance, layer: str = "ner") -> tuple[Span, ...]:
    """The entities of an utterance; one that begins with an inside tag begins all the same, as conlleval reads it.

    Args:
        utterance: with tokens.
        layer: which token layer holds the tags; a null tag is outside.

    >>> u = Utterance.from_words(["Giant", "panda", "eats"], layers={"ner": ("B-Animal", "I-Animal", "O")})
    >>> entities(u)
    (Span(label='Animal', text='Giant panda', start=0, end=11),)
    """
    tags = utterance.layers.get(layer, ())
    found = []
    for first, last, label in stretches(tags):
        start, end = utterance.tokens[first][0], utterance.tokens[last][1]
        found.append(Span(label, utterance.text[start:end], start, end))
    return tuple(found)


def stretches(tags: Sequence[str | None]) -> list[tuple[int, int, str]]:
    """(first word, last word, label) of each entity.

    >>> stretches(["B-A", "I-A", "I-B", None, "S-C"])
    [(0, 1, 'A'), (2, 2, 'B'), (4, 4, 'C')]
    """
    found: list[tuple[int, int, str]] = []
    open_label, closed = "", True
    for i, tag in enumerate(tags):
        mark, _, label = (tag or "O").partition("-")
        if not label:
            closed = True
            continue
        if closed or mark in _FIRST or label != open_label:
            found.append((i, i, label))
        else:
            found[-1] = (found[-1][0], i, label)
        open_label, closed = label, mark in _LAST
    return found


def is_iob(tags: Sequence[str | None]) -> bool:
    """Whether tags look like IOB: all outside or a mark, a hyphen and a label.

    >>> is_iob(["O", "B-LOC"]), is_iob(["hi", "en"])
    (True, False)
    """
    return all(not tag or tag == "O" or (tag[:1] in "BIESLU" and tag[1:2] == "-" and len(tag) > 2) for tag in tags)
