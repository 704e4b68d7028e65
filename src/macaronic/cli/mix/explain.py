"""`macaronic mix explain`: why this mixture, in words and numbers with intervals."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from macaronic.cli import options
from macaronic.cli.mix import given
from macaronic.cli.show import emit, note

if TYPE_CHECKING:
    from collections.abc import Sequence

    from macaronic.mix.explain import Explanation
    from macaronic.mix.fitted import Fit
    from macaronic.mix.whatif import Prediction


def explain(
    fit: Annotated[
        str, typer.Argument(metavar="FIT|FOLDER", help="What `fit --out` wrote, or the folder of `choose`.")
    ],
    target: Annotated[
        list[str] | None, typer.Option("--target", "-t", help="TARGET, or TARGET=WEIGHT; all alike when left out.")
    ] = None,
    what_if: Annotated[
        list[str] | None, typer.Option("--what-if", help="A mixture such as en=0.4,hi=0.6 to foretell the losses of.")
    ] = None,
    cap: given.Caps = None,
    floor: given.Floors = None,
    samples: Annotated[int, typer.Option("--samples", min=0, help="Resamples for the intervals.")] = 50,
    report: given.Report = None,
    seed: options.Seed = 0,
    json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """What each source does to each target, which limits bind, how flat the optimum is, and what if.

    [dim]$ macaronic mix explain choice
    $ macaronic mix explain fit.json --target hi --what-if en=0.4,hi=0.6[/dim]
    """
    import numpy as np

    from macaronic.mix import explain as explaining
    from macaronic.mix import fitted, whatif
    from macaronic.mix import pick as picking

    path, kept = _place(fit)
    found = fitted.load(path)
    caps = {**{n: c for n, c in kept.items() if c < 1}, **given.shares(cap, "--cap")}
    floors, targets = given.shares(floor, "--floor"), _targets(target)
    rng = np.random.default_rng(seed)
    best = picking.pick(found, targets=targets, caps=caps, floors=floors, samples=samples, rng=rng)
    told = explaining.explain(found, best, targets=targets, caps=caps, floors=floors, samples=samples, rng=rng)
    asked = [_mixture(text, found) for text in what_if or ()]
    foretold = [whatif.what_if(found, m, against=best.mixture, samples=samples, rng=rng) for m in asked]
    if targets:
        foretold = [tuple(p for p in group if p.target in targets) for group in foretold]
    named = list(zip(what_if or (), foretold))
    if json:
        emit({**told.asdict(), "what_if": [_as_json(text, group) for text, group in named]})
    else:
        _tell(told, named, quiet)
    if report:
        _write(report, told, found, named, f"macaronic mix explain {Path(fit).name}")


def _place(fit: str) -> tuple[Path, dict[str, float]]:
    """The fit's file, and the caps under which its mixture was chosen."""
    from json import loads

    place = Path(fit)
    if not place.is_dir():
        return place, {}
    try:
        caps = loads((place / "mixture.json").read_text("utf-8")).get("caps", {})
        return place / "fit.json", {str(name): float(share) for name, share in caps.items()}
    except (OSError, ValueError, AttributeError, TypeError):
        return place / "fit.json", {}


def _targets(target: Sequence[str] | None) -> dict[str, float] | None:
    if not target:
        return None
    return given.shares([t if "=" in t else f"{t}=1" for t in target], "--target")


def _mixture(text: str, found: Fit) -> Any:
    from macaronic.core.errors import UsageError
    from macaronic.core.mixture import Mixture

    shares = given.shares(text.split(","), "--what-if")
    mixture = Mixture(shares)
    mixture.aligned(found.domains)
    if abs(sum(shares.values()) - 1) > 0.02:
        raise UsageError(f"expected shares that sum to 1 in --what-if {text}; they sum to {sum(shares.values()):.4g}")
    return mixture


def _as_json(text: str, group: Sequence[Prediction]) -> dict[str, Any]:
    from dataclasses import asdict

    return {"mixture": text, "losses": [asdict(p) for p in group]}


def _tell(told: Explanation, named: Sequence[tuple[str, Sequence[Prediction]]], quiet: bool) -> None:
    from macaronic.report.table import write_table

    best = told.optimum
    ends = best.intervals or {}
    rows: list[tuple[object, ...]] = [
        (name, share, *ends.get(name, (None, None)), *best.near[name], told.binds.get(name, ""))
        for name, share in best.mixture.weights.items()
    ]
    write_table(("domain", "share", "low", "high", "near low", "near high", "held at"), rows, file=sys.stdout)
    rows = [
        (e.target, e.domain, e.change, e.low, e.high, "" if e.clear else "undetermined", e.slope, e.importance)
        for e in told.effects
    ]
    header = ("target", "domain", "+1 point", "low", "high", "", "slope", "importance")
    write_table(header, rows, file=sys.stdout)
    for text, group in named:
        rows = [(p.target, p.loss, p.low, p.high, p.change, p.change_low, p.change_high) for p in group]
        print(f"what if {text}: loss foretold, and its change from the best mixture")
        write_table(("target", "loss", "low", "high", "change", "low", "high"), rows, file=sys.stdout)
        if any(p.outside for p in group):
            note(f"note: {text} lies outside the runs: an extrapolation", quiet=quiet)
    for line in told.said:
        print(line)
    for line in best.notes:
        note(f"note: {line}", quiet=quiet)


def _write(
    path: str, told: Explanation, found: Fit, named: Sequence[tuple[str, Sequence[Prediction]]], command: str
) -> None:
    from macaronic.core.files import write_text
    from macaronic.mix.explain_page import page
    from macaronic.report.mix_report import render

    write_text(path, render(page(told, found, named, command)))
