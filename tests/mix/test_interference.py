"""Interference: the formula, its sign, and what temperature and size do in the toy world."""

import pytest

from macaronic.core.errors import UnknownName, UsageError
from macaronic.mix.interference import ToyWorld, choose, interference, sweep

SIZES = {"high": 10000.0, "middle": 1000.0, "low": 50.0}


def world(capacity: float = 50.0) -> ToyWorld:
    return ToyWorld(SIZES, budget=5000.0, capacity=capacity)


def test_formula_and_sign() -> None:
    scores = interference({"a": 4.0, "b": 2.0}, {"b": 2.5, "a": 3.0})
    assert scores == {"a": 0.25, "b": -0.25}


def test_a_higher_temperature_helps_the_small_pair_and_hurts_the_large_one() -> None:
    points = sweep(SIZES, world().alone(), world().train)
    small, large = ([p.scores[name] for p in points] for name in ("low", "high"))
    assert small == sorted(small)
    assert large == sorted(large, reverse=True)
    assert large[-1] < 0
    assert choose(points).mean == max(p.mean for p in points)
    assert choose(points, by="worst").worst == max(p.worst for p in points)


def test_interference_falls_with_the_size_of_the_model() -> None:
    scores = [sweep(SIZES, world(c).alone(), world(c).train, taus=[2.0])[0].scores for c in (2, 10, 50, 1000)]
    for pair in SIZES:
        own = [s[pair] for s in scores]
        assert own == sorted(own)


@pytest.mark.parametrize(
    ("alone", "together", "error"),
    [
        ({"a": 1.0}, {"a": 1.0, "b": 1.0}, UnknownName),
        ({"a": 1.0, "b": 1.0}, {"a": 1.0}, UsageError),
        ({"a": 1.0}, {"a": float("nan")}, UsageError),
        ({"a": 0.0}, {"a": 1.0}, UsageError),
    ],
)
def test_bad_losses(alone: dict[str, float], together: dict[str, float], error: type[Exception]) -> None:
    with pytest.raises(error):
        interference(alone, together)


def test_bad_sweep() -> None:
    with pytest.raises(UsageError):
        sweep(SIZES, world().alone(), world().train, taus=[])
    with pytest.raises(UsageError):
        choose([])
    with pytest.raises(UnknownName):
        choose(sweep(SIZES, world().alone(), world().train), by="men")
