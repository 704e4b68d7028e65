"""`macaronic mix pick`: the best mixture of a fit, under limits, with intervals."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from macaronic.cli import options
from macaronic.cli.mix import given
from macaronic.cli.show import emit, note


def pick(
    fit: Annotated[str, typer.Argument(metavar="FIT", help="What `fit --out` wrote.")],
    target: Annotated[
        list[str] | None, typer.Option("--target", "-t", help="TARGET=WEIGHT (up to 1); all alike when left out.")
    ] = None,
    prior: Annotated[
        list[str] | None, typer.Option("--prior", help="NAME=SHARE of the mixture to stay near; uniform.")
    ] = None,
    kl: Annotated[float, typer.Option("--kl", help="How strongly to stay near the prior, in units of loss.")] = 0.0,
    cap: given.Caps = None,
    floor: given.Floors = None,
    samples: Annotated[int | None, typer.Option("--samples", min=0, help="Resamples for the intervals.")] = None,
    worst: Annotated[bool, typer.Option("--worst", help="The worst mixture instead, as a check of the fit.")] = False,
    seed: options.Seed = 0,
    json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """The mixture with the lowest foretold loss, exact for laws, and how sure that is.

    [dim]$ macaronic mix pick fit.json --cap zh=0.2 --target hi=1 --target en=0.5[/dim]
    """
    import numpy as np

    from macaronic.core.mixture import Mixture
    from macaronic.mix import pick as picks
    from macaronic.mix.fitted import load
    from macaronic.report.table import write_table

    found = picks.pick(
        load(fit),
        targets=given.shares(target, "--target") or None,
        prior=Mixture(given.shares(prior, "--prior")) if prior else None,
        kl=kl,
        caps=given.shares(cap, "--cap"),
        floors=given.shares(floor, "--floor"),
        samples=samples,
        worst=worst,
        rng=np.random.default_rng(seed),
    )
    if json:
        emit(found.asdict())
        return
    ends = found.intervals or {}
    rows = [
        (name, share, *ends.get(name, (None, None)), *found.near[name]) for name, share in found.mixture.weights.items()
    ]
    write_table(("domain", "share", "low", "high", "near low", "near high"), rows, file=sys.stdout)
    gain = f" ({found.gain_interval[0]:.4g} to {found.gain_interval[1]:.4g})" if found.gain_interval else ""
    print(f"{found.how}; foretold gain over the reference {found.gain:.4g}{gain}")
    for line in found.notes:
        note(f"note: {line}", quiet=quiet)
