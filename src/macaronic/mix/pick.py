"""The best mixture of a fit, how sure that is, and whether the runs determine it at all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from macaronic.core.errors import UnknownName, UsageError
from macaronic.core.mixture import Mixture
from macaronic.mix.fit import FITTERS, resampled
from macaronic.mix.fitted import Fit, TargetFit
from macaronic.mix.laws import Law, fit_law
from macaronic.mix.limits import Limits, limits
from macaronic.mix.near import near_optimal
from macaronic.mix.optimum import Problem, minimise
from macaronic.mix.runs import Runs
from macaronic.mix.simulate import CANDIDATES, TOP, candidates, simulate
from macaronic.mix.validate import Predictor

Floats = NDArray[np.float64]
Interval = tuple[float, float]
LEVEL = (2.5, 97.5)
SAMPLES, TREE_SAMPLES = 100, 8


@dataclass(frozen=True, eq=False)
class Optimum:
    """The mixture that a fit prefers.

    Args:
        mixture: the optimum.
        how: `exact` (laws: convex, certified) or `simulated`.
        losses: predicted loss of each target at the optimum.
        intervals: share of each domain in the optima of resampled runs (95 %); None without resampling.
        near: share of each domain among mixtures that are about as good.
        gain: predicted gain of the objective over the reference (positive is better), and its interval.
        reference: what it is compared with: the prior within the limits.
        determined: whether the interval of the gain lies above 0, and some target is foretold better than by chance.
        gap: with `exact`, the most that any other mixture could still gain; otherwise None.
        notes: what a person should know.
    """

    mixture: Mixture
    how: str
    losses: Mapping[str, float]
    intervals: Mapping[str, Interval] | None
    near: Mapping[str, Interval]
    gain: float
    gain_interval: Interval | None
    reference: Mixture
    determined: bool | None
    gap: float | None
    notes: tuple[str, ...] = ()

    def asdict(self) -> dict[str, Any]:
        """The optimum as JSON values."""
        return {
            "mixture": dict(self.mixture.weights),
            "how": self.how,
            "losses": dict(self.losses),
            "intervals": {n: list(v) for n, v in self.intervals.items()} if self.intervals else None,
            "near": {n: list(v) for n, v in self.near.items()},
            "gain": self.gain,
            "gain_interval": list(self.gain_interval) if self.gain_interval else None,
            "reference": dict(self.reference.weights),
            "determined": self.determined,
            "gap": self.gap,
            "notes": list(self.notes),
        }


@dataclass(frozen=True, eq=False)
class _Wish:
    """What is asked for, as arrays in the order of the fit's domains and of the targets wanted."""

    fits: tuple[TargetFit, ...]
    weights: Floats
    prior: Floats
    allowed: Limits
    kl: float


def pick(
    fit: Fit,
    *,
    targets: Mapping[str, float] | None = None,
    prior: Mixture | None = None,
    kl: float = 0.0,
    caps: Mapping[str, float] | None = None,
    floors: Mapping[str, float] | None = None,
    samples: int | None = None,
    count: int = CANDIDATES,
    top: int = TOP,
    worst: bool = False,
    rng: np.random.Generator,
) -> Optimum:
    """The mixture with the lowest weighted mean of the predicted losses.

    When all targets wanted have laws, the optimum is exact; otherwise it is the mean of the best of many candidates.
    Runs are resampled and fitted again to say how far the optimum moves and whether it beats the reference at all.

    Args:
        fit: from `mix.fit.fit`.
        targets: target -> how much it counts; all alike when left out.
        prior: what KL and candidates are drawn to, and the reference; uniform when left out.
        kl: weight of KL(p || prior) in the objective, in units of the losses.
        caps: the largest share of some domains.
        floors: the smallest share of some domains.
        samples: how often runs are resampled; 100 for laws, 8 for other regressors when left out; 0: no intervals.
        count: how many candidates are simulated.
        top: how many of the best are averaged.
        worst: the mixture with the highest losses instead, as a check of the fit; always simulated.
        rng: candidates and resampling.

    Raises:
        UsageError: limits that no mixture meets, or weights that are negative.
        UnknownName: a target, or a domain of a limit or of the prior, that the fit lacks.

    >>> from macaronic.mix.runs import Runs
    >>> p = np.array([[x / 9, 1 - x / 9] for x in range(10)])
    >>> runs = Runs(p, 1 + np.exp(-2 * p), ("hi", "en"), ("hi", "en"), tuple("abcdefghij"))
    >>> from macaronic.mix.fit import fit
    >>> best = pick(fit(runs, method="law"), rng=np.random.default_rng(1), samples=20)
    >>> best.how, {name: round(share, 2) for name, share in best.mixture.weights.items()}
    ('exact', {'hi': 0.5, 'en': 0.5})
    """
    wish = _wish(fit, targets, prior, kl, caps, floors)
    laws = all(isinstance(one.model, Law) for one in wish.fits)
    often = samples if samples is not None else (SAMPLES if laws else TREE_SAMPLES)
    again = _refits(fit.runs, wish, often, rng)
    if laws and not worst:
        return _exact(fit, wish, again)
    return _simulated(fit, wish, again, count=count, top=top, worst=worst, rng=rng)


