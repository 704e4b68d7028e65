"""The exact loss is that of simulated learners, and the optimum is found by a search that knows nothing of slopes."""

import itertools

import numpy as np
import pytest

from macaronic.core.errors import UsageError
from macaronic.mix.contest.expected_log import expected_log, summed
from macaronic.mix.contest.languages import draw
from macaronic.mix.contest.learner import beginner


@pytest.mark.parametrize("added", [0.1, 2.4])
def test_the_mean_log_is_that_of_the_sum_over_all_counts(added: float) -> None:
    means = np.array([0.0, 1e-3, 0.3, 4.0, 77.0, 900.0, 1999.0, 2001.0, 5e4])
    value, slope = expected_log(means, added)
    assert value == pytest.approx([summed(m, added) for m in means], abs=1e-7)
    step = 1e-3
    rise = [(summed(m + step, added) - summed(m, added)) / step for m in means]
    assert slope == pytest.approx(rise, rel=5e-3, abs=1e-6)


def test_simulated_learners_lose_what_the_formula_says() -> None:
    world = draw(np.random.default_rng(3), budget=3e4, families=("a", "a", "b"))
    read, rng, losses = np.array([9e3, 2e3, 2e4]), np.random.default_rng(0), []
    for _ in range(150):
        learner = beginner(world, rng)
        learner.study(0.3 * read)
        learner.study(0.7 * read)
        losses.append(learner.tested(world.pairs))
    error = np.std(losses, axis=0) / np.sqrt(len(losses))
    assert np.all(np.abs(np.mean(losses, axis=0) - world.losses(read)) < 4 * error + 1e-4)


@pytest.mark.parametrize("seed", [0, 1])
def test_no_mixture_of_a_fine_grid_is_better_than_the_optimum(seed: int) -> None:
    budget = 5e4
    world = draw(np.random.default_rng(seed), budget=budget, families=("a", "a", "b"), targets=2)
    best = world.best(budget)
    steps = [(i, j, 25 - i - j) for i, j in itertools.product(range(26), repeat=2) if i + j <= 25]
    grid = [world.mean_loss(budget * np.array(point) / 25) for point in steps]
    assert best.loss <= min(grid) + 1e-9
    assert best.gap < 1e-5
    assert np.abs(np.array(steps[int(np.argmin(grid))]) / 25 - best.shares).max() < 0.1


def test_languages_of_a_family_help_each_other_and_repeats_are_worth_nothing() -> None:
    world = draw(np.random.default_rng(5), budget=2e4, families=("a", "a", "b"))
    alone = world.losses(np.array([1e4, 0.0, 0.0]))
    nothing = world.losses(np.zeros(3))
    assert alone[1] < nothing[1] - 0.1
    assert alone[2] > alone[1]
    much = world.sizes * 50
    assert world.losses(much) == pytest.approx(world.losses(2 * much), abs=1e-9)


def test_gradients_are_those_of_the_loss() -> None:
    world = draw(np.random.default_rng(1), budget=1e4, families=("a", "b"))
    learner = beginner(world, np.random.default_rng(2))
    learner.study(np.array([3e3, 1e3]))
    text, at = world.pairs[:1], int(world.pairs[0].argmax())
    slope = learner.gradients(text)[0, at]
    nats, step = learner.surprise(), 1e-5

    def loss(moved: float) -> float:
        """The text's loss when one pair's logit is moved."""
        shifted = nats.copy()
        row = world.context == world.context[at]
        shifted[row] += np.log1p(np.exp(-nats[at]) * np.expm1(moved))
        shifted[at] -= moved
        return float(text[0] @ shifted)

    assert slope == pytest.approx((loss(step) - loss(-step)) / (2 * step), rel=1e-4)


def test_bad_worlds_are_refused() -> None:
    rng = np.random.default_rng(0)
    with pytest.raises(UsageError, match="two or more languages"):
        draw(rng, budget=1e4, families=("a",))
    with pytest.raises(UsageError, match="languages that count"):
        draw(rng, budget=1e4, targets=9)
