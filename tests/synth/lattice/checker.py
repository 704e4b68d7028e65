"""Decides by definition whether a sentence obeys a constraint: apart from the generator, slow and plain.

A sentence is a sequence of (unit, side). Only the spans and labels of the tree's nodes, the units and their ranks are
looked at; orders, equivalence points and complements are found here once more.
"""

from __future__ import annotations

from itertools import pairwise, permutations, product

from macaronic.synth.lattice.tree import Node, Tree

Sentence = tuple[tuple[int, int], ...]

LEXICAL_TAGS = {
    *("CD", "FW", "JJ", "JJR", "JJS", "NN", "NNS", "NNP", "NNPS", "RB", "RBR", "RBS", "RP", "SYM", "UH", "VBN"),
    *("NOUN", "PROPN", "ADJ", "ADV", "NUM", "INTJ", "X"),
}
SWITCHING_LABELS = {"NP", "PP", "ADJP", "ADVP", "QP", "INTJ", "PRN", "FRAG"}
CLOSED_TAGS = {"DT", "PRP", "IN", "MD", "CC", "TO", "VBZ", "VBD", "DET", "ADP", "PRON", "AUX", "SCONJ", "CCONJ", "PART"}
NOMINAL = {"NN", "NNS", "JJ", "NP", "ADJP", "VBN", "QP", "CD"}


def everything(tree: Tree) -> list[Sentence]:
    """All sequences of the units, each in every language."""
    sides = range(len(tree.tags))
    return [
        tuple(zip(order, chosen))
        for order in permutations(range(len(tree.units)))
        for chosen in product(sides, repeat=len(tree.units))
    ]


def children_of(tree: Tree, node: Node) -> list[Node]:
    """The nodes right below a node."""
    below = [n for n in tree.nodes if n is not node and node.first <= n.first and n.behind <= node.behind]
    return [n for n in below if not any(m is not n and m.first <= n.first and n.behind <= m.behind for m in below)]


def order_in(tree: Tree, side: int, nodes: list[Node]) -> list[Node]:
    """Nodes in the order of a side."""
    return sorted(nodes, key=lambda node: tree.ranks[side][node.first])


def adjacent(tree: Tree, sentence: Sentence) -> bool:
    """Whether neighbouring words of one language are neighbours in that language's own sentence, word by word."""
    words = [(side, place) for unit, side in sentence for place in range(*tree.units[unit].runs[side])]
    return all(one[0] != two[0] or two[1] == one[1] + 1 for one, two in pairwise(words))


def may_substitute(tree: Tree, unit: int) -> bool:
    """Whether a single-word unit is of a class that may stand in another language's order."""
    tags = [tag for own in tree.units[unit].classes for tag in own]
    return bool(tags) and all(tag in LEXICAL_TAGS for tag in tags)


def obeys_ec(tree: Tree, sentence: Sentence) -> bool:
    """The Equivalence Constraint with the rule of adjacency."""
    everyone = frozenset(range(len(tree.tags)))
    return adjacent(tree, sentence) and _obeys(tree, tree.root, list(sentence), everyone, True)


def _obeys(tree: Tree, node: Node, part: list[tuple[int, int]], sides: frozenset[int], alone: bool) -> bool:
    if node.behind - node.first == 1:
        return part[0][0] == node.first and (alone or part[0][1] in sides or may_substitute(tree, node.first))
    children = children_of(tree, node)
    if not children:
        return False
    ways = {side: order_in(tree, side, children) for side in range(len(tree.tags))}
    start = 0
    pieces: list[list[tuple[int, int]]] = []
    cuts: list[set[int]] = []
    for place in range(1, len(children) + 1):
        before = [frozenset(id(child) for child in way[:place]) for way in ways.values()]
        if len(set(before)) == 1:
            members = ways[0][start:place]
            units = {unit for child in members for unit in range(child.first, child.behind)}
            pieces.append(part[: len(units)])
            part = part[len(units) :]
            cuts.append(units)
            if {unit for unit, _ in pieces[-1]} != units:
                return False
            if len(members) == 1:
                if not _obeys(tree, members[0], pieces[-1], sides, True):
                    return False
            elif not _one_order(tree, {s: way[start:place] for s, way in ways.items()}, pieces[-1], sides):
                return False
            start = place
    return True


