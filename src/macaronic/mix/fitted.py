"""Fitted regressors as JSON, so that a fit can be kept, sent and opened without unpickling anything."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from macaronic.core.errors import FormatError, InputError, UnknownName
from macaronic.core.files import write_text
from macaronic.mix.gaussian import Process
from macaronic.mix.laws import Law
from macaronic.mix.residual import LawAndTrees
from macaronic.mix.runs import Runs
from macaronic.mix.trees import Trees, from_text
from macaronic.mix.validate import Predictor, Score

Floats = NDArray[np.float64]
VERSION = 1


@dataclass(frozen=True, eq=False)
class TargetFit:
    """What was fitted for one target.

    Args:
        target: its name.
        method: the regressor that was chosen.
        model: the regressor, fitted on all runs.
        cv: what held-out folds say of each method tried; empty without folds.
        warnings: what a person should know of this fit.
    """

    target: str
    method: str
    model: Predictor
    cv: Mapping[str, Score]
    warnings: tuple[str, ...] = ()

    def blind(self, runs: int) -> bool:
        """Whether held-out folds ranked this many runs no better than by chance; never without folds.

        Two standard errors of a rank correlation are what chance gives.
        """
        judged = self.cv.get(self.method)
        return judged is not None and runs > 1 and not judged.spearman > 2 / (runs - 1) ** 0.5


@dataclass(frozen=True, eq=False)
class Fit:
    """Regressors for all targets, and the runs they rest on.

    Args:
        runs: the runs.
        fits: one entry a target, in the order of `runs.targets`.
    """

    runs: Runs
    fits: tuple[TargetFit, ...]

    @property
    def domains(self) -> tuple[str, ...]:
        """The domains, in the order of the columns that `predict` takes."""
        return self.runs.domains

    @property
    def targets(self) -> tuple[str, ...]:
        """The targets, in the order of the columns that `predict` gives."""
        return tuple(one.target for one in self.fits)

    def predict(self, mixtures: Floats) -> Floats:
        """Losses of mixtures (n, m) on every target, shape (n, k)."""
        return np.column_stack([one.model.predict(mixtures) for one in self.fits])

    def of(self, target: str) -> TargetFit:
        """The fit of one target.

        Raises:
            UnknownName: no such target.
        """
        for one in self.fits:
            if one.target == target:
                return one
        raise UnknownName("target", target, self.targets)


def as_dict(model: Predictor) -> dict[str, Any]:
    """A regressor as JSON values.

    Raises:
        UnknownName: a regressor of the user's own, which cannot be kept.
    """
    match model:
        case Law():
            return {"kind": "law", "c": model.c, "t": model.t.tolist(), "warnings": list(model.warnings)}
        case Trees():
            return {"kind": "gbm", "text": model.text}
        case Process():
            return {
                "kind": "gp",
                "places": model.places.tolist(),
                "weights": model.weights.tolist(),
                "mean": model.mean,
                "length": model.length,
                "warnings": list(model.warnings),
            }
        case LawAndTrees():
            return {"kind": "law+gbm", "law": as_dict(model.law), "trees": as_dict(model.trees)}
    raise UnknownName("regressor that can be kept", type(model).__name__, ("law", "gbm", "gp", "law+gbm"))


def from_dict(stored: Mapping[str, Any]) -> Law | Trees | Process | LawAndTrees:
    """The regressor that `as_dict` wrote.

    >>> from_dict({"kind": "law", "c": 1.0, "t": [0.0, 0.0], "warnings": []}).predict(np.array([[0.5, 0.5]])).tolist()
    [2.0]
    """
    match stored["kind"]:
        case "law":
            return Law(float(stored["c"]), np.array(stored["t"], dtype=np.float64), tuple(stored["warnings"]))
        case "gbm":
            return from_text(str(stored["text"]))
        case "gp":
            places, weights = (np.array(stored[key], dtype=np.float64) for key in ("places", "weights"))
            return Process(places, weights, float(stored["mean"]), float(stored["length"]), tuple(stored["warnings"]))
        case "law+gbm":
            law, trees = from_dict(stored["law"]), from_dict(stored["trees"])
            if isinstance(law, Law) and isinstance(trees, Trees):
                return LawAndTrees(law, trees)
    raise UnknownName("kind of regressor", str(stored["kind"]), ("law", "gbm", "gp", "law+gbm"))


def save(fit: Fit, path: str | os.PathLike[str]) -> None:
    """Write a fit and its runs as one JSON file.

    Raises:
        UnknownName: a regressor of the user's own, which cannot be kept.
    """
    runs = fit.runs
    fits = [
        {
            "target": one.target,
            "method": one.method,
            "model": as_dict(one.model),
            "cv": {name: [s.spearman, s.mse, s.n, s.constant] for name, s in one.cv.items()},
            "warnings": list(one.warnings),
        }
        for one in fit.fits
    ]
    table = {
        "domains": runs.domains,
        "targets": runs.targets,
        "ids": runs.ids,
        "mixtures": runs.mixtures.tolist(),
        "losses": runs.losses.tolist(),
        "notes": runs.notes,
    }
    whole = {"what": "macaronic mix fit", "version": VERSION, "runs": table, "fits": fits}
    write_text(Path(path), json.dumps(whole, ensure_ascii=False) + "\n")


def load(path: str | os.PathLike[str]) -> Fit:
    """Open a fit that `save` wrote.

    Raises:
        InputError: the file cannot be read.
        FormatError: it holds no fit, or one of another version.
    """
    try:
        stored = json.loads(Path(path).read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"cannot read {path}: {error}") from error
    except ValueError as error:
        raise FormatError(
            f"expected a fit written by `macaronic mix fit --out`; got no JSON ({error})", str(path)
        ) from None
    try:
        if stored["version"] != VERSION:
            raise FormatError(f"expected a fit of version {VERSION}; got {stored['version']}", str(path))
        table = stored["runs"]
        names = [tuple(table[key]) for key in ("domains", "targets", "ids")]
        numbers = [np.array(table[key], dtype=np.float64) for key in ("mixtures", "losses")]
        runs = Runs(numbers[0], numbers[1], names[0], names[1], names[2], notes=tuple(table["notes"]))
        fits = tuple(
            TargetFit(
                one["target"],
                one["method"],
                from_dict(one["model"]),
                {name: Score(*values) for name, values in one["cv"].items()},
                tuple(one["warnings"]),
            )
            for one in stored["fits"]
        )
    except (KeyError, TypeError, ValueError) as error:
        raise FormatError(
            f"expected a fit written by `macaronic mix fit --out`; it lacks {error}", str(path)
        ) from error
    return Fit(runs, fits)
