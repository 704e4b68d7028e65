"""Explanations: signs and sizes that follow from known losses, limits that bind, and what is left open."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from macaronic.mix.explain import ALL, POINT, explain, shifted
from macaronic.mix.fit import fit
from macaronic.mix.laws import Law
from macaronic.mix.pick import pick
from macaronic.mix.runs import Runs

NAMES = ("hi", "en", "xx")


def runs(noise: float = 0.0, n: int = 40) -> Runs:
    """Runs of two targets: each is helped by its own domain and a little by the other; `xx` helps nothing."""
    rng = np.random.default_rng(3)
    p = rng.dirichlet(np.ones(3), n)
    t = np.array([[-3.0, -1.0, 0.0], [-0.5, -2.0, 0.0]])
    losses = 1 + np.exp(p @ t.T) + rng.normal(0, noise, (n, 2))
    return Runs(p, losses, NAMES, ("hi", "en"), tuple(map(str, range(n))))


@settings(deadline=None, max_examples=50)
@given(st.lists(st.floats(0, 1), min_size=2, max_size=6).filter(lambda w: sum(w) > 0.01))
def test_one_point_more_stays_a_mixture(weights: list[float]) -> None:
    p = np.array(weights) / sum(weights)
    moved = shifted(p)
    assert np.allclose(moved.sum(axis=1), 1)
    assert (moved >= 0).all()
    assert np.allclose(np.diag(moved) - p, np.minimum(POINT, 1 - p))


def test_effects_of_a_law_are_those_of_its_formula() -> None:
    done = fit(runs(), method="law")
    rng = np.random.default_rng(0)
    found = explain(done, pick(done, samples=0, rng=rng), samples=0, rng=rng)
    p = found.optimum.mixture.aligned(NAMES)
    effects = {(e.target, e.domain): e for e in found.effects}
    for one in done.fits:
        assert isinstance(one.model, Law)
        for j, name in enumerate(NAMES):
            # the law itself, written out: one point comes from what the others have
            expected = np.exp(shifted(p)[j] @ one.model.t) - np.exp(p @ one.model.t)
            assert effects[one.target, name].change == pytest.approx(expected, rel=1e-9, abs=1e-12)
            assert effects[one.target, name].slope == pytest.approx(one.model.t[j] - one.model.t.mean())
    assert effects["hi", "hi"].change < 0 < effects["hi", "xx"].change
    whole = [effects[ALL, n].change for n in NAMES]
    assert whole == pytest.approx([np.mean([effects[t, n].change for t in ("hi", "en")]) for n in NAMES])
    assert effects["en", "en"].importance > effects["en", "hi"].importance


def test_at_a_free_optimum_nothing_helps_any_more() -> None:
    done = fit(runs(), method="law")
    rng = np.random.default_rng(0)
    found = explain(done, pick(done, samples=0, rng=rng), samples=0, rng=rng)
    assert all(e.change >= -1e-6 for e in found.effects if e.target == ALL)
    capped = explain(done, pick(done, caps={"hi": 0.3}, samples=0, rng=rng), caps={"hi": 0.3}, samples=0, rng=rng)
    assert capped.binds == {"hi": "cap"}
    assert next(e for e in capped.effects if (e.target, e.domain) == (ALL, "hi")).change < 0
    assert any("hi is held at its cap: 30.0%" in line for line in capped.said)


def test_noise_alone_is_said_to_be_undetermined() -> None:
    rng = np.random.default_rng(1)
    p = rng.dirichlet(np.ones(3), 40)
    flat = Runs(p, 2 + rng.normal(0, 0.1, (40, 1)), NAMES, ("hi",), tuple(map(str, range(40))))
    done = fit(flat, method="law")
    found = explain(done, pick(done, samples=30, rng=rng), samples=30, rng=rng)
    assert "undetermined" in found.said[1]
    assert any("no better than by chance" in line for line in found.said)


@pytest.mark.parametrize("method", ["gp", "gbm"])
def test_other_regressors_are_explained_too(method: str) -> None:
    if method == "gbm":
        pytest.importorskip("lightgbm")
    done = fit(runs(0.01, n=40), method=method)
    rng = np.random.default_rng(0)
    found = explain(done, pick(done, samples=0, count=1000, rng=rng), samples=2, rng=rng)
    own = {e.domain: e.importance for e in found.effects if e.target == "hi"}
    assert own["hi"] == max(own.values()) > 0
    assert all(e.slope is None for e in found.effects)
