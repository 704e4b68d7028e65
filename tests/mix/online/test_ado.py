"""ADO: laws are recovered, shares go to what still falls, floors hold, the refit has its times."""

from functools import partial

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from macaronic.core.errors import UsageError
from macaronic.mix.online import ado
from macaronic.mix.online.loop import Controller, run

QUICK = ado.Settings(first_fit=60, fit_every=20, dropped=10, every=1, window=0)


@pytest.mark.parametrize(("floor", "scale", "exponent"), [(2.0, 30.0, 0.25), (1.8, 5.0, 0.5), (3.0, 100.0, 0.35)])
def test_fit_recovers_a_law(floor: float, scale: float, exponent: float) -> None:
    n = np.geomspace(1e3, 1e8, 200)
    noise = np.exp(0.002 * np.random.default_rng(0).normal(size=200))
    law = ado.fit(n, (floor + scale * n**-exponent) * noise)
    assert law.exponent == pytest.approx(exponent, abs=0.02)
    assert law.floor == pytest.approx(floor, rel=0.03)


def test_speed_is_the_slope() -> None:
    law = ado.Law(2.0, 30.0, 0.25)
    assert law.speed(1000.0) == pytest.approx((law.loss(999.5) - law.loss(1000.5)), rel=1e-5)


def test_shares_stay_at_the_prior_before_the_first_fit_then_favour_what_falls() -> None:
    laws = {"fast": ado.Law(2.0, 40.0, 0.5), "done": ado.Law(2.0, 0.5, 0.5)}
    controller = Controller(ado.start(list(laws), settings=QUICK), partial(ado.step, units=50.0))

    def observe(mixture: object, t: int) -> dict[str, float]:
        return {name: law.loss(25.0 * (t + 1)) for name, law in laws.items()}

    trace = run(controller, observe, 200)
    assert all(m.weights["fast"] == 0.5 for m in trace.mixtures[:60])
    assert trace.mixtures[60].weights["fast"] > 0.5
    assert trace.mixtures[-1].weights["fast"] > trace.mixtures[60].weights["fast"]
    assert trace.controller.state.units.sum() == pytest.approx(200 * 50)


@given(st.lists(st.floats(0, 1), min_size=2, max_size=8).filter(lambda w: sum(w) > 0.1), st.floats(0, 0.12))
def test_floored_keeps_floor_and_sum(weights: list[float], floor: float) -> None:
    shares = np.array(weights) / sum(weights)
    lifted = ado.floored(shares, floor)
    assert lifted.sum() == pytest.approx(1)
    assert lifted.min() >= floor - 1e-12


def test_bad_input() -> None:
    with pytest.raises(UsageError, match="at least"):
        ado.start(["a", "b"], settings=ado.Settings(floor=0.6))
    with pytest.raises(UsageError, match="NaN"):
        ado.step(ado.start(["a", "b"]), {"a": 1.0, "b": float("nan")}, units=1)
    with pytest.raises(UsageError, match="none came for b"):
        ado.step(ado.start(["a", "b"]), {"a": 1.0}, units=1)
    with pytest.raises(UsageError, match="units"):
        ado.step(ado.start(["a", "b"]), {"a": 1.0, "b": 1.0}, units=0)
    with pytest.raises(UsageError, match="4 points"):
        ado.fit(np.array([1.0]), np.array([2.0]))


def test_one_step_in_ten_is_kept() -> None:
    state = ado.start(["a", "b"])
    for _ in range(30):
        state = ado.step(state, {"a": 3.0, "b": 3.0}, units=10)
    assert state.kept.shape == (4, 4)
    assert state.mixture.weights == {"a": 0.5, "b": 0.5}
