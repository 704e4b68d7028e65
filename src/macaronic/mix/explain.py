"""Why this mixture: what each domain does to each target, which limits bind, and how much the runs leave open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from macaronic.core.mixture import Mixture
from macaronic.mix.fit import FITTERS, resampled
from macaronic.mix.fitted import Fit, TargetFit
from macaronic.mix.laws import Law, fit_law
from macaronic.mix.pick import LEVEL, Optimum
from macaronic.mix.runs import Runs
from macaronic.mix.validate import Predictor

Floats = NDArray[np.float64]
POINT = 0.01
FLAT = 0.2
_SHUFFLES = 10


@dataclass(frozen=True, slots=True)
class Effect:
    """What one domain does to one target near a mixture.

    Args:
        target: whose loss.
        domain: whose share.
        change: foretold change of the loss when the domain gets one point (0.01) more, taken evenly from the others;
            negative is better.
        low: lower end of its interval (95 %, runs resampled).
        high: upper end.
        slope: of a mixing law, above the mean slope of the domains, in log-loss a share; None without a law.
        importance: how much worse the fit foretells the runs' losses when the domain's shares are shuffled among
            them, as a part of their variance.
    """

    target: str
    domain: str
    change: float
    low: float
    high: float
    slope: float | None
    importance: float

    @property
    def clear(self) -> bool:
        """Whether the interval lies on one side of zero."""
        return self.low > 0 or self.high < 0


@dataclass(frozen=True, eq=False)
class Explanation:
    """An optimum, explained.

    Args:
        optimum: the mixture with its intervals.
        effects: of every domain on every target, and on all of them together (target `all`).
        binds: domain -> the limit that holds it: `cap` or `floor`.
        said: the same in sentences.
    """

    optimum: Optimum
    effects: tuple[Effect, ...]
    binds: Mapping[str, str]
    said: tuple[str, ...]

    def asdict(self) -> dict[str, Any]:
        """JSON values."""
        effects = [asdict(effect) for effect in self.effects]
        return {**self.optimum.asdict(), "effects": effects, "binds": dict(self.binds), "said": list(self.said)}


ALL = "all"


def explain(
    fit: Fit,
    optimum: Optimum,
    *,
    targets: Mapping[str, float] | None = None,
    caps: Mapping[str, float] | None = None,
    floors: Mapping[str, float] | None = None,
    samples: int = 50,
    rng: np.random.Generator,
) -> Explanation:
    """What the optimum of a fit rests on.

    Args:
        fit: from `mix.fit.fit`.
        optimum: from `mix.pick.pick` with the same targets, caps and floors.
        targets: target -> how much it counts; all alike when left out.
        caps: the largest share of some domains.
        floors: the smallest share of some domains.
        samples: how often the runs are resampled and fitted again; below 2 the intervals are the values themselves.
        rng: the resampling and the shuffles.

    Raises:
        UnknownName: a target that the fit lacks.

    >>> from macaronic.mix.fit import fit
    >>> from macaronic.mix.pick import pick
    >>> p = np.array([[x / 9, 1 - x / 9] for x in range(10)])
    >>> done = fit(Runs(p, 1 + np.exp(-2 * p[:, :1]), ("hi", "en"), ("hi",), tuple("abcdefghij")), method="law")
    >>> rng = np.random.default_rng(1)
    >>> found = explain(done, pick(done, caps={"hi": 0.6}, samples=5, rng=rng), caps={"hi": 0.6}, samples=5, rng=rng)
    >>> dict(found.binds), [e.domain for e in found.effects if e.target == "hi" and e.change < 0]
    ({'hi': 'cap'}, ['hi'])
    """
    wanted = {name: weight for name, weight in (targets or dict.fromkeys(fit.targets, 1.0)).items() if weight > 0}
    fits = [fit.of(name) for name in wanted]
    centre = optimum.mixture.aligned(fit.domains)
    moved = np.vstack([centre, shifted(centre)])
    drawn = list(resampled(fit.runs, samples=samples, rng=rng)) if samples > 1 else []
    values = [_changes(one.model, moved) for one in fits]
    again = [np.array([_changes(_refit(one, runs), moved) for runs in drawn] or [v]) for one, v in zip(fits, values)]
    share = np.array(list(wanted.values())) / sum(wanted.values())
    effects = []
    for one, value, spread in zip(fits, values, again):
        slopes = one.model.t - one.model.t.mean() if isinstance(one.model, Law) else None
        importance = _importance(one, fit.runs, rng)
        effects += _effects(one.target, fit.domains, value, spread, slopes, importance)
    if len(fits) > 1:
        whole, wholes = share @ np.stack(values), np.tensordot(share, np.stack(again), axes=1)
        weight = sum(s * np.array([e.importance for e in effects if e.target == f.target]) for s, f in zip(share, fits))
        effects += _effects(ALL, fit.domains, whole, wholes, None, np.asarray(weight))
    binds = _binding(optimum.mixture, caps or {}, floors or {})
    blind = {f.target: f.cv[f.method].spearman for f in fits if f.blind(len(fit.runs))}
    said = _said(optimum, tuple(effects), binds, blind, all(f.target in blind for f in fits))
    return Explanation(optimum, tuple(effects), binds, tuple(said))


def shifted(centre: Floats) -> Floats:
    """The mixture with one point more of each domain in turn, taken evenly from the others as far as they have it.

    >>> shifted(np.array([0.5, 0.5, 0.0])).round(3).tolist()
    [[0.51, 0.49, 0.0], [0.49, 0.51, 0.0], [0.495, 0.495, 0.01]]
    """
    out = []
    for j in range(len(centre)):
        row, left = centre.copy(), min(POINT, 1 - float(centre[j]))
        row[j] += left
        others = [i for i in range(len(centre)) if i != j and row[i] > 0]
        while left > 1e-15 and others:
            part = left / len(others)
            for i in others:
                taken = min(part, float(row[i]))
                row[i] -= taken
                left -= taken
            others = [i for i in others if row[i] > 1e-15]
        out.append(row)
    return np.array(out)


def _changes(model: Predictor, moved: Floats) -> Floats:
    losses = np.asarray(model.predict(moved), np.float64)
    return losses[1:] - losses[0]


def _refit(one: TargetFit, runs: Runs) -> Predictor:
    losses = runs.target(one.target)
    if isinstance(one.model, Law):
        return fit_law(runs.mixtures, losses, start=one.model)
    return FITTERS[one.method](runs.mixtures, losses) if one.method in FITTERS else one.model


def _importance(one: TargetFit, runs: Runs, rng: np.random.Generator) -> Floats:
    """Permutation importance of each domain; rows are brought back to a sum of one after the shuffle."""
    losses = runs.target(one.target)
    spread = float(losses.var()) or 1.0
    plain = float(np.mean((one.model.predict(runs.mixtures) - losses) ** 2))
    out = []
    for j in range(len(runs.domains)):
        worse = []
        for _ in range(_SHUFFLES):
            mixtures = runs.mixtures.copy()
            mixtures[:, j] = rng.permutation(mixtures[:, j])
            total = mixtures.sum(axis=1, keepdims=True)
            mixtures = np.where(total > 0, mixtures / np.maximum(total, 1e-12), runs.mixtures)
            worse.append(float(np.mean((one.model.predict(mixtures) - losses) ** 2)) - plain)
        out.append(max(0.0, float(np.mean(worse))) / spread)
    return np.array(out)


def _effects(
    target: str, domains: tuple[str, ...], value: Floats, spread: Floats, slopes: Floats | None, importance: Floats
) -> list[Effect]:
    low, high = np.percentile(spread, LEVEL, axis=0)
    ends = zip(value.tolist(), np.minimum(low, value).tolist(), np.maximum(high, value).tolist())
    told = [None] * len(domains) if slopes is None else slopes.tolist()
    return [
        Effect(target, name, v, a, b, slope, float(weight))
        for name, (v, a, b), slope, weight in zip(domains, ends, told, importance)
    ]


def _binding(mixture: Mixture, caps: Mapping[str, float], floors: Mapping[str, float]) -> dict[str, str]:
    at_cap = {n: "cap" for n, s in mixture.weights.items() if n in caps and caps[n] < 1 and s >= caps[n] - 1e-6}
    return {
        **at_cap,
        **{n: "floor" for n, s in mixture.weights.items() if floors.get(n, 0) > 0 and s <= floors[n] + 1e-6},
    }


def _said(
    optimum: Optimum, effects: tuple[Effect, ...], binds: Mapping[str, str], blind: Mapping[str, float], lost: bool
) -> list[str]:
    """The explanation in sentences, the answer first."""
    shares = ", ".join(f"{n} {s:.1%}" for n, s in sorted(optimum.mixture.weights.items(), key=lambda x: -x[1]))
    said = [f"The best mixture of this fit: {shares}."]
    between = f" ({optimum.gain_interval[0]:.4g} to {optimum.gain_interval[1]:.4g})" if optimum.gain_interval else ""
    sure = {True: "so it is better", False: "so it is undetermined whether it is better", None: "without an interval"}
    gain = f"{optimum.gain:.4g}{between}, {sure[False if lost else optimum.determined]}"
    said.append(f"Foretold gain over the even mixture within the limits: {gain}.")
    for name, rho in blind.items():
        said.append(
            f"Target {name}: held-out runs are foretold no better than by chance (rank correlation {rho:.2f}), so what "
            "is said of it is undetermined."
        )
    for name, limit in binds.items():
        said.append(f"{name} is held at its {limit}: {optimum.mixture.weights[name]:.1%}.")
    for target in dict.fromkeys(e.target for e in effects):
        own = [e for e in effects if e.target == target]
        said.append(_about(target, own))
    wide = [f"{n} {a:.1%} to {b:.1%}" for n, (a, b) in optimum.near.items() if b - a > FLAT]
    if wide:
        said.append(f"The optimum is flat: mixtures about as good have {', '.join(wide)}.")
    return said


def _about(target: str, effects: list[Effect]) -> str:
    name = "All targets together" if target == ALL else f"Target {target}"
    clear = sorted((e for e in effects if e.clear), key=lambda e: e.change)
    if not clear:
        return f"{name}: no domain's effect is told apart from none (undetermined)."
    good = [f"{e.domain} ({e.change:+.4g})" for e in clear if e.change < 0][:3]
    bad = [f"{e.domain} ({e.change:+.4g})" for e in reversed(clear) if e.change > 0][:3]
    parts = [f"one point more helps most from {', '.join(good)}"] if good else []
    parts += [f"costs most from {', '.join(bad)}"] if bad else []
    return f"{name}: {'; '.join(parts)}."
