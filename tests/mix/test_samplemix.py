"""SampleMix: budget, limits, monotony, and rounding with the right means."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from macaronic.core.errors import UsageError
from macaronic.mix.clusters import k_means
from macaronic.mix.samplemix import copies, diversity, expected, realised, scores


def texts(n: int = 4000, seed: int = 0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    sizes = np.round(np.exp(rng.normal(5, 1, n))) + 1
    return rng.uniform(0, 10, n) + 0.5 * np.log(sizes), rng.uniform(0, 1, n), sizes


@pytest.mark.parametrize("rounding", ["systematic", "bernoulli"])
@pytest.mark.parametrize("ratio", [0.5, 1.0, 3.0])
def test_the_budget_is_met(rounding: str, ratio: float) -> None:
    quality, variety, sizes = texts(30000)
    budget = ratio * sizes.sum()
    wanted = expected(scores(quality, variety), sizes, budget)
    taken = copies(wanted, rng=np.random.default_rng(1), rounding=rounding)  # type: ignore[arg-type]
    assert float(wanted @ sizes) == pytest.approx(budget)
    deviation = np.sqrt((sizes**2 * 0.25).sum()) / budget
    assert float(taken @ sizes) == pytest.approx(budget, rel=max(0.005, 4 * deviation))
    assert (np.abs(taken - wanted) < 1).all()


def test_the_published_form_misses_the_budget_where_long_texts_score_high() -> None:
    quality, variety, sizes = texts()
    score = scores(np.log(sizes), variety, alpha=0.2)
    published = expected(score, sizes, sizes.sum(), exact=False)
    assert published.sum() == pytest.approx(len(sizes))
    assert float(published @ sizes) > 1.2 * sizes.sum()
    even = np.full(len(sizes), 7.0)
    both = [expected(scores(quality, variety), even, even.sum(), exact=exact) for exact in (True, False)]
    assert both[0] == pytest.approx(both[1])


def test_more_quality_and_more_variety_mean_more_copies() -> None:
    quality, variety, sizes = texts(50)
    base = expected(scores(quality, variety), sizes, 1000, exact=False)
    order = np.argsort(scores(quality, variety))
    assert (np.diff(base[order]) >= 0).all()
    for alpha, values in ((0.0, quality), (1.0, variety)):
        only = expected(scores(quality, variety, alpha=alpha), sizes, 1000)
        assert (np.argsort(only) == np.argsort(values)).all()


def test_a_large_temperature_and_equal_texts_give_equal_copies() -> None:
    quality, variety, sizes = texts(50)
    assert np.ptp(expected(scores(quality, variety, alpha=1.0), sizes, 1000, tau=np.inf)) == 0
    same = np.ones(50)
    assert np.ptp(expected(scores(same, same), sizes, 1000)) == 0


@given(st.lists(st.floats(0, 5), min_size=1, max_size=50), st.integers(0, 99))
def test_systematic_rounding_keeps_the_number(wanted: list[float], seed: int) -> None:
    taken = copies(np.array(wanted), rng=np.random.default_rng(seed))
    assert abs(taken.sum() - sum(wanted)) <= 1 + 1e-6
    assert (np.abs(taken - np.array(wanted)) < 1 + 1e-9).all()


@pytest.mark.parametrize("rounding", ["systematic", "bernoulli"])
def test_rounding_has_the_right_mean(rounding: str) -> None:
    wanted, rng = np.array([0.1, 0.5, 1.9, 3.0]), np.random.default_rng(0)
    drawn = np.mean([copies(wanted, rng=rng, rounding=rounding) for _ in range(4000)], axis=0)  # type: ignore[arg-type]
    assert drawn == pytest.approx(wanted, abs=0.03)


def test_loose_groups_that_stand_apart_are_diverse() -> None:
    rng = np.random.default_rng(0)
    tight, loose = rng.normal(0, 0.1, (100, 4)), rng.normal(8, 1.0, (100, 4))
    points = np.vstack([tight, loose])
    values = diversity(points, k_means(points, 2, rng=rng))
    assert values[:100].max() < values[100:].min()
    assert (diversity(points, k_means(points, 1, rng=rng)) > 0).all()


def test_domains_follow_from_their_texts() -> None:
    quality, variety, sizes = texts(2000)
    domains = ["hi" if q > 7 else "en" for q in quality]
    taken = copies(expected(scores(quality, variety, alpha=0.2), sizes, sizes.sum()), rng=np.random.default_rng(0))
    before = realised(np.ones(2000, np.int64), sizes, domains).weights["hi"]
    assert realised(taken, sizes, domains).weights["hi"] > before


def test_bad_input() -> None:
    one = np.ones(3)
    for bad in (np.array([1.0, np.nan, 1.0]), np.ones(2)):
        with pytest.raises(UsageError):
            scores(bad, one)
    with pytest.raises(UsageError, match="alpha"):
        scores(one, one, alpha=1.5)
    for sizes, budget, tau in ((np.zeros(3), 1, 1), (one, 0, 1), (one, 1, 0)):
        with pytest.raises(UsageError, match="above 0"):
            expected(one, sizes, budget, tau=tau)
    with pytest.raises(UsageError):
        copies(-one, rng=np.random.default_rng(0))
    with pytest.raises(UsageError, match="rounding"):
        copies(one, rng=np.random.default_rng(0), rounding="up")  # type: ignore[arg-type]
