"""Skill-It: a fixed graph says which domain helps which loss; domains that help high losses are raised."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from macaronic.core.errors import UsageError
from macaronic.core.mixture import Mixture
from macaronic.mix.online.named import Floats, finite, logs, named, ordered, shares, softmax


@dataclass(frozen=True, eq=False)
class State:
    """What Skill-It knows.

    Args:
        domains: names of what is trained on, the order of the columns.
        targets: names of the losses, the order of the rows.
        graph: how much domain j helps target i, not negative, shape (k, m).
        prior: shares to begin with, shape (m,).
        weights: shares now, shape (m,).
        recent: the last losses, newest last, shape (up to window, k).
    """

    domains: tuple[str, ...]
    targets: tuple[str, ...]
    graph: Floats
    prior: Floats
    weights: Floats
    recent: Floats

    @property
    def mixture(self) -> Mixture:
        """What to train on next."""
        return named(self.domains, self.weights)


def graph(before: Mapping[str, float], after: Mapping[str, Mapping[str, float]]) -> Floats:
    """A graph from runs on one domain each: the share of a target's loss that a run took away; shape (k, m).

    Args:
        before: target -> loss of the untrained model, above 0.
        after: domain -> target -> loss after training on that domain alone.

    Raises:
        UsageError: a loss that is missing, NaN or not above 0.

    >>> graph({"hi": 4.0, "en": 4.0}, {"hi": {"hi": 2.0, "en": 4.5}, "en": {"hi": 3.0, "en": 1.0}}).tolist()
    [[0.5, 0.25], [0.0, 0.75]]
    """
    names = list(before)
    first = ordered(before, names, "target")
    if (first <= 0).any():
        raise UsageError("losses before training must be above 0")
    last = np.stack([ordered(losses, names, "target") for losses in after.values()], axis=1)
    return np.maximum(0.0, (first[:, None] - last) / first[:, None])


def start(
    domains: Sequence[str],
    helps: Floats,
    prior: Mapping[str, float] | None = None,
    *,
    targets: Sequence[str] | None = None,
) -> State:
    """The state before training.

    Args:
        domains: two or more names.
        helps: the graph, shape (k, m), rows as `targets`, columns as `domains`.
        prior: shares to begin with; even ones when left out.
        targets: names of the losses; the domains when left out.

    Raises:
        UsageError: a graph of another shape, or with a negative number or NaN.

    >>> start(["hi", "en"], np.eye(2)).mixture.weights
    {'hi': 0.5, 'en': 0.5}
    """
    weights, rows = shares(prior, domains), tuple(targets or domains)
    given = finite(np.asarray(helps, dtype=np.float64), "the graph")
    if given.shape != (len(rows), len(weights)) or (given < 0).any():
        raise UsageError(f"expected a graph of shape {(len(rows), len(weights))}, not negative; got {given.shape}")
    return State(tuple(domains), rows, given, weights, weights, np.zeros((0, len(rows))))


def step(state: State, losses: Mapping[str, float], *, rate: float, window: int = 3) -> State:
    """Weigh domains by how much they help what is still high: p_j ~ prior_j exp(rate sum_i graph_ij sum_recent L_i).

    Args:
        state: before the step.
        losses: validation loss of every target, in nats.
        rate: step size, above 0.
        window: how many of the last measurements count, at least 1.

    Raises:
        UsageError: a loss that is missing or NaN, or a setting out of range.

    Source: Chen et al. 2023 (Skill-It), as the code of Aioli does it.

    >>> state = start(["hi", "en"], np.eye(2))
    >>> round(step(state, {"hi": 2.0, "en": 1.0}, rate=1.0).mixture.weights["hi"], 3)
    0.731
    """
    if not rate > 0 or window < 1:
        raise UsageError(f"Skill-It needs a rate above 0 and a window of at least 1; got {rate} and {window}")
    row = ordered(losses, state.targets, "target")
    recent = np.vstack([state.recent, row])[-window:]
    weights = softmax(logs(state.prior) + rate * (state.graph.T @ recent.sum(axis=0)))
    return replace(state, weights=weights, recent=recent)