def _one_order(tree: Tree, ways: dict[int, list[Node]], part: list[tuple[int, int]], sides: frozenset[int]) -> bool:
    """Whether a piece without equivalence points is in the order of some of the sides, all through."""
    for way in [ways[side] for side in sorted(sides)]:
        same = frozenset(side for side in sides if [id(n) for n in ways[side]] == [id(n) for n in way])
        rest = list(part)
        good = True
        for child in way:
            size = child.behind - child.first
            mine, rest = rest[:size], rest[size:]
            units = set(range(child.first, child.behind))
            good = good and {unit for unit, _ in mine} == units and _obeys(tree, child, mine, same, False)
        if good:
            return True
    return False


def obeys_fhc(tree: Tree, sentence: Sentence) -> bool:
    """The Equivalence Constraint, and no switch where a functional head meets its complement (with a parse)."""
    if not obeys_ec(tree, sentence):
        return False
    return all(
        one_side == two_side or not (_governs(tree, one, two) or _governs(tree, two, one))
        for (one, one_side), (two, two_side) in pairwise(sentence)
    )


def _governs(tree: Tree, head: int, other: int) -> bool:
    """Whether a unit is a functional head whose complement holds another unit."""
    both = [n for n in tree.nodes if n.first <= min(head, other) and max(head, other) < n.behind]
    lowest = min(both, key=lambda n: n.behind - n.first)
    sisters = children_of(tree, lowest)
    complement = next(n for n in sisters if n.first <= other < n.behind)
    own = next(n for n in sisters if n.first <= head < n.behind)
    if own.behind - own.first > 1 or own.labels:
        return False
    tag = tree.units[head].classes[tree.base][-1]
    names = set(complement.labels)
    if complement.behind - complement.first == 1:
        names |= set(tree.units[complement.first].classes[tree.base])
    wanted: set[str] = set()
    if tag in {"DT", "CD"}:
        wanted = NOMINAL
    elif tag == "MD":
        wanted = {"VP", "VBZ", "VBD", "VBN"}
    elif tag in {"VBZ", "VBD", "VBN"}:
        wanted = {"VP"}
    elif tag == "IN":
        wanted = NOMINAL | {"PP", "VP", "S"}
    return bool(names & wanted)


def obeys_mlf(tree: Tree, sentence: Sentence) -> bool:
    """The Matrix Language Frame for some matrix language (with a parse)."""
    return any(_framed(tree, tree.root, list(sentence), matrix) for matrix in range(len(tree.tags)))


def _framed(tree: Tree, node: Node, part: list[tuple[int, int]], matrix: int) -> bool:
    if _embedded(tree, node, part, matrix):
        return True
    if node.behind - node.first == 1:
        return part == [(node.first, matrix)]
    for child in order_in(tree, matrix, children_of(tree, node)):
        size = child.behind - child.first
        mine, part = part[:size], part[size:]
        if {unit for unit, _ in mine} != set(range(child.first, child.behind)) or not _framed(
            tree, child, mine, matrix
        ):
            return False
    return True


def _embedded(tree: Tree, node: Node, part: list[tuple[int, int]], matrix: int) -> bool:
    sides = {side for _, side in part}
    side = next(iter(sides))
    if len(sides) > 1 or side == matrix:
        return False
    if [unit for unit, _ in part] != sorted(range(node.first, node.behind), key=lambda u: tree.ranks[side][u]):
        return False
    tags = [tag for unit, _ in part for own in tree.units[unit].classes for tag in own]
    if all(tag in CLOSED_TAGS for tag in tags):
        return False
    single = node.behind - node.first == 1 and may_substitute(tree, node.first)
    return single or any(label in SWITCHING_LABELS for label in node.labels)
