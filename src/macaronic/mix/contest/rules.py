"""Methods that look at sizes or at a sample of text alone: nearly all of the budget is left for the model."""

from __future__ import annotations

import numpy as np

from macaronic.mix import static
from macaronic.mix.chameleon import chameleon
from macaronic.mix.contest.trial import Spent, Trial

TAU = 3.0
EPOCHS = 4.0
COOLED = 10.0  # at a temperature of 1 one language takes nearly everything


def stratified(trial: Trial) -> Spent:
    """The same share for every language.

    >>> from macaronic.mix.contest.trial import trial
    >>> stratified(trial(0, budget=3e5)).shares.round(3).tolist()[:2]
    [0.167, 0.167]
    """
    return Spent(trial.budget * trial.even)


def proportional(trial: Trial) -> Spent:
    """Shares as large as the texts are."""
    return Spent(trial.budget * static.proportional(trial.sizes()).array)


def temperature(trial: Trial) -> Spent:
    """Shares flattened with a temperature of 3."""
    return Spent(trial.budget * static.temperature(trial.sizes(), TAU).array)


def unimax(trial: Trial) -> Spent:
    """Even shares with no text read more than four times."""
    return Spent(trial.budget * static.unimax(trial.sizes(), trial.budget, max_epochs=EPOCHS).array)


def alike(trial: Trial) -> Spent:
    """Chameleon: languages that others resemble get more; each is known by how often it uses each context.

    It pays for the sample that it looks at.
    """
    symbols = trial.terms.held
    drawn = trial.rng("chameleon").multinomial(symbols, trial.world.pairs).astype(np.float64)
    sample = trial.world.by_context(drawn)
    rows = sample / np.linalg.norm(sample, axis=1, keepdims=True)
    shares = chameleon(dict(zip(trial.world.names, rows)), temperature=COOLED).aligned(trial.world.names)
    return Spent((trial.budget - symbols * len(rows)) * shares)
