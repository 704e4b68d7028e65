"""The Matrix Language Frame: one language gives the order and the closed classes, constituents come of another."""

from __future__ import annotations

from macaronic.synth.lattice.network import Fragment, Network, either
from macaronic.synth.lattice.rules import switchables
from macaronic.synth.lattice.tree import Node, Tree


def network(tree: Tree, matrices: tuple[int, ...]) -> Network:
    """All sentences of the frame, for each of some matrix languages.

    Everything stands in the order of the matrix language. A switchable constituent may be said in an embedded
    language instead, then all of it and in that language's own order; nothing in it switches again.

    Args:
        tree: the row.
        matrices: the sides that may be the matrix language.

    Source: Joshi 1982; Myers-Scotton 1993.
    """
    made = Network()
    free = switchables(tree)
    ends: list[Fragment] = []
    for matrix in matrices:
        parts: list[Fragment] = []
        for number, node in enumerate(tree.nodes):
            if node.children:
                own = made.joined([parts[node.children[child]] for child in node.orders[matrix]])
            else:
                place = made.place(node.first, (matrix,), matrix)
                own = [place], [place]
            if free[number]:
                own = either([own, *_embedded(made, tree, node, matrix)])
            parts.append(own)
        ends.append(parts[-1])
    made.first, made.last = either(ends)
    return made


def _embedded(made: Network, tree: Tree, node: Node, matrix: int) -> list[Fragment]:
    found = []
    for side in range(len(tree.tags)):
        if side == matrix:
            continue
        if not node.children:
            place = made.place(node.first, (side,), matrix)
            found.append(([place], [place]))
        else:
            order = sorted(range(node.first, node.behind), key=lambda unit: tree.ranks[side][unit])
            chain = [made.place(unit, (side,), matrix) for unit in order]
            found.append(made.joined([([place], [place]) for place in chain]))
    return found
