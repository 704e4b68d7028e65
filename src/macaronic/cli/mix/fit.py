"""`macaronic mix fit`: from tables of finished runs to a fit that says how well it foretells."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from macaronic.cli import options
from macaronic.cli.show import emit, note

if TYPE_CHECKING:
    from macaronic.mix.fitted import Fit
    from macaronic.mix.runs import Runs
    from macaronic.mix.validate import Fitter

METHODS = ("auto", "law", "gbm", "gp", "law+gbm", "compat-regmix")
Mixtures = Annotated[str, typer.Option("--mixtures", help="CSV: a column a domain, rows sum to 1.")]
Losses = Annotated[str, typer.Option("--losses", help="CSV: a column a target; joined by the column index.")]
Method = Annotated[str, typer.Option("--method", help=f"{', '.join(METHODS)}, or file.py:function.")]


def fit(
    mixtures: Mixtures,
    losses: Losses,
    test_mixtures: Annotated[str | None, typer.Option("--test-mixtures", help="Mixtures of runs to test on.")] = None,
    test_losses: Annotated[str | None, typer.Option("--test-losses", help="Losses of runs to test on.")] = None,
    method: Method = "auto",
    folds: Annotated[int, typer.Option("--folds", min=0, help="Folds of the cross-validation.")] = 5,
    out: Annotated[str | None, typer.Option("--out", "-o", help="Write the fit here, for `pick`.")] = None,
    allow_code: Annotated[bool, typer.Option("--allow-code", help="Run the function of --method file.py:fn.")] = False,
    seed: options.Seed = 0,
    json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Fit each target's loss to the mixtures, by the method that foretells held-out runs best.

    [dim]$ macaronic mix fit --mixtures mixtures.csv --losses losses.csv --out fit.json[/dim]
    """
    from macaronic.core.errors import UsageError
    from macaronic.mix import fit as fits
    from macaronic.mix import fitted, runs

    if (test_mixtures is None) != (test_losses is None):
        raise UsageError("--test-mixtures and --test-losses go together; only one was given")
    learnt = runs.read(mixtures, losses)
    test = runs.read(test_mixtures, test_losses) if test_mixtures else None
    for line in (*learnt.notes, *(test.notes if test else ())):
        note(f"note: {line}", quiet=quiet)
    own = _own(method, allow_code) if ":" in method else None
    if method == "compat-regmix":
        found, told = _compat(learnt, test)
    else:
        found = fits.fit(learnt, method="auto" if own else method, own=own, folds=folds, seed=seed)
        told = fits.summary(found, test)
    if out:
        fitted.save(found, out)
    if json:
        emit(told)
        return
    _tell(told["targets"], quiet)


def _tell(targets: dict[str, Any], quiet: bool) -> None:
    from macaronic.report.table import write_table

    rows = [(name, t["method"], t["spearman"], t["mse"], t["cv_spearman"]) for name, t in targets.items()]
    write_table(("target", "method", "spearman", "mse", "cv spearman"), rows, file=sys.stdout)
    for name, told in targets.items():
        for line in told["warnings"]:
            note(f"note: {name}: {line}", quiet=quiet)


def _own(method: str, allowed: bool) -> Fitter:
    """The function that `file.py:name` names; only run when that was allowed."""
    import importlib.util
    from pathlib import Path

    from macaronic.core.errors import InputError, UnknownName, UsageError

    path, _, name = method.rpartition(":")
    if not allowed:
        raise UsageError(f"--method {method} would run code in {path}; give --allow-code if you trust it")
    if not Path(path).is_file():
        raise InputError(f"cannot read {path}: no such file")
    spec = importlib.util.spec_from_file_location("own_method", path)
    if spec is None or spec.loader is None:
        raise UsageError(f"{path} is no Python file")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    found: Fitter | None = getattr(module, name, None)
    if not callable(found):
        raise UnknownName("function", name, [n for n in vars(module) if callable(getattr(module, n))], path)
    return found


def _compat(learnt: Runs, test: Runs | None) -> tuple[Fit, dict[str, Any]]:
    """The published protocol, which stops on the test runs: for comparison with published figures only."""
    from macaronic.core.errors import UsageError
    from macaronic.mix.compat import regmix
    from macaronic.mix.fitted import Fit, TargetFit

    if test is None:
        raise UsageError("compat-regmix stops on the test runs; give --test-mixtures and --test-losses")
    done = regmix(learnt, test)
    warning = "stopped early on the test runs, as published: not an honest figure"
    targets = {
        name: {
            "method": "compat-regmix",
            "spearman": score.spearman,
            "mse": score.mse,
            "cv_spearman": None,
            "warnings": [warning],
        }
        for name, (_, score) in done.items()
    }
    fits = tuple(TargetFit(name, "gbm", trees, {}, (warning,)) for name, (trees, _) in done.items())
    told = {"targets": targets, "runs": len(learnt), "notes": list(learnt.notes)}
    return Fit(learnt, fits), told
