"""k-means: invariants, ends, and the number of groups."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from macaronic.core.errors import UsageError
from macaronic.mix.clusters import agreement, k_means, quality, regroup


@given(st.integers(1, 30), st.integers(1, 6), st.integers(0, 50))
def test_every_point_is_with_its_nearest_centroid(n: int, k: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    points = rng.normal(size=(n, 3))
    found = k_means(points, min(k, n), rng=rng)
    distance = ((points[:, None] - found.centroids[None]) ** 2).sum(-1)
    assert distance[np.arange(n), found.labels] == pytest.approx(distance.min(axis=1), abs=1e-9)
    assert found.spread == pytest.approx(distance.min(axis=1).sum(), abs=1e-8)


def test_one_group_and_all_groups() -> None:
    points = np.arange(6.0).reshape(6, 1)
    rng = np.random.default_rng(0)
    assert k_means(points, 1, rng=rng).centroids.tolist() == [[2.5]]
    assert k_means(points, 6, rng=rng).spread == pytest.approx(0)
    assert quality(points, k_means(points, 1, rng=rng)) == 0.0


def test_points_that_are_all_alike() -> None:
    found = k_means(np.ones((5, 2)), 3, rng=np.random.default_rng(0))
    assert found.spread == pytest.approx(0)


def test_same_seed_same_groups() -> None:
    points = np.random.default_rng(1).normal(size=(100, 4))
    one, two = (k_means(points, 5, rng=np.random.default_rng(7)) for _ in range(2))
    assert (one.labels == two.labels).all()


@pytest.mark.parametrize(
    ("points", "count"), [(np.ones((2, 2)), 3), (np.ones((2, 2)), 0), (np.full((2, 2), np.nan), 1)]
)
def test_bad_input(points: np.ndarray, count: int) -> None:
    with pytest.raises(UsageError):
        k_means(points, count, rng=np.random.default_rng(0))
    with pytest.raises(UsageError):
        regroup(points, [], rng=np.random.default_rng(0))


def test_agreement_by_hand_and_by_chance() -> None:
    # pairs: both 1 (one of the first group stays together), rows 2, columns 3 of 6: (1 - 1) / (2.5 - 1) = 0.
    assert agreement(np.array([0, 0, 1, 1]), np.array([0, 0, 0, 1])) == pytest.approx(0.0)
    assert agreement(np.array([0, 0, 0, 1, 1, 1]), np.array([0, 0, 1, 1, 2, 2])) == pytest.approx(0.2424, abs=1e-4)
    rng = np.random.default_rng(0)
    assert abs(agreement(rng.integers(0, 5, 5000), rng.integers(0, 5, 5000))) < 0.01
    assert agreement(np.zeros(4, np.int64), np.zeros(4, np.int64)) == 1.0