def _wish(
    fit: Fit,
    targets: Mapping[str, float] | None,
    prior: Mixture | None,
    kl: float,
    caps: Mapping[str, float] | None,
    floors: Mapping[str, float] | None,
) -> _Wish:
    wanted = dict.fromkeys(fit.targets, 1.0) if targets is None else dict(targets)
    for name, weight in wanted.items():
        if name not in fit.targets:
            raise UnknownName("target", name, fit.targets)
        if not (weight >= 0 and np.isfinite(weight)):
            raise UsageError(f"expected a weight of at least 0 for target {name!r}; got {weight}")
    weights = np.array(list(wanted.values()))
    if not weights.sum() > 0:
        raise UsageError("at least one target must weigh more than 0")
    if not kl >= 0:
        raise UsageError(f"the weight of KL must be at least 0; got {kl}")
    uniform = Mixture(dict.fromkeys(fit.domains, 1.0))
    q = (prior or uniform).aligned(fit.domains)
    fits = tuple(fit.of(name) for name in wanted)
    return _Wish(fits, weights / weights.sum(), q, limits(fit.domains, caps=caps, floors=floors), kl)


def _objective(wish: _Wish, models: tuple[Predictor, ...]) -> Callable[[Floats], Floats]:
    """Weighted mean loss plus the KL term, of mixtures (n, m)."""

    def value(mixtures: Floats) -> Floats:
        total: Floats = wish.weights @ np.stack([model.predict(mixtures) for model in models])
        if wish.kl > 0:
            ratio = np.where(mixtures > 0, mixtures / np.maximum(wish.prior, 1e-15), 1.0)
            total = total + wish.kl * (mixtures * np.log(ratio)).sum(axis=1)
        return total

    return value


def _refits(runs: Runs, wish: _Wish, samples: int, rng: np.random.Generator) -> list[tuple[Predictor, ...]]:
    """The models wanted, fitted to resampled runs; those of the user's own are not refitted."""
    if any(one.method not in FITTERS for one in wish.fits):
        return []
    out: list[tuple[Predictor, ...]] = []
    for drawn in resampled(runs, samples=samples, rng=rng):
        models: list[Predictor] = []
        for one in wish.fits:
            losses = drawn.target(one.target)
            if isinstance(one.model, Law):
                models.append(fit_law(drawn.mixtures, losses, start=one.model))
            else:
                models.append(FITTERS[one.method](drawn.mixtures, losses))
        out.append(tuple(models))
    return out


def _problem(wish: _Wish, models: tuple[Predictor, ...]) -> Problem:
    slopes = np.stack([model.t for model in models if isinstance(model, Law)])
    return Problem(slopes, wish.weights, wish.prior, wish.kl)


