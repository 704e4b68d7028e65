"""`macaronic eval sandbox`: what can shut a model's code in on this machine."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from macaronic.cli import options
from macaronic.cli.show import emit, note


def sandbox(
    check: Annotated[bool, typer.Option("--check", help="Try them (all that this verb does).")] = True,
    json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Try everything that can shut code in, with a probe that does what must be refused; ends with 3 where nothing can.

    [dim]$ macaronic eval sandbox --check[/dim]
    """
    from macaronic.evaluate.sandbox import mechanism
    from macaronic.report.table import write_table

    found = mechanism.available()
    if json:
        emit([{"name": one.name, "works": one.works, "why": one.why} for one in found])
    else:
        rows = [(one.name, "yes" if one.works else "no", one.why or mechanism.told(one.name)) for one in found]
        write_table(("mechanism", "works", "what holds, or why not"), rows, file=sys.stdout)
    note(f"code is run with: {mechanism.chosen()}", quiet=quiet)
