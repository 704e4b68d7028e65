"""Swarms and designs: on the simplex, within limits, different, and the same for the same seed."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from macaronic.core.errors import UnknownName, UsageError
from macaronic.core.mixture import Mixture
from macaronic.mix.design import propose, sobol, spread, vertices
from macaronic.mix.laws import Law
from macaronic.mix.limits import limits
from macaronic.mix.runs import Runs
from macaronic.mix.swarm import OLMIX, Draw, hierarchical, swarm


@settings(max_examples=20, deadline=None)
@given(st.lists(st.integers(1, 100), min_size=2, max_size=6), st.integers(1, 30), st.integers(0, 1000))
def test_swarm_rows(sizes: list[int], n: int, seed: int) -> None:
    prior = Mixture({str(i): s for i, s in enumerate(sizes)})
    drawn = swarm(prior, n, rng=np.random.default_rng(seed))
    assert drawn.shape == (n, len(sizes))
    assert drawn.sum(axis=1) == pytest.approx(1)
    assert (drawn >= 0).all()
    assert len({row.tobytes() for row in drawn}) == n
    assert drawn.tobytes() == swarm(prior, n, rng=np.random.default_rng(seed)).tobytes()


def test_caps_come_from_the_untempered_prior_and_small_shares_are_zero() -> None:
    prior = Mixture({"big": 0.90, "mid": 0.09, "tiny": 0.01})
    drawn = swarm(prior, 100, draw=Draw(power=0.0, repeat=5.0, minimum=0.01), rng=np.random.default_rng(1))
    assert drawn[:, 2].max() <= 0.05 + 0.02
    assert drawn[:, 1].max() <= 0.45 + 0.02
    positive = drawn[drawn > 0]
    assert positive.min() >= 0.009


def test_caps_that_cannot_be_met() -> None:
    prior = Mixture({"a": 1, "b": 1})
    with pytest.raises(UsageError, match="less than 1"):
        swarm(prior, 3, draw=Draw(repeat=0.5), rng=np.random.default_rng(1))
    with pytest.raises(UsageError, match="different mixtures"):
        swarm(prior, 50, draw=Draw(minimum=0.5), rng=np.random.default_rng(1))


def test_a_source_that_is_fixed_keeps_its_proportions() -> None:
    prior = {"web": {"news": 3.0, "blogs": 1.0}, "books": {"all": 2.0}}
    names, drawn = hierarchical(prior, 20, draw=OLMIX, fixed=True, rng=np.random.default_rng(1))
    assert names == ("web:news", "web:blogs", "books:all")
    assert drawn.sum(axis=1) == pytest.approx(1)
    assert drawn[:, 0] == pytest.approx(3 * drawn[:, 1])
    with pytest.raises(UsageError, match="no topics"):
        hierarchical({"web": {}}, 2, rng=np.random.default_rng(1))


def test_sobol_fills_more_evenly_than_chance_and_keeps_limits() -> None:
    rng = np.random.default_rng(3)
    probes = rng.dirichlet(np.ones(3), 500)

    def hole(points: np.ndarray) -> float:
        return float(np.sqrt(((probes[:, None] - points[None]) ** 2).sum(axis=2)).min(axis=1).mean())

    even = [hole(sobol(3, 64, rng=rng)) for _ in range(10)]
    chance = [hole(rng.dirichlet(np.ones(3), 64)) for _ in range(10)]
    assert np.mean(even) < np.mean(chance)
    capped = sobol(3, 10, allowed=limits("abc", caps={"a": 0.2}), rng=rng)
    assert capped[:, 0].max() <= 0.2 + 1e-9


def test_vertices_and_spread() -> None:
    assert vertices(3).tolist() == np.eye(3).tolist()
    chosen = spread(np.eye(3), 1, taken=np.array([[1.0, 0, 0], [0, 1.0, 0]]))
    assert chosen.tolist() == [[0, 0, 1]]
    with pytest.raises(UsageError, match="cannot take"):
        spread(np.eye(2), 3)


def test_with_runs_half_of_the_batch_lies_where_losses_are_low() -> None:
    rng = np.random.default_rng(1)
    law, p = Law(1.0, np.array([-3.0, 0.5, 0.5])), rng.dirichlet(np.ones(3), 20)
    given_runs = Runs(p, law.predict(p)[:, None], tuple("abc"), ("t",), tuple(map(str, range(20))))
    prior = Mixture({"c": 1, "b": 1, "a": 1})
    batch = propose(prior, 8, given=given_runs, rng=rng)
    assert batch.domains == ("c", "b", "a")
    assert batch.ids[0] == "21"
    assert law.predict(batch.aligned("abc").mixtures[:4]).mean() < law.predict(p).mean()
    with pytest.raises(UnknownName):
        propose(Mixture({"a": 1, "b": 1, "zz": 1}), 4, given=given_runs, rng=rng)


@pytest.mark.parametrize("design", ["swarm", "sobol", "vertices"])
def test_designs_are_tables(design: str) -> None:
    batch = propose(Mixture({"a": 3, "b": 1}), 6, design=design, rng=np.random.default_rng(1))
    assert batch.mixtures.sum(axis=1) == pytest.approx(1)
    assert batch.losses.shape == (6, 0)
    with pytest.raises(UsageError, match="design"):
        propose(Mixture({"a": 3, "b": 1}), 6, design="grid", rng=np.random.default_rng(1))
