"""R&B: planted groups are found, the Gram matrix is that of real gradients, and the shares follow the goal."""

from functools import partial

import numpy as np
import pytest

from macaronic.core.errors import UnknownName, UsageError
from macaronic.mix.clusters import agreement, regroup
from macaronic.mix.online import rb, worlds
from macaronic.mix.online.logistic import draw, loss
from macaronic.mix.online.loop import Controller, run


@pytest.mark.parametrize("seed", range(3))
def test_planted_groups_are_found(seed: int) -> None:
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, 6, 600)
    points = (rng.normal(size=(6, 16)) * 4)[truth] + rng.normal(size=(600, 16))
    found = regroup(points, range(2, 11), rng=rng)
    assert len(found.centroids) == 6
    assert agreement(found.labels, truth) >= 0.9


def test_shares_follow_the_goal_when_gradients_do_not_interact() -> None:
    goal = {"a": 0.5, "b": 0.3, "c": 0.2}
    state = rb.start(list(goal), goal)
    for j, name in enumerate(goal):
        state = rb.gather(state, {name: np.eye(3)[j]})
    assert rb.gram(state).tolist() == np.eye(3).tolist()
    weights = rb.balance(state, rate=2.0).mixture.array
    raised = np.exp(2.0 * np.array([0.5, 0.3, 0.2]))
    assert weights == pytest.approx(raised / raised.sum())
    assert list(weights) == sorted(weights, reverse=True)


def test_gram_of_gradients_is_that_of_finite_differences() -> None:
    data = draw(np.random.default_rng(0), domains=3)
    place = np.random.default_rng(1).normal(size=6)
    state = rb.gather(rb.start(data.names), dict(zip(data.names, data.domain_gradients(place), strict=True)))
    step, eye = 1e-6, np.eye(6)
    rows = np.array(
        [
            [(loss(place + step * e, x, y) - loss(place - step * e, x, y)) / (2 * step) for e in eye]
            for x, y in zip(data.points, data.labels, strict=True)
        ]
    )
    assert rb.gram(state) == pytest.approx(rows @ rows.T, abs=1e-8)


def test_gradients_of_a_round_are_averaged_by_group() -> None:
    state = rb.start(["a", "b"])
    for batch in ({"a": [1.0, 0.0]}, {"a": [3.0, 0.0], "b": [0.0, 2.0]}):
        state = rb.gather(state, {k: np.array(v) for k, v in batch.items()})
    assert rb.gram(state).tolist() == [[4.0, 0.0], [0.0, 4.0]]
    done = rb.balance(state, rate=1.0)
    assert done.sums.shape == (2, 0)
    assert not done.counts.any()


def test_a_round_without_gradients_changes_nothing_and_the_floor_holds() -> None:
    state = rb.start(["a", "b"], {"a": 9, "b": 1})
    assert rb.balance(state, rate=1.0).mixture.weights == {"a": 0.9, "b": 0.1}
    state = rb.gather(state, {"a": np.array([100.0])})
    assert rb.balance(state, rate=1.0, floor=0.2).mixture.weights["b"] == pytest.approx(0.1)
    assert rb.balance(state, rate=1.0, scale=True).mixture.weights["b"] == pytest.approx(1 / (1 + np.exp(1.8)))


def test_balancing_towards_a_goal_beats_even_shares() -> None:
    rng = np.random.default_rng(2)
    wins = 0
    for _ in range(5):
        centres = rng.normal(size=(4, 6))
        goal = np.array([0.7, 0.2, 0.05, 0.05])
        world = worlds.Quadratic(("a", "b", "c", "d"), centres, np.ones((4, 6)), goal @ centres)
        walker = worlds.Walker(world, np.full(6, 2.0))
        start = rb.start(world.domains, dict(zip(world.domains, goal.tolist(), strict=True)))
        controller = Controller(start, partial(rb.step, rate=0.5, scale=True))
        run(controller, lambda mixture, _, w=walker: w.walk(mixture, 5), 40)
        even = worlds.Walker(world, np.full(6, 2.0))
        run(Controller(rb.start(world.domains), lambda s, _: s), lambda m, _, w=even: w.walk(m, 5), 40)
        wins += world.loss(walker.place) < world.loss(even.place)
    assert wins >= 4


def test_bad_input() -> None:
    state = rb.gather(rb.start(["a", "b"]), {"a": np.array([1.0, 2.0])})
    with pytest.raises(UsageError, match="2 numbers"):
        rb.gather(state, {"b": np.array([1.0])})
    with pytest.raises(UsageError, match="NaN"):
        rb.gather(state, {"b": np.array([1.0, np.nan])})
    with pytest.raises(UnknownName):
        rb.gather(state, {"z": np.array([1.0, 2.0])})
    with pytest.raises(UsageError, match="rate"):
        rb.balance(state, rate=0)
