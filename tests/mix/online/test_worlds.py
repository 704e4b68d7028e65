"""The toy worlds: their optimum is one, and their derivatives are right."""

import numpy as np
import pytest

from macaronic.core.mixture import Mixture
from macaronic.mix.online import logistic, worlds


@pytest.mark.parametrize("seed", range(4))
def test_best_is_the_best_of_a_grid(seed: int) -> None:
    world = worlds.log_linear(np.random.default_rng(seed), count=3)
    grid = [np.array([i, j, 40 - i - j]) / 40 for i in range(41) for j in range(41 - i)]
    losses = [world.losses(4.0 * p).mean() for p in grid]
    best = world.losses(4.0 * world.best(4.0).aligned(world.domains)).mean()
    assert best <= min(losses) + 1e-6
    assert world.regret(Mixture(dict(zip(world.domains, grid[5].tolist(), strict=True))), 4.0) >= -1e-9


def test_the_matrix_is_the_derivative() -> None:
    world = worlds.log_linear(np.random.default_rng(1), count=3)
    amounts, step = np.array([0.3, 0.2, 0.1]), 1e-6
    slopes = [(world.losses(amounts) - world.losses(amounts + step * e)) / step for e in np.eye(3)]
    assert world.matrix(amounts) == pytest.approx(np.stack(slopes, axis=1), abs=1e-4)


def test_walking_ends_where_it_settles() -> None:
    rng = np.random.default_rng(0)
    world = worlds.Quadratic(("a", "b"), rng.normal(size=(2, 3)), np.exp(rng.normal(size=(2, 3))), np.zeros(3))
    walker = worlds.Walker(world, np.ones(3))
    walker.walk(Mixture({"b": 1, "a": 3}), 2000)
    assert walker.place == pytest.approx(world.settled(np.array([0.75, 0.25])), abs=1e-6)


def test_training_reaches_the_minimum() -> None:
    data = logistic.draw(np.random.default_rng(0))
    weights = np.full(5, 0.2)
    place = data.train(weights)
    assert weights @ data.domain_gradients(place) + data.ridge * place == pytest.approx(np.zeros(6), abs=1e-10)
