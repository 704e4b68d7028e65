"""Linear mixing optimisation: one frame for online methods, which differ only in the matrix that they believe in.

A[i, j] says how much the loss of group i falls when the model trains on domain j alone for one step. All methods
then raise domains by the column sums: p_j is proportional to p_j exp(rate sum_i A[i, j]).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from macaronic.core.errors import UsageError
from macaronic.mix.online.named import Floats, finite, logs, softmax


def update(weights: Floats, matrix: Floats, *, rate: float) -> Floats:
    """The next shares: exponentiated gradient on what the matrix promises.

    Args:
        weights: shares now, shape (m,).
        matrix: fall of each group's loss for each domain, shape (k, m).
        rate: step size, above 0.

    Raises:
        UsageError: a rate that is not above 0, shapes that do not fit, a NaN.

    Source: Chen et al. 2025 (Aioli), the update that all methods share.

    >>> update(np.array([0.5, 0.5]), np.array([[1.0, 0.0], [0.0, 0.0]]), rate=1.0).round(3).tolist()
    [0.731, 0.269]
    """
    if not rate > 0:
        raise UsageError(f"a rate must be above 0; got {rate}")
    if matrix.ndim != 2 or matrix.shape[1] != len(weights):
        raise UsageError(f"expected a matrix with {len(weights)} columns; got shape {matrix.shape}")
    return softmax(logs(weights) + rate * finite(matrix, "the matrix").sum(axis=0))


def predicted(losses: Floats, matrix: Floats, weights: Floats) -> Floats:
    """The dynamic mixing law: losses after one step on the shares, shape (k,).

    >>> predicted(np.array([2.0]), np.array([[0.5, 0.1]]), np.array([1.0, 0.0])).tolist()
    [1.5]
    """
    return losses - matrix @ weights


def doremi_matrix(excess: Floats) -> Floats:
    """What DoReMi believes: a domain lowers its own loss only, by its excess loss; shape (m, m).

    >>> doremi_matrix(np.array([0.5, -1.0])).tolist()
    [[0.5, 0.0], [0.0, 0.0]]
    """
    return np.diag(np.maximum(excess, 0.0))


def doge_matrix(targets: Floats, domains: Floats) -> Floats:
    """What DoGE believes: loss falls by the inner product of gradients; shape (k, m).

    Args:
        targets: gradients of the groups' validation losses, shape (k, d).
        domains: gradients of the domains' training losses, shape (m, d).

    >>> doge_matrix(np.array([[1.0, 0.0]]), np.array([[2.0, 0.0], [0.0, 2.0]])).tolist()
    [[2.0, 0.0]]
    """
    return targets @ domains.T


def skillit_matrix(graph: Floats, losses: Floats) -> Floats:
    """What Skill-It believes: loss falls by a fixed graph times what is left of the loss; shape (k, m).

    >>> skillit_matrix(np.array([[1.0, 0.5]]), np.array([4.0])).tolist()
    [[4.0, 2.0]]
    """
    return graph * losses[:, None]


def similarity(matrix: Floats, truth: Floats) -> float:
    """How far a method's matrix agrees with the true one: half the cosine and half the rank correlation.

    Both are taken over the column sums, which alone decide the next mixture; 1 is full agreement. Where all sums of
    one matrix are equal there is no order to agree with, and the rank correlation counts as 0.

    Source: Chen et al. 2025 (Aioli), the measure of a method's fidelity, as their code does it.

    >>> similarity(np.eye(2) * [1.0, 2.0], np.eye(2) * [2.0, 4.0])
    1.0
    """
    ours, theirs = matrix.sum(axis=0), truth.sum(axis=0)
    size = float(np.linalg.norm(ours) * np.linalg.norm(theirs))
    cosine = float(ours @ theirs) / size if size else 0.0
    return round(0.5 * cosine + 0.5 * _rank_correlation(ours, theirs), 12)


def _rank_correlation(a: Floats, b: Floats) -> float:
    ranks = [_ranks(a), _ranks(b)]
    if np.ptp(ranks[0]) == 0 or np.ptp(ranks[1]) == 0:
        return 0.0
    return float(np.corrcoef(ranks[0], ranks[1])[0, 1])


def _ranks(values: Floats) -> Floats:
    """Mean ranks, ties shared."""
    below = (values[None, :] < values[:, None]).sum(axis=1)
    return below + ((values[None, :] == values[:, None]).sum(axis=1) + 1) / 2


def two_groups(first: Sequence[float], second: Sequence[float]) -> float:
    """The share of the first of two groups that minimises the sum of their static laws, in closed form.

    Each law is c + exp(k p + b) in the group's own share p; c does not matter.

    Args:
        first: (k, b) of the first group, k below 0.
        second: (k, b) of the second group, k below 0.

    Returns:
        (k2 + b2 - b1 + ln(k2 / k1)) / (k1 + k2), kept within 0 and 1.

    Raises:
        UsageError: a loss that does not fall with the group's own share, for which there is no such optimum.

    >>> two_groups((-2.0, 0.0), (-2.0, 0.0))
    0.5
    """
    (k1, b1), (k2, b2) = first, second
    if not (k1 < 0 and k2 < 0):
        raise UsageError(f"each group's loss must fall with its own share (k below 0); got k = {k1} and {k2}")
    return float(np.clip((k2 + b2 - b1 + np.log(k2 / k1)) / (k1 + k2), 0.0, 1.0))


def static_losses(weights: ArrayLike, floor: Floats, log_gap: Floats, slope: Floats) -> Floats:
    """The static mixing law c + exp(b + slope p) for every group, shape (k,).

    Args:
        weights: shares, shape (m,).
        floor: c, shape (k,).
        log_gap: b, shape (k,).
        slope: how the log of the reducible loss changes with each share, shape (k, m).

    >>> static_losses([1.0, 0.0], np.zeros(1), np.zeros(1), np.array([[0.0, -1.0]])).tolist()
    [1.0]
    """
    reducible: Floats = np.exp(log_gap + slope @ np.asarray(weights, dtype=np.float64))
    return floor + reducible
