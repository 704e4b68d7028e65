"""`macaronic extract ablate`: do text labels help to find words, and words to find text labels?"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from macaronic.cli import options
from macaronic.cli.extract import given
from macaronic.cli.show import emit, note, note_problems, progress

if TYPE_CHECKING:
    from macaronic.extract.extractor import Extractor
    from macaronic.extract.record import Record


def ablate(
    records: Annotated[str, typer.Argument(help="Records to learn from, with text labels and words (JSON lines).")],
    test: Annotated[str, typer.Argument(help="Records to judge on.")],
    kind: Annotated[str, typer.Option("--kind", help="tag labels characters, generate writes answers.")] = "tag",
    preset: Annotated[str, typer.Option("--preset", help="Size of each model: 0.3m, 1m or 5m.")] = "1m",
    steps: Annotated[int, typer.Option("--steps", min=1, help="Of each of the four models.")] = 600,
    batch: Annotated[int, typer.Option("--batch", min=1, help="Records a step.")] = 32,
    samples: given.Samples = 1000,
    seed: options.Seed = 0,
    json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Train four models: each level alone, and with the right answers of the other level told. Compare in pairs.

    [dim]$ macaronic extract ablate train.jsonl test.jsonl --steps 600[/dim]
    """
    import numpy as np

    from macaronic.core.problems import Problems
    from macaronic.extract.ablate import ablate
    from macaronic.extract.fit import Fitting, trained
    from macaronic.report.table import write_table

    problems = Problems()
    told, judged = given.records_of(records, problems), given.records_of(test, problems, what="test records")
    known: Any = kind
    how = Fitting(known, size=preset, steps=steps, batch=batch, seed=seed)
    with progress("training", quiet=quiet) as advance:

        def taught(some: Sequence[Record]) -> Extractor:
            return trained(some, how, problems=problems, say=lambda at, n, loss: advance(at, n, f"loss {loss:.3f}"))

        found = ablate(told, judged, taught, samples=samples, rng=np.random.default_rng(seed))
    if json:
        emit({"effects": [effect.asdict() for effect in found], "steps": steps, "problems": problems.asdict()})
    else:
        rows = [(e.metric, e.level, e.alone, e.told, e.change, e.low, e.high, e.p, e.n) for e in found]
        header = ("metric", "part", "alone", "told", "change", "low", "high", "p", "n")
        write_table(header, rows, file=sys.stdout)
        note(f"alone / told: without and with the right answers of the other level; {steps:,} steps", quiet=quiet)
    note_problems(problems, quiet=quiet)
