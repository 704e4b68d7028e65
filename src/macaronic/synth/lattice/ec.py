"""The Equivalence Constraint: switch only where the orders of the languages map onto each other (Poplack 1980)."""

from __future__ import annotations

from collections.abc import Sequence

from macaronic.synth.lattice.network import Fragment, Network, either
from macaronic.synth.lattice.rules import lexical
from macaronic.synth.lattice.tree import Node, Tree

Context = tuple[int, ...]
"""The sides whose order holds: all of them, until a node is reached whose children they order differently."""


def segments(node: Node) -> list[tuple[int, int]]:
    """The children of a node, cut at its equivalence points.

    There is one behind the j-th child when the same children stand before it on every side.

    Returns:
        (first, behind) places of children; the same places on every side.

    >>> segments(Node(0, 3, children=(0, 1, 2), orders=((0, 1, 2), (0, 2, 1))))
    [(0, 1), (1, 3)]
    """
    if node.agnostic:
        return [(place, place + 1) for place in range(len(node.children))]
    found, first = [], 0
    seen = [-1] * len(node.orders)
    for place in range(len(node.children)):
        for side, order in enumerate(node.orders):
            if order[place] > seen[side]:
                seen[side] = order[place]
        if all(most == place for most in seen):
            found.append((first, place + 1))
            first = place + 1
    return found


def groups(node: Node, segment: tuple[int, int], context: Context) -> list[tuple[Context, tuple[int, ...]]]:
    """The sides of a context by the order that they give a segment, each with that order.

    >>> groups(Node(0, 2, children=(0, 1), orders=((0, 1), (1, 0), (0, 1))), (0, 2), (0, 1, 2))
    [((0, 2), (0, 1)), ((1,), (1, 0))]
    """
    found: dict[tuple[int, ...], list[int]] = {}
    for side in context:
        found.setdefault(node.orders[side][segment[0] : segment[1]], []).append(side)
    return [(tuple(sides), order) for order, sides in found.items()]


def network(tree: Tree) -> Network:
    """All sentences of the constraint, adjacency aside.

    The children of a node are cut at its equivalence points. A child that stands alone between two of them is free;
    several children are wholly in one language's order, and so is all that lies below, where a word may come of
    another language only if it is lexical (or if it stands alone between two equivalence points of a lower node).

    Source: Poplack 1980; the reading of Bhat, Choudhury & Bali 2016.
    """
    made = Network()
    everyone = tuple(range(len(tree.tags)))
    cuts = [segments(node) for node in tree.nodes]
    needed = _contexts(tree, cuts, everyone)
    parts: list[dict[Context, Fragment]] = []
    for number, node in enumerate(tree.nodes):
        own: dict[Context, Fragment] = {}
        for context, free in needed[number]:
            if node.children:
                own[context] = _node(made, node, cuts[number], context, parts)
            else:
                said = everyone if free or lexical(tree.units[node.first]) else context
                place = made.place(node.first, said)
                own[context] = [place], [place]
        parts.append(own)
    made.first, made.last = parts[-1][everyone]
    return made


def _contexts(tree: Tree, cuts: list[list[tuple[int, int]]], everyone: Context) -> list[list[tuple[Context, bool]]]:
    """For each node the contexts that it is met in, and whether it stands alone there."""
    needed: list[list[tuple[Context, bool]]] = [[] for _ in tree.nodes]
    needed[-1].append((everyone, True))
    for number in range(len(tree.nodes) - 1, -1, -1):
        node = tree.nodes[number]
        if not node.children:
            continue
        for segment in cuts[number]:
            alone = segment[1] - segment[0] == 1
            for context, _ in needed[number]:
                if alone:
                    needed[node.children[node.orders[0][segment[0]]]].append((context, True))
                    continue
                for sides, order in groups(node, segment, context):
                    for child in order:
                        needed[node.children[child]].append((sides, False))
    return needed


def _node(
    made: Network, node: Node, cuts: list[tuple[int, int]], context: Context, parts: Sequence[dict[Context, Fragment]]
) -> Fragment:
    pieces = []
    for segment in cuts:
        if segment[1] - segment[0] == 1:
            pieces.append(parts[node.children[node.orders[0][segment[0]]]][context])
            continue
        pieces.append(
            either(
                [
                    made.joined([parts[node.children[child]][sides] for child in order])
                    for sides, order in groups(node, segment, context)
                ]
            )
        )
    return made.joined(pieces)
