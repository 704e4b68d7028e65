"""From finished runs to a regressor for each target, chosen by held-out folds and by nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from macaronic.core.errors import MissingExtra, UnknownName, UsageError
from macaronic.core.executor import Serial
from macaronic.core.protocols import Executor
from macaronic.mix.fitted import Fit, TargetFit
from macaronic.mix.gaussian import fit_process
from macaronic.mix.laws import fit_law
from macaronic.mix.residual import fit_law_and_trees
from macaronic.mix.runs import Runs
from macaronic.mix.trees import fit_trees, lightgbm
from macaronic.mix.validate import Fitter, Predictor, Score, held_out, score

Floats = NDArray[np.float64]
FITTERS: Mapping[str, Fitter] = {"law": fit_law, "gbm": fit_trees, "gp": fit_process, "law+gbm": fit_law_and_trees}
METHODS = ("auto", *FITTERS)
FEWEST = 5


@dataclass(frozen=True, eq=False)
class Task:
    """One target to fit.

    Args:
        target: its name.
        methods: the regressors to choose from.
        mixtures: shape (n, m).
        losses: shape (n,).
        folds: how many folds judge them; below 2: none, and the first method is taken.
        seed: of the folds.
    """

    target: str
    methods: tuple[str, ...]
    mixtures: Floats
    losses: Floats
    folds: int
    seed: int


def fit(
    runs: Runs,
    *,
    method: str = "auto",
    own: Fitter | None = None,
    folds: int = 5,
    seed: int = 0,
    executor: Executor | None = None,
) -> Fit:
    """Fit a regressor for each target.

    `auto` tries a mixing law, boosted trees, a Gaussian process and a law with trees on its residuals, and takes for
    each target the one with the best held-out predictions. No run that judges a regressor was used to fit it or to
    stop it. Without LightGBM the law and the process are tried, and that is said.

    Args:
        runs: at least five finished runs.
        method: one of `METHODS`.
        own: a function of the user's own in place of `method`: (mixtures, losses) -> an object with `predict`.
        folds: how many folds; below 2 nothing is judged, which `auto` cannot do.
        seed: of the folds.
        executor: where targets are fitted; in this process when left out.

    Raises:
        UsageError: too few runs, no targets, or `auto` without folds.
        UnknownName: no such method.
        MissingExtra: the method needs LightGBM, which is not installed.

    >>> p = np.random.default_rng(1).dirichlet(np.ones(2), 20)
    >>> done = fit(Runs(p, 1 + np.exp(-p), ("hi", "en"), ("hi", "en"), tuple("abcdefghijklmnopqrst")), method="law")
    >>> done.fits[0].method, round(done.fits[0].cv["law"].spearman, 3)
    ('law', 1.0)
    """
    if method not in METHODS:
        raise UnknownName("method", method, METHODS)
    if not runs.targets or len(runs) < FEWEST:
        raise UsageError(f"a fit needs a target and at least {FEWEST} runs; got {len(runs.targets)} and {len(runs)}")
    folds = min(folds, len(runs))
    if method == "auto" and folds < 2 and own is None:
        raise UsageError("method 'auto' chooses by folds; got folds < 2. Name a method, or use 5 folds.")
    if own is not None:
        return Fit(runs, tuple(_own(runs, name, own, folds, seed) for name in runs.targets))
    methods, notes = _available(method)
    tasks = [Task(name, methods, runs.mixtures, runs.target(name), folds, seed) for name in runs.targets]
    done = (executor or Serial()).map(fit_target, tasks, key=None)
    return Fit(runs, tuple(replace(one, warnings=(*one.warnings, *notes)) for one in done))


def fit_target(task: Task) -> TargetFit:
    """Judge, choose and fit for one target."""
    cv: dict[str, Score] = {}
    usable: list[str] = []
    for name in task.methods:
        if task.folds < 2:
            usable.append(name)
            continue
        rng = np.random.default_rng(task.seed)
        predicted = held_out(FITTERS[name], task.mixtures, task.losses, k=task.folds, rng=rng)
        if np.isfinite(predicted).all():
            cv[name] = score(predicted, task.losses)
            usable.append(name)
    order = sorted(usable, key=lambda name: _worth(cv.get(name))) or list(task.methods)
    model, chosen = _first_sound(order, task)
    warnings = [*getattr(model, "warnings", ())]
    if np.ptp(task.losses) == 0:
        warnings.append("the losses do not vary: nothing to learn")
    return TargetFit(task.target, chosen, model, cv, tuple(dict.fromkeys(warnings)))


def judged(fit: Fit, test: Runs) -> dict[str, Score]:
    """How well a fit predicts runs that it has not seen, by target.

    Args:
        fit: the fit.
        test: runs with the same domains, in any order; targets that only one of the two has are left out.

    Raises:
        UnknownName: a domain that only one of the two has.
        UsageError: no target in common.
    """
    test = test.aligned(fit.domains)
    shared = [name for name in fit.targets if name in test.targets]
    if not shared:
        raise UsageError(f"no target in common: {', '.join(fit.targets)} against {', '.join(test.targets)}")
    return {name: score(fit.of(name).model.predict(test.mixtures), test.target(name)) for name in shared}


def summary(fit: Fit, test: Runs | None = None) -> dict[str, Any]:
    """What a person wants to know of a fit, as JSON values: method and scores of each target, and what was told.

    `spearman` and `mse` are those on the test runs where there are some, and those of the held-out folds otherwise.
    """
    unseen = judged(fit, test) if test is not None else {}
    out = {}
    for one in fit.fits:
        cv = one.cv.get(one.method)
        shown = unseen.get(one.target, cv)
        out[one.target] = {
            "method": one.method,
            "spearman": shown.spearman if shown else None,
            "mse": shown.mse if shown else None,
            "cv_spearman": cv.spearman if cv else None,
            "cv_mse": cv.mse if cv else None,
            "tried": {name: s.spearman for name, s in one.cv.items()},
            "warnings": list(one.warnings),
        }
    return {"targets": out, "runs": len(fit.runs), "notes": list(fit.runs.notes)}


def _available(method: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The regressors to try, and what must be told of those that cannot be."""
    if method != "auto":
        if "gbm" in method:
            lightgbm()
        return (method,), ()
    try:
        lightgbm()
    except MissingExtra as error:
        return ("law", "gp"), (f"boosted trees were not tried: {str(error).splitlines()[0]}",)
    return tuple(FITTERS), ()


