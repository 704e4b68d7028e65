"""`macaronic train sentence-lid`: teach it sentence languages."""

from __future__ import annotations

from typing import Annotated

import typer

from macaronic.cli import options
from macaronic.cli.show import emit
from macaronic.cli.train.learned import Licence, Out, document, show


def sentence_lid(
    files: Annotated[list[str], typer.Argument(help="Rows with a text and its language, in any format.")],
    out: Out,
    label: Annotated[
        str | None, typer.Option("--label", help="The label or field that holds the language; found when left out.")
    ] = None,
    test: Annotated[
        str | None, typer.Option("--test", help="Rows to judge on; a fifth is held out when left out.")
    ] = None,
    folds: Annotated[int, typer.Option("--folds", min=0, help="Judge by cross-validation.")] = 0,
    group: Annotated[str | None, typer.Option("--group", help="A label or field that no two folds share.")] = None,
    format: options.Format = None,
    licence: Licence = "",
    seed: options.Seed = 1,
    json: options.Json = False,
    strict: options.Strict = False,
    quiet: options.Quiet = False,
) -> None:
    """Train a sentence-level language identifier, also for languages that share a script.

    [dim]$ macaronic train sentence-lid sentences.tsv --label language --out indian-lid
    $ macaronic identify FILE --sentence --model indian-lid[/dim]
    """
    from macaronic.identify.sentence_training import train

    report = train(
        files,
        out=out,
        label=label,
        test=test,
        fold_count=folds,
        group=group,
        format=format,
        licence=licence,
        seed=seed,
        strict=strict,
    )
    document(report, licence)
    if json:
        emit(report.asdict())
        return
    show(report, quiet)
