"""Methods that steer while a model trains, on a learner that counts; every test and every run beside it is paid for.

The settings are those of the methods' own modules; where a rate has no default, one value holds for all worlds and is
said here. They were not sought by regret, but two were changed after regrets had been seen: how often ADO fits anew,
and the gradient that DoGE is given.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from macaronic.core.mixture import Mixture
from macaronic.mix.contest.learner import Learner, beginner
from macaronic.mix.contest.trial import Spent, Trial
from macaronic.mix.online import ado as ados
from macaronic.mix.online import aioli as aiolis
from macaronic.mix.online import doge as doges
from macaronic.mix.online import doremi as doremis
from macaronic.mix.online import odm as odms
from macaronic.mix.online import rb as rbs
from macaronic.mix.online import skillit as skills
from macaronic.mix.online import tikmix as tikmixes
from macaronic.mix.online.loop import Controller
from macaronic.mix.online.named import Gradients

Floats = NDArray[np.float64]
Look = Callable[[Learner, Floats], Any]

_AIOLI_RATE = 0.5
_PROBES = 2  # rounds of Aioli's probes before a move
_SKILLIT_RATE = 0.2
_SKILLIT_LOOKS = 10
_DOGE_RATE = 0.05
_DOGE_LOOKS = 20
_STAGES = 4  # of TiKMiX


def odm(trial: Trial) -> Spent:
    """A bandit on the training losses, which cost nothing more."""
    return _steered(trial, Controller(odms.start(trial.world.names), odms.step), _training_losses(trial))


def ado(trial: Trial) -> Spent:
    """Laws fitted to each language's training losses; fits begin after a quarter of the stretches.

    >>> from macaronic.mix.contest.trial import Terms, trial
    >>> given = trial(0, budget=3e5, terms=Terms(proxies=12, stretches=12))
    >>> round(float(ado(given).read.sum()))
    300000
    """
    n = trial.terms.stretches
    settings = ados.Settings(max(5, n // 4), max(1, n // 4), 1, 1, window=5, log_floor_least=-5.0)
    state = ados.start(trial.world.names, trial.sizes(), settings=settings)
    step = partial(ados.step, units=trial.budget / n)
    return _steered(trial, Controller(state, step), _training_losses(trial))


def rb(trial: Trial) -> Spent:
    """Balancing by the gradients of training, which cost nothing more; the rate is the number of languages."""
    names = trial.world.names
    step = partial(rbs.step, rate=float(len(names)), floor=0.05, scale=True)
    start = rbs.start(names, dict.fromkeys(trial.held.names, 1.0), dict.fromkeys(names, 1.0))
    return _steered(trial, Controller(start, step), lambda learner, seen: Gradients(_by_row(names, learner, seen)))


def skillit(trial: Trial) -> Spent:
    """A graph from one run a language, then shares by the losses that are left, looked at ten times."""
    names, m = trial.world.names, len(trial.even)
    each = trial.terms.spend * trial.budget / m - trial.held.cost
    small, rng = trial.world.scaled(each / trial.budget), trial.rng("graph")
    goal = trial.held.names
    before, after = _by_name(goal, beginner(small, rng).tested(trial.held.pairs)), {}
    for name, alone in zip(names, np.eye(m)):
        learner = beginner(small, rng)
        learner.study(each * alone)
        after[name] = _by_name(goal, learner.tested(trial.held.pairs))
    state = skills.start(names, skills.graph(before, after), targets=goal)
    step = partial(skills.step, rate=_SKILLIT_RATE)
    left = (1 - trial.terms.spend) * trial.budget
    return _steered(trial, Controller(state, step), _tests(trial), left, _SKILLIT_LOOKS, trial.held.cost)


def aioli(trial: Trial) -> Spent:
    """Short probes that lean on one language each, with a test after every one, until the budget is read."""
    m = len(trial.even)
    cycle = trial.budget / 5
    unit = max(cycle - (1 + _PROBES * m) * trial.held.cost, 1.0) / (100 + 4 * _PROBES * m)
    settings = aiolis.Settings(rounds=_PROBES, rate=_AIOLI_RATE)
    state = aiolis.start(trial.world.names, targets=trial.held.names, settings=settings)
    learner, order, left = beginner(trial.world, trial.rng("aioli")), trial.rng("order"), trial.budget
    while left > trial.held.cost:
        amount = min(unit * state.segment, left - trial.held.cost)
        learner.study(amount * state.mixture.aligned(trial.world.names))
        left -= amount + trial.held.cost
        state = aiolis.step(state, _by_name(trial.held.names, learner.tested(trial.held.pairs)), rng=order)
    return Spent(learner.read)


def doremi(trial: Trial) -> Spent:
    """A reference model on even shares, a second one with weights on its losses, and the mean of those weights."""
    names, m, n = trial.world.names, len(trial.even), trial.terms.stretches
    each = trial.terms.spend * trial.budget / 2
    small, rng = trial.world.scaled(each / trial.budget), trial.rng("doremi")
    reference, learner, state = beginner(small, rng), beginner(small, rng), doremis.start(names)
    reference.study(each * trial.even)
    for _ in range(n):
        batch = _batch(learner, each / n * trial.even)
        told = _known(names, learner.tested(batch))
        state = doremis.step(state, told, reference=_known(names, reference.tested(batch)))
        learner.counts = learner.counts + m * state.mixture.aligned(names) @ batch
    return Spent((1 - trial.terms.spend) * trial.budget * state.average.aligned(names))


def doge(trial: Trial) -> Spent:
    """A small model's gradients of training against that of the held-out text, and the mean of the weights."""
    names, n = trial.world.names, min(trial.terms.stretches, _DOGE_LOOKS)
    each = trial.terms.spend * trial.budget - n * trial.held.cost
    learner, state = beginner(trial.world.scaled(trial.terms.spend), trial.rng("doge")), doges.start(names)
    for _ in range(n):
        batch = _batch(learner, each / n * state.mixture.aligned(names))
        towards = learner.gradients(trial.held.pairs).mean(axis=0)
        seen = Gradients(_by_row(names, learner, batch), towards)
        state = doges.step(state, seen, learning_rate=_DOGE_RATE)
        learner.counts = learner.counts + batch.sum(axis=0)
    return Spent((1 - trial.terms.spend) * trial.budget * state.average.aligned(names))


