"""Exact and drawn p agree, and are right under the null."""

from itertools import pairwise, product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from macaronic.core import paired
from macaronic.core.paired import holm, sign_flip


def test_all_flips_and_drawn_flips_agree(monkeypatch: pytest.MonkeyPatch) -> None:
    gaps = np.random.default_rng(0).normal(0.4, 1, 12)
    exact = sign_flip(gaps, rng=np.random.default_rng(1))
    monkeypatch.setattr(paired, "WHOLE", 0)
    assert sign_flip(gaps, rng=np.random.default_rng(1)) == pytest.approx(exact, abs=0.02)


def test_the_least_p_and_the_edges() -> None:
    rng = np.random.default_rng(0)
    assert sign_flip(np.full(10, -1.0), rng=rng) == 2 / 2**10
    assert sign_flip(np.zeros(5), rng=rng) == 1.0
    assert sign_flip(np.zeros(0), rng=rng) == 1.0


def test_under_the_null_small_p_are_rare() -> None:
    rng = np.random.default_rng(0)
    found = [sign_flip(rng.normal(size=8), rng=rng) for _ in range(400)]
    assert np.mean(np.array(found) <= 0.05) < 0.08


def test_holm_never_lowers_and_keeps_the_order() -> None:
    ps = [0.001, 0.2, 0.01, 0.04]
    told = holm(ps)
    assert all(b >= a for a, b in zip(ps, told))
    assert np.argsort(told, kind="stable").tolist() == np.argsort(ps, kind="stable").tolist()
    assert told[0] == 0.004


@given(st.lists(st.sampled_from([-1.0, 0.0, 0.5, 1.0]), min_size=1, max_size=8))
def test_small_tests_are_exact(gaps: list[float]) -> None:
    seen = abs(sum(gaps))
    every = [abs(sum(s * g for s, g in zip(signs, gaps))) for signs in product((1, -1), repeat=len(gaps))]
    wanted = sum(v >= seen - 1e-9 for v in every) / len(every)
    assert sign_flip(np.array(gaps), rng=np.random.default_rng(0)) == pytest.approx(wanted)


def test_no_change_is_seldom_found() -> None:
    rng = np.random.default_rng(3)
    ps = [sign_flip(rng.normal(size=60), rng=rng, flips=400) for _ in range(200)]
    assert 0.01 < np.mean(np.array(ps) <= 0.05) < 0.1


@given(st.lists(st.floats(0, 1), min_size=1, max_size=6))
def test_holm_never_lowers_and_keeps_order(ps: list[float]) -> None:
    adjusted = holm(ps)
    assert all(a >= p - 1e-9 for a, p in zip(adjusted, ps))
    order = sorted(range(len(ps)), key=lambda i: ps[i])
    assert all(adjusted[a] <= adjusted[b] for a, b in pairwise(order))


def test_equal_sizes_give_the_binomial_p() -> None:
    gaps = np.repeat([1.0, -1.0, 0.0], [30, 16, 9])
    assert sign_flip(gaps, rng=np.random.default_rng(0)) == pytest.approx(binomtest(30, 46).pvalue, abs=0.01)


def test_many_pairs_are_flipped_in_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    gaps = np.random.default_rng(0).normal(0.2, 1, 100)
    whole = sign_flip(gaps, rng=np.random.default_rng(1), flips=500)
    monkeypatch.setattr(paired, "_BLOCK", 3000)
    assert sign_flip(gaps, rng=np.random.default_rng(1), flips=500) == whole
