"""Methods that first run proxies: small models on many mixtures, or one a language; what they read is paid for."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from macaronic.mix.choose import around, reach
from macaronic.mix.contest.learner import beginner
from macaronic.mix.contest.trial import Spent, Trial
from macaronic.mix.design import free
from macaronic.mix.fit import fit
from macaronic.mix.mixmin import minimise
from macaronic.mix.pick import pick
from macaronic.mix.runs import Runs

Floats = NDArray[np.float64]

_WIDE = (1.0, 4.0)  # strengths of the draws all over, as in `choose`
_NEAR = (12.0,)  # and of those around the best guess
_CANDIDATES, _TOP = 4_000, 16
_PIECE = 20  # symbols of a piece of text that MixMin weighs


def fitted(trial: Trial, method: str) -> Spent:
    """One round of proxies all over, a fit of each language's loss, and the mixture that it prefers.

    Args:
        trial: the world and the budget.
        method: of `mix.fit.fit`.

    Raises:
        MissingExtra: the method needs LightGBM, which is not installed.

    >>> from macaronic.mix.contest.trial import Terms, trial
    >>> spent = fitted(trial(0, budget=3e5, terms=Terms(proxies=12)), "law")
    >>> round(float(spent.read.sum())), len(spent.fit.runs)
    (270000, 12)
    """
    rng = trial.rng("swarm")
    mixtures = around(trial.even, _WIDE, trial.terms.proxies, free(len(trial.even)), rng)
    done = fit(run(trial, mixtures, rng), method=method, folds=5 if method == "auto" else 0, seed=trial.seed)
    best = pick(done, samples=0, count=_CANDIDATES, top=_TOP, rng=trial.rng("candidates"))
    return Spent(_left(trial) * best.mixture.aligned(trial.world.names), done)


def two_rounds(trial: Trial) -> Spent:
    """What `macaronic mix choose` does: two fifths of the proxies all over, the others around the first guess."""
    rng = trial.rng("two rounds")
    first = max(5, trial.terms.proxies * 2 // 5)
    wide = run(trial, around(trial.even, _WIDE, first, free(len(trial.even)), rng), rng)
    guess = pick(fit(wide, method="law", folds=0), samples=0, rng=rng).mixture.aligned(trial.world.names)
    second = max(5, trial.terms.proxies - first)
    near = run(trial, around(guess, _NEAR, second, free(len(guess)), rng), rng)
    done = fit(near, method="law", folds=0)
    floors, caps = reach(near)
    best = pick(done, floors=floors, caps=caps, samples=0, rng=rng).mixture
    return Spent(_left(trial) * best.aligned(trial.world.names), done)


def mixmin(trial: Trial) -> Spent:
    """One model a language, and the weights under which they predict held-out text of the languages that count best."""
    world, m = trial.world, len(trial.even)
    each = trial.terms.spend * trial.budget / m - trial.held.cost
    rng = trial.rng("mixmin")
    small, size = world.scaled(each / trial.budget), max(1, trial.held.symbols // _PIECE)
    pieces = np.concatenate([rng.multinomial(_PIECE, row, size) for row in trial.held.pairs])
    columns = []
    for alone in np.eye(m):
        learner = beginner(small, rng)
        learner.study(each * alone)
        columns.append(-(pieces @ learner.surprise()))
    found = minimise(world.names, np.stack(columns, axis=1), np.full(len(pieces), float(_PIECE)))
    return Spent(_left(trial) * found.mixture.aligned(world.names))


def run(trial: Trial, mixtures: Floats, rng: np.random.Generator) -> Runs:
    """A proxy for each mixture: each reads its part of what may be spent, less the test at its end.

    The texts are cut down as the proxies are, so that a proxy repeats a language as often as the final model would.

    Args:
        trial: the world and the budget.
        mixtures: shape (n, m).
        rng: the texts that a proxy comes across.
    """
    each = trial.terms.spend * trial.budget / trial.terms.proxies - trial.held.cost
    small, losses = trial.world.scaled(each / trial.budget), []
    for shares in mixtures:
        learner = beginner(small, rng)
        learner.study(each * shares)
        losses.append(learner.tested(trial.held.pairs))
    ids = tuple(str(i) for i in range(len(mixtures)))
    return Runs(mixtures, np.array(losses), trial.world.names, trial.held.names, ids)


def _left(trial: Trial) -> float:
    return (1 - trial.terms.spend) * trial.budget