def _exact(fit: Fit, wish: _Wish, again: list[tuple[Predictor, ...]]) -> Optimum:
    models = tuple(one.model for one in wish.fits)
    problem = _problem(wish, models)
    best, gap = minimise(problem, wish.allowed)
    optima = np.array([minimise(_problem(wish, m), wish.allowed, tolerance=1e-6)[0] for m in again])
    regret = [problem.value(p) - problem.value(best) for p in optima]
    slack = float(np.quantile(regret, 0.95)) if regret else 0.01 * abs(problem.value(best))
    low, high = near_optimal(problem, wish.allowed, best, max(slack, 0.0))
    return _told(fit, wish, "exact", best, (low, high), optima, again, gap)


def _simulated(
    fit: Fit,
    wish: _Wish,
    again: list[tuple[Predictor, ...]],
    *,
    count: int,
    top: int,
    worst: bool,
    rng: np.random.Generator,
) -> Optimum:
    models = tuple(one.model for one in wish.fits)
    pool = candidates(wish.prior, wish.allowed, count=count, rng=rng)
    done = simulate(_objective(wish, models), pool, top=top, worst=worst)
    some = pool[: max(count // 5, 1000)]
    optima = np.array([simulate(_objective(wish, m), some, top=max(top // 5, 1), worst=worst).best for m in again])
    return _told(fit, wish, "worst" if worst else "simulated", done.best, (done.low, done.high), optima, again, None)


def _told(
    fit: Fit,
    wish: _Wish,
    how: str,
    best: Floats,
    near: tuple[Floats, Floats],
    optima: Floats,
    again: list[tuple[Predictor, ...]],
    gap: float | None,
) -> Optimum:
    """Gain over the reference, intervals, and what to say about them."""
    domains = fit.domains
    reference = wish.allowed.nearest(wish.prior)
    both = np.stack([reference, best])
    models = tuple(one.model for one in wish.fits)
    gain, gains = _gain(wish, models, both), np.array([_gain(wish, m, both) for m in again])
    spread = np.percentile(gains, LEVEL) if len(gains) > 1 else None
    intervals, notes = None, []
    if len(optima) > 1:
        ends = np.percentile(optima, LEVEL, axis=0)
        intervals = {name: (float(a), float(b)) for name, a, b in zip(domains, *ends, strict=True)}
        open_ = [name for name, (a, b) in intervals.items() if b - a > 0.5]
        if open_:
            notes.append(f"undetermined shares (their interval is wider than 0.5): {', '.join(open_)}")
    blind = [one.target for one in wish.fits if one.blind(len(fit.runs))]
    if blind:
        notes.append(f"held-out runs are foretold no better than by chance: {', '.join(blind)}")
    beyond = [
        f"{name} {share:.1%} (runs had {low:.1%} to {high:.1%})"
        for name, share, low, high in zip(domains, best, fit.runs.mixtures.min(axis=0), fit.runs.mixtures.max(axis=0))
        if not low - 1e-6 <= share <= high + 1e-6
    ]
    if beyond:
        notes.append(f"beyond what was run, so a guess; run mixtures there, or cap it: {', '.join(beyond)}")
    determined = None if spread is None else bool(spread[0] > 0) and len(blind) < len(wish.fits)
    if determined is False and how != "worst":
        notes.append("undetermined: the runs do not show that this mixture is better than the reference")
    for one in wish.fits:
        notes += [f"{one.target}: {text}" for text in one.warnings]
    at_best = {one.target: float(one.model.predict(best[None])[0]) for one in wish.fits}
    return Optimum(
        Mixture(dict(zip(domains, best.tolist(), strict=True))),
        how,
        at_best,
        intervals,
        {name: (float(a), float(b)) for name, a, b in zip(domains, *near, strict=True)},
        gain,
        (float(spread[0]), float(spread[1])) if spread is not None else None,
        Mixture(dict(zip(domains, reference.tolist(), strict=True))),
        determined,
        gap,
        tuple(dict.fromkeys(notes)),
    )


def _gain(wish: _Wish, models: tuple[Predictor, ...], both: Floats) -> float:
    before, after = _objective(wish, models)(both)
    return float(before - after)
