"""Mixtures that follow from the sizes of the sources alone."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from macaronic.core.errors import UsageError
from macaronic.core.mixture import Mixture
from macaronic.mix.limits import Limits


def proportional(sizes: Mapping[str, float], *, unit: str = "words") -> Mixture:
    """Shares as large as the sources are.

    Args:
        sizes: how many units each source holds, not negative.
        unit: what the sizes count.

    >>> proportional({"hi": 300, "en": 100}).weights
    {'hi': 0.75, 'en': 0.25}
    """
    return Mixture(sizes, unit)


def temperature(sizes: Mapping[str, float], tau: float, *, unit: str = "words") -> Mixture:
    """Shares flattened by a temperature: p_i is proportional to q_i^(1/tau), with q the shares of the sizes.

    tau = 1 is proportional, a large tau nearly uniform; `alpha` in other code is 1/tau. An empty source gets nothing.

    Args:
        sizes: how many units each source holds, not negative.
        tau: above 0; may be infinite.
        unit: what the sizes count.

    Raises:
        UsageError: tau is not above 0.

    Source: Arivazhagan et al. 2019, section 4; Xue et al. 2021 (mT5) with alpha = 1/tau.

    >>> temperature({"hi": 16, "en": 1}, 2).weights
    {'hi': 0.8, 'en': 0.2}
    """
    if not tau > 0:
        raise UsageError(f"a temperature must be above 0; got {tau}")
    largest = max(sizes.values(), default=0)
    weights = {name: (size / largest) ** (1 / tau) if size > 0 else 0.0 for name, size in sizes.items()}
    return Mixture(weights, unit)


def unimax(sizes: Mapping[str, float], budget: float, *, max_epochs: float, unit: str = "words") -> Mixture:
    """As even as possible while no source is repeated more than `max_epochs` times.

    Sources are taken from the smallest up; each gets an even part of what is left of the budget, or all that it
    may be repeated. When even that cannot fill the budget the shares are those of the fully repeated sources.

    Args:
        sizes: how many units each source holds, not negative.
        budget: how many units are wanted, above 0.
        max_epochs: how often a source may be repeated, above 0.
        unit: what the sizes count.

    Raises:
        UsageError: a budget or max_epochs that is not above 0.

    Source: Chung et al. 2023 (UniMax), algorithm 1.

    >>> unimax({"small": 10, "big": 1000}, 100, max_epochs=2).weights
    {'small': 0.2, 'big': 0.8}
    """
    if not budget > 0 or not max_epochs > 0:
        raise UsageError(f"UniMax needs a budget and max_epochs above 0; got {budget} and {max_epochs}")
    left, taken = float(budget), {}
    order = sorted(sizes, key=lambda name: (sizes[name], name))
    for i, name in enumerate(order):
        taken[name] = min(left / (len(order) - i), max_epochs * sizes[name])
        left -= taken[name]
    return Mixture({name: taken[name] for name in sizes}, unit)


def capped(mixture: Mixture, capacity: Mapping[str, float], budget: float) -> tuple[Mixture, tuple[str, ...]]:
    """The mixture with no source asked for more than its capacity; what is cut goes to the others in proportion.

    p_i = min(lambda * w_i, capacity_i / budget) with lambda so that the shares sum to one. When all capacities
    together are smaller than the budget, every source with a weight is taken whole.

    Args:
        mixture: the shares wanted.
        capacity: the most units of each name, not negative.
        budget: how many units are wanted, above 0.

    Returns:
        the capped mixture, and the names whose capacity binds.

    >>> capped(Mixture({"hi": 0.9, "en": 0.1}), {"hi": 50, "en": 1000}, 100)[0].weights
    {'hi': 0.5, 'en': 0.5}
    """
    limits = {name: capacity[name] / budget for name in mixture.names}
    shares, free, bound = dict(mixture.weights), {n for n, w in mixture.weights.items() if w > 0}, set[str]()
    while free:
        room = 1 - math.fsum(limits[name] for name in bound)
        scale = room / math.fsum(mixture.weights[name] for name in free)
        over = {name for name in free if mixture.weights[name] * scale > limits[name]}
        if not over:
            shares.update({name: mixture.weights[name] * scale for name in free})
            break
        bound |= over
        free -= over
        shares.update({name: limits[name] for name in over})
    names = tuple(name for name in mixture.names if name in bound)
    return Mixture(shares, mixture.unit), names


def limited(
    mixture: Mixture, capacity: Mapping[str, float], budget: float, allowed: Limits
) -> tuple[Mixture, tuple[str, ...], float]:
    """The mixture within floors and caps and with no source asked for more than its capacity.

    A floor that the capacity does not allow is lowered to it. A source without weight and floor stays without.

    Args:
        mixture: the shares wanted.
        capacity: the most units of each name, not negative.
        budget: how many units are wanted, above 0.
        allowed: floors and caps in the order of `mixture.names`.

    Returns:
        the limited mixture, the names whose cap or capacity binds, and how much of the budget can be filled, 0 to 1.

    Raises:
        UsageError: nothing with a weight can be taken.

    >>> from macaronic.mix.limits import limits
    >>> allowed = limits(("hi", "en"), caps={"en": 0.5})
    >>> found, bound, part = limited(Mixture({"hi": 0.2, "en": 0.8}), {"hi": 300, "en": 1000}, 1000, allowed)
    >>> {name: round(share, 3) for name, share in found.weights.items()}, bound, part
    ({'hi': 0.375, 'en': 0.625}, ('hi', 'en'), 0.8)
    """
    wanted = mixture.array
    room = np.array([capacity[name] / budget for name in mixture.names])
    high = np.where((wanted > 0) | (allowed.low > 0), np.minimum(allowed.high, room), 0.0)
    reachable = min(1.0, math.fsum(high))
    if not reachable > 0:
        raise UsageError("nothing that has a weight can be taken; give weight to sources that hold text")
    shares = high if reachable < 1 else Limits(np.minimum(allowed.low, high), high).nearest(wanted)
    names = zip(mixture.names, shares.tolist(), high.tolist(), strict=True)
    bound = tuple(name for name, share, most in names if most < 1 and share >= most - 1e-9 and most > 0)
    return Mixture(dict(zip(mixture.names, shares.tolist())), mixture.unit), bound, reachable
