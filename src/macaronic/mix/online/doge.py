"""DoGE: raise the weight of domains whose gradient points the way of the target's gradient."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from macaronic.core.errors import UsageError
from macaronic.core.mixture import Mixture
from macaronic.mix.online.named import Floats, Gradients, logs, named, shares, softmax


@dataclass(frozen=True, eq=False)
class State:
    """What DoGE knows.

    Args:
        domains: names, the order of the arrays.
        weights: weights now, shape (m,).
        total: sum of the weights over the steps, shape (m,).
        steps: how many steps were taken.
    """

    domains: tuple[str, ...]
    weights: Floats
    total: Floats
    steps: int = 0

    @property
    def mixture(self) -> Mixture:
        """The weights now."""
        return named(self.domains, self.weights)

    @property
    def average(self) -> Mixture:
        """DoGE's answer: the mean of the weights over all steps."""
        return named(self.domains, self.total if self.steps else self.weights)


def start(domains: Sequence[str], prior: Mapping[str, float] | None = None) -> State:
    """The state before training.

    Args:
        domains: two or more names.
        prior: weights to begin with; even ones when left out.

    >>> start(["hi", "en"]).mixture.weights
    {'hi': 0.5, 'en': 0.5}
    """
    weights = shares(prior, domains)
    return State(tuple(domains), weights, np.zeros(len(weights)))


def alignment(names: Sequence[str], seen: Gradients, *, most: float = 5.0) -> Floats:
    """How well each domain's gradient serves the target: <g_j, g_target> / mean |g|, clipped to 0..most; shape (m,).

    >>> alignment(["a", "b"], Gradients({"a": [1, 0], "b": [0, 1]}, target=[2, 0])).tolist()
    [2.0, 0.0]
    """
    rows = seen.matrix(names)
    norm = np.linalg.norm(rows, axis=1).mean()
    if norm == 0:
        return np.zeros(len(rows))
    clipped: Floats = np.clip(rows @ seen.towards(names) / norm, 0.0, most)
    return clipped


def step(state: State, seen: Gradients, *, learning_rate: float, mu: float = 0.05, most: float = 5.0) -> State:
    """One step of mirror descent: log a += learning_rate alignment / mu.

    Args:
        state: before the step.
        seen: gradients of every domain, and of the target.
        learning_rate: of the model at this step, above 0.
        mu: strength of the pull towards the old weights, above 0; the default is ours.
        most: upper end of the alignment.

    Raises:
        UsageError: a missing or NaN gradient, or a setting out of range.

    Source: Fan et al. 2024 (DoGE), as their code does it.

    >>> seen = Gradients({"hi": [1.0, 0.0], "en": [0.0, 1.0]}, target=[1.0, 0.0])
    >>> step(start(["hi", "en"]), seen, learning_rate=0.1).mixture.weights["hi"] > 0.8
    True
    """
    if not learning_rate > 0 or not mu > 0:
        raise UsageError(f"DoGE needs a learning rate and mu above 0; got {learning_rate} and {mu}")
    gain = learning_rate * alignment(state.domains, seen, most=most)
    weights = softmax(logs(state.weights) + gain / mu)
    return replace(state, weights=weights, total=state.total + weights, steps=state.steps + 1)
