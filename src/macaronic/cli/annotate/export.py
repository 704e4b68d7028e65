"""`macaronic annotate export`: what people labelled, as a file."""

from __future__ import annotations

from typing import Annotated

import typer

from macaronic.cli import options
from macaronic.cli.annotate import given
from macaronic.cli.show import emit, note


def export(
    project: given.Project,
    out: Annotated[
        str, typer.Option("--out", "-o", help="The file to write (.jsonl, .conllu, .conll, .parquet, ...).")
    ],
    format: Annotated[
        str | None,
        typer.Option(
            "--format",
            help="jsonl, json, conllu, conll, lince, inline, parquet, arrow, label-studio or (pairs) re-enactment.",
        ),
    ] = None,
    who: Annotated[str | None, typer.Option("--who", help="Only what this person labelled.")] = None,
    each: Annotated[
        bool, typer.Option("--each", help="A row for each person and item instead of one answer an item.")
    ] = False,
    unfinished: Annotated[
        bool, typer.Option("--unfinished", help="Also items that nobody has accepted, as they were read.")
    ] = False,
    proposed: Annotated[
        bool, typer.Option("--proposed", help="Those with the tagger's labels, to be put right elsewhere.")
    ] = False,
    pseudonymous: Annotated[bool, typer.Option("--pseudonymous", help="Other names for the people.")] = False,
    json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Write the labels: the adjudicator's, or those of most people; empty where there is no majority.

    [dim]$ macaronic annotate export chat.annotate -o chat.conllu
    $ macaronic annotate export chat.annotate -o mine.conll --proposed
    $ macaronic annotate export chat.annotate -o all.jsonl --each --pseudonymous
    $ macaronic annotate export chat.annotate -o tasks.json --format label-studio
    $ macaronic annotate export pairs.annotate -o judged.csv --format re-enactment[/dim]
    """
    from macaronic.annotate import reenactment
    from macaronic.annotate.export import Choice, export
    from macaronic.annotate.store import Store
    from macaronic.annotate.work import work_of

    with Store(project) as store:
        work = work_of(store)
    if format == reenactment.TEMPLATE:
        pairs = reenactment.export(work, out)
        if json:
            emit({"out": out, "rows": pairs})
        else:
            print(f"wrote {pairs:,} pairs to {out}")
        return
    done = export(work, out, Choice(format, who, each, unfinished, proposed, pseudonymous))
    ways = ", ".join(f"{n:,} {way}" for way, n in done.ways.items())
    if json:
        emit({"out": out, "rows": done.rows, "ways": dict(done.ways), "undecided": done.undecided})
    else:
        print(f"wrote {done.rows:,} rows to {out} ({ways})")
    if done.undecided:
        note(
            f"note: {done.undecided:,} labels have no majority and are empty; an adjudicator decides them", quiet=quiet
        )
