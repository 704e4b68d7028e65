"""Shuffles without memory are permutations, and look like shuffles."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from macaronic.mix.permute import key_of, permuted


@settings(deadline=None, max_examples=80)
@given(st.integers(1, 3000), st.integers(0, 2**64 - 1))
def test_a_permutation(size: int, key: int) -> None:
    index = np.arange(size)
    found = permuted(index, size, key)
    assert np.array_equal(np.sort(found), index)
    some = index[:: max(1, size // 7)]
    assert np.array_equal(permuted(some, size, key), found[some])


def test_large_sizes_stay_in_range() -> None:
    size = 2**40 + 3
    found = permuted(np.array([0, 1, size - 1]), size, 5)
    assert len(set(found.tolist())) == 3
    assert ((found >= 0) & (found < size)).all()


def test_it_is_the_same_for_ever() -> None:
    assert permuted(np.arange(10), 10, 7).tolist() == [6, 2, 7, 1, 9, 5, 4, 0, 8, 3]
    assert key_of(1, "hi", 0) == 14043000746696869840


def test_places_are_spread_and_keys_matter() -> None:
    size = 10_000
    index = np.arange(size)
    one, two = permuted(index, size, 1), permuted(index, size, 2)
    for found in (one, two):
        assert abs(np.corrcoef(index, found)[0, 1]) < 0.03
        assert abs(np.corrcoef(found[1:], found[:-1])[0, 1]) < 0.03
    assert abs(np.corrcoef(one, two)[0, 1]) < 0.03
    counts = np.histogram2d(index, one, bins=10)[0]
    assert ((counts - 100) ** 2 / 100).sum() == pytest.approx(81, abs=60)