def tikmix(trial: Trial) -> Spent:
    """Influence of each language on each held-out text, measured anew in each of four stages (variant D)."""
    names = trial.world.names
    learner, mixture = beginner(trial.world, trial.rng("tikmix")), Mixture(dict.fromkeys(names, 1.0))
    stage = trial.budget / _STAGES - trial.held.cost
    for last in range(1, _STAGES + 1):
        seen = learner.study(stage * mixture.aligned(names))
        if last == _STAGES:
            break
        domains = dict(zip(names, learner.gradients(seen)))
        tasks = dict(zip(trial.held.names, learner.gradients(trial.held.pairs)))
        mixture = tikmixes.direct(tikmixes.influences(domains, tasks), mixture)
    learner.study(trial.held.cost * mixture.aligned(names))
    return Spent(learner.read)


def _steered(
    trial: Trial,
    controller: Controller[Any, Any],
    look: Look,
    budget: float | None = None,
    stretches: int | None = None,
    cost: float = 0.0,
) -> Spent:
    """Train in even stretches; after each but the last, look (which may cost symbols) and take the next mixture."""
    whole, n = budget or trial.budget, stretches or trial.terms.stretches
    amount = (whole - (n - 1) * cost) / n
    learner = beginner(trial.world, trial.rng("steered"))
    for t in range(n):
        shares = controller.mixture.aligned(trial.world.names)
        batch = _batch(learner, amount * shares)
        seen = look(learner, batch) if not cost else None
        learner.counts = learner.counts + batch.sum(axis=0)
        if t < n - 1:
            controller = controller.after(seen if not cost else look(learner, batch))
    return Spent(learner.read)


def _batch(learner: Learner, amounts: Floats) -> Floats:
    """Text that is read but not yet learnt, shape (m, c): its loss is that of the model before the step."""
    return learner.study(amounts, np.zeros(len(amounts)))


def _training_losses(trial: Trial) -> Look:
    return lambda learner, batch: _known(trial.world.names, learner.tested(batch))


def _tests(trial: Trial) -> Look:
    return lambda learner, batch: _by_name(trial.held.names, learner.tested(trial.held.pairs))


def _by_row(names: tuple[str, ...], learner: Learner, batch: Floats) -> dict[str, Floats]:
    return dict(zip(names, learner.gradients(batch)))


def _by_name(names: tuple[str, ...], losses: Floats) -> dict[str, float]:
    return dict(zip(names, losses.tolist()))


def _known(names: tuple[str, ...], losses: Floats) -> dict[str, float]:
    """Losses of the languages that came up in a batch."""
    return {name: loss for name, loss in zip(names, losses.tolist()) if np.isfinite(loss)}
