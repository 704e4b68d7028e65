"""`macaronic eval ls`: the benchmarks, what they ask, where their data come from."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from macaronic.cli import options
from macaronic.cli.show import emit


def ls(
    name: Annotated[str | None, typer.Argument(help="One benchmark, told in full; all when left out.")] = None,
    json: options.Json = False,
) -> None:
    """List the benchmarks: task, languages, metrics, source of the data, licence.

    [dim]$ macaronic eval ls
    $ macaronic eval ls language-confusion[/dim]
    """
    from macaronic.evaluate import benchmark
    from macaronic.report.table import write_table

    if name is not None:
        told = benchmark.find(name).BENCHMARK.asdict()
        if json:
            emit(told)
        else:
            print(_whole(told))
        return
    found = [module.BENCHMARK for module in benchmark.modules()]
    if json:
        emit([one.asdict() for one in found])
        return
    rows = [
        (b.name, b.task, b.languages, " ".join(f"{m.name}{m.arrow}" for m in b.metrics), b.source, b.licence)
        for b in found
    ]
    write_table(("name", "task", "languages", "metrics", "source", "licence"), rows, file=sys.stdout)


def _whole(told: dict[str, object]) -> str:
    """Field by field, a line a value."""
    lines = []
    for name, value in told.items():
        parts = value if isinstance(value, list | tuple) else [value]
        shown = [
            f"{p['name']}: {p['about']} ({p['better']} is better)" if isinstance(p, dict) else str(p) for p in parts
        ]
        lines += [f"{name:10} {shown[0] if shown else '-'}", *(f"{'':10} {line}" for line in shown[1:])]
    return "\n".join(lines)
