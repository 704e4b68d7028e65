"""The decomposition against its definition."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from macaronic.synth.lattice.intervals import intervals
from macaronic.synth.lattice.tree import Ranks, nest, together


@st.composite
def orders(draw: st.DrawFn) -> Ranks:
    """Two or three orders of the same units."""
    count = draw(st.integers(1, 9))
    sides = draw(st.integers(2, 3))
    return (tuple(range(count)), *(tuple(draw(st.permutations(range(count)))) for _ in range(sides - 1)))


def strong(ranks: Ranks) -> set[tuple[int, int]]:
    """Intervals that no other interval crosses, by trying all."""
    count = len(ranks[0])
    spans = [(a, b) for a in range(count) for b in range(a + 1, count + 1) if together(ranks, a, b)]
    crossed = {s for s in spans for t in spans if t[0] < s[0] < t[1] < s[1] or s[0] < t[0] < s[1] < t[1]}
    return {(a, b) for a, b in spans if b - a > 1 and (a, b) != (0, count)} - crossed


@given(orders())
def test_strong_intervals(ranks: Ranks) -> None:
    assert set(intervals(ranks)) == strong(ranks)


@given(orders())
def test_nodes_nest(ranks: Ranks) -> None:
    nodes = nest([(a, b, ()) for a, b in intervals(ranks)], ranks)
    assert nodes[-1].first == 0
    assert nodes[-1].behind == len(ranks[0])
    for node in nodes:
        inside = [nodes[child] for child in node.children]
        assert [n.first for n in inside[1:]] == [n.behind for n in inside[:-1]]
        assert (not inside) == (node.behind - node.first == 1)
        for side, order in enumerate(node.orders):
            assert [ranks[side][inside[c].first] for c in order] == sorted(ranks[side][n.first] for n in inside)


def test_long_orders() -> None:
    assert intervals((tuple(range(3000)), tuple(range(2999, -1, -1)))) == []
    zigzag = sorted(range(2000), key=lambda i: i if i % 2 else -i)
    ranks = tuple(sorted(range(2000), key=zigzag.__getitem__))
    assert len(intervals((tuple(range(2000)), ranks))) == 1998
