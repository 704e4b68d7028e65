"""Phases: exact counts, and any place found at once."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from macaronic.core.errors import UnknownName, UsageError
from macaronic.core.mixture import Mixture
from macaronic.mix.schedule import BLOCK, Laid, Phase, rounded, total


def laid(counts: list[int], key: int = 1) -> Laid:
    names = tuple(f"s{i}" for i in range(len(counts)))
    return Laid(Phase("p", Mixture(dict.fromkeys(names, 1.0)), 1), names, tuple(counts), (0,) * len(counts), 0, key)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.integers(0, 4000), min_size=1, max_size=12).filter(sum), st.integers(0, 2**63), st.data())
def test_every_item_comes_once_and_in_proportion(counts: list[int], key: int, data: st.DataObject) -> None:
    one = laid(counts, key)
    seen = [[] for _ in counts]
    place = 0
    for block in range(one.blocks):
        start, source, item = one.deal(block)
        assert start == place
        assert len(source) <= BLOCK + 2 * len(counts)
        for i, k in zip(source.tolist(), item.tolist()):
            seen[i].append(k)
        place += len(source)
        for taken, count in zip(one.before(block + 1), counts):
            assert abs(taken - count * (block + 1) / one.blocks) < 1
    assert place == sum(counts) == one.size
    assert [len(s) for s in seen] == counts
    assert all(s == list(range(len(s))) for s in seen)
    where = data.draw(st.integers(0, one.size - 1))
    block = one.block_at(where)
    start, source, _ = one.deal(block)
    assert start <= where < start + len(source)
    assert sum(one.taken(where)) == where
    assert one.taken(one.size) == counts


def test_the_order_inside_a_block_is_shuffled() -> None:
    _, source, _ = laid([512, 512]).deal(0)
    assert 200 < int((np.diff(source) != 0).sum()) < 800
    assert laid([512, 512], 2).deal(0)[1].tolist() != source.tolist()


def test_rounding_is_exact_and_within_one() -> None:
    wanted = {"a": Fraction(7, 3), "b": Fraction(7, 3), "c": Fraction(7, 3), "d": Fraction(0)}
    assert rounded(wanted) == {"a": 3, "b": 2, "c": 2, "d": 0}


def test_totals_of_exhausted_sources() -> None:
    mixture = Mixture({"a": 0.5, "b": 0.5, "c": 0.0}, "tokens")
    capacity = {"a": Fraction(10), "b": Fraction(40), "c": Fraction(1)}
    assert total(Phase("p", mixture, until="first_exhausted", length=1), capacity) == 20
    assert total(Phase("p", mixture, until="all_exhausted", length=1), capacity) == 80


def test_phases_that_cannot_be_meant() -> None:
    mixture = Mixture({"a": 1}, "tokens")
    with pytest.raises(UsageError, match="expected a budget"):
        Phase("p", mixture)
    with pytest.raises(UsageError, match="exclude each other"):
        Phase("p", mixture, 5, until="all_exhausted")
    with pytest.raises(UsageError, match="1 token or more"):
        Phase("p", mixture, 5, length=0)
    with pytest.raises(UnknownName, match="all_exhausted"):
        Phase("p", mixture, until="all_exhaust")  # type: ignore[arg-type]
