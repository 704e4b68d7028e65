"""MixMin: the proven gap is a proof, bounds hold, and a known mixture is found again."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize

from macaronic.core.errors import UsageError
from macaronic.mix.limits import limits
from macaronic.mix.mixmin import minimise

NAMES = ("a", "b", "c")


def world(seed: int, n: int = 200) -> np.ndarray:
    return np.log(np.random.default_rng(seed).dirichlet(np.ones(3), n) + 1e-6)


def loss(chances: np.ndarray, weights: np.ndarray) -> float:
    return -float(np.mean(np.log(np.exp(chances) @ weights)))


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000))
def test_no_mixture_is_better_than_the_gap_says(seed: int) -> None:
    chances = world(seed, 40)
    found = minimise(NAMES, chances, np.ones(40))
    assert found.gap <= 1e-6
    others = np.random.default_rng(seed).dirichlet(np.ones(3) * 0.5, 2000)
    least = min(loss(chances, w) for w in others)
    assert found.loss <= least + found.gap + 1e-12
    assert found.loss == pytest.approx(loss(chances, found.mixture.array))


def test_agrees_with_a_general_optimiser() -> None:
    chances = world(3)
    start = np.ones(3) / 3
    constraint = {"type": "eq", "fun": lambda w: w.sum() - 1}
    other = minimize(lambda w: loss(chances, w), start, bounds=[(0, 0.3), (0.1, 1), (0, 1)], constraints=constraint)
    allowed = limits(NAMES, caps={"a": 0.3}, floors={"b": 0.1})
    found = minimise(NAMES, chances, np.ones(200), allowed=allowed, tolerance=1e-9)
    assert found.loss <= other.fun + 1e-6
    assert np.allclose(found.mixture.array, other.x, atol=2e-3)


def test_a_binding_cap_and_floor_hold() -> None:
    chances = np.log(np.tile([0.8, 0.1, 0.1], (10, 1)))
    allowed = limits(NAMES, caps={"a": 0.5}, floors={"c": 0.2})
    found = minimise(NAMES, chances, np.ones(10), allowed=allowed)
    assert found.mixture.weights["a"] == pytest.approx(0.5, abs=1e-6)
    assert found.mixture.weights["c"] >= 0.2 - 1e-9
    assert found.gap <= 1e-6


def test_texts_that_only_one_source_makes_give_their_shares() -> None:
    chances = np.log(np.vstack([np.tile([1, 1e-9, 1e-9], (6, 1)), np.tile([1e-9, 1e-9, 1], (2, 1))]))
    found = minimise(NAMES, chances, np.ones(8))
    assert found.mixture.array == pytest.approx([0.75, 0, 0.25], abs=1e-3)


def test_intervals_hold_the_truth_and_repeat() -> None:
    rng = np.random.default_rng(5)
    truth = np.array([0.6, 0.3, 0.1])
    emission = np.array([[0.7, 0.2, 0.1], [0.1, 0.7, 0.2], [0.2, 0.1, 0.7]])
    seen = rng.choice(3, 3000, p=truth @ emission)
    chances = np.log(emission[:, seen].T)
    found = minimise(NAMES, chances, np.ones(3000), samples=100, rng=np.random.default_rng(1))
    for name, share in zip(NAMES, truth):
        assert found.low[name] <= share <= found.high[name]
    again = minimise(NAMES, chances, np.ones(3000), samples=100, rng=np.random.default_rng(1))
    assert again == found


def test_bad_input_is_named() -> None:
    with pytest.raises(UsageError, match="at least one text"):
        minimise(NAMES, np.zeros((0, 3)), np.zeros(0))
    with pytest.raises(UsageError, match="finite"):
        minimise(NAMES, np.full((2, 3), np.nan), np.ones(2))
