"""`macaronic mix propose`: the next mixtures to run."""

from __future__ import annotations

import sys
from typing import Annotated, Literal

import typer

from macaronic.cli import options
from macaronic.cli.mix import given
from macaronic.cli.show import note

Design = Annotated[Literal["swarm", "sobol", "vertices"], typer.Option("--design", help="How mixtures are spread.")]


def propose(
    sizes: Annotated[
        list[str] | None, typer.Argument(metavar="NAME=SIZE...", help="How much there is of each source.")
    ] = None,
    given_runs: Annotated[
        tuple[str, str] | None, typer.Option("--given", metavar="M.csv L.csv", help="Runs that are finished.")
    ] = None,
    count: Annotated[int, typer.Option("--count", "-n", min=1, help="How many mixtures.")] = 16,
    design: Design = "swarm",
    cap: given.Caps = None,
    floor: given.Floors = None,
    out: Annotated[str | None, typer.Option("--out", "-o", help="Write the CSV here instead of stdout.")] = None,
    seed: options.Seed = 0,
    quiet: options.Quiet = False,
) -> None:
    """Mixtures to train proxies on: a first batch from the sizes, or the next one given the runs so far.

    [dim]$ macaronic mix propose hi=3e9 en=9e9 ta=4e8 --count 64 --out mixtures.csv
    $ macaronic mix propose --given mixtures.csv losses.csv --count 8[/dim]
    """
    import numpy as np

    from macaronic.core.errors import UsageError
    from macaronic.core.mixture import Mixture
    from macaronic.mix import design as designs
    from macaronic.mix import runs
    from macaronic.mix.limits import limits

    told = runs.read(*given_runs) if given_runs else None
    if told is None and not sizes:
        raise UsageError("expected the sources' sizes (hi=3e9 en=9e9), or --given MIXTURES LOSSES")
    for line in told.notes if told else ():
        note(f"note: {line}", quiet=quiet)
    prior = Mixture(_sizes(sizes) if sizes else dict.fromkeys(told.domains if told else (), 1.0))
    allowed = limits(prior.names, caps=given.shares(cap, "--cap"), floors=given.shares(floor, "--floor"))
    if told is not None:
        told = told.aligned(prior.names)
    rng = np.random.default_rng(seed)
    table = designs.propose(prior, count, given=told, design=design, allowed=allowed, rng=rng)
    if out:
        runs.write(table, out)
    else:
        from macaronic.report.table import write_table

        rows = [(name, *row) for name, row in zip(table.ids, table.mixtures.tolist())]
        if sys.stdout.isatty():
            write_table(("index", *table.domains), rows, file=sys.stdout)
        else:
            sys.stdout.write(",".join(("index", *table.domains)) + "\n")
            sys.stdout.writelines(",".join(map(str, row)) + "\n" for row in rows)


def _sizes(pairs: list[str]) -> dict[str, float]:
    from macaronic.core.errors import UsageError

    found = {}
    for pair in pairs:
        name, _, number = pair.rpartition("=")
        try:
            size = float(number)
        except ValueError:
            size = -1.0
        if not name or not size >= 0:
            raise UsageError(f"expected NAME=SIZE with a number that is not negative, such as hi=3e9; got {pair!r}")
        found[name] = size
    return found
