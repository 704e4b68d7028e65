"""`macaronic mix scale`: from runs of small models to the losses of a larger one that trains for longer."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from macaronic.cli import options
from macaronic.cli.show import emit, note, note_problems

if TYPE_CHECKING:
    from macaronic.mix.ladder import Ladder
    from macaronic.mix.nested import Foretold

Table = Annotated[str, typer.Argument(metavar="RUNS.csv", help="Columns: size, tokens or step, shares, losses.")]
Size = Annotated[str | None, typer.Option("--to-size", help="Parameters, such as 1e9 or 1B; the largest run's.")]
Tokens = Annotated[str | None, typer.Option("--to-tokens", help="Such as 1e11 or 100B; the most that was run.")]
PerStep = Annotated[str | None, typer.Option("--tokens-per-step", help="What a step of the column `step` reads.")]
Domains = Annotated[str | None, typer.Option("--domains", help="Columns of shares, such as hi,en; found if left out.")]


def scale(
    table: Table,
    out: Annotated[str, typer.Option("--out", "-o", help="Folder for the predicted tables.")],
    to_size: Size = None,
    to_tokens: Tokens = None,
    tokens_per_step: PerStep = None,
    domains: Domains = None,
    samples: Annotated[int, typer.Option("--samples", min=0, help="Resamples for the intervals.")] = 100,
    strict: options.Strict = False,
    seed: options.Seed = 0,
    json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Foretell each mixture's losses at a larger size and after more text, for `fit` and `pick`.

    [dim]$ macaronic mix scale runs.csv --to-size 1B --to-tokens 100B --out large
    $ macaronic mix fit --mixtures large/mixtures.csv --losses large/losses.csv --method law --out fit.json[/dim]
    """
    import numpy as np

    from macaronic.core.problems import Problems
    from macaronic.mix.ladder import read
    from macaronic.mix.nested import foretell

    problems = Problems(strict)
    columns = [name.strip() for name in domains.split(",") if name.strip()] if domains else None
    rungs = _in_tokens(read(table, domains=columns, problems=problems), to_tokens, tokens_per_step)
    note_problems(problems, quiet=quiet)
    for line in rungs.notes:
        note(f"note: {line}", quiet=quiet)
    size, amount = _number(to_size, "--to-size"), _number(to_tokens, "--to-tokens")
    found = foretell(rungs, size=size, amount=amount, samples=samples, rng=np.random.default_rng(seed))
    told = _summary(rungs, found, size, amount)
    _write(found, told, Path(out))
    if json:
        emit(told)
        return
    _tell(found, out, quiet)


def _number(text: str | None, option: str) -> float | None:
    from macaronic.core.errors import UsageError
    from macaronic.mix.ladder import number

    if text is None:
        return None
    value = number(text)
    if not 0 < value < float("inf"):
        raise UsageError(f"expected {option} with a number above 0, such as 1e9 or 1B; got {text!r}")
    return value


def _in_tokens(rungs: Ladder, wanted: str | None, per_step: str | None) -> Ladder:
    """The ladder with steps turned to tokens where that was asked."""
    from dataclasses import replace

    from macaronic.core.errors import UsageError

    factor = _number(per_step, "--tokens-per-step")
    if rungs.unit == "tokens" and factor is not None:
        raise UsageError("the table has a column tokens; --tokens-per-step is for one with a column step")
    if rungs.unit == "steps" and factor is None and wanted is not None:
        raise UsageError("the table counts steps, not tokens; say how much a step reads: --tokens-per-step 1048576")
    return replace(rungs, amounts=rungs.amounts * factor, unit="tokens") if factor is not None else rungs


def _summary(rungs: Ladder, found: Foretold, size: float | None, amount: float | None) -> dict[str, object]:
    import math

    def plain(value: float) -> float | None:
        return value if math.isfinite(value) else None

    return {
        "size": size or float(rungs.sizes.max()),
        rungs.unit: amount or float(rungs.amounts.max()),
        "mixtures": len(found.runs),
        "looks": len(rungs),
        "exponents": {name: {"steps": plain(a), "sizes": plain(b)} for name, (a, b) in found.exponents.items()},
        "notes": [*rungs.notes, *found.notes],
    }


def _write(found: Foretold, told: dict[str, object], folder: Path) -> None:
    """Tables for `fit`, the intervals, and what the laws were."""
    import csv
    import io
    import json

    from macaronic.core.files import write_text
    from macaronic.mix import runs

    runs.write(found.runs, folder / "mixtures.csv", folder / "losses.csv")
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("index", "target", "loss", "low", "high"))
    for i, name in enumerate(found.runs.ids):
        for j, target in enumerate(found.runs.targets):
            ends = [repr(float(e[i, j])) if e[i, j] == e[i, j] else "" for e in (found.low, found.high)]
            writer.writerow((name, target, repr(float(found.runs.losses[i, j])), *ends))
    write_text(folder / "intervals.csv", text.getvalue())
    write_text(folder / "scale.json", json.dumps(told, ensure_ascii=False, indent=1, allow_nan=False) + "\n")


def _tell(found: Foretold, out: str, quiet: bool) -> None:
    import numpy as np

    from macaronic.report.table import write_table

    rows = []
    for j, name in enumerate(found.runs.targets):
        losses = found.runs.losses[:, j]
        best = int(np.argmin(losses))
        ends = [None if np.isnan(e[best, j]) else float(e[best, j]) for e in (found.low, found.high)]
        laws = [None if np.isnan(e) else e for e in found.exponents[name]]
        rows.append((name, float(losses[best]), *ends, float(losses.mean()), found.runs.ids[best], *laws))
    head = ("target", "least loss", "low", "high", "mean loss", "at mixture", "exponent: text", "size")
    write_table(head, rows, file=sys.stdout)
    for line in found.notes:
        note(f"note: {line}", quiet=quiet)
    print(f"{len(found.runs)} mixtures in {out}. Next:")
    print(
        f"macaronic mix fit --mixtures {out}/mixtures.csv --losses {out}/losses.csv --method law --out {out}/fit.json"
    )
