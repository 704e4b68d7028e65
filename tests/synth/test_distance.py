"""Distances agree with independent formulations, and their intervals hold the point."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.distance import jensenshannon
from scipy.stats import wasserstein_distance

from macaronic.synth.distance import centred, jensen_shannon, resampled_counts, wasserstein

VALUES = st.lists(st.floats(-100, 100), min_size=1, max_size=40)


@settings(max_examples=60, deadline=None)
@given(VALUES, VALUES)
def test_wasserstein_is_that_of_scipy(a: list[float], b: list[float]) -> None:
    point, drawn = wasserstein(np.array(a), np.array(b), rng=np.random.default_rng(0), samples=0)
    assert point == pytest.approx(wasserstein_distance(a, b), abs=1e-9)
    assert drawn.shape == (0,)


def test_resampled_distances_are_those_of_resamples() -> None:
    """Constant samples stay where they are, however they are drawn."""
    point, drawn = wasserstein(np.full(30, 2.0), np.full(7, 5.0), rng=np.random.default_rng(0), samples=25)
    assert point == pytest.approx(3.0)
    assert drawn.tolist() == pytest.approx([3.0] * 25)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), min_size=2, max_size=12))
def test_jensen_shannon_is_that_of_scipy(counts: list[tuple[int, int]]) -> None:
    p, q = np.array(counts, float).T
    if p.sum() and q.sum():
        assert jensen_shannon(p, q) == pytest.approx(jensenshannon(p, q, base=2), abs=1e-7)
    else:
        assert np.isnan(jensen_shannon(p, q))


def test_resampled_counts_keep_the_number_of_sentences() -> None:
    drawn = resampled_counts(np.ones((9, 2, 2)), rng=np.random.default_rng(0), samples=4)
    assert drawn.shape == (4, 2, 2)
    assert (drawn == 9).all()


def test_an_interval_is_never_below_zero_and_holds_the_point() -> None:
    low, high = centred(0.01, np.linspace(0.2, 0.9, 100)) or (None, None)
    assert low == 0.0
    assert high is not None
    assert high > 0.01
    assert centred(1.0, np.array([np.nan, 1.0])) is None
