"""Groups of near points: seeded k-means in plain arrays, and how many groups to take."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from macaronic.core.errors import UsageError

Floats = NDArray[np.float64]
BLOCK = 4096


@dataclass(frozen=True, eq=False)
class Clusters:
    """Points in groups.

    Args:
        labels: group of each point, shape (n,), from 0.
        centroids: mean point of each group, shape (k, d).
        spread: sum of squared distances of the points to their centroids.
    """

    labels: NDArray[np.int64]
    centroids: Floats
    spread: float


def squared_distances(points: Floats, centroids: Floats) -> Floats:
    """Squared distances, shape (n, k).

    >>> squared_distances(np.array([[0.0, 3.0]]), np.array([[4.0, 0.0]])).tolist()
    [[25.0]]
    """
    cross = points @ centroids.T
    return np.maximum((points**2).sum(axis=1)[:, None] - 2 * cross + (centroids**2).sum(axis=1)[None, :], 0.0)


def k_means(points: Floats, count: int, *, rng: np.random.Generator, starts: int = 4, rounds: int = 50) -> Clusters:
    """Lloyd's algorithm from spread-out starts (k-means++); the best of a few starts.

    Args:
        points: shape (n, d).
        count: how many groups, 1 to n.
        rng: starts.
        starts: how many starts to try.
        rounds: most rounds of each.

    Raises:
        UsageError: a count out of range, or points that are not finite.

    Source: Arthur and Vassilvitskii 2007 (k-means++).

    >>> points = np.array([[0.0], [0.1], [9.0], [9.1]])
    >>> found = k_means(points, 2, rng=np.random.default_rng(0))
    >>> found.labels[0] == found.labels[1] != found.labels[2] == found.labels[3]
    np.True_
    """
    if points.ndim != 2 or not 1 <= count <= len(points) or not np.isfinite(points).all():
        raise UsageError(f"expected finite points (n, d) and 1 to n groups; got shape {points.shape}, {count} groups")
    tries = [_lloyd(points, _spread_out(points, count, rng), rounds) for _ in range(max(starts, 1))]
    return min(tries, key=lambda found: found.spread)


def _spread_out(points: Floats, count: int, rng: np.random.Generator) -> Floats:
    chosen = [int(rng.integers(len(points)))]
    nearest = squared_distances(points, points[chosen])[:, 0]
    for _ in range(count - 1):
        total = nearest.sum()
        pick = int(rng.choice(len(points), p=nearest / total)) if total > 0 else int(rng.integers(len(points)))
        chosen.append(pick)
        nearest = np.minimum(nearest, squared_distances(points, points[[pick]])[:, 0])
    return points[chosen].copy()


def _lloyd(points: Floats, centroids: Floats, rounds: int) -> Clusters:
    labels, near = _assign(points, centroids)
    for _ in range(rounds):
        sizes = np.bincount(labels, minlength=len(centroids))
        sums = np.zeros_like(centroids)
        np.add.at(sums, labels, points)
        moved = np.where(sizes[:, None] > 0, sums / np.maximum(sizes, 1)[:, None], points[near.argmax()])
        before, centroids = labels, moved
        labels, near = _assign(points, centroids)
        if (labels == before).all():
            break
    return Clusters(labels, centroids, float(near.sum()))


def _assign(points: Floats, centroids: Floats) -> tuple[NDArray[np.int64], Floats]:
    labels, near = np.empty(len(points), np.int64), np.empty(len(points))
    for at in range(0, len(points), BLOCK):
        distance = squared_distances(points[at : at + BLOCK], centroids)
        labels[at : at + BLOCK] = distance.argmin(axis=1)
        near[at : at + BLOCK] = distance.min(axis=1)
    return labels, near


def quality(points: Floats, found: Clusters) -> float:
    """How well points sit in their groups: the silhouette taken to centroids, -1 to 1; 0 for one group.

    For each point (b - a) / max(a, b), a the distance to its own centroid and b to the nearest other one; 0 for a
    point that is alone in its group.

    >>> points = np.array([[0.0], [0.1], [9.0], [9.1]])
    >>> quality(points, k_means(points, 2, rng=np.random.default_rng(0))) > 0.9
    True
    """
    if len(found.centroids) < 2:
        return 0.0
    total, alone = 0.0, np.bincount(found.labels, minlength=len(found.centroids)) < 2
    for at in range(0, len(points), BLOCK):
        distance = np.sqrt(squared_distances(points[at : at + BLOCK], found.centroids))
        rows, labels = np.arange(len(distance)), found.labels[at : at + BLOCK]
        own = distance[rows, labels].copy()
        distance[rows, labels] = np.inf
        other = distance.min(axis=1)
        scores = (other - own) / np.maximum(np.maximum(own, other), 1e-300)
        total += float(scores[~alone[labels]].sum())
    return total / len(points)


def regroup(points: Floats, counts: Sequence[int], *, rng: np.random.Generator) -> Clusters:
    """Groups, their number chosen by `quality` among the counts given; the smaller number wins a tie.

    Args:
        points: shape (n, d).
        counts: numbers of groups to try.
        rng: starts.

    Raises:
        UsageError: no counts, or one out of range.

    >>> points = np.array([[0.0], [0.1], [9.0], [9.1], [20.0], [20.1]])
    >>> len(regroup(points, [2, 3, 4], rng=np.random.default_rng(0)).centroids)
    3
    """
    if not counts:
        raise UsageError("expected at least one number of groups to try")
    tried = [k_means(points, count, rng=rng) for count in sorted(counts)]
    return max(tried, key=lambda found: quality(points, found))


def agreement(first: NDArray[np.int64], second: NDArray[np.int64]) -> float:
    """How far two groupings of the same points agree: the adjusted Rand index; 1 is the same, 0 what chance gives.

    Args:
        first: group of each point, from 0, shape (n,).
        second: the same for the other grouping.

    Source: Hubert and Arabie 1985.

    >>> agreement(np.array([0, 0, 1, 1]), np.array([1, 1, 0, 0]))
    1.0
    """
    table = np.zeros((int(first.max()) + 1, int(second.max()) + 1))
    np.add.at(table, (first, second), 1)
    both, rows, columns, every = (
        float((x * (x - 1) / 2).sum()) for x in (table, table.sum(axis=1), table.sum(axis=0), table.sum(keepdims=True))
    )
    chance = rows * columns / every if every else 0.0
    most = (rows + columns) / 2
    return (both - chance) / (most - chance) if most != chance else 1.0
