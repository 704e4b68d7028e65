"""Mixtures: aligned by name, allocated to the last unit."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from macaronic.core.bootstrap import interval, ratio_interval
from macaronic.core.errors import UnknownName, UsageError
from macaronic.core.mixture import Mixture

weights = st.dictionaries(st.text("abcdef", min_size=1, max_size=2), st.floats(0, 1e6), min_size=1).filter(
    lambda w: sum(w.values()) > 0
)


@given(weights, st.integers(0, 10**12))
def test_allocation_is_exact_and_within_one_unit(held: dict[str, float], budget: int) -> None:
    mixture = Mixture(held)
    shares = mixture.allocate(budget)
    assert sum(shares.values()) == budget
    assert all(abs(shares[n] - w * budget) <= 1 + 1e-3 for n, w in mixture.weights.items())


@given(weights, st.integers(0, 1000), st.randoms())
def test_order_of_names_does_not_matter(held: dict[str, float], budget: int, random) -> None:
    names = list(held)
    random.shuffle(names)
    assert Mixture(held).allocate(budget) == Mixture({n: held[n] for n in names}).allocate(budget)


@pytest.mark.parametrize("bad", [{"a": -1.0}, {"a": math.nan}, {"a": math.inf}, {"a": 0.0}, {}])
def test_bad_weights(bad: dict[str, float]) -> None:
    with pytest.raises(UsageError):
        Mixture(bad)


def test_alignment_is_by_name() -> None:
    mixture = Mixture({"b": 1, "a": 3})
    assert mixture.aligned(["a", "b"]).tolist() == [0.75, 0.25]
    with pytest.raises(UnknownName, match="'b'"):
        mixture.aligned(["a", "bb"])
    with pytest.raises(UnknownName, match="unit"):
        Mixture({"a": 1}, "token")


def test_intervals_cover_the_mean() -> None:
    rng = np.random.default_rng(0)
    hits = 0
    for _ in range(100):
        found = interval(rng.normal(3, 1, 80), rng=rng, samples=300)
        assert found is not None
        hits += found[0] <= 3 <= found[1]
    assert hits >= 85, "a 95 % interval of a normal mean holds it about 95 times in 100"


def test_ratio_of_one_sentence_has_no_interval() -> None:
    assert ratio_interval(np.ones((1, 2)), lambda s: s[:, 0] / s[:, 1], rng=np.random.default_rng(0)) is None
