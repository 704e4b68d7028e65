"""Aioli: the matrix is learnt, the mixture moves the right way, and the machine of stretches is sound."""

from functools import partial

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from macaronic.core.errors import UnknownName, UsageError
from macaronic.core.mixture import Mixture
from macaronic.mix.online import aioli, lmo, worlds
from macaronic.mix.online.loop import Controller, run


@given(st.integers(2, 6), st.integers(1, 5), st.floats(0.55, 1.0), st.integers(0, 99))
def test_solve_recovers_any_matrix(m: int, k: int, lean: float, seed: int) -> None:
    truth = np.random.default_rng(seed).normal(size=(k, m))
    assert aioli.solve(truth @ aioli.leaning(m, lean).T, lean) == pytest.approx(truth, abs=1e-9)


def linear_run(truth: np.ndarray, settings: aioli.Settings, moves: int) -> aioli.State:
    """Training where every stretch lowers the losses by truth @ shares, exactly."""
    names = [f"d{j}" for j in range(truth.shape[1])]
    state, losses = aioli.start(names, settings=settings), np.full(len(truth), 100.0)
    rng = np.random.default_rng(0)
    while state.moves < moves:
        losses = losses - truth @ state.mixture.aligned(names)
        state = aioli.step(state, dict(zip(names, losses, strict=True)), rng=rng)
    return state


def test_the_learnt_matrix_is_the_true_one_without_noise() -> None:
    truth = np.array([[0.5, 0.1, 0.0], [0.2, 0.4, 0.1], [0.1, 0.0, 0.9]])
    state = linear_run(truth, aioli.Settings(rounds=2), 1)
    assert state.matrix == pytest.approx(truth / truth.sum(), abs=1e-9)
    assert lmo.similarity(state.matrix, truth) == pytest.approx(1)


def test_shares_move_to_the_domain_that_helps_most() -> None:
    truth = np.array([[0.5, 0.1, 0.0], [0.2, 0.4, 0.1], [0.1, 0.0, 0.9]])  # column sums 0.8, 0.5, 1.0
    weights = linear_run(truth, aioli.Settings(rounds=1, rate=1.0), 60).learnt.weights
    assert max(weights, key=weights.__getitem__) == "d2"
    assert weights["d2"] > 0.95
    averaged = linear_run(truth, aioli.Settings(rounds=1, rate=1.0, memory=0.5), 60).learnt.weights
    assert averaged["d2"] == pytest.approx(np.exp(1.0 / 2.3) / sum(np.exp(np.array([0.8, 0.5, 1.0]) / 2.3)))


def test_every_domain_is_probed_as_often_as_asked() -> None:
    state = aioli.start(["a", "b", "c"], settings=aioli.Settings(rounds=4, probe_steps=2, train_steps=50))
    assert (state.segment, state.mixture.weights) == (50, pytest.approx({"a": 1 / 3, "b": 1 / 3, "c": 1 / 3}))
    state = aioli.step(state, {"a": 3.0, "b": 3.0, "c": 3.0}, rng=np.random.default_rng(1))
    assert sorted(state.queue) == [0] * 4 + [1] * 4 + [2] * 4
    assert state.segment == 2
    lean = state.mixture.weights
    assert lean[state.domains[state.queue[0]]] == 0.75


@pytest.mark.parametrize("seed", range(5))
def test_beats_even_shares_in_a_log_linear_world(seed: int) -> None:
    world = worlds.log_linear(np.random.default_rng(seed), count=3)
    reader = worlds.Reader(world)
    settings = aioli.Settings(rounds=1, rate=1.0, probe_steps=1, train_steps=4)
    state = aioli.start(world.domains, settings=settings)
    controller = Controller(state, partial(aioli.step, rng=np.random.default_rng(seed)))
    trace, read = None, 0.0
    while read < 8.0:
        amount = 0.01 * controller.state.segment
        trace = run(controller, lambda mixture, _, a=amount: reader.read(mixture, a), 1)
        controller, read = trace.controller, read + amount
    even = world.losses(np.full(3, read / 3)).mean()
    assert world.losses(reader.amounts).mean() < even


def test_bad_settings_and_losses() -> None:
    with pytest.raises(UsageError, match="lean"):
        aioli.start(["a", "b"], settings=aioli.Settings(lean=0.5))
    with pytest.raises(UsageError, match="at least one round"):
        aioli.start(["a", "b"], settings=aioli.Settings(rounds=0))
    state, rng = aioli.start(["a", "b"]), np.random.default_rng(0)
    with pytest.raises(UsageError, match="none came for b"):
        aioli.step(state, {"a": 1.0}, rng=rng)
    with pytest.raises(UsageError, match="NaN"):
        aioli.step(state, {"a": 1.0, "b": float("nan")}, rng=rng)
    with pytest.raises(UnknownName, match="'a'"):
        aioli.step(state, {"aa": 1.0, "b": 1.0}, rng=rng)


def test_losses_may_be_others_than_the_domains() -> None:
    state = aioli.start(["a", "b"], targets=["qa"], settings=aioli.Settings(rounds=1))
    rng = np.random.default_rng(0)
    state = aioli.step(state, {"qa": 5.0}, rng=rng)
    while state.queue:
        state = aioli.step(state, {"qa": float(state.losses[0]) - 0.1}, rng=rng)
    assert state.matrix.shape == (1, 2)
    assert state.learnt.weights == pytest.approx(Mixture({"a": 1, "b": 1}).weights)
