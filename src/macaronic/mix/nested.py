"""Nested scaling laws: from small models trained for a while to the losses of a large one trained for long.

First a step law for every size and mixture says what its loss will be after more text; then a size law for every
mixture says what a larger model will make of it; a mixing law on these predicted losses gives the mixture. Exponents
are shared between mixtures, one for each target and law.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from macaronic.core.errors import UsageError
from macaronic.mix.ladder import Ladder
from macaronic.mix.power_law import PowerLaws, fit_power_laws
from macaronic.mix.runs import Runs

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]
FAR = 10.0
LEVEL = (2.5, 97.5)


@dataclass(frozen=True, eq=False)
class Foretold:
    """Losses that the laws predict for a size and amount of text.

    Args:
        runs: the mixtures and their predicted losses, as `mix.fit.fit` takes them.
        low: lower ends of the intervals of the losses, shape (n, k); NaN without resampling.
        high: upper ends.
        exponents: target -> (of the step law, of the size law); NaN for a law that was not needed.
        notes: what a person should know.
    """

    runs: Runs
    low: Floats
    high: Floats
    exponents: Mapping[str, tuple[float, float]]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class _Stage:
    """One law fitted: the curves, what they gave at the point wanted, residuals, and how much these are too small."""

    laws: PowerLaws | None
    values: Floats
    residuals: Floats
    widen: float = 1.0

    @property
    def exponent(self) -> float:
        """The exponent; NaN for a law that was not needed."""
        return float("nan") if self.laws is None else self.laws.exponent

    def noise(self, n: int, rng: np.random.Generator) -> Floats:
        """Residuals drawn anew, widened for the two numbers that every curve has used up."""
        told = self.residuals[self.residuals != 0]
        return rng.choice(told, n) * self.widen if len(told) else np.zeros(n)


def foretell(
    ladder: Ladder,
    *,
    size: float | None = None,
    amount: float | None = None,
    samples: int = 100,
    rng: np.random.Generator | None = None,
) -> Foretold:
    """Predict the loss of every mixture on every target at a model size and an amount of text.

    A law that is not needed is not used: what was measured at the amount wanted stands as it is, and so does the size
    wanted. Intervals come from resampling mixtures (for the exponents) and residuals (for the curves). They hold as
    far as the form of the laws does: no resampling shows that losses stop following it.

    Args:
        ladder: looks at runs.
        size: parameters of the model wanted; the largest in the ladder when left out.
        amount: tokens or steps wanted; the most in the ladder when left out.
        samples: how often to resample; 0: no intervals.
        rng: the resampling; needed when `samples` is above 0.

    Raises:
        UsageError: a size or amount that is not above 0; resampling without `rng`; too few sizes or steps for the law
            that is needed; no mixture for which a prediction can be made.

    Source: S044, nested use of scaling laws over steps, sizes and mixtures; sharing the exponents of a target, the
        intervals and the way of fitting are ours.

    >>> import itertools
    >>> from macaronic.mix.ladder import ladder
    >>> rows = np.array(list(itertools.product([1e6, 4e6, 16e6], [1.0, 2.0, 4.0], [0.2, 0.8])))
    >>> loss = 1 + rows[:, 2] + (rows[:, 0] / 1e6) ** -0.3 + rows[:, 1] ** -0.5
    >>> rungs = ladder(rows[:, 0], rows[:, 1], np.column_stack([rows[:, 2], 1 - rows[:, 2]]), loss[:, None], "ab", "a")
    >>> foretell(rungs, size=64e6, amount=16.0, samples=0).runs.losses.round(2).ravel().tolist()
    [1.74, 2.34]
    """
    size, amount = _wanted(ladder.sizes, size, "size"), _wanted(ladder.amounts, amount, "amount")
    if samples and rng is None:
        raise UsageError("intervals need rng, where the resampling comes from; or give samples=0")
    children = rng.spawn(len(ladder.targets)) if rng is not None else []
    losses, low, high = (np.full((len(ladder.mixtures), len(ladder.targets)), np.nan) for _ in range(3))
    exponents: dict[str, tuple[float, float]] = {}
    notes = _far(ladder, size, amount)
    for j, name in enumerate(ladder.targets):
        nested = _Nested(ladder, j, size, amount)
        steps, sizes = nested.fit()
        losses[:, j] = sizes.values
        exponents[name] = steps.exponent, sizes.exponent
        notes += _told(name, steps, sizes)
        if samples:
            drawn = np.stack([nested.refit(steps, sizes, children[j]) for _ in range(samples)])
            low[:, j], high[:, j] = np.percentile(drawn, LEVEL, axis=0)
    good = np.isfinite(losses).all(axis=1)
    _enough(good, notes, f"size {size:g} and {amount:g} {ladder.unit}")
    ids = tuple(str(i) for i in np.flatnonzero(good))
    runs = Runs(ladder.mixtures[good], losses[good], ladder.domains, ladder.targets, ids, notes=ladder.notes)
    return Foretold(runs, low[good], high[good], exponents, tuple(dict.fromkeys(notes)))


def _enough(good: NDArray[np.bool_], notes: list[str], wanted: str) -> None:
    """Say which mixtures are left out; end when all are."""
    if not good.any():
        raise UsageError(
            f"no mixture has enough looks for {wanted}: each needs runs of two or more sizes (or of the size wanted),\n"
            "with two or more looks each (or one at the amount wanted)"
        )
    if not good.all():
        out = int((~good).sum())
        notes.append(f"{out} of {len(good)} mixtures left out: too few sizes or looks for every target")


class _Nested:
    """One target: its looks, grouped by size and mixture, and the two laws over them."""

    def __init__(self, ladder: Ladder, target: int, size: float, amount: float) -> None:
        losses, self.name = ladder.losses[:, target], ladder.targets[target]
        seen = np.isfinite(losses)
        if not seen.any():
            raise UsageError(f"target {self.name}: no loss was measured")
        self.losses, self.amounts, self.which = losses[seen], ladder.amounts[seen], ladder.which[seen]
        self.size, self.amount, self.mixtures = size, amount, len(ladder.mixtures)
        self.sizes, rung = np.unique(ladder.sizes[seen], return_inverse=True)
        self.pair = rung.ravel() * self.mixtures + self.which
        self.pairs = len(self.sizes) * self.mixtures
        self.rung, self.own = np.divmod(np.arange(self.pairs), self.mixtures)

    def fit(self) -> tuple[_Stage, _Stage]:
        """The step law and the size law."""
        steps = self.over_steps(self.losses, None)
        return steps, self.over_sizes(steps.values, None)

    def over_steps(self, losses: Floats, counts: Floats | None) -> _Stage:
        """The loss of every size and mixture at the amount wanted."""
        weights = None if counts is None else counts[self.own]
        return _law(
            self.amounts,
            losses,
            self.pair,
            self.pairs,
            self.amount,
            weights,
            f"target {self.name}: too few looks at a run",
        )

    def over_sizes(self, values: Floats, counts: Floats | None) -> _Stage:
        """The loss of every mixture at the size wanted, from the losses of the pairs."""
        at = np.flatnonzero(np.isfinite(values))
        x, own = self.sizes[self.rung[at]], self.own[at]
        stage = _law(x, values[at], own, self.mixtures, self.size, counts, f"target {self.name}: too few sizes")
        spread = np.zeros(self.pairs)
        spread[at] = stage.residuals
        return replace(stage, residuals=spread)

    def refit(self, steps: _Stage, sizes: _Stage, rng: np.random.Generator) -> Floats:
        """Predictions from resampled mixtures and residuals."""
        counts = np.bincount(rng.integers(0, self.mixtures, self.mixtures), minlength=self.mixtures).astype(float)
        again = self.over_steps(self.losses - steps.residuals + steps.noise(len(self.losses), rng), counts)
        values = again.values - sizes.residuals + sizes.noise(self.pairs, rng)
        return self.over_sizes(values, counts).values


def _law(x: Floats, y: Floats, group: Ints, count: int, wanted: float, weights: Floats | None, few: str) -> _Stage:
    """Each curve at the x wanted: as measured where all that is asked was, and from the law elsewhere."""
    measured = np.full(count, np.nan)
    at = np.isclose(x, wanted, rtol=1e-6)
    if at.any():
        measured[:] = np.bincount(group[at], weights=y[at], minlength=count)
        times = np.bincount(group[at], minlength=count)
        measured = np.where(times > 0, measured / np.maximum(times, 1), np.nan)
        if not set(group.tolist()) - set(group[at].tolist()):
            return _Stage(None, measured, np.zeros(len(y)))
    try:
        laws = fit_power_laws(x, np.maximum(y, 0), group, count=count, weights=weights)
    except UsageError as error:
        raise UsageError(f"{few}: {str(error).splitlines()[0]}\nRun one more, or ask for one that was run.") from None
    values = np.where(np.isfinite(measured), measured, laws.predict(wanted))
    off = y - laws.predict(x, group)
    known = np.isfinite(off)
    free = known.sum() - 2 * np.isfinite(laws.floors).sum()
    return _Stage(laws, values, np.where(known, off, 0.0), float(np.sqrt(known.sum() / max(free, 1))))


def _wanted(seen: Floats, wanted: float | None, what: str) -> float:
    value = float(seen.max()) if wanted is None else float(wanted)
    if not (np.isfinite(value) and value > 0):
        raise UsageError(f"expected a {what} above 0; got {value}")
    return value


def _far(ladder: Ladder, size: float, amount: float) -> list[str]:
    """How far beyond the runs the wish lies."""
    notes = []
    for seen, wanted, what in ((ladder.sizes, size, "parameters"), (ladder.amounts, amount, ladder.unit)):
        times = wanted / float(seen.max())
        if times > 1 + 1e-6:
            far = ": far beyond what the runs can show; take the losses as a guess" if times > FAR else ""
            notes.append(f"{wanted:.4g} {what} are {times:.3g} times the most that was run{far}")
    if notes:
        notes.append("the intervals cover the noise of the runs, not a law that ceases to hold out there")
    return notes


def _told(name: str, steps: _Stage, sizes: _Stage) -> list[str]:
    """What is not sound about a target's curves."""
    notes = []
    for stage, what, of in ((steps, "step law", "runs"), (sizes, "size law", "mixtures")):
        if stage.laws is None:
            continue
        if stage.laws.at_edge:
            notes.append(
                f"{name}: the exponent of the {what} ran to {stage.laws.exponent:.2g}: the curves do not show it"
            )
        flat = int(np.sum(stage.laws.scales == 0))
        if flat:
            known = int(np.isfinite(stage.laws.scales).sum())
            notes.append(f"{name}: the loss of {flat} of {known} {of} does not fall in the {what}; it was kept level")
    return notes
