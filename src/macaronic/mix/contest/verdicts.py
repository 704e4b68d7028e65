"""Which methods are better than even shares, and how far each is from the best one, tested seed by seed."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from macaronic.core.bootstrap import interval
from macaronic.core.paired import holm, sign_flip
from macaronic.mix.contest.methods import BASELINE
from macaronic.mix.contest.rows import Contest

ALPHA = 0.05


@dataclass(frozen=True, slots=True)
class Verdict:
    """A method over all seeds at one budget.

    Args:
        method: its name.
        regret: mean over the seeds.
        low: lower end of its bootstrap interval (95 %); None with one seed.
        high: upper end.
        mixture_regret: mean regret if what it spent beside the model were free; None where that is not known.
        overhead: mean share of the budget that the final model did not read.
        against: mean regret minus that of even shares, seed by seed; below 0 is better.
        p: of that, by sign flips, corrected (Holm) over the methods; None for the baseline and with one seed.
        behind: mean regret minus that of the best method.
        p_best: of that, corrected in the same way; None for the best.
        beats: `baseline`, or `yes` or `worse` than even shares where p is below 0.05, otherwise `no`.
        seeds: how many.
    """

    method: str
    regret: float
    low: float | None
    high: float | None
    mixture_regret: float | None
    overhead: float
    against: float
    p: float | None
    behind: float
    p_best: float | None
    beats: str
    seeds: int

    def asdict(self) -> dict[str, Any]:
        """The fields as JSON values."""
        return asdict(self)


def verdicts(contest: Contest, budget: float | None = None) -> tuple[Verdict, ...]:
    """A verdict a method at one budget, the lowest regret first.

    Args:
        contest: with the baseline among its methods.
        budget: the largest when left out.

    >>> from macaronic.mix.contest.rows import Row
    >>> means = {"stratified": 1.0, "law": 0.5}
    >>> rows = [Row(m, s, 1.0, r + s, r + s, None, 0.0, {}) for m, r in means.items() for s in range(6)]
    >>> [(v.method, v.beats, v.p) for v in verdicts(Contest("w", "symbols", tuple(rows)))]
    [('law', 'yes', 0.03125), ('stratified', 'baseline', None)]
    """
    at = budget if budget is not None else contest.budgets[-1]
    regrets = {name: contest.regrets(name, at) for name in contest.methods}
    ranked = sorted(regrets, key=lambda name: (float(regrets[name].mean()), name))
    even = _tested(regrets, BASELINE)
    best = _tested(regrets, ranked[0])
    return tuple(_verdict(contest, name, at, regrets, even, best, ranked[0]) for name in ranked)


def _tested(regrets: dict[str, np.ndarray[Any, np.dtype[np.float64]]], other: str) -> dict[str, float | None]:
    """Corrected p of each method against another one."""
    names = [name for name in regrets if name != other]
    if len(regrets[other]) < 2:
        return dict.fromkeys(regrets)
    ps = [sign_flip(regrets[name] - regrets[other], rng=np.random.default_rng(0)) for name in names]
    return {**dict(zip(names, holm(ps))), other: None}


def _verdict(
    contest: Contest,
    name: str,
    at: float,
    regrets: dict[str, np.ndarray[Any, np.dtype[np.float64]]],
    even: dict[str, float | None],
    best: dict[str, float | None],
    first: str,
) -> Verdict:
    own, rows = regrets[name], contest.of(name, at)
    ends = interval(own, rng=np.random.default_rng(0))
    free = [row.mixture_regret for row in rows if row.mixture_regret is not None]
    against = float((own - regrets[BASELINE]).mean())
    p = even[name]
    sure = p is not None and p < ALPHA
    return Verdict(
        name,
        float(own.mean()),
        ends[0] if ends else None,
        ends[1] if ends else None,
        float(np.mean(free)) if free else None,
        float(np.mean([row.overhead for row in rows])),
        against,
        p,
        float((own - regrets[first]).mean()),
        best[name],
        "baseline" if name == BASELINE else "no" if not sure else "yes" if against < 0 else "worse",
        len(own),
    )


def reachable(seeds: int, methods: int) -> bool:
    """Whether so few seeds can give a p below 0.05 at all, with the correction for so many methods.

    >>> reachable(5, 2), reachable(10, 20), reachable(8, 20)
    (False, True, False)
    """
    return max(methods - 1, 1) * 2 / 2**seeds < ALPHA
