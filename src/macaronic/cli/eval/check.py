"""`macaronic eval check`: what is wrong with a file of released data."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from macaronic.cli import options
from macaronic.cli.show import emit, note


def check(
    benchmark: Annotated[str, typer.Argument(help="Of `macaronic eval ls`.")],
    files: Annotated[list[str], typer.Argument(help="Files of its data.")],
    json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """List the defects of released data; ends with 1 when there are any.

    [dim]$ macaronic eval check marco-mif zh_local.jsonl.gz es_local.jsonl.gz[/dim]
    """
    from macaronic.evaluate.benchmark import find
    from macaronic.evaluate.defects import defects
    from macaronic.report.table import write_table

    module = find(benchmark)
    told = {path: defects(module, path) for path in files}
    count = sum(len(found) for found, _ in told.values())
    if json:
        emit(
            [
                {"file": path, "rows": rows, "defects": [d.asdict() for d in found]}
                for path, (found, rows) in told.items()
            ]
        )
    elif count:
        rows = [(path, d.line, d.key, d.kind, d.what) for path, (found, _) in told.items() for d in found]
        write_table(("file", "line", "key", "kind", "what"), rows, file=sys.stdout)
    note(f"{count} defects in {sum(rows for _, rows in told.values()):,} rows of {len(files)} files", quiet=quiet)
    if count:
        raise typer.Exit(1)
