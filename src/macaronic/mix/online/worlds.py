"""Toy worlds whose best mixture is known, to see whether a method finds it."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from macaronic.core.mixture import Mixture
from macaronic.mix.online.named import Floats, Gradients, named, softmax


@dataclass(frozen=True, eq=False)
class LogLinear:
    """Losses that fall with what was read: L_i = c_i + exp(b_i - sum_j transfer_ij amount_j).

    Only the sum of what was read counts, not the order, so that the best mixture for a budget is a convex problem.

    Args:
        domains: names, m of them; they are the targets too when `transfer` is square, else targets are t0, t1, ...
        floor: what cannot be learnt, shape (k,).
        log_gap: log of what can be learnt, shape (k,).
        transfer: how fast reading domain j lowers target i, shape (k, m).
    """

    domains: tuple[str, ...]
    floor: Floats
    log_gap: Floats
    transfer: Floats

    @property
    def targets(self) -> tuple[str, ...]:
        """Names of the losses."""
        k, m = self.transfer.shape
        return self.domains if k == m else tuple(f"t{i}" for i in range(k))

    def losses(self, amounts: Floats) -> Floats:
        """Losses after reading the amounts (m,), shape (k,)."""
        reducible: Floats = np.exp(self.log_gap - self.transfer @ amounts)
        return self.floor + reducible

    def matrix(self, amounts: Floats) -> Floats:
        """The true A at this moment: the fall of each loss per unit of each domain, shape (k, m)."""
        return (self.losses(amounts) - self.floor)[:, None] * self.transfer

    def best(self, budget: float, *, rounds: int = 5000) -> Mixture:
        """The mixture with the lowest mean loss after the budget, by exponentiated gradient.

        >>> world = LogLinear(("a", "b"), np.zeros(2), np.zeros(2), np.eye(2))
        >>> world.best(4.0).weights
        {'a': 0.5, 'b': 0.5}
        """
        scores = np.zeros(len(self.domains))
        for _ in range(rounds):
            gain = self.matrix(budget * softmax(scores)).mean(axis=0) * budget
            scores = scores + gain / max(float(np.abs(gain).max()), 1e-12) * 0.05
            scores -= scores.max()
            if float(np.abs(gain - gain @ softmax(scores)).max()) < 1e-9:
                break
        return named(self.domains, softmax(scores))

    def regret(self, mixture: Mixture, budget: float) -> float:
        """How much higher the mean loss is than at the best mixture."""
        ours = self.losses(budget * mixture.aligned(self.domains)).mean()
        return float(ours - self.losses(budget * self.best(budget).aligned(self.domains)).mean())


def log_linear(rng: np.random.Generator, *, count: int = 3, spread: float = 1.0, transfer: float = 0.2) -> LogLinear:
    """A log-linear world drawn at random: domains that differ in how fast they are learnt and how they help others.

    Args:
        rng: draws the numbers.
        count: how many domains.
        spread: how far the domains differ; 0 makes all alike.
        transfer: how much a domain helps the others, relative to itself, at most.

    >>> log_linear(np.random.default_rng(0)).domains
    ('d0', 'd1', 'd2')
    """
    speed = np.exp(spread * rng.normal(size=count)) * 0.5
    helps = np.where(np.eye(count, dtype=bool), 1.0, rng.uniform(0, transfer, (count, count)))
    gap = 1.0 + 0.5 * spread * rng.normal(size=count)
    return LogLinear(tuple(f"d{i}" for i in range(count)), rng.uniform(1, 2, count), gap, helps * speed[:, None])


@dataclass
class Reader:
    """A model that reads in a log-linear world.

    Args:
        world: where it reads.
        noise: standard deviation of measured losses.
        rng: the noise.
        amounts: what it has read, shape (m,).
    """

    world: LogLinear
    noise: float = 0.0
    rng: np.random.Generator | None = None
    amounts: Floats = field(default_factory=lambda: np.zeros(0))

    def read(self, mixture: Mixture, amount: float) -> dict[str, float]:
        """Read an amount of the mixture; the losses after that, by name.

        >>> world = LogLinear(("a", "b"), np.zeros(2), np.zeros(2), np.eye(2))
        >>> Reader(world).read(Mixture({"a": 1}), 0.0)
        {'a': 1.0, 'b': 1.0}
        """
        before = self.amounts if len(self.amounts) else np.zeros(len(self.world.domains))
        self.amounts = before + amount * mixture.aligned(self.world.domains)
        losses = self.world.losses(self.amounts)
        if self.rng is not None:
            losses = losses + self.noise * self.rng.normal(size=len(losses))
        return dict(zip(self.world.targets, losses.tolist(), strict=True))


@dataclass(frozen=True, eq=False)
class Quadratic:
    """Domains whose losses are bowls: L_j(x) = 0.5 sum_d curve_jd (x_d - centre_jd)^2, and a bowl that is the target.

    Args:
        domains: names, m of them.
        centres: where each domain's loss is least, shape (m, d).
        curves: how steep each is, above 0, shape (m, d).
        target: where the target's loss is least, shape (d,); its curve is 1.
    """

    domains: tuple[str, ...]
    centres: Floats
    curves: Floats
    target: Floats

    def gradients(self, place: Floats) -> Gradients:
        """Gradients of the domains and of the target at a place (d,)."""
        rows = self.curves * (place - self.centres)
        return Gradients(dict(zip(self.domains, rows, strict=True)), place - self.target)

    def settled(self, weights: Floats) -> Floats:
        """Where training on the shares (m,) ends, shape (d,)."""
        place: Floats = (weights @ (self.curves * self.centres)) / (weights @ self.curves)
        return place

    def loss(self, place: Floats) -> float:
        """The target's loss at a place.

        >>> world = Quadratic(("a", "b"), np.array([[0.0], [2.0]]), np.ones((2, 1)), np.array([0.5]))
        >>> world.loss(world.settled(np.array([0.75, 0.25])))
        0.0
        """
        return float(0.5 * ((place - self.target) ** 2).sum())


@dataclass
class Walker:
    """A model that walks down in a quadratic world.

    Args:
        world: where it walks.
        place: where it is, shape (d,).
        rate: learning rate.
    """

    world: Quadratic
    place: Floats
    rate: float = 0.05

    def walk(self, mixture: Mixture, steps: int) -> Gradients:
        """Walk down the mixture's loss; the gradients at the new place."""
        weights = mixture.aligned(self.world.domains)
        for _ in range(steps):
            rows = self.world.gradients(self.place).matrix(self.world.domains)
            self.place = self.place - self.rate * (weights @ rows)
        return self.world.gradients(self.place)
