"""Interference: how much worse (or better) each language pair is for being trained together, over temperatures."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from macaronic.core.errors import UnknownName, UsageError
from macaronic.core.mixture import Mixture
from macaronic.mix.static import temperature

TAUS = (1.0, 2.0, 3.0, 4.0, 5.0)


def interference(alone: Mapping[str, float], together: Mapping[str, float]) -> dict[str, float]:
    """The relative gain of training together: (alone - together) / alone, by name.

    Below 0 is interference, above 0 synergy.

    Args:
        alone: pair -> test loss of a model trained on that pair alone, above 0.
        together: pair -> test loss of a model trained on all, for the same pairs.

    Raises:
        UsageError: losses that are missing, NaN or not above 0.
        UnknownName: a pair without a model of its own.

    Source: Shaham et al. 2023, the definition of interference.

    >>> interference({"hi-en": 2.0, "fr-en": 2.0}, {"hi-en": 1.5, "fr-en": 2.2})
    {'hi-en': 0.25, 'fr-en': -0.1}
    """
    for pair in together:
        if pair not in alone:
            raise UnknownName("language pair", pair, alone)
    lacking = [pair for pair in alone if pair not in together]
    if lacking:
        raise UsageError(f"expected a loss together for every pair; none came for {', '.join(lacking)}")
    values = np.array([*alone.values(), *together.values()])
    if not (np.isfinite(values).all() and (values > 0).all()):
        raise UsageError("losses must be numbers above 0 (did a run diverge?)")
    return {pair: round((own - together[pair]) / own, 12) for pair, own in alone.items()}


@dataclass(frozen=True)
class Point:
    """What one temperature gave.

    Args:
        tau: the temperature.
        mixture: its shares.
        losses: test loss of each pair.
        scores: interference of each pair.
    """

    tau: float
    mixture: Mixture
    losses: Mapping[str, float]
    scores: Mapping[str, float]

    @property
    def mean(self) -> float:
        """Mean interference over the pairs; larger is better."""
        return float(np.mean(list(self.scores.values())))

    @property
    def worst(self) -> float:
        """Interference of the pair that suffers most."""
        return min(self.scores.values())


def sweep(
    sizes: Mapping[str, float],
    alone: Mapping[str, float],
    train: Callable[[Mixture], Mapping[str, float]],
    *,
    taus: Sequence[float] = TAUS,
) -> tuple[Point, ...]:
    """Train once for each temperature, and score.

    Args:
        sizes: pair -> sentences or tokens that there are.
        alone: pair -> test loss of a model of its own.
        train: mixture -> test loss of each pair after training together.
        taus: temperatures, each above 0.

    Raises:
        UsageError: no temperatures, one that is not above 0, or losses as `interference` refuses them.

    Source: Shaham et al. 2023, who tune the temperature; 1 to 5 as the default is from memory.

    >>> points = sweep({"hi": 1, "fr": 99}, {"hi": 3.0, "fr": 2.0}, lambda m: {k: 3 - v for k, v in m.weights.items()})
    >>> [round(p.scores["hi"], 2) for p in points][:2]
    [0.0, 0.03]
    """
    if not taus:
        raise UsageError("expected at least one temperature")
    points = []
    for tau in taus:
        mixture = temperature(sizes, tau)
        losses = dict(train(mixture))
        points.append(Point(tau, mixture, losses, interference(alone, losses)))
    return tuple(points)


def choose(points: Sequence[Point], *, by: str = "mean") -> Point:
    """The best point: by `mean` interference or by the `worst` pair; the lower temperature wins a tie.

    Raises:
        UnknownName: another criterion.
        UsageError: no points.

    >>> points = sweep({"a": 1, "b": 9}, {"a": 3.0, "b": 2.0}, lambda m: {k: 3 - v for k, v in m.weights.items()})
    >>> choose(points, by="worst").tau
    1.0
    """
    if by not in ("mean", "worst"):
        raise UnknownName("criterion", by, ("mean", "worst"))
    if not points:
        raise UsageError("expected at least one point to choose from")
    ordered = sorted(points, key=lambda point: point.tau)
    return max(ordered, key=lambda point: point.mean if by == "mean" else point.worst)


@dataclass(frozen=True)
class ToyWorld:
    """Pairs that share a model: reading others helps a little, and costs room in a small model.

    Each loss is 1 + (own + help others)^-0.3 + (others / (own + others)) / capacity, where own and others are the
    read amounts and a pair stops gaining after a few repetitions of its data.

    Args:
        sizes: pair -> how much there is.
        budget: how much is read in all.
        capacity: size of the model, above 0.
        help: how much a unit of another pair is worth.
        repeats: how often data may be read before it is worth nothing more.
    """

    sizes: Mapping[str, float]
    budget: float
    capacity: float = 50.0
    help: float = 0.01
    repeats: float = 8.0

    def alone(self) -> dict[str, float]:
        """Losses of models of their own, that read the whole budget of one pair."""
        return {pair: self._loss(self._worth(pair, self.budget), 0.0, 0.0) for pair in self.sizes}

    def train(self, mixture: Mixture) -> dict[str, float]:
        """Losses of one model for all.

        >>> world = ToyWorld({"a": 1000.0, "b": 10.0}, budget=1000.0)
        >>> world.train(temperature(world.sizes, 5))["b"] < world.train(temperature(world.sizes, 1))["b"]
        True
        """
        read = {pair: self.budget * share for pair, share in mixture.weights.items()}
        total = sum(read.values())
        worth = {pair: self._worth(pair, amount) for pair, amount in read.items()}
        return {
            pair: self._loss(worth[pair], sum(worth.values()) - worth[pair], 1 - read[pair] / total) for pair in read
        }

    def _worth(self, pair: str, amount: float) -> float:
        most = self.repeats * self.sizes[pair]
        return float(most * -np.expm1(-amount / most)) if most > 0 else 0.0

    def _loss(self, own: float, others: float, crowd: float) -> float:
        return float(1.0 + max(own + self.help * others, 1e-9) ** -0.3 + crowd / self.capacity)
