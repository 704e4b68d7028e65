"""Mixing laws: what was planted comes back, and what is not determined is said."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from macaronic.core.errors import UsageError
from macaronic.mix.laws import Law, fit_law


@settings(max_examples=20, deadline=None)
@given(st.integers(2, 6), st.integers(0, 1000))
def test_a_law_without_noise_comes_back(m: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    p, true = rng.dirichlet(np.ones(m), 30 * m), Law(2.0, rng.uniform(-2, 1, m))
    found = fit_law(p, true.predict(p), ridge=0.0, huber=None)
    fresh = rng.dirichlet(np.ones(m), 50)
    assert np.abs(found.predict(fresh) - true.predict(fresh)).max() < 1e-3


def test_two_domains_as_a_line() -> None:
    p = np.column_stack([np.linspace(0, 1, 12), 1 - np.linspace(0, 1, 12)])
    k, b, c = fit_law(p, 1.2 + np.exp(-1.7 * p[:, 0] - 0.6), ridge=0.0).line()
    assert (k, b, c) == pytest.approx((-1.7, -0.6, 1.2), abs=1e-3)
    with pytest.raises(UsageError, match="2 domains"):
        Law(0.0, np.zeros(3)).line()


def test_few_starts_are_enough() -> None:
    from macaronic.mix.laws import _refined

    rng = np.random.default_rng(3)
    p = rng.dirichlet(np.full(5, 0.5), 60)
    y = 3 + np.exp(p @ np.array([-3.0, 0.5, 0.2, -0.4, 0.1])) + rng.normal(0, 0.02, 60)
    found = fit_law(p, y, ridge=1e-6, huber=None)
    mine, _, _ = _refined(p, y, found.c, found.t, 1e-6, None, float(y.std()))
    others = [
        _refined(p, y, rng.uniform(0, y.min()), rng.normal(0, 2, 5), 1e-6, None, float(y.std()))[0] for _ in range(60)
    ]
    assert mine <= min(others) * (1 + 1e-6)


def test_an_outlier_moves_the_law_less_than_it_would_squares() -> None:
    rng = np.random.default_rng(4)
    p = rng.dirichlet(np.ones(3), 40)
    true = Law(2.0, np.array([-1.0, 0.5, 0.2]))
    y = true.predict(p)
    y[0] += 30
    robust, plain = fit_law(p, y, huber=0.05), fit_law(p, y, huber=None)
    off = [float(np.abs(law.predict(p[1:]) - y[1:]).mean()) for law in (robust, plain)]
    assert off[0] < 0.5 * off[1]


def test_degeneracy_is_said() -> None:
    p = np.column_stack([np.linspace(0.1, 0.9, 9), 1 - np.linspace(0.1, 0.9, 9)])
    assert "c lies at 0" in fit_law(p, 5 - 0.5 * p[:, 0]).warnings[0]
    assert "do not vary" in fit_law(p, np.full(9, 3.0)).warnings[0]
    assert fit_law(p, np.full(9, 3.0)).predict(p) == pytest.approx(3.0)
    rng = np.random.default_rng(1)
    few = rng.dirichlet(np.ones(8), 5)
    assert any("fewer runs" in w for w in fit_law(few, 2 + few[:, 0]).warnings)
    absent = np.column_stack([p, np.zeros(9)])
    assert any("no share in any run" in w for w in fit_law(absent, 2 + np.exp(-p[:, 0])).warnings)


def test_too_few_runs() -> None:
    with pytest.raises(UsageError, match="at least 3"):
        fit_law(np.eye(2), np.ones(2))


def test_a_slope_that_falls_within_a_few_percent_of_a_share_comes_back() -> None:
    """Slopes steeper than -50 were cut off once, which cost rank correlation on RegMix's runs."""
    rng = np.random.default_rng(5)
    p = rng.dirichlet(np.array([0.3, 1.0, 1.0]), 200)
    true = Law(2.0, np.array([-120.0, 0.3, -0.2]))
    found = fit_law(p, true.predict(p), ridge=0.0, huber=None)
    assert found.t == pytest.approx(true.t, rel=1e-3)
    assert any("slopes differ" in warning for warning in found.warnings)
