"""`macaronic eval compare`: two models on the same examples; a gate for continuous integration."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from macaronic.cli import options
from macaronic.cli.show import emit, note, note_problems

if TYPE_CHECKING:
    from macaronic.evaluate.compare import Change
    from macaronic.evaluate.judged import Judged

Power = Annotated[
    float | None, typer.Option("--power", metavar="CHANGE", help="How many examples would show a change of this size.")
]


def compare(
    base: Annotated[str, typer.Argument(help="The old model's scored outputs (eval score --out); repeats by commas.")],
    new: Annotated[str, typer.Argument(help="The new model's; repeats by commas.")],
    metric: Annotated[list[str] | None, typer.Option("--metric", help="Only this metric; again for more.")] = None,
    gate: Annotated[
        str | None, typer.Option("--gate", help="What is allowed (TOML); exit code 1 when it fails.")
    ] = None,
    missing: Annotated[
        Literal["wrong", "leave"], typer.Option("--missing", help="Examples that the new model did not answer.")
    ] = "wrong",
    power: Power = None,
    junit: Annotated[str | None, typer.Option("--junit", help="Write JUnit XML.")] = None,
    markdown: Annotated[str | None, typer.Option("--markdown", help="Write a Markdown table.")] = None,
    samples: Annotated[int, typer.Option("--samples", min=1, help="Bootstrap resamples.")] = 1000,
    seed: options.Seed = 0,
    json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Compare two models output by output: change in each language, interval, corrected p, and a gate.

    [dim]$ macaronic eval score language-confusion old.csv --out old.jsonl
    $ macaronic eval score language-confusion new.csv --out new.jsonl
    $ macaronic eval compare old.jsonl new.jsonl --gate gate.toml --junit junit.xml[/dim]
    """
    import numpy as np

    from macaronic.core.files import write_text
    from macaronic.evaluate import compare as comparing
    from macaronic.evaluate import gate as gates

    rules = gates.load(gate) if gate else gates.Gate()
    old_runs, new_runs = _read(base, quiet=quiet), _read(new, quiet=quiet)
    changes = comparing.compare(
        old_runs,
        new_runs,
        names=metric,
        lower=_lower(old_runs, new_runs),
        missing=missing,
        samples=samples,
        rng=np.random.default_rng(seed),
    )
    verdicts = gates.judge(changes, rules)
    needed = _needed(changes, power, rules.alpha) if power is not None else None
    if junit:
        write_text(junit, gates.junit(verdicts))
    if markdown:
        write_text(markdown, gates.markdown(verdicts))
    failed = [verdict for verdict in verdicts if not verdict.passed]
    extra = _ids(new_runs) - _ids(old_runs)
    if extra:
        note(f"note: {len(extra)} examples are only in the new outputs; they are left out", quiet=quiet)
    if json:
        told = [{**v.change.asdict(), "passed": v.passed, "why": v.why} for v in verdicts]
        emit({"changes": told, "passed": not failed, **({"needed": needed} if needed is not None else {})})
    else:
        _show(changes, needed)
    for verdict in failed:
        note(f"{verdict.change.metric} {verdict.change.language}: {verdict.why}", quiet=quiet)
    if gate and failed:
        raise typer.Exit(1)


def _read(paths: str, *, quiet: bool) -> list[list[Judged]]:
    from macaronic.core.errors import UsageError
    from macaronic.core.problems import Problems
    from macaronic.evaluate import judged

    problems = Problems()
    names = [path for path in paths.split(",") if path]
    if not names:
        raise UsageError(f"expected a file of scored outputs, or several parted by commas; got {paths!r}")
    found = [judged.read(path, problems) for path in names]
    note_problems(problems, quiet=quiet)
    return found


def _lower(base: list[list[Judged]], new: list[list[Judged]]) -> set[str]:
    """The metrics where lower is better, as the benchmark says that the outputs were scored by.

    Raises:
        UsageError: they are of different benchmarks.
    """
    from macaronic.core.errors import UsageError
    from macaronic.evaluate.benchmark import find

    said = sorted({one.benchmark for runs in (base, new) for run in runs for one in run if one.benchmark})
    if len(said) > 1:
        raise UsageError(f"expected outputs scored by one benchmark; got {' and '.join(said)}")
    return {metric.name for metric in find(said[0]).BENCHMARK.metrics if metric.better == "lower"} if said else set()


def _ids(runs: list[list[Judged]]) -> set[str]:
    return {one.id for run in runs for one in run}


def _needed(changes: list[Change], size: float, alpha: float) -> dict[str, int | None]:
    """Metric and language -> how many examples show a change of this size; None where nothing varies."""
    from macaronic.evaluate.compare import examples_needed

    return {
        f"{c.metric} {c.language}": examples_needed(c.spread, size, alpha=alpha, tests=len(changes))
        if c.spread
        else None
        for c in changes
    }


def _show(changes: list[Change], needed: dict[str, int | None] | None) -> None:
    from macaronic.report.table import write_table

    header = ["metric", "language", "base", "new", "change", "low", "high", "p", "p (Holm)", "n", "missing"]
    header += ["needed"] if needed is not None else []
    rows = []
    for c in changes:
        row = [c.metric, c.language, c.base, c.new, c.change, c.low, c.high, c.p, c.adjusted, c.n, c.missing]
        rows.append([*row, *([needed[f"{c.metric} {c.language}"]] if needed is not None else [])])
    write_table(header, rows, file=sys.stdout)
    print(changes[0].signature)
