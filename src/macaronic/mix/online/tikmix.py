"""TiKMiX: how much each domain's text moves each validation loss, and the mixture that moves them best and evenly.

`influences` measures, `direct` optimises on the linear picture (variant D), `modelled` learns from measured mixtures
around that answer (variant M). The forms are written down from memory of the paper and from its public summaries.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from macaronic.core.errors import MissingExtra, UsageError
from macaronic.core.mixture import Mixture
from macaronic.mix.online.named import Floats, finite, named, ordered

Predict = Callable[[Floats], Floats]
Fit = Callable[[Floats, Floats], Predict]


@dataclass(frozen=True, eq=False)
class Influence:
    """How much one more unit of a domain changes each validation loss.

    Args:
        domains: names, the order of the columns.
        tasks: names of the validation losses, the order of the rows.
        change: change of each loss, below 0 where the domain helps, shape (v, m).
    """

    domains: tuple[str, ...]
    tasks: tuple[str, ...]
    change: Floats

    @property
    def gain(self) -> Floats:
        """Falls instead of changes, each task scaled to a largest size of 1, shape (v, m)."""
        size = np.abs(self.change).max(axis=1, keepdims=True)
        return -self.change / np.where(size > 0, size, 1.0)


def influences(
    domains: Mapping[str, Floats],
    tasks: Mapping[str, Floats],
    *,
    curvature: Floats | None = None,
    damping: float = 0.0,
) -> Influence:
    """Group influence by one solve: change = -grad(task)^T (H + damping I)^-1 grad(domain).

    Args:
        domains: domain -> gradient of its training loss, flat, shape (d,).
        tasks: task -> gradient of its validation loss, flat, shape (d,).
        curvature: H of the training loss: its diagonal (d,), the whole of it (d, d), or None for the identity.
        damping: added to the diagonal, at least 0.

    Raises:
        UsageError: shapes that do not fit, NaN, a negative damping, or a curvature that cannot be inverted.

    Source: Wang et al. 2025 (TiKMiX), group influence, from memory.

    >>> found = influences({"hi": np.array([1.0, 0.0]), "en": np.array([0.0, 1.0])}, {"qa": np.array([2.0, -1.0])})
    >>> found.change.tolist()
    [[-2.0, 1.0]]
    """
    if not domains or not tasks or damping < 0:
        raise UsageError("influence needs domains, tasks and a damping of at least 0")
    if len({np.shape(g) for g in (*domains.values(), *tasks.values())}) > 1:
        raise UsageError("the gradients of domains and tasks must have one length")
    rows = finite(np.stack([np.asarray(g, np.float64) for g in domains.values()]), "gradients of domains")
    goals = finite(np.stack([np.asarray(g, np.float64) for g in tasks.values()]), "gradients of tasks")
    return Influence(tuple(domains), tuple(tasks), -goals @ _solved(rows.T, curvature, damping))


def _solved(columns: Floats, curvature: Floats | None, damping: float) -> Floats:
    """(H + damping I)^-1 columns, shape (d, m)."""
    size = len(columns)
    if curvature is None:
        return columns / (1.0 + damping)
    if curvature.shape == (size,):
        if (curvature + damping <= 0).any():
            raise UsageError("a diagonal curvature must be above 0 with its damping; raise the damping")
        return columns / (curvature + damping)[:, None]
    if curvature.shape != (size, size):
        raise UsageError(f"expected a curvature of shape {(size,)} or {(size, size)}; got {curvature.shape}")
    try:
        solved: Floats = np.asarray(np.linalg.solve(curvature + damping * np.eye(size), columns), dtype=np.float64)
    except np.linalg.LinAlgError as error:
        raise UsageError(f"the curvature cannot be inverted ({error}); raise the damping") from error
    return solved


def direct(
    found: Influence, current: Mixture, *, evenness: float = 0.5, caps: Mapping[str, float] | None = None
) -> Mixture:
    """Variant D: the mixture with the most mean gain and the least spread over tasks, no task below where it is.

    Maximises mean gain - evenness times the variance of the gains over tasks; both are scaled as in `Influence.gain`.

    Args:
        found: the influences.
        current: the mixture that is trained on now.
        evenness: price of spread over tasks, at least 0.
        caps: largest share of a domain; domains that are not named have none. The current mixture must keep to them.

    Returns:
        the mixture; the current one when none is found that is better and keeps every task.

    Raises:
        UsageError: caps that the current mixture breaks, or an evenness below 0.
        UnknownName: a cap or share of a domain without an influence.

    Source: Wang et al. 2025 (TiKMiX), variant D, from memory; the evenness term is ours.

    >>> found = Influence(("hi", "en"), ("qa",), np.array([[-2.0, 1.0]]))
    >>> round(direct(found, Mixture({"hi": 1, "en": 1}), caps={"hi": 0.75}).weights["hi"], 9)
    0.75
    """
    from scipy.optimize import minimize

    start = current.aligned(found.domains)
    most = np.minimum(1.0, ordered(caps or {}, found.domains, "domain", np.ones(len(start))))
    if evenness < 0 or (start > most + 1e-9).any():
        raise UsageError("the current mixture must keep to the caps, and evenness must be at least 0")
    gain = found.gain
    centred = gain - gain.mean(axis=0)

    def loss(p: Floats) -> tuple[float, Floats]:
        off = centred @ p
        value = -(gain @ p).mean() + evenness * (off @ off) / len(off)
        return float(value), -gain.mean(axis=0) + 2 * evenness * (centred.T @ off) / len(off)

    limits = [
        {"type": "eq", "fun": lambda p: p.sum() - 1, "jac": lambda p: np.ones_like(p)},
        {"type": "ineq", "fun": lambda p: gain @ (p - start), "jac": lambda p: gain},
    ]
    bounds = [(0.0, float(cap)) for cap in most]
    answer = minimize(loss, start, jac=True, method="SLSQP", bounds=bounds, constraints=limits, tol=1e-10)
    better = np.clip(answer.x, 0.0, most)
    feasible = bool(answer.success) and bool((gain @ (better / better.sum() - start) >= -1e-6).all())
    return named(found.domains, better if feasible and answer.fun <= loss(start)[0] else start)


def modelled(
    around: Mixture,
    measure: Callable[[Mixture], Mapping[str, float]],
    *,
    rng: np.random.Generator,
    fit: Fit | None = None,
    samples: int = 32,
    rounds: int = 2,
    strength: float = 50.0,
    candidates: int = 4096,
    best: int = 32,
) -> Mixture:
    """Variant M: measure mixtures around an answer, learn gains from them, search, and go on around the new answer.

    Args:
        around: where to search, such as the answer of `direct`.
        measure: mixture -> gain of each task, larger is better; the same tasks each time.
        rng: draws mixtures.
        fit: (mixtures (n, m), gains (n, v)) -> predictor; LightGBM, one tree ensemble a task, when left out.
        samples: mixtures measured in each round.
        rounds: how often to search around the last answer.
        strength: how near the drawn mixtures lie, above 0; the sum of the Dirichlet's parameters.
        candidates: mixtures that the predictor looks at in each round.
        best: the answer is the mean of so many best candidates.

    Raises:
        UsageError: settings below 1, or gains that are missing or NaN.
        MissingExtra: LightGBM is wanted and not installed.

    Source: Wang et al. 2025 (TiKMiX), variant M, from memory.

    >>> def gains(mixture):
    ...     return {"qa": -(mixture.weights["hi"] - 0.6) ** 2}
    >>> answer = modelled(Mixture({"hi": 1, "en": 1}), gains, rng=np.random.default_rng(0), fit=curved)
    >>> abs(answer.weights["hi"] - 0.6) < 0.05
    True
    """
    if min(samples, rounds, candidates, best) < 1 or not strength > 0:
        raise UsageError("searching needs samples, rounds, candidates and best of 1 or more, and a strength above 0")
    learn, seen, gains = fit or boosted, [], []
    for _ in range(rounds):
        alpha = np.maximum(around.array, 1e-3) * strength
        for row in rng.dirichlet(alpha, samples):
            seen.append(row)
            told = measure(named(around.names, row))
            gains.append(finite(np.array([told[task] for task in sorted(told)]), "measured gains"))
        if len({len(row) for row in gains}) > 1:
            raise UsageError("expected the same tasks for every mixture that is measured")
        told_all = np.stack(gains)
        size = np.maximum(told_all.std(axis=0), 1e-12)
        predict = learn(np.stack(seen), told_all / size)
        drawn = rng.dirichlet(alpha, candidates)
        top = np.argsort(-predict(drawn).mean(axis=1), kind="stable")[:best]
        around = named(around.names, drawn[top].mean(axis=0))
    return around


def curved(mixtures: Floats, gains: Floats) -> Predict:
    """A quadratic surface by ridge regression: for few samples, and where LightGBM is not installed.

    >>> curved(np.array([[0.0, 1.0], [1.0, 0.0]]), np.array([[0.0], [1.0]]))(np.array([[1.0, 0.0]])).shape
    (1, 1)
    """

    def features(rows: Floats) -> Floats:
        i, j = np.triu_indices(rows.shape[1])
        return np.hstack([np.ones((len(rows), 1)), rows, rows[:, i] * rows[:, j]])

    x = features(mixtures)
    coefficients = np.linalg.solve(x.T @ x + 1e-6 * np.eye(x.shape[1]), x.T @ gains)
    return lambda rows: features(rows) @ coefficients


def boosted(mixtures: Floats, gains: Floats) -> Predict:
    """Gradient-boosted trees, one ensemble a task, one thread, small leaves because there are few samples.

    Raises:
        MissingExtra: LightGBM is not installed.
    """
    from importlib import import_module

    try:
        lightgbm = import_module("lightgbm")
    except ImportError as error:
        raise MissingExtra("lightgbm", "mix") from error
    settings = {"objective": "regression", "num_threads": 1, "min_data_in_leaf": 3, "verbosity": -1, "seed": 0}
    settings |= {"learning_rate": 0.1, "num_leaves": 7, "deterministic": True}
    models = [
        lightgbm.train(settings, lightgbm.Dataset(mixtures, gains[:, v]), num_boost_round=100)
        for v in range(gains.shape[1])
    ]
    return lambda rows: np.stack([model.predict(rows) for model in models], axis=1)
