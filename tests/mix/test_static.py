"""Static mixtures: closed forms, limits, and what must hold for any sizes."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from macaronic.core.errors import UsageError
from macaronic.core.mixture import Mixture
from macaronic.mix.static import capped, proportional, temperature, unimax

sizes = st.dictionaries(st.sampled_from("abcdefgh"), st.integers(1, 10**9), min_size=1)


@given(sizes)
def test_temperature_one_is_proportional(held: dict[str, int]) -> None:
    assert temperature(held, 1).weights == pytest.approx(proportional(held).weights)


@given(sizes)
def test_infinite_temperature_is_uniform(held: dict[str, int]) -> None:
    assert temperature(held, math.inf).weights == pytest.approx({n: 1 / len(held) for n in held})


def test_empty_source_gets_nothing_at_any_temperature() -> None:
    assert temperature({"a": 10, "none": 0}, 100).weights["none"] == 0.0


@pytest.mark.parametrize("tau", [0.0, -1.0, math.nan])
def test_bad_temperature(tau: float) -> None:
    with pytest.raises(UsageError, match="temperature"):
        temperature({"a": 1}, tau)


@given(sizes, st.integers(1, 10**9), st.floats(0.5, 20))
def test_unimax_never_repeats_more_than_allowed(held: dict[str, int], budget: int, epochs: float) -> None:
    mixture = unimax(held, budget, max_epochs=epochs)
    reachable = min(budget, epochs * sum(held.values()))
    for name, weight in mixture.weights.items():
        assert weight * reachable <= epochs * held[name] * (1 + 1e-9)


def test_unimax_by_hand() -> None:
    # budget 300 over 3: the small source may give 2 x 10 = 20; the rest splits 280 evenly, 140 each.
    weights = unimax({"s": 10, "m": 500, "l": 900}, 300, max_epochs=2).weights
    assert weights == pytest.approx({"s": 20 / 300, "m": 140 / 300, "l": 140 / 300})


@given(sizes, st.integers(1, 10**9), st.dictionaries(st.sampled_from("abcdefgh"), st.floats(0.01, 10)))
def test_caps_hold_and_shares_sum_to_one(held: dict[str, int], budget: int, wants: dict[str, float]) -> None:
    mixture = Mixture({name: wants.get(name, 1.0) for name in held})
    result, bound = capped(mixture, held, budget)
    assert math.fsum(result.weights.values()) == pytest.approx(1)
    if sum(held.values()) >= budget:
        assert all(result.weights[n] * budget <= held[n] * (1 + 1e-9) + 1e-9 for n in held)
        free = [n for n in held if n not in bound]
        ratios = [result.weights[n] / mixture.weights[n] for n in free]
        assert ratios == pytest.approx([ratios[0]] * len(ratios)) if ratios else True
