"""Curves with a shared exponent: planted ones come back, bad ones do not bend the others."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from macaronic.core.errors import UsageError
from macaronic.mix.power_law import PowerLaws, fit_power_laws


def curves(
    alpha: float, count: int, rng: np.random.Generator, points: int = 4
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """x, y and curve of planted laws; y is exact."""
    x, group = np.tile(2.0 ** np.arange(points), count), np.repeat(np.arange(count), points)
    floors, scales = rng.uniform(0.5, 3, count), rng.uniform(0.2, 2, count)
    return x, floors[group] + scales[group] * x**-alpha, group


@settings(max_examples=25, deadline=None)
@given(st.floats(0.05, 1.5), st.integers(1, 8), st.integers(0, 1000))
def test_planted_curves_come_back(alpha: float, count: int, seed: int) -> None:
    x, y, group = curves(alpha, count, np.random.default_rng(seed))
    found = fit_power_laws(x, y, group)
    assert found.exponent == pytest.approx(alpha, rel=0.01)
    assert np.abs(found.predict(x, group) - y).max() < 1e-3


def test_the_same_as_a_general_solver_on_noisy_points() -> None:
    """Two formulations: variable projection, and least squares in all parameters at the exponent found."""
    from scipy.optimize import least_squares

    rng = np.random.default_rng(2)
    x, y, group = curves(0.4, 5, rng, points=6)
    y = y + rng.normal(0, 0.01, len(y))
    found = fit_power_laws(x, y, group)

    def residual(free: np.ndarray) -> np.ndarray:
        return PowerLaws(found.exponent, 1.0, free[:5], free[5:]).predict(x, group) - y

    other = least_squares(residual, np.ones(10), bounds=(0, np.inf)).x
    assert other[:5] == pytest.approx(found.floors, abs=1e-4)
    assert other[5:] == pytest.approx(found.scales, abs=1e-4)


def test_one_curve_gone_wrong_does_not_bend_the_others() -> None:
    x, y, group = curves(0.5, 8, np.random.default_rng(3))
    y[group == 7] = np.array([2.0, 5.0, 1.0, 9.0])
    found = fit_power_laws(x, y, group)
    assert found.exponent == pytest.approx(0.5, abs=0.02)
    assert np.abs(found.predict(x, group) - y)[group < 7].max() < 0.01


def test_rising_curves_are_kept_level_and_floors_stay_above_zero() -> None:
    x, group = np.tile([1.0, 2.0, 4.0], 2), np.repeat([0, 1], 3)
    found = fit_power_laws(x, np.array([1.0, 1.1, 1.2, 1.0, 0.25, 0.0]), group)
    assert found.scales[0] == 0
    assert found.floors[0] == pytest.approx(1.1)
    assert (found.floors >= 0).all()


def test_a_curve_of_two_points_uses_the_exponent_of_the_others_and_one_point_is_no_curve() -> None:
    x, y, group = curves(0.5, 3, np.random.default_rng(4))
    keep = (group == 0) | ((group == 1) & (x < 4)) | ((group == 2) & (x < 2))
    found = fit_power_laws(x[keep], y[keep], group[keep])
    assert np.abs(found.predict(x, group) - y)[group < 2].max() < 1e-3
    assert np.isnan(found.floors[2])
    assert np.isnan(found.scales[2])


def test_weights_say_which_curves_make_the_exponent() -> None:
    x, y, group = curves(0.3, 2, np.random.default_rng(5))
    y[group == 1] = 1 + x[group == 1] ** -1.0
    found = [fit_power_laws(x, y, group, weights=np.array(w)).exponent for w in ([1.0, 0.0], [0.0, 1.0])]
    assert found == pytest.approx([0.3, 1.0], rel=0.01)


def test_what_cannot_be_fitted_is_said() -> None:
    with pytest.raises(UsageError, match="at least 3 different points; the longest has 2"):
        fit_power_laws(np.array([1.0, 2.0]), np.ones(2), np.zeros(2, dtype=np.intp))
    with pytest.raises(UsageError, match="diverge"):
        fit_power_laws(np.array([1.0, 2.0, 3.0]), np.array([1.0, np.nan, 1.0]), np.zeros(3, dtype=np.intp))
    with pytest.raises(UsageError, match="an x, a y and a curve"):
        fit_power_laws(np.ones(2), np.ones(3), np.zeros(3, dtype=np.intp))
    x = np.array([1.0, 2.0, 4.0, 8.0])
    assert fit_power_laws(x, 200 - np.log(x), np.zeros(4, dtype=np.intp)).at_edge
