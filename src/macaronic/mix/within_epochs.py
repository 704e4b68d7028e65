"""Phases that no source is repeated too often for: what a source cannot give goes to the others in proportion."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from macaronic.core.errors import UnknownName, UsageError
from macaronic.core.mixture import Mixture
from macaronic.mix.pieces import Documents, Windows
from macaronic.mix.schedule import Phase, total
from macaronic.mix.shards import Shard
from macaronic.mix.static import capped


def within_epochs(
    shards: Mapping[str, Sequence[Shard]], phases: Sequence[Phase], max_epochs: int
) -> tuple[tuple[Phase, ...], list[str], bool]:
    """The phases as they can be met when no source is seen more than `max_epochs` times in all of them together.

    A phase that ends by its sources is turned into one with the budget that this comes to.

    Args:
        shards: of each source.
        phases: as they were asked for.
        max_epochs: how often a source may be seen, at least 1.

    Returns:
        the phases, what cannot be met in words, and whether every budget can be filled.

    Raises:
        UnknownName: a weight for a source that is not there.
        UsageError: a weighed source that holds nothing, or nothing is left to take.

    >>> import tempfile
    >>> from macaronic.mix.shards import open_shard, write_tokens
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     sizes = [write_tokens(f"{folder}/{name}", [[1] * n]) for name, n in (("hi", 10), ("en", 100))]
    ...     held = {name: [open_shard(f"{folder}/{name}")] for name in ("hi", "en")}
    ...     asked = Phase("all", Mixture({"hi": 1, "en": 1}, "tokens"), 80, length=1)
    ...     phases, unmet, whole = within_epochs(held, [asked], 2)
    >>> phases[0].mixture.weights, unmet, whole
    ({'hi': 0.25, 'en': 0.75}, ['hi: asked 50.00%, 2 epochs of it give 25.00%'], True)
    """
    used = dict.fromkeys(shards, Fraction(0))
    found, unmet, whole = [], [], True
    for phase in phases:
        sizes = _sizes(shards, phase)
        wanted = total(phase, sizes)
        weights = {name: weight for name, weight in phase.mixture.weights.items() if weight}
        left = {name: float(max(max_epochs - used[name], Fraction(0)) * sizes[name]) for name in weights}
        most = sum(left.values())
        where = f"{phase.name}: " if len(phases) > 1 else ""
        if most <= 0:
            raise UsageError(
                f"phase {phase.name!r}: every source has been seen {max_epochs} times; raise --max-epochs."
            )
        reachable = min(wanted, Fraction(most))
        if math.floor(reachable) < math.floor(wanted):
            unit, whole = phase.mixture.unit, False
            unmet.append(
                f"{where}budget: asked {math.floor(wanted):,} {unit}, {max_epochs} epochs of the sources give "
                f"{math.floor(reachable):,}"
            )
        mixture, bound = capped(Mixture(weights, phase.mixture.unit), left, float(wanted))
        unmet += [
            f"{where}{name}: asked {weights[name]:.2%}, {max_epochs} epochs of it give {mixture.weights[name]:.2%}"
            for name in bound
        ]
        kept = Mixture({**dict.fromkeys(phase.mixture.weights, 0.0), **mixture.weights}, phase.mixture.unit)
        budget = max(1, math.floor(reachable))
        found.append(replace(phase, mixture=kept if bound else phase.mixture, budget=budget, until="budget"))
        for name in weights:
            used[name] += Fraction(found[-1].mixture.weights[name]) * budget / sizes[name]
    return tuple(found), unmet, whole


def _sizes(shards: Mapping[str, Sequence[Shard]], phase: Phase) -> dict[str, Fraction]:
    """How much one pass over each weighed source holds."""
    found = {}
    for name, weight in phase.mixture.weights.items():
        if name not in shards:
            raise UnknownName("source of a weight", name, shards, f"phase {phase.name!r}")
        if weight:
            own = shards[name]
            piece = Documents(name, own, 0) if phase.length is None else Windows(name, own, phase.length, 0)
            piece.check(phase.name)
            found[name] = piece.count * piece.each(phase.mixture.unit)
            if not found[name]:
                raise UsageError(f"{name!r} holds no {phase.mixture.unit}, so it cannot be weighed; give it no weight.")
    return found
