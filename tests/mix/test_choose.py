"""The whole way on a world whose best mixture is known."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from macaronic.core.errors import UsageError
from macaronic.core.executor import Serial
from macaronic.mix.choose import Choice, choose
from macaronic.mix.texts import Texts, prepare

TEXTS: Texts = prepare([(name, str(i), "abcde") for i in range(60) for name in ("a", "b", "c")])
BUDGET = 600


@dataclass(frozen=True)
class World:
    """Each source helps its own target, `a` most slowly; a seed adds a little noise."""

    def settings(self) -> dict[str, str | int | float]:
        return {"kind": "world"}

    def __call__(self, weights: Mapping[str, float], *, seed: int) -> dict[str, float]:
        noise = np.random.default_rng(seed).normal(0, 1e-3, 3)
        rates = {"a": 2.0, "b": 4.0, "c": 8.0}
        return {n: 1 + float(np.exp(-rates[n] * weights[n]) + e) for n, e in zip(rates, noise)}


def best() -> np.ndarray:
    """By search: where the mean of the three losses is least."""
    grid = np.array([(i, j, 200 - i - j) for i in range(201) for j in range(201 - i)]) / 200
    return np.asarray(grid[np.exp(-grid * [2.0, 4.0, 8.0]).sum(axis=1).argmin()])


def chosen(kept: Path, **settings: object) -> Choice:
    given = {"proxies": 60, "checks": 4, "max_epochs": 10.0, **settings}
    return choose(TEXTS, World(), budget=BUDGET, kept=kept, engine=Serial(), **given)  # type: ignore[arg-type]


def test_the_known_optimum_is_found_and_beats_uniform(tmp_path: Path) -> None:
    found = chosen(tmp_path)
    assert found.optimum.mixture.array == pytest.approx(best(), abs=0.03)
    for name, truth in zip(TEXTS.names, best()):
        low, high = found.optimum.intervals[name]
        assert low - 0.02 <= truth <= high + 0.02
    uniform = next(check for check in found.checks if check.name == "uniform")
    assert uniform.low > 0
    assert len(found.runs) == 60


def test_limits_and_repetition_hold(tmp_path: Path) -> None:
    found = chosen(tmp_path, caps={"b": 0.3}, floors={"c": 0.35}, max_epochs=1.4)
    weights = found.optimum.mixture.weights
    assert weights["b"] <= 0.3 + 1e-9
    assert weights["c"] >= 0.35 - 1e-9
    assert all(times <= 1.4 + 1e-6 for times in found.epochs.values())
    assert np.all(found.runs.mixtures[:, 2] >= 0.35 - 1e-9)


def test_limits_that_nothing_meets_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="the caps sum to"):
        chosen(tmp_path, max_epochs=0.1)


@dataclass(frozen=True)
class Noisy(World):
    """The same world, seen through noise as large as what mixtures do to the losses."""

    def __call__(self, weights: Mapping[str, float], *, seed: int) -> dict[str, float]:
        noise = np.random.default_rng([seed, 1]).normal(0, 0.3, 3)
        return {name: loss + float(e) for (name, loss), e in zip(World()(weights, seed=seed).items(), noise)}


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_noisy_proxies_send_no_share_where_none_was_tried(tmp_path: Path, seed: int) -> None:
    found = choose(
        TEXTS, Noisy(), budget=BUDGET, kept=tmp_path, engine=Serial(), proxies=24, checks=2, max_epochs=10.0, seed=seed
    )
    near = found.fit.runs.mixtures
    share = found.optimum.mixture.array
    assert np.all(share >= near.min(axis=0) - 1e-6)
    assert np.all(share <= near.max(axis=0) + 1e-6)
