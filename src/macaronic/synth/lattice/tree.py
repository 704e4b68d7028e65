"""The shared representation: a tree over units of aligned words, with the order of every node's children a side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

Ranks = tuple[tuple[int, ...], ...]
"""For each side: the place of every unit in that side's own order."""


@dataclass(frozen=True, slots=True)
class Unit:
    """Words that mean the same on every side and are never torn apart.

    Args:
        runs: for each side the words that it holds, as (first, behind the last).
        classes: for each side the class of each of these words (UPOS, or the tags of the parse); empty where unknown.
    """

    runs: tuple[tuple[int, int], ...]
    classes: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Node:
    """A run of units that hangs together on every side.

    Args:
        first: its first unit.
        behind: the unit behind its last one.
        labels: what the parse calls it, from top to bottom; empty without a parse.
        children: its children, as positions in `Tree.nodes`, in the order of the units; empty for a leaf.
        orders: for each side the children (0 = the first of `children`) in that side's order.
    """

    first: int
    behind: int
    labels: tuple[str, ...] = ()
    children: tuple[int, ...] = ()
    orders: tuple[tuple[int, ...], ...] = ()

    @property
    def agnostic(self) -> bool:
        """Whether all sides put its children in the same order."""
        return all(order == self.orders[0] for order in self.orders)


@dataclass(frozen=True, slots=True)
class Tree:
    """A row of parallel text as units and a tree over them.

    Args:
        group: the row.
        tags: the sides.
        main: the side that shares, lengths and the like are counted against (position in `tags`).
        base: the side by whose order the units are numbered.
        words: for each side its words.
        units: the units, by the order of side `base`; together they hold every word of every side.
        ranks: for each side the place of every unit in its order.
        nodes: the nodes, children before parents, the root last.
        parsed: whether the tree comes of a parse.
        notes: what a reader must know, such as how many words had no link.
    """

    group: str
    tags: tuple[str, ...]
    main: int
    base: int
    words: tuple[tuple[str, ...], ...]
    units: tuple[Unit, ...]
    ranks: Ranks
    nodes: tuple[Node, ...]
    parsed: bool = False
    notes: tuple[str, ...] = ()

    @property
    def root(self) -> Node:
        """The node that holds all units."""
        return self.nodes[-1]


def ranks_of(runs: Sequence[Sequence[tuple[int, int]]], sides: int) -> Ranks:
    """The place of each unit a side.

    >>> ranks_of([[(0, 1), (2, 3)], [(1, 2), (0, 2)]], 2)
    ((0, 1), (1, 0))
    """
    found = []
    for side in range(sides):
        order = sorted(range(len(runs)), key=lambda u: runs[u][side])
        places = [0] * len(order)
        for place, unit in enumerate(order):
            places[unit] = place
        found.append(tuple(places))
    return tuple(found)


def together(ranks: Ranks, first: int, behind: int) -> bool:
    """Whether the units from `first` to before `behind` stand next to each other on every side.

    >>> together(((0, 1, 2), (2, 0, 1)), 1, 3), together(((0, 1, 2), (2, 0, 1)), 0, 2)
    (True, False)
    """
    size = behind - first
    for places in ranks:
        part = places[first:behind]
        if max(part) - min(part) + 1 != size:
            return False
    return True


def nest(spans: Sequence[tuple[int, int, tuple[str, ...]]], ranks: Ranks) -> tuple[Node, ...]:
    """Nodes out of nested spans of units.

    Args:
        spans: (first, behind, labels), each of them together on every side, no two the same, none crossing; the whole
            and the single units may be left out.
        ranks: the place of every unit a side.

    Returns:
        The nodes, children before parents, the root last.

    >>> [(n.first, n.behind, n.orders) for n in nest([(1, 3, ("NP",))], ((0, 1, 2), (0, 2, 1)))][-2:]
    [(1, 3, ((0, 1), (1, 0))), (0, 3, ((0, 1), (0, 1)))]
    """
    count = len(ranks[0])
    known = {(first, behind): labels for first, behind, labels in spans}
    known.setdefault((0, count), ())
    for unit in range(count):
        known.setdefault((unit, unit + 1), ())
    nodes: list[Node] = []
    waiting: list[int] = []
    for first, behind in sorted(known, key=lambda span: (span[1], -span[0])):
        inside: list[int] = []
        while waiting and nodes[waiting[-1]].first >= first:
            inside.append(waiting.pop())
        inside.reverse()
        children = tuple(inside)
        starts = [nodes[child].first for child in children]
        orders = tuple(tuple(sorted(range(len(starts)), key=lambda c: places[starts[c]])) for places in ranks)
        waiting.append(len(nodes))
        nodes.append(Node(first, behind, known[first, behind], children, orders if children else ()))
    return tuple(nodes)
