"""The parse of one side, laid over the units of all sides."""

from __future__ import annotations

from collections.abc import Callable

from macaronic.synth import classes
from macaronic.synth.lattice.attach import goes_right
from macaronic.synth.lattice.ptb import Parse
from macaronic.synth.lattice.sides import Sides
from macaronic.synth.lattice.tree import Ranks, Tree, Unit, nest, ranks_of, together
from macaronic.synth.lattice.units import Runs, units
from macaronic.synth.mixed import Outcome


def from_parse(known: Sides, parse: Parse, side: int) -> Tree | Outcome:
    """The parse of one side over units; a constituent that is torn on another side gives its children to its parent."""
    close = _closeness(parse)
    found = [classes.of(text, tag).pos for tag, text in known.row.texts.items()]

    def right(which: int, word: int) -> bool:
        if which == side:
            return close(word) < close(word - 1)
        return goes_right(found[which][word], known.words[which][word], known.tags[which])

    tied = known.tied()
    runs = units([len(own) for own in known.words], tied, right)
    if not runs:
        return known.without("unaligned", "no link reaches every side")
    runs.sort(key=lambda own: own[side])
    ranks = ranks_of(runs, len(known.tags))
    empty: tuple[str, ...] = ()
    made = tuple(
        Unit(tuple(own), tuple(parse.tags[a:b] if s == side else empty for s, (a, b) in enumerate(own))) for own in runs
    )
    nodes = nest(_constituents(parse, runs, side, ranks), ranks)
    return Tree(
        known.row.group, known.tags, known.main, side, known.words, made, ranks, nodes, True, known.unlinked(tied)
    )  # fmt: skip


def _closeness(parse: Parse) -> Callable[[int], int]:
    """Word -> the size of the smallest constituent that holds it and the next one."""
    size = len(parse.leaves)
    least = [size + 1] * (size + 1)
    for _, first, behind in parse.constituents:
        for word in range(first, behind - 1):
            least[word] = min(least[word], behind - first)
    return lambda word: least[word] if 0 <= word < size - 1 else size + 2


def _constituents(parse: Parse, runs: list[Runs], side: int, ranks: Ranks) -> list[tuple[int, int, tuple[str, ...]]]:
    """Constituents that are whole units and stand together on every side, as (first unit, behind, labels)."""
    start = {own[side][0]: unit for unit, own in enumerate(runs)}
    end = {own[side][1]: unit + 1 for unit, own in enumerate(runs)}
    labels: dict[tuple[int, int], tuple[str, ...]] = {}
    for label, first, behind in parse.constituents:
        if first in start and behind in end:
            span = (start[first], end[behind])
            if span in labels or together(ranks, *span):
                labels[span] = (*labels.get(span, ()), label)
    return [(first, behind, own) for (first, behind), own in labels.items()]
