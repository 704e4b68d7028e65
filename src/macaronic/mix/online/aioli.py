"""Aioli: learn the mixing law's matrix while training, by short probes that lean on one domain each.

Training goes in stretches. After a long stretch the losses are measured and probes begin: short stretches whose
mixture leans on one domain, each followed by a measurement. When every domain has had its rounds, the matrix is
solved for and the mixture moves. `segment` says how many steps the next stretch has; all counts are optimiser steps.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from macaronic.core.errors import UsageError
from macaronic.core.mixture import Mixture
from macaronic.mix.online.named import Floats, logs, named, ordered, shares, softmax


@dataclass(frozen=True, slots=True)
class Settings:
    """How Aioli probes and moves.

    Args:
        rounds: how often each domain is probed before the mixture moves; the paper's code uses 4 to 6.
        lean: share of the probed domain in its probe, above 1/m and up to 1; the paper's code uses 0.5 to 0.75.
        rate: step size of the mixture; the paper's code uses 0.1 to 0.5.
        memory: weight of the new matrix in a moving average (0.1 to 0.5); None adds all matrices up instead.
        probe_steps: optimiser steps of one probe.
        train_steps: optimiser steps between probes.
    """

    rounds: int = 4
    lean: float = 0.75
    rate: float = 0.2
    memory: float | None = None
    probe_steps: int = 4
    train_steps: int = 100


@dataclass(frozen=True, eq=False)
class State:
    """What Aioli knows.

    Args:
        domains: names of what is trained on, the order of the columns.
        targets: names of the losses, the order of the rows.
        prior: shares to begin with, shape (m,).
        weights: shares of the long stretches, shape (m,).
        settings: how to probe and move.
        queue: columns that are still to be probed; empty in a long stretch.
        losses: the last measured losses, shape (k,).
        falls: sum of the falls in each column's probes so far, shape (k, m).
        matrix: the last matrix, scaled to sum to one, or zeros, shape (k, m).
        memory: matrices added up or averaged, shape (k, m).
        moves: how often the mixture moved.
    """

    domains: tuple[str, ...]
    targets: tuple[str, ...]
    prior: Floats
    weights: Floats
    settings: Settings
    queue: tuple[int, ...]
    losses: Floats
    falls: Floats
    matrix: Floats
    memory: Floats
    moves: int = 0

    @property
    def mixture(self) -> Mixture:
        """What to train on next: the mixture of the probe that is due, otherwise the learnt one."""
        if self.queue:
            return named(self.domains, leaning(len(self.domains), self.settings.lean)[self.queue[0]])
        return named(self.domains, self.weights)

    @property
    def learnt(self) -> Mixture:
        """The mixture of the long stretches."""
        return named(self.domains, self.weights)

    @property
    def segment(self) -> int:
        """How many optimiser steps the next stretch has."""
        return self.settings.probe_steps if self.queue else self.settings.train_steps


def start(
    domains: Sequence[str],
    prior: Mapping[str, float] | None = None,
    *,
    targets: Sequence[str] | None = None,
    settings: Settings | None = None,
) -> State:
    """The state before training; the first stretch is a long one on the prior.

    Args:
        domains: two or more names.
        prior: shares to begin with, such as another method's answer; even ones when left out.
        targets: names of the losses that are measured; the domains when left out.
        settings: how to probe and move.

    Raises:
        UsageError: settings that cannot tell the domains apart or make no step.

    >>> start(["hi", "en"]).segment
    100
    """
    weights, chosen = shares(prior, domains), settings or Settings()
    rows, m = tuple(targets or domains), len(domains)
    if not 1 / m < chosen.lean <= 1:
        raise UsageError(f"a probe must lean on its domain with a share above 1/{m} and up to 1; got {chosen.lean}")
    if min(chosen.rounds, chosen.probe_steps, chosen.train_steps) < 1 or not chosen.rate > 0:
        raise UsageError("Aioli needs at least one round, probe step and training step, and a rate above 0")
    if chosen.memory is not None and not 0 < chosen.memory <= 1:
        raise UsageError(f"the memory of a moving average must be above 0 and up to 1; got {chosen.memory}")
    empty = np.zeros((len(rows), m))
    return State(tuple(domains), rows, weights, weights, chosen, (), np.zeros(len(rows)), empty, empty, empty)


def leaning(count: int, lean: float) -> Floats:
    """Mixtures of the probes, one a row, shape (count, count): `lean` on its own domain, the rest shared evenly.

    >>> leaning(3, 0.5).tolist()[0]
    [0.5, 0.25, 0.25]
    """
    return np.where(np.eye(count, dtype=bool), lean, (1 - lean) / (count - 1))


def solve(falls: Floats, lean: float) -> Floats:
    """The matrix that explains the mean fall of each probe: falls = A probes^T, for every row; shape (k, m).

    >>> truth = np.array([[2.0, 1.0], [0.0, 3.0]])
    >>> solve(truth @ leaning(2, 0.75).T, 0.75).round(9).tolist()
    [[2.0, 1.0], [0.0, 3.0]]
    """
    return np.asarray(np.linalg.solve(leaning(falls.shape[1], lean), falls.T).T, dtype=np.float64)


def scaled(matrix: Floats) -> Floats:
    """The matrix lifted so that nothing is negative, then divided by its sum; zeros when nothing is left.

    >>> scaled(np.array([[-1.0, 1.0]])).tolist()
    [[0.0, 1.0]]
    """
    lifted = matrix - min(float(matrix.min()), 0.0)
    total = float(lifted.sum())
    return lifted / total if total > 0 else np.zeros_like(matrix)


def step(state: State, losses: Mapping[str, float], *, rng: np.random.Generator) -> State:
    """The state after one stretch, long or short.

    Args:
        state: before the stretch.
        losses: measured after the stretch, one for every target, in nats.
        rng: order in which the domains are probed.

    Raises:
        UsageError: a loss that is missing or NaN.
        UnknownName: a loss that is not among the targets.

    Source: Chen et al. 2025 (Aioli), algorithm 1 and its LearnParams, as their code does it.

    >>> state = start(["hi", "en"], settings=Settings(rounds=1))
    >>> state = step(state, {"hi": 3.0, "en": 3.0}, rng=np.random.default_rng(0))
    >>> len(state.queue), round(max(state.mixture.weights.values()), 2)
    (2, 0.75)
    """
    row = ordered(losses, state.targets, "target")
    if not state.queue:
        m = len(state.domains)
        order = [int(j) for _ in range(state.settings.rounds) for j in rng.permutation(m)]
        return replace(state, queue=tuple(order), losses=row, falls=np.zeros_like(state.falls))
    falls = state.falls.copy()
    falls[:, state.queue[0]] += state.losses - row
    probed = replace(state, queue=state.queue[1:], losses=row, falls=falls)
    return probed if probed.queue else _move(probed)


def _move(state: State) -> State:
    """Solve for the matrix and move the mixture."""
    own = state.settings
    matrix = scaled(solve(state.falls / own.rounds, own.lean))
    if own.memory is None:
        memory = state.memory + matrix
    else:
        memory = matrix if not state.moves else (1 - own.memory) * state.memory + own.memory * matrix
    weights = softmax(logs(state.prior) + own.rate * memory.sum(axis=0))
    return replace(state, weights=weights, matrix=matrix, memory=memory, moves=state.moves + 1)
