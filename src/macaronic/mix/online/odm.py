"""Online data mixing: a bandit that draws more from domains whose loss is high.

The formulas are written down from memory of the paper and not checked against its text.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from macaronic.core.errors import UsageError
from macaronic.core.mixture import Mixture
from macaronic.mix.online.named import Floats, finite, named, ordered, shares, softmax


@dataclass(frozen=True, eq=False)
class State:
    """What the bandit knows.

    Args:
        domains: names, the order of the arrays.
        weights: what to draw from next, shape (m,).
        rewards: smoothed rewards, shape (m,).
        steps: how many steps were taken.
        explored: least share of each domain in the last step.
    """

    domains: tuple[str, ...]
    weights: Floats
    rewards: Floats
    steps: int = 0
    explored: float = 0.0

    @property
    def mixture(self) -> Mixture:
        """What to train on next."""
        return named(self.domains, self.weights)


def start(domains: Sequence[str], prior: Mapping[str, float] | None = None) -> State:
    """The state before training.

    Args:
        domains: two or more names.
        prior: shares to begin with; even ones when left out.

    >>> start(["hi", "en"]).mixture.weights
    {'hi': 0.5, 'en': 0.5}
    """
    weights = shares(prior, domains)
    return State(tuple(domains), weights, np.zeros(len(weights)), 0, 1 / len(weights))


def step(state: State, losses: Mapping[str, float], *, keep: float = 0.9) -> State:
    """Reward each domain that was drawn with its loss over its share, and draw by the rewards.

    R_i <- keep R_i + (1 - keep) loss_i / pi_i; e_t = min(1/m, sqrt(ln m / (m t)));
    pi = (1 - m e_t) softmax(e_{t-1} R) + e_t. The reward is a moving average and e_t goes to 0, so the shares drift
    back to even ones as training goes on.

    Args:
        state: before the step.
        losses: mean training loss of each domain in the batch, in nats, not negative; others keep their reward.
        keep: how much of the old reward is kept, 0 to 1.

    Raises:
        UsageError: a NaN or negative loss, or `keep` out of range.
        UnknownName: a loss of a domain that is not known.

    Source: Albalak et al. 2023 (ODM), from memory.

    >>> state = start(["hi", "en"])
    >>> for _ in range(20):
    ...     state = step(state, {"hi": 4.0, "en": 1.0})
    >>> round(state.mixture.weights["hi"], 2)
    0.59
    """
    if not 0 <= keep < 1:
        raise UsageError(f"keep must be from 0 to below 1; got {keep}")
    drawn = np.array([name in losses for name in state.domains])
    row = ordered(losses, state.domains, "domain", np.zeros(len(drawn)))
    if (row < 0).any():
        raise UsageError("losses must not be negative")
    reward = finite(row / np.maximum(state.weights, 1e-12), "rewards")
    rewards = np.where(drawn, keep * state.rewards + (1 - keep) * reward, state.rewards)
    m, t = len(drawn), state.steps + 1
    explore = min(1 / m, float(np.sqrt(np.log(m) / (m * t))))
    weights = (1 - m * explore) * softmax(state.explored * rewards) + explore
    return replace(state, weights=weights, rewards=rewards, steps=t, explored=explore)
