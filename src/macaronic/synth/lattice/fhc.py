"""The Functional Head Constraint: no switch between a functional head and its complement (Belazi et al. 1994)."""

from __future__ import annotations

from macaronic.synth.lattice.tree import Node, Tree

Bonds = dict[int, list[tuple[int, int]]]
"""A unit that is a functional head -> its complement, as (first unit, behind the last)."""

_NOMINAL = frozenset({
    "NN", "NNS", "NNP", "NNPS", "JJ", "JJR", "JJS", "VBN", "VBG", "NP", "NX", "NML", "ADJP", "QP", "CD",
})  # fmt: skip
_VERBAL = frozenset({
    "VP", "VB", "VBD", "VBG", "VBN", "VBP", "VBZ",
})  # fmt: skip
_CLAUSE = frozenset({
    "S", "SBAR", "SINV", "SQ", "VP",
})  # fmt: skip

COMPLEMENTS: dict[str, frozenset[str]] = {
    **dict.fromkeys(["DT", "PDT", "PRP$", "WP$", "WDT", "CD"], _NOMINAL),
    **dict.fromkeys(["MD", "AUX"], _VERBAL),
    **dict.fromkeys(["VB", "VBD", "VBG", "VBN", "VBP", "VBZ"], frozenset({"VP"})),
    "IN": _NOMINAL | _CLAUSE | {"PP"},
    "TO": _NOMINAL | _VERBAL,
    "NEG": _VERBAL,
}
"""The tag of a head -> the labels of its complement among its sisters."""

HEADS = frozenset({"ADP", "AUX", "DET", "PART", "SCONJ"})
"""Classes (UPOS) of functional heads, where there is no parse."""

_NEGATIONS = frozenset({"not", "n't", "n’t"})


def bonds(tree: Tree) -> Bonds:
    """Each functional head with its complement.

    With a parse: a head by its tag and the sisters that `COMPLEMENTS` names. Without one: a unit of function words
    alone governs the sister that follows it in the main language (whole, if it is a phrase whose words the languages
    order differently); a last sister governs the one before it where the languages order the two differently, else
    the unit that follows.
    """
    return _of_parse(tree) if tree.parsed else _of_sisters(tree)


def _of_parse(tree: Tree) -> Bonds:
    found: Bonds = {}
    for node in tree.nodes:
        for number in node.children:
            head = tree.nodes[number]
            if head.behind - head.first != 1 or any(label not in {"PRT", "WHADVP"} for label in head.labels if label):
                continue
            wanted = _complements(tree, head)
            if not wanted:
                continue
            for other in node.children:
                sister = tree.nodes[other]
                if other != number and _named(tree, sister) & wanted:
                    found.setdefault(head.first, []).append((sister.first, sister.behind))
    return found


def _complements(tree: Tree, head: Node) -> frozenset[str]:
    """What a unit governs: by the tag of its last word, as the first ones stand inside it."""
    unit = tree.units[head.first]
    tag = unit.classes[tree.base][-1]
    word = tree.words[tree.base][unit.runs[tree.base][1] - 1]
    return COMPLEMENTS.get("NEG" if word.lower() in _NEGATIONS else tag, frozenset())


def _named(tree: Tree, node: Node) -> set[str]:
    """What a sister may be called: its labels, or its tags if it is a single unit."""
    tags = tree.units[node.first].classes[tree.base] if node.behind - node.first == 1 else ()
    return {*node.labels, *tags}


def _of_sisters(tree: Tree) -> Bonds:
    found: Bonds = {}
    for node in tree.nodes:
        for place, number in enumerate(node.children):
            head = tree.nodes[number]
            if head.children or not _is_head(tree, head.first):
                continue
            if place + 1 < len(node.children):
                sister = tree.nodes[node.children[place + 1]]
                found[head.first] = [(sister.first, sister.behind)]
            elif not node.agnostic:
                sister = tree.nodes[node.children[place - 1]]
                found[head.first] = [(sister.first, sister.behind)]
            elif head.behind < len(tree.units):
                found[head.first] = [(head.behind, head.behind + 1)]
    return found


def _is_head(tree: Tree, unit: int) -> bool:
    tags = tree.units[unit].classes[tree.base]
    return bool(tags) and all(tag in HEADS for tag in tags)


def apart(bonds: Bonds, one: int, two: int) -> bool:
    """Whether two units may be said in different languages next to each other.

    >>> apart({0: [(1, 3)]}, 0, 2), apart({0: [(1, 3)]}, 0, 3)
    (False, True)
    """
    for head, other in ((one, two), (two, one)):
        for first, behind in bonds.get(head, ()):
            if first <= other < behind:
                return False
    return True
