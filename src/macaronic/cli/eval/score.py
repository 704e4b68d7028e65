"""`macaronic eval score`: the published metric, and ours where it differs, on a file of outputs."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from macaronic.cli import options
from macaronic.cli.show import emit, note, note_problems

if TYPE_CHECKING:
    from macaronic.core.result import Result
    from macaronic.evaluate.scored import Scored

FailUnder = Annotated[
    list[str] | None,
    typer.Option("--fail-under", metavar="METRIC=VALUE", help="End with 1 when a metric as a whole is worse; again."),
]


def score(
    benchmark: Annotated[str, typer.Argument(help="Of `macaronic eval ls`.")],
    outputs: Annotated[str, typer.Argument(help="The outputs, in the released form; - is standard input.")],
    examples: Annotated[
        str | None, typer.Option("--examples", help="The benchmark's own file, where outputs lack it.")
    ] = None,
    compat: Annotated[bool, typer.Option("--compat", help="Do as the authors' code does, faults included.")] = False,
    lid: Annotated[
        str | None, typer.Option("--lid", help="Language identifier: a fastText file; ours without.")
    ] = None,
    lemmatiser: Annotated[str | None, typer.Option("--lemmatiser", help="Word normaliser of the benchmark.")] = None,
    judge: Annotated[str | None, typer.Option("--judge", help="A judging model, such as openai:MODEL.")] = None,
    form: Annotated[str | None, typer.Option("--form", help="Which form the outputs have; guessed without.")] = None,
    language: Annotated[str | None, typer.Option("--language", "-l", help="What all outputs are to be in.")] = None,
    out: Annotated[
        str | None, typer.Option("--out", "-o", help="Keep every output's scores (JSONL), for compare.")
    ] = None,
    page: Annotated[str | None, typer.Option("--report", help="Write a page (HTML) to look at.")] = None,
    samples: Annotated[int, typer.Option("--samples", min=0, help="Bootstrap resamples; 0: no intervals.")] = 1000,
    fail_under: FailUnder = None,
    seed: options.Seed = 0,
    json: options.Json = False,
    strict: options.Strict = False,
    quiet: options.Quiet = False,
) -> None:
    """Score a file of outputs that anything made.

    [dim]$ macaronic eval score language-confusion outputs.csv
    $ macaronic eval score language-confusion outputs.csv --compat --lid lid.176.ftz --json[/dim]
    """
    from dataclasses import replace

    from macaronic.evaluate import judged
    from macaronic.evaluate.benchmark import Asked, check, find

    module = find(benchmark)
    asked = Asked(outputs, examples, compat, lid, lemmatiser, judge, form, language, samples, seed, strict)
    check(asked, module.BENCHMARK)
    limits = _limits(fail_under, [metric.name for metric in module.BENCHMARK.metrics])
    scored: Scored = module.score(asked)
    ours: Scored | None = module.score(replace(asked, compat=False)) if compat else None
    if out:
        judged.write(scored.judged, out, benchmark=benchmark)
    if page:
        from macaronic.cli.eval.page import page_of
        from macaronic.core.files import write_text

        write_text(page, page_of(module.BENCHMARK, scored, ours))
    if json:
        emit({**scored.asdict(), **({"ours": ours.asdict()} if ours else {})})
    else:
        show(scored, ours)
    note_problems(scored.problems, quiet=quiet)
    for text in scored.notes:
        note(f"note: {text}", quiet=quiet)
    low = _short(scored.results, limits, {m.name for m in module.BENCHMARK.metrics if m.better == "lower"})
    for text in low:
        note(text)
    if low:
        raise typer.Exit(1)


def show(scored: Scored, ours: Scored | None = None) -> None:
    """The table: metric, part, value and interval, how many, signature below; the authors' rules beside ours."""
    from macaronic.report.table import write_table

    header = ["metric", "part", "value", "low", "high", "n"]
    rows: list[list[object]] = [[r.name, r.level, r.value, r.low, r.high, r.n] for r in scored.results]
    if ours is not None:
        own = {(r.name, r.level): r for r in ours.results}
        header = ["metric", "part", "authors'", "low", "high", "n", "ours", "low", "high", "n"]
        for row, r in zip(rows, scored.results):
            held = own.get((r.name, r.level))
            row += [held.value, held.low, held.high, held.n] if held else [None] * 4
    write_table(header, rows, file=sys.stdout)
    for told in dict.fromkeys(r.signature for r in (*scored.results, *(ours.results if ours else ()))):
        print(told)


def _limits(said: list[str] | None, known: list[str]) -> dict[str, float]:
    from math import isfinite

    from macaronic.core.errors import UnknownName, UsageError

    limits = {}
    for text in said or []:
        name, _, value = text.partition("=")
        if name not in known:
            raise UnknownName("metric in --fail-under", name, known)
        try:
            limits[name] = float(value)
        except ValueError:
            limits[name] = float("nan")
        if not isfinite(limits[name]):
            raise UsageError(f"expected --fail-under METRIC=NUMBER, such as {known[0]}=0.9; got {text!r}")
    return limits


def _short(results: tuple[Result, ...], limits: dict[str, float], lower: set[str]) -> list[str]:
    """What does not reach its limit: below it, or above where lower is better; what is not scored does not reach it."""
    short = []
    for name, limit in limits.items():
        whole = _whole([result for result in results if result.name == name])
        short += [] if whole else [f"{name} is not scored here, so it does not reach {limit:g}"]
        for r in whole:
            if r.value is None or (r.value > limit if name in lower else r.value < limit):
                value = "not defined" if r.value is None else f"{r.value:.4f}"
                short.append(f"{name} {r.level} is {value}, {'above' if name in lower else 'below'} {limit:g}")
    return short


def _whole(results: list[Result]) -> list[Result]:
    """Over all outputs; else over each task or set, or each part, where a benchmark never puts them together."""
    whole = [r for r in results if r.level == "all"] or [r for r in results if "/" not in r.level]
    return whole or results
