"""Which unit may follow which: a network of places that a sentence of a lattice passes through."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

Fragment = tuple[list[int], list[int]]
"""Places where a part of a sentence may begin, and where it may end."""


@dataclass(slots=True)
class Network:
    """Places in a sentence, each with a unit, the sides that it may be said in, and what may come next.

    Args:
        unit: the unit of each place.
        sides: the sides that it may be said in.
        matrix: the matrix language of each place (position in the tree's tags), -1 where there is none.
        after: for each place those that may follow.
        first: where a sentence may begin.
        last: where it may end.
    """

    unit: list[int] = field(default_factory=list)
    sides: list[tuple[int, ...]] = field(default_factory=list)
    matrix: list[int] = field(default_factory=list)
    after: list[list[int]] = field(default_factory=list)
    first: list[int] = field(default_factory=list)
    last: list[int] = field(default_factory=list)

    def place(self, unit: int, sides: tuple[int, ...], matrix: int = -1) -> int:
        """Add a place; gives its number."""
        self.unit.append(unit)
        self.sides.append(sides)
        self.matrix.append(matrix)
        self.after.append([])
        return len(self.unit) - 1

    def joined(self, parts: Sequence[Fragment]) -> Fragment:
        """Parts one behind the other."""
        for (_, ends), (begins, _) in pairwise(parts):
            for end in ends:
                self.after[end] += begins
        return parts[0][0], parts[-1][1]


def either(parts: Sequence[Fragment]) -> Fragment:
    """One of several parts.

    >>> either([([0], [1]), ([2], [3])])
    ([0, 2], [1, 3])
    """
    if len(parts) == 1:
        return parts[0]
    return [place for begins, _ in parts for place in begins], [place for _, ends in parts for place in ends]
