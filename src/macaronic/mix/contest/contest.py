"""Hold a contest in made-up languages: every method, the same budgets and seeds, each seed a world of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from macaronic.core.errors import MissingExtra
from macaronic.core.executor import Serial
from macaronic.core.protocols import Executor
from macaronic.mix.contest.methods import FITS, PROXIES, entrant
from macaronic.mix.contest.rows import Contest, Row
from macaronic.mix.contest.trial import Spent, Terms, Trial, trial
from macaronic.mix.foretelling import unseen

Pairs = tuple[tuple[float, float], ...]


@dataclass(frozen=True, eq=False)
class Told:
    """What one trial gave: rows, the best shares, foretold and measured losses, and methods that could not run."""

    rows: tuple[Row, ...]
    optimum: dict[str, float]
    truth: dict[str, Pairs]
    missing: dict[str, str]
    gap: float


def hold(
    methods: Sequence[str],
    *,
    seeds: Sequence[int],
    budgets: Sequence[float],
    terms: Terms | None = None,
    engine: Executor | None = None,
    say: Callable[[int, int], None] | None = None,
) -> Contest:
    """Run every method at every budget on the world of every seed.

    A method whose package is not installed is left out, and that is said in the notes.

    Args:
        methods: of `methods.METHODS`.
        seeds: one world each; two or more for intervals and tests.
        budgets: symbols that may be read in all, tests and proxies included; the worlds are those of the largest.
        terms: what holds for every method.
        engine: where the trials run; in this process when left out.
        say: gets how many trials are done, of how many.

    Raises:
        UsageError: a budget too small for one proxy.
        UnknownName: no such method.

    >>> found = hold(("stratified", "mixmin"), seeds=(0, 1), budgets=(3e5,))
    >>> len(found.rows), bool(found.regrets("mixmin", 3e5).mean() < found.regrets("stratified", 3e5).mean())
    (4, True)
    """
    own, largest = terms or Terms(), max(budgets)
    for name in methods:
        entrant(name)
    jobs = [(seed, budget) for budget in sorted(budgets) for seed in seeds]
    for budget in budgets:
        if any(name in PROXIES for name in methods):
            trial(seeds[0], budget=budget, largest=largest, terms=own)
    work = partial(_hold_one, methods=tuple(methods), largest=largest, terms=own)
    told = []
    for done in (engine or Serial()).map(work, jobs, key=None):
        told.append(done)
        if say:
            say(len(told), len(jobs))
    first = told[jobs.index((seeds[0], largest))]
    return Contest(
        "synthetic",
        "symbols",
        tuple(row for one in told for row in one.rows),
        first.optimum,
        first.truth,
        _notes(told),
    )


def _notes(told: Sequence[Told]) -> tuple[str, ...]:
    missing = {name: why for one in told for name, why in one.missing.items()}
    notes = [f"{name} was left out: {' '.join(why.split())}" for name, why in missing.items()]
    worst = max(one.gap for one in told)
    notes.append(f"the optimum is exact: to first order no mixture is better by more than {worst:.1g} nats")
    return tuple(notes)


def _hold_one(job: tuple[int, float], *, methods: tuple[str, ...], largest: float, terms: Terms) -> Told:
    """All methods on one world with one budget."""
    seed, budget = job
    given = trial(seed, budget=budget, largest=largest, terms=terms, check=any(m in PROXIES for m in methods))
    best = given.world.best(budget)
    rows, truth, missing = [], {}, {}
    for name in methods:
        try:
            spent = entrant(name)(given)
        except MissingExtra as error:
            missing[name] = str(error)
            continue
        rows.append(_row(name, given, spent, best.loss))
        if budget == largest and name in FITS and name != "auto" and spent.fit is not None:
            truth[name] = _foretold(spent)
    optimum = dict(zip(given.world.names, best.shares.tolist()))
    return Told(tuple(rows), optimum, truth, missing, best.gap)


def _row(name: str, given: Trial, spent: Spent, best: float) -> Row:
    world, budget = given.world, given.budget
    loss = world.mean_loss(spent.read)
    free = world.mean_loss(budget * spent.shares) - best
    overhead = max(0.0, round(1 - float(spent.read.sum()) / budget, 9))
    shares = dict(zip(world.names, spent.shares.tolist()))
    return Row(name, given.seed, budget, loss, max(loss - best, 0.0), max(free, 0.0), overhead, shares)


def _foretold(spent: Spent) -> Pairs:
    """Mean losses of the proxies: foretold by fits that have not seen them, and measured."""
    if spent.fit is None:
        return ()
    points = np.mean([np.array(pairs) for pairs in unseen(spent.fit).values()], axis=0)
    return tuple((float(x), float(y)) for x, y in points)
