"""The joint law: parameters come back from noisy runs, and the best mixture is the best of a grid."""

import numpy as np
import pytest

from macaronic.core.errors import UsageError
from macaronic.mix.joint_law import JointLaw, best_mixture, fit

SIZES, SHARES = (2e7, 6e7, 2e8, 6e8, 2e9), (0.05, 0.1, 0.3, 0.5, 0.7, 0.9, 1.0)
LAWS = {
    "into-english": JointLaw(2.0, 0.35, 1.0, (0.3, 0.6, 1.0), unit=2e7),
    "out-of-english": JointLaw(2.5, 0.25, 1.2, (0.05, 0.7, 1.0), unit=2e7),
    "steep": JointLaw(4.0, 0.6, 0.8, (0.2, 0.5, 1.5), unit=2e7),
}


def runs(law: JointLaw, seed: int, noise: float = 0.005) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    n, p = (a.ravel() for a in np.meshgrid(SIZES, SHARES))
    return n, p, law.loss(n, p) * np.exp(noise * np.random.default_rng(seed).normal(size=len(n)))


def fitted(name: str) -> JointLaw:
    n, p, losses = runs(LAWS[name], 1)
    return fit(n, p, losses)


@pytest.mark.parametrize("name", LAWS)
def test_exponent_and_prediction(name: str) -> None:
    truth, found = LAWS[name], fitted(name)
    assert found.error < 0.008
    n, p = (a.ravel() for a in np.meshgrid([1e8, 4e9], [0.2, 0.4, 0.8]))  # shares and a size that were not fitted
    want, got = truth.loss(n, p), found.loss(n, p)
    assert 1 - ((want - got) ** 2).sum() / ((want - want.mean()) ** 2).sum() > 0.99


@pytest.mark.parametrize("name", LAWS)
def test_exponent_without_noise(name: str) -> None:
    n, p, losses = runs(LAWS[name], 0, noise=0.0)
    found = fit(n, p, losses)
    assert found.alpha == pytest.approx(LAWS[name].alpha, abs=0.002)
    assert found.fraction(np.array(SHARES)) == pytest.approx(LAWS[name].fraction(np.array(SHARES)), rel=0.02)


def test_effective_parameters_exceed_the_share_and_meet_at_one() -> None:
    law = LAWS["into-english"]
    shares = np.linspace(0.01, 1, 50)
    assert (law.fraction(shares) >= shares).all()
    assert float(law.effective(1e8, 1.0)) == 1e8
    assert float(law.loss(1e8, 0.0)) == np.inf


def test_the_best_mixture_is_the_best_of_a_grid() -> None:
    laws = {"x": LAWS["into-english"], "y": LAWS["out-of-english"]}
    answer = best_mixture(laws, 1e8, weights={"x": 1, "y": 2})
    grid = np.linspace(0.001, 0.999, 999)
    total = laws["x"].loss(1e8, grid) + 2 * laws["y"].loss(1e8, 1 - grid)
    own = answer.weights["x"]
    assert laws["x"].loss(1e8, own) + 2 * laws["y"].loss(1e8, 1 - own) <= total.min() + 1e-6


@pytest.mark.parametrize(
    ("n", "p", "losses"),
    [
        ([1e7, 1e8], [0.5, 1.0], [3.0, 2.0]),
        ([1e7, 1e8, 1e9], [1.0, 1.0, 1.0], [3.0, 2.0, 1.0]),
        ([1e7, 1e8, 1e9], [0.5, 1.0, 0.5], [3.0, np.nan, 1.0]),
        ([1e7, 1e8, 1e9], [0.5, 1.5, 0.5], [3.0, 2.0, 1.0]),
        ([1e7, 1e8, 1e9], [0.5, 1.0], [3.0, 2.0, 1.0]),
    ],
)
def test_bad_runs(n: list[float], p: list[float], losses: list[float]) -> None:
    with pytest.raises(UsageError):
        fit(np.array(n), np.array(p), np.array(losses))


def test_bad_mixture() -> None:
    with pytest.raises(UsageError):
        best_mixture({"x": LAWS["steep"]}, 1e8)
    with pytest.raises(UsageError):
        best_mixture(LAWS, 1e8, floor=0.5)