def _worth(judgement: Score | None) -> tuple[bool, float]:
    """Sorts the best first: predictions that vary, then those whose ranks agree."""
    return (judgement.constant, -judgement.spearman) if judgement else (False, 0.0)


def _first_sound(order: Sequence[str], task: Task) -> tuple[Predictor, str]:
    """The first method whose fit on all runs does not give the same number everywhere."""
    fitted: list[tuple[Predictor, str]] = []
    for name in order:
        model = FITTERS[name](task.mixtures, task.losses)
        fitted.append((model, name))
        predicted = model.predict(task.mixtures[:64])
        if np.isfinite(predicted).all() and (np.ptp(predicted) > 0 or np.ptp(task.losses) == 0):
            break
    else:
        return fitted[0]
    return fitted[-1]


def _own(runs: Runs, target: str, own: Fitter, folds: int, seed: int) -> TargetFit:
    losses, cv = runs.target(target), {}
    if folds >= 2:
        predicted = held_out(own, runs.mixtures, losses, k=folds, rng=np.random.default_rng(seed))
        cv["own"] = score(predicted, losses)
    return TargetFit(target, "own", own(runs.mixtures, losses), cv)


def resampled(runs: Runs, *, samples: int, rng: np.random.Generator) -> Iterator[Runs]:
    """Bootstrap: the runs drawn with replacement, `samples` times."""
    for _ in range(samples):
        yield runs.rows(np.asarray(rng.integers(0, len(runs), len(runs)), dtype=np.intp))
