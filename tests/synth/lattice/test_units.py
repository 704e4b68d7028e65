"""Units: phrase pairs that hold every word once."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from macaronic.synth.lattice.units import WIDEST, units


def left(side: int, word: int) -> bool:
    """Unlinked words go to the left."""
    return False


@st.composite
def linked(draw: st.DrawFn) -> tuple[list[int], dict[tuple[int, int], list[tuple[int, int]]]]:
    """Sizes of two or three sides, and links."""
    sizes = [draw(st.integers(1, 12)) for _ in range(draw(st.integers(2, 3)))]
    links = {}
    for b in range(1, len(sizes)):
        pair = st.tuples(st.integers(0, sizes[0] - 1), st.integers(0, sizes[b] - 1))
        links[0, b] = draw(st.lists(pair, max_size=12))
    return sizes, links


@given(linked())
def test_every_word_is_in_one_unit(case: tuple[list[int], dict[tuple[int, int], list[tuple[int, int]]]]) -> None:
    sizes, links = case
    found = units(sizes, links, left)
    for side, size in enumerate(sizes if found else []):
        covered = sorted(word for own in found for word in range(*own[side]))
        assert covered == list(range(size))
        assert all(own[side][0] < own[side][1] for own in found)


@given(linked())
def test_short_links_stay_inside_units(case: tuple[list[int], dict[tuple[int, int], list[tuple[int, int]]]]) -> None:
    sizes, links = case
    if max(sizes) > WIDEST:
        return
    for own in units(sizes, links, left):
        for (a, b), pairs in links.items():
            if len(sizes) == 2:
                assert all((own[a][0] <= i < own[a][1]) == (own[b][0] <= j < own[b][1]) for i, j in pairs)


def test_one_to_one() -> None:
    assert units([2, 2], {(0, 1): [(0, 1), (1, 0)]}, left) == [[(0, 1), (1, 2)], [(1, 2), (0, 1)]]


def test_words_between_are_drawn_in() -> None:
    # "does not eat" and "ne mange pas": not is ne ... pas, so what it encloses belongs to it
    found = units([3, 3], {(0, 1): [(1, 0), (1, 2), (2, 1)]}, lambda side, word: True)
    assert found == [[(0, 3), (0, 3)]]


def test_a_link_far_off_is_given_up() -> None:
    pairs = [(i, i) for i in range(12)] + [(0, 11)]
    assert len(units([12, 12], {(0, 1): pairs}, left)) == 11


def test_unlinked_words_go_where_they_are_sent() -> None:
    links = {(0, 1): [(0, 0), (2, 1)]}
    assert units([3, 2], links, left) == [[(0, 2), (0, 1)], [(2, 3), (1, 2)]]
    assert units([3, 2], links, lambda side, word: True) == [[(0, 1), (0, 1)], [(1, 3), (1, 2)]]
    assert units([4, 2], {(0, 1): [(1, 0), (2, 1)]}, left) == [[(0, 2), (0, 1)], [(2, 4), (1, 2)]]


def test_a_unit_needs_every_side() -> None:
    links = {(0, 1): [(0, 0), (1, 1)], (0, 2): [(0, 0)]}
    assert units([2, 2, 1], links, left) == [[(0, 2), (0, 2), (0, 1)]]
    assert units([2, 2, 1], {(0, 1): [(0, 0)]}, left) == []
