"""How much of each source: proxies in two rounds, a fit, its optimum under limits, and a check with fresh seeds."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from macaronic.core.bootstrap import interval
from macaronic.core.mixture import Mixture
from macaronic.core.protocols import Executor
from macaronic.mix.fit import fit
from macaronic.mix.fitted import Fit
from macaronic.mix.limits import Limits, limits
from macaronic.mix.pick import Optimum, pick
from macaronic.mix.proxy import Proxy
from macaronic.mix.runs import Runs
from macaronic.mix.sweep import Job, Outcome, sweep, table
from macaronic.mix.texts import Texts

Floats = NDArray[np.float64]
Say = Callable[[str, int, int], None]

_STRENGTHS = (1.0, 4.0)  # of the first round's Dirichlet draws, in sources
_NEAR = 12.0  # of the second round's
_CHECKS = 1_000_000  # seeds from here on are for checks alone
_SAMPLES = 100


@dataclass(frozen=True, slots=True)
class Check:
    """A mixture run after the choice, with seeds that nothing was fitted to.

    Args:
        name: `chosen`, `uniform` or `proportional`.
        mixture: its shares.
        loss: mean over targets and seeds.
        behind: mean loss above the chosen mixture's, seed by seed.
        low: lower end of its bootstrap interval over seeds; None with one seed.
        high: upper end.
        seeds: how many.
    """

    name: str
    mixture: Mixture
    loss: float
    behind: float
    low: float | None
    high: float | None
    seeds: int


@dataclass(frozen=True, eq=False)
class Choice:
    """The answer and what it rests on.

    Args:
        optimum: the mixture, with intervals.
        fit: of the second round, with its held-out scores.
        runs: of both rounds.
        checks: the chosen mixture beside others.
        caps: the most that each source could have.
        natural: each source's share of all there is.
        epochs: how often each source's text is seen under the chosen mixture.
        notes: what a person should know.
    """

    optimum: Optimum
    fit: Fit
    runs: Runs
    checks: tuple[Check, ...]
    caps: Mapping[str, float]
    natural: Mixture
    epochs: Mapping[str, float]
    notes: tuple[str, ...]


def choose(
    texts: Texts,
    proxy: Proxy,
    *,
    budget: float,
    kept: Path,
    engine: Executor,
    sizes: Mapping[str, float] | None = None,
    proxies: int = 200,
    caps: Mapping[str, float] | None = None,
    floors: Mapping[str, float] | None = None,
    max_epochs: float = 4.0,
    method: str = "law",
    targets: Mapping[str, float] | None = None,
    checks: int = 12,
    seed: int = 0,
    say: Say | None = None,
) -> Choice:
    """Run proxies on mixtures all over, then around the best guess; fit the second round; take its optimum; check it.

    A mixing law bends away from the truth where a source nearly vanishes, so the first round only finds the
    neighbourhood and the second, around it, is what is fitted. No share leaves the range that the second round tried.
    Every proxy has a seed of its own, so that the choice does not hang on one draw of the texts.

    Args:
        texts: the sources and targets.
        proxy: how a mixture is judged.
        budget: symbols that a proxy learns from (or units, as `sizes`); the caps follow from it.
        kept: folder of the proxies' results.
        engine: of `core.executor.executor`.
        sizes: how much each source holds, where the proxy's weights count other units than symbols.
        proxies: how many in both rounds, at least 20.
        caps: the largest share of some sources.
        floors: the smallest share of some sources.
        max_epochs: how often a source may be repeated, above 0.
        method: of `mix.fit.fit`.
        targets: target -> how much it counts; all alike when left out.
        checks: seeds that the chosen, the uniform and the proportional mixture are run with.
        seed: what every random choice depends on.
        say: gets the stage, how much is done, of how much.

    Raises:
        UsageError: limits that no mixture meets, or proxies that all fail.
    """
    names = texts.names
    held = {name: float(len(texts.train[name].symbols)) for name in names} if sizes is None else sizes
    most = {n: min(1.0, max_epochs * held[n] / budget, (caps or {}).get(n, 1.0)) for n in names}
    allowed = limits(names, caps={**(caps or {}), **most}, floors=floors)
    rng = np.random.default_rng([seed, 7])
    first = max(10, proxies * 2 // 5)
    wide = around(np.full(len(names), 1 / len(names)), _STRENGTHS, first, allowed, rng)
    told = _told(say)
    early = table(sweep(proxy, _jobs(names, wide, seed), kept=kept, engine=engine, say=told("first round")))
    guess = pick(fit(early, method=method, seed=seed), caps=most, floors=floors, targets=targets, samples=0, rng=rng)
    near = around(guess.mixture.aligned(names), (_NEAR,), max(10, proxies - first), allowed, rng)
    jobs = _jobs(names, near, seed + first)
    late = table(sweep(proxy, jobs, kept=kept, engine=engine, say=told("second round")))
    found = fit(late, method=method, seed=seed)
    often = _SAMPLES if method == "law" else None
    low, high = reach(late)
    low = {n: max(low[n], (floors or {}).get(n, 0.0)) for n in names}
    high = {n: max(low[n], min(high[n], most[n])) for n in names}
    best = pick(found, caps=high, floors=low, targets=targets, samples=often, rng=rng)
    natural = Mixture({name: held[name] for name in names})
    plain = {"uniform": np.full(len(names), 1 / len(names)), "proportional": natural.array}
    beside = {name: Mixture(dict(zip(names, allowed.nearest(p).tolist()))) for name, p in plain.items()}
    outcomes = _checked(
        proxy,
        {"chosen": best.mixture, **beside},
        checks,
        targets,
        kept=kept,
        engine=engine,
        say=told("checks"),
        seed=seed,
    )
    epochs = {n: best.mixture.weights[n] * budget / held[n] for n in names}
    runs = _both(early, late)
    notes = tuple(dict.fromkeys((*early.notes, *late.notes, *best.notes)))
    return Choice(best, found, runs, outcomes, most, natural, epochs, notes)


def _told(say: Say | None) -> Callable[[str], Callable[[int, int], None] | None]:
    def stage(name: str) -> Callable[[int, int], None] | None:
        return (lambda done, total: say(name, done, total)) if say else None

    return stage


def around(centre: Floats, strengths: Sequence[float], count: int, allowed: Limits, rng: np.random.Generator) -> Floats:
    """Dirichlet draws around a mixture, each source kept above a sixth of an even share where limits let it.

    Args:
        centre: the mixture, shape (m,).
        strengths: of the draws, in sources, in turn; low gives corners, high stays near.
        count: how many.
        allowed: floors and caps.
        rng: the draws.

    Returns:
        mixtures, shape (count, m).

    >>> from macaronic.mix.design import free
    >>> around(np.array([0.5, 0.5]), (4.0,), 3, free(2), np.random.default_rng(0)).shape
    (3, 2)
    """
    m = len(centre)
    least = 1 / (6 * m)
    drawn = [rng.dirichlet(np.maximum(centre, 1e-3) * m * strengths[i % len(strengths)]) for i in range(count)]
    raised = least + (1 - least * m) * np.array(drawn)
    inside = allowed.allows(raised)
    return np.array([row if ok else allowed.nearest(row) for row, ok in zip(raised, inside)])


def reach(runs: Runs) -> tuple[dict[str, float], dict[str, float]]:
    """Floors and caps within which every share was tried, so that a fit of these runs is not asked about others.

    Laws fitted to noisy runs that lie close together say anything about mixtures that lie far away.

    >>> reach(Runs(np.array([[0.2, 0.8], [0.3, 0.7]]), np.zeros((2, 0)), ("hi", "en"), (), ("0", "1")))
    ({'hi': 0.2, 'en': 0.7}, {'hi': 0.3, 'en': 0.8})
    """
    ends = runs.mixtures.min(axis=0), runs.mixtures.max(axis=0)
    low, high = (dict(zip(runs.domains, row.tolist())) for row in ends)
    return low, high


def _jobs(names: Sequence[str], mixtures: Floats, seed: int) -> list[Job]:
    return [Job(tuple(zip(names, row)), seed + i) for i, row in enumerate(mixtures.tolist())]


def _checked(
    proxy: Proxy,
    mixtures: Mapping[str, Mixture],
    seeds: int,
    targets: Mapping[str, float] | None,
    *,
    kept: Path,
    engine: Executor,
    say: Callable[[int, int], None] | None,
    seed: int,
) -> tuple[Check, ...]:
    """Each mixture with the same fresh seeds."""
    jobs = [
        Job(tuple(mixture.weights.items()), _CHECKS + seed + i) for mixture in mixtures.values() for i in range(seeds)
    ]
    done = [_mean(outcome, targets) for outcome in sweep(proxy, jobs, kept=kept, engine=engine, say=say)]
    losses = np.array(done).reshape(len(mixtures), seeds)
    out = []
    for (name, mixture), row in zip(mixtures.items(), losses):
        behind = row - losses[0]
        good = behind[np.isfinite(behind)]
        ends = interval(good, rng=np.random.default_rng(seed)) if name != "chosen" else None
        low, high = ends or (None, None)
        out.append(Check(name, mixture, float(np.nanmean(row)), float(good.mean()), low, high, len(good)))
    return tuple(out)


def _mean(outcome: Outcome, targets: Mapping[str, float] | None) -> float:
    """The loss over all targets, each as much as it counts."""
    if outcome.failed:
        return float("nan")
    weights = [1.0 if targets is None else targets.get(name, 0.0) for name in outcome.losses]
    return float(np.average(list(outcome.losses.values()), weights=weights))


def _both(early: Runs, late: Runs) -> Runs:
    ids = tuple(str(i) for i in range(len(early) + len(late)))
    mixtures, losses = np.vstack([early.mixtures, late.mixtures]), np.vstack([early.losses, late.losses])
    return Runs(mixtures, losses, early.domains, early.targets, ids, notes=(*early.notes, *late.notes))
