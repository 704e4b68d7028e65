"""Spelling lattices: a word as a row of slots, each with weighted alternatives.

A romanised word is a product of small choices (v or w, i or ee, a vowel written or not). A slot holds one
choice; the spellings of the word are the likeliest paths through its slots.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeAlias

Slot: TypeAlias = tuple[tuple[str, float], ...]
"""Alternatives with weights that sum to 1, the usual spelling first; an empty string means "not written"."""

Spellings: TypeAlias = list[tuple[str, float]]


def slot(spec: str) -> Slot:
    """Read one slot: alternatives split by commas, each `text` or `text:weight`, `_` for nothing.

    The order is kept (the first is the usual spelling); weights are scaled to sum to 1; a missing weight is 1.

    >>> slot("v:3,w:1")
    (('v', 0.75), ('w', 0.25))
    """
    pairs = [(text, float(weight or 1)) for text, _, weight in (part.partition(":") for part in spec.split(","))]
    total = sum(weight for _, weight in pairs)
    return tuple(("" if text == "_" else text, weight / total) for text, weight in pairs)


def table(*specs: str) -> dict[str, Slot]:
    """Read tables of `key=slot` items split by blanks; a later item replaces an earlier one of the same key.

    >>> table("a=a b=b:1,v:1", "b=b")
    {'a': (('a', 1.0),), 'b': (('b', 1.0),)}
    """
    items = (item.partition("=") for spec in specs for item in spec.split())
    return {key: slot(value) for key, _, value in items}


def first(slots: Iterable[Slot]) -> str:
    """The usual spelling: the first alternative of every slot.

    >>> first([slot("v:3,w:1"), slot("o")])
    'vo'
    """
    return "".join([alternatives[0][0] for alternatives in slots])


def spellings(slots: Sequence[Slot], limit: int) -> Spellings:
    """The `limit` likeliest spellings, best first; weights are the path products, equal spellings added up.

    >>> spellings([slot("v:3,w:1"), slot("o:1,oh:1")], 3)
    [('vo', 0.375), ('voh', 0.375), ('wo', 0.125)]
    """
    width = 2 * limit
    beam: dict[str, float] = {"": 1.0}
    fixed = ""
    for alternatives in slots:
        if len(alternatives) == 1:
            fixed += alternatives[0][0]
            continue
        grown: dict[str, float] = {}
        for prefix, weight in beam.items():
            stem = prefix + fixed
            for text, share in alternatives:
                spelling = stem + text
                grown[spelling] = grown.get(spelling, 0.0) + weight * share
        fixed = ""
        if len(grown) > width:
            grown = dict(sorted(grown.items(), key=_by_weight)[:width])
        beam = grown
    best = sorted(beam.items(), key=_by_weight)[:limit]
    return [(prefix + fixed, weight) for prefix, weight in best]


def _by_weight(item: tuple[str, float]) -> float:
    return -item[1]
