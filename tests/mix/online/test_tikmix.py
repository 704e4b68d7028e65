"""TiKMiX: influence against exact retraining, the direct optimum against a grid, the modelled one against a peak."""

import numpy as np
import pytest

from macaronic.core.errors import UnknownName, UsageError
from macaronic.core.mixture import Mixture
from macaronic.mix.online.logistic import draw
from macaronic.mix.online.tikmix import Influence, boosted, curved, direct, influences, modelled


def estimate_and_truth(seed: int, *, exact: bool, step: float = 0.2) -> tuple[np.ndarray, np.ndarray]:
    data = draw(np.random.default_rng(seed))
    weights = np.full(5, 0.2)
    place = data.train(weights)
    found = influences(
        dict(zip(data.names, data.domain_gradients(place), strict=True)),
        dict(zip(data.tasks, data.task_gradients(place), strict=True)),
        curvature=data.curvature(place, weights) if exact else None,
    )
    before = data.task_losses(place)
    again = [data.task_losses(data.train(weights + step * np.eye(5)[j])) - before for j in range(5)]
    return found.change, np.stack(again, axis=1)


def rank_correlation(a: np.ndarray, b: np.ndarray) -> float:
    ranks = [x.ravel().argsort().argsort() for x in (a, b)]
    return float(np.corrcoef(ranks[0], ranks[1])[0, 1])


@pytest.mark.parametrize("seed", range(4))
def test_influence_ranks_as_exact_retraining_does(seed: int) -> None:
    estimate, truth = estimate_and_truth(seed, exact=True)
    assert rank_correlation(estimate, truth) >= 0.9


def test_influence_is_the_derivative() -> None:
    estimate, truth = estimate_and_truth(0, exact=True, step=1e-4)
    assert truth / 1e-4 == pytest.approx(estimate, rel=1e-2, abs=1e-5)


def test_curvatures_agree_where_they_are_the_same() -> None:
    domains = {"a": np.array([1.0, 2.0]), "b": np.array([0.0, 1.0])}
    tasks = {"v": np.array([2.0, 1.0])}
    half = influences(domains, tasks, curvature=np.array([2.0, 2.0])).change
    assert half == pytest.approx(influences(domains, tasks, curvature=2 * np.eye(2)).change)
    assert half == pytest.approx(influences(domains, tasks, damping=1.0).change)
    with pytest.raises(UsageError, match="damping"):
        influences(domains, tasks, curvature=np.zeros((2, 2)))
    with pytest.raises(UsageError, match="damping"):
        influences(domains, tasks, curvature=np.zeros(2))
    with pytest.raises(UsageError, match="one length"):
        influences(domains, {"v": np.ones(3)})


@pytest.mark.parametrize("seed", range(5))
def test_direct_is_the_best_of_a_grid_and_no_task_falls(seed: int) -> None:
    rng = np.random.default_rng(seed)
    found = Influence(("a", "b", "c"), ("v", "w"), rng.normal(size=(2, 3)))
    current = Mixture({"a": 0.3, "b": 0.4, "c": 0.3})
    answer = direct(found, current, evenness=0.5).array
    gain = found.gain

    def value(p: np.ndarray) -> float:
        return float((gain @ p).mean() - 0.5 * (gain @ p).var())

    assert (gain @ answer >= gain @ current.array - 1e-6).all()
    grid = [(i / 100, j / 100, 1 - (i + j) / 100) for i in range(101) for j in range(101 - i)]
    allowed = [np.array(p) for p in grid if (gain @ np.array(p) >= gain @ current.array).all()]
    assert value(answer) >= max([value(p) for p in allowed] or [value(current.array)]) - 1e-4


def test_direct_keeps_caps_and_names() -> None:
    found = Influence(("a", "b", "c"), ("v",), np.array([[-3.0, -1.0, 1.0]]))
    even = Mixture({"c": 1, "b": 1, "a": 1})
    answer = direct(found, even, caps={"a": 0.5, "b": 0.4}).weights
    assert answer == pytest.approx({"a": 0.5, "b": 0.4, "c": 0.1}, abs=1e-6)
    with pytest.raises(UsageError, match="caps"):
        direct(found, even, caps={"a": 0.2})
    with pytest.raises(UnknownName):
        direct(found, even, caps={"z": 0.5})
    with pytest.raises(UnknownName):
        direct(found, Mixture({"z": 1}))


def peak(mixture: Mixture) -> dict[str, float]:
    off = mixture.aligned(["a", "b", "c"]) - [0.6, 0.3, 0.1]
    return {"v": 1 - float(off @ off), "w": -float(np.abs(off).sum())}


@pytest.mark.parametrize("fit", ["curved", "boosted"])
def test_modelled_finds_a_peak_that_the_start_misses(fit: str) -> None:
    if fit == "boosted":
        pytest.importorskip("lightgbm")
    start = Mixture({"a": 0.4, "b": 0.3, "c": 0.3})
    answer = modelled(
        start, peak, rng=np.random.default_rng(0), fit={"curved": curved, "boosted": boosted}[fit], rounds=3
    )
    assert peak(answer)["v"] > peak(start)["v"]
    assert answer.array == pytest.approx([0.6, 0.3, 0.1], abs=0.07)


def test_modelled_refuses_gains_that_are_not_numbers() -> None:
    start = Mixture({"a": 1, "b": 1})
    with pytest.raises(UsageError, match="NaN"):
        modelled(start, lambda m: {"v": float("nan")}, rng=np.random.default_rng(0), fit=curved)
    with pytest.raises(UsageError, match="1 or more"):
        modelled(start, peak, rng=np.random.default_rng(0), samples=0)
