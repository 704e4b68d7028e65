"""What may switch: lexical units, closed-class units, constituents of the matrix-language frame, functional heads."""

from __future__ import annotations

from collections.abc import Iterable

from macaronic.synth.lattice.tree import Node, Tree, Unit

LEXICAL = frozenset({
    "CD", "FW", "JJ", "JJR", "JJS", "NN", "NNS", "NNP", "NNPS", "RB", "RBR", "RBS", "RP", "SYM", "UH", "VBN",
    "FRAG", "INTJ", "NOUN", "PROPN", "ADJ", "ADV", "NUM", "X",
})  # fmt: skip
"""Word classes whose words may stand in another language's order (PTB tags, UPOS)."""

CLOSED = frozenset({
    "DT", "PDT", "PRP", "PRP$", "PP$", "WDT", "WP", "WP$", "IN", "MD", "CC", "TO", "EX", "POS", "VB", "VBD", "VBG",
    "VBP", "VBZ", "AUX", "ADP", "CCONJ", "SCONJ", "DET", "PART", "PRON",
})  # fmt: skip
"""Classes that never switch alone in a matrix language's frame. VBN is not among them; the parse's verbs are."""

FUNCTION = frozenset({
    "DT", "PDT", "PRP", "PRP$", "PP$", "WDT", "WP", "WP$", "IN", "MD", "CC", "TO", "EX", "POS", "AUX", "ADP", "CCONJ",
    "SCONJ", "DET", "PART", "PRON", "PUNCT", "''", "``", ",", ".", ":", "(", ")", "-LRB-", "-RRB-", "HYPH", "$", "#",
})  # fmt: skip
"""Classes that say nothing of what a unit means: left aside when a unit of several words is judged."""

PHRASES = frozenset({
    "ADJP", "ADVP", "FRAG", "INTJ", "NP", "NX", "PP", "PRN", "PRT", "QP", "RRC", "UCP", "WHADJP", "WHADVP", "WHNP",
    "WHPP",
})  # fmt: skip
"""Constituents that may stand in the embedded language."""

_OPEN = LEXICAL | {"VERB"}


def lexical(unit: Unit) -> bool:
    """Whether a unit may be said in another language inside one language's order.

    It must hold a lexical word, and beside lexical words only function words, on every side whose classes are known.

    >>> lexical(Unit(((0, 2), (0, 1)), (("DET", "NOUN"), ("NOUN",)))), lexical(Unit(((0, 1),), (("DT",),)))
    (True, False)
    """
    known = [own for own in unit.classes if own]
    return bool(known) and all(_lexical(own) for own in known)


def _lexical(tags: Iterable[str]) -> bool:
    content = [tag for tag in tags if tag not in FUNCTION]
    return bool(content) and all(tag in LEXICAL for tag in content)


def closed(unit: Unit) -> bool:
    """Whether a unit holds nothing but closed-class words on some side whose classes are known.

    >>> closed(Unit(((0, 1), (0, 1)), (("DET",), ("DET",)))), closed(Unit(((0, 1),), (("VBZ",),)))
    (True, True)
    """
    return any(own and all(tag in CLOSED for tag in own) for own in unit.classes)


def switchables(tree: Tree) -> list[bool]:
    """Which nodes may be said as a whole in an embedded language, inside the frame of the matrix language.

    With a parse by their labels, and never where they hold closed-class words alone. Without one: lexical units, and
    phrases that hold one and no unit of closed-class words alone. A row without a parse and without any such node lets
    all other open-class units (its verbs) switch.
    """
    if tree.parsed:
        return [_named(tree, node) for node in tree.nodes]
    return _content(tree, _OPEN if only_verbs(tree) else LEXICAL)


def only_verbs(tree: Tree) -> bool:
    """Whether a row has nothing but verbs to switch (see `switchables`)."""
    return not tree.parsed and not any(_holds(unit, LEXICAL) and not closed(unit) for unit in tree.units)


def _named(tree: Tree, node: Node) -> bool:
    inside = tree.units[node.first : node.behind]
    shut = all(tag in CLOSED for unit in inside for own in unit.classes for tag in own)
    return not shut and (any(label in PHRASES for label in node.labels) or (len(inside) == 1 and lexical(inside[0])))


def _content(tree: Tree, wanted: frozenset[str]) -> list[bool]:
    shut = [closed(unit) for unit in tree.units]
    holds = [_holds(unit, wanted) for unit in tree.units]
    return [any(holds[node.first : node.behind]) and not any(shut[node.first : node.behind]) for node in tree.nodes]


def _holds(unit: Unit, wanted: frozenset[str]) -> bool:
    return all(not wanted.isdisjoint(own) for own in unit.classes if own)
