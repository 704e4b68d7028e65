"""SampleMix: how often each text is taken, from its own quality and from how much it adds to the variety.

The share of each domain follows from its texts; it is not set. Constants are those that the paper reports; the exact
form is written down from memory of it and from public summaries.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from macaronic.core.errors import UsageError
from macaronic.core.mixture import Mixture
from macaronic.mix.clusters import Clusters, squared_distances

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Rounding = Literal["systematic", "bernoulli"]


def diversity(points: Floats, found: Clusters) -> Floats:
    """How much variety each text stands for: how loose its group is, times how far the group is from the others.

    Looseness is the mean distance of a group's points to its centroid, separation the mean distance of its centroid
    to the other centroids; all points of a group have one value.

    Args:
        points: embeddings, shape (n, d).
        found: their groups.

    Returns:
        one number a text, not negative, shape (n,).

    Source: Xi et al. 2025 (SampleMix), diversity evaluation, from memory.

    >>> from macaronic.mix.clusters import k_means
    >>> points = np.array([[0.0], [0.2], [9.0], [11.0]])
    >>> values = diversity(points, k_means(points, 2, rng=np.random.default_rng(0)))
    >>> values.round(2).tolist()
    [0.99, 0.99, 9.9, 9.9]
    """
    count = len(found.centroids)
    own = np.sqrt(((points - found.centroids[found.labels]) ** 2).sum(axis=1))
    sizes = np.bincount(found.labels, minlength=count)
    loose = np.bincount(found.labels, weights=own, minlength=count) / np.maximum(sizes, 1)
    between = np.sqrt(squared_distances(found.centroids, found.centroids))
    np.fill_diagonal(between, 0.0)
    apart = between.sum(axis=1) / max(count - 1, 1) if count > 1 else np.ones(1)
    return (loose * apart)[found.labels]


def scores(quality: Floats, variety: Floats, *, alpha: float = 0.8) -> Floats:
    """One score a text: alpha variety + (1 - alpha) quality, each scaled to 0..1 over the texts; shape (n,).

    Args:
        quality: any scorer's quality, larger is better, shape (n,).
        variety: such as `diversity`, shape (n,).
        alpha: weight of variety, 0 to 1.

    Raises:
        UsageError: alpha out of range, shapes that do not fit, no texts, or a NaN.

    Source: Xi et al. 2025 (SampleMix), alpha 0.8 in the paper.

    >>> scores(np.array([0.0, 10.0]), np.array([5.0, 5.0]), alpha=0.5).tolist()
    [0.0, 0.5]
    """
    if not 0 <= alpha <= 1:
        raise UsageError(f"alpha must be from 0 to 1; got {alpha}")
    if quality.ndim != 1 or quality.shape != variety.shape or not len(quality):
        raise UsageError(f"expected one quality and one variety a text; got shapes {quality.shape}, {variety.shape}")
    if not (np.isfinite(quality).all() and np.isfinite(variety).all()):
        raise UsageError("quality and variety must be numbers; got NaN or infinity")
    return alpha * _unit(variety) + (1 - alpha) * _unit(quality)


def _unit(values: Floats) -> Floats:
    """Scaled to 0..1; zeros where all are equal."""
    low, high = float(values.min()), float(values.max())
    return (values - low) / (high - low) if high > low else np.zeros(len(values))


def expected(score: Floats, sizes: Floats, budget: float, *, tau: float = 0.2, exact: bool = True) -> Floats:
    """How often each text is to be taken, as a real number: proportional to exp(score / tau); shape (n,).

    Args:
        score: from `scores`, shape (n,).
        sizes: units of each text, above 0, shape (n,).
        budget: units wanted in all, above 0.
        tau: temperature, above 0; a large one takes all texts equally often.
        exact: scale so that the units sum to the budget. Otherwise n budget / sum(sizes) softmax(score / tau), the
            published form, which misses the budget where long texts score unlike short ones.

    Raises:
        UsageError: a budget, tau or size that is not above 0.

    Source: Xi et al. 2025 (SampleMix), tau 0.2 in the paper.

    >>> expected(np.array([0.0, 1.0]), np.array([10.0, 10.0]), 20, tau=np.inf).tolist()
    [1.0, 1.0]
    """
    if not (budget > 0 and tau > 0 and (sizes > 0).all()):
        raise UsageError("the budget, tau and every text's size must be above 0")
    raised = np.exp((score - score.max()) / tau)
    if exact:
        return raised * (budget / float(raised @ sizes))
    return len(score) * (budget / float(sizes.sum())) * raised / raised.sum()


def copies(wanted: Floats, *, rng: np.random.Generator, rounding: Rounding = "systematic") -> Ints:
    """Whole copies with the wanted means, shape (n,).

    Args:
        wanted: copies as real numbers, not negative, shape (n,).
        rng: the rounding.
        rounding: `bernoulli` takes one more copy with the chance of the fraction, each text by itself, as published;
            `systematic` does so for all texts together, in random order, so that their number is right within one.

    Raises:
        UsageError: a negative number or NaN, or another rounding.

    >>> copies(np.array([0.5, 0.5, 2.0]), rng=np.random.default_rng(0)).sum()
    np.int64(3)
    """
    if not np.isfinite(wanted).all() or (wanted < 0).any():
        raise UsageError("copies must be numbers that are not negative")
    whole = np.floor(wanted)
    part = wanted - whole
    if rounding == "bernoulli":
        return (whole + (rng.random(len(wanted)) < part)).astype(np.int64)
    if rounding != "systematic":
        raise UsageError(f"expected rounding 'systematic' or 'bernoulli'; got {rounding!r}")
    order = rng.permutation(len(wanted))
    marks = np.floor(np.concatenate([[0.0], np.cumsum(part[order])]) + rng.random())
    whole[order] += np.diff(marks)
    return whole.astype(np.int64)


def realised(taken: Ints, sizes: Floats, domains: Sequence[str], *, unit: str = "tokens") -> Mixture:
    """The mixture of domains that the copies make, in first-seen order.

    Raises:
        UsageError: nothing was taken.

    >>> realised(np.array([1, 3]), np.array([10.0, 10.0]), ["hi", "en"]).weights
    {'hi': 0.25, 'en': 0.75}
    """
    total = dict.fromkeys(domains, 0.0)
    for name, units in zip(domains, (taken * sizes).tolist(), strict=True):
        total[name] += units
    return Mixture(total, unit)
