"""`macaronic annotate agree`: how far people agree, and where they do not."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from macaronic.cli import options
from macaronic.cli.annotate import given
from macaronic.cli.show import emit, note

if TYPE_CHECKING:
    from macaronic.annotate.compare import Disagreement


def agree(
    project: given.Project,
    layer: Annotated[str | None, typer.Option("--layer", help="Which labels; the first layer when left out.")] = None,
    disagreements: Annotated[
        bool, typer.Option("--disagreements", help="List the words that people labelled differently.")
    ] = False,
    open_only: Annotated[bool, typer.Option("--open", help="Only those that no adjudicator has decided.")] = False,
    samples: Annotated[
        int, typer.Option("--samples", min=0, help="Bootstrap resamples of sentences; 0: no intervals.")
    ] = 1000,
    seed: options.Seed = 0,
    json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Krippendorff's alpha, Fleiss' and Cohen's kappa over all words, of each label and each pair of people.

    [dim]$ macaronic annotate agree chat.annotate
    $ macaronic annotate agree chat.annotate --layer matrix --json
    $ macaronic annotate agree chat.annotate --disagreements --open[/dim]
    """
    import numpy as np

    from macaronic.annotate import compare
    from macaronic.annotate.settings import LABELLING
    from macaronic.annotate.store import Store
    from macaronic.annotate.work import work_of
    from macaronic.core.errors import UsageError
    from macaronic.measure.agreement_results import confusions, results

    with Store(project) as store:
        work = work_of(store)
    one = work.settings.layer_named(layer)
    people = work.by_role(*LABELLING)
    rated = compare.rated(work, one, people)
    if not rated.sentences:
        raise UsageError(
            "no item is accepted by two people yet, so there is nothing to compare.\n"
            "A project made with --overlap 2 gives each item to two."
        )
    found = results(rated, people, layer=one.name, rng=np.random.default_rng(seed), samples=samples, each=json)
    pieces = list(compare.disagreements(work, one, people, open_only=open_only))
    if json:
        row: dict[str, Any] = {"layer": one.name, "items": rated.sentences, "people": people}
        row |= {"results": [r.asdict() for r in found], "confusion": confusions(rated, people)}
        emit({**row, "disagreements": [piece.asdict() for piece in pieces] if disagreements else len(pieces)})
    elif disagreements:
        _list(pieces)
    else:
        _table(found, rated.sentences, pieces, quiet=quiet)


def _table(found: list[Any], items: int, pieces: list[Disagreement], *, quiet: bool) -> None:
    from macaronic.annotate.compare import confused
    from macaronic.report.table import write_table

    rows = [(r.name, r.level, r.value, r.low, r.high, r.n) for r in found]
    write_table(("measure", "of", "value", "low", "high", "units"), rows, file=sys.stdout)
    print(found[0].signature)
    print(f"{items:,} items by two people or more; {len(pieces):,} words labelled differently")
    for a, b, n in confused(pieces)[:5]:
        print(f"  {a} / {b}: {n}")
    note("see them: --disagreements", quiet=quiet or not pieces)


def _list(pieces: list[Disagreement]) -> None:
    from macaronic.report.table import write_table

    rows = [
        (
            p.id,
            p.start,
            p.end,
            p.text,
            ", ".join(f"{who}: {label or '-'}" for who, label in p.labels.items()),
            p.decided or "",
        )
        for p in pieces
    ]
    write_table(("item", "start", "end", "text", "labels", "decided"), rows, file=sys.stdout)
