"""DoReMi, DoGE, Skill-It, ODM: the formulas by hand, and the direction that each claims."""

from functools import partial

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from macaronic.core.errors import UnknownName, UsageError
from macaronic.mix.online import doge, doremi, odm, skillit, worlds
from macaronic.mix.online.loop import Controller, run
from macaronic.mix.online.named import Gradients

NAMES = ["a", "b", "c"]


def test_doremi_by_hand() -> None:
    reference = dict.fromkeys(NAMES, 2.0)
    state = doremi.step(doremi.start(NAMES), {"a": 2.5, "b": 1.0, "c": 2.0}, reference=reference, smoothing=0.3)
    raised = np.exp([0.5, 0.0, 0.0])
    assert list(state.mixture.weights.values()) == pytest.approx(0.7 * raised / raised.sum() + 0.1)
    # a domain that is not in the batch keeps its last excess
    later = doremi.step(state, {"b": 1.0}, reference=reference, smoothing=0.0)
    assert later.excess.tolist() == [0.5, 0.0, 0.0]
    assert later.steps == 2
    assert later.average.weights["a"] == pytest.approx((state.weights[0] + later.weights[0]) / 2)


def test_doremi_refuses_a_diverged_loss_and_a_missing_reference() -> None:
    with pytest.raises(UsageError, match="NaN"):
        doremi.step(doremi.start(NAMES), {"a": float("nan")}, reference={"a": 1.0})
    with pytest.raises(UsageError, match="reference loss"):
        doremi.step(doremi.start(NAMES), {"a": 1.0}, reference={"b": 1.0})
    with pytest.raises(UnknownName):
        doremi.step(doremi.start(NAMES), {"z": 1.0}, reference={"z": 1.0})


def test_doremi_lowers_the_worst_excess() -> None:
    world = worlds.log_linear(np.random.default_rng(3), count=4, transfer=0.0)
    reference = dict(zip(world.targets, world.losses(np.full(4, 1.0)).tolist(), strict=True))

    def end(controller: Controller) -> np.ndarray:
        reader = worlds.Reader(world)
        run(controller, lambda mixture, _: reader.read(mixture, 0.04), 100)
        return world.losses(reader.amounts) - np.array(list(reference.values()))

    moved = end(Controller(doremi.start(world.domains), partial(doremi.step, reference=reference, rate=0.5)))
    prior = {"d0": 0.7, "d1": 0.1, "d2": 0.1, "d3": 0.1}
    skewed = end(Controller(doremi.start(world.domains, prior), lambda state, _: state))
    assert moved.max() < skewed.max()


def test_doge_by_hand() -> None:
    seen = Gradients({"a": [3.0, 4.0], "b": [0.0, -5.0], "c": [100.0, 0.0]}, target=[1.0, 1.0])
    # norms 5, 5, 100: mean 110/3; inner products 7, -5, 100
    expected = np.clip(np.array([7.0, -5.0, 100.0]) / (110 / 3), 0, 5)
    assert doge.alignment(NAMES, seen) == pytest.approx(expected)
    state = doge.step(doge.start(NAMES), seen, learning_rate=0.1, mu=0.2)
    raised = np.exp(0.5 * expected)
    assert list(state.mixture.weights.values()) == pytest.approx(raised / raised.sum())
    assert doge.alignment(NAMES, Gradients({name: [0.0] for name in NAMES})).tolist() == [0, 0, 0]


def test_doge_finds_the_domain_of_the_target() -> None:
    rng = np.random.default_rng(0)
    centres = rng.normal(size=(3, 5))
    world = worlds.Quadratic(("a", "b", "c"), centres, np.ones((3, 5)), centres[1])
    walker = worlds.Walker(world, np.full(5, 3.0), rate=0.1)
    controller = Controller(doge.start(world.domains), partial(doge.step, learning_rate=0.1, mu=0.05))
    answer = run(controller, lambda mixture, _: walker.walk(mixture, 5), 40).controller.state.average
    assert max(answer.weights, key=answer.weights.__getitem__) == "b"
    even = world.loss(world.settled(np.full(3, 1 / 3)))
    assert world.loss(world.settled(answer.array)) < even


def test_skillit_by_hand() -> None:
    graph = np.array([[1.0, 0.5], [0.0, 1.0]])
    state = skillit.start(["a", "b"], graph, {"a": 1, "b": 3})
    state = skillit.step(state, {"a": 2.0, "b": 1.0}, rate=0.5, window=2)
    raised = np.array([0.25, 0.75]) * np.exp(0.5 * np.array([2.0, 2.0]))
    assert state.mixture.array == pytest.approx(raised / raised.sum())
    for _ in range(3):
        state = skillit.step(state, {"a": 1.0, "b": 0.0}, rate=0.5, window=2)
    assert state.recent.tolist() == [[1.0, 0.0], [1.0, 0.0]]
    raised = np.array([0.25, 0.75]) * np.exp(0.5 * np.array([2.0, 1.0]))
    assert state.mixture.array == pytest.approx(raised / raised.sum())


def test_skillit_graph_from_runs_has_the_true_order() -> None:
    world = worlds.log_linear(np.random.default_rng(1), count=3, transfer=0.3)
    before = dict(zip(world.targets, world.losses(np.zeros(3)).tolist(), strict=True))
    after = {
        name: dict(zip(world.targets, world.losses(0.5 * np.eye(3)[j]).tolist(), strict=True))
        for j, name in enumerate(world.domains)
    }
    graph = skillit.graph(before, after)
    assert (np.argsort(graph, axis=1) == np.argsort(world.transfer, axis=1)).all()


@pytest.mark.parametrize("graph", [np.eye(3), -np.eye(2), np.full((2, 2), np.nan)])
def test_bad_graph(graph: np.ndarray) -> None:
    with pytest.raises(UsageError):
        skillit.start(["a", "b"], graph)


def test_odm_by_hand() -> None:
    first = odm.step(odm.start(["a", "b"]), {"a": 3.0, "b": 1.0})
    # e_1 = min(1/2, sqrt(ln 2 / 2)) = 1/2: all exploration.
    assert first.mixture.weights == {"a": 0.5, "b": 0.5}
    assert first.rewards.tolist() == pytest.approx([0.6, 0.2])
    second = odm.step(first, {"a": 3.0})
    assert second.rewards.tolist() == pytest.approx([0.9 * 0.6 + 0.6, 0.2])
    explore = np.sqrt(np.log(2) / 4)
    raised = np.exp(0.5 * second.rewards)
    assert second.mixture.array == pytest.approx((1 - 2 * explore) * raised / raised.sum() + explore)


@given(st.lists(st.lists(st.floats(0, 20), min_size=3, max_size=3), min_size=1, max_size=20))
def test_odm_always_explores(losses: list[list[float]]) -> None:
    state = odm.start(NAMES)
    for row in losses:
        state = odm.step(state, dict(zip(NAMES, row, strict=True)))
        assert state.weights.sum() == pytest.approx(1)
        assert state.weights.min() >= state.explored - 1e-12


def test_odm_drifts_back_to_even_shares() -> None:
    state, far = odm.start(["a", "b"]), 0.0
    for _ in range(4000):
        state = odm.step(state, {"a": 3.0, "b": 1.0})
        far = max(far, state.weights[0])
    assert far > 0.56
    assert 0.5 < state.weights[0] < far - 0.02
