"""From a row of parallel text to its tree: with a parse of one side, or from the alignment and word classes alone."""

from __future__ import annotations

from collections.abc import Sequence

from macaronic.core.errors import FormatError
from macaronic.core.parallel import Parallel
from macaronic.synth import classes
from macaronic.synth.lattice.attach import goes_right
from macaronic.synth.lattice.intervals import intervals
from macaronic.synth.lattice.project import from_parse
from macaronic.synth.lattice.ptb import read
from macaronic.synth.lattice.sides import Sides, sides
from macaronic.synth.lattice.tree import Tree, Unit, nest, ranks_of
from macaronic.synth.lattice.units import units
from macaronic.synth.mixed import Outcome


def tree(
    row: Parallel, *, parse: str | None = None, main: str | None = None, min_links: int = 1, max_words: int = 400
) -> Tree | Outcome:
    """The tree of a row, or the reason why it has none.

    Args:
        row: two or more sides with links between them.
        parse: a constituency parse of one side in brackets; which side is told by its words. Without one the tree is
            the decomposition of the alignment into phrase pairs.
        main: the side to count against; the first one when left out.
        min_links: fewer links than this are too few.
        max_words: longer sides are left alone.

    >>> from macaronic.core.utterance import Utterance
    >>> texts = {"en": "the white house", "es": "la casa blanca"}
    >>> row = Parallel("1", {t: Utterance.from_words(s.split()) for t, s in texts.items()},
    ...                {("en", "es"): ((0, 0), (1, 2), (2, 1))})
    >>> found = tree(row)
    >>> [(node.first, node.behind, node.agnostic) for node in found.nodes if node.children]
    [(1, 3, False), (0, 3, True)]
    """
    known = sides(row, main)
    problem = known.problem(main, min_links, max_words)
    if problem is not None:
        return problem
    if parse is None:
        return _from_alignment(known)
    try:
        brackets = read(parse)
    except FormatError as error:
        return known.without("parse does not cover the words", str(error))
    side = next((s for s, own in enumerate(known.words) if brackets.covers(own)), None)
    if side is None:
        return known.without("parse does not cover the words", _difference(brackets.leaves, known.words))
    return from_parse(known, brackets, side)


def _difference(leaves: Sequence[str], words: Sequence[Sequence[str]]) -> str:
    sizes = " and ".join(str(len(own)) for own in words)
    return f"the parse has {len(leaves)} words ({' '.join(leaves[:3])} ...), the sides have {sizes}"


def _from_alignment(known: Sides) -> Tree | Outcome:
    """Phrase pairs, nested as the orders of the sides nest; word classes from `synth.classes`."""
    found = [classes.of(text, tag) for tag, text in known.row.texts.items()]
    tags = [own.pos for own in found]

    def right(side: int, word: int) -> bool:
        return goes_right(tags[side][word], known.words[side][word], known.tags[side])

    tied = known.tied()
    runs = units([len(own) for own in known.words], tied, right)
    if not runs:
        return known.without("unaligned", "no link reaches every side")
    runs.sort(key=lambda own: own[known.main])
    ranks = ranks_of(runs, len(known.tags))
    nodes = nest([(first, behind, ()) for first, behind in intervals(ranks)], ranks)
    induced = [tag for tag, own in zip(known.tags, found) if own.how == "induced"]
    notes = (f"word classes induced: {', '.join(induced)}",) if induced else ()
    made = tuple(Unit(tuple(own), tuple(tags[s][a:b] for s, (a, b) in enumerate(own))) for own in runs)
    return Tree(
        known.row.group, known.tags, known.main, known.main, known.words, made, ranks, nodes, False,
        known.unlinked(tied) + notes,
    )  # fmt: skip
